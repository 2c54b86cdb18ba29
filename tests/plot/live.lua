-- SPDX-License-Identifier: GPL-3.0-or-later
-- Live pictures take in every number, keep what a screen can show of them, and say what cannot be drawn.
local l = plot.live {screen = "none"}
for i = 1, 100000 do
  l:add("train", i == 70001 and 9 or i == 80001 and -2 or 1 / i)
  if i % 1000 == 0 then l:add("valid", i, 2 / i) end
end
local fig = l:figure()
local x, y = fig.marks[1].x, fig.marks[1].y
print(#x <= 2000 and #x >= 400, x[1], x[#x], math.max(table.unpack(y)), math.min(table.unpack(y)))
-- expect: true	1.0	100000.0	9.0	-2.0
print(#fig.marks[2].x, fig.marks[2].x[7], fig.caption)  -- expect: 100	7000.0	nil

-- The four forms, tensors too.
l = plot.live {screen = "none"}
l:add("a", 1) l:add("a", 5, 2) l:add {b = 3, a = tensor(4)} l:add(9, {a = 5, b = tensor {6}}) l:add("a", tensor(7))
l:add {a = 8, c = 9}
for _, mark in ipairs(l:figure().marks) do
  local words = {}
  for i = 1, #mark.x do words[i] = ("%g:%g"):format(mark.x[i], mark.y[i]) end
  print(mark.name, table.concat(words, " "))
end
-- expect: a	1:1 5:2 6:4 9:5 10:7 11:8
-- expect: b	1:3 9:6
-- expect: c	1:9
local long = ("n"):rep(60)
l:add(long, 1) l:add(("n"):rep(30) .. ("n"):rep(30), 2)
print(#l:figure().marks[4].y)                           -- expect: 2
for i = 1, 9 do l:add("k" .. i, i) end
l:add {k1 = 0, k2 = 0, k3 = 0, k4 = 0, k5 = 0, k6 = 0, k7 = 0, k8 = 0, k9 = 0}
print(#l:figure().marks, #l:figure().marks[13].y)       -- expect: 13	2

-- What is no number is said, and nothing is added.
local function try(...) print(select(2, pcall(l.add, ...))) end
try(l)                -- expect: live:add: expected (name, value), (name, step, value) or a table {name = value}
try(l, "a")           -- expect: live:add: a: a number expected; got nil
try(l, 3)             -- expect: live:add: expected (name, value), (name, step, value) or a table {name = value}
try(l, nil, 3)        -- expect: live:add: expected (name, value), (name, step, value) or a table {name = value}
try(l, "a", "b", 3)   -- expect: live:add: expected (name, value), (name, step, value) or a table {name = value}
try(l, "a", "0.5")    -- expect: live:add: a: a number expected; got string
try(l, {a = true})    -- expect: live:add: a: a number expected; got boolean
try(l, "a", tensor {1, 2})  -- expect: live:add: a: a number expected; got a tensor of 2 numbers
try("a", 3)           -- expect: live:add: a colon expected, not a point: live:add(...)
print(#l:figure().marks[1].y)                           -- expect: 6
print(select(2, pcall(function() l:cloze() end)):match("live pic.*"))
-- expect: live pictures have no field or method 'cloze'. Did you mean 'close'?

-- All that cannot be drawn is counted, not only what was kept.
l = plot.live {screen = "none", ylog = true}
for i = 1, 50000 do l:add("loss", i > 40000 and 0 / 0 or i % 100) end
l:add("loss", 1 / 0)
print(l:figure().caption)
-- expect: loss: 10001 of 50001 values are not finite (10000 NaN, 1 Inf, from no. 40001 on). 400 of 40000 loss values are zero or negative and have no place on a log axis

-- Steps that go back do not make it slow or large.
l = plot.live {screen = "none"}
for i = 1, 60000 do l:add("a", i % 100, i) end
print(#l:figure().marks[1].x <= 2000)                   -- expect: true

-- Numbers are taken in while the picture is closed, and an error in a figure of one's own ends the picture only.
l = plot.live {screen = "none", title = "t"}
l:add("a", 1)
local last = l:close()
l:add("a", 2) l:update()
print(#last.marks[1].y, #l:figure().marks[1].y, l:close() == last)  -- expect: 1	2	true
print(plot.live({screen = "none"}):close())            -- expect: nil

-- On a clock of the test's own: the recorder looks at it at each step where steps are long, and once in
-- 16 where they are short.
for _, case in ipairs {{1e-6, 16}, {1e-3, 5}, {1, 1}} do
  local looks, now = 0, 0
  l = plot.live {screen = "none", clock = function() looks = looks + 1 return now end}
  for _ = 1, 100 do l:add("a", 1) now = now + case[1] end
  looks = 0
  for _ = 1, 1600 do l:add("a", 1) now = now + case[1] end
  print(#l:figure().marks[1].y > 0, 1600 // looks >= case[2] - 1 and 1600 // looks <= case[2])
end
-- expect: true	true
-- expect: true	true
-- expect: true	true
