-- SPDX-License-Identifier: GPL-3.0-or-later
-- `gradus check`: proves a lesson without a student. It walks through the run and at each
-- step looks at what an author can get wrong: solutions that do not pass, starters and known
-- mistakes that do, mistakes that look alike, missing hints, pictures that do not draw.

local batch = require("gradus.lesson.batch")
local grade = require("gradus.lesson.grade")
local language = require("gradus.lesson.language")
local markup = require("gradus.lesson.markup")
local reader = require("gradus.lesson.reader")
local Runner = require("gradus.lesson.runner")
local shelf = require("gradus.lesson.shelf")
local Snapshot = require("gradus.lesson.snapshot")
local World = require("gradus.lesson.world")

local M = {}

local function complain(report, line, text, ...)
  if select("#", ...) > 0 then text = text:format(...) end
  local message = ("%s:%d: %s"):format(report.file, line, text)
  if report.known[message] then return end
  report.known[message] = true
  table.insert(report.errors, message)
end

local function one_line(code)
  code = markup.dedent(tostring(code)):gsub("%s*\n%s*", "; ")
  return #code > 50 and code:sub(1, 47) .. "..." or code
end

-- --- the header --------------------------------------------------------------------------------

local function check_globals(report, lesson)
  for _, g in ipairs(lesson.globals) do
    complain(report, g.line, "`%s` is a global of the lesson file; write `local %s`", g.name,
      g.name)
  end
end

-- A rough reading of how long a lesson takes: 130 words a minute, and time to type and think.
local minutes_of = {code = 0.5, picture = 0.7, ask = 1.2, number = 1, choice = 0.6, predict = 1,
  fix = 2.5, try = 1.5, pause = 0.1}

local function estimate(run)
  local minutes = 0
  for _, step in ipairs(run.steps) do
    local _, words = step.body:gsub("%S+", "")
    minutes = minutes + (minutes_of[step.kind] or 0) + (step.kind == "code" and 0 or words / 130)
  end
  return minutes
end

local function check_minutes(report, lesson, run)
  if not lesson.minutes then
    return complain(report, lesson.line, "the lesson does not say how many minutes it takes")
  end
  local guess = estimate(run)
  if lesson.minutes > 3 * guess + 2 or lesson.minutes < guess / 3 - 1 then
    complain(report, lesson.line, "%d minutes are not believable: it reads like about %d",
      lesson.minutes, math.max(1, math.floor(guess + 0.5)))
  end
end

local function check_header(report, lesson)
  if not lesson.topic then complain(report, lesson.line, "the lesson names no topic") end
  for _, name in ipairs(lesson.needs) do
    local beside = lesson.folder .. "/" .. tostring(name) .. ".lua"
    local ok, why = pcall(shelf.find, beside)
    if not ok then ok, why = pcall(shelf.find, tostring(name)) end
    if not ok then
      complain(report, lesson.line, "needs: %s", (why:gsub(" `:lesson` lists them%.", "")))
    end
  end
end

-- A backquote without its partner.
local function check_markup(report, step)
  for _, text in ipairs{step.kind ~= "code" and step.body or "", step.after or "", table.unpack(step.hints)} do
    if select(2, text:gsub("`", "")) % 2 == 1 then
      complain(report, step.line, "a backquote is not closed in: %s", one_line(text))
    end
  end
end

local function check_steps(report, lesson, run)
  local named = {}
  for _, step in ipairs(run.steps) do
    check_markup(report, step)
    if step.name and named[step.name] then
      complain(report, step.line, "name = '%s' is taken by the step in line %d", step.name, named[step.name])
    end
    if step.name then named[step.name] = step.line end
  end
  for _, step in ipairs(lesson.steps) do
    if step.kind == "after" and not run.named[step.of] then
      complain(report, step.line, "after: no earlier step has name = '%s'", step.of)
    end
  end
end

-- --- single steps ------------------------------------------------------------------------------

local function check_hints(report, step)
  if #step.hints == 0 then
    complain(report, step.line, "%s has no hint", step.kind)
  end
  for i, hint in ipairs(step.hints) do
    if not hint:find("%S") then complain(report, step.line, "hint %d says nothing", i) end
    local solution = step.solution and markup.dedent(step.solution)
    if solution and #solution > 3 and hint:find(solution, 1, true) then
      complain(report, step.line, "hint %d gives the whole solution away", i)
    end
  end
end

local function check_starter(report, run, step, kept)
  local starter = step.broken and markup.dedent(step.broken) or "local _ = nil"
  local verdict = grade.verdict(run, step, starter, kept)
  if verdict.ok then
    complain(report, step.line, step.broken and "the broken code passes the check"
      or "the check passes although nothing was typed")
  end
end

local function check_mistake(report, run, step, i, kept)
  local mistake = step.mistakes[i]
  local verdict = grade.verdict(run, step, markup.dedent(tostring(mistake.code)), kept)
  local shown = one_line(mistake.code)
  if verdict.error then
    complain(report, step.line, "mistake %d (`%s`) does not run: %s", i, shown, verdict.error)
  elseif verdict.ok then
    complain(report, step.line, "mistake %d (`%s`) passes the check", i, shown)
  elseif not verdict.mistake then
    complain(report, step.line, "mistake %d (`%s`) is not recognised", i, shown)
  elseif verdict.mistake ~= mistake then
    complain(report, step.line, "mistake %d (`%s`) cannot be told from `%s`", i, shown,
      one_line(verdict.mistake.code))
  end
end

local function check_variant(report, run, step, kept)
  if not step.variant then return end
  local verdict = grade.verdict(run, step, markup.dedent(step.variant), kept)
  if not verdict.ok then
    complain(report, step.line, "the variant does not pass: %s",
      verdict.error or verdict.why or "its result differs")
  end
end

local look = {}

function look.ask(report, run, step)
  local kept = run.world:snapshot()
  check_hints(report, step)
  check_starter(report, run, step, kept)
  for i = 1, #step.mistakes do check_mistake(report, run, step, i, kept) end
  check_variant(report, run, step, kept)
  report.questions = report.questions + 1
end

look.fix = look.ask

function look.number(report, run, step)
  check_hints(report, step)
  report.questions = report.questions + 1
  local is_known, value = pcall(run.kinds.number.answer, run, step)
  if is_known and (value ~= value or math.abs(value) == math.huge) then
    return complain(report, step.line, "the answer is %s; nobody can type that",
      value ~= value and "no number (nan)" or "infinite")
  end
  local verdict_of = run.kinds.number.verdict
  for i, mistake in ipairs(step.mistakes) do
    local x = tonumber(mistake.code)
    if not x then
      local outcome = run.world:evaluate(tostring(mistake.code), "mistake")
      x = outcome.ok and tonumber(outcome[1])
    end
    local ok, found = false, nil
    if x then ok, found = verdict_of(run, step, x) end
    if not x then
      complain(report, step.line, "mistake %d is no number", i)
    elseif ok then
      complain(report, step.line, "mistake %d (%s) passes: it lies within the tolerance", i,
        one_line(mistake.code))
    elseif found ~= mistake then
      complain(report, step.line, "mistake %d cannot be told from %s", i,
        found and one_line(found.code) or "other numbers")
    end
  end
end

function look.choice(report, _, step)
  report.questions = report.questions + 1
  local seen, wrong = {}, 0
  for i, c in ipairs(step.choices) do
    if not c.right then wrong = wrong + 1 end
    if not c.say then complain(report, step.line, "choice %d has no sentence", i) end
    if seen[c.text] then complain(report, step.line, "choice %d stands there twice", i) end
    seen[c.text] = true
  end
  if wrong == 0 then complain(report, step.line, "every answer is right: there is nothing to choose") end
end

function look.predict(report, run, step)
  report.questions = report.questions + 1
  local kept = run.world:snapshot()
  local muted = run.muted
  run.muted = true
  local truth, why = run.kinds.predict.truth(run, step)
  run.muted = muted
  kept:restore()
  if truth == nil then complain(report, step.line, "predict cannot reveal: %s", why) end
end

function look.try(report, run, step)
  for i, code in ipairs(step.suggest) do
    local kept = run.world:snapshot()
    local outcome = run.world:evaluate(code, "suggestion")
    kept:restore()
    if not outcome.ok then
      complain(report, step.line, "suggestion %d (`%s`) fails: %s", i, one_line(code),
        outcome.message)
    end
  end
end

-- A figure must draw: as text always, and by gnuplot where there is one.
local function check_figure(report, line, figure)
  local ok, why = pcall(figure.text, figure, {columns = 80, rows = 24})
  if not ok then return complain(report, line, "the picture does not draw: %s", why) end
  local there = require("gradus.plot.screen").has_gnuplot()
  if not there then return end
  local path = os.tmpname()
  ok, why = pcall(figure.save, figure, path .. ".png")
  os.remove(path .. ".png")
  os.remove(path)
  if not ok then complain(report, line, "the picture does not draw: %s", why) end
end

-- Steps that run code on their own have done so before the run waits again.
local function check_ran(report, run, from, to)
  for i = from, math.min(to, #run.steps) do
    local step = run.steps[i]
    local why = run.answers[step.id] and run.answers[step.id].failed
    if why then complain(report, step.line, "%s fails: %s", step.kind, why) end
  end
end

-- --- the walk ----------------------------------------------------------------------------------

local function answer(report, run, step, judged)
  local ok, text = pcall(batch.answer, run)
  if not ok then
    complain(report, step.line, "%s", text)
  else
    run:feed(text)
    if run:step() ~= step then return end
    complain(report, step.line, "the solution does not pass its own check: %s",
      judged.text or "its result differs")
  end
  run:command("skip", "")
end

local function walk(report, lesson, seed, trust)
  local world = World.new{folder = lesson.folder, trust = trust, vars = trust and _G or nil}
  local judged = {}
  local run
  run = Runner.new{lesson = lesson, world = world, seed = seed, out = function(block)
    if block.kind == "wrong" or block.kind == "error" or block.kind == "note" and not judged.text then
      judged.text = block.text
    elseif block.kind == "figure" then
      check_figure(report, run:step() and run:step().line or 0, block.figure)
    end
  end}
  local from = 1
  run:start()
  while not run.done do
    check_ran(report, run, from, run.at)
    from = run.at
    local step = run:step()
    judged.text = nil
    if look[step.kind] then look[step.kind](report, run, step) end
    Snapshot.done()
    answer(report, run, step, judged)
  end
  check_ran(report, run, from, #run.steps)
  return run
end

local function has_fresh(lesson)
  for _, step in ipairs(lesson.steps) do
    if step.kind == "fresh" then return true end
  end
end

local function prove(report, path, trust)
  local lesson = reader.read(path, {trust = trust})
  report.file = lesson.file
  check_header(report, lesson)
  check_globals(report, lesson)
  local run
  for seed = 1, has_fresh(lesson) and 3 or 1 do
    report.questions = 0
    run = walk(report, lesson, seed, trust)
  end
  report.steps = #run.steps
  check_steps(report, lesson, run)
  check_minutes(report, lesson, run)
  if report.questions == 0 then complain(report, lesson.line, "the lesson asks nothing") end
end

--- author.check(path: string, {trust: boolean}?) -> {file, errors, steps, questions, seconds}
--- Proves one lesson file; `errors` is a list of "file:line: what is wrong".
function M.check(path, given)
  local report = {file = path:match("([^/]*)$"), errors = {}, known = {}, questions = 0, steps = 0}
  local started = os.clock()
  local ok, why = pcall(prove, report, path, given and given.trust)
  if not ok then table.insert(report.errors, tostring(why)) end
  report.seconds = os.clock() - started
  report.known = nil
  return report
end

M.is_graded = language.is_graded

-- --- a new lesson ------------------------------------------------------------------------------

local skeleton = [==[
-- A lesson is read from top to bottom. Each word below adds a step. Try it while you write:
--
--     gradus check NAME.lua            proves it: solutions pass, mistakes are recognised
--     gradus lesson NAME.lua           takes it like a student
--     gradus lesson NAME.lua --export NAME.html
lesson "NAME" {
  topic = "what it is about",
  minutes = 5,
  needs = {},                  -- names of earlier lessons
}

-- Words to read. *Emphasis*, `code`, and formulas on lines indented by four.
text [[
  The mean of n numbers is their sum divided by n:

      m = (x1 + x2 + ... + xn) / n
]]

-- Code that is shown and run in the student's session.
code [[
  x = tensor{1, 2, 3, 6}
]]

-- The student guesses before the code runs.
predict "What is the sum of `x`?" {
  reveal = "x:sum()",
}

-- A question answered by typing Lua. The result counts, not how it was typed.
ask "Compute the mean of `x`." {
  solution = "x:sum() / 4",
  hints = {
    "A tensor has a method that adds its numbers up.",
    "Divide the sum by how many there are.",
  },
  mistakes = {
    {"x:sum()", "That is the sum. The mean is the sum divided by how many numbers there are."},
  },
}

-- A question answered by a number.
number "How many numbers does `x` hold?" {
  answer = 4,
  hints = {"`#x` counts them."},
  mistakes = { {3, "Count again: the first one counts, too."} },
}

-- A question answered by choosing; the answers are shuffled.
choice "What happens to the mean if every number is doubled?" {
  {"It doubles.", "Yes: a factor can be taken out of the sum.", right = true},
  {"It stays.", "No: the sum doubles, the number of terms does not."},
}

-- Free play until the student types :next.
try "Change `x` and look at the mean again." {
  suggest = {"x = tensor{10, 20}"},
}
]==]

--- author.skeleton(name: string) -> string
--- The text of a new lesson, with comments, that passes `gradus check`.
function M.skeleton(name)
  return (skeleton:gsub("NAME", function() return name end))
end

return M
