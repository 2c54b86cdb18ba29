-- SPDX-License-Identifier: GPL-3.0-or-later
-- The course plan of lessons/README.md names every lesson with its minutes and needs, and no
-- other. Its sessions are no longer than they say, and no lesson comes before one that it needs.
--
--     gradus plan_test.lua FOLDER

local reader = require("gradus.lesson.reader")

local folder = arg[1]
local LONGEST = 82 -- minutes of lessons in a session of 90, as the README says

local faults = {}

local function fault(text, ...)
  faults[#faults + 1] = text:format(...)
end

local function read(path)
  local file = assert(io.open(path))
  local text = file:read("a")
  file:close()
  return text
end

-- The lessons by number: {name, minutes, needs = "01 03"}.
local function lessons_of()
  local lessons = {}
  for _, file in ipairs(require("gradus.sandbox").list_folder(folder)) do
    local name = file:match("^(%d%d%-[%w-]+)%.lua$")
    if name then
      local header, needs = reader.read(folder .. "/" .. file), {}
      for i, other in ipairs(header.needs) do needs[i] = other:sub(1, 2) end
      lessons[name:sub(1, 2)] = {name = name, minutes = header.minutes,
        needs = #needs > 0 and table.concat(needs, " ") or "-"}
    end
  end
  return lessons
end

local function check_rows(text, lessons)
  local planned = {}
  for name, minutes, needs in text:gmatch("\n| (%d%d%-[%w-]+) | (%d+) | ([%d -]+) |") do
    local lesson = lessons[name:sub(1, 2)]
    planned[name] = true
    if not lesson or lesson.name ~= name then
      fault("%s is planned, but not there", name)
    elseif lesson.minutes ~= tonumber(minutes) then
      fault("%s: %s minutes in the plan, %d in the lesson", name, minutes, lesson.minutes)
    elseif lesson.needs ~= needs then
      fault("%s: needs %s in the plan, %s in the lesson", name, needs, lesson.needs)
    end
  end
  for _, lesson in pairs(lessons) do
    if not planned[lesson.name] then fault("%s is not in the plan", lesson.name) end
  end
end

-- One course: its sessions are divided by dots. Returns how many sessions and lessons it has.
local function check_course(name, sessions, lessons)
  local seen, n, count = {}, 0, 0
  for session in (sessions:gsub("·", "\0") .. "\0"):gmatch("([^%z]*)%z") do
    local minutes = 0
    n = n + 1
    for number in session:gmatch("%f[%d]%d%d%f[%D]") do
      local lesson = lessons[number]
      if not lesson then fault("%s: there is no lesson %s", name, number) break end
      for need in lesson.needs:gmatch("%d%d") do
        if not seen[need] then fault("%s: %s comes before %s", name, number, need) end
      end
      seen[number], count = true, count + 1
      minutes = minutes + lesson.minutes
    end
    if minutes > LONGEST then fault("%s: session %d has %d minutes", name, n, minutes) end
  end
  return n, count
end

local text, lessons = read(folder .. "/README.md"), lessons_of()
check_rows(text, lessons)
if not text:find(("more than %d minutes of lessons"):format(LONGEST), 1, true) then
  fault("the README names another longest session")
end

local words, courses, all = {one = 1, four = 4, twelve = 12}, 0, 0
for _ in pairs(lessons) do all = all + 1 end
for word, rest, sessions in text:gmatch("\n| (%l+)(,[^|]*) | (%d%d [^|]*) |") do
  local n, count = check_course(word .. rest, sessions:gsub("[:;].*", ""), lessons)
  courses = courses + 1
  if n ~= words[word] then fault("%s%s: has %d sessions", word, rest, n) end
  if word == "twelve" and count ~= all - 1 then -- the clinic is the examination
    fault("twelve sessions have %d of %d lessons", count, all - 1)
  end
end
if courses < 4 then fault("the README has %d courses", courses) end

table.sort(faults)
for _, one in ipairs(faults) do print(one) end
os.exit(#faults == 0)
