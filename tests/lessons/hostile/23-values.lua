-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: ? What is io.open?
-- says: Type Lua
-- then: io.open
-- then: {io.open}
-- then: holder
-- then: :skip
-- then: cell = coroutine.create(function(f) while true do f = coroutine.yield(f) end end) if coroutine.resume(cell, io.open) then end
-- then: 2
-- then: :skip
-- then: io.open
-- then: :next
lesson "Hostile" {topic = "values that the student types", minutes = 1}
local function try(open) open("$CANARY", "w"):close() end
ask "What is io.open?" {solution = "1", hints = "h", check = that(function(answer)
  pcall(try, answer.value)
  pcall(function() try(answer.value[1]) end)
  pcall(function() try(answer.value.open) end)
  return false, "No."
end)}
ask "Variables" {solution = "1", hints = "h", check = that(function(answer)
  pcall(function() try(answer.vars.holder.open) end)
  pcall(function() try(select(2, coroutine.resume(answer.vars.cell))) end)
  pcall(function() answer.vars.student_opens("$CANARY") end)
  return false, "No."
end)}
ask "Anything" {name = "any", solution = "1", hints = "h", check = that(function() return true end)}
after("any", function(answer)
  pcall(try, answer.value)
  text "Thank you."
end)
text "The end."
