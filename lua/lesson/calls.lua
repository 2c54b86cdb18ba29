-- SPDX-License-Identifier: GPL-3.0-or-later
-- Counts the calls of named functions while an answer runs, for the check `uses`. A name is a
-- path like "nn.Linear", or the bare name of a method or function like "mean".

local is_part = require("gradus.init").is_part

local M = {}

local function counted(f, name, counts)
  local function count()
    counts[name] = (counts[name] or 0) + 1
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

-- The tables in which a name can be found, as {table, key} pairs.
local function places(name, vars)
  local list = {}
  local path, key = name:match("^(.*)[.:]([^.:]+)$")
  if path then
    local first = path:match("^[^.]+")
    local t = rawget(vars, first)
    if t == nil and is_part[first] then t = _G[first] end
    for field in path:gmatch("%.([^.]+)") do t = type(t) == "table" and t[field] end
    if type(t) == "table" then list[1] = {t, key} end
    return list
  end
  local core = package.loaded["gradus.core"]
  if core then list = {{_G.tensor, name}, {core.methods, name}} end
  list[#list + 1] = {vars, name}
  return list
end

--- calls.watch(names: {string, ...}, vars: table) -> counts, stop
--- Counts calls until `stop()`; `counts` maps a name to its number of calls.
function M.watch(names, vars)
  local counts, undo = {}, {}
  for _, name in ipairs(names or {}) do
    for _, place in ipairs(places(name, vars)) do
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
