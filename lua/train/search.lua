-- SPDX-License-Identifier: GPL-3.0-or-later
-- Looking for good settings. A space gives each setting a range; trials are
-- numbered, and trial i has a seed of its own made from the search's seed and
-- i, so that a search split over processes gives the same table as one.

local core = require("gradus.core")
local json = require("gradus.json")
local options = require("gradus.options")

local M = {}

-- --- ranges --------------------------------------------------------------------

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
--- One of a list of values.
--- > #train.choice({16, 32, 64}).values
--- 3
function M.choice(values)
  if type(values) ~= "table" or #values == 0 then
    error("train.choice: expected a list of values", 2)
  end
  return {kind = "choice", values = values}
end

local function draw(range, u)
  if range.kind == "choice" then return range.values[1 + math.floor(u * #range.values)] end
  if range.kind == "linear" then return range.low + u * (range.high - range.low) end
  return range.low * (range.high / range.low) ^ u
end

-- n values that cover a range evenly.
local function grid_values(range, n)
  if range.kind == "choice" then return range.values end
  local list = {}
  for i = 1, n do list[i] = draw(range, n > 1 and (i - 1) / (n - 1) or 0.5) end
  return list
end

-- --- trials --------------------------------------------------------------------

-- Every combination of the grid's values, the last name turning fastest.
local function grid(space, names, n)
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

-- Runs f with the generator on trial i's own seed, and puts it back.
local function with_seed(seed, i, f)
  local state = core.random_state()
  core.seed(seed * 1000003 + i)
  local result = table.pack(pcall(f))
  core.random_state(state)
  if not result[1] then error(result[2], 0) end
  return table.unpack(result, 2, result.n)
end

local function sample(space, names, seed, i)
  return with_seed(seed, i, function()
    local trial = {}
    for _, name in ipairs(names) do trial[name] = draw(space[name], math.random()) end
    return trial
  end)
end

-- --- the running table -----------------------------------------------------------

local function cell(v)
  if math.type(v) == "integer" then return ("%d"):format(v) end
  return type(v) == "number" and ("%.6e"):format(v) or tostring(v)
end

local function line(row, names, o)
  local parts = {("%s: %.7f"):format(o.label, row.score)}
  for _, name in ipairs(names) do parts[#parts + 1] = ("%s: %s"):format(name, cell(row[name])) end
  parts[#parts + 1] = ("(%d / %d)"):format(row.trial, o.total)
  return table.concat(parts, ", ")
end

local function key(row, names)
  local parts = {tostring(row.trial)}
  for _, name in ipairs(names) do parts[#parts + 1] = cell(row[name]) end
  return table.concat(parts, " ")
end

-- Trials already in the file, so that a broken-off search goes on.
local function known(path, names)
  local done = {}
  local file = path and io.open(path, "r")
  if not file then return done end
  for text in file:lines() do
    local ok, row = pcall(json.decode, text)
    if ok and type(row) == "table" and row.trial then done[key(row, names)] = row end
  end
  file:close()
  return done
end

local function append(path, row)
  if not path then return end
  local file = assert(io.open(path, "a"))
  file:write(json.encode(row), "\n")
  assert(file:close())
end

local function shard_of(text)
  if not text then return 1, 1 end
  local i, n = tostring(text):match("^(%d+)/(%d+)$")
  i, n = math.tointeger(tonumber(i)), math.tointeger(tonumber(n))
  if not i or i < 1 or i > n then
    error(('train.search: shard is "i/n" with 1 <= i <= n; got %s'):format(tostring(text)), 3)
  end
  return i, n
end

-- --shard i/n among the script's arguments.
local function shard_argument()
  for i, word in ipairs(rawget(_G, "arg") or {}) do
    if word == "--shard" then return _G.arg[i + 1] end
    local value = tostring(word):match("^%-%-shard=(.+)$")
    if value then return value end
  end
end

local function run(names, trials, o, evaluate, results)
  local mine, of = shard_of(o.shard or shard_argument())
  local done = known(o.file, names)
  o.total = #trials
  for i, trial in ipairs(trials) do
    if (i - 1) % of == mine - 1 then
      local row = {trial = i}
      for _, name in ipairs(names) do row[name] = trial[name] end
      local before = done[key(row, names)]
      if before then
        row.score = before.score
      else
        row.score = with_seed(o.seed, i, function() return evaluate(trial, i) end)
        if type(row.score) ~= "number" then
          error("train.search: the function should return a number, the score", 0)
        end
        append(o.file, row)
      end
      if not o.quiet then print(line(row, names, o)) end
      results[#results + 1] = row
    end
  end
end

local function better(o)
  return function(a, b)
    local x, y = a.score, b.score
    if x ~= x or y ~= y then return x == x and y ~= y end
    if x ~= y then
      if o.minimise then return x < y end
      return x > y
    end
    return a.trial < b.trial
  end
end

-- The ranges around the best trials: from the least to the most of the best
-- fifth, a little widened (on the scale of the range).
local function narrowed(space, names, results)
  local best, keep = {}, math.max(2, #results // 5)
  for i = 1, math.min(keep, #results) do best[i] = results[i] end
  local new = {}
  for _, name in ipairs(names) do
    local range, low, high = space[name], math.huge, -math.huge
    if range.kind == "choice" then
      local seen, values = {}, {}
      for _, v in ipairs(range.values) do
        for _, row in ipairs(best) do
          if row[name] == v and not seen[v] then seen[v], values[#values + 1] = true, v end
        end
      end
      new[name] = M.choice(values)
    else
      for _, row in ipairs(best) do low, high = math.min(low, row[name]), math.max(high, row[name]) end
      local log = range.kind == "log"
      if log then
        local widen = (high / low) ^ 0.25
        low, high = low / widen, high * widen
      else
        local widen = (high - low) * 0.25
        low, high = low - widen, high + widen
      end
      new[name] = {kind = range.kind, low = math.max(low, range.low), high = math.min(high, range.high)}
    end
  end
  return new
end

local function check_space(space)
  local names = options.keys(space)
  if #names == 0 then error("train.search: the space has no settings", 3) end
  for _, name in ipairs(names) do
    local range = space[name]
    if type(range) ~= "table" then
      error(("train.search: '%s' should be a range like train.log_uniform(1e-4, 1); got %s"):format(
        name, type(range)), 3)
    end
    if not range.kind then space[name] = M.choice(range) end
  end
  return names
end

--- train.search(space: table, evaluate: function, {kind: string = "random", trials: integer = 20, points: integer = 3, rounds: integer = 2, seed: integer = 1, file: string?, shard: string?, minimise: boolean = false, label: string = "val acc", quiet: boolean = false}) -> Results
--- Tries settings and prints a running table. space = {lr = train.log_uniform(1e-5, 1), ...};
--- evaluate(settings, i) trains and returns a score, the larger the better.
---
--- kind "random" draws `trials` settings, "grid" takes `points` values of every range, "coarse
--- to fine" draws `trials` in each of `rounds` rounds and narrows the ranges around the best
--- fifth in between, "halving" gives evaluate(settings, i, share) a growing share of the budget
--- and keeps the better half. `file` keeps results as JSON lines and lets a search go on;
--- `shard = "2/4"` (or --shard 2/4 on the command line) runs every fourth trial, the second one
--- first. The results are sorted, the best first.
--- > r = train.search({lr = train.log_uniform(1e-4, 1)}, function(s) return -math.abs(math.log(s.lr, 10) + 2) end, {trials = 50, quiet = true})
--- > r[1].lr > 1e-3 and r[1].lr < 1e-1
--- true
function M.search(space, evaluate, o)
  o = options.read("train.search", o, {kind = "random", trials = 20, points = 3, rounds = 2,
    seed = 1, minimise = false, label = "val acc", quiet = false}, {"file", "shard"})
  local copy = {}
  for k, v in pairs(space) do copy[k] = v end
  local names, results = check_space(copy), setmetatable({}, M._results)
  results.names = names
  if o.kind == "grid" then
    run(names, grid(copy, names, o.points), o, evaluate, results)
  elseif o.kind == "random" or o.kind == "coarse to fine" then
    local rounds = o.kind == "random" and 1 or o.rounds
    for round = 1, rounds do
      local trials, found = {}, {}
      for i = 1, o.trials do trials[i] = sample(copy, names, o.seed + round - 1, i) end
      if round > 1 and not o.quiet then print("-- round " .. round) end
      run(names, trials, o, evaluate, found)
      for _, row in ipairs(found) do
        row.round = rounds > 1 and round or nil
        results[#results + 1] = row
      end
      table.sort(found, better(o))
      if round < rounds then copy = narrowed(copy, names, found) end
    end
  elseif o.kind == "halving" then
    M._halving(copy, names, o, evaluate, results)
  else
    error(('train.search: kind is "random", "grid", "coarse to fine" or "halving"; got %s'):format(
      tostring(o.kind)), 2)
  end
  table.sort(results, better(o))
  results.space = copy
  return results
end

-- Successive halving: all with a small budget, the better half with twice that.
function M._halving(space, names, o, evaluate, results)
  local alive = {}
  for i = 1, o.trials do alive[i] = sample(space, names, o.seed, i) end
  local share = 1 / 2 ^ math.max(0, math.floor(math.log(o.trials, 2)))
  while true do
    local found, budget = {}, math.min(share, 1)
    run(names, alive, setmetatable({file = false}, {__index = o}),
      function(trial, i) return evaluate(trial, i, budget) end, found)
    for _, row in ipairs(found) do row.share = budget end
    table.sort(found, better(o))
    if #found <= 1 or budget >= 1 then
      table.move(found, 1, #found, #results + 1, results)
      return
    end
    local next_alive = {}
    for i = 1, (#found + 1) // 2 do next_alive[i] = alive[found[i].trial] end
    for i = (#found + 1) // 2 + 1, #found do results[#results + 1] = found[i] end
    alive, share = next_alive, share * 2
  end
end

--- train.merge(files: {string, ...}, {minimise: boolean = false}) -> Results
--- The results of a search that ran in parts, from the parts' files, sorted.
--- > #train.merge({})
--- 0
function M.merge(files, o)
  o = options.read("train.merge", o, {minimise = false})
  local results, names = setmetatable({}, M._results), {}
  for _, path in ipairs(files) do
    local file, why = io.open(path, "r")
    if not file then error("train.merge: " .. why, 2) end
    for text in file:lines() do
      local row = json.decode(text)
      results[#results + 1] = row
      for _, name in ipairs(options.keys(row)) do names[name] = true end
    end
    file:close()
  end
  results.names = {}
  for _, name in ipairs(options.keys(names)) do
    if name ~= "trial" and name ~= "score" and name ~= "round" and name ~= "share" then
      table.insert(results.names, name)
    end
  end
  table.sort(results, better(o))
  return results
end

M._results = {__name = "Results"}

function M._results.__tostring(results)
  local lines = {}
  for i, row in ipairs(results) do
    if i > 10 then
      lines[#lines + 1] = ("... %d more"):format(#results - 10)
      break
    end
    lines[#lines + 1] = line(row, results.names, {label = "score", total = #results})
  end
  return #lines > 0 and table.concat(lines, "\n") or "Results: none"
end

return M
