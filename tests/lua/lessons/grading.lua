-- SPDX-License-Identifier: GPL-3.0-or-later
-- A wrong answer leaves no trace, also not in what was changed in place; looking is no answer.
local Runner = require("gradus.lesson.runner")
local World = require("gradus.lesson.world")
local reader = require("gradus.lesson.reader")

local lesson = reader.read("grading.lua", {text = [==[
lesson "Grading" {topic = "t", minutes = 1}
code [[ x = tensor{1, 2, 3}; seen = 0 ]]
ask "Uses?" {solution = "x:mean()", check = all_of{uses "mean", equals(2)}, hints = "h"}
ask "Set `y`." {solution = "y = x + 1", hints = "h"}
ask "Noise?" {solution = "n = tensor.randn(5000) * 3", check = variable("n", looks_like()), hints = "h"}
ask "Train." {solution = "seen = 5", check = trains{loss = "1 / seen", below = 0.3}, hints = "h"}
ask "Either." {solution = "1", check = any_of{equals(1), equals(2)}, hints = "h"}
]==]})
local said
local run = Runner.new{lesson = lesson, world = World.new{}, out = function(b)
  if b.kind == "right" or b.kind == "wrong" or b.kind == "note" then said = b.kind .. (b.text and " " .. b.text or "") end
end}
local function feed(text)
  said = "-"
  run:feed(text)
  print(said)
end
run:start()
feed("2")                    -- expect: wrong Use `mean` for this.
feed("tensor.mean(x)")       -- expect: right
feed("x:add_(1)")            -- expect: -
feed("y = x")                -- expect: wrong `y`: The shape is right, the numbers are not.
feed("y = 1 + x")            -- expect: right
feed("n = tensor.randn(5000)")  -- expect: wrong `n`: The std is 0.9949, it should be about 2.9847.
feed("n = tensor.randn(5000):mul(3)") -- expect: right
feed("seen = 2")             -- expect: wrong The loss is 0.5, it should be below 0.3.
feed("seen")                 -- expect: -
feed("seen = 4")             -- expect: right
feed("for i = 1, 1e12 do end") -- expect: note That did not run to its end; your variables are as before.
feed("3 - 1")                -- expect: right
print(run.done, run:score().right)  -- expect: true	5

-- A look at something is no answer to a test of the author's own either.
lesson = reader.read("looks.lua", {text = [==[
lesson "Looks" {topic = "t", minutes = 1}
code [[ x = tensor{1, 2, 3} ]]
ask "Double." {solution = "function double(v) return 2 * v end", hints = "h",
  check = that(function(a) return type(a.vars.double) == "function", "No `double` yet." end)}
fix "Mend." {broken = "half = 2", solution = "half = 0.5", hints = "h",
  check = that(function(a) return a.vars.half == 0.5, "It is no half." end)}
]==]})
run = Runner.new{lesson = lesson, world = World.new{}, out = function(b)
  if b.kind == "right" or b.kind == "wrong" then said = b.kind .. (b.text and " " .. b.text or "") end
end}
run:start()
feed("x:size(1)")            -- expect: -
feed("1 + 1")                -- expect: -
feed("function dubble(v) return 2 * v end") -- expect: -
feed("double")               -- expect: -
feed("function double(v) return 2 * v end") -- expect: right
feed("x:mean()")             -- expect: -
feed("half = 1")             -- expect: wrong It is no half.
feed("half = 0.5")           -- expect: right

-- A number typed as such is right, and how it is computed is shown. What an `after` makes is made once
-- the question is answered, not when it is seen again on the way back.
lesson = reader.read("ways.lua", {text = [==[
lesson "Ways" {topic = "t", minutes = 1}
code [[ x = tensor{1, 2, 3} ]]
ask "The sum." {name = "sum", solution = "x:sum()", hints = "h"}
ask "Two." {name = "two", solution = "1 + 1", hints = "h"}
after("two", function(answer) text(answer.first and "At once." or "Not at once.") end)
ask "Set." {solution = "s = 4", check = that(function(a) return a.vars.s == 4, "Not 4." end), hints = "h"}
ask "Train." {solution = "seen = 5", check = trains{loss = "1 / seen", below = 0.3}, hints = "h"}
ask "End." {solution = "0", hints = "h"}
]==]})
run = Runner.new{lesson = lesson, world = World.new{vars = {seen = 2}}, out = function(b)
  if b.kind == "right" or b.kind == "wrong" then said = b.kind .. (b.text and " " .. b.text or "") end
  if b.kind == "text" or b.caption then said = (b.caption or "") .. (b.text or b.source) end
end}
run:start()
feed(" 6 ")                  -- expect: Computed:x:sum()
run:command("back", "")
feed("2 * 3")                -- expect: right
feed("3 - 1")                -- expect: At once.
feed("s = 3")                -- expect: wrong Not 4.
feed("s = 4")                -- expect: right
run:command("back", "")
feed("print(7)")             -- expect: -
feed("t = 4")                -- expect: -
feed("s = 4")                -- expect: right
feed("seen = 3")             -- expect: wrong The loss is 0.3333, it should be below 0.3.
feed("seen = 9")             -- expect: right
run:command("back", "")
feed("1 + 1")                -- expect: -
feed("seen = 8")             -- expect: right
print(run:score().right, run:score().first) -- expect: 4	2

-- An answer typed line by line: what is right so far stays, as does something new; what is wrong goes.
lesson = reader.read("lines.lua", {text = [==[
lesson "Lines" {topic = "t", minutes = 1}
code [[ x = 1 ]]
ask "Two." {solution = "a = 2; b = 3", check = all_of{variable "a", variable "b"}, hints = "h"}
ask "Own." {
  solution = "function f() return c end; c = 4",
  check = that(function(answer)
    local f = answer.vars.f
    if not f then return false, "There is no `f`." end
    if f() == nil then return "part", "What does it give?" end
    return f() == 4, "Not 4."
  end),
  hints = "h",
}
]==]})
run = Runner.new{lesson = lesson, world = World.new{}, out = function(b)
  if b.kind == "right" or b.kind == "wrong" or b.kind == "note" then said = b.kind .. (b.text and " " .. b.text or "") end
end}
run:start()
feed("a = 2")                -- expect: note Kept; go on. There is no variable `b` yet.
feed("a = 5")                -- expect: wrong `a`: Yours is 5; that is not it yet.
feed("x = 2")                -- expect: -
feed("b = 3")                -- expect: right
feed("helper = 1")           -- expect: note Kept; go on. There is no `f`.
feed("function f() return c end") -- expect: note Kept; go on. What does it give?
feed("c = 5")                -- expect: wrong Not 4.
feed("c = 3 + helper")       -- expect: right
