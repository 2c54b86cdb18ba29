-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a search has found: its trials, sorted, as a table that prints itself.

local notice = require("gradus.notice")
local options = require("gradus.options")
local ranges = require("gradus.train.ranges")
local records = require("gradus.train.records")

local M = {}

local Results = {__name = "Results", __index = {}}

--- results.line(row: table, names: {string, ...}, o: {label: string, total: integer}, space: table?) -> string
--- A trial as the running table shows it.
--- > require("gradus.train.results").line({trial = 1, score = 0.5, units = 8}, {"units"}, {label = "acc", total = 9})
--- acc: 0.5000000, units: 8, (1 / 9)
function M.line(row, names, o, space)
  local parts = {("%s: %.7f"):format(o.label, row.score)}
  for _, name in ipairs(names) do
    parts[#parts + 1] = ("%s: %s"):format(name, records.text(row[name], space and space[name]))
  end
  parts[#parts + 1] = ("(%d / %d)"):format(row.trial, o.total)
  return table.concat(parts, ", ")
end

--- results.better(o: {minimise: boolean}) -> function
--- The order of results, for table.sort: larger shares of the budget first, then better scores, nan
--- last, then by number.
--- > require("gradus.train.results").better{minimise = false}({score = 2, trial = 2}, {score = 1, trial = 1})
--- true
function M.better(o)
  return function(a, b)
    if (a.share or 1) ~= (b.share or 1) then return (a.share or 1) > (b.share or 1) end
    local x, y = a.score, b.score
    if (x ~= x) ~= (y ~= y) then return x == x end
    if x == x and x ~= y then return (x < y) == o.minimise end
    if (a.round or 1) ~= (b.round or 1) then return (a.round or 1) < (b.round or 1) end
    return a.trial < b.trial
  end
end

--- Results:narrowed() -> table
--- The space around the best fifth of the trials, to search in again.
--- > r = train.search({a = train.uniform(0, 1)}, function(s) return -s.a end, {quiet = true})
--- > r:narrowed().a.high < 0.5
--- true
function Results.__index:narrowed()
  return ranges._narrowed(self.space, self.names, self)
end

function Results.__tostring(results)
  local lines = {}
  for i, row in ipairs(results) do
    if i > 10 then
      lines[#lines + 1] = ("... %d more"):format(#results - 10)
      break
    end
    lines[#lines + 1] = M.line(row, results.names, {label = "score", total = results.total},
      results.space)
  end
  return #lines > 0 and table.concat(lines, "\n") or "Results: none"
end

-- Each trial once, in its best place: the one with the largest share.
local function last_of_each(rows)
  local seen, list = {}, {}
  for _, row in ipairs(rows) do
    local name = ("%d %d"):format(row.round or 1, row.trial)
    if not seen[name] then list[#list + 1] = row end
    seen[name] = true
  end
  return list
end

--- results.of(search: table) -> Results
--- The sorted results of a search that is over, or that waits for other shards.
--- > type(require("gradus.train.results").of)
--- function
function M.of(s)
  table.sort(s.results, M.better(s.o))
  local results = setmetatable(last_of_each(s.results), Results)
  results.names, results.space, results.waiting = s.names, s.space, s.waiting
  results.total = s.o.total
  if s.waiting and not s.o.quiet and s.o.kind ~= "random" and s.o.kind ~= "grid" then
    notice.tell("-- " .. s.waiting .. ": start this shard again when they are")
  end
  return results
end

--- train.merge(files: string|{string, ...}, {minimise: boolean = false}) -> Results
--- The results of a search that ran in shards, sorted: of one file and its shards' files
--- (results.jsonl: results.1of4.jsonl and so on), or of a list of files.
--- > #train.merge({})
--- 0
function M.merge(files, o)
  o = options.read("train.merge", o, {minimise = false})
  local results, seen = setmetatable({}, Results), {}
  for _, path in ipairs(type(files) == "table" and files or {files}) do
    local rows = records.read(require("gradus.guest").check("train.merge", path, "read"))
    local file <close> = #rows == 0 and io.open(path, "r") or nil
    if #rows == 0 and not file then
      error(("train.merge: no results in '%s'"):format(path), 2)
    end
    local names = records.names(rows)
    for _, row in ipairs(rows) do
      local key = records.key(row, names)
      if not seen[key] then results[#results + 1] = row end
      seen[key], row.search_seed = true, nil
    end
  end
  results.names, results.total = records.names(results), 0
  for _, row in ipairs(results) do results.total = math.max(results.total, row.trial) end
  table.sort(results, M.better(o))
  return results
end

return M
