-- SPDX-License-Identifier: GPL-3.0-or-later
-- Where a search looks: ranges of settings, settings drawn from them, and the
-- narrower ranges around the best of them. A space is a table of ranges by the
-- names of the settings; a trial is a table of values by the same names.

local options = require("gradus.options")
local seeded = require("gradus.seeded").run

local M = {}

--- train.log_uniform(low: number, high: number) -> Range
--- A range whose logarithm is drawn evenly: for rates and penalties.
--- > train.log_uniform(1e-4, 1e-1).kind
--- log
function M.log_uniform(low, high)
  if type(low) ~= "number" or type(high) ~= "number" or low <= 0 or high < low then
    error("train.log_uniform: expected 0 < low <= high", 2)
  end
  return {kind = "log", low = low, high = high}
end

--- train.uniform(low: number, high: number) -> Range
--- A range drawn evenly.
--- > train.uniform(0, 1).high
--- 1
function M.uniform(low, high)
  if type(low) ~= "number" or type(high) ~= "number" or high < low then
    error("train.uniform: expected low <= high", 2)
  end
  return {kind = "linear", low = low, high = high}
end

--- train.choice(values: table) -> Range
--- One of a list of values: numbers, texts, sizes, or classes like optim.Adam.
--- > #train.choice({16, 32, 64}).values
--- 3
function M.choice(values)
  if type(values) ~= "table" or #values == 0 then
    error("train.choice: expected a list of values", 2)
  end
  return {kind = "choice", values = values}
end

-- Names that the rows of a result use themselves.
local reserved = {trial = true, score = true, round = true, share = true, search_seed = true}

-- A copy of the space in which plain lists are choices, and its names in order.
function M._read(space)
  if type(space) ~= "table" then
    error("train.search: expected a space like {lr = train.log_uniform(1e-4, 1)}; got "
      .. type(space), 3)
  end
  local names, copy = options.keys(space), {}
  if #names == 0 then error("train.search: the space has no settings", 3) end
  for _, name in ipairs(names) do
    local range = space[name]
    if reserved[name] then
      error(("train.search: a setting cannot be called '%s'; the results use that name"):format(name), 3)
    elseif type(range) ~= "table" then
      error(("train.search: '%s' should be a range like train.log_uniform(1e-4, 1); got %s"):format(
        name, type(range)), 3)
    end
    copy[name] = range.kind and range or M.choice(range)
  end
  return copy, names
end

-- The value of a range at u in [0, 1).
local function draw(range, u)
  if range.kind == "choice" then return range.values[1 + math.floor(u * #range.values)] end
  if range.kind == "linear" then return range.low + u * (range.high - range.low) end
  return range.low * (range.high / range.low) ^ u
end

-- n values that cover a range evenly, both ends among them.
local function grid_values(range, n)
  if range.kind == "choice" then return range.values end
  local list = {}
  for i = 1, n do list[i] = draw(range, n > 1 and (i - 1) / (n - 1) or 0.5) end
  return list
end

-- Every combination of the grid's values, the last name turning fastest.
function M._grid(space, names, n)
  local trials = {{}}
  for _, name in ipairs(names) do
    local longer = {}
    for _, trial in ipairs(trials) do
      for _, value in ipairs(grid_values(space[name], n)) do
        local copy = {}
        for k, v in pairs(trial) do copy[k] = v end
        copy[name] = value
        longer[#longer + 1] = copy
      end
    end
    trials = longer
  end
  return trials
end

-- Trials 1..n at random, each from the search's seed and its number alone.
function M._random(space, names, seed, n)
  local trials = {}
  for i = 1, n do
    trials[i] = seeded(seed * 1000003 + i & math.maxinteger, function()
      local trial = {}
      for _, name in ipairs(names) do trial[name] = draw(space[name], math.random()) end
      return trial
    end)
  end
  return trials
end

-- The values that occur among the rows, in the order of the list.
local function still_in(values, rows, name)
  local kept = {}
  for _, value in ipairs(values) do
    for _, row in ipairs(rows) do
      if row[name] == value then
        kept[#kept + 1] = value
        break
      end
    end
  end
  return M.choice(kept)
end

-- From the least to the most among the rows, widened by a quarter on each side
-- (on the scale of the range), within the range.
local function around(range, rows, name)
  local low, high = math.huge, -math.huge
  for _, row in ipairs(rows) do
    low, high = math.min(low, row[name]), math.max(high, row[name])
  end
  if range.kind == "log" then
    local widen = (high / low) ^ 0.25
    low, high = low / widen, high * widen
  else
    local widen = (high - low) * 0.25
    low, high = low - widen, high + widen
  end
  return {kind = range.kind, low = math.max(low, range.low), high = math.min(high, range.high)}
end

-- The ranges around the best fifth (at least two) of rows sorted by score.
function M._narrowed(space, names, rows)
  local best, new = table.move(rows, 1, math.max(2, #rows // 5), 1, {}), {}
  for _, name in ipairs(names) do
    local range = space[name]
    if range.kind == "choice" then
      new[name] = still_in(range.values, best, name)
    else
      new[name] = around(range, best, name)
    end
  end
  return new
end

return M
