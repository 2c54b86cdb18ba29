-- SPDX-License-Identifier: GPL-3.0-or-later
-- The world a lesson acts in: the student's variables and the sandbox around them. Guest code
-- is the lesson file itself and all code it shows, checks or runs. It sees the safe part
-- of Lua, the library, and the student's variables by name; never io, os, debug, package,
-- require, or a value that holds them. Three layers see to that:
--
-- 1. Guest code is compiled as text with an environment that knows only safe names, and
--    what it reads of the student's is screened (screen.lua).
-- 2. While it runs, the dangerous functions of Lua are replaced by refusals, because it may
--    call functions of the student's; library functions that touch files ask gradus.guest.
-- 3. It runs under a watch of instructions, seconds and bytes (gradus.sandbox), and
--    afterwards the library is put back where it was changed.

local guest = require("gradus.guest")
local library = require("gradus.lesson.library")
local notice = require("gradus.notice")
local safe = require("gradus.lesson.safe")
local sandbox = require("gradus.sandbox")
local debug = library.debug
local screen = require("gradus.lesson.screen")
local Snapshot = require("gradus.lesson.snapshot")

-- Kept from before a lesson locks it: a tail call of the locked one would be refused.
local load = load
local tell = notice.tell

local World = {}
World.__index = World

local guest_chunks = {}                                  -- chunk name -> its world
local texts = {}                                         -- chunk name -> its code, for `??name`

-- --- names ------------------------------------------------------------------------------

local hidden = {}
for name in ("io os debug package require dofile loadfile arg"):gmatch("%S+") do
  hidden[name] = true
end

local parts = {}
for _, name in ipairs(require("gradus.init").parts) do parts[name] = true end
parts.lesson, parts.help = nil, nil
parts.why, parts.who = true, true

-- Guest code that something kept (a gradient's function, say) and that runs after the lesson's
-- code has ended, with nothing locked, gets no functions.
local function read_student(world, name)
  local v = rawget(world.vars, name)
  if v == nil then return nil end
  if guest.depth == 0 and not world.trust and (type(v) == "function" or type(v) == "table") then
    error(("code of a lesson, run outside of it, cannot use your '%s'"):format(name), 3)
  end
  local why = screen.objection(v, world.harmless)
  if why then
    error(("a lesson cannot use your variable '%s': %s"):format(tostring(name), why), 3)
  end
  return v
end

-- A part of the library, loaded at first use; a function like `who` only where it is defined.
local function part(name)
  if require("gradus.init").is_part[name] then return _G[name] end
  return rawget(_G, name)
end

local function read(world, name)
  local v = world.base[name]
  if v ~= nil then return v end
  if hidden[name] then
    error(("a lesson has no '%s'"):format(name), 3)
  end
  if parts[name] then return part(name) end
  if world.vars == _G and library.owns_name(name) and not name:find("^_%d*$") then return nil end
  return read_student(world, name)
end

local function write(world, name, value)
  if type(name) == "string" and (world.base[name] ~= nil or library.owns_name(name)) then
    error(("a lesson cannot replace '%s'"):format(name), 3)
  end
  if world.before[name] ~= nil then world.replaced[name] = true end
  rawset(world.vars, name, value)
end

-- What is loaded before guest code runs can be put back after it.
local function load_parts()
  for name in next, parts do pcall(part, name) end
end

local function environment(world)
  local env = setmetatable({}, {
    __index = function(_, name) return read(world, name) end,
    __newindex = function(_, name, value) write(world, name, value) end,
    __metatable = false,
  })
  world.base = safe.base(world, env)
  return env
end

--- World.new{vars, folder, trust, print, limits} -> World
--- A world around the variables in `vars`; by default a new, empty table of them. With
--- `trust` there is no sandbox, with the globals as variables.
function World.new(given)
  local o = require("gradus.options").read("world", given, {trust = false},
    {"vars", "folder", "print", "limits"})
  local world = setmetatable({vars = o.vars or {}, folder = o.folder, trust = o.trust,
    limits = o.limits or {}, print = o.print, harmless = {}, chunks = 0, replaced = {}, printed = 0}, World)
  world.before = world:students()
  world.env = environment(world)
  screen.own_private(world)
  screen.own_private(world.env)
  if not o.trust then load_parts() end
  if o.trust and world.vars == _G then world.env = _G end
  return world
end

-- --- running as a guest -----------------------------------------------------------------

local function enter(world)
  guest.depth = guest.depth + 1
  if guest.depth > 1 then return end
  guest.folder = world.folder
  notice.tell = world.print or tell
  world.harmless, world.printed = {}, 0
  safe.lock()
end

local function leave()
  guest.depth = guest.depth - 1
  if guest.depth > 0 then return end
  safe.unlock()
  guest.folder, notice.tell = nil, tell
end

local reasons = {
  instructions = "it was stopped after very many steps: a loop that does not end?",
  seconds = "it was stopped because it took too long",
  memory = "it was stopped because it wanted too much memory",
}

local LONGEST = 4000

-- Where in the library an error was found is of no use to a student.
local function shortened(text)
  local folder = library.folder()
  if text:sub(1, #folder) == folder then text = text:gsub("^[^\n]-%.lua:%d+: ", "", 1) end
  return #text > LONGEST and text:sub(1, LONGEST) .. " ..." or text
end

-- An error value as text; one that has to be asked for it is asked as a guest.
local function error_text(value, as_guest)
  if type(value) == "string" or type(value) == "number" then return tostring(value) end
  local ok, text = as_guest(tostring, value)
  return ok and type(text) == "string" and text or "an error that is a " .. type(value)
end

local function outcome_of(started, as_guest, ok, ...)
  local outcome = table.pack(...)
  outcome.ok, outcome.seconds = ok, os.clock() - started
  if ok then return outcome end
  outcome.stopped = outcome[2]
  outcome.message = reasons[outcome.stopped] or shortened(error_text(outcome[1], as_guest))
  outcome.error = outcome.message
  outcome.n, outcome[1], outcome[2] = 0, nil, nil
  return outcome
end

-- Runs f(...) under the watch; the outcome says how it went. `after` is done in any case, also
-- when Ctrl-C goes right through.
local function watched(world, after, f, ...)
  local started = os.clock()
  if world.trust then return outcome_of(started, pcall, pcall(f, ...)) end
  local function as_guest(g, v)
    enter(world)
    return sandbox.guard(world.limits, leave, g, v)
  end
  enter(world)
  return outcome_of(started, as_guest, sandbox.guard(world.limits, after, f, ...))
end

-- Functions that C holds, for a gradient or a hook, since guest code gave them to it.
local held = setmetatable({}, {__mode = "k"})

local run_shell

-- A function that runs the guest's one as a guest; nil if `f` is no guest's.
local function shell_of(f)
  local world = guest_chunks[debug.getinfo(f, "S").source]
  if not world then return nil end
  local function shell(...)
    if guest.depth > 0 then return f(...) end
    return run_shell(world, f, ...)
  end
  screen.add_shell(shell, f)
  return shell
end

function guest.origin(f)
  if not screen.is_shell(f) then return f end
  local own = screen.inner(f)
  return own, texts[debug.getinfo(own, "S").source]
end

-- A function of the library stays itself: what it holds is swept when the guest's code has ended.
function guest.keep(f)
  if guest.depth == 0 then return f end
  local shell = shell_of(f)
  if not shell and not screen.is_shell(f) then held[f] = true end
  return shell or f
end

--- World:students() -> {[name] = value}
--- The student's variables.
function World:students()
  local names = {}
  for name, v in next, self.vars do
    if self.vars ~= _G or not library.owns_name(name) then names[name] = v end
  end
  return names
end

--- World:give_back() -> {name, ...}
--- Puts back the variables the student had before and that code of the lesson has replaced;
--- their names, in order.
function World:give_back()
  local names = require("gradus.options").keys(self.replaced)
  for _, name in ipairs(names) do rawset(self.vars, name, self.before[name]) end
  self.replaced = {}
  return names
end

--- World:made() -> {[name] = value}
--- The variables that have come since the world began.
function World:made()
  local new = {}
  for name, v in next, self:students() do
    if self.before[name] == nil then new[name] = v end
  end
  return new
end

--- World:clear()
--- Begins anew: what has come is taken away, what was replaced is put back.
function World:clear()
  for name in next, self:made() do rawset(self.vars, name, nil) end
  self:give_back()
end

-- After guest code: nothing of it stays in the library, and what it left behind stays a guest.
local is_shell = screen.is_shell

local function tidy(world, memory)
  local fresh
  world.damage, fresh = library.restore(memory)
  for f in next, held do fresh[#fresh + 1] = f end
  for t in next, library.tables() do
    if not memory[t] then screen.sweep_table(t, shell_of) end
  end
  screen.sweep(fresh, fresh, shell_of, is_shell)
  screen.sweep(world:students(), world.vars, shell_of, is_shell)
  screen.sweep(world.before, world.before, shell_of, is_shell) -- what it replaced will come back
end

-- What guest code returns may be shown and compared: that must not run its functions freely.
local function tidy_results(outcome)
  local results = table.move(outcome, 1, outcome.n, 1, {})
  screen.sweep(results, outcome, shell_of, is_shell)
  return outcome
end

-- The student's code calls what a guest has left: as a guest, and as after any guest nothing it
-- leaves, in the arguments, the results or elsewhere, is more than a guest.
function run_shell(world, f, ...)
  local memory, arguments = library.remember(), table.pack(...)
  local outcome = watched(world, function()
    leave()
    tidy(world, memory)
    screen.sweep(arguments, {}, shell_of, is_shell)
  end, f, ...)
  if not outcome.ok then error(outcome.message, 0) end
  tidy_results(outcome)
  return table.unpack(outcome, 1, outcome.n)
end

--- World:call(f: function, ...) -> outcome
--- Calls a function as a guest. The outcome is {ok, n, [1..n], error, message, seconds}.
function World:call(f, ...)
  if self.trust or guest.depth > 0 then return watched(self, leave, f, ...) end
  local memory = library.remember()
  self.damage = 0
  local outcome = watched(self, function()
    leave()
    tidy(self, memory)
  end, f, ...)
  if self.damage > 0 and outcome.ok then
    outcome = {ok = false, n = 0, seconds = outcome.seconds,
      message = "a lesson cannot change the library; it was put back"}
    outcome.error = outcome.message
  end
  return tidy_results(outcome)
end

--- World:adopt(chunk: string)
--- Functions compiled under this chunk name are guests of this world from now on.
function World:adopt(chunk)
  guest_chunks[chunk] = self
end

-- Statements whose last lines are an expression, maybe a call, give its value. What stands
-- before must be whole by itself, so that nothing inside a loop is taken for the end.
local function load_with_result(code, chunk, env)
  local at = #code + 1
  while true do
    at = code:sub(1, at - 1):match(".*()\n")
    if not at then return nil end
    local first, last = code:sub(1, at), code:sub(at + 1)
    if last:find("%S") and load("return " .. last, chunk, "t") and load(first, chunk, "t") then
      return load(first .. " return " .. last .. "\n", chunk, "t", env)
    end
  end
end

--- World:load(code: string, name: string, env: table?, shows: boolean?) -> function?, string?
--- Compiles text, never bytecode, as guest code: an expression or statements; with `shows`
--- statements that end in an expression give its value.
function World:load(code, name, env, shows)
  if code:byte(1) == 27 then return nil, "bytecode is not accepted" end
  local chunk = "=" .. name
  if not self.trust then self:adopt(chunk) end
  if code:find("function", 1, true) then texts[chunk] = code end
  env = env or self.env
  local f = load("return " .. code .. "\n", chunk, "t", env)
  if f then return f end
  f = shows and load_with_result(code, chunk, env)
  if f then return f end
  return load(code .. "\n", chunk, "t", env)
end

--- World:evaluate(code: string, name: string?, shows: boolean?) -> outcome
--- Runs code as a guest on the student's variables.
function World:evaluate(code, name, shows)
  local f, message = self:load(code, name or "lesson", nil, shows)
  if not f then return outcome_of(os.clock(), pcall, false, message) end
  local outcome = self:call(f)
  outcome.input = code
  return outcome
end

--- World:names() -> table
--- The student's variables by name, to look at: an unknown one is nil.
function World:names()
  local vars = self.vars
  return setmetatable({}, {__index = function(_, name) return rawget(vars, name) end,
    __newindex = function() error("an answer's variables can only be looked at", 2) end,
    __metatable = false})
end

--- World:hides(values: table, n: integer) -> string?
--- Why guest code must not have one of the first n values, or nil.
function World:hides(values, n)
  if self.trust then return nil end
  for i = 1, n do
    local why = screen.objection(values[i], {})
    if why then return why end
  end
end

--- World:shown_names() -> table
--- The same for guest code, which must not have all of them.
function World:shown_names()
  if self.trust then return self:names() end
  return setmetatable({}, {__index = function(_, name) return read_student(self, name) end,
    __newindex = function() error("an answer's variables can only be looked at", 2) end,
    __metatable = false})
end

--- World:snapshot() -> Snapshot
--- A copy of the variables to return to.
function World:snapshot()
  return Snapshot.take(self.vars)
end

--- World:seed(n: integer)
--- Sets the generator of random numbers.
function World:seed(n) -- luacheck: no self
  require("gradus.core").seed(n)
end

return World
