-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "First steps: one neuron, many neurons" {
  topic = "tensors, one neuron, a layer as a matrix",
  minutes = 12,
  rows = {1},
}

text [[
  Welcome. You type at the prompt, and the lesson answers. Nothing can break: a wrong
  answer leaves everything as it was.

  `:hint` helps, `:skip` shows the answer and goes on, `:quit` leaves; the lesson
  remembers the place.
]]

pause "Press Enter to begin."

text [[
  A *tensor* is a box of numbers with a shape. Here is one row of measurements of a
  flower: four numbers, in centimetres.
]]

code [[
  x = tensor{5.1, 3.5, 1.4, 0.2}
]]

ask "Let gradus add the four numbers up. The tensor `x` has a method for that." {
  solution = "x:sum()",
  hints = {
    "A method is called with a colon, like `x:size()`.",
    "The method is named after what it gives: the sum.",
  },
  mistakes = {
    {"x:mean()", "That is the mean, the sum divided by four. Only the sum is wanted."},
    {"x:max()", "That is the largest of the four. All of them together are wanted."},
  },
  after = "You can also write `tensor.sum(x)`; the lesson looks at the value, not at the spelling.",
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
  solution = "z = (w * x):sum() + b",
  check = variable "z",
  hints = {
    "First multiply, then add up: two steps, or one line with brackets.",
    "Brackets are needed before the colon: `(a * b):sum()`. Do not forget the bias.",
  },
  mistakes = {
    {"z = (w * x):sum()", "Almost: the bias `b` is missing."},
    {"z = w * x + b", "These are four numbers. A neuron gives one: add them up."},
    {"z = (w * x + b):sum()", "Here the bias was added four times, once for each input."},
  },
  variant = "z = w:dot(x) + b",
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

text [[
  Every flower has to meet every neuron. The matrix product does that, if the inner
  sizes agree; so `W` is turned on its side with `W:t()`:

      (2, 4) times (4, 3) gives (2, 3)
]]

choice "A batch of 32 flowers goes through these three neurons. What is the shape of the result?" {
  {"(32, 3)", "Yes: a row for each flower, a number for each neuron.", right = true},
  {"(3, 32)", "The rows stay the samples: it is the other way round."},
  {"(32, 4)", "The 4 is used up by the sums: each neuron gives one number."},
  {"(3, 4)", "That is the shape of the weights; the batch has to appear somewhere."},
}

ask "Compute the layer for our two flowers and keep it as `Z`." {
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

fix [[
  A friend writes a function for a layer that ends in a ReLU: what is negative becomes
  zero. It runs, but the result has negative numbers in it. Repair `layer`.
]] {
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
    local result = answer.vars.layer(X, W, 0.1)
    local right = (X:matmul(W:t()) + 0.1):relu()
    if result == nil then return false, "`layer` must return its result." end
    if (result - right):abs():max():item() > 1e-4 then
      return false, "`layer(X, W, 0.1)` is not right yet.", result
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

picture "ReLU: negative numbers become zero, the others pass" {
  code = [[
    plot.curve(function(v) return math.max(0, v) end, {xrange = {-3, 3}, title = "ReLU"})
  ]],
}

try "Play with the layer: other weights, another bias, a flower of your own." {
  suggest = {"layer(X, W, -5)", "layer(tensor{{1, 1, 1, 1}}, W, 0)"},
}

text [[
  You have computed a layer of a network by hand. Next: `:lesson 02` asks with which
  weights a deep stack of such layers should begin.
]]
