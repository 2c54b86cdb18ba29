#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which rate, which width, which decay? A search on the handwritten digits:
--
--     gradus search.lua                     here, one trial after the other
--     gradus search.lua --processes cores   here, on all cores
--     gradus search.lua --shard 2/4         every fourth trial, the second first
--
-- All of them make the same table. search-parallel.sh starts shards with GNU
-- parallel, search.slurm as an array of jobs on a cluster; when they are done,
-- `gradus search.lua` shows the whole table and makes no trial again.
--
-- --trials N and --epochs N make it smaller or larger.

local function option(name, fallback)
  for i, word in ipairs(arg) do
    if word == "--" .. name then return math.tointeger(tonumber(arg[i + 1])) or fallback end
  end
  return fallback
end

gradus.seed(1)
local digits = data.digits()
digits.x = digits.x / 16
local train_set, valid_set = data.split(digits, 0.3, {stratify = true})
local epochs = option("epochs", 5)

local function accuracy(settings)
  local net = nn.Sequential(nn.Linear(64, settings.width), nn.ReLU(), nn.Linear(settings.width, 10))
  local opt = optim.SGD(net:parameters(), {lr = settings.lr, momentum = 0.9,
    weight_decay = settings.decay})
  train.fit(net, {data = train_set, opt = opt, epochs = epochs, progress = "none"})
  return metrics.accuracy(valid_set.y, train.predict(net, valid_set))
end

local results = train.search({
  lr = train.log_uniform(1e-4, 1),
  decay = train.log_uniform(1e-6, 1e-1),
  width = {16, 32, 64},
}, accuracy, {trials = option("trials", 24), file = "search-results.jsonl"})

print()
print("the best:")
print(results)
