-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Paying for large weights: L2, L1, weight decay" {
  topic = "L1, L2, elastic net; loss term and weight decay",
  minutes = 25,
  needs = {"30-overfitting"},
  rows = {23},
}

text [[
  The wild curve of the last lesson needs large weights: a steep bend is a large number. So let
  weights cost something. Three questions: what price, who collects it, and what does it do?

  The fifteen noisy points again, and the net that learnt them by heart:
]]

code [[
  few = data.sine(15, {noise = 0.25, seed = 1})
  fresh_points = data.sine(200, {noise = 0.25, seed = 99})
  function fit(class, options, more)
    gradus.seed(5)
    local net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(),
      nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
    local o = {data = few, valid = fresh_points, epochs = 1500, batch = 15,
      opt = class(net:parameters(), options), progress = "none"}
    for name, value in pairs(more or {}) do o[name] = value end
    return train.fit(net, o), net
  end
  free, free_net = fit(optim.Adam, {lr = 0.01})
  free.train[1500], free.valid[1500]
]]

text [[
  The *L2 penalty* adds lambda times the sum of all squared weights to the loss. `train.fit`
  has it as `l2`. Take a very small lambda, 0.0005.
]]

predict "The loss on the fresh points was 0.37 without the penalty. And with it?" {
  name = "tamed",
  run = "tame, tame_net = fit(optim.Adam, {lr = 0.01}, {l2 = 0.0005})",
  reveal = "tame.valid[1500]",
  within = 0.5,
  after = "A third. The training loss is higher, near the noise of 0.0625, and that is right.",
}

picture "The same net, free and with the penalty" {
  name = "fits",
  code = [[
    grid = tensor.linspace(0, 1, 100):reshape(-1, 1)
    x = grid:reshape(-1)
    plot.fit(few.x:reshape(-1), few.y:reshape(-1), {
      curves = {{"free", x, train.predict(free_net, grid):reshape(-1)},
        {"L2", x, train.predict(tame_net, grid):reshape(-1)}},
      truth = {x, (x * 2 * math.pi):sin()}})
  ]],
}

picture "Their weights between the hidden layers" {
  name = "weights",
  code = [[
    plot.hist({{"free", free_net[3].weight:detach():reshape(-1)},
      {"L2", tame_net[3].weight:detach():reshape(-1)}},
      {bins = 150, xrange = {-1.5, 1.5}})
  ]],
}

text [[
  # Who collects the price?

  The slope of lambda w^2 is 2 lambda w. So a step of plain descent becomes

      w = w - rate (g + 2 lambda w) = (1 - rate 2 lambda) w - rate g

  The weight *decays* a little at each step. Optimisers offer just that: `weight_decay = d`
  adds d w to the gradient.
]]

number "Which `weight_decay` does the same as the loss term lambda times the sum of squares, lambda = 0.005?" {
  name = "factor",
  answer = 0.01,
  tolerance = 1e-6,
  hints = {"The slope of the loss term is 2 lambda w.", "d w has to equal 2 lambda w."},
  mistakes = {
    {0.005, "The 2 comes down when w^2 is differentiated."},
    {0.0025, "The other way round: twice, not half."},
  },
}

number [[
  Another lecture writes the term as lambda / (2 m) times the sum, with m samples. Here m is 15.
  Which of *its* lambdas is the same as `weight_decay = 0.01`?
]] {
  answer = 0.15,
  tolerance = 1e-6,
  hints = {"The slope of lambda / (2 m) w^2 is lambda / m w.", "lambda / 15 has to be 0.01."},
  mistakes = {
    {0.3, "The 2 below cancels the 2 that comes down."},
    {0.01, "There is still the m = 15 below."},
  },
  after = "Three conventions, three numbers for one and the same thing. Always ask which.",
}

ask [[
  Write `penalty(net, lambda)`: lambda times the sum of the squares of all its parameters, as a
  tensor one can differentiate. `net:parameters()` is the list of them.
]] {
  name = "penalty",
  solution = [[
    function penalty(net, lambda)
      local sum = 0
      for _, w in ipairs(net:parameters()) do sum = sum + w:square():sum() end
      return sum * lambda
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.penalty
    if type(f) ~= "function" then return false, "There is no function `penalty` yet." end
    local probe = nn.Linear(2, 1)
    probe.weight:detach():copy_(tensor{{3, -4}})
    probe.bias:detach():fill_(2)
    local p = f(probe, 0.1)
    if not tensor.is_tensor(p) then return false, "It should return a tensor." end
    if not p.requires_grad then return false, "It has lost its graph: no `:item()` inside." end
    local v = p:item()
    return math.abs(v - 2.9) < 1e-4,
      ("For weights 3 and -4, bias 2, lambda 0.1 it gives %.4g; it should be 2.9."):format(v), v
  end),
  hints = {
    "Add up `w:square():sum()` in a loop over `net:parameters()`.",
    "Begin with `local sum = 0`; at the end multiply by lambda.",
  },
  mistakes = {
    {[[function penalty(net, lambda)
      local sum = 0
      for _, w in ipairs(net:parameters()) do sum = sum + w:abs():sum() end
      return sum * lambda
    end]], "That is the L1 penalty, absolute values. Squares are wanted."},
    {[[function penalty(net, lambda)
      local sum = 0
      for _, w in ipairs(net:parameters()) do sum = sum + w:square():mean() end
      return sum * lambda
    end]], "The *sum* of the squares, not their mean: large layers would go cheap."},
    {[[function penalty(net, lambda)
      local sum = 0
      for _, w in ipairs(net:parameters()) do sum = sum + w:square():sum() end
      return sum
    end]], "lambda is forgotten."},
  },
}

text [[
  Now both ways, fifty steps each from the same weights: `way(class, options, lambda)` gives
  all weights at the end, as one long tensor.
]]

code [[
  mse = nn.MSELoss()
  function way(class, options, lambda)
    gradus.seed(1)
    local net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
    local opt = class(net:parameters(), options)
    for _ = 1, 50 do
      local loss = mse(net(few.x), few.y)
      if lambda then loss = loss + penalty(net, lambda) end
      opt:zero_grad()
      loss:backward()
      opt:step()
    end
    local all = {}
    for i, w in ipairs(net:parameters()) do
      all[i] = w:detach():reshape(-1)
    end
    return tensor.cat(all)
  end
  function apart(a, b) return (a - b):abs():max():item() end
]]

predict "Plain descent: how far apart, at most, are the weights of the two ways?" {
  name = "same",
  run = [[
    term = way(optim.SGD, {lr = 0.1}, 0.005)
    decay = way(optim.SGD, {lr = 0.1, weight_decay = 0.01})
  ]],
  reveal = "apart(term, decay)",
  within = 5,
  after = "Nothing but rounding: the same steps.",
}

code [[
  other = way(optim.SGD, {lr = 0.1}, 0.15 / (2 * 15))
  apart(other, decay)
]]

text [[
  That was lambda / (2 m) with the other lecture's 0.15: the same again.

  Adam divides each gradient by its usual size. A penalty in the loss is part of the gradient,
  so it is divided, too: weights with large gradients hardly decay. *AdamW* keeps the decay
  out: w = w (1 - rate d), then Adam's step.
]]

predict "AdamW with decay 0.01 against Adam with the loss term, lambda 0.005, rate 0.1: how far apart?" {
  name = "different",
  run = [[
    term = way(optim.Adam, {lr = 0.1}, 0.005)
    decay = way(optim.AdamW, {lr = 0.1, weight_decay = 0.01})
  ]],
  reveal = "apart(term, decay)",
  within = 2,
  after = "Not the same at all: L2 and weight decay are one thing for plain descent only.",
}

code [[
  function shrink(class)
    gradus.seed(2)
    local w = tensor({1, 1}, {requires_grad = true})
    local opt = class({w}, {lr = 0.01, weight_decay = 0.3})
    for _ = 1, 300 do
      opt:zero_grad()
      local noise = tensor.randn(2) * tensor{10, 0.01}
      local loss = (w * noise):sum()
      loss:backward()
      opt:step()
    end
    return w:detach()
  end
]]

text [[
  `shrink` lets two weights of 1 decay. Their gradients are pure noise, large for the first,
  small for the second.
]]

code [[
  for _, name in ipairs{"Adam", "AdamW"} do
    local w = shrink(optim[name])
    print(("%-6s %6.2f %6.2f"):format(name, w[1]:item(), w[2]:item()))
  end
]]

choice "Which line do you want, if you ask for a decay of 0.3?" {
  {"AdamW's: both weights have fallen towards 0.4.",
    "Yes: 1 - 0.003, three hundred times, is 0.41, plus some noise from the steps.",
    right = true},
  {"Adam's: the weight with the small gradients is gone, the other has hardly felt it.",
    "Then the decay depends on the noise of the gradients: hard to control."},
}

text [[
  # L1: a price that makes zeros

  The *L1 penalty* is lambda times the sum of |w|. Its slope is lambda, whatever the size of w:
  it pushes small weights on, all the way to zero. Twenty features, of which only the first
  three matter:
]]

code [[
  gradus.seed(1)
  X = tensor.randn(60, 20)
  true_w = tensor.zeros(20)
  true_w[1], true_w[2], true_w[3] = 3, -2, 1
  y = X:matmul(true_w:reshape(-1, 1)) + tensor.randn(60, 1)

  function regress(l1, l2)
    local layer = nn.Linear(20, 1)
    local opt = optim.SGD(layer:parameters(), {lr = 0.02})
    for _ = 1, 500 do
      local w = layer.weight
      local loss = mse(layer(X), y) + w:abs():sum() * l1
        + w:square():sum() * l2
      opt:zero_grad()
      loss:backward()
      opt:step()
    end
    return layer.weight:detach():reshape(-1)
  end
  function zeros(w) return w:abs():lt(0.02):sum():item() end
  none, ridge = regress(0, 0), regress(0, 0.2)
  zeros(none), zeros(ridge)
]]

predict "Without penalty 1 of 20 weights was nearly zero, with L2 3. How many are with L1, lambda 0.2?" {
  name = "zeros",
  run = "lasso = regress(0.2, 0)",
  reveal = "zeros(lasso)",
  unit = "weights",
  within = 0.3,
  after = "L1 *selects*: of the 17 useless features it has thrown out most.",
}

picture "The twenty weights: without, with L2, with L1" {
  name = "bars",
  code = [[
    plot.bar({{"none", none}, {"L2", ridge}, {"L1", lasso}},
      {xlabel = "feature", ylabel = "weight"})
  ]],
}

code [[
  for _, w in ipairs{none, ridge, lasso} do
    local off = (w - true_w):square():sum():item()
    print(("error of the weights %.2f"):format(off))
  end
]]

text [[
  Why zeros? Draw all pairs of weights that cost the same. The loss pulls outwards, and a corner
  is where it gets stuck. The *elastic net* is a mixture: corners, but softer sides.
]]

picture "Pairs of weights that cost 1: L2, L1, and elastic net" {
  name = "circles",
  code = [[
    t = tensor.linspace(0, 2 * math.pi, 400)
    c, s = t:cos(), t:sin()
    a = c:abs() + s:abs()
    r = ((a * a + 4):sqrt() - a) / 2
    shapes = plot.curve({{"w1^2 + w2^2", c, s}, {"|w1| + |w2|", c / a, s / a},
      {"both", c * r, s * r}}, {xlabel = "w1", ylabel = "w2"})
    shapes.equal = true
    shapes
  ]],
}

text [[
  # Check what you read

  A lecture shows "two ways of the same regularisation": `weight_decay` in the optimiser, and a
  loop that adds `abs(p)` of *all* parameters to the loss. The first is L2, the second L1, and
  both touch the biases. Does a bias deserve it?

  Let every target be 5, and let only a bias be learnt: loss (b - 5)^2 + lambda |b|.
]]

number "At which b is that loss lowest for lambda = 1?" {
  name = "bias",
  answer = 4.5,
  tolerance = 1e-3,
  hints = {"Its slope for b > 0 is 2 (b - 5) + 1.", "Set that to zero."},
  mistakes = {
    {5, "That is without the penalty."},
    {4, "2 (b - 5) + 1 = 0: the 2 halves the pull."},
  },
}

code [[
  b = tensor({0}, {requires_grad = true})
  opt = optim.SGD({b}, {lr = 0.1})
  for _ = 1, 100 do
    opt:zero_grad()
    local loss = ((b - 5) ^ 2 + b:abs()):sum()
    loss:backward()
    opt:step()
  end
  b
]]

text [[
  Every prediction is wrong by 0.5, and nothing has become smoother. Biases bend nothing: leave
  them out. `train.fit` does, with `l1` and `l2`.
]]

choice "Which are true? There may be several." {
  {"A larger lambda always fits fresh points better.", "Too large, and the net underfits."},
  {"L1 makes weights exactly or nearly zero.", "Its push does not weaken near zero.", right = true},
  {"In plain descent, L2 with lambda is `weight_decay = 2 lambda`.", "From differentiating w^2.",
    right = true},
  {"A penalty lowers the training loss.", "It raises it, a little; the gap is what shrinks."},
}

try "Find the lambda that suits the fresh points best. How much too much is too much?" {
  suggest = {
    "fit(optim.Adam, {lr = 0.01}, {l2 = 0.05})",
    "fit(optim.Adam, {lr = 0.01}, {l1 = 0.0001})",
    "fit(optim.AdamW, {lr = 0.01, weight_decay = 0.1})",
    "lab.regularise{seeds = 1}",
  },
}

text [[
  To remember: L2 shrinks, L1 selects. Decay and penalty are the same for plain descent, and not
  for Adam; with adaptive optimisers take AdamW.
]]
