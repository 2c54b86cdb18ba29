-- SPDX-License-Identifier: GPL-3.0-or-later
-- The registry of the prompt's `:commands`. A part adds its own like this:
--
--     local command = require("gradus.repl.command")
--     command.define{
--       name = "hint",                       -- typed as `:hint`
--       usage = ":hint [N]",                 -- shown by `:help` and after a mistake
--       doc = "Shows the next hint.",        -- first sentence = summary in `:help`
--       run = function(rest, session) ... end,
--       complete = function(word, rest) return {"names", ...} end,   -- optional
--     }
--
-- `rest` is the text after the name without blanks around it ("" if none). `session` is the
-- running session (gradus.repl.session), whose surface for commands is
--
--     session.prompt               text before "> ", e.g. "norms 3/9"; "" for none
--     session.interactive          true at a terminal
--     session:write(text)          prints to the screen and the transcript
--     session:evaluate(code)       runs Lua in the student's session without printing; returns
--                                  {ok, n, [1..n] results, error, message, seconds, interrupted}
--     session:on_eval(fn)          fn(outcome) after each input of the student and before its
--                                  results are printed; outcome is as above with .input, the
--                                  text; `outcome.silent = true` keeps the results unprinted.
--                                  Returns a function that removes the hook.
--     session:on_input(fn)         fn(text) before each input that is no command and no help, an
--                                  empty line included, and before completeness is asked of the
--                                  parser; true means taken, and nothing is evaluated. Returns a
--                                  function that removes the hook.
--     session:intercept(text)      runs the hooks of on_input: what the prompt calls with a line
--     session.after_interrupt      a function for Ctrl-C, called when "interrupted" has been said
--     session:variables()          the student's variables as a table name -> value
--     session:run(text)            treats text as if typed (commands and ?help too)
--     session:quit(code)           leaves the prompt after this input
--
-- An error raised in `run` is shown like any other error. Commands of parts that are not
-- loaded yet are found through `command.load_from`: the name's module is required at first use.

local options = require("gradus.options")

local M = {}

local commands = {} -- name -> definition
local modules = {}  -- name -> module that defines it when loaded

local function check(definition)
  for _, field in ipairs{"name", "usage", "doc"} do
    if type(definition[field]) ~= "string" then
      error(("command.define: field '%s' must be a string"):format(field), 3)
    end
  end
  if type(definition.run) ~= "function" then
    error("command.define: field 'run' must be a function", 3)
  end
end

--- command.define(definition: table) -> table
--- Adds a `:command` to the prompt, or replaces the one of the same name.
function M.define(definition)
  check(definition)
  commands[definition.name] = definition
  return definition
end

--- command.load_from(module: string, names: {string, ...})
--- Says that `require(module)` defines these commands, so that they exist before it is loaded.
function M.load_from(module, names)
  for _, name in ipairs(names) do modules[name] = module end
end

--- command.find(name: string) -> table?
--- The definition of a command, loading the part it belongs to if need be.
function M.find(name)
  if not commands[name] and modules[name] then
    local module = modules[name]
    modules[name] = nil
    require(module)
  end
  return commands[name]
end

--- command.names() -> {string, ...}
--- The names of all commands in alphabetical order.
function M.names()
  local all = {}
  for name in pairs(modules) do all[name] = true end
  for name in pairs(commands) do all[name] = true end
  return options.keys(all)
end

--- command.parse(text: string) -> string?, string?
--- Splits ":name rest" into name and rest; nil if the text is no command.
--- > require("gradus.repl.command").parse(":seed 42")
--- seed	42
function M.parse(text)
  local name, rest = text:match("^%s*:(%a[%w_]*)%s*(.-)%s*$")
  return name, rest
end

local function unknown(name)
  local near = options.nearest(name, M.names())
  local hint = near and (" Did you mean :%s?"):format(near) or " :help lists the commands."
  error((":%s is no command.%s"):format(name, hint), 0)
end

--- command.run(text: string, session: table)
--- Runs the command in `text`; raises an error with the nearest name if there is none.
function M.run(text, session)
  local name, rest = M.parse(text)
  if not name then error("a command is a colon and a name, like :help", 0) end
  local definition = M.find(name) or unknown(name)
  return definition.run(rest, session)
end

return M
