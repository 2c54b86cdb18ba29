-- SPDX-License-Identifier: GPL-3.0-or-later
-- A lesson at the prompt: the commands `:lesson :next :back ...`, and the hooks through which
-- a run sees what the student types.

local command = require("gradus.repl.command")
local figures = require("gradus.lesson.figure")
local markup = require("gradus.lesson.markup")
local notice = require("gradus.notice")
local pager = require("gradus.lesson.pager")
local progress = require("gradus.lesson.progress")
local reader = require("gradus.lesson.reader")
local record = require("gradus.lesson.record")
local Runner = require("gradus.lesson.runner")
local shelf = require("gradus.lesson.shelf")
local show = require("gradus.lesson.show")
local terminal = require("gradus.terminal")
local World = require("gradus.lesson.world")

local M = {}

local current -- {run, session, unhook, speak_again}, the lesson that is open

-- --- showing -------------------------------------------------------------------------------

local function width()
  local ok, screen = pcall(require, "gradus.plot.screen")
  local columns = ok and screen.size().columns or 0
  return math.max(40, math.min(columns > 0 and columns or 80, 80))
end

local function use_colour(session)
  return session.interactive and (os.getenv("NO_COLOR") or "") == ""
    and os.getenv("TERM") ~= "dumb"
end

local function open_pager(session, o)
  if not session.interactive then return nil end
  return pager.new(session, function(text) return markup.paint("dim", text, o.colour) end)
end

local function lines_in(text)
  return select(2, text:gsub("\n", "")) + 1
end

-- Shows a figure as large as the page allows.
local function figure_shower(pages)
  return function(block, caption)
    local figure = figures.of(block)
    if pages then pages:picture(figure) else figure:show() end
    return caption
  end
end

local function writer(session, o, pages)
  o.figure = figure_shower(pages)
  return function(block)
    local is_picture = figures.of(block) ~= nil
    if block.kind == "result" and is_picture then return o.figure(block, "") end
    if block.kind == "result" and session.show then
      return session:show(setmetatable({ok = true, seconds = 0}, {__index = block}))
    end
    local text = show.block(block, o)
    if text == "" then return end
    local ahead = block.before_figure and pager.WITH_CAPTION or 0
    if pages and not is_picture and block.kind ~= "pause" then pages:room(lines_in(text) + ahead) end
    if block.to_history and session.late_history then
      table.insert(session.late_history, block.source) -- behind the answer that led here
    elseif block.to_history and session.interactive then
      terminal.add_history(block.source)
    end
    session:write(text .. "\n")
  end
end

-- --- opening and closing ---------------------------------------------------------------------

local function set_prompt()
  local run = current.run
  local name = shelf.name(run.lesson.path)
  current.session.prompt = run.done and name or ("%s %d/%d"):format(name, run:place())
end

local function moved(run)
  if not current or current.run ~= run then return end
  set_prompt()
  run.keeps_saved = nil
  progress.save(run)
end

-- What the lesson has made stays for play, until another one begins.
local left = {} -- name -> value

local function put_away()
  local some = false
  for name, v in next, left do
    if rawequal(rawget(_G, name), v) then
      rawset(_G, name, nil)
      some = true
    end
  end
  left = {}
  return some
end

-- The variables that the student gets back, as a sentence.
local function leave_world(world)
  local names = world:give_back()
  for name, v in next, world:made() do left[name] = v end
  if #names == 0 then return "" end
  return (" Yours again as before it: `%s`."):format(table.concat(names, "`, `"))
end

local function close()
  if not current then return "" end
  local said = leave_world(current.run.world)
  for _, f in ipairs(current.unhook) do f() end
  current.session.prompt = ""
  current.session.stops_at_errors = current.stops_at_errors
  current.speak_again()
  if current.pages then current.pages:close() end
  if current.record then current.record:close() end
  current = nil
  return said
end

local help = [[
In a lesson, *an answer* is what you type: Lua, a number, a choice. Anything else you try stays yours. Commands:

- `:hint` helps, one step at a time; `:solution` shows the answer
- `:skip` shows what the answer does and goes on; `:next` goes on past a pause or free play
- `:back` shows the page before; `:restart` begins anew; `:where` tells the place
- `:quit` leaves the lesson, which is kept; `:lesson` lists all lessons

`?name` explains a name of the library, `:help` lists every command.]]

local colonless = {}
for name in ("hint solution skip next back restart where"):gmatch("%a+") do colonless[name] = true end

-- `help`, and a command typed without its colon.
local function on_word(text)
  local word = text:match("^%s*(%a+)%s*$") or text:match("^%s*(%a+)%s*%(%s*%)%s*$")
  if not word or word ~= "help" and (not colonless[word] or rawget(_G, word) ~= nil and word ~= "next") then
    return false
  end
  current.run:say{kind = "note", text = word == "help" and help
    or ("The command is `:%s`, with a colon."):format(word)}
  return true
end

local function on_input(text)
  if current.pages then current.pages:top() end
  if text:find("^%s*[:?]") then return false end
  if on_word(text) then return true end
  if current.run:take(text) then return true end
  if text:find("%S") then current.run:before(text) end
  return false
end

-- Results are printed first, what the lesson says about them next.
local function on_eval(outcome)
  local session = current.session
  if not outcome.silent then session:show(outcome) end
  if current.pages and figures.of{kind = "result", n = outcome.n, outcome[1]} then
    current.pages:filled()
  end
  outcome.silent = true
  current.run:after(outcome)
end

local function begin(session, lesson, o)
  close()
  if put_away() then session:write("The variables of the lesson before are put away.\n") end
  local world = World.new{vars = _G, folder = lesson.folder, trust = o.trust}
  progress.tidy(lesson.path)
  local state, damaged
  if not o.fresh then state, damaged = progress.open(lesson.path) end
  if damaged then session:write_words(damaged) end
  local look = {width = width(), colour = use_colour(session)}
  current = {session = session, stops_at_errors = session.stops_at_errors,
    pages = open_pager(session, look),
    speak_again = notice.silenced()} -- what a lesson silences, it silences for itself
  session.stops_at_errors = false
  if o.record then current.record = record.open(o.record) end
  local log = current.record
  current.run = Runner.new{lesson = lesson, world = world, out = writer(session, look, current.pages),
    seed = o.seed or state and state.seed or os.time() % 1000000, on_step = moved,
    record = log and function(event) log:write(event) end or nil, present = o.present}
  session.after_interrupt = function() current.run:after_interrupt() end
  current.unhook = {function() session.after_interrupt = nil end, session:on_input(on_input), session:on_eval(on_eval)}
  return state
end

local function go_on(session, lesson, state)
  local note = "You were here before; this is where you stopped. `:restart` begins anew."
  if state.hash ~= lesson.hash then
    note = "The lesson was changed since you were here; this is the first step that is new to "
      .. "you or where you stopped. `:restart` begins anew."
  end
  set_prompt()
  progress.resume(current.run, state, function()
    session:write("Bringing back your variables ...\n")
  end)
  current.run:say{kind = "note", text = note}
end

--- session.open(session, name: string, {seed, trust, record, fresh, present}?)
--- Opens a lesson at the prompt, where it was left if it was left.
function M.open(session, name, given)
  local o = given or {}
  local lesson = reader.read(shelf.find(name, true), {trust = o.trust})
  local state = begin(session, lesson, o)
  if state and not state.done then
    go_on(session, lesson, state)
  else
    current.run:start()
  end
end

--- session.current() -> Runner?
--- The run of the lesson that is open at the prompt.
function M.current()
  return current and current.run
end

-- --- the list ---------------------------------------------------------------------------------

local function mark_of(state)
  if not state then return " " end
  return state.done and "x" or "~"
end

-- As many whole words of a text as fit; a lesson's title page has them all.
local function cut(text, columns)
  if utf8.len(text) <= columns then return text end
  local kept = ""
  for words in text:gmatch("()%s") do
    local part = text:sub(1, words - 1)
    if utf8.len(part) > columns - 4 then break end
    kept = part
  end
  return kept:gsub("[,:;]$", "") .. " ..."
end

--- session.place_text(state: table?) -> string
--- Where a lesson was left, for the list; "" for one that is not begun or done.
function M.place_text(state)
  return state and not state.done and ("(step %d of %d) "):format(state.at, state.of) or ""
end

local function list_line(header, state, columns)
  if header.error then return ("! %-20s %s"):format(header.name, header.error) end
  local place = M.place_text(state)
  local head = ("%s %-20s %3s min  "):format(mark_of(state), header.name, header.minutes or "?")
  return head .. cut(place .. (header.topic or header.title), columns - #head)
end

--- session.list() -> string
--- The shipped lessons, a line each, with minutes, topics and marks: x done, ~ begun.
function M.list()
  local lines, columns = {}, math.max(60, (terminal.size())) - 1
  for _, header in ipairs(shelf.headers()) do
    lines[#lines + 1] = list_line(header, progress.load(header.path), columns)
  end
  lines[#lines + 1] = "\nx done, ~ begun. At the prompt `:lesson 01-first-steps` opens that one;\n"
    .. "a part of the name will do, as in `:lesson 24`."
  return table.concat(lines, "\n")
end

-- --- commands ---------------------------------------------------------------------------------

local function run_of()
  if not current then error("no lesson is open; `:lesson` lists them", 0) end
  return current.run
end

local function read_words(rest)
  local o, name = {}, nil
  for word in rest:gmatch("%S+") do
    local key, value = word:match("^%-%-(%a+)=?(.*)$")
    if key then o[key] = value ~= "" and value or true else name = name or word end
  end
  if o.seed then o.seed = math.tointeger(tonumber(o.seed)) end
  return name, o
end

command.define{name = "lesson", usage = ":lesson [NAME] [--fresh] [--record=FILE]",
  doc = "Lists the lessons, or opens one where you left it. With --record=FILE a record of "
    .. "your answers, tries and times is written, to hand in.",
  run = function(rest, session)
    local name, o = read_words(rest)
    if not name then return session:write(M.list() .. "\n") end
    M.open(session, name, o)
  end,
  complete = function() return shelf.names() end}

local docs = {
  next = {"Goes on in the lesson, past a pause or free play.", "next"},
  back = {"Shows the page before this one again.", "back"},
  hint = {"Gives the next hint for the question.", "hint"},
  solution = {"Shows the solution of the question, or of the one just answered.", "solution"},
  skip = {"Shows the solution and what it does, and goes on.", "skip"},
  restart = {"Begins the lesson anew.", "restart"},
  where = {"Tells the place in the lesson.", "where"},
}

for name, doc in pairs(docs) do
  command.define{name = name, usage = ":" .. name, doc = doc[1], run = function(rest)
    run_of():command(doc[2], rest)
  end}
end

-- `:quit` leaves an open lesson first, then the prompt.
local leave_prompt = command.find("quit")

command.define{name = "quit", usage = ":quit",
  doc = "Leaves the lesson, if one is open, else the prompt.",
  run = function(rest, session)
    if not current then
      if leave_prompt then return leave_prompt.run(rest, session) end
      return session:quit(0)
    end
    local run = current.run
    if not run.keeps_saved then progress.save(run) end
    local name = shelf.called(run.lesson.path)
    local said = close()
    session:write_words(("Left the lesson; `:lesson %s` takes it up again.%s"):format(name, said))
  end}

return M
