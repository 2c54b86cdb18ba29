-- SPDX-License-Identifier: GPL-3.0-or-later
-- No lesson is a wall of text: between two things that a student does stand at most TEXT lines of
-- words, and with the code that is shown at most ALL, on a terminal of 80 columns. Not counted are
-- blank lines, what code prints, the code of a picture (the picture is what is looked at), the
-- code that a `fix` asks to be repaired, and the answers of a choice.
--   gradus pages_test.lua FOLDER

local Runner = require("gradus.lesson.runner")
local World = require("gradus.lesson.world")
local markup = require("gradus.lesson.markup")
local reader = require("gradus.lesson.reader")
local show = require("gradus.lesson.show")

local TEXT, ALL = 8, 14

local function count(block)
  return select(2, ("\n" .. show.block(block, {width = 80})):gsub("\n[^\n]*%S", ""))
end

local function words(text) return count{kind = "text", text = text} end
local function code(source) return count{kind = "code", source = markup.dedent(source)} end

-- Lines of words and of code that a step shows, and whether the student does something there.
local function size_of(step, kind)
  if step.kind == "code" then return 0, step.quiet and 0 or code(step.body), false end
  if step.kind == "text" then return words(step.body), 0, false end
  if not kind.stops or step.kind == "pause" then return 0, 0, false end
  return words(step.body), step.run and code(step.run) or 0, true
end

-- The places of a lesson where more is to be read: a list of sentences.
local function walls(lesson)
  local run = Runner.new{lesson = lesson, world = World.new{folder = lesson.folder}, seed = 3}
  local found, text, all, from = {}, 0, 0, nil
  for _, step in ipairs(run.steps) do
    local w, c, acts = size_of(step, run.kinds[step.kind])
    from = from or step.line
    text, all = text + w, all + w + c
    if acts then
      if text > TEXT or all > ALL then
        found[#found + 1] = ("%s: lines %d to %d show %d lines of text, %d with code"):format(
          lesson.file, from, step.line, text, all)
      end
      text, all, from = 0, 0, nil
    end
  end
  return found
end

local function planted(body)
  return #walls(reader.read("planted.lua", {text = 'lesson "P" {topic = "t", minutes = 1}\n' .. body
    .. '\nask "One?" {solution = "1", hints = "h"}'}))
end

local nine = ("text [[ A line. ]]\n"):rep(TEXT)
local long = "code [[\n" .. ("x = 1\n"):rep(ALL) .. "]]\n"
assert(planted(nine) == 1 and planted(nine:sub(20)) == 0, "nine lines of text pass")
assert(planted(long) == 1 and planted(long:gsub("x = 1\n", "", 1)) == 0, "much code passes")
assert(planted(nine .. "pause()") == 1, "a pause is something to do")
assert(planted(nine:sub(20) .. 'ask "Two?" {solution = "2", hints = "h"}') == 0, "nothing is done")

local problems, lessons = 0, 0
for _, file in ipairs(require("gradus.sandbox").list_folder(arg[1])) do
  if file:find("^%d.*%.lua$") then
    lessons = lessons + 1
    for _, text in ipairs(walls(reader.read(arg[1] .. "/" .. file))) do
      problems = problems + 1
      print(text)
    end
  end
end
print(("%d lessons, %d walls of text"):format(lessons, problems))
os.exit(problems == 0 and lessons > 0)
