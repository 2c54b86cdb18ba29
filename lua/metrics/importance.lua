-- SPDX-License-Identifier: GPL-3.0-or-later
-- Permutation importance: how much worse does a trained model get when one
-- feature's values are shuffled among the samples? (Fisher, Rudin, Dominici)

local core = require("gradus.core")
local classification = require("gradus.metrics.classification")
local options = require("gradus.options")
local regression = require("gradus.metrics.regression")

local M = {}

local function predict(model, x)
  return require("gradus.train.measure").predict(model, x)
end

-- The error that grows: 1 - accuracy for class labels, squared error else.
local function default_error(data)
  if data.classes then
    return function(truth, given) return 1 - classification.accuracy(truth, given) end
  end
  return regression.mse
end

local function spread(values)
  local mean, square = 0.0, 0.0
  for _, v in ipairs(values) do mean = mean + v / #values end
  for _, v in ipairs(values) do square = square + (v - mean) ^ 2 / #values end
  return mean, math.sqrt(square)
end

-- No error before and none after is no change; inf where there was none before.
local function quotient(after, before)
  return after == before and 1.0 or after / before
end

--- metrics.permutation_importance(net: Module|function, data: Dataset, {repeats: integer = 5, ratio: boolean = false, error: function?}) -> Importance
--- For each column of data.x the rise of the error when that column is shuffled, as a
--- difference (or, with ratio, as a quotient) to the error before, over several shuffles.
--- Sorted by falling mean; entries have name, feature, mean, std and values. `error` is a
--- function of (truth, prediction), by default 1 - accuracy for classes, else the squared error.
--- > d = {x = tensor{{1, 5}, {2, 5}, {3, 5}, {4, 5}}, y = tensor{1, 2, 3, 4}}
--- > metrics.permutation_importance(function(x) return x:select(2, 1) end, d)[2].mean
--- 0.0
function M.permutation_importance(net, data, o)
  local who = "metrics.permutation_importance"
  o = options.read(who, o, {repeats = 5, ratio = false}, {"error"})
  if not core.is_tensor(rawget(data, "x")) or data.x:dim() ~= 2 then
    error(who .. ": data.x should be a tensor (samples, features)", 2)
  end
  local measure = o.error or default_error(data)
  local n, width = data.x:size(1), data.x:size(2)
  local base = measure(data.y, predict(net, data.x))
  local list = {base = base, ratio = o.ratio}
  local shuffled = data.x:clone()
  for j = 1, width do
    local column, values = data.x:select(2, j), {}
    for k = 1, o.repeats do
      shuffled[{{}, j}] = column:index_select(1, core.randperm(n))
      local e = measure(data.y, predict(net, shuffled))
      values[k] = o.ratio and quotient(e, base) or e - base
    end
    shuffled[{{}, j}] = column
    local mean, std = spread(values)
    local name = data.features and data.features[j] or ("feature " .. j)
    list[j] = {feature = j, name = name, mean = mean, std = std, values = values}
  end
  table.sort(list, function(a, b)
    if a.mean ~= b.mean then return a.mean > b.mean end
    return a.feature < b.feature
  end)
  return setmetatable(list, M._importance)
end

M._importance = {__name = "Importance"}

function M._importance.__tostring(list)
  local wide = 8
  for _, e in ipairs(list) do wide = math.max(wide, #e.name) end
  local lines = {("error before shuffling %.4g; %s after shuffling one feature"):format(list.base,
    list.ratio and "times that" or "rise")}
  for _, e in ipairs(list) do
    lines[#lines + 1] = (("%%-%ds %%9.4f +- %%.4f"):format(wide)):format(e.name, e.mean, e.std)
  end
  return table.concat(lines, "\n")
end

return M
