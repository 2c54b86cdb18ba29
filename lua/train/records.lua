-- SPDX-License-Identifier: GPL-3.0-or-later
-- The results of a search in files: JSON lines, one a trial, appended as they
-- come, so that a search which was broken off goes on. A search in shards
-- writes one file a shard, results.2of4.jsonl beside results.jsonl, and reads
-- the files of all shards: no two processes write into one file.

local json = require("gradus.json")
local options = require("gradus.options")

local M = {}

-- What JSON has no numbers for.
local special = {nan = 0 / 0, inf = math.huge, ["-inf"] = -math.huge}

--- records.number(score: any) -> number?
--- A score as it was before JSON.
--- > require("gradus.train.records").number("inf")
--- inf
function M.number(score)
  score = special[score] or score
  return type(score) == "number" and score or nil
end

-- A value as JSON can hold it: classes by name, other values by their place.
local function plain(value, range)
  local t = type(value)
  if t == "number" or t == "string" or t == "boolean" then return value end
  if t == "table" and not getmetatable(value) then return value end
  if t == "table" and type(rawget(value, "__name")) == "string" then return value.__name end
  for k, v in ipairs(range and range.values or {}) do
    if rawequal(v, value) then return "choice " .. k end
  end
  return t
end

--- records.text(value: any, range: Range?) -> string
--- A setting as the running table shows it.
--- > require("gradus.train.records").text(0.5)
--- 5.000000e-01
function M.text(value, range)
  value = plain(value, range)
  if math.type(value) == "float" then return ("%.6e"):format(value) end
  return type(value) == "table" and json.encode(value) or tostring(value)
end

-- What makes a trial that trial: number, round, share of the budget, settings.
local function key(row, names, space)
  local parts = {row.trial, row.round or 1, row.share or 1}
  for _, name in ipairs(names) do
    local value = plain(row[name], space and space[name])
    parts[#parts + 1] = type(value) == "number" and ("%.17g"):format(value) or json.encode(value)
  end
  return table.concat(parts, " ")
end
M.key = key

-- "results.jsonl" in shard 2 of 4: "results.2of4.jsonl".
local function shard_path(path, i, n)
  if n == 1 then return path end
  local stem, ending = path:match("^(.*[^/])(%.[^./]*)$")
  return ("%s.%dof%d%s"):format(stem or path, i, n, ending or "")
end

-- The file and those of its shards that are there, in order.
local function files_of(path)
  local folder, name = path:match("^(.*/)([^/]*)$")
  folder, name = folder or "./", name or path
  local stem, ending = name:match("^(.+)(%.[^.]*)$")
  stem, ending = stem or name, ending or ""
  local found = {}
  for _, entry in ipairs(require("gradus.sandbox").list_folder(folder)) do
    local shard = entry:sub(1, #stem) == stem and entry:sub(#stem + 1):match("^%.%d+of%d+(.*)$")
    if entry == name or shard == ending then found[#found + 1] = folder .. entry end
  end
  return found
end

-- A row from a line of a file; nil for what is none, like half a line.
local function read_row(text)
  local ok, row = pcall(json.decode, text)
  if not ok or type(row) ~= "table" or not row.trial then return nil end
  row.score = M.number(row.score)
  return row.score and row
end

--- records.read(path: string) -> {row, ...}
--- The rows of a file and of its shards' files, each trial once.
--- > #require("gradus.train.records").read("no such file.jsonl")
--- 0
function M.read(path)
  local rows = {}
  for _, name in ipairs(files_of(path)) do
    local file = assert(io.open(name, "r"))
    for text in file:lines() do rows[#rows + 1] = read_row(text) end
    file:close()
  end
  return rows
end

--- records.open(path: string?, i: integer, n: integer, seed: integer, names: {string}, space: table) -> Records
--- The memory of shard i of n of a search: find(row) gives the score of a trial that was made,
--- add(row) keeps one more. Without a path nothing is kept.
--- > r = require("gradus.train.records").open(nil, 1, 1, 1, {"lr"}, {})
--- > r:find({trial = 1, lr = 0.1})
--- nil
function M.open(path, i, n, seed, names, space)
  if path then require("gradus.guest").check("train.search", path, "write") end
  local self = {done = {}, seed = seed, names = names, space = space,
    path = path and shard_path(path, i, n)}
  for _, row in ipairs(path and M.read(path) or {}) do
    if row.search_seed == seed then self.done[key(row, names)] = row.score end
  end
  return setmetatable(self, {__index = M})
end

function M:find(row)
  return self.done[key(row, self.names, self.space)]
end

-- One write of a whole line: a killed search loses no line before it.
function M:add(row)
  self.done[key(row, self.names, self.space)] = row.score
  if not self.path then return end
  local copy = {search_seed = self.seed}
  for k, v in pairs(row) do copy[k] = plain(v, self.space[k]) end
  local file = assert(io.open(self.path, "a+"))
  local size = file:seek("end")
  if size > 0 then -- the end of a line that a killed search left unfinished
    file:seek("set", size - 1)
    if file:read(1) ~= "\n" then file:write("\n") end
  end
  file:write(json.encode(copy), "\n")
  assert(file:close())
end

--- records.names(rows: {row, ...}) -> {string, ...}
--- The settings of rows that were read, in alphabetical order.
--- > require("gradus.train.records").names({{trial = 1, score = 2, lr = 3}})[1]
--- lr
function M.names(rows)
  local seen, names = {}, {}
  local own = {trial = true, score = true, round = true, share = true, search_seed = true}
  for _, row in ipairs(rows) do
    for _, name in ipairs(options.keys(row)) do seen[name] = true end
  end
  for _, name in ipairs(options.keys(seen)) do
    if not own[name] then names[#names + 1] = name end
  end
  return names
end

return M
