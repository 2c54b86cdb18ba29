-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every topic of the course stands in a lesson, as a step that is checked and with its picture.
--   gradus rows_test.lua ROWS.lua FOLDER [--complete]
-- Prints what is wrong and fails; topics that no lesson teaches yet are reported, and fail
-- where --complete is given. Then it takes each step and picture away, and wants to hear of it.

local reader = require("gradus.lesson.reader")
local Runner = require("gradus.lesson.runner")
local World = require("gradus.lesson.world")

local TOPICS = 41
local checked = {ask = true, number = true, choice = true, fix = true, predict = true}

local function name_of(path) return (path:match("([^/]*)%.lua$")) end

-- The named steps of a lesson, those with fresh numbers among them: name -> kind.
local function named_steps(path)
  local lesson = reader.read(path)
  local run = Runner.new{lesson = lesson, world = World.new{folder = lesson.folder}}
  local named = {}
  for _, step in ipairs(run.steps) do
    if step.name then named[step.name] = step.kind end
  end
  local rows = {}
  for _, row in ipairs(lesson.rows or {}) do rows[row] = true end
  return {rows = rows, named = named}
end

local function each(list, f)
  for _, one in ipairs(type(list) == "table" and list or {list}) do f(one) end
end

-- What is wrong with one topic: a list of sentences.
local function faults_of(row, number, lessons)
  local faults = {}
  local function fault(text, ...) faults[#faults + 1] = ("row %d: " .. text):format(number, ...) end
  local steps, rows = {}, {}
  each(row.lesson, function(name)
    if not lessons[name] then return fault("there is no lesson %s", name) end
    for step, kind in pairs(lessons[name].named) do steps[step] = kind end
    rows[#rows + 1] = lessons[name].rows[number] or nil
    if not lessons[name].rows[number] then fault("the header of %s does not list it", name) end
  end)
  if not row.step then fault("names no step") end
  each(row.step or {}, function(step)
    if not checked[steps[step]] then fault("no checked step has name = '%s'", step) end
  end)
  if row.picture == nil then fault("names no picture") end
  each(row.picture or {}, function(picture)
    if steps[picture] ~= "picture" then fault("no picture has name = '%s'", picture) end
  end)
  return faults
end

-- The same lessons without one step.
local function without(lessons, step)
  local result = {}
  for name, lesson in pairs(lessons) do
    local named = {}
    for other, kind in pairs(lesson.named) do
      if other ~= step then named[other] = kind end
    end
    result[name] = {rows = lesson.rows, named = named}
  end
  return result
end

local table_path, folder = arg[1], arg[2]
local complete = arg[3] == "--complete"
local lessons = {}
for _, file in ipairs(require("gradus.sandbox").list_folder(folder)) do
  local name = name_of(file)
  if name and name:find("^%d") then lessons[name] = named_steps(folder .. "/" .. file) end
end

local rows, faults, owed = dofile(table_path), {}, {}
local listed = {}
for number = 1, TOPICS do
  local row = rows[number]
  if not row or not row.does then
    faults[#faults + 1] = ("row %d is not in the table"):format(number)
  elseif not row.lesson then
    owed[#owed + 1] = number
  else
    for _, text in ipairs(faults_of(row, number, lessons)) do faults[#faults + 1] = text end
    each(row.lesson, function(name) listed[name .. " " .. number] = true end)
    for _, names in ipairs{row.step or {}, row.picture or {}} do
      each(names, function(step)
        if #faults_of(row, number, without(lessons, step)) == 0 then
          faults[#faults + 1] = ("row %d: nobody would miss '%s'"):format(number, step)
        end
      end)
    end
  end
end

-- What a header promises must be in the table, once its topic has a lesson there.
for name, lesson in pairs(lessons) do
  for number in pairs(lesson.rows) do
    local row = rows[number]
    if not row then
      faults[#faults + 1] = ("%s lists row %s, there is none"):format(name, number)
    elseif row.lesson and not listed[name .. " " .. number] then
      faults[#faults + 1] = ("%s lists row %d; the table names other lessons"):format(name, number)
    end
  end
end

table.sort(faults)
for _, text in ipairs(faults) do print(text) end
print(("%d of %d topics have a lesson%s"):format(TOPICS - #owed, TOPICS,
  #owed > 0 and ("; none yet: " .. table.concat(owed, ", ")) or ""))
if #faults > 0 or complete and #owed > 0 then os.exit(1) end
