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

--- library.makes_for_students(f: function) -> boolean
--- Whether a function of the library may be one that it has made for the student: what lessons and the
--- prompt are made of is not.
function M.makes_for_students(f)
  local source = debug.getinfo(f, "S").source
  local own = source:sub(#folder + 2)
  return not own:find("^lesson/") and not own:find("^repl/") and not own:find("^guest%.lua")
end

--- library.is_globals(v: any) -> boolean
--- True for the table of globals and that of the loaded modules. (`==` would ask the __eq of a guest.)
function M.is_globals(v)
  return rawequal(v, _G) or rawequal(v, package.loaded)
end

-- "k", "v" or "kv" for a weak table. It remembers what is not its own, the student's nets as a rule.
local function weakness(t)
  local metatable = debug.getmetatable(t)
  return metatable and rawget(metatable, "__mode") or ""
end

-- A class that a file keeps to itself is an upvalue of the functions that make its objects; every
-- object shows it. (Other tables that a file keeps may hold what is the student's.)
local function push_classes(f, push, seen)
  if seen[f] or not M.owns_function(f) then return end
  seen[f] = true
  for i = 1, 255 do
    local name, v = debug.getupvalue(f, i)
    if not name then return end
    if type(v) == "function" then push_classes(v, push, seen) end
    if type(v) == "table" and rawget(v, "__index") ~= nil then push(v) end
  end
end

local function is_machinery(name)
  return name:find("^gradus%.lesson") or name:find("^gradus%.repl") or name == "gradus.guest"
end

-- Every table reached from the loaded modules, without the student's globals.
local function collect(found)
  local stack, seen = {}, {}
  local function push(v)
    if type(v) == "table" and not M.is_globals(v) and not found[v] then
      found[v] = true
      stack[#stack + 1] = v
    end
  end
  for name, module in next, package.loaded do
    if type(name) == "string" and (std[name] or name:find("^gradus")) then push(module) end
    if type(module) == "table" and type(name) == "string" and is_machinery(name) then
      for _, v in next, module do
        if type(v) == "function" then seen[v] = true end
      end
    end
  end
  push(debug.getmetatable(""))
  while #stack > 0 do
    local t = table.remove(stack)
    local weak = weakness(t)
    push(debug.getmetatable(t))
    for k, v in next, t do
      if not weak:find("k") then push(k) end
      if not weak:find("v") then push(v) end
      if weak == "" and type(v) == "function" then push_classes(v, push, seen) end
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

local functions_of, functions

--- library.functions() -> {[function] = true}
--- The functions that stand in the tables of the library: they carry nobody's values. (What a
--- function of the library makes, an iterator say, is not among them.)
function M.functions()
  local own = M.tables()
  if functions_of == own then return functions end
  functions_of, functions = own, setmetatable({}, {__mode = "k"})
  for t in next, own do
    if weakness(t) == "" then
      for _, v in next, t do
        if type(v) == "function" then functions[v] = true end
      end
    end
  end
  return functions
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

-- The library may change itself (load a part, fill a cache), but it puts no function in the place of
-- another; what a guest put in shows by that and by its functions, and what it took out is missing.
local function is_damage(now, kind)
  if now == nil or kind == "function" then return true end
  return type(now) ~= "table" or holds_foreign(now)
end

local function is_bad_metatable(now, before)
  if rawequal(now, before) then return false end
  return now == nil or holds_foreign(now) or before ~= nil
end

-- Puts one table right; what is new in it and may stay goes into the list `fresh`.
local function mend(t, before, fresh)
  local changes = 0
  for k, v in next, before.fields do
    local kind, now = type(v), rawget(t, k)
    if not rawequal(now, v) and (kind == "function" or kind == "table") then
      if is_damage(now, kind) then
        rawset(t, k, v)
        changes = changes + 1
      else
        fresh[#fresh + 1] = now
      end
    end
  end
  for k, v in next, t do
    if before.fields[k] == nil and is_foreign(v) then
      t[k] = nil
      changes = changes + 1
    elseif before.fields[k] == nil and (type(v) == "function" or type(v) == "table") then
      fresh[#fresh + 1] = v
    end
  end
  if is_bad_metatable(debug.getmetatable(t), before.metatable) then
    debug.setmetatable(t, before.metatable)
    changes = changes + 1
  end
  return changes
end

--- library.restore(memory) -> integer, {value, ...}
--- Puts back functions and tables of the library that were replaced since `remember`, and
--- takes out foreign functions; returns how many there were, and what is new in the library.
function M.restore(memory)
  local changes, fresh = 0, {}
  for t, before in next, memory do changes = changes + mend(t, before, fresh) end
  return changes, fresh
end

return M
