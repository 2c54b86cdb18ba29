-- SPDX-License-Identifier: GPL-3.0-or-later
-- The part of Lua that guest code sees, and the lock on the rest while it runs.

local guest = require("gradus.guest")
local library = require("gradus.lesson.library")
local sandbox = require("gradus.sandbox")
local screen = require("gradus.lesson.screen")

local M = {}

local getinfo = library.debug.getinfo

local function copy(t)
  local result = {}
  for k, v in next, t do result[k] = v end
  return result
end

-- --- functions with a narrower form -----------------------------------------------------

local function getmetatable_of(v)
  if type(v) ~= "table" then return nil end
  local metatable = getmetatable(v)
  return not library.tables()[metatable] and metatable or nil
end

local function setmetatable_of(t, metatable)
  if type(t) ~= "table" then error("setmetatable: a table is expected", 2) end
  if library.tables()[t] then error("setmetatable: the library cannot be changed", 2) end
  if type(metatable) == "table" and rawget(metatable, "__gc") ~= nil then
    error("setmetatable: a lesson has no __gc", 2)
  end
  return setmetatable(t, metatable)
end

local function rawset_of(t, k, v)
  if library.tables()[t] then error("rawset: the library cannot be changed", 2) end
  return rawset(t, k, v)
end

local function load_of(world, env)
  return function(chunk, _, _, given)
    if type(chunk) == "function" then
      local pieces = {}
      for piece in chunk do
        if piece == "" then break end
        pieces[#pieces + 1] = piece
      end
      chunk = table.concat(pieces)
    end
    if type(chunk) ~= "string" then error("load: text is expected", 2) end
    if chunk:byte(1) == 27 then return nil, "bytecode is not accepted" end
    return world:load(chunk, "lesson", given or env)
  end
end

-- Long chains of coroutines that close each other overflow the C stack of Lua 5.4.
local closing = 0

-- Where the watch has stopped a coroutine no hook runs any more: it is left as it is.
local function pass_on_a_stop()
  if sandbox.is_over() then error("stopped: the lesson's code has reached a limit", 3) end
end

local function close(co)
  pass_on_a_stop()
  if closing > 100 then error("coroutine.close: too deeply nested", 2) end
  closing = closing + 1
  local results = table.pack(pcall(coroutine.close, co))
  closing = closing - 1
  if not results[1] then error(results[2], 2) end
  return table.unpack(results, 2, results.n)
end

local function resume(co, ...)
  if type(co) ~= "thread" then error("coroutine.resume: a coroutine is expected", 2) end
  sandbox.watch(co)
  local results = table.pack(coroutine.resume(co, ...))
  pass_on_a_stop()
  return table.unpack(results, 1, results.n)
end

-- A handler would run inside the hook that stops, where nothing stops it.
local function xpcall_of(f, handler, ...)
  if type(handler) ~= "function" then error("xpcall: a handler is expected", 2) end
  return xpcall(f, function(message)
    if sandbox.is_over() then return message end
    return handler(message)
  end, ...)
end

local function create(f)
  local co = coroutine.create(f)
  screen.own_coroutine(co)
  return co
end

-- As coroutine.wrap, but the function is good only while guest code runs.
local function wrap(f)
  local co = create(f)
  local function pass(ok, ...)
    if ok then return ... end
    local message = ...
    coroutine.close(co)
    error(message, 0)
  end
  return function(...) -- what a guest leaves loses its coroutines
    if guest.depth == 0 or not co then error("this coroutine ended with the lesson's code", 2) end
    return pass(resume(co, ...))
  end
end

local function collect(what)
  if what == "count" then return collectgarbage("count") end
  return 0
end

local MOST_PRINTED = 4e4 -- characters, by one call from outside

local function cut_at_most(world, text)
  if world.printed <= MOST_PRINTED then return text end
  return text:sub(1, math.max(0, MOST_PRINTED - world.printed + #text))
    .. "\n... (it prints more than a lesson may; the rest is left out)"
end

local function print_to(world)
  return function(...)
    if world.printed > MOST_PRINTED then return end
    local texts = table.pack(...)
    for i = 1, texts.n do texts[i] = require("gradus.init").text(texts[i]) end
    local text = table.concat(texts, "\t")
    world.printed = world.printed + #text + 20 -- a short line takes room as well
    local show = world.print or print
    show(cut_at_most(world, text))
  end
end

-- --- functions of Lua that could run for ever in C, where the watch does not see them -----------

local move = table.move

-- A length that a metamethod makes up is the number of turns of a loop in C.
local function refuse_made_up_length(name)
  local f = table[name]
  return function(t, ...)
    local metatable = type(t) == "table" and library.debug.getmetatable(t)
    if type(metatable) == "table" and rawget(metatable, "__len") ~= nil then
      error(("table.%s: a lesson takes no table with a __len of its own here"):format(name), 2)
    end
    return f(t, ...)
  end
end

local lists = {}
for name in ("concat insert remove sort unpack"):gmatch("%a+") do
  lists[name] = refuse_made_up_length(name)
end

local MOST_MOVED = 1e7

function lists.move(from, first, last, ...)
  if tonumber(first) and tonumber(last) and last - first > MOST_MOVED then
    error(("table.move: a lesson moves at most %d elements"):format(MOST_MOVED), 2)
  end
  return move(from, first, last, ...)
end

local function overlay(t, with)
  local result = copy(t)
  for k, v in next, with do result[k] = v end
  return result
end

-- --- the base environment ---------------------------------------------------------------

local plain = {"assert", "error", "ipairs", "next", "pairs", "pcall", "rawequal", "rawget",
  "rawlen", "select", "tonumber", "tostring", "type", "_VERSION"}

--- safe.base(world, env: table) -> table
--- The names of Lua that guest code may use, as copies it can spoil for itself alone.
function M.base(world, env)
  local base = {_G = env, math = copy(math), string = copy(string),
    table = overlay(table, lists), utf8 = copy(utf8), coroutine = copy(coroutine),
    load = load_of(world, env), xpcall = xpcall_of, getmetatable = getmetatable_of,
    setmetatable = setmetatable_of, rawset = rawset_of, collectgarbage = collect,
    print = print_to(world), gradus = {seed = require("gradus.core").seed}}
  for _, name in ipairs(plain) do base[name] = _G[name] end
  base.string.dump = nil
  base.coroutine.close, base.coroutine.resume = close, resume
  base.coroutine.create, base.coroutine.wrap = create, wrap
  return base
end

-- --- the lock ---------------------------------------------------------------------------

-- Functions that only look or compute, and may stay.
local harmless = {io = {type = true, write = true}, os = {clock = true, time = true,
  date = true, difftime = true}, debug = {traceback = true}}

local locked = {}

-- The function that calls a refusal, or nil where a tail call hides it.
local function caller()
  if getinfo(2, "t").istailcall then return nil end
  for level = 3, 20 do
    local info = getinfo(level, "Sf")
    if not info then return nil end
    if info.what ~= "C" then return info.func end
  end
end

local sealed = {["gradus.sandbox"] = true, ["gradus.guest"] = true, ["gradus.gnuplot"] = true,
  ["gradus.terminal"] = true}

-- C code of the library asks for its own modules with a guest as its nearest Lua caller.
local function is_own_module(name, module)
  return name == "require" and type(module) == "string" and module:find("^gradus%.")
    and not sealed[module]
end

-- What library code may do with files while a guest runs: draw pictures in the private folder of
-- gnuplot, read its own sources and the files beside the lesson.
local function is_private(path, reads)
  if path:find("/../", 1, true) then return false end
  local loaded = package.loaded["gradus.gnuplot"]
  local folder = loaded and loaded.folder and loaded.folder()
  local own = library.folder()
  return folder and path:sub(1, #folder + 1) == folder .. "/"
    or reads and path:sub(1, #own) == own
end

local function by_library(name, path, mode)
  if name == "execute" or name == "popen" or name == "exit" then
    error(("%s is out of reach while a lesson runs"):format(name), 3)
  end
  local touches = name == "open" or name == "remove" or name == "rename" or name == "lines"
  if not touches or type(path) ~= "string" then return path end
  local reads = name == "lines" or name == "open" and not (mode or "r"):find("[wa+]")
  if is_private(path, reads) then return path end
  return guest.check(name, path, reads and "read" or "write")
end

-- Library code goes on using the function; everybody else is refused.
local function refusal(name, f)
  return function(...)
    local by = caller()
    if is_own_module(name, ...) then return f(...) end
    if by and library.owns_function(by) then
      if select("#", ...) == 0 then return f() end
      return f(by_library(name, ...), select(2, ...))
    end
    error(("%s is out of reach while a lesson runs"):format(name), 2)
  end
end

local function lock_table(t, allowed)
  for k, f in next, t do
    if type(f) == "function" and not allowed[k] then
      locked[#locked + 1] = {t, k, f}
    end
  end
end


--- safe.lock()
--- Puts refusals in place of the functions that reach outside, for the student's own functions,
--- which guest code may call.
function M.lock()
  locked = {}
  for name, allowed in next, harmless do lock_table(_G[name], allowed) end
  lock_table(package, {})
  for name in ("require dofile loadfile load"):gmatch("%a+") do
    locked[#locked + 1] = {_G, name, _G[name]}
  end
  locked[#locked + 1] = {string, "dump", string.dump}
  for _, entry in ipairs(locked) do rawset(entry[1], entry[2], refusal(entry[2], entry[3])) end
end

--- safe.unlock()
--- Takes the refusals away again.
function M.unlock()
  for _, entry in ipairs(locked) do rawset(entry[1], entry[2], entry[3]) end
  locked = {}
end

return M
