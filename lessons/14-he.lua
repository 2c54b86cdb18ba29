-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "He: what ReLU takes away" {
  topic = "He's initialisation: the factor 2 for ReLU",
  minutes = 18,
  needs = {"12-first-weights"},
  rows = {13},
}

text [[
  Var(w) = 1/n keeps a signal through linear layers, and nearly through tanh. Most nets have
  ReLU in between, which throws away half of all numbers. Does it matter? Slides can be found
  that call Xavier's weights a good choice for ReLU. You will settle that.
]]

code [[
  z = tensor.randn(100000)
]]

predict "The mean of `z` squared is 1. What is it after a ReLU?" {
  name = "half",
  reveal = "z:relu():square():mean()",
  within = 0.1,
  after = "A half: the negative numbers were half of the squared signal. Its mean is not 0 any more, so squares are what counts.",
}

code [[
  x = tensor.randn(256, 64)

  function relu_rms(depth, s)       -- root mean square after `depth` layers
    local h = x
    for i = 1, depth do h = h:matmul(tensor.randn(64, 64) * s):relu() end
    return h:square():mean():sqrt():item()
  end
]]

predict "Weights with s = 1/8, right for 64 inputs without a bend. What is left of 1 after 20 layers with ReLU?" {
  name = "without",
  reveal = "relu_rms(20, 1 / 8)",
  within = 2,
  after = "The square is halved 20 times; for the root that is 2 to the power of -10, a thousandth, and chance takes a little more.",
}

ask "Make `s`, the standard deviation for 64 inputs that makes up for the lost half. Try it with `relu_rms(20, ...)` as often as you like." {
  name = "factor",
  solution = "s = math.sqrt(2 / 64)",
  check = variable("s", function(answer)
    local s = answer.value
    s = tensor.is_tensor(s) and s:numel() == 1 and s:item() or s
    if type(s) ~= "number" then return false, "It is to be a number." end
    if math.abs(s - math.sqrt(2 / 64)) < 0.002 then return true end
    return false, ("With it a layer multiplies the mean square by %.3g; it should be 1."):format(32 * s * s)
  end),
  hints = {
    "The variance of the weights has to be twice as large as before.",
    "So the variance is 2/64, and s its root.",
  },
  mistakes = {
    {"s = 2 / 8", "Twice the standard deviation is four times the variance: the signal explodes."},
    {"s = 1 / 8", "That is the s without the factor 2: the signal dies."},
    {"s = 2 / 64", "That is the variance. Its root is the standard deviation."},
  },
  after = "Kaiming He and colleagues, 2015: Var(w) = 2 / n for ReLU.",
}

predict "With this s: the root mean square after 20 layers?" {
  name = "with",
  reveal = "relu_rms(20, s)",
  within = 1,
  after = "Of the order of 1. It wanders, since 64 units are not infinitely many, but it neither dies nor explodes.",
}

number "A leaky ReLU with slope 0.1 keeps a little more: (1 + 0.1 squared) / 2 of the squares. Which n Var(w) does it need?" {
  name = "leaky",
  answer = 2 / 1.01,
  tolerance = 0.005,
  solution = "2 / (1 + 0.1 ^ 2)",
  hints = {"n Var(w) times the share that is kept should be 1.", "One over (1 + 0.01) / 2."},
  mistakes = {
    {2, "That is for a slope of 0. A little less is needed here."},
    {0.505, "That is the share that is kept. One over it."},
    {1.81818, "The slope is squared, since variances are: 1 + 0.01, not 1 + 0.1."},
  },
  after = "`nn.init.calculate_gain(\"leaky_relu\", 0.1)` is its root.",
}

ask [[
  Write the initialiser: `he(w)` fills a weight `w` of shape (out, in) in place, normally
  distributed, for a ReLU, and returns it.
]] {
  name = "he",
  solution = [[
    function he(w)
      return w:normal_(0, math.sqrt(2 / w:size(2)))
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.he
    if type(f) ~= "function" then return false, "There is no function `he` yet." end
    local w = tensor.zeros(200, 450)
    f(w)
    local s = w:std():item()
    if s == 0 then return false, "`w` is still zero: fill it in place.", "zero" end
    local ratio = math.floor(s / math.sqrt(2 / 450) * 20 + 0.5) / 20
    return ratio == 1, ("For a weight (200, 450) the standard deviation should be 0.0667; yours is %.3f."):format(s),
      ratio
  end),
  hints = {
    "A weight (out, in) has `w:size(2)` inputs.",
    "`w:normal_(mean, std)`; the standard deviation is the root of 2 over the inputs.",
  },
  mistakes = {
    {"function he(w) return w:normal_(0, math.sqrt(2 / w:size(1))) end",
      "`w:size(1)` counts the outputs: that is He's rule for the way back."},
    {"function he(w) return w:normal_(0, 2 / w:size(2)) end",
      "That is the variance; `normal_` takes the standard deviation."},
    {"function he(w) return w:normal_(0, math.sqrt(1 / w:size(2))) end", "The factor 2 is missing."},
  },
  variant = [[
    function he(w)
      return nn.init.kaiming_normal_(w, 0, "fan_in", "relu")
    end
  ]],
}

predict "Check what you read: a lecture gives He's VARIANCE as the root of 4 / (n + m), 0.177 for 64 and 64. Take it at its word: what becomes of 1 after 20 layers?" {
  name = "slip",
  reveal = "relu_rms(20, math.sqrt(math.sqrt(4 / 128)))",
  within = 9,
  after = "It explodes: each layer multiplies the mean square by 64 times 0.177, halved, that is 5.7.",
}

choice "The lecture differs from the paper in two things. Which is simply wrong?" {
  {"the root", "Yes: 4 / (n + m) is a variance already, its root the standard deviation.", right = true},
  {"the average of n and m", "That is a choice: the paper takes one of the two fans, averaging is allowed."},
  {"the 4", "4 / (n + m) is 2 / n where n = m: right."},
}

text [[
  # Xavier with ReLU?

  30 layers of ReLU. Xavier's variance is 1/n here, He's 2/n. A factor of 2 in each layer.
]]

predict "After 30 layers, how many times as large is the signal's standard deviation with He's weights as with Xavier's?" {
  name = "thirty",
  reveal = "lab.theory(\"relu\", {depth = 30, w = 2}).forward[30] / lab.theory(\"relu\", {depth = 30, w = 1}).forward[30]",
  within = 4,
  after = "2 to the power of 15, some thirty thousand. The gradient's way back is just as long.",
}

code [[
  deep = lab.init_variance{depth = 30, width = 100, activation = "relu",
    seeds = 2, init = {{"Xavier", nn.init.xavier_normal_}, {"yours", he}}}
]]

picture "30 ReLU layers: signal left, gradient right; dashes: theory" {
  name = "depth",
  code = [[ deep.figures.depth ]],
}

choice "Which of the net's weights get the smallest gradients with Xavier's beginning?" {
  {"those of the first layers", "There the gradient is smallest. But a weight's gradient is signal *times* gradient: in the first layers the signal is largest."},
  {"those of the last layers", "There the signal is smallest. But a weight's gradient is signal *times* gradient, and the gradient is largest there."},
  {"all are about equally small", "Yes: signal in times gradient out. One falls by 0.71 a layer where the other rises by it.",
    right = true},
}

text [[
  # Do they learn?

  He's paper trained a net of 22 layers, where both beginnings converge and his sooner, and one
  of 30, where Xavier's stalls. In small, with narrow nets and a toy task, luck plays a part: the
  next run shows seed 3, which does as the paper says. Other seeds are for you to try.
]]

predict "30 layers of ReLU, Xavier's weights: the loss after 200 steps? A coin has ln 2 = 0.693." {
  name = "stall",
  run = "paper = lab.he{seeds = {3}, steps = 200}",
  reveal = [[ (function()
    local last
    for _, row in ipairs(paper.rows) do
      if row.depth == 30 and row.init == "xavier_normal" and row.step == 200 then last = last or row.loss end
    end
    return last
  end)() ]],
  within = 0.1,
  after = "Still a coin. Its gradients began thirty thousand times too small, and each step moved next to nothing.",
}

picture "22 and 30 layers: the loss by step, and each weight's gradient at the first step" {
  name = "training",
  code = [[ paper.figures.training ]],
}

choice "What do the pictures show? There may be several." {
  {"With 22 layers both learn, and He's net sooner.", "His needs some 30 steps, Xavier's over 100.", right = true},
  {"With 30 layers He's net learns, Xavier's does not move.", "As in the paper's figure 3.", right = true},
  {"Xavier's gradients are small only because training has not begun yet.",
    "They are the gradients of the very first step: small because the weights are."},
}

text [[
  There is one more line: Adam divides each gradient by its own size, so that even tiny ones
  move the weights. With it Xavier's net learns, too. That is a patch, not a cure.
]]

fix "This colleague starts a ReLU net with a rule made for tanh. Repair the one line." {
  name = "repair",
  broken = [[
    net = nn.Sequential(nn.Linear(10, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))
    nn.init.apply(net, "xavier_normal", {gain = 5 / 3})
  ]],
  solution = [[
    nn.init.apply(net, "kaiming_normal", {nonlinearity = "relu"})
  ]],
  check = that(function(answer)
    local n = answer.vars.net
    if not nn.Module.is_module(n) then return false, "There is no net any more." end
    local s = n[3].weight:std():item() * math.sqrt(48)
    local round = math.floor(s * 5 + 0.5) / 5
    return math.abs(s - math.sqrt(2)) < 0.12,
      ("n Var(w) of the second layer is %.2f; for ReLU it should be 2."):format(s * s), round
  end),
  hints = {
    "`nn.init.apply(net, name, options)`: which name, which options?",
    "`kaiming_normal` with `{nonlinearity = \"relu\"}`.",
  },
  mistakes = {
    {"nn.init.apply(net, \"xavier_normal\")", "Without the gain it is 1: too little for ReLU."},
  },
  variant = "nn.init.apply(net, he)",
}

try "Ask for other seeds, or look whether luck can be bought with width." {
  suggest = {
    "lab.he{seeds = {1}, steps = 100}.figures.training",
    "relu_rms(100, math.sqrt(2 / 64))",
    "plot.weights(net)",
  },
}

text [[
  You have derived the rule from which most nets start today. `:lesson 15` looks at the one
  bias that is worth a thought.
]]
