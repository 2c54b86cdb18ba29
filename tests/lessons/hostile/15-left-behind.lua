-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: open is out of reach while a lesson runs
-- says: an error that is a table
-- says: the code of the picture gives no figure
-- says: this figure has a 'show' of its own
-- says: The end: Hostile
lesson "Hostile" {topic = "code that runs when the lesson's has ended", minutes = 1}
text "Begin."
code [[ setmetatable({}, {__tostring = function() student_opens("$CANARY") return "" end}) ]]
code [[ error(setmetatable({}, {__tostring = function() student_opens("$CANARY") return "" end})) ]]
picture "a" {code = [[ return {save = print, show = function() student_opens("$CANARY") end} ]]}
picture "b" {code = [[ local f = plot.curve({1, 2}); f.show = function() student_opens("$CANARY") end; return f ]]}
code [[ left = coroutine.create(function() student_opens("$CANARY") end) ]]
code [[ later = coroutine.wrap(function() student_opens("$CANARY") end) ]]
code [[ list = {setmetatable({}, {__index = function() student_opens("$CANARY") end,
  __eq = function() student_opens("$CANARY") end, __pairs = function() student_opens("$CANARY") end,
  __show = function() student_opens("$CANARY") end, __close = function() student_opens("$CANARY") end})} ]]
code [[
  local Spy = autograd.Function("Spy")
  function Spy.forward(ctx, x) return x end
  function Spy.backward(ctx, g) student_opens("$CANARY") return g end
  spied = Spy(tensor{1, 2, requires_grad = true}):sum()
]]
text "The end."
