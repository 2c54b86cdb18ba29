-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Depth: how signals and gradients explode or vanish" {
  topic = "W = 2I and I/2, N(0,1) and U(0,1), gradients as S^(m-1)",
  minutes = 18,
  needs = {"04-backpropagation"},
  rows = {10},
}

text [[
  Before its first step a net has only the weights it began with. One layer does not mind much
  how large they are; thirty layers do. The plainest case: each layer multiplies by 2, or by
  a half.
]]

code [[
  function through(W, depth)        -- an input through `depth` equal layers
    local h = tensor{{1, 1}}
    for layer = 1, depth do h = h:matmul(W:t()) end
    return h
  end

  double, half = tensor.eye(2) * 2, tensor.eye(2) / 2
  through(double, 3)
]]

predict "What is the first number after 20 layers with W = 2 I (`double`)?" {
  name = "double",
  reveal = "through(double, 20)[1][1]",
  within = 1,
  after = "2 to the power of 20, a million. After 128 layers it no longer fits into a float32.",
}

predict "And after 20 layers with W = I / 2?" {
  name = "half",
  reveal = "through(half, 20)[1][1]",
  within = 1,
  after = "A millionth. Both are one factor, multiplied with itself 20 times.",
}

ask [[
  Write `gradient(S, m)`: the gradient of the FIRST weight in a chain of m numbers, y = w_m ...
  w_2 w_1 x, where x is 1 and every weight is S. What multiplies w_1 is all the others.
]] {
  name = "chain",
  solution = [[
    function gradient(S, m)
      return S ^ (m - 1)
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.gradient
    if type(f) ~= "function" then return false, "There is no function `gradient` yet." end
    for _, case in ipairs{{2, 5, 16}, {0.5, 3, 0.25}, {3, 1, 1}} do
      local got = f(case[1], case[2])
      got = tensor.is_tensor(got) and got:numel() == 1 and got:item() or got
      if type(got) ~= "number" then return false, "It must give a number." end
      if math.abs(got - case[3]) > 1e-4 then
        return false, ("For S = %g and m = %d it is %g, yours is %g."):format(case[1], case[2],
          case[3], got), got
      end
    end
    return true
  end),
  hints = {
    "For m = 1 the gradient is x = 1. For m = 2 it is S.",
    "A power of S: in Lua `S ^ k`. How many weights are there beside the first?",
  },
  mistakes = {
    {"function gradient(S, m) return S ^ m end", "That counts the first weight, too. Only the others multiply it."},
    {"function gradient(S, m) return S * (m - 1) end", "The weights multiply: a power, not a product with m - 1."},
  },
  variant = [[
    function gradient(S, m)
      local w = tensor({S}, {requires_grad = true})
      local y = w
      for k = 2, m do y = y * S end
      y:sum():backward()
      return w.grad:item()
    end
  ]],
}

pause()

text [[
  S to the power of m - 1. Does it hold for matrices? `lab.scale_depth` measures the first
  weight's gradient in nets of 1 to 20 layers of 64 units, whose weights have scale S.
]]

code [[
  scales = lab.scale_depth{scales = {0.5, 0.9, 1, 1.1, 2}, depth = 20,
    weights = "orthogonal", seeds = 2}
]]

predict "S = 1.1 is only a tenth too large. By which factor has the gradient grown at depth 20?" {
  name = "tenth",
  reveal = [[ (function()
    for _, row in ipairs(scales.rows) do
      if row.scale == 1.1 and row.depth == 20 then return row.relative end
    end
  end)() ]],
  within = 0.5,
  after = "1.1 to the power of 19 is 6.1. A tenth is little in one layer, and six-fold in twenty.",
}

pause()

picture "The gradient of the first weight against depth, log axis: straight lines, and dashes for S^(m-1)" {
  name = "scale",
  code = [[ scales.figures.depth ]],
}

pause()

text [[
  # Random weights

  "Random" is often N(0, 1) or U(0, 1). A layer of 64 units adds up 64 products. Here are
  256 inputs of standard deviation 1.
]]

code [[
  x = tensor.randn(256, 64)
]]

predict "What is the standard deviation after ONE layer with N(0, 1)?" {
  name = "one",
  reveal = "x:matmul(tensor.randn(64, 64)):std()",
  within = 0.5,
  after = "The sum of 64 independent products of variance 1 has variance 64, so standard deviation 8.",
}

code [[
  function stds(depth, fill)        -- the standard deviation after each layer
    local h, list = x, {}
    for layer = 1, depth do
      h = h:matmul(fill(tensor.zeros(64, 64)))
      list[layer] = h:std():item()
    end
    return list
  end
]]

code [[
  normal = function(s) return function(w) return w:normal_(0, s) end end
  small = stds(10, normal(0.05))
]] {quiet = true}

predict "Sketch it, layers 1 to 10, for weights from N(0, 0.05^2): one layer multiplies by 0.05 times 8 = 0.4." {
  name = "sketch",
  reveal = "small",
  sketch = {x = "layer", y = "standard deviation"},
  within = 0.15,
  after = "0.4, 0.16, 0.064 and on, to a ten-thousandth at layer 10.",
}

pause()

ask "Measure U(0, 1): keep in `flat` the ten standard deviations for weights drawn evenly between 0 and 1. A tensor `w` is filled by `w:uniform_(0, 1)`." {
  name = "uniform",
  solution = "flat = stds(10, function(w) return w:uniform_(0, 1) end)",
  check = that(function(answer)
    local list = answer.vars.flat
    if type(list) ~= "table" or #list ~= 10 then return false, "`flat` is to be a list of ten numbers." end
    local factor = (list[10] / list[2]) ^ (1 / 8)
    if factor > 25 and factor < 40 then return true end
    return false, ("Yours grows by a factor of %.3g a layer; for U(0, 1) it is 32."):format(factor), factor
  end),
  hints = {
    "`stds(10, fill)`, where `fill` is a function that fills a weight and returns it.",
    "`function(w) return w:uniform_(0, 1) end` is such a function.",
  },
  mistakes = {
    {"flat = stds(10, function(w) return w:uniform_(-1, 1) end)",
      "Between -1 and 1: those have mean 0. U(0, 1) has mean 1/2, and that matters."},
  },
  variant = "flat = stds(10, function(w) return tensor.rand(64, 64) end)",
  after = [[
    Times 32 a layer: weights that are all positive add up instead of cancelling. Their mean,
    1/2, does it: 64 times 1/2 is 32.
  ]],
}

pause()

picture "Standard deviation against depth for three beginnings, log axis" {
  name = "depth",
  code = [[
    plot.depth({{"U(0, 1)", flat}, {"N(0, 1)", stds(10, normal(1))},
      {"N(0, 0.05^2)", small}}, {ylabel = "std of activations"})
  ]],
}

pause()

text [[
  # With tanh in between

  Tanh keeps every number between -1 and 1: the signal cannot explode any more. Is all well
  then? `lab.init_variance` looks at both directions.
]]

code [[
  net = lab.init_variance{depth = 8, width = 100, activation = "tanh",
    seeds = 1, init = {{"N(0,1)", normal(1)},
      {"U(0,1)", function(w) w:uniform_(0, 1) end},
      {"tiny", normal(0.01)}}}
]]

choice "N(0, 1) with tanh: the outputs are all near -1 or 1, that is saturated. The gradient, on its way back over 8 layers ..." {
  {"explodes", "Yes. Most units pass nothing, but a few that are not saturated multiply by weights of size 1, and 100 of them.",
    right = true},
  {"vanishes, since tanh is flat there", "One would think so. Yet the large weights win, as you will see."},
  {"stays as it is", "Only if what the flat tanh takes and what the weights give were equal. They are not."},
}

pause()

code [[
  for _, row in ipairs(net.rows) do
    if row.layer == 1 then
      print(("%s: gradient in layer 1 %.2g, %.0f %% saturated"):format(
        row.init, row.gradient_std, 100 * row.saturated))
    end
  end
]]

code [[
  function first_and_last(figure)   -- of its four layers a beginning: 1 and 8
    local p = figure.grid
    return plot.grid({p[1], p[5], p[9], p[4], p[8], p[12]}, {columns = 3})
  end
]] {quiet = true}

picture "Histograms of activations, above in layer 1, below in layer 8, for the three beginnings" {
  name = "activations",
  code = [[ first_and_last(net.figures.activations) ]],
}

pause()

picture "And of the gradients in the same layers" {
  name = "gradients",
  code = [[ first_and_last(net.figures.gradients) ]],
}

pause()

choice "For U(0, 1) the gradient in layer 1 is not just small, it is exactly 0. Why?" {
  {"Behind the first layer tanh is flat for every sample.",
    "There all sums are far off, tanh is exactly 1 or -1 in float32, its slope exactly 0.",
    right = true},
  {"Weights between 0 and 1 are too small.", "The tiny ones, from N(0, 0.01^2), are far smaller, and leave 1e-7."},
  {"What the many weights send back cancels out.",
    "Sums of random numbers cancel nearly, not exactly. Here each term of them is 0."},
}

fix "A friend wants a chain of 50 layers that keeps its input, and starts it like this. Repair `W` by one number." {
  name = "keep",
  broken = [[
    W = tensor.eye(2) * 1.05
    through(W, 50)
  ]],
  solution = [[
    W = tensor.eye(2) * 1
    through(W, 50)
  ]],
  check = that(function(answer)
    local W = answer.vars.W
    if not tensor.is_tensor(W) or W:dim() ~= 2 then return false, "`W` is to be a (2, 2) tensor." end
    local out = through(W, 50):abs():max():item()
    return out > 0.5 and out < 2, ("After 50 layers it is %.3g."):format(out), out
  end),
  hints = {"1.05 to the power of 50 is 11.", "Which factor stays as it is, however often it is multiplied?"},
  mistakes = {{"W = tensor.eye(2) * 0.95", "Now it vanishes: 0.95 to the power of 50 is 0.08."}},
}

try "How close to 1 must S be for 100 layers?" {
  suggest = {
    "through(tensor.eye(2) * 1.01, 100)",
    "lab.scale_depth{scales = {0.98, 1.02}, depth = 100, seeds = 1}.figures.depth",
    "through(double, 127), through(double, 128)",
  },
}

text [[
  A factor per layer, to the power of the depth: only 1 will do. `:lesson 12` finds the random
  weights for which the factor is 1.
]]
