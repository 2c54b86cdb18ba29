-- SPDX-License-Identifier: GPL-3.0-or-later
-- Srivastava et al. 2014 in small: what dropout does to a fit, to features and to errors.
--
-- Recipe, fixed before the first run.
-- 1  fit: 40 points of a sine with noise 0.3; net 1-100-100-1, ReLU, dropout 0.2 on both hidden
--    layers or none; Adam 0.003, 2000 steps with all points. Error: mean squared distance from the
--    sine, at 200 places. A seed counts if it is smaller with dropout.
-- 2  features: autoencoder 64-256-64, ReLU, on 1437 digits, dropout 0.5 on the hidden layer or
--    none; Adam 0.001, 1500 steps of 60. On 360 held-out digits, in eval mode: a seed counts if
--    with dropout the mean activation is smaller and a larger share of activations is 0.
-- 3  errors: 200 digits to learn from; net 64-256-256-10, ReLU, dropout 0.2 on the input and 0.5 on
--    the hidden layers (the paper's rates) or none; Adam 0.001, 2000 steps of 32. A seed counts if
--    the error on 360 held-out digits is smaller at the end.

local bands = require("gradus.lab.bands")
local core = require("gradus.core")
local experiment = require("gradus.lab.experiment")
local learn = require("gradus.lab.learn")
local tensor = require("gradus.tensor")

local M = {}

local function adam(net, rate)
  return require("gradus.optim").Adam(net:parameters(), {lr = rate})
end

-- ReLU, with dropout behind it where p is not 0.
local function relu(p)
  local nn = require("gradus.nn")
  return function() return p > 0 and {nn.ReLU(), nn.Dropout(p)} or {nn.ReLU()} end
end

local function fit(arm, o)
  local nn, data = require("gradus.nn"), require("gradus.data")
  local set = data.sine(40, {noise = 0.3})
  local x = tensor.linspace(0, 1, 200):reshape(200, 1)
  local truth = (x * (2 * math.pi)):sin()
  local net = learn.mlp({1, 100, 100, 1}, relu(arm.on and 0.2 or 0))
  local centred = {x = (set.x - 0.5) * 4, y = set.y}
  learn.fit(net, centred, {steps = o.steps, batch = 40, opt = adam(net, 0.003),
    loss = nn.mse_loss})
  local y = require("gradus.train").predict(net, (x - 0.5) * 4)
  return {x = set.x, y = set.y, at = x, curve = y, truth = truth,
    error = (y - truth):square():mean():item()}
end

local function features(arm, o)
  local nn = require("gradus.nn")
  local set, held = learn.digits()
  local net = learn.mlp({64, o.width, 64}, relu(arm.on and 0.5 or 0))
  learn.fit(net, {x = set.x, y = set.x}, {steps = o.feature_steps, batch = 60,
    opt = adam(net, 0.001), loss = nn.mse_loss})
  net:eval()
  local hidden = net[2](net[1](held.x)):detach()
  return {hidden = hidden, mean = hidden:mean():item(), weights = net[#net].weight:detach():t():contiguous(),
    zeros = hidden:eq(0):mean():item()}
end

local function errors(arm, o)
  local nn = require("gradus.nn")
  local set, held = learn.digits {train = 200}
  local net = learn.mlp({64, o.width, o.width, 10}, relu(arm.on and 0.5 or 0))
  if arm.on then net = nn.Sequential(nn.Dropout(0.2), net) end
  local run = {error = {100 * (1 - learn.accuracy(net, held))}}
  learn.fit(net, set, {steps = o.steps, batch = 32, opt = adam(net, 0.001),
    each = function(step)
      if step % 50 == 0 then table.insert(run.error, 100 * (1 - learn.accuracy(net, held))) end
    end})
  run.final = run.error[#run.error]
  return run
end

local function part(runs, name)
  local list = {}
  for k, run in ipairs(runs) do list[k] = run[name] end
  return list
end

-- A claim that one number is smaller with dropout.
local function smaller(e, without, with, field, c)
  c.evidence = c.evidence:format(experiment.spread(without, field), experiment.spread(with, field))
  c.unit = "of that without"
  c.each = function(k)
    local ratio = with[k][field] / without[k][field]
    return ratio, ratio < 1 and (not c.also or c.also(k))
  end
  return e:claim(c)
end

local function claims(e, without, with)
  smaller(e, part(without, "fit"), part(with, "fit"), "error", {
    text = "a wide net fits 40 noisy points better with dropout",
    threshold = "its squared distance from the true curve is smaller",
    evidence = "squared distance %s without, %s with dropout"})
  local a, b = part(without, "features"), part(with, "features")
  smaller(e, a, b, "mean", {text = "features are sparser with dropout",
    threshold = "the mean activation is smaller, and more activations are 0",
    evidence = "mean activation %s without, %s with dropout"
      .. ("; share of zeros %s and %s"):format(experiment.spread(a, "zeros"),
        experiment.spread(b, "zeros")),
    also = function(k) return b[k].zeros > a[k].zeros end})
  smaller(e, part(without, "errors"), part(with, "errors"), "final", {
    text = "with few examples a large net errs less on new ones with dropout",
    threshold = "the error on held-out digits is smaller at the end",
    evidence = "%s %% wrong without, %s %% with dropout",
    otherwise = "the net without dropout does not get worse as it goes on, so there is little to "
      .. "win; "
      .. "seeds differ by more than the two nets do"})
end

local function fit_figure(without, with)
  return require("gradus.plot").fit(without.x, without.y, {title = "40 points, first seed",
    curves = {{"without", without.at, without.curve}, {"dropout 0.2", with.at, with.curve}},
    truth = {without.at, without.truth}})
end

local function figures(e, without, with)
  local plot = require("gradus.plot")
  local a, b = without[1].features, with[1].features
  e:figure("fit", fit_figure(without[1].fit, with[1].fit))
  local x = bands.steps(#without[1].errors.error, 50)
  e:figure("errors", bands.curve({{"without", x, bands.columns(part(without, "errors"), "error")},
    {"dropout", x, bands.columns(part(with, "errors"), "error")}},
    {title = "200 digits to learn from", xlabel = "step", ylabel = "% wrong, held out",
      yrange = {0, 30}}))
  e:figure("activations", plot.hist({{"without", a.hidden}, {"dropout 0.5", b.hidden}},
    {title = "hidden activations of an autoencoder, first seed", xlabel = "activation", ylog = true}))
  local function shown(run, title)
    return plot.images(run.weights:narrow(1, 1, math.min(36, run.weights:size(1))):reshape(-1, 8,
      8),
      {columns = 6, title = title})
  end
  e:figure("features", plot.grid({shown(a, "without"), shown(b, "dropout 0.5")}, {columns = 2,
    title = "what 36 hidden units of an autoencoder draw, first seed"}))
end

--- lab.dropout({steps: integer = 2000, feature_steps: integer = 1500, width: integer = 256, seeds: integer = 5}) -> result
--- Srivastava et al. 2014 in small, each with and without dropout: a wide net fits 40 noisy points,
--- an autoencoder learns features of digits, a large net learns from 200 digits.
---
--- Three claims: the fit is nearer to the truth; features are sparser; new digits are told apart
--- with fewer errors. rows: dropout, seed, fit_error, mean_activation, zeros, percent_wrong.
--- > r = lab.dropout{steps = 10, feature_steps = 10, width = 16, seeds = 1}
--- > #r.rows, #r.claims
--- 2	3
function M.dropout(given)
  local e = experiment.new("lab.dropout", given, {steps = 2000, feature_steps = 1500, width = 256})
  local arms = {{on = false}, {on = true}}
  local runs = e:run(arms, function(arm, seed)
    local run = {}
    for i, f in ipairs {fit, features, errors} do
      core.seed(seed) -- each part begins alike, whatever the one before drew
      run[({"fit", "features", "errors"})[i]] = f(arm, e.o)
    end
    return run
  end)
  for i, arm in ipairs(arms) do
    for k, run in ipairs(runs[i]) do
      e:row {dropout = arm.on and "with" or "without", seed = e.seeds[k], fit_error = run.fit.error,
        mean_activation = run.features.mean, zeros = run.features.zeros,
        percent_wrong = run.errors.final}
    end
  end
  claims(e, runs[1], runs[2])
  figures(e, runs[1], runs[2])
  return e:finish {name = "Srivastava et al. 2014 in small: dropout", runs = runs,
    columns = {"dropout", "seed", "fit_error", "mean_activation", "zeros", "percent_wrong"},
    look = "the fit between the points, and how quiet the features' background is."}
end

return M
