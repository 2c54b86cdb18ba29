-- SPDX-License-Identifier: GPL-3.0-or-later
-- Scores of a recipe rather than of one net: over folds, over training sizes,
-- over the values of one setting. A recipe is a function that trains on a data
-- set and returns a net: build(train, setting) -> net.

local core = require("gradus.core")
local measure = require("gradus.train.measure")
local options = require("gradus.options")
local seeded = require("gradus.seeded").run
local split = require("gradus.data.split")

local M = {}

local function spread(values)
  local mean, square = 0.0, 0.0
  for _, v in ipairs(values) do mean = mean + v / #values end
  for _, v in ipairs(values) do square = square + (v - mean) ^ 2 end
  return mean, #values > 1 and math.sqrt(square / (#values - 1)) or 0.0
end

local function default_score(set)
  local metrics = require("gradus.metrics")
  if set.classes then return metrics.accuracy end
  return metrics.r2
end

local function score(net, set, f)
  return f(set.y, measure.predict(net, set.x))
end

-- Trains and scores on each fold; returns the lists of scores.
local function over_folds(set, build, setting, o)
  local valid, train = {}, {}
  for i, fold in ipairs(split.kfold(set, o.k, {shuffle = o.shuffle, stratify = o.stratify,
    seed = o.seed})) do
    local net = build(fold.train, setting)
    valid[i], train[i] = score(net, fold.valid, o.score), score(net, fold.train, o.score)
  end
  return valid, train
end

local function read(who, set, build, o)
  if type(build) ~= "function" then
    error(who .. ": expected a function that trains on a data set and returns a net; got " ..
      type(build), 3)
  end
  o = options.read(who, o, {k = 5, shuffle = true, stratify = set.classes ~= nil},
    {"score", "seed"})
  o.score = o.score or default_score(set)
  return o
end

--- train.cross_validate(set: Dataset, build: function, {k: integer = 5, score: function?, shuffle: boolean = true, stratify: boolean?, seed: integer?}) -> table
--- Trains k times, each time leaving out another k-th, and scores on what was left out: fields
--- scores, mean, std and train_scores. build(train) trains on a data set and returns a net.
--- > set = {x = tensor.arange(10):reshape(10, 1), y = tensor.arange(10)};
--- > r = train.cross_validate(set, function() return function(x) return x:squeeze(2) end end);
--- > r.mean
--- 1.0
function M.cross_validate(set, build, o)
  o = read("train.cross_validate", set, build, o)
  local valid, train = over_folds(set, build, nil, o)
  local mean, std = spread(valid)
  return {scores = valid, train_scores = train, mean = mean, std = std}
end

-- Mean and spread of validation and training scores for each point.
local function curve(name, points, each)
  local r = {name = name, x = points, valid = {}, valid_std = {}, train = {}, train_std = {}}
  for i, point in ipairs(points) do
    local valid, train = each(point)
    r.valid[i], r.valid_std[i] = spread(valid)
    r.train[i], r.train_std[i] = spread(train)
  end
  return r
end

--- train.validation_curve(set: Dataset, build: function, settings: table, {k: integer = 5, score: function?, shuffle: boolean = true, stratify: boolean?, seed: integer?}) -> table
--- Cross-validated scores against the values of one setting: build(train, value) returns a net.
--- Fields x, valid, valid_std, train, train_std.
--- > set = {x = tensor.arange(10):reshape(10, 1), y = tensor.arange(10)};
--- > f = function(_, s) return function(x) return x:squeeze(2) * s end end;
--- > train.validation_curve(set, f, {1}).valid[1]
--- 1.0
function M.validation_curve(set, build, settings, o)
  o = read("train.validation_curve", set, build, o)
  return curve("setting", settings, function(value) return over_folds(set, build, value, o) end)
end

--- train.learning_curve(set: Dataset, build: function, shares: table = {0.1, 0.33, 0.55, 0.78, 1}, {k: integer = 5, score: function?, shuffle: boolean = true, stratify: boolean?, seed: integer?}) -> table
--- Scores against the number of training samples: of each fold's training data a growing share
--- is used. x holds the sizes.
--- > set = {x = tensor.arange(10):reshape(10, 1), y = tensor.arange(10)};
--- > f = function() return function(x) return x:squeeze(2) end end;
--- > #train.learning_curve(set, f, {0.5, 1}).x
--- 2
function M.learning_curve(set, build, shares, o)
  o = read("train.learning_curve", set, build, o)
  shares = shares or {0.1, 0.33, 0.55, 0.78, 1}
  local folds = split.kfold(set, o.k, {shuffle = o.shuffle, stratify = o.stratify, seed = o.seed})
  local sizes = {}
  for i, share in ipairs(shares) do
    sizes[i] = math.max(1, math.floor(share * folds[1].train.x:size(1) + 0.5))
  end
  -- Larger parts hold the smaller ones; shuffled, since data often stand class by class.
  local orders = seeded(o.seed, function()
    local list = {}
    for i, fold in ipairs(folds) do list[i] = core.randperm(fold.train.x:size(1)):totable() end
    return list
  end)
  return curve("training samples", sizes, function(size)
    local valid, train = {}, {}
    for i, fold in ipairs(folds) do
      local part = split.subset(fold.train, table.move(orders[i], 1, size, 1, {}))
      local net = build(part)
      valid[i], train[i] = score(net, fold.valid, o.score), score(net, part, o.score)
    end
    return valid, train
  end)
end

return M
