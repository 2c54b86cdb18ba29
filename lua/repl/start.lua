-- SPDX-License-Identifier: GPL-3.0-or-later
-- Starts the prompt. Returns a function that C calls again and again: each call reads an input,
-- runs it and prints; it returns the exit code when the session is over.

local color = require("gradus.repl.color")
local command = require("gradus.repl.command")
local compile = require("gradus.repl.compile")
local Session = require("gradus.repl.session")
local terminal = require("gradus.terminal")

local function is_complete(text)
  if command.parse(text) or Session.is_help(text) then return true end
  local _, failure = compile.load(text, "=input")
  return not (failure and failure.unfinished)
end

-- At a terminal ---------------------------------------------------------------------------

local pending -- the lines of an unfinished input, which completion must see, too

local function is_command(line)
  local name = line:match("^%s*:(%a[%w_]*)%s*$")
  for _, known in ipairs(name and command.names() or {}) do
    if known == name then return true end
  end
  return false
end

-- Whoever types a command, or nothing twice, does not know what is waited for.
local function is_lost(line, before)
  return is_command(line) or not line:find("%S") and not before:find("%S")
end

-- Nor does, perhaps, whoever has typed so many lines of an input: they are told once.
local MANY_LINES, MANY_LINES_OF_TEXT = 30, 4

local function has_many_lines(text, typed)
  return typed == MANY_LINES or typed == MANY_LINES_OF_TEXT and compile.open_text(text)
end

local function read_rest(session, text)
  local second, before, typed = (" "):rep(#session.prompt) .. ">> ", text, 0
  while not is_complete(text) do
    pending = text
    local blanks = compile.indentation(text)
    local line, why = terminal.read(second, blanks)
    pending = nil
    if not line then return nil, why == "eof" and "interrupt" or why end
    local lost = is_lost(line, before)
    if not lost then text, typed = text .. "\n" .. compile.dedent(line, blanks), typed + 1 end
    if lost or has_many_lines(text, typed) and not is_complete(text) then
      session:write_words(("This input goes on: %s. Ctrl-C gives it up."):format(compile.open(text)))
    end
    before = line
  end
  return text
end

-- The transcript gets an input before what it prints. A hook, that of a lesson, may print an
-- answer to the first line, `line`.
local function transcribe_early(session, line)
  if not session.log or #session.input_hooks == 0 or not line:find("%S") then return 0 end
  terminal.note("> " .. line .. "\n")
  return #line
end

local function transcribe(session, text, known)
  if known > 0 then
    if #text > known then terminal.note((">> " .. text:sub(known + 2):gsub("\n", "\n>> ")) .. "\n") end
  elseif session.log then terminal.note("> " .. text:gsub("\n", "\n>> ") .. "\n") end
end

local function leave(session, why)
  if why == "eof" then
    session:write("\n")
    return 0
  elseif why == "hangup" then
    return 129
  end
  return 128 + terminal.termination()
end

-- An input, and behind it what a lesson laid into the history while it looked at it.
local function add_history(session, text)
  if text:find("%S") then terminal.add_history(text) end
  for _, late in ipairs(session.late_history or {}) do terminal.add_history(late) end
  session.late_history = nil
end

local function run_line(session, line)
  local known = transcribe_early(session, line)
  session.late_history = {}
  local taken = session:guard(session.intercept, session, line)
  if taken[1] or not taken.ok then
    add_history(session, line)
    return nil
  end
  local text, why = read_rest(session, line)
  if not text then
    return why ~= "interrupt" and leave(session, why) or nil
  end
  add_history(session, text)
  transcribe(session, text, known)
  session:process(text)
  return nil
end

-- What was typed where a lesson only waited for Enter comes first.
local function read_first(session)
  local line = session.typed_ahead
  session.typed_ahead = nil
  if line then return line end
  return terminal.read(color.paint("prompt", session.prompt .. "> "))
end

local function step_at_terminal(session)
  local line, why = read_first(session)
  if not line then
    return why ~= "interrupt" and leave(session, why) or nil
  end
  local code = run_line(session, line)
  if terminal.termination() ~= 0 then return 128 + terminal.termination() end
  return code or session.exit_code
end

-- Standard input that is no terminal -------------------------------------------------------

local function read_line()
  return io.read("L")
end

local function fail(session, outcome)
  local message = outcome.message
  local frame = outcome.failure and outcome.failure.frames[1]
  local line = outcome.syntax and outcome.syntax.line or frame and frame.line or session.line
  io.stdout:flush()
  io.stderr:write(("gradus: stdin:%d: %s\n"):format(line, message))
  return outcome.interrupted and 130 or 1
end

-- Reads one input; counts its lines.
local function read_input(session)
  local text
  session.line = session.next_line
  repeat
    local read = session:guard(read_line)
    if read.interrupted then return nil, 130 end
    if not read[1] then return text, not text and 0 or nil end
    text = (text or "") .. read[1]
    session.next_line = session.next_line + 1
  until is_complete(text)
  return text
end

local function step_in_pipe(session)
  local text, code = read_input(session)
  if not text then return code end
  if text:sub(1, 2) == "#!" and session.line == 1 then return nil end
  text = text:gsub("%s+$", "")
  if session:guard(session.intercept, session, text)[1] then return session.exit_code end
  session:process(text, "stdin", session.line - 1)
  if session.failed then return fail(session, session.failed) end
  return session.exit_code
end

local function greet(session, options)
  if options.notice then session:warn(options.notice) end
  if options.quiet then return end
  session:write(("gradus %s   ?name explains; :help commands; :lesson lessons; Ctrl-D leaves\n"):format(
    options.version or ""))
end

-- Whether there is any progress in a lesson; tells without loading the lessons.
local function has_progress()
  local state = os.getenv("XDG_STATE_HOME")
  if not state or state:sub(1, 1) ~= "/" then
    state = (os.getenv("HOME") or "") .. "/.local/state"
  end
  local files = terminal.list(state .. "/gradus/lessons")
  return files ~= nil and #files > 0
end

local function complete(before, after, again)
  local prefix = pending and pending .. "\n" or ""
  return require("gradus.repl.complete").answer(prefix .. before, after, again)
end

-- A lesson asked for on the command line is opened; one that was left is offered again.
local function attach_lesson(session)
  if package.loaded["gradus.lesson"] or session.interactive and has_progress() then
    session:guard(function() require("gradus.lesson").attach(session) end)
  end
end

return function(options)
  color.decide(options.no_color)
  require("gradus.repl.builtin")
  local session = Session.new{interactive = options.terminal}
  require("gradus.init").session = session
  if not options.terminal then
    session.next_line, session.stops_at_errors = 1, true
    attach_lesson(session)
    return function() return step_in_pipe(session) end
  end
  terminal.on_complete(complete)
  require("gradus.notice").write = function(text)
    session:write_words(color.paint("note", text))
  end
  greet(session, options)
  attach_lesson(session)
  return function() return step_at_terminal(session) end
end
