-- SPDX-License-Identifier: GPL-3.0-or-later
-- One student's session: evaluates inputs in the globals, keeps results, calls hooks, prints.
-- What commands and lessons may use of it is listed in gradus.repl.command.

local command = require("gradus.repl.command")

local Session = {}
Session.__index = Session

-- Names that were global before the student typed anything.
local function snapshot()
  local names = {}
  for name, value in next, _G do names[name] = value end
  return names
end

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
    baseline = snapshot(),
  }, Session)
end

function Session:write(text)
  self.sink(text)
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

local function compile(code, name)
  local chunk, message = load("return " .. code .. "\n", name, "t")
  if chunk then return chunk end
  chunk, message = load(code .. "\n", name, "t")
  return chunk, message
end

local function outcome_of(started, ok, ...)
  local outcome = table.pack(...)
  outcome.ok, outcome.seconds = ok, os.clock() - started
  if not ok then
    outcome.error, outcome.n = outcome[1], 0
    outcome.message, outcome[1] = tostring(outcome.error), nil
  end
  return outcome
end

function Session:evaluate(code)
  local started = os.clock()
  local chunk, message = compile(code, "=input")
  local outcome = chunk and outcome_of(started, pcall(chunk)) or outcome_of(started, false, message)
  outcome.input = code
  return outcome
end

function Session:variables()
  local result = {}
  for name, value in next, _G do
    if type(name) == "string" and self.baseline[name] == nil and not name:match("^_%d*$") then
      result[name] = value
    end
  end
  return result
end

function Session:show(outcome)
  local texts = {}
  for i = 1, outcome.n do texts[i] = tostring(outcome[i]) end
  if outcome.n > 0 then self:write(table.concat(texts, "\t") .. "\n") end
  if not outcome.ok then self:write(outcome.message .. "\n") end
end

function Session:run(text)
  if command.parse(text) then return command.run(text, self) end
  if self:intercept(text) then return nil end
  local outcome = self:evaluate(text)
  for _, fn in ipairs{table.unpack(self.hooks)} do fn(outcome) end
  if not outcome.silent then self:show(outcome) end
  return outcome
end

function Session:quit(code)
  self.exit_code = code or 0
end

return Session
