-- SPDX-License-Identifier: GPL-3.0-or-later
-- What guest code may be given and what it may leave behind. A value of the student's is
-- screened before a guest sees it: files and foreign C functions stay hidden, wherever they
-- hang. A function that a guest leaves in the student's world is wrapped, so that it
-- runs as a guest whoever calls it.

local library = require("gradus.lesson.library")
local compare = require("gradus.lesson.compare")
local debug = library.debug

local M = {}

local safe_c -- the C functions a guest may have

local unsafe_modules = {io = true, os = true, debug = true, package = true, _G = true,
  ["gradus.sandbox"] = true}

local function collect_safe()
  local set = {}
  for t in next, library.tables() do
    for _, v in next, t do
      if type(v) == "function" then set[v] = true end
    end
  end
  for name in next, unsafe_modules do
    for _, v in next, type(package.loaded[name]) == "table" and package.loaded[name] or {} do
      if type(v) == "function" then set[v] = nil end
    end
  end
  for _, name in ipairs{"assert", "error", "getmetatable", "ipairs", "next", "pairs", "pcall",
    "print", "rawequal", "rawget", "rawlen", "select", "setmetatable", "tonumber", "tostring",
    "type", "xpcall", "warn"} do
    set[_G[name]] = true
  end
  set[string.dump] = nil
  return set
end

local counted

local function safe_functions()
  local tables = library.tables()
  if counted ~= tables then safe_c, counted = collect_safe(), tables end
  return safe_c
end

local function is_library_userdata(u)
  local metatable = debug.getmetatable(u)
  return compare.is_tensor(u) or metatable and library.tables()[metatable]
    and metatable ~= debug.getmetatable(io.stdout)
end

local coroutines = setmetatable({}, {__mode = "k"}) -- those of guests

-- Why a single value must stay hidden, or nil.
local function objection(v)
  local kind = type(v)
  if kind == "thread" and not coroutines[v] then
    return "it holds a coroutine, which may hold anything"
  elseif kind == "function" and debug.getinfo(v, "S").what == "C" then
    return not safe_functions()[v] and "it holds a function of C that a lesson never sees" or nil
  elseif kind == "userdata" and not is_library_userdata(v) then
    return "it holds a file or another object of C"
  elseif library.is_globals(v) then
    return "it holds the table of all globals"
  end
end

local function push_parts(v, push)
  if type(v) == "table" then
    push(debug.getmetatable(v))
    for k, x in next, v do
      push(k)
      push(x)
    end
  elseif debug.getinfo(v, "S").what ~= "C" then
    for i = 1, 255 do
      local name, x = debug.getupvalue(v, i)
      if not name then break end
      if not library.is_globals(x) then push(x) end -- _ENV: what it can do then is settled when it runs
    end
  end
end

local screened = {"table", "function", "userdata", "thread"}
for _, kind in ipairs(screened) do screened[kind] = true end

--- screen.objection(value: any, seen: table) -> string?
--- Why a guest must not have a value, or nil. `seen` remembers what was found harmless.
function M.objection(value, seen)
  if not screened[type(value)] or seen[value] then return nil end
  local own, stack, visited = library.tables(), {}, {}
  local function push(v)
    if screened[type(v)] and not seen[v] and not visited[v] and not own[v] then
      visited[v] = true
      stack[#stack + 1] = v
    end
  end
  push(value)
  while #stack > 0 do
    local v = table.remove(stack)
    local why = objection(v)
    if why then return why end
    local is_code = type(v) == "function" and not library.owns_function(v)
    if type(v) == "table" or is_code then push_parts(v, push) end
  end
  for harmless in next, visited do seen[harmless] = true end
  return nil
end

--- screen.own_coroutine(co: thread)
--- Says that a coroutine is a guest's: it ends with the guest's code.
function M.own_coroutine(co) coroutines[co] = true end

-- What stands for a value that a guest leaves behind: a shell for a function, false for a
-- coroutine, nil if it may stay.
local function substitute(v, wrap)
  if type(v) == "function" then return wrap(v) end
  if type(v) == "thread" and coroutines[v] then return false end
end

-- Replaces the guests' functions in one table.
local function wrap_fields(t, wrap, push)
  for k, v in next, t do
    local other = substitute(v, wrap)
    if other ~= nil then rawset(t, k, other) else push(v) end
    push(k)
  end
end

local function wrap_upvalues(f, wrap, push)
  for i = 1, 255 do
    local name, v = debug.getupvalue(f, i)
    if not name then return end
    local other = substitute(v, wrap)
    if other ~= nil then debug.setupvalue(f, i, other) elseif not library.is_globals(v) then push(v) end
  end
end

--- screen.sweep_table(t: table, wrap: function)
--- Replaces the guests' functions in this table alone: a class that was loaded while a guest ran.
function M.sweep_table(t, wrap)
  wrap_fields(t, wrap, function() end)
end

local private = setmetatable({}, {__mode = "k"}) -- tables of the machinery of lessons
local shells = setmetatable({}, {__mode = "k"}) -- wrapped function -> the guest's own

--- screen.add_shell(shell: function, f: function)
--- Says that a function runs another one as a guest.
function M.add_shell(shell, f) shells[shell] = f end

--- screen.is_shell(f: function) -> boolean
--- Whether it is such a function.
function M.is_shell(f) return shells[f] ~= nil end

--- screen.inner(f: function) -> function
--- What a shell runs; any other function itself.
function M.inner(f) return shells[f] or f end

--- screen.is_private(t: table) -> boolean
--- Whether a table belongs to the machinery of lessons.
function M.is_private(t) return private[t] ~= nil end

--- screen.own_private(t: table)
--- Says that a table belongs to the machinery: nothing in it is looked at or replaced.
function M.own_private(t) private[t] = true end

--- screen.sweep(names: table, vars: table, wrap: function, is_shell: function)
--- Walks the student's variables and replaces each function for which `wrap` gives a shell, also
--- where an iterator or another function that the library has made holds it.
function M.sweep(names, vars, wrap, is_shell)
  local own, plain, stack, visited = library.tables(), library.functions(), {}, {}
  local function push(v)
    local kind = type(v)
    if (kind == "table" or kind == "function") and not visited[v] and not own[v] and not plain[v]
      and not private[v] and not library.is_globals(v) then
      visited[v] = true
      stack[#stack + 1] = v
    end
  end
  for name, v in next, names do
    local other = substitute(v, wrap)
    if other ~= nil then rawset(vars, name, other) else push(v) end
  end
  while #stack > 0 do
    local v = table.remove(stack)
    if type(v) == "table" then
      push(debug.getmetatable(v))
      wrap_fields(v, wrap, push)
    elseif not is_shell(v) then
      wrap_upvalues(v, wrap, push)
    end
  end
end

return M
