-- SPDX-License-Identifier: GPL-3.0-or-later
-- Dropout left on when predicting: many passes, their mean, and how far they differ.
--
-- Recipe, fixed before the first run.
-- 1  where there are no data: y = sin(1.5 x) + N(0, 0.1) at 30 places between -3 and -1 and 30
--    between 1 and 3; net 1-128-128-1, ReLU, dropout 0.2; Adam 0.003, 2000 steps with all points;
--    100 passes. Mean std of the passes between 4 and 5 and between -5 and -4: at least twice that
--    at the data.
-- 2  in the gap: mean std between -0.5 and 0.5 at least 1.5 times that at the data.
-- 3  errors: 200 digits, net 64-256-10, ReLU, dropout 0.5; Adam 0.001, 1000 steps of 32; 100 passes
--    over 360 held-out digits, their mean probabilities. Doubt is the entropy of these: the area
--    under the ROC of doubt for wrong answers is at least 0.8 (Gal and Ghahramani 2016 in small).
-- 4  ensemble: the mean of the passes and the single pass with dropout off are right equally often,
--    within 1.5 percentage points, while single passes with dropout on are right less often than
--    both.

local experiment = require("gradus.lab.experiment")
local learn = require("gradus.lab.learn")
local tensor = require("gradus.tensor")

local M = {}

local function places(n, low, high) return tensor.rand(n, 1) * (high - low) + low end

local function dropped(p)
  local nn = require("gradus.nn")
  return function() return {nn.ReLU(), nn.Dropout(p)} end
end

-- The mean of a list where x lies within one of some ranges.
local function mean_in(x, list, ranges)
  local sum, n = 0, 0
  for i, at in ipairs(x) do
    for _, r in ipairs(ranges) do
      if at >= r[1] and at <= r[2] then sum, n = sum + list[i], n + 1 end
    end
  end
  return sum / n
end

local function curve(o)
  local nn = require("gradus.nn")
  local x = tensor.cat({places(30, -3, -1), places(30, 1, 3)}, 1)
  local y = (x * 1.5):sin() + tensor.randn(60, 1) * 0.1
  local net = learn.mlp({1, o.width // 2, o.width // 2, 1}, dropped(0.2))
  learn.fit(net, {x = x, y = y}, {steps = o.steps, batch = 60, loss = nn.mse_loss,
    opt = require("gradus.optim").Adam(net:parameters(), {lr = 0.003})})
  local at = tensor.linspace(-5, 5, 201):reshape(201, 1)
  local mean, std = nn.mc(net, at, o.passes)
  local run = {x = x, y = y, at = at:reshape(-1):totable(), mean = mean:reshape(-1):totable(),
    std = std:reshape(-1):totable()}
  run.inside = mean_in(run.at, run.std, {{-3, -1}, {1, 3}})
  run.outside = mean_in(run.at, run.std, {{-5, -4}, {4, 5}})
  run.gap = mean_in(run.at, run.std, {{-0.5, 0.5}})
  return run
end

local function share_right(p, y) return 100 * p:argmax(-1):eq(y):mean():item() end

local function digits(o)
  local nn = require("gradus.nn")
  local set, held = learn.digits {train = 200}
  local net = learn.mlp({64, o.width, 10}, dropped(0.5))
  learn.fit(net, set, {steps = o.steps // 2, batch = 32,
    opt = require("gradus.optim").Adam(net:parameters(), {lr = 0.001})})
  local whole = nn.Sequential(net, nn.Softmax(-1))
  local mean, _, all = nn.mc(whole, held.x, o.passes)
  local doubt = -(mean * mean:clamp(1e-12, 1):log()):sum(2)
  local wrong = mean:argmax(2):ne(held.y)
  local run = {mean = share_right(mean, held.y), off = 100 * learn.accuracy(net, held), single = 0,
    wrong = wrong:totable(), doubt = doubt:totable(), auc = 0 / 0}
  for i = 1, o.passes do run.single = run.single + share_right(all[i], held.y) / o.passes end
  local n = wrong:sum():item()
  if n > 0 and n < wrong:numel() then run.auc = require("gradus.metrics").auc(wrong, doubt) end
  return run
end

local function field(name, runs)
  return experiment.spread(runs, name)
end

local function claims(e, curves, nets)
  for _, c in ipairs {
    {"outside", 2, "beyond the data the passes differ more", "between 4 and 5 and between -5 and "
      .. "-4"},
    {"gap", 1.5, "in a gap between the data the passes differ more", "between -0.5 and 0.5"},
  } do
    e:claim {text = c[3], unit = "times the std at the data",
      threshold = ("%s their std is at least %g times that at the data"):format(c[4], c[2]),
      evidence = ("std at the data %s, there %s"):format(field("inside", curves), field(c[1],
        curves)),
      otherwise = c[1] == "gap" and "the band follows the size of the activations at a place, "
        .. "and only "
        .. "through them how far the data are; between two groups of data it can stay narrow" or nil,
      each = function(k)
        local ratio = curves[k][c[1]] / curves[k].inside
        return ratio, ratio >= c[2]
      end}
  end
  e:claim {text = "where the passes leave doubt, answers are wrong more often",
    unit = "area under the ROC",
    threshold = "the area under the ROC of doubt for wrong answers is at least 0.8",
    evidence = "area " .. field("auc", nets),
    each = function(k) return nets[k].auc, nets[k].auc >= 0.8 end}
  e:claim {text = "one pass with dropout off answers as the mean of many passes does", unit =
    "percentage points more with the mean of the passes",
    threshold = "both are right equally often within 1.5 points, and more often than single passes",
    evidence = ("%% right: mean of passes %s, dropout off %s, single passes %s"):format(
      field("mean", nets), field("off", nets), field("single", nets)),
    each = function(k)
      local r = nets[k]
      return r.mean - r.off, math.abs(r.mean - r.off) <= 1.5 and r.single < math.min(r.mean, r.off)
    end}
end

-- The percentage of wrong answers in each fifth of the digits, from the surest to the most doubtful.
local function by_doubt(net)
  local order, share, n = {}, {}, #net.doubt
  for i = 1, n do order[i] = i end
  table.sort(order, function(a, b)
    if net.doubt[a] ~= net.doubt[b] then return net.doubt[a] < net.doubt[b] end
    return a < b
  end)
  for part = 1, 5 do
    local first, last, wrong = (part - 1) * n // 5 + 1, part * n // 5, 0
    for i = first, last do wrong = wrong + net.wrong[order[i]] end
    share[part] = 100 * wrong / (last - first + 1)
  end
  return share
end

local function figures(e, curves, nets)
  local plot, lo, hi, truth = require("gradus.plot"), {}, {}, {}
  local run, net, bands = curves[1], nets[1], require("gradus.lab.bands")
  for i, m in ipairs(run.mean) do
    lo[i], hi[i] = m - 2 * run.std[i], m + 2 * run.std[i]
    truth[i] = math.sin(1.5 * run.at[i])
  end
  e:figure("band", plot.fit(run.x, run.y, {curve = {run.at, run.mean}, name = "mean of passes",
    band = {lo, hi}, band_name = "2 std", truth = {run.at, truth},
    title = ("%d passes with dropout on, first seed"):format(e.o.passes)}))
  local right, wrong = {}, {}
  for i, w in ipairs(net.wrong) do table.insert(w == 1 and wrong or right, net.doubt[i]) end
  local list = {}
  if #right > 0 then list[1] = {"right", right} end
  if #wrong > 0 then list[#list + 1] = {"wrong", wrong} end
  e:figure("doubt", plot.hist(list, {bins = 30, density = true, xlabel = "entropy of the mean "
    .. "probabilities",
    title = "doubt over right and wrong answers, first seed"}))
  e:figure("seeds", plot.grid({bands.curve({{"std of the passes", run.at, bands.columns(curves, "std")}},
    {title = "data lie in -3..-1 and 1..3", xlabel = "x", ylabel = "std of the passes", yrange = {0, nil}}),
    bands.curve({{"wrong answers", {1, 2, 3, 4, 5}, bands.columns(nets, by_doubt)}}, {points = true,
    title = "fifths, from sure to doubtful", xlabel = "fifth", ylabel = "% wrong", yrange = {0, nil}})},
    {columns = 2, width = 1280, height = 600, title = ("Monte-Carlo dropout, %d seeds"):format(#curves)}))
end

--- lab.mc_dropout({steps: integer = 2000, width: integer = 256, passes: integer = 100, seeds: integer = 5}) -> result
--- Monte-Carlo dropout: a hundred passes with dropout on (nn.mc), their mean and spread, for a
--- curve with a gap in its data and for digits.
---
--- Four claims: the passes differ more beyond the data; in the gap, too; where they leave doubt,
--- answers are wrong; one pass with dropout off stands for the mean. rows: seed, inside, gap,
--- outside, auc, mean, off, single.
--- > r = lab.mc_dropout{steps = 20, width = 16, passes = 5, seeds = 1}
--- > #r.rows, #r.claims
--- 1	4
function M.mc_dropout(given)
  local e = experiment.new("lab.mc_dropout", given, {steps = 2000, width = 256, passes = 100})
  local runs = e:run({curve, digits}, function(f) return f(e.o) end)
  local curves, nets = runs[1], runs[2]
  for k, seed in ipairs(e.seeds) do
    local c, d = curves[k], nets[k]
    e:row {seed = seed, inside = c.inside, gap = c.gap, outside = c.outside, auc = d.auc,
      mean = d.mean, off = d.off, single = d.single}
  end
  claims(e, curves, nets)
  figures(e, curves, nets)
  return e:finish {name = "Monte-Carlo dropout", runs = {curves = curves, nets = nets},
    columns = {"seed", "inside", "gap", "outside", "auc", "mean", "off", "single"},
    look = "where the band is wide: beyond the data it is; look twice at the gap."}
end

return M
