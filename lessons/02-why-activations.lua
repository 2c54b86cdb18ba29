-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Why there is a bend between two layers" {
  topic = "activations: without them a deep net is one layer",
  minutes = 14,
  needs = {"01-first-steps"},
  rows = {2},
}

text [[
  The last lesson put a ReLU between two linear layers without saying why. Why not stack
  linear layers alone? They would be simpler, and more layers should be able to do more.

  Let us try to build something out of two linear layers that one could not do. Here are two
  layers: from 2 numbers to 16, and from 16 to 3.
]]

code [[
  first, second = nn.Linear(2, 16), nn.Linear(16, 3)
  x = tensor.randn(100, 2)
  y = second(first(x))
]]

predict "How many numbers do the two layers have to learn, weights and biases together?" {
  reveal = [[ (function()
    local n = 0
    for _, p in ipairs(nn.Sequential(first, second):parameters()) do n = n + p:numel() end
    return n
  end)() ]],
  unit = "parameters",
  after = "2 times 16 weights and 16 biases are 48; 16 times 3 weights and 3 biases are 51.",
}

text [[
  A layer multiplies by its weight, turned on its side, and adds its bias. The mark '
  means "on its side"; the shapes are (16, 2) for W1 and (3, 16) for W2:

      y = (x W1' + b1) W2' + b2  =  x W1' W2' + b1 W2' + b2
]]

choice "The whole is again `x` times the turned weight of ONE layer. Which weight would that layer need?" {
  name = "order",
  {"`W2` times `W1`, of shape (3, 2)",
    "Yes. Turning a product on its side swaps its factors: W1' W2' is (W2 W1)'.", right = true},
  {"`W1` times `W2`", "Look at the shapes: (16, 2) times (3, 16) does not even fit."},
  {"`W1` plus `W2`", "Layers one after the other multiply; and these shapes do not add."},
}

ask [[
  Make `W`, the weight of the one layer, and `b`, its bias. The weights are `first.weight` and
  `second.weight`, the biases `first.bias` and `second.bias`. Two lines will do.
]] {
  name = "collapse",
  solution = [[
    W = second.weight:matmul(first.weight)
    b = first.bias:matmul(second.weight:t()) + second.bias
  ]],
  check = all_of{variable "W", variable "b"},
  hints = {
    "`W` is the product of the last question: `second.weight:matmul(...)`.",
    "`b` is what comes out for an x of zeros: the first bias, sent through the second layer.",
    "So `b` is `second(first.bias)`, or the same written with `matmul`.",
  },
  mistakes = {
    {"W = second.weight:matmul(first.weight); b = first.bias:matmul(second.weight:t())",
      "The bias of the second layer is missing in `b`."},
    {"W = second.weight:matmul(first.weight); b = second.bias",
      "The bias of the first layer does not vanish: it goes through the second layer as well."},
    {"W = second.weight:matmul(first.weight):t(); b = first.bias:matmul(second.weight:t()) + second.bias",
      "The numbers of `W` are right, but on their side: a weight is (outputs, inputs), (3, 2) here."},
  },
  variant = "W, b = second.weight:matmul(first.weight), second(first.bias)",
}

predict "How far apart are `y` and `x` times this one layer, at most, over all 300 numbers?" {
  reveal = "(x:matmul(W:t()) + b - y):abs():max()",
  within = 1000, -- whoever says 0 is right
  after = [[
    Rounding errors in the seventh digit, and nothing else. Two layers with 99 numbers do
    exactly what one layer with 9 does, whatever the 99 are. And so would a hundred layers.
  ]],
}

pause()

text [[
  # What one layer cannot do

  One linear layer draws a straight line between two classes. Here are 300 points in two
  rings, one around the other.
]]

code [[
  rings = data.circles(300, {noise = 0.08, seed = 1})
]]

choice "Can a straight line have one whole ring on its left and the other on its right?" {
  name = "line",
  {"No", "However it is laid, the outer ring has points on both sides.", right = true},
  {"Yes, one through the middle", "That one halves both rings."},
  {"Yes, one that touches the inner ring", "Beyond it lies only a piece of the outer ring: the rest is with the inner one."},
}

code [[
  function learn(net)             -- the share of the points it gets right
    local opt = optim.Adam(net:parameters(), {lr = 0.02})
    train.fit(net, {data = rings, epochs = 60, opt = opt, progress = "none"})
    return metrics.accuracy(rings.y, net(rings.x):argmax(2))
  end
  straight = nn.Sequential(nn.Linear(2, 16), nn.Linear(16, 16), nn.Linear(16, 2))
]]

predict "Three linear layers with 354 numbers learn the rings, whose classes are 1 and 2. Which share of the points will they get right?" {
  name = "straight",
  run = "share = learn(straight)",
  reveal = "share",
  within = 0.1,
  after = "About half, as good as a coin. No straight line separates a ring from what lies inside it.",
}

ask [[
  Now your own: make a net `bent` with 2 inputs and 2 outputs that gets more than 95 % of
  the rings right after `learn(bent)`. Make it, and let it learn.
]] {
  name = "bent",
  solution = [[
    bent = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
    learn(bent)
  ]],
  check = that(function(answer)
    local net = answer.vars.bent
    if not nn.Module.is_module(net) then return false, "There is no net `bent` yet." end
    local ok, out = pcall(net, rings.x)
    if not ok or out:dim() ~= 2 or out:size(2) ~= 2 then
      return false, "`bent` has to take 2 numbers for each point and give 2.", "shape"
    end
    local share = metrics.accuracy(rings.y, out:argmax(2))
    if share > 0.95 then return true end
    local plain = true
    for _, layer in ipairs(net) do plain = plain and layer:kind() == "Linear" end
    if plain then
      return false, "Nothing but linear layers: they are one layer, and that cannot do it.", "plain"
    end
    return "part", ("`bent` gets %.0f %% right. Did it learn? Is it wide enough?"):format(100 * share)
  end),
  hints = {
    "`straight` is the pattern. Put something that bends between two of the layers.",
    "`nn.ReLU()` is a layer like others: write it into the list, without numbers.",
    "After making it, call `learn(bent)`.",
  },
  mistakes = {
    {"bent = nn.Sequential(nn.Linear(2, 100), nn.Linear(100, 100), nn.Linear(100, 2)); learn(bent)",
      "However many neurons: without a bend it is still one linear layer."},
  },
  variant = [[
    bent = nn.Sequential(nn.Linear(2, 20), nn.Tanh(), nn.Linear(20, 2))
    return learn(bent)
  ]],
}

pause()

picture "What each net decides everywhere in the plane: left three linear layers, right yours" {
  name = "boundary",
  code = [[
    left = plot.boundary(straight, rings, {title = "linear", n = 100})
    right = plot.boundary(bent, rings, {title = "with a bend", n = 100})
    plot.grid({left, right}, {columns = 2})
  ]],
}

pause()

text [[
  Each ReLU is zero on one side of a line and rises on the other. Sixteen of them give sixteen
  creases, and a ring can be folded out of creases.
]]

predict "How many creases, at least, does a fence around the inner ring need if it is to close?" {
  reveal = "3",
  after = "A triangle closes. A net with three ReLUs is enough in principle; training finds it in about one run of three.",
}

choice "Which of these nets could be replaced by one linear layer? There may be several." {
  {"Linear, Linear, Linear, Linear", "However many: products of matrices are a matrix.",
    right = true},
  {"Linear, times 3, Linear", "Times 3 is linear, too: it goes into the weights.", right = true},
  {"Linear, ReLU, Linear", "The ReLU treats what is negative differently: no matrix does that."},
  {"Linear, squared, Linear", "Squares are no multiples: twice the input gives four times the result."},
}

choice "A net ends in `nn.Linear(16, 2), nn.ReLU()`, and a friend says the ReLU at the end is needed, too. Is it?" {
  {"No: what matters is the bend BETWEEN layers.",
    "Yes. And at the end it cuts off all negative outputs, which does harm.", right = true},
  {"Yes: every layer needs an activation.",
    "Only layers that another linear layer follows do. At the end it would cut outputs off."},
}

try "Draw other boundaries: fewer neurons, other bends, other data." {
  suggest = {
    "few = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2)); print(learn(few))",
    "plot.boundary(bent, rings)",
    "rings = data.moons(300, {noise = 0.2}); print(learn(bent)); plot.boundary(bent, rings)",
  },
}

text [[
  A bend is needed, and any bend will do in principle. Which one is good to learn with is
  another question: `:lesson 03`.
]]
