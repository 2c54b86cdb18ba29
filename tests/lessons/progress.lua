-- SPDX-License-Identifier: GPL-3.0-or-later
-- What progress_test.py asks of the progress file: gradus progress.lua LESSON DEED
-- write: takes three steps of the lesson; read: says how what is there is taken.
local Runner = require("gradus.lesson.runner")
local World = require("gradus.lesson.world")
local progress = require("gradus.lesson.progress")
local reader = require("gradus.lesson.reader")

local lesson, deed = reader.read(arg[1]), arg[2]
local notes = {}

local function start()
  return Runner.new{lesson = lesson, world = World.new{}, seed = 3, on_step = progress.save,
    out = function(b) if b.kind == "note" then notes[#notes + 1] = b.text end end}
end

if deed == "write" then
  local run = start()
  run:start()
  for _, text in ipairs{"", "x:sum()", "y = 2 * x"} do run:feed(text) end
  for _, note in ipairs(notes) do print(note) end
elseif deed == "read" then -- one line for each file that is named on standard input
  local place = progress.file(lesson.path)
  for name in io.lines() do
    os.rename(name, place)
    local ok, said = pcall(function()
      progress.newest()
      local state, why = progress.open(lesson.path)
      if not state then return why and "damaged" or "nothing" end
      local run = start()
      require("gradus.lesson.session").place_text(state)
      progress.resume(run, state)
      return ("step %d of %d"):format(run:place())
    end)
    print(ok and said or "FAILS " .. tostring(said))
    os.remove(place)
  end
end
