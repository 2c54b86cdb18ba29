-- SPDX-License-Identifier: GPL-3.0-or-later
-- The exponential moving average: how much it smooths, how late it is, why its start needs mending.
--
-- Recipe, fixed before the first run. m = beta m + (1 - beta) x from m = 0; corrected: m / (1 -
-- beta^t). Series: data.temperatures, 730 days, weather of std 3 around a yearly wave that is
-- known.
-- 1  start: beta 0.98, first 50 days: the mean distance from the wave is smaller when corrected.
-- 2  late: beta 0.98, days 201 to 730: the shift of the wave that fits the average best (least
--    squares, whole days) is within 15 % of the phase that theory gives for that period, atan(beta
--    sin w / (1 - beta cos w)) / w days with w = 2 pi / 365.25.
-- 3  smooth: 20,000 numbers N(0, 1), beta 0.9: the std of the average is within 10 % of sqrt((1 -
--    beta) / (1 + beta)), that of a plain mean over (1 + beta) / (1 - beta) = 19 numbers.
-- 4  best in between: over days 51 to 730 the average with beta 0.9 is nearer to the wave than the
--    series itself and than the averages with beta 0.5 and 0.98.

local experiment = require("gradus.lab.experiment")
local tensor = require("gradus.tensor")

local M = {}

local betas = {0.5, 0.9, 0.98}
local W = 2 * math.pi / 365.25

local function wave(day) return 10 - 10 * math.cos((day + 10) * W) end

-- The average of a list, plain and with its bias taken out.
local function average(list, beta)
  local plain, corrected, m = {}, {}, 0
  for t, x in ipairs(list) do
    m = beta * m + (1 - beta) * x
    plain[t], corrected[t] = m, m / (1 - beta ^ t)
  end
  return plain, corrected
end

-- The mean distance from the wave, from one day to another.
local function off(list, first, last)
  local sum = 0
  for day = first, last do sum = sum + math.abs(list[day] - wave(day)) end
  return sum / (last - first + 1)
end

-- The number of days by which the wave has to be put off to fit a list best. The average also
-- flattens the wave: the height is fitted, too.
local function lag(list, first, last)
  local best, least = 0, math.huge
  for shift = 0, 120 do
    local xy, xx, yy = 0, 0, 0
    for day = first, last do
      local x, y = wave(day - shift) - 10, list[day] - 10
      xy, xx, yy = xy + x * y, xx + x * x, yy + y * y
    end
    local rest = yy - xy * xy / xx
    if rest < least then best, least = shift, rest end
  end
  return best
end

local function std(list)
  local sum, squares, n = 0, 0, #list
  for _, v in ipairs(list) do sum, squares = sum + v, squares + v * v end
  return math.sqrt(squares / n - (sum / n) ^ 2)
end

local function look(o, seed)
  local series = require("gradus.data").temperatures(o.days, {seed = seed}).y:reshape(-1):totable()
  local run = {series = series, plain = {}, corrected = {}, off = {}}
  for i, beta in ipairs(betas) do
    run.plain[i], run.corrected[i] = average(series, beta)
    run.off[i] = off(run.corrected[i], 51, o.days)
  end
  run.own = off(series, 51, o.days)
  run.early = {off(run.plain[3], 1, 50), off(run.corrected[3], 1, 50)}
  run.lag = lag(run.corrected[3], 201, o.days)
  local _, noise = average(tensor.randn(20000):totable(), 0.9)
  run.noise = std(table.move(noise, 101, #noise, 1, {}))
  return run
end

local function claims(e, runs)
  local beta = betas[3]
  local expected = math.atan(beta * math.sin(W) / (1 - beta * math.cos(W))) / W
  e:claim {text = "without the correction an average begins far too low", unit = "times nearer",
    threshold = "over the first 50 days the corrected average is nearer to the wave, beta 0.98",
    evidence = ("mean distance %s degrees without, %s with the correction"):format(
      experiment.spread(runs, function(r) return r.early[1] end),
      experiment.spread(runs, function(r) return r.early[2] end)),
    otherwise = "the year begins in winter, with the wave near 0: an average that begins at 0 is right "
      .. "there by luck, and the corrected one follows the weather of the first days",
    each = function(k)
      local r = runs[k].early
      return r[1] / r[2], r[2] < r[1]
    end}
  e:claim {text = "the more an average keeps, the later it is", unit = "days late",
    threshold = ("with beta 0.98 it is late by %.3g days, within 15 %%"):format(expected),
    evidence = ("%s days late; theory %.3g"):format(experiment.spread(runs, "lag"), expected),
    each = function(k) return runs[k].lag, math.abs(runs[k].lag / expected - 1) <= 0.15 end}
  local left = math.sqrt(0.1 / 1.9)
  e:claim {text = "of noise, an average with beta 0.9 leaves what a mean of 19 numbers leaves",
    threshold = ("the std of averaged N(0, 1) is %.3g, within 10 %%"):format(left),
      unit = "std left",
    evidence = ("std %s; theory %.3g"):format(experiment.spread(runs, "noise"), left),
    each = function(k) return runs[k].noise, math.abs(runs[k].noise / left - 1) <= 0.1 end}
  local parts = {"the series itself " .. experiment.spread(runs, "own")}
  for i, b in ipairs(betas) do
    parts[i + 1] = ("beta %g %s"):format(b, experiment.spread(runs,
    function(r) return r.off[i] end))
  end
  e:claim {text = "too little averaging leaves noise, too much comes late", unit =
    "times nearer than the next best",
    threshold = "beta 0.9 is nearer to the wave than the series and than beta 0.5 and 0.98",
    evidence = "mean distance in degrees: " .. table.concat(parts, ", "),
    each = function(k)
      local r = runs[k]
      local ratio = math.min(r.own, r.off[1], r.off[3]) / r.off[2]
      return ratio, ratio > 1
    end}
end

local function figures(e, runs)
  local plot, days, truth, list = require("gradus.plot"), {}, {}, {}
  local run, bands = runs[1], require("gradus.lab.bands")
  for day = 1, #run.series do days[day], truth[day] = day, wave(day) end
  for i, beta in ipairs(betas) do list[i] = {("beta %g"):format(beta), days, run.corrected[i]} end
  e:figure("series", plot.fit(days, run.series, {curves = list, truth = {days, truth},
    xlabel = "day", ylabel = "temperature (degrees C)", title = "daily temperatures and averages, first seed"}))
  local function first(l) return table.move(l, 1, math.min(100, #l), 1, {}) end
  local plain = bands.columns(runs, function(r) return first(r.plain[3]) end)
  local corrected = bands.columns(runs, function(r) return first(r.corrected[3]) end)
  e:figure("start", bands.curve({{"truth", first(days), {first(truth)}},
    {"beta 0.98", first(days), plain}, {"beta 0.98, corrected", first(days), corrected}}, {xlabel = "day",
    ylabel = "temperature (degrees C)", title = ("the first 100 days, %d seeds"):format(#runs)}))
end

--- lab.ema({days: integer = 730, seeds: integer = 5}) -> result
--- The exponential moving average of daily temperatures with beta 0.5, 0.9 and 0.98, with and
--- without the correction 1 / (1 - beta^t): how much it smooths and how late it is, against theory.
---
--- Four claims: uncorrected it begins too low; it is late; how much noise it leaves; 0.9 is the
--- best of the three here. rows: seed, day, temperature, ema_0.5, ema_0.9, ema_0.98 (corrected).
--- > r = lab.ema{seeds = 1}
--- > #r.rows, r.claims[1].held
--- 730	1
function M.ema(given)
  local e = experiment.new("lab.ema", given, {days = 730})
  if math.type(e.o.days) ~= "integer" or e.o.days < 300 then
    error("lab.ema: days is a whole number of at least 300; got " .. tostring(e.o.days), 2)
  end
  local runs = e:run({"temperatures"}, function(_, seed) return look(e.o, seed) end)[1]
  for k, run in ipairs(runs) do
    for day, t in ipairs(run.series) do
      e:row {seed = e.seeds[k], day = day, temperature = t, ["ema_0.5"] = run.corrected[1][day],
        ["ema_0.9"] = run.corrected[2][day], ["ema_0.98"] = run.corrected[3][day]}
    end
  end
  claims(e, runs)
  figures(e, runs)
  return e:finish {name = "The exponential moving average", runs = runs,
    columns = {"seed", "day", "temperature", "ema_0.5", "ema_0.9", "ema_0.98"},
    look = "the smoothest curve: it is also the latest and the flattest."}
end

return M
