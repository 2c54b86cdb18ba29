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
]]

number "One hidden unit of such a net computes 3 tanh(10 x). How steep is that at x = 0? (There tanh has slope 1.)" {
  name = "steep",
  answer = 30,
  hints = {"The chain rule: the slope of what is outside times the slope of what is inside."},
  mistakes = {
    {10, "That is the inside alone. The 3 outside stretches it."},
    {3, "That is the weight outside. Inside, x runs ten times as fast."},
    {13, "The chain rule multiplies the two; it does not add them."},
  },
  after = "A slope is a product of weights. Who wants a calm curve has to keep them small.",
}

text [[
  The fifteen noisy points again, and the net that learnt them by heart:
]]

code [[
  few = data.sine(15, {noise = 0.25, seed = 1})
  fresh_points = data.sine(200, {noise = 0.25, seed = 99})
  function fit(l1, l2)          -- the prices of |w| and of w^2
    gradus.seed(5)
    local net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(),
      nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
    return train.fit(net, {data = few, valid = fresh_points, epochs = 1500,
      batch = 15, opt = optim.Adam(net:parameters(), {lr = 0.01}),
      l1 = l1, l2 = l2, progress = "none"}), net
  end
]]

predict "Without any price it is the net of the last lesson. Do you remember its training loss? (The noise alone: 0.0625.)" {
  name = "free",
  run = "free, free_net = fit(0, 0)",
  reveal = "free.train[1500]",
  within = 1,
  after = "And 0.37 on the fresh points: it has learnt the noise.",
}

text [[
  The *L2 penalty* adds lambda times the sum of all squared weights to the loss. `train.fit`
  has it as `l2`. Take a very small lambda, 0.0005.
]]

predict "The loss on the fresh points was 0.37 without the penalty. And with it?" {
  name = "tamed",
  run = "tame, tame_net = fit(0, 0.0005)",
  reveal = "tame.valid[1500]",
  within = 0.5,
  after = [[
    A third. And the training loss has gone *up*, from 0.014 to 0.051: near the noise of 0.0625,
    where it belongs.
  ]],
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
      {bins = 150, xrange = {-1.5, 1.5}, xlabel = "weight"})
  ]],
}

text [[
  # Who collects the price?

  The slope of lambda w^2 is 2 lambda w. So a step of plain descent becomes

      w = w - rate (g + 2 lambda w) = (1 - rate 2 lambda) w - rate g

  The weight *decays* a little at each step. Optimisers offer just that: `weight_decay = d`
  adds d w to the gradient.
]]

ask [[
  Write `decayed(w, g, rate, d)`: the weight after one step of plain descent with
  `weight_decay = d`, where g is the gradient of the loss without any penalty.
]] {
  name = "step",
  solution = "function decayed(w, g, rate, d) return w - rate * (g + d * w) end",
  check = behaves("decayed", {{2, 0, 0.1, 0.5}, {2, 3, 0.1, 0}, {-1.5, 2, 0.2, 0.3}, {4, 1, 0.5, 0.1}}),
  hints = {
    "Plain descent is `w - rate * g`. What stands in the place of g now?",
    "`weight_decay` makes g + d w of the gradient g.",
  },
  mistakes = {
    {"function decayed(w, g, rate, d) return (1 - d) * w - rate * g end",
      "The decay is part of the gradient, so the rate multiplies it, too."},
    {"function decayed(w, g, rate, d) return w - rate * g + rate * d * w end",
      "With this sign the weight *grows* by itself."},
    {"function decayed(w, g, rate, d) return w - rate * (g + 2 * d * w) end",
      "The 2 belongs to lambda w^2. `weight_decay` adds d w as it is."},
  },
  variant = "function decayed(w, g, rate, d) return (1 - rate * d) * w - rate * g end",
}

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
  Now both ways. `way` trains a small net for fifty steps, with your `penalty` (its lambda is `l`)
  in the loss, and gives the 32 weights of the first layer.
]]

code [[
  function way(class, options, l)
    gradus.seed(1)
    local net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
    local function loss(p, y) return nn.mse_loss(p, y) + penalty(net, l) end
    train.fit(net, {data = few, epochs = 50, batch = 15, loss = loss,
      opt = class(net:parameters(), options), progress = "none"})
    return net[1].weight:detach()
  end
]]

predict "Plain descent: how far apart, at most, are the weights of the two ways?" {
  name = "same",
  run = [[
    term = way(optim.SGD, {lr = 0.1}, 0.005)
    decay = way(optim.SGD, {lr = 0.1, weight_decay = 0.01}, 0)
  ]],
  reveal = "math.floor((term - decay):abs():max():item() * 1e5 + 0.5) / 1e5",
  within = 0.02,
  after = [[
    Nothing but rounding: the same steps. (And the other lecture's 0.15 / (2 * 15) is 0.005, the
    same once more.)
  ]],
}

text [[
  Adam divides each gradient by its usual size. A penalty in the loss is part of the gradient,
  so it is divided, too: weights with large gradients hardly decay. *AdamW* keeps the decay
  out: w = w (1 - rate d), then Adam's step.
]]

predict "AdamW with decay 0.01 against Adam with the loss term, lambda 0.005, rate 0.1: how far apart?" {
  name = "different",
  run = [[
    term = way(optim.Adam, {lr = 0.1}, 0.005)
    decay = way(optim.AdamW, {lr = 0.1, weight_decay = 0.01}, 0)
  ]],
  reveal = "(term - decay):abs():max()",
  within = 2,
  after = "Not the same at all: L2 and weight decay are one thing for plain descent only.",
}

number [[
  AdamW multiplies each weight by 1 - rate d in every step, and noise averages out. What is left
  of a weight of 1 after 300 steps with rate 0.01 and d = 0.3?
]] {
  name = "left",
  answer = 0.406,
  tolerance = 0.0065,
  hints = {"Each step multiplies by 1 - 0.01 * 0.3, which is 0.997.", "Three hundred times: a power."},
  mistakes = {
    {0.1, "That takes 0.003 of the *first* value off, each time. It is 0.003 of what is left."},
    {"0.7 ^ 300", "The decay is multiplied by the rate: 0.3 * 0.01 in each step."},
  },
}

code [[
  function shrink(class)        -- two weights of 1
    gradus.seed(2)
    local w = tensor({1, 1}, {requires_grad = true})
    local opt = class({w}, {lr = 0.01, weight_decay = 0.3})
    for _ = 1, 300 do
      opt:zero_grad()           -- gradients of pure noise: large, small
      w.grad = tensor.randn(2) * tensor{10, 0.01}
      opt:step()
    end
    return w:detach()
  end
  shrink(optim.Adam), shrink(optim.AdamW)
]]

choice "The first result is Adam's, the second AdamW's. Which do you want, if you ask for a decay of 0.3?" {
  {"AdamW's: both weights have fallen towards 0.4.",
    "Yes: near the 0.41 that you computed, plus some noise from the steps.", right = true},
  {"Adam's: the weight with the small gradients is gone, the other has hardly felt it.",
    "Then the decay depends on the noise of the gradients: hard to control."},
}

text [[
  # L1: a price that makes zeros

  The *L1 penalty* is lambda times the sum of |w|. For a positive weight its slope is lambda,
  whether the weight is 5 or 0.01.
]]

number "Let lambda be 0.2. L1 pushes a weight of 0.01 with a slope of 0.2. With which slope does L2 push it?" {
  name = "push",
  answer = 0.004,
  tolerance = 1e-6,
  hints = {"What is the slope of lambda w^2?", "2 lambda w, for lambda = 0.2 and w = 0.01."},
  mistakes = {
    {0.002, "The 2 comes down when w^2 is differentiated."},
    {0.4, "The slope of L2 is in proportion to the weight, and this one is 0.01."},
    {0.00002, "That is what the weight costs, lambda w^2. The slope is asked for."},
  },
  after = "Fifty times less. L2 loses interest in small weights; L1 pushes them all the way to zero.",
}

text [[
  Twenty features, and a target y to which only the first three contribute, plus noise:
]]

code [[
  gradus.seed(1)
  X = tensor.randn(60, 20)
  true_w = tensor.cat{tensor{3, -2, 1}, tensor.zeros(17)}
  y = X:matmul(true_w:reshape(-1, 1)) + tensor.randn(60, 1)
]]

number "A linear layer is to find these weights. How many of the 20 should come out as zero?" {
  name = "useless",
  answer = 17,
  unit = "weights",
  hints = {"Which of the twenty features matter?"},
  mistakes = {
    {3, "These are the ones that matter. The others should be zero."},
    {20, "The first three are 3, -2 and 1."},
  },
}

predict "Plain descent without any penalty: how many of the 20 weights come out as good as zero, less than 0.02 from it?" {
  name = "none",
  run = [[
    function regress(l1, l2)
      local net = nn.Linear(20, 1)
      train.fit(net, {data = {x = X, y = y}, epochs = 500, batch = 60,
        opt = optim.SGD(net:parameters(), {lr = 0.02}), l1 = l1, l2 = l2,
        progress = "none"})
      return net.weight:detach():reshape(-1)
    end
    function zeros(w) return w:abs():lt(0.02):sum():item() end
    none = regress(0, 0)
  ]],
  reveal = "zeros(none)",
  within = 1,
  after = "Far from 17: sixty noisy samples always leave something to fit.",
}

predict "L2 with lambda 0.2 makes all weights smaller, and 3 of them come out as zero. And L1, lambda 0.2?" {
  name = "zeros",
  run = "ridge, lasso = regress(0, 0.2), regress(0.2, 0)",
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

choice "Which of the three comes nearest to the true weights 3, -2, 1, 0, 0, ...?" {
  {"L1", "Yes: its squared errors add up to 0.08. Without a penalty they make 0.44, with L2 1.15.",
    right = true},
  {"L2", "It shrinks the three that matter most of all: squared errors of 1.15 together."},
  {"none", "Its useless features carry weights made of noise: squared errors of 0.44 together."},
}

text [[
  The same in a picture: all pairs of weights that cost 1. The loss would like larger weights and
  pulls outwards until a price line stops it. The *elastic net* is the mixture of both prices.
]]

picture "Pairs of weights that cost 1: L2, L1, and elastic net" {
  name = "circles",
  code = [[
    t = tensor.linspace(0, 2 * math.pi, 400)
    c, s = t:cos(), t:sin()
    a = c:abs() + s:abs()
    r = ((a * a + 4):sqrt() - a) / 2
    shapes = plot.curve({{"L2", c, s}, {"L1", c / a, s / a},
      {"elastic net", c * r, s * r}}, {xlabel = "w1", ylabel = "w2"})
    shapes.equal = true
    shapes
  ]],
}

choice "The line of L1 has corners, and at a corner one is stopped easily. What is special about the corners?" {
  name = "corner",
  {"One of the two weights is zero there.", "Yes. The circle has no corners: on it, hardly any pair has a zero.",
    right = true},
  {"Both weights are equal there.", "That is in the middle of a side."},
  {"Both weights are as small as possible there.", "The middle of a side is nearer to the origin than a corner."},
}

text [[
  # Check what you read

  A lecture names two ways to implement "a regularization": `weight_decay` in the optimiser, and
  a loop that adds `abs(p)` of *all* parameters to the loss. The first is L2, the second L1, and
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
    loss = ((b - 5):square() + b:abs()):sum()
    loss:backward()
    opt:step()
  end
  b:item()
]]

text [[
  Descent agrees: every prediction is wrong by 0.5, and nothing has become smoother. Biases bend
  nothing, so leave them out.
]]

ask [[
  Write the elastic net that way: `elastic(net, l1, l2)` is l1 times the sum of |w| plus l2 times
  the sum of w^2, without the biases. (The `w:dim()` of a bias is 1.)
]] {
  name = "elastic",
  solution = [[
    function elastic(net, l1, l2)
      local sum = 0
      for _, w in ipairs(net:parameters()) do
        if w:dim() > 1 then
          sum = sum + w:abs():sum() * l1 + w:square():sum() * l2
        end
      end
      return sum
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.elastic
    if type(f) ~= "function" then return false, "There is no function `elastic` yet." end
    local probe = nn.Sequential(nn.Linear(2, 1), nn.Linear(1, 1))
    for i, value in ipairs{tensor{{3, -4}}, tensor{2}, tensor{{-1}}, tensor{-5}} do
      probe:parameters()[i]:detach():copy_(value)
    end
    local p = f(probe, 0.1, 0.01)
    if not tensor.is_tensor(p) then return false, "It should return a tensor." end
    if not p.requires_grad then return false, "It has lost its graph: no `:item()` inside." end
    local v = p:item()
    return math.abs(v - 1.06) < 1e-4,
      ("For weights 3, -4, -1, biases 2, -5, l1 0.1, l2 0.01 it gives %.4g; it should be 1.06.")
        :format(v), v
  end),
  hints = {
    "Begin with your `penalty`: the same loop, with an `if` in it.",
    "`w:abs():sum() * l1 + w:square():sum() * l2` is what one weight matrix costs.",
  },
  mistakes = {
    {[[function elastic(net, l1, l2)
      local sum = 0
      for _, w in ipairs(net:parameters()) do
        sum = sum + w:abs():sum() * l1 + w:square():sum() * l2
      end
      return sum
    end]], "The biases pay, too: leave out what has one dimension."},
    {[[function elastic(net, l1, l2)
      local sum = 0
      for _, w in ipairs(net:parameters()) do
        if w:dim() > 1 then sum = sum + w:sum() * l1 + w:square():sum() * l2 end
      end
      return sum
    end]], "Without `abs` negative weights earn money."},
    {[[function elastic(net, l1, l2)
      local sum = 0
      for _, w in ipairs(net:parameters()) do
        if w:dim() == 1 then sum = sum + w:abs():sum() * l1 + w:square():sum() * l2 end
      end
      return sum
    end]], "The other way round: here only the biases pay."},
  },
  after = "`train.fit` adds the same for `l1` and `l2`.",
}

choice "Which are true? There may be several." {
  {"A larger lambda always fits fresh points better.", "Too large, and the net underfits."},
  {"L1 makes weights exactly or nearly zero.", "Its push does not weaken near zero.", right = true},
  {"In plain descent, L2 with lambda is `weight_decay = 2 lambda`.", "From differentiating w^2.",
    right = true},
  {"A penalty lowers the training loss.", "It raises it, a little; the gap is what shrinks."},
}

try "Find the lambda that suits the fresh points best. How much too much is too much?" {
  suggest = {
    "fit(0, 0.05).valid[1500]",
    "fit(0.0001, 0).valid[1500]",
    "zeros(regress(0.2, 0.1))",
    "lab.regularise{seeds = 1}.figures.weights",
  },
}

text [[
  To remember: L2 shrinks, L1 selects. Decay and penalty are the same for plain descent, and not
  for Adam; with adaptive optimisers take AdamW.
]]
