-- SPDX-License-Identifier: GPL-3.0-or-later
-- Metrics of numbers against numbers, each a sum over samples of a function of
-- the error e = truth - prediction.

local labels = require("gradus.metrics.labels")
local notice = require("gradus.notice")

local M = {}

-- The mean of f(e) over all elements.
local function mean(who, truth, given, f)
  truth = labels.numbers(who, truth, "truth")
  given = labels.numbers(who, given, "prediction")
  labels.pair(who, truth, given)
  local sum = 0.0
  for i, t in ipairs(truth) do sum = sum + f(t - given[i]) end
  return sum / #truth
end

local function square(e) return e * e end

--- metrics.mse(truth: tensor|table, given: tensor|table) -> number
--- The mean squared error.
--- > metrics.mse({1, 2}, {1, 4})
--- 2.0
function M.mse(truth, given)
  return mean("metrics.mse", truth, given, square)
end

--- metrics.rmse(truth: tensor|table, given: tensor|table) -> number
--- The root of the mean squared error, in the unit of the truth.
--- > metrics.rmse({0, 0}, {3, 3})
--- 3.0
function M.rmse(truth, given)
  return math.sqrt(mean("metrics.rmse", truth, given, square))
end

--- metrics.mae(truth: tensor|table, given: tensor|table) -> number
--- The mean absolute error; outliers weigh less than in the squared one.
--- > metrics.mae({1, 2}, {1, 4})
--- 1.0
function M.mae(truth, given)
  return mean("metrics.mae", truth, given, math.abs)
end

--- metrics.huber(truth: tensor|table, given: tensor|table, delta: number = 1) -> number
--- Squared (and halved) up to an error of delta, linear beyond.
--- > metrics.huber({0, 0}, {1, 3})
--- 1.5
function M.huber(truth, given, delta)
  delta = delta or 1
  return mean("metrics.huber", truth, given, function(e)
    local a = math.abs(e)
    return a <= delta and 0.5 * e * e or delta * (a - 0.5 * delta)
  end)
end

--- metrics.r2(truth: tensor|table, given: tensor|table) -> number
--- The share of the truth's variance that the prediction explains: 1 - SS_res / SS_tot. It is 1
--- for a perfect prediction, 0 for the mean, below 0 for worse. For a constant truth it is 1
--- where every prediction is right, else 0; of a single sample it is nan, with a remark.
--- > metrics.r2({1, 2, 3}, {1, 2, 3})
--- 1.0
function M.r2(truth, given)
  local who = "metrics.r2"
  truth = labels.numbers(who, truth, "truth")
  given = labels.numbers(who, given, "prediction")
  labels.pair(who, truth, given)
  if #truth == 1 then
    notice.say("undefined", "metrics.r2: one sample has no variance to explain; the value is nan", "r2")
    return 0 / 0
  end
  local centre = 0.0
  for _, t in ipairs(truth) do centre = centre + t / #truth end
  local residual, total = 0.0, 0.0
  for i, t in ipairs(truth) do
    residual = residual + square(t - given[i])
    total = total + square(t - centre)
  end
  if total == 0 then return residual == 0 and 1.0 or 0.0 end
  return 1 - residual / total
end

return M
