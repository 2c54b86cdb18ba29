-- SPDX-License-Identifier: GPL-3.0-or-later
-- What belongs to gradus and to Lua itself rather than to the student: the tables of loaded
-- modules, their classes and functions. Copies of the student's world leave these alone,
-- and what guest code changed in them is put back.

local M = {}

-- The debug library as it was: while guest code runs, the global one is locked.
M.debug = {}
for name, f in next, debug do M.debug[name] = f end
local debug = M.debug

local std = {}
for name in ([[_G _VERSION assert collectgarbage coroutine debug dofile error getmetatable io
  ipairs load loadfile math next os package pairs pcall print rawequal rawget rawlen rawset
  require select setmetatable string table tonumber tostring type utf8 warn xpcall
  arg gradus who why]]):gmatch("%S+") do
  std[name] = true
end
for _, part in ipairs(require("gradus.init").parts) do std[part] = true end

--- library.owns_name(name: any) -> boolean
--- True for the globals that are not the student's.
function M.owns_name(name)
  return std[name] or type(name) == "string" and name:find("^_%d*$") ~= nil
end

local folder = debug.getinfo(1, "S").source:match("^@(.*)lesson/library%.lua$")

--- library.folder() -> string
--- Where the files of the library are, with a slash at the end.
function M.folder() return folder end

--- library.owns_function(f: function) -> boolean
--- True for a Lua function written in a file of the library.
function M.owns_function(f)
  local source = debug.getinfo(f, "S").source
  return source:sub(1, #folder + 1) == "@" .. folder
end

-- "k", "v" or "kv" for a weak table. It remembers what is not its own, the student's nets as a rule.
local function weakness(t)
  local metatable = debug.getmetatable(t)
  return metatable and rawget(metatable, "__mode") or ""
end

-- Every table reached from the loaded modules, without the student's globals.
local function collect(found)
  local stack = {}
  local function push(v)
    if type(v) == "table" and v ~= _G and v ~= package.loaded and not found[v] then
      found[v] = true
      stack[#stack + 1] = v
    end
  end
  for name, module in next, package.loaded do
    if type(name) == "string" and (std[name] or name:find("^gradus")) then push(module) end
  end
  push(debug.getmetatable(""))
  while #stack > 0 do
    local t = table.remove(stack)
    local weak = weakness(t)
    push(debug.getmetatable(t))
    for k, v in next, t do
      if not weak:find("k") then push(k) end
      if not weak:find("v") then push(v) end
      if type(v) == "userdata" then push(debug.getmetatable(v)) end
    end
  end
  return found
end

local function count_loaded()
  local n = 0
  for _ in next, package.loaded do n = n + 1 end
  return n
end

-- The lesson machinery keeps a run, and with it the student's values, in its own locals only;
-- so that a new walk is needed only when another module has been loaded.
local tables, loaded = nil, nil

--- library.tables() -> {[table] = true}
--- The tables of the library. A set that must not be changed.
function M.tables()
  local n = count_loaded()
  if n ~= loaded then
    tables, loaded = collect(setmetatable({}, {__mode = "k"})), n
    tables[_G] = nil
  end
  return tables
end

--- library.remember() -> memory
--- A shallow copy of every table of the library.
function M.remember()
  local memory = {}
  for t in next, M.tables() do
    local copy = {}
    if weakness(t) == "" then -- what a weak one held may be gone by itself
      for k, v in next, t do copy[k] = v end
    end
    memory[t] = {fields = copy, metatable = debug.getmetatable(t)}
  end
  return memory
end

local function is_foreign(v)
  return type(v) == "function" and debug.getinfo(v, "S").what ~= "C" and not M.owns_function(v)
end

local function holds_foreign(t)
  for _, v in next, t do
    if is_foreign(v) then return true end
  end
  return false
end

-- The library may change itself (load a part, fill a cache); what a guest put in shows by
-- its functions, and what it took out is missing.
local function is_damage(now)
  if now == nil or is_foreign(now) then return true end
  local kind = type(now)
  if kind == "table" then return holds_foreign(now) end
  return kind ~= "function"
end

local function is_bad_metatable(now, before)
  if now == before then return false end
  return now == nil or holds_foreign(now) or before ~= nil
end

local function mend(t, before)
  local changes = 0
  for k, v in next, before.fields do
    local kind, now = type(v), rawget(t, k)
    if now ~= v and (kind == "function" or kind == "table") and is_damage(now) then
      rawset(t, k, v)
      changes = changes + 1
    end
  end
  for k, v in next, t do
    if before.fields[k] == nil and is_foreign(v) then
      t[k] = nil
      changes = changes + 1
    end
  end
  if is_bad_metatable(debug.getmetatable(t), before.metatable) then
    debug.setmetatable(t, before.metatable)
    changes = changes + 1
  end
  return changes
end

--- library.restore(memory) -> integer
--- Puts back functions and tables of the library that were replaced since `remember`, and
--- takes out foreign functions; returns how many there were.
function M.restore(memory)
  local changes = 0
  for t, before in next, memory do changes = changes + mend(t, before) end
  return changes
end

return M
