-- SPDX-License-Identifier: GPL-3.0-or-later
-- Counts the calls of named functions while an answer runs, for the check `uses`. A name is a
-- path like "nn.Linear", or the bare name of a method or function like "mean".

local library = require("gradus.lesson.library")
local getinfo = library.debug.getinfo

local is_part = require("gradus.init").is_part

local M = {}

-- Calls that the library makes for its own ends do not count: nn.MSELoss is no use of `mean`.
-- After a tail call nobody knows who called.
local function by_library()
  if getinfo(3, "t").istailcall then return false end
  local caller = getinfo(4, "Sf")
  return caller ~= nil and caller.what ~= "C" and library.owns_function(caller.func)
end

local function counted(f, name, counts)
  local function count()
    if not by_library() then counts[name] = (counts[name] or 0) + 1 end
  end
  if type(f) == "function" then
    return function(...)
      count()
      return f(...)
    end
  end
  return setmetatable({}, {__index = f, __newindex = f, __call = function(_, ...)
    count()
    return f(...)
  end})
end

local function callable(v)
  if type(v) == "function" then return true end
  local metatable = type(v) == "table" and getmetatable(v)
  return type(metatable) == "table" and metatable.__call ~= nil
end

-- "nn.Linear": the one place a path leads to.
local function place_of_path(path, key, vars)
  local first = path:match("^[^.]+")
  local t = rawget(vars, first)
  if t == nil and is_part[first] then t = _G[first] end
  for field in path:gmatch("%.([^.]+)") do t = type(t) == "table" and t[field] end
  return type(t) == "table" and {{t, key}} or {}
end

-- The places where a name can be found, as {table, key} pairs. A bare name may be a variable or
-- a method of any class, the library's or the student's.
local function places(name, world, tables)
  local path, key = name:match("^(.*)[.:]([^.:]+)$")
  if path then return place_of_path(path, key, world.vars) end
  local list, seen, base = {{world.vars, name}}, {[world.vars] = true}, {}
  for _, t in next, world.base do
    if type(t) == "table" and t ~= world.env then base[t] = true end
  end
  for _, set in ipairs{library.tables(), base, tables or {}} do
    for t in next, set do
      if not seen[t] and not rawequal(t, _G) and type(rawget(t, name)) == "function" then
        list[#list + 1] = {t, name}
      end
      seen[t] = true
    end
  end
  return list
end

--- calls.watch(names: {string, ...}, world: World, tables: {[table] = any}?) -> counts, stop
--- Counts calls until `stop()`; `counts` maps a name to its number of calls. `tables` are the
--- student's, among them classes.
function M.watch(names, world, tables)
  local counts, undo = {}, {}
  for _, name in ipairs(names or {}) do
    for _, place in ipairs(places(name, world, tables)) do
      local t, key = place[1], place[2]
      local f = rawget(t, key)
      if callable(f) then
        local shell = counted(f, name, counts)
        rawset(t, key, shell)
        undo[#undo + 1] = function()
          if rawget(t, key) == shell then rawset(t, key, f) end
        end
      end
    end
  end
  return counts, function()
    for _, f in ipairs(undo) do f() end
    undo = {}
  end
end

return M
