-- SPDX-License-Identifier: GPL-3.0-or-later
-- Each question of the shipped lessons: three right answers written differently pass, and a wrong
-- one that is on no list of mistakes does not.
--   gradus answers_test.lua FOLDER DIGIT [--complete]
-- FOLDER/NAME.lua has the answers for lesson NAME: a list with {right = {code, code, code},
-- wrong = code} for each `ask` and `fix`, in order, or by the step's name. Those of `number` and
-- `choice` are made here. DIGIT picks the lessons whose number begins with it. Questions without
-- answers are reported; with --complete they fail.
-- The lesson then goes on from one of these answers, not from the author's: whoever answers in
-- another way has other variables, and what follows must run for them, too.

local Runner = require("gradus.lesson.runner")
local World = require("gradus.lesson.world")
local batch = require("gradus.lesson.batch")
local grade = require("gradus.lesson.grade")
local reader = require("gradus.lesson.reader")
local shelf = require("gradus.lesson.shelf")

local folder, digit = arg[1], arg[2]
local complete = arg[3] == "--complete"
local turn = tonumber(os.getenv("GRADUS_TURN") or 0) -- which of the three answers is taken first
local problems, questions, open = 0, 0, 0

local function problem(run, step, text, ...)
  problems = problems + 1
  print(("%s:%d: %s"):format(run.lesson.file, step.line, text:format(...)))
end

-- --- ask and fix: with the answers of the file --------------------------------------------------

local judge = {}

function judge.ask(run, step, expected)
  if not expected then
    open = open + 1
    return print(("%s:%d: there are no answers for this %s"):format(run.lesson.file, step.line, step.kind))
  end
  if #expected.right < 3 then problem(run, step, "%d right answers, not three", #expected.right) end
  local kept = run.world:snapshot()
  local seen = {[step.solution:gsub("%s", "")] = true}
  for _, code in ipairs(expected.right) do
    local plain = code:gsub("%s", "")
    if seen[plain] then problem(run, step, "`%s` is no other answer", code) end
    seen[plain] = true
    local v = grade.verdict(run, step, code, kept)
    if not v.ok then problem(run, step, "`%s` is refused: %s", code, v.error or v.why) end
  end
  local v = grade.verdict(run, step, expected.wrong, kept)
  if v.error then problem(run, step, "`%s` does not run: %s", expected.wrong, v.error) end
  if v.ok then problem(run, step, "`%s` passes", expected.wrong) end
  if v.mistake then problem(run, step, "`%s` is on the list", expected.wrong) end
end

judge.fix = judge.ask

-- --- number and choice: as they would be typed ---------------------------------------------------

-- What happens when `text` is typed here: the kinds of the blocks said, "right", "wrong", ...
-- The run is told to stay where it is.
local function typed(run, step, text)
  local said, advance, out = {}, run.advance, run.out
  run.out = function(block)
    said[block.kind] = true
    said.recognised = said.recognised or block.kind == "wrong" and block.recognised
  end
  run.advance = function() end
  local answer = run.answers[step.id]
  run.answers[step.id] = nil
  run:feed(text)
  run.answers[step.id], run.out, run.advance = answer, out, nil
  assert(run.advance == advance)
  return said
end

local function expect(run, step, text, kind)
  if not typed(run, step, text)[kind] then
    problem(run, step, "`%s` should be %s", text, kind)
  end
end

function judge.number(run, step)
  local x = run.kinds.number.answer(run, step)
  local digits = ("%.17g"):format(x)
  expect(run, step, digits, "right")
  expect(run, step, ("%s / 2"):format(("%.17g"):format(2 * x)), "right")
  expect(run, step, ("return tensor{%s}"):format(digits), "right")
  if step.unit then expect(run, step, digits .. " " .. step.unit, "right") end
  local wrong = 3 * math.abs(x) + 1234567
  local said = typed(run, step, ("%.17g"):format(wrong))
  if not said.wrong or said.recognised then problem(run, step, "%g should be just wrong", wrong) end
end

function judge.choice(run, step)
  local right, wrong, texts = {}, nil, {}
  for i, c in ipairs(run.kinds.choice.order(run, step)) do
    if c.right then right[#right + 1], texts[#texts + 1] = i, c.text else wrong = wrong or i end
  end
  local reversed = {}
  for i = #right, 1, -1 do reversed[#reversed + 1] = right[i] end
  expect(run, step, table.concat(right, ", "), "right")
  expect(run, step, "  " .. table.concat(reversed, " ") .. " ", "right")
  expect(run, step, #right == 1 and texts[1]:upper() or table.concat(right, " and "), "right")
  if wrong then expect(run, step, tostring(wrong), "wrong") end
  if #right > 1 then expect(run, step, tostring(right[1]), "wrong") end
end

-- --- the walk --------------------------------------------------------------------------------------

local function answers_of(name)
  local file = ("%s/%s.lua"):format(folder, name)
  local handle = io.open(file)
  if not handle then return {} end
  handle:close()
  return dofile(file)
end

-- What the student types who takes the lesson, and leaves `step`.
local function taken(run, expected, n)
  if not expected then return batch.answer(run) end
  return expected.right[(n + turn) % #expected.right + 1]
end

local function prove(path)
  local answers, n = answers_of(shelf.name(path)), 0
  local lesson = reader.read(path)
  local run = Runner.new{lesson = lesson, world = World.new{folder = lesson.folder}, seed = 3}
  run.out = function(block)
    if block.kind == "error" and run:step().kind ~= "fix" then
      problem(run, run:step(), "after another answer: %s", block.text)
    end
  end
  run:start()
  while not run.done do
    local step = run:step()
    local expected
    if step.kind == "ask" or step.kind == "fix" then
      n = n + 1
      expected = step.name and answers[step.name] or answers[n]
    end
    if judge[step.kind] then
      questions = questions + 1
      judge[step.kind](run, step, expected)
    end
    run:feed(taken(run, expected, n))
    if run:step() == step then run:command("skip", "") end
  end
end

for _, path in ipairs(shelf.files()) do
  if shelf.name(path):sub(1, 1) == digit then prove(path) end
end
print(("%d questions, %d problems, %d without answers"):format(questions, problems, open))
os.exit((problems > 0 or complete and open > 0) and 1 or questions == 0 and 77 or 0, true)
