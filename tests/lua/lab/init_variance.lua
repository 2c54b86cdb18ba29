-- SPDX-License-Identifier: GPL-3.0-or-later
-- Theory against measurement, and what the experiment gives back.
local names = {"linear", "relu", "leaky_relu", "tanh", "sigmoid", "hardtanh", "softsign", "elu",
  "selu", "gelu", "silu", "mish", "softplus"}

-- The geometric mean over the seeds, by layer, against the prediction.
local function worst_ratio(run, column, predicted, depth)
  local worst = 0
  for l = 1, depth do
    local sum = 0
    for _, rows in ipairs(run.seeds) do sum = sum + math.log(rows[l][column] / predicted[l]) end
    worst = math.max(worst, math.abs(sum / #run.seeds))
  end
  return math.exp(worst) - 1
end

-- Within 5 % to layer 3, both ways, for every activation; with biases and dropout, too.
local bad = 0
for _, setting in ipairs {{}, {bias = 0.3, dropout = 0.2, gain = 1.5}} do
  for _, name in ipairs(names) do
    local r = lab.init_variance {depth = 3, width = 256, batch = 64, activation = name, seeds = 8,
      init = {"default", "xavier_normal", "kaiming_uniform"}, bias = setting.bias,
      dropout = setting.dropout, gain = setting.gain, progress = false}
    for _, run in ipairs(r.runs) do
      local f = worst_ratio(run, "std", run.theory.forward, 3)
      local b = worst_ratio(run, "gradient_std", run.theory.backward, 3)
      if not (f < 0.05 and b < 0.05) then
        bad = bad + 1
        print(name, run.name, f, b)
      end
    end
  end
end
print(bad) -- expect: 0

-- Each seed of a deep net stays within exp(+-sqrt(5 l / n)).
local r = lab.init_variance {depth = 30, width = 128, batch = 64, activation = "relu",
  init = {"kaiming_normal"}, seeds = 8, progress = false}
local outside = 0
for _, row in ipairs(r.rows) do
  local l, t = row.layer, r.runs[1].theory
  local forward = math.log(row.std / t.forward[l])
  local backward = math.log(row.gradient_std / t.backward[l])
  if math.abs(forward) > math.max(0.15, math.sqrt(5 * l / 128)) then outside = outside + 1 end
  if math.abs(backward) > math.max(0.15, math.sqrt(5 * (30 - l) / 128)) then outside = outside + 1 end
end
print(outside, #r.rows) -- expect: 0	240

-- Its own verdict says so, seed by seed, for several activations, with biases and dropout, too.
for _, name in ipairs {"linear", "relu", "tanh", "sigmoid", "selu"} do
  local wide = lab.init_variance {depth = 20, activation = name, batch = 64, progress = false,
    bias = name == "tanh" and 0.3 or nil, dropout = name == "tanh" and 0.2 or nil}
  for _, c in ipairs(wide.claims) do
    if c.held < 5 then print(name, c.text, c.held) end
  end
end
-- Where it does not hold, it says where and why: a few samples of a SiLU net may carry most of a batch's gradient.
local silu = lab.init_variance {depth = 20, width = 128, activation = "silu", init = {"kaiming_normal"}, progress = false,
  seeds = {101, 102, 103, 104, 105}}
print(silu.claims[1].held < 5, tostring(silu):match("Why: backward at layer %d+: .*the few samples with the largest gradients")
  ~= nil) -- expect: true	true
local gelu = lab.init_variance {depth = 20, activation = "gelu", init = {"kaiming_normal"}, batch = 64,
  seeds = 2, progress = false}
print(tostring(gelu):find("gelu multiplies what a signal is off: 1 %", 1, true) ~= nil) -- expect: true

-- The numbers of the lectures: Linear's default with ReLU keeps sqrt(1/6) of a gradient.
local t = lab.theory("relu", {depth = 2, w = 1 / 3})
print(("%.5f %.5f"):format(t.backward[1], math.sqrt(1 / 6))) -- expect: 0.40825 0.40825
print(lab.theory("tanh", {w = 1}).regime) -- expect: critical
print(lab.theory("tanh", {w = 0.5}).regime) -- expect: ordered
print(lab.theory("tanh", {w = 2}).regime) -- expect: chaotic
-- E[tanh'(z)^2] at q = 20 (numpy, two million points).
print(("%.6f"):format(lab.theory("tanh", {w = 20, depth = 1}).chi[1] / 20)) -- expect: 0.117996

-- Own functions, plain scales, figures, csv; the same seeds give the same numbers.
local function once()
  return lab.init_variance {depth = 6, width = 32, seeds = {3, 4}, activation = "tanh",
    init = {0.5, {"equal", function(w) w:fill_(0.1) end}}, progress = false}
end
r = once()
print(r:csv() == once():csv(), #r.rows) -- expect: true	24
print(r.runs[1].name, r.runs[2].name, r.runs[2].theory) -- expect: N(0, 0.5^2)	equal	nil
print(table.concat(r.figures.order, " ")) -- expect: depth activations gradients
print(#r.figures.activations.grid, #r.figures.depth.grid) -- expect: 8	2
print(tostring(r):match("equal.*No theory") ~= nil) -- expect: true
-- One saturates: the share is that of |tanh| > 0.97.
local saturated = lab.init_variance {depth = 1, width = 64, seeds = 1, init = {100},
  progress = false}
print(saturated.rows[1].saturated > 0.98) -- expect: true
local function message(f, ...)
  local _, why = pcall(f, ...)
  return (why:gsub("^[^ ]*:%d+: ", ""):match("^[^?]*%?"))
end
print(message(lab.init_variance, {init = {"xavier_norma"}}))
-- expect: lab.init_variance: no initialiser 'xavier_norma'. Did you mean 'xavier_normal'?
print(message(lab.theory, "rleu")) -- expect: lab.theory: no activation 'rleu'. Did you mean 'relu'?
print(message(lab.init_variance, {dept = 3}))
-- expect: lab.init_variance: unknown option 'dept'. Did you mean 'depth'?
-- What a seed has more than another stays as it is with ReLU and is multiplied by GELU; the note says so.
r = lab.init_variance {activation = "relu", depth = 20, init = {"kaiming_normal"}, seeds = 1, progress = false}
print(("%.4f"):format(r.runs[1].theory.powers.forward[20])) -- expect: 1.0000
r = lab.init_variance {activation = "gelu", depth = 20, init = {"kaiming_normal"}, seeds = 1, progress = false}
print(("%.0f"):format(r.runs[1].theory.powers.forward[20])) -- expect: 9

-- The band. What scales with its input: sqrt(k l / n), k = 5 for ReLU and 2 for a linear layer, both ways.
local band = lab.theory("relu", {depth = 20, w = 2, width = 256}).band
print(band.forward[20] == math.exp(math.sqrt(5 * 20 / 256)), band.backward[1] == math.exp(math.sqrt(5 * 19 / 256)))
-- expect: true	true
band = lab.theory("linear", {depth = 20, width = 256}).band
print(band.forward[20] == math.exp(math.sqrt(2 * 20 / 256)), band.backward[20]) -- expect: true	1.0
-- Quadrature comes to the same as the closed form, dropout included, where it may not use it.
local off = 0
for _, p in ipairs {0, 0.3} do
  local given = {depth = 12, w = 2, width = 256, dropout = p}
  local own = lab.theory(function(x) return x:relu() end, given).band
  local known = lab.theory("relu", given).band
  for l = 2, 12 do -- layer 1: the std's own share differs from that of the mean square
    off = math.max(off, math.abs(own.forward[l] / known.forward[l] - 1),
      math.abs(own.backward[l - 1] / known.backward[l - 1] - 1))
  end
end
print(off < 0.01 or off) -- expect: true

-- Drawn signals keep to the derived band where that is narrow; with GELU, where signals are soon ten times theory's,
-- the drawn one is taken: wider for the gradients of the last layers, narrower for the rest.
local chance, spread = require("gradus.lab.chance"), require("gradus.lab.spread")
local find = require("gradus.lab.activation").find
local far = 0
for _, name in ipairs {"tanh", "sigmoid", "softplus", "linear", "relu"} do
  local net = {depth = 12, w = 1, b = 0.1, input = 1, dropout = 0.1, width = 512}
  local act = find("test", name)
  local drawn, derived = chance.of(act, net), spread.of(act, net)
  for l = 1, 12 do
    far = math.max(far, math.abs(math.log(drawn.forward[l] / derived.forward[l])),
      math.abs(math.log(drawn.backward[l] / derived.backward[l])))
  end
end
print(far < 0.04 or far) -- expect: true
local gelu_band = lab.theory("gelu", {depth = 20, w = 2, width = 512}).band
print(gelu_band.drawn, lab.theory("tanh", {depth = 20, w = 2, width = 512}).band.drawn) -- expect: true	nil
print(gelu_band.backward[17] > 1.4 and gelu_band.backward[17] < 1.7) -- expect: true
print(gelu_band.forward[20] < 6.5) -- expect: true

-- Single signals spread as the band says: for the log of the std, two standard deviations, the
-- input's own spread (2 / n) taken out. Forward and backward, wider and narrower than ReLU's.
local function measured(name, width)
  local wide = lab.init_variance {activation = name, depth = 12, width = width, batch = 1, seeds = 60,
    init = {"kaiming_normal"}, progress = false}
  local run, sums = wide.runs[1], {std = 0, gradient_std = 0}
  local squares = {std = 0, gradient_std = 0}
  for _, rows in ipairs(run.seeds) do
    for column in pairs(sums) do
      local v = math.log(rows[column == "std" and 12 or 1][column])
      sums[column], squares[column] = sums[column] + v / 60, squares[column] + v * v / 60
    end
  end
  local function std(column) return math.sqrt(squares[column] - sums[column] ^ 2) end
  local input = run.theory.powers.forward[12] / math.sqrt(2 * width) -- half of sqrt(2 / n), multiplied
  local forward = math.sqrt(std("std") ^ 2 - input ^ 2)
  return 2 * forward / math.log(run.theory.band.forward[12]),
    2 * std("gradient_std") / math.log(run.theory.band.backward[1])
end
for _, name in ipairs {"gelu", "mish", "selu", "softplus"} do
  local forward, backward = measured(name, 256)
  if not (forward > 0.8 and forward < 1.3 and backward > 0.7 and backward < 1.3) then
    print(name, forward, backward)
  end
end

-- Weights that are all 0 have no theory; what is no initialiser is named.
print(#lab.init_variance({depth = 2, width = 8, seeds = 1, init = {"zeros"}, progress = false}).claims) -- expect: 0
for _, init in ipairs {{}, {-1}} do
  print((select(2, pcall(lab.init_variance, {depth = 2, width = 8, init = init, progress = false})):match("lab%.init_var.-[;.]%f[ ]")))
end
-- expect: lab.init_variance: init is a list of initialisers;
-- expect: lab.init_variance: no initialiser '-1'.
