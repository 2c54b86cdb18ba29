-- SPDX-License-Identifier: GPL-3.0-or-later
-- Signal and gradient layer by layer in nets that have not been trained.

local activation = require("gradus.lab.activation")
local core = require("gradus.core")
local experiment = require("gradus.lab.experiment")
local options = require("gradus.options")
local pictures = require("gradus.lab.variance_pictures")
local tensor = require("gradus.tensor")
local theory = require("gradus.lab.theory").theory

local M = {}

local WHO = "lab.init_variance"

-- A column of the rows and what theory calls it.
local sides = {{"std", "forward"}, {"gradient_std", "backward"}}

-- How an entry of `init` fills a weight (n, n), how large its biases are, and its name.
local function entry_of(entry)
  if type(entry) == "number" and entry > 0 then
    return {name = ("N(0, %g^2)"):format(entry), fill = function(w) w:normal_(0, entry) end}
  elseif type(entry) == "table" and type(entry[2]) == "function" then
    return {name = entry[1], fill = entry[2]}
  elseif type(entry) == "function" then
    return {name = "own", fill = entry}
  elseif entry == "default" then
    -- Linear's own: U(-1/sqrt(n), 1/sqrt(n)) for weights and biases.
    return {name = entry, bias = true, fill = function(w)
      local bound = 1 / math.sqrt(w:size(2))
      w:uniform_(-bound, bound)
    end}
  end
  local init = require("gradus.nn").init
  local full = tostring(entry):gsub("_$", "") .. "_"
  if not rawget(init, full) or full == "lsuv_" or full == "log_prior_" then
    local names = options.keys(init)
    local near = options.nearest(full, names)
    error(("%s: no initialiser '%s'.%s An entry is a name of nn.init, 'default', a std, a "
      .. "function(w), or {name, function}"):format(WHO, tostring(entry),
      near and (" Did you mean '%s'?"):format(near:sub(1, -2)) or ""), 3)
  end
  return {name = (full:sub(1, -2)), fill = init[full]}
end

local function weight(entry, o)
  local w = tensor.zeros(o.width, o.width)
  entry.fill(w)
  return o.gain == 1 and w or w * o.gain
end

-- The std of the biases: an own number, or Linear's default.
local function bias_std(entry, o)
  return o.bias or (entry.bias and 1 / math.sqrt(3 * o.width) or 0)
end

-- By what power of the input's size the std of each layer grows: 1 for ReLU, where twice the input
-- is twice the output. Beyond 1, what one seed has more than another is multiplied on its way. GELU
-- keeps half of the square of a large z, but a quarter of a small one's: a small signal shrinks
-- faster.
local function powers(name, given, t)
  local step = 1.02
  given.input, given.width = step * step, nil
  local other, list = theory(name, given), {forward = {}, backward = {}}
  for side, values in pairs(list) do
    for l = 1, given.depth do
      values[l] = math.log(other[side][l] / t[side][l]) / math.log(step)
    end
  end
  return list
end

-- The prediction, from the second moment of weights drawn for this alone; nil if their mean is so
-- large that units are not independent, which the recursion takes for granted.
local function predict(entry, o)
  core.seed(987654321)
  local w, squares, sums = weight(entry, o), 0, 0
  for _ = 1, 4 do
    squares = squares + w:square():mean():item() / 4
    sums = sums + w:mean():item() / 4
    w = weight(entry, o)
  end
  if squares == 0 or sums * sums * o.width > 0.2 * squares then return nil end
  local given = {depth = o.depth, w = o.width * squares, b = bias_std(entry, o) ^ 2,
    dropout = o.dropout, width = o.width}
  local t = theory(o.activation, given)
  t.powers = powers(o.activation, given, t)
  return t
end

-- The share of units that are 0 for the whole batch.
local function dead(a)
  return 1 - a:ne(0):sum(1):gt(0):sum():item() / a:size(2)
end

local function statistics(a, act)
  local s = (act.bound and a - act.middle or a):stats {bound = act.bound}
  return {mean = s.mean + (act.middle or 0), std = s.std, zeros = s.zeros, dead = dead(a),
    saturated = act.bound and s.beyond or nil}
end

-- Up to 4096 values of a layer, for its histogram.
local function sample(a)
  local flat = a:detach():reshape(-1)
  return flat:narrow(1, 1, math.min(4096, flat:numel())):clone()
end

local function forward(entry, o, act, rows, kept)
  local a, gradients = tensor.randn(o.batch, o.width), {}
  a.requires_grad = true
  local b = bias_std(entry, o)
  for l = 1, o.depth do
    local z = tensor.linear(a, weight(entry, o), b > 0 and tensor.randn(o.width) * b or nil)
    a = act.f(z)
    if o.dropout > 0 then a = tensor.dropout(a, o.dropout, true) end
    a:register_hook(function(g) gradients[l] = g:detach() end)
    rows[l] = statistics(a:detach(), act)
    if kept then kept.forward[l] = sample(a) end
  end
  return a, gradients
end

-- One net under one seed: a row a layer. The loss is the sum of the outputs times fixed noise of
-- variance 1, so that the gradient at the last layer is that noise.
local function measure(entry, o, act, seed, kept)
  local rows = {}
  local a, gradients = forward(entry, o, act, rows, kept)
  ;(a * tensor.randn(o.batch, o.width)):sum():backward()
  for l, row in ipairs(rows) do
    local s = gradients[l]:stats()
    row.init, row.seed, row.layer = entry.name, seed, l
    row.gradient_mean, row.gradient_std = s.mean, s.std
    if kept then kept.backward[l] = sample(gradients[l]) end
  end
  return rows
end

-- The geometric mean over the seeds of one column at one layer.
local function typical(runs, l, column)
  local sum = 0
  for _, rows in ipairs(runs) do sum = sum + math.log(rows[l][column]) end
  return math.exp(sum / #runs)
end

-- The layer at which a band is read: up to three layers away from where the prediction is exact it is that of three.
local function place(o, side, l)
  if side == "forward" then return math.min(o.depth, math.max(3, l)) end
  return math.min(math.max(1, o.depth - 3), l)
end

-- sqrt(5 l / n), l layers away.
local function plain(_, o, side, l)
  local at = place(o, side, l)
  return math.sqrt(5 * math.max(3, side == "forward" and at or o.depth - at) / o.width)
end

-- The logarithm of the factor that a seed may be off theory: the wider of that and the band of this activation, which
-- is wider where a layer multiplies what a signal is off.
local function allowed(run, o, side, l)
  return math.max(plain(run, o, side, l), math.log(run.theory.band[side][place(o, side, l)]))
end

-- The first layer where the typical seed is outside of 5 % up to layer 3 and of the band after it.
local function parting(run, o, column, side)
  for step = 1, o.depth do
    local l = column == "std" and step or o.depth + 1 - step
    local log = math.max(math.log(1.05), step > 3 and allowed(run, o, side, l) or 0)
    local ratio = typical(run.seeds, l, column) / run.theory[side][l]
    if not (math.abs(math.log(ratio)) <= log) then return l, ratio end
  end
end

-- Why `rows`, those of one seed, are off at layer l.
local function why_parted(run, act, l, side, rows)
  local first, predicted = rows[l], run.theory[side][l]
  local signal = (first.std / run.theory.forward[l]) ^ 2
  if first.std ~= first.std or first.std == math.huge or first.std < 1e-36 or predicted < 1e-36 then
    return "the numbers leave float32 there"
  elseif (first.saturated or 0) > 0.2 then
    return ("%.0f %% of the units are saturated, and a few that are not carry the gradient"):format(
      100 * first.saturated)
  end
  local text = "theory is for infinite width; at this width each layer adds its own random factor"
  local power = run.theory.powers[side][l]
  if act.slope then return text end
  if side == "backward" and (signal > 2 or signal < 0.5) then
    return text .. (", and the square of the signal there is %.2g times what theory says (where chance "
      .. "may make it %.2g times): the gradient meets the chi of that signal, and of a batch the few samples with "
      .. "the largest gradients count"):format(signal, run.theory.band.forward[l] ^ 2)
  end
  if power == power and power > 1.5 then
    return text .. ", each later one multiplies it, and the few samples with the largest gradients make "
      .. "the batch's mean"
  end
  return text .. ", and what that does to the signal's size changes chi for the layers above"
end

-- What becomes of a signal that is 1 % larger, where the layers multiply that.
local function about_power(run, o, act)
  local power = run.theory.powers.forward[o.depth]
  if act.slope or not (power > 1.5) then return "" end
  return (" %s multiplies what a signal is off: 1 %% more at the input is %.2g %% more at layer %d (with "
    .. "ReLU 1 %%), for its E[f(z)^2] falls faster than the variance of z; its band widens by that."):format(
    act.name, power, o.depth)
end

-- What the typical batch is off at the last layer, where that is more than 5 %.
local function about_offset(run, o)
  local expected = run.theory.band.offset[o.depth]
  local found = typical(run.seeds, o.depth, "std") / run.theory.forward[o.depth]
  if not (math.abs(math.log(expected)) > 0.05 and run.theory.band.forward[o.depth] < 10) then return "" end
  return (" At this width the typical net is expected at %.3g of theory at layer %d (found: %.3g): %s."):format(
    expected, o.depth, found, expected < 1 and "the middle of what is multiplied by chance lies below its mean"
    or "samples differ, and the largest make the batch's mean")
end

local function growth(list)
  local n = #list
  return n > 1 and list[1] ~= 0 and (list[n] / list[1]) ^ (1 / (n - 1)) or 1
end

local function about_theory(run, o, act)
  local t = run.theory
  local text = (" theory: %s, chi %.3g at the fixed point (z of variance %.3g)"):format(t.regime,
    t.chi_fixed, t.q)
  for _, side in ipairs(sides) do
    local l, ratio = parting(run, o, side[1], side[2])
    if l then
      text = text .. ("; %s they part at layer %d (measured / predicted %.3g): %s"):format(side[2],
        l, ratio, why_parted(run, act, l, side[2], run.seeds[1]))
    end
  end
  return text .. "." .. about_power(run, o, act) .. about_offset(run, o)
end

local function note(run, o, act)
  local forward_std, backward_std = {}, {}
  for l = 1, o.depth do
    forward_std[l] = typical(run.seeds, l, "std")
    backward_std[o.depth + 1 - l] = typical(run.seeds, l, "gradient_std")
  end
  local last = run.seeds[1][o.depth]
  local text = ("%s: std %.3g at layer 1, %.3g at layer %d (times %.3g a layer); gradient %.3g at "
    .. "layer 1 (times %.3g a layer on its way back)."):format(run.name, forward_std[1],
    forward_std[o.depth], o.depth, growth(forward_std), backward_std[o.depth], growth(backward_std))
  if last.saturated then text = text .. (" %.0f %% saturated."):format(100 * last.saturated) end
  if last.dead > 0 then text = text .. (" %.0f %% dead."):format(100 * last.dead) end
  return text .. (run.theory and about_theory(run, o, act)
    or " No theory: the weights are all 0, or their mean is too far from 0.")
end

-- The farthest that a seed is off theory, in bands (`allowed`, or only exp(+-sqrt(5 l / n))): 1 at the edge.
local function farthest(rows, run, o, bound)
  local most, where = 0, nil
  for _, side in ipairs(sides) do
    for l, row in ipairs(rows) do
      local ratio = math.abs(math.log(row[side[1]] / run.theory[side[2]][l]))
      local bands = ratio / (bound or allowed)(run, o, side[2], l)
      if not (bands <= most) then most, where = bands, {l, side[2]} end
    end
  end
  return most, where
end

-- The share of layers, over both directions and all seeds, within the drawn band.
local function share_inside(run, o)
  local inside, all = 0, 0
  for _, side in ipairs(sides) do
    for l = 1, o.depth do
      if run.theory.band[side[2]][l] > 1 then -- the last gradient is given
        for _, rows in ipairs(run.seeds) do
          local log = math.abs(math.log(rows[l][side[1]] / run.theory[side[2]][l]))
          all = all + 1
          if log <= math.log(run.theory.band[side[2]][l]) then inside = inside + 1 end
        end
      end
    end
  end
  return 100 * inside / all
end

-- The farthest that the typical seed is off theory in the first three layers, in percent.
local function near(run, o)
  local worst = {0, 0}
  for i, side in ipairs(sides) do
    for step = 1, math.min(3, o.depth) do
      local l = i == 1 and step or o.depth + 1 - step
      local ratio = typical(run.seeds, l, side[1]) / run.theory[side[2]][l]
      worst[i] = math.max(worst[i], 100 * math.abs(ratio - 1))
    end
  end
  return worst
end

-- The threshold exp(+-sqrt(5 l / n)) was fixed before the first run. It is ReLU's; the wider band of
-- activations that multiply what a signal is off came after it had failed for GELU, SiLU and Mish, and that band is
-- drawn (chance.lua) since its first order had failed for GELU's gradients.
local function claim(e, run, act)
  local o, worst, parted = e.o, near(run, e.o), nil
  local wider = not act.slope and (allowed(run, o, "forward", o.depth) > math.sqrt(5 * o.depth / o.width)
    or allowed(run, o, "backward", 1) > math.sqrt(5 * (o.depth - 1) / o.width))
  local alone = 0
  for _, rows in ipairs(run.seeds) do
    if farthest(rows, run, o, plain) <= 1 then alone = alone + 1 end
  end
  local c = e:claim {text = ("%s: theory tells the std of activations and gradients"):format(run.name),
    threshold = "every layer is within exp(+-sqrt(5 l / n)) of it, l layers from where it is exact"
      .. (wider and (", or within the wider band of " .. act.name) or ""),
    unit = "of the band at the farthest layer",
    evidence = ("typical seed: off by at most %.2g %% in the first three layers, %.2g %% in the "
      .. "last three backward (5 %% is the aim); %.0f %% of all layers within the drawn band (95 %% "
      .. "are expected of single signals)"):format(worst[1], worst[2], share_inside(run, o))
      .. (wider and ("; %d of %d seeds within exp(+-sqrt(5 l / n)) alone"):format(alone, #run.seeds) or ""),
    each = function(k)
      local most, where = farthest(run.seeds[k], run, o)
      if not (most <= 1) and not parted then
        parted = where
        parted.rows = run.seeds[k]
      end
      return most, most <= 1
    end}
  if parted then
    c.otherwise = ("%s at layer %d: %s"):format(parted[2], parted[1],
      why_parted(run, act, parted[1], parted[2], parted.rows))
  end
end

local function run_all(e, act)
  local o, runs = e.o, {}
  for i, given in ipairs(o.init) do
    runs[i] = entry_of(given)
    runs[i].kept = {forward = {}, backward = {}}
    runs[i].theory = require("gradus.seeded").run(0, predict, runs[i], o)
  end
  local all = e:run(runs, function(run, seed, k)
    return measure(run, o, act, seed, k == 1 and run.kept)
  end)
  for i, run in ipairs(runs) do run.seeds = all[i] end
  return runs
end

--- lab.init_variance{depth: integer = 10, width: integer = 256, activation: string|function = "tanh", init: {...}, gain: number = 1, bias: number, dropout: number = 0, batch: integer = 128, seeds: integer|{...} = 5} -> result
--- How signal and gradient shrink or grow from layer to layer in a net at its beginning, under any
--- list of initialisers: names of nn.init, "default" (nn.Linear's own), a plain standard
--- deviation, a function of the weight, or {name, function}.
---
--- gain multiplies all weights; bias is the std of the biases. Input and the gradient at the last
--- layer are N(0, 1). result.rows has mean, std, zeros, dead, saturated, gradient_mean and
--- gradient_std by init, seed and layer. result.figures.depth shows the std against depth: dots are
--- measured (band over the seeds), dashes are lab.theory, and between the thin lines 19 of 20 single signals are
--- expected at this width: exp(+-sqrt(5 l / n)) around theory for ReLU, each activation's own band
--- (lab.theory's) for others. figures.activations and figures.gradients are histograms.
--- > r = lab.init_variance{depth = 5, width = 64, activation = "relu", init = {"kaiming_normal", 0.01}}
--- > #r.rows
--- 50
--- > r.runs[1].theory.regime, r.runs[2].theory.regime
--- critical	ordered
--- > r.figures.order[1]
--- depth
function M.init_variance(given)
  local e = experiment.new(WHO, given, {depth = 10, width = 256, activation = "tanh", gain = 1,
    init = {"default", "xavier_normal", "kaiming_normal"}, dropout = 0, batch = 128}, {"bias"})
  local o = e.o
  if type(o.init) ~= "table" then o.init = {o.init} end
  if #o.init == 0 then error(WHO .. ": init is a list of initialisers; got an empty table", 2) end
  local act = activation.find(WHO, o.activation)
  local runs = run_all(e, act)
  for _, run in ipairs(runs) do
    for _, rows in ipairs(run.seeds) do
      for _, row in ipairs(rows) do e:row(row) end
    end
    if run.theory then claim(e, run, act) end
    e:note("%s", note(run, o, act))
  end
  local figures = pictures.make(runs, o, act)
  for _, name in ipairs(figures.order) do e:figure(name, figures[name]) end
  return e:finish {runs = runs, name = ("%s net of %d layers of %d units, before training"):format(
    act.name, o.depth, o.width), columns = {"init", "seed", "layer", "mean", "std",
    "zeros", "dead", "saturated", "gradient_mean", "gradient_std"}, look =
    "which lines stay level in both pictures. Level forward and backward is what an initialiser "
      .. "is for."}
end

return M
