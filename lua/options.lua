-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keyword arguments: a table of options read against a table of defaults. An
-- unknown key is an error that names the nearest valid one.

local M = {}

-- The number of single-letter edits (insert, delete, replace, swap two
-- neighbours) that turn a into b.
local function distance(a, b)
  local before, previous = {}, {}
  for j = 0, #b do previous[j] = j end
  for i = 1, #a do
    local row = {[0] = i}
    for j = 1, #b do
      local same = a:byte(i) == b:byte(j)
      row[j] = math.min(row[j - 1] + 1, previous[j] + 1, previous[j - 1] + (same and 0 or 1))
      local swapped = i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j)
      if swapped then row[j] = math.min(row[j], before[j - 2] + 1) end
    end
    before, previous = previous, row
  end
  return previous[#b]
end

--- options.nearest(word: string, names: {string, ...}) -> string?
--- The name that is nearest to a misspelt word, or nil if none is near.
--- > require("gradus.options").nearest("momentun", {"lr", "momentum"})
--- momentum
function M.nearest(word, names)
  local best, least = nil, #word == 1 and 1 or math.max(1, #word // 3) + 1
  for _, name in ipairs(names) do
    local d = distance(word:lower(), name:lower())
    if d < least then best, least = name, d end
  end
  return best
end

--- options.keys(t: table) -> {string, ...}
--- The string keys of a table in alphabetical order.
--- > table.concat(require("gradus.options").keys({b = 1, a = 2}), " ")
--- a b
function M.keys(t)
  local names = {}
  for k in pairs(t) do
    if type(k) == "string" then names[#names + 1] = k end
  end
  table.sort(names)
  return names
end

-- "tensor" rather than "userdata".
local function kind_of(v)
  local metatable = type(v) == "userdata" and getmetatable(v)
  return type(metatable) == "table" and metatable.__name or type(v)
end

-- train.fit(net, set): the data where the options that name them belong.
local function check_no_data(who, given, known, level)
  if not known.data or known.x or rawget(given, "x") == nil or rawget(given, "data") ~= nil then return end
  error(("%s: the data set stands among the options. Hint: %s(net, {data = set})"):format(who, who), level + 1)
end

--- options.read(who: string, given: table?, defaults: table, {string, ...}?, level: integer = 3) -> table
--- The defaults overlaid with the given options. Options without a default value are
--- named in the fourth argument. An unknown key raises an error, blamed on the caller `level`
--- functions up (3: whoever called the function that reads its options).
--- > require("gradus.options").read("f", {lr = 1}, {lr = 0.1, momentum = 0}).lr
--- 1
function M.read(who, given, defaults, optional, level)
  if given ~= nil and type(given) ~= "table" then
    error(("%s: options are a table like {%s = ...}; got %s"):format(
      who, M.keys(defaults)[1] or "name", kind_of(given)), level or 3)
  end
  local known, result = {}, {}
  for k, v in pairs(defaults) do known[k], result[k] = true, v end
  for _, k in ipairs(optional or {}) do known[k] = true end
  check_no_data(who, given or {}, known, level or 3)
  for k, v in pairs(given or {}) do
    if not known[k] then
      local names = M.keys(known)
      local near = M.nearest(tostring(k), names)
      error(("%s: unknown option '%s'.%s Options: %s"):format(who, tostring(k),
        near and (" Did you mean '%s'?"):format(near) or "", table.concat(names, ", ")), level or 3)
    end
    result[k] = v
  end
  return result
end

-- Names first, then what has a default only.
local function list_of(names, defaults)
  local list, known = {}, {}
  for i, name in ipairs(names) do list[i], known[name] = name, true end
  for _, name in ipairs(M.keys(defaults)) do
    if not known[name] then list[#list + 1] = name end
  end
  return table.concat(list, ", ")
end

local function is_keywords(v)
  return type(v) == "table" and getmetatable(v) == nil and #v == 0
end

--- options.arguments(who: string, names: {string, ...}, defaults: table, level: integer, ...) -> table
--- What a function is called with, by name: values in the order of `names`, then keywords in a last table,
--- as Python has it: f(1, 2, {c = 3}) and f({a = 1, b = 2, c = 3}) are the same. A name without a
--- default must be given. Errors are blamed on the caller `level` functions up.
--- > o = require("gradus.options").arguments("f", {"a", "b"}, {b = 2, c = 3}, 1, 10, {c = 4})
--- > o.a, o.b, o.c
--- 10	2	4
function M.arguments(who, names, defaults, level, ...)
  local given, n = {}, select("#", ...)
  for i = 1, n do
    local v = select(i, ...)
    if i == n and is_keywords(v) then
      for k, value in pairs(v) do
        if given[k] ~= nil then
          error(("%s: '%s' is given twice"):format(who, tostring(k)), level)
        end
        given[k] = value
      end
    elseif i > #names then
      error(("%s: at most %d values and options like {%s = ...}; got %d"):format(who, #names,
        names[#names] or M.keys(defaults)[1] or "name", n), level)
    else
      given[names[i]] = v
    end
  end
  local o = M.read(who, given, defaults, names, level + 1)
  for _, name in ipairs(names) do
    if o[name] == nil then
      error(("%s: '%s' is missing. Arguments: %s"):format(who, name, list_of(names, defaults)), level)
    end
  end
  return o
end

return M
