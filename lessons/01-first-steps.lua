-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "First steps: one neuron, many neurons" {
  topic = "tensors, one neuron, a layer as a matrix",
  minutes = 20,
  rows = {1},
}

-- A number that was typed is right, and yet no answer: gradus is to compute it.
local function not_by_hand(say)
  return function(answer)
    return answer.source:gsub("^%s*%a+%s*=", ""):find("%a") ~= nil, say
  end
end

local function plain(v)
  return tensor.is_tensor(v) and v:numel() == 1 and v:item() or v
end

text [[
  What does a neuron compute? And how do a thousand of them fit into one line? You type a
  line, press Enter, and the lesson answers. Nothing can break: a wrong answer leaves
  everything as it was.
]]

ask "Begin with something small: let gradus work out how many hours a year of 365 days has. `*` is times." {
  name = "hours",
  solution = "24 * 365",
  check = that(function(answer)
    if answer.value ~= 8760 then return false, "A day has 24 hours, and there are 365 of them.", answer.value end
    return answer.source:find("%*") ~= nil or answer.source:find("mul") ~= nil, "The number is right. Type it as a product, so that gradus works it out."
  end),
  hints = {"The hours of a day, a star, the days of a year; then Enter."},
  mistakes = {{"24 + 365", "That adds them. A star, `*`, multiplies."}},
  after = [[
    When you are stuck, `:hint` helps, and `:skip` shows the answer and goes on. `:quit` leaves;
    the lesson remembers the place.
  ]],
}

text [[
  A *tensor* is a box of numbers with a shape. Here are four measurements of a flower, in
  centimetres. A line beginning with | has been run for you: `x` is now there.
]]

code [[
  x = tensor{5.1, 3.5, 1.4, 0.2}
]]

ask [[
  What a tensor can do is called a *method*: a colon, the name, two brackets. Type `x:sum()`
  to add the four numbers up.
]] {
  name = "method",
  solution = "x:sum()",
  check = all_of{same(), that(not_by_hand "The number is right. Let gradus find it: `x:sum()`.")},
  hints = {"The name of the tensor, a colon, the name of the method, two brackets; then Enter."},
  mistakes = {
    {"x:max()", "That is the largest. The sum is `x:sum()`."},
    {"x:mean()", "That is the mean, the next question. The sum is `x:sum()`."},
  },
  after = [[
    The result is a tensor, too, of a single number. What stands behind `--` is a remark: the
    kind of number, and the shape, here (), without rows or columns.
  ]],
}

ask "Now let gradus compute the mean of the four. There is a method for that, too." {
  name = "mean",
  solution = "x:mean()",
  check = all_of{same(), that(not_by_hand "The number is right. Let gradus find it, by a method of `x`.")},
  hints = {
    "As before, with another name between colon and brackets.",
    "The method is named after what it gives: the mean.",
  },
  mistakes = {
    {"x:sum()", "That is the sum again. The mean is a fourth of it, and has a method of its own."},
    {"x:max()", "That is the largest of the four. Their mean is wanted."},
  },
  after = "`x:sum() / 4` and `tensor.mean(x)` count as well: the lesson looks at what comes out, not at the spelling.",
}

text [[
  # One neuron

  A neuron multiplies every input by a weight of its own, adds everything up, and adds
  a bias:

      z = w1 x1 + w2 x2 + w3 x3 + w4 x4 + b
]]

code [[
  w = tensor{0.5, -1, 2, 1}
  b = 0.1
]]

predict "What is z for our flower? A rough guess will do; do the sum in your head." {
  name = "z",
  reveal = "(w * x):sum() + b",
  within = 0.25,
  after = "2.55 - 3.5 + 2.8 + 0.2 is 2.05; the bias makes it 2.15.",
}

ask "Now let gradus compute it, and keep it as `z`. `w * x` multiplies number by number." {
  name = "neuron-z",
  solution = "z = (w * x):sum() + b",
  check = variable("z", function(answer)
    local got = plain(answer.value)
    if type(got) ~= "number" then return false, "One number is wanted." end
    if math.abs(got - 2.15) > 1e-4 then return false, ("It is %.4g now."):format(got) end
    return not_by_hand "The number is right: write it with `w`, `x` and `b`, so that gradus finds it."(answer)
  end),
  hints = {
    "First multiply, then add up: two steps, or one line with brackets.",
    "Brackets are needed before the colon: `(a * b):sum()`. Do not forget the bias.",
  },
  mistakes = {
    {"z = (w * x):sum()", "Almost: the bias `b` is missing."},
    {"z = w * x", "These are the four products. Add them up, and add the bias."},
    {"z = w * x + b", "These are four numbers. A neuron gives one: add them up."},
    {"z = w * x:sum() + b",
      "The colon comes first: each weight met the sum of `x`. Put `w * x` into brackets."},
    {"z = w * x:sum()",
      "The colon comes first: each weight met the sum of `x`. Put `w * x` into brackets."},
    {"z = (w * x + b):sum()", "Here the bias was added four times, once for each input."},
  },
  variant = "z = w:dot(x) + b",
}

text [[
  A *function* is written once and used often. It says what it takes, here one number `v`, and
  what it gives, after `return`:

      function double(v) return 2 * v end

  After that, `double(21)` is 42. (Should the prompt turn into `>>`, something is still open, a
  bracket or an `end`: close it, or press Ctrl-C.)
]]

ask "Write `neuron(v)`: it takes any flower `v`, a tensor like `x`, and gives its z, with our `w` and `b`." {
  name = "neuron",
  solution = "function neuron(v) return (w * v):sum() + b end",
  check = that(function(answer)
    local f = answer.vars.neuron
    if type(f) ~= "function" then return false, "There is no function `neuron` yet." end
    for _, case in ipairs{{x, 2.15}, {tensor{7.0, 3.2, 4.7, 1.4}, 11.2}} do
      local got = f(case[1])
      got = tensor.is_tensor(got) and got:numel() == 1 and got:item() or got
      if got == nil then return false, "It gives nothing: `return` is missing." end
      if type(got) ~= "number" then return false, "It must give one number.", got end
      if math.abs(got - case[2]) > 1e-4 then
        return false, ("For {%s} it gives %.4g, it should give %.4g."):format(
          table.concat(case[1]:totable(), ", "), got, case[2]), got
      end
    end
    return true
  end),
  hints = {
    "Take the pattern above, with another name and another sum after `return`.",
    "After `return` stands what you wrote for `z`, with `v` in the place of `x`.",
  },
  mistakes = {
    {"function neuron(v) return (w * x):sum() + b end",
      "This computes the same flower, `x`, whatever it is given. Use `v`."},
    {"function neuron(v) return (w * v):sum() end", "The bias is missing."},
    {"function neuron(v) return w * v + b end", "Add the products up: one number is wanted."},
  },
  variant = "function neuron(v) return w:dot(v) + b end",
}

text [[
  # Rows times columns

  Many neurons at once are a matrix. In a product of two matrices, each number is a row of
  the left one times a column of the right one, added up, just as in a neuron.
]]

code [[
  A = tensor{{1, 2}, {3, 4}}
  B = tensor{{5, 6}, {7, 8}}
]]

number "Row 1 of `A` meets column 1 of `B`: which number stands top left in the product?" {
  name = "product",
  answer = 19,
  hints = {"Row 1 of `A` is 1, 2. Column 1 of `B` is 5, 7.", "1 times 5, and 2 times 7."},
  mistakes = {
    {5, "That is 1 times 5 alone. The second pair, 2 and 7, is added to it."},
    {17, "That is row 1 of `B`: go down its first column, 5 and 7."},
  },
}

ask "Now the whole product: its method is called `matmul`, for matrix multiplication. `A` stands left." {
  name = "matmul",
  solution = "A:matmul(B)",
  hints = {"The left matrix, a colon, the name of the method, and the right one in the brackets."},
  mistakes = {
    {"A * B", "The star multiplies number by number: 1 times 5 is 5. Rows times columns is `matmul`."},
    {"B:matmul(A)", "The order counts: the rows are those of `A`, so `A` stands left."},
  },
  after = "There is your 19, top left. The 43 is row 2 of `A` times column 1 of `B`.",
}

text [[
  # Many flowers, many neurons

  Data come in batches, one row for each flower. A layer of three neurons has three
  rows of weights, one for each neuron.
]]

code [[
  X = tensor{{5.1, 3.5, 1.4, 0.2}, {7.0, 3.2, 4.7, 1.4}}
  W = tensor{{0.5, -1, 2, 1}, {1, 1, 1, 1}, {-1, 0.3, 0.1, 0}}
  X:size(), W:size()
]]

number "Every flower has to meet every neuron. How many results will that be?" {
  name = "results",
  answer = 6,
  hints = {"How many flowers, and how many neurons?", "Each of 2 flowers meets each of 3 neurons."},
  mistakes = {
    {5, "Not 2 and 3, but 2 times 3: each flower meets all neurons."},
    {24, "The four products of a neuron are added up: one number each time."},
    {2, "Each flower meets three neurons."},
  },
}

text [[
  The matrix product does that, if the inner sizes agree; so `W` is turned on its side with
  `W:t()`:

      (2, 4) times (4, 3) gives (2, 3)
]]

choice "A batch of 32 flowers goes through these three neurons. What is the shape of the result?" {
  {"(32, 3)", "Yes: a row for each flower, a number for each neuron.", right = true},
  {"(3, 32)", "The rows stay the samples: it is the other way round."},
  {"(32, 4)", "The 4 is used up by the sums: each neuron gives one number."},
  {"(3, 4)", "That is the shape of the weights; the batch has to appear somewhere."},
}

ask "Compute the layer for our two flowers and keep it as `Z`." {
  name = "layer",
  solution = "Z = X:matmul(W:t())",
  check = variable "Z",
  hints = {
    "The method for a matrix product is called `matmul`.",
    "The batch stands left, the weights, turned with `:t()`, right.",
  },
  mistakes = {
    {"Z = W:matmul(X:t())", "The numbers are right, but on their side: put the batch on the left."},
  },
}

fresh(function(random)
  local inputs, neurons = random(5, 20), random(3, 9)
  number(("A layer takes %d inputs and has %d neurons, each with a bias. "
    .. "How many numbers does it have to learn?"):format(inputs, neurons)) {
    name = "count",
    answer = inputs * neurons + neurons,
    unit = "parameters",
    hints = {
      "Every neuron has one weight for each input.",
      "Count the weights as rows times columns, then the biases: one a neuron.",
    },
    mistakes = {
      {inputs * neurons, "These are the weights. Each neuron has a bias, too."},
      {inputs * neurons + inputs, "There is a bias for each neuron, not for each input."},
    },
  }
end)

after("count", function(answer)
  if not answer.first then
    text [[
      To remember: a layer from n to m has n m weights and m biases.
    ]]
  end
end)

text [[
  Most layers end in a *ReLU*: what is negative becomes zero. A longer function has a line for
  each step; `local` makes a name that only the function knows, `end` closes it.
]]

fix [[
  A friend's function for a layer with a ReLU. It runs, but the result has negative numbers in
  it. Repair `layer`: the left arrow goes to the place.
]] {
  name = "repair",
  broken = [[
    function layer(X, W, b)
      local out = X:matmul(W:t()) + b
      out:relu()
      return out
    end
    layer(X, W, 0.1)
  ]],
  solution = [[
    function layer(X, W, b)
      local out = X:matmul(W:t()) + b
      return out:relu()
    end
  ]],
  check = that(function(answer)
    local some = X * tensor{1, -1, 1, -1} -- a ReLU in the wrong place shows
    local result = answer.vars.layer(some, W, 0.1)
    local right = (some:matmul(W:t()) + 0.1):relu()
    if result == nil then return false, "`layer` must return its result." end
    if (result - right):abs():max():item() > 1e-4 then
      return false, "`layer(X, W, 0.1)` still has negative numbers, or others than the neurons' own.", result
    end
    return true
  end),
  hints = {
    "Does `out:relu()` change `out`, or does it give something new?",
    "It gives a new tensor, and the function throws it away.",
  },
  mistakes = {
    {"function layer(X, W, b) return X:relu():matmul(W:t()) + b end",
      "The ReLU comes last: it acts on what the neurons give, not on the inputs."},
  },
  after = "Methods whose name ends in `_`, like `relu_`, change the tensor itself; all others leave it alone.",
}

number "Back to one neuron and our flower `x`: at which bias is z exactly 0, so that a ReLU gives 0 from there down?" {
  name = "asleep",
  answer = -2.05,
  tolerance = 0.001,
  hints = {"What is z without any bias? `(w * x):sum()`.", "The bias has to take just that away."},
  mistakes = {
    {2.05, "The sign: the bias is added, and has to take 2.05 away."},
    {-2.15, "The 2.15 has the old bias, 0.1, in it. What is z without any?"},
  },
}

pause()

picture "One flower, many biases: the neuron's z, and what a ReLU leaves of it" {
  name = "relu",
  code = [[
    bias = tensor.linspace(-5.05, 0.95, 61)
    zs = (w * x):sum() + bias
    plot.curve({{"z", bias, zs}, {"after ReLU", bias, zs:relu()}}, {xlabel = "bias b", ylabel = "value"})
  ]],
}

pause()

text [[
  # A whole net

  `nn.Sequential` calls layers one after the other; `nn.Linear(4, 8)` is a layer from 4
  numbers to 8, with weights and biases of its own. Here are 32 flowers,
  made up.
]]

code [[
  net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
  batch = tensor.randn(32, 4)
]]

predict "How many numbers does the FIRST layer give out for the whole batch?" {
  reveal = "net[1](batch):numel()",
  after = "32 rows of 8 numbers: the 4 is gone, the batch stays.",
}

text [[
  The layers of a net are `net[1]`, `net[2]`, ..., and `#net` is how many there are. A layer is
  called like a function. Lua repeats what stands between `do` and `end`, here for i = 1, 2, 3:

      for i = 1, 3 do print(i) end
]]

code [[
  h = batch
]]

ask [[
  Send `h` through the layers one by one and print its shape after each. Type the whole line, with
  the gap filled:

      for i = 1, #net do h = ____; print(h:size()) end
]] {
  name = "shapes",
  solution = [[
    for i = 1, #net do h = net[i](h); print(h:size()) end
  ]],
  check = that(function(answer)
    local h = answer.vars.h
    if not tensor.is_tensor(h) then return false, "There is no tensor `h` yet." end
    if h == batch then return "part", "Now the loop." end
    if h:dim() ~= 2 or h:size(2) ~= 3 then
      return false, ("At the end `h` is (%s); the last layer gives (32, 3)."):format(
        table.concat(h:size(), ", ")), h
    end
    return (h - net(batch)):abs():max():item() < 1e-5,
      "The shape is right, but `net(batch)` gives other numbers.", h
  end),
  hints = {
    "`net[i]` is layer number i, and `net[1](batch)` sends the batch through layer 1.",
    "What goes into layer i is what came out of the layer before it, and that is `h`.",
  },
  mistakes = {
    {"for i = 1, #net do h = net[1](batch) end",
      "This asks the first layer each time. Layer number i is wanted."},
  },
  variant = "for i = 1, 3 do h = net[i](h) print(h.shape[2]) end",
  after = "As many columns as leave one layer must enter the next. The batch, 32, only passes through.",
}

fix "This net does not run. Read the message, and repair the one number that is wrong." {
  name = "mend",
  broken = [[
    wrong = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(8, 3))
    wrong(batch):size()
  ]],
  solution = [[
    wrong = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
    wrong(batch):size()
  ]],
  check = that(function(answer)
    local made = answer.vars.wrong
    if not made or made[1].weight:size(1) ~= 16 then
      return false, "Keep the 16 neurons of the first layer.", "first"
    end
    local ok, out = pcall(made, batch)
    if not ok then return false, "The net still does not take the batch.", "fails" end
    return out:size(2) == 3, "Three numbers should come out for each flower.", out:size(2)
  end),
  hints = {"What comes out of the ReLU? As many numbers as went in.", "The third layer gets 16 numbers."},
  mistakes = {
    {"wrong = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))",
      "That runs, but with half of the neurons. Keep the 16, and mend the third layer."},
  },
  after = "Such messages name the layer, what came and what was expected: read them from the left.",
}

choice "Which sentences are true? There may be several." {
  {"A layer with 100 inputs and 10 neurons has 1010 numbers to learn.",
    "100 times 10 weights and 10 biases.", right = true},
  {"Twice as many flowers in a batch need twice as many weights.",
    "No: all flowers meet the same weights."},
  {"ReLU changes the shape of a batch.", "No: number by number, the shape stays."},
  {"A neuron gives one number for each flower.", "Yes, the sum of its products and its bias.",
    right = true},
}

try "Play with the layers: other weights, another bias, a flower of your own, a deeper net." {
  suggest = {"layer(X, W, -5)", "layer(tensor{{1, 1, 1, 1}}, W, 0)", "net:summary(batch)"},
}

text [[
  You have computed a layer by hand and followed a batch through a net. Next: `:lesson 02`
  asks why there has to be something like a ReLU between two layers.
]]
