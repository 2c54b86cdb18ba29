-- SPDX-License-Identifier: GPL-3.0-or-later
-- One student's session: evaluates inputs in the globals, keeps results, calls hooks, prints.
-- What commands and lessons may use of it is listed in gradus.repl.command.

local color = require("gradus.repl.color")
local command = require("gradus.repl.command")
local compile = require("gradus.repl.compile")
local report = require("gradus.repl.report")
local show = require("gradus.repl.show")
local terminal = require("gradus.terminal")
local wrap = require("gradus.repl.wrap")

local Session = {}
Session.__index = Session

-- An input that took longer says how long.
local SLOW = 1.0

-- Names that were global before the student typed anything.
local function snapshot()
  local names = {}
  for name, value in next, _G do names[name] = value end
  return names
end

local inputs = 0 -- of all sessions, so that each "input N" is one text

--- session.new{write: function?, interactive: boolean?} -> Session
--- Makes a session. `write` receives every printed text; default is standard output.
function Session.new(given)
  given = given or {}
  return setmetatable({
    prompt = "",
    interactive = given.interactive or false,
    sink = given.write or function(text) io.stdout:write(text) end,
    hooks = {},
    input_hooks = {},
    sources = {},     -- "input 3" -> its text
    worked = {},      -- the inputs that ran without an error, in order, for :save
    baseline = snapshot(),
  }, Session)
end

function Session:write(text)
  self.sink(text)
end

-- Writes lines; a terminal that is too narrow for them gets them broken between words.
function Session:write_words(text)
  if self.interactive then text = wrap.lines(text, (terminal.size())) end
  self:write(text .. "\n")
end

local function hook(list, fn)
  list[#list + 1] = fn
  return function()
    for i, other in ipairs(list) do
      if other == fn then return table.remove(list, i) end
    end
  end
end

function Session:on_eval(fn)
  return hook(self.hooks, fn)
end

function Session:on_input(fn)
  return hook(self.input_hooks, fn)
end

-- True if a hook has taken the text, so that it is not to be evaluated.
function Session:intercept(text)
  for _, fn in ipairs{table.unpack(self.input_hooks)} do
    if fn(text) then return true end
  end
  return false
end

-- Calls fn so that Ctrl-C stops it; returns an outcome.
local function guarded(fn, ...)
  local started = terminal.seconds()
  local outcome = table.pack(terminal.call(fn, report.handler, ...))
  local ok = table.remove(outcome, 1)
  outcome.n, outcome.ok = outcome.n - 1, ok
  outcome.seconds = terminal.seconds() - started
  if ok then return outcome end
  local failure = outcome[1]
  if type(failure) ~= "table" then failure = {value = failure, frames = {}} end
  outcome.n, outcome[1] = 0, nil
  outcome.interrupted = terminal.interrupted() or nil
  outcome.failure, outcome.error = failure, failure.value
  outcome.message = report.message(failure.value)
  return outcome
end

function Session:next_input(code)
  inputs = inputs + 1
  local place = "input " .. inputs
  self.sources[place] = code
  return place
end

-- Evaluates code; `place` names it in messages (default: the next "input N").
function Session:evaluate(code, place, lines_before)
  place = place or self:next_input(code)
  local padded = ("\n"):rep(lines_before or 0) .. code
  local chunk, failure = compile.load(padded, "=" .. place)
  local outcome
  if chunk then
    outcome = guarded(chunk)
  else
    outcome = {ok = false, n = 0, seconds = 0, message = failure.message,
      error = failure.message, syntax = failure}
  end
  outcome.input, outcome.place, outcome.text = code, place, padded
  return outcome
end

function Session:variables()
  local result = {}
  for name, value in next, _G do
    if type(name) == "string" and self.baseline[name] == nil and not name:match("^_%d*$")
        and package.loaded["gradus." .. name] ~= value then
      result[name] = value
    end
  end
  return result
end

-- `_` is the last input's first result, `_1`, `_2`, ... are all of them.
function Session:keep(outcome)
  if outcome.n == 0 then return end
  rawset(_G, "_", outcome[1])
  for i = 1, math.max(outcome.n, self.kept or 0) do
    rawset(_G, "_" .. i, i <= outcome.n and outcome[i] or nil)
  end
  self.kept = outcome.n
end

-- The text for an outcome that failed.
function Session:failure_text(outcome)
  if outcome.interrupted then return color.paint("warning", "interrupted") end
  if outcome.syntax then return report.syntax(outcome.syntax, outcome.text, outcome.place) end
  return report.runtime(outcome.failure, self.sources)
end

-- Shows an outcome that failed, and lets whoever was interrupted say where that leaves them; in a pipe it is kept and ends the session instead.
function Session:fail(outcome)
  if self.stops_at_errors then
    self.failed = self.failed or outcome
    return
  end
  self:write_words(self:failure_text(outcome))
  if outcome.interrupted and self.after_interrupt then self:guard(self.after_interrupt) end
end

-- A result that knows how to show itself (`__show` in its metatable), as a figure does.
local function shows_itself(value)
  local mt = debug.getmetatable(value)
  return type(mt) == "table" and rawget(mt, "__show") or nil
end

function Session:show(outcome)
  local own = outcome.ok and outcome.n == 1 and shows_itself(outcome[1])
  if not outcome.ok then
    self:fail(outcome)
  elseif outcome.n > 0 and not compile.is_silent(outcome.input or "") then
    if own then
      self:guard(own, outcome[1])
    else
      self:write_words(show.results(outcome, (terminal.size())))
      self:guard(self.warn_about_nil, self, outcome)
    end
  end
  if outcome.seconds > SLOW and self.interactive then
    self:write(color.paint("note", ("(%.2f s)"):format(outcome.seconds)) .. "\n")
  end
end

-- A field of a table that is not there: nil, and the nearest name if there is one.
function Session:warn_about_nil(outcome)
  local text = (outcome.input or ""):match("^%s*(.-)%s*$")
  local path, name = text:match("^([%a_][%w_%.%[%]]*)%.([%a_][%w_]*)$")
  if not path or outcome.n ~= 1 or outcome[1] ~= nil or not self.interactive then return end
  local near = report.nearest(text, name)
  if near then self:warn(("%s has no field %s; did you mean `%s`?"):format(path, name, near)) end
end

function Session:warn(text)
  self:write(color.paint("warning", text) .. "\n")
end

-- Says once an input that `local` does not outlive it; remembered for the guard's message.
function Session:warn_about_locals(text)
  local names = compile.locals(text)
  if #names == 0 then return end
  local lost = require("gradus.init").lost_locals
  for _, name in ipairs(names) do lost[name] = true end
  if not self.interactive then return end
  self:warn(("local %s ends with this input; to keep it, leave `local` away"):format(
    table.concat(names, ", ")))
end

-- Calls fn(...) and shows its error, if any.
function Session:guard(fn, ...)
  local outcome = guarded(fn, ...)
  if not outcome.ok then self:fail(outcome) end
  return outcome
end

local function call_hooks(self, outcome)
  for _, fn in ipairs{table.unpack(self.hooks)} do fn(outcome) end
end

-- ?name and its relatives; also name? as in other prompts.
local function help_query(text)
  local query = text:match("^%s*(%?%??%s*.-)%s*$")
  if query and query:sub(1, 1) == "?" then return query end
  local name = text:match("^%s*([%a_][%w_.:]*)%?%s*$")
  return name and "?" .. name
end

function Session:evaluate_and_show(text, place, lines_before)
  self:warn_about_locals(text)
  local outcome = self:evaluate(text, place, lines_before)
  self:keep(outcome)
  if outcome.ok then self.worked[#self.worked + 1] = text end
  self:guard(call_hooks, self, outcome)
  if not outcome.silent then self:guard(self.show, self, outcome) end
  return outcome
end

-- Runs a complete input that no hook has taken.
function Session:process(text, place, lines_before)
  if command.parse(text) then return self:guard(command.run, text, self) end
  local query = help_query(text)
  if query then
    return self:guard(function() self:write_words(require("gradus.help").answer(query)) end)
  end
  if not text:find("%S") then return nil end
  return self:evaluate_and_show((text:gsub("^%s*=", "")), place, lines_before)
end

function Session:run(text)
  if self:intercept(text) then return nil end
  return self:process(text)
end

function Session:quit(code)
  self.exit_code = code or 0
end

--- session.is_help(text: string) -> boolean
--- Whether an input asks for help rather than being Lua.
function Session.is_help(text)
  return help_query(text) ~= nil
end

return Session
