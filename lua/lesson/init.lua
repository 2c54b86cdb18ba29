-- SPDX-License-Identifier: GPL-3.0-or-later
-- Lessons: `gradus lesson ...` and `gradus check ...` on the command line, and what the prompt
-- needs to offer them. The language itself is in language.lua, a run in runner.lua.

local M = {}

local function part(name) return require("gradus.lesson." .. name) end

-- --- the command line ----------------------------------------------------------------------------

local takes_value = {seed = true, record = true, export = true}
local flags = {trust = true, fresh = true, batch = true, present = true, help = true}

local usage = [[
usage: gradus lesson                      list the lessons
       gradus lesson NAME [OPTIONS]       take a lesson: a name, its number or a file
       gradus lesson new NAME             write a commented skeleton, NAME.lua
       gradus lesson report FILE...       sum up records (--export PREFIX saves the pictures)
       gradus lesson replay FILE [NAME]   type a record again and compare
       gradus check [--trust] FILE...     prove lesson files, for their authors

  --batch         run it with its own solutions and print the transcript
  --export FILE   write a handout: .html or .md
  --present       classroom mode: a page a step, turned by single keys
  --record FILE   record answers, tries and times as JSON lines
  --seed N        the seed of the random numbers
  --fresh         begin anew, whatever was saved
  --trust         without the sandbox: only for lessons you would run as a program
]]

local Usage = {}

local function fail_usage(text)
  error(setmetatable({text = text}, Usage), 0)
end

local function parse(args)
  local o, words = {}, {}
  local i = 1
  while i <= #args do
    local key, value = args[i]:match("^%-%-(%a+)=?(.*)$")
    if key and takes_value[key] then
      if value == "" then
        i = i + 1
        value = args[i] or fail_usage(("--%s needs a value"):format(key))
      end
      o[key] = value
    elseif key and flags[key] then
      o[key] = true
    elseif args[i]:find("^%-.") then
      local near = require("gradus.options").nearest(args[i]:gsub("^%-+", ""),
        {"seed", "record", "export", "trust", "fresh", "batch", "present", "help"})
      fail_usage(("unknown option '%s'%s"):format(args[i],
        near and (", did you mean --%s?"):format(near) or ""))
    else
      words[#words + 1] = args[i]
    end
    i = i + 1
  end
  if o.seed then
    o.seed = math.tointeger(tonumber(o.seed)) or fail_usage("--seed needs a whole number")
  end
  return words, o
end

local function say(text)
  io.stdout:write(text, "\n")
end

local function read(name, o)
  return part("reader").read(part("shelf").find(name), {trust = o.trust})
end

local actions = {}

function actions.list()
  say(part("session").list())
  return 0
end

actions["new"] = function(words)
  local name = words[2] or fail_usage("new needs a name")
  local path = name:gsub("%.lua$", "") .. ".lua"
  local file = io.open(path, "rb")
  if file then
    file:close()
    error(("'%s' exists already"):format(path), 0)
  end
  require("gradus.sandbox").replace(path, part("author").skeleton(part("shelf").name(path)))
  say(("Wrote %s. Next: gradus check %s"):format(path, path))
  return 0
end

function actions.report(words, o)
  if #words < 2 then fail_usage("report needs record files") end
  local report = part("report")
  local sums, titles, faults = report.sum({table.unpack(words, 2)})
  for _, fault in ipairs(faults) do say("Left out: " .. fault) end
  for i, title in ipairs(titles) do
    local stopped, seconds = report.figures(sums[title])
    say((i > 1 and "\n" or "") .. report.text(sums[title]))
    if o.export then
      stopped:save(("%s-%d-stopped.png"):format(o.export, i))
      seconds:save(("%s-%d-seconds.png"):format(o.export, i))
    else
      say("\n" .. stopped:text{columns = 78, rows = 14})
      say(seconds:text{columns = 78, rows = 14})
    end
  end
  return #faults == 0 and 0 or 1
end

function actions.replay(words)
  local path = words[2] or fail_usage("replay needs a record file")
  local replay = part("replay")
  local code = 0
  for _, events in ipairs(replay.runs_of(part("record").read(path))) do
    local report = replay.run(read(words[3] or events[1].lesson, {}), events)
    say(("%s, seed %s"):format(report.title, tostring(events[1].seed)))
    say(replay.verdict(report))
    if #report.other > 0 then code = 1 end
  end
  return code
end

local function transcript(lesson, o)
  local show = part("show")
  local stuck = 0
  local log = o.record and part("record").open(o.record)
  part("batch").run(lesson, {seed = o.seed, trust = o.trust,
    record = log and function(event) log:write(event) end or nil,
    on_stuck = function(_, step)
      stuck = stuck + 1
      say(("%s:%d: the solution does not pass"):format(lesson.file, step.line))
    end,
    out = function(block)
      local text = block.kind == "typed" and "> " .. block.text:gsub("\n", "\n. ")
        or show.block(block, {width = 80})
      if text ~= "" then say(text) end
    end})
  if log then log:close() end
  return stuck == 0 and 0 or 1
end

-- A terminal that can be cleared, and one that may show colours.
local function abilities()
  local clears = os.getenv("TERM") ~= "dumb" and require("gradus.sandbox").is_terminal()
  return clears, clears and (os.getenv("NO_COLOR") or "") == ""
end

-- Shows a picture that leaves some lines free, as large as there is room.
local function show_large(figure, spare)
  local plot = require("gradus.plot")
  plot.size{from = "large", spare = spare}
  figure:show()
end

local function screen_size()
  local columns, rows = require("gradus.terminal").size()
  return columns > 0 and columns or 80, rows > 0 and rows or 24
end

local function write(text)
  io.stdout:write(text)
  io.stdout:flush()
end

local function present(lesson, o)
  local clears, colour = abilities()
  local sizes <close> = require("gradus.plot.size").hold() -- luacheck: ignore 211
  require("gradus.plot").size{from = "large", spare = 3}
  io.stdin:setvbuf("no") -- lines and keys take turns
  local terminal = require("gradus.terminal")
  local _, interrupted = terminal.aside(function()
    return part("present").run(lesson, {key = terminal.key, pressed = terminal.pressed, seed = o.seed,
      call = function(f, ...) return terminal.call(f, tostring, ...) end, trust = o.trust,
      line = function() return io.stdin:read("l") end, size = screen_size, figure = show_large,
      colour = colour, clears = clears, write = write})
  end)
  require("gradus.plot").close() -- its windows, too
  return interrupted and 130 or 0
end

local pending -- {name, options}: the lesson to open when the prompt begins

local function take(words, o)
  local name = words[1]
  if o.export then
    part("export").write(read(name, o), o.export, {seed = o.seed or 1, trust = o.trust})
    say("Wrote " .. o.export)
    return 0
  end
  if o.batch then return transcript(read(name, o), o) end
  if o.present then return present(read(name, o), o) end
  read(name, o) -- errors now, not at the prompt
  pending = {name = name, options = o}
  return "prompt"
end

local function dispatch(words, o)
  if o.help then
    io.stdout:write(usage)
    return 0
  end
  if #words == 0 then return actions.list() end
  if words[1] ~= "list" and actions[words[1]] then return actions[words[1]](words, o) end
  return take(words, o)
end

local function guarded(f, args)
  local ok, code = pcall(f, args)
  if ok then return code end
  if getmetatable(code) == Usage then
    io.stderr:write("gradus lesson: ", code.text, "\n", usage)
    return 2
  end
  io.stderr:write("gradus: ", tostring(code), "\n")
  return 1
end

--- lesson.main(args: {string, ...}) -> integer | "prompt"
--- `gradus lesson ARGS`: the exit code, or "prompt" when the prompt is to be opened, where
--- `lesson.attach` then opens the lesson.
--- > lesson.main({"no-such-lesson"}) ~= 0
--- true
function M.main(args)
  return guarded(function()
    local words, o = parse(args)
    return dispatch(words, o)
  end)
end

--- lesson.check_main(args: {string, ...}) -> integer
--- `gradus check FILE...`: proves lessons, or all in a folder; 0 if every one is sound.
--- > lesson.check_main({"missing.lua"})
--- ...
--- 1
function M.check_main(args)
  return guarded(function()
    local words, o = parse(args)
    if o.help or #words == 0 then
      if o.help then
        io.stdout:write(usage)
        return 0
      end
      fail_usage("check needs lesson files")
    end
    local failed, paths, others = 0, part("shelf").to_check(words)
    for _, path in ipairs(paths) do
      local report = part("author").check(path, o)
      for _, text in ipairs(report.errors) do say(text) end
      if #report.errors > 0 then failed = failed + 1 end
      say(("%s: %d steps, %d questions, %s (%.1f s)"):format(report.file, report.steps,
        report.questions, #report.errors == 0 and "sound" or #report.errors .. " to mend",
        report.seconds))
    end
    for _, path in ipairs(others) do say(path .. ": a script, no lesson; passed over") end
    return failed == 0 and 0 or 1
  end)
end

-- --- the prompt ----------------------------------------------------------------------------------

--- lesson.attach(session)
--- Called when a prompt begins: opens the lesson asked for on the command line, or says where
--- a lesson was left.
--- > type(lesson.attach)
--- function
function M.attach(session)
  if pending then
    local p = pending
    pending = nil
    return part("session").open(session, p.name, p.options)
  end
  local left = session.interactive and part("progress").newest()
  if not left then return end
  session:write(("You left %q at step %s of %s: `:lesson %s` goes on.\n"):format(
    tostring(left.title), tostring(left.at), tostring(left.of), tostring(left.path)))
end

--- lesson.commands() -> {string, ...}
--- The `:commands` of lessons, defined by gradus.lesson.session when it is loaded.
--- > #lesson.commands() > 0
--- true
function M.commands()
  return {"lesson", "next", "back", "hint", "solution", "skip", "restart", "where"}
end

return setmetatable(M, {__call = function()
  error("a lesson file is opened with `:lesson FILE`, or `gradus lesson FILE`", 2)
end})
