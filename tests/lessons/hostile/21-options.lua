-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: ? Lists
-- says: Type Lua
-- then: :hint
-- then: :hint
-- then: 1 + 1
-- then: :skip
-- then: (1, 1) (2, 2)
-- then: 2
-- then: :skip
-- then: {}
-- then: :skip
-- then: {}
-- then: :skip
-- then: tensor.ones(2)
-- then: 3
-- then: :skip
-- then: 4
lesson "Hostile" {topic = "fields with metatables, and checks of one's own", minutes = 1}
local function evil()
  pcall(function() plot.curve({1, 2}):save("$CANARY") end)
  return "a"
end
local trap = {__index = function(_, i) evil() return i < 3 and "h" or nil end, __pairs = evil,
  __len = function() evil() return 2 end}
local spoiled = equals(3)
spoiled.test = evil
ask "Lists" {solution = "1", hints = setmetatable({}, trap)}
predict "Sketch" {reveal = "tensor.arange(3)", sketch = setmetatable({}, trap)}
ask "Own" {solution = "1", hints = "h", check = {measure = evil, test = evil}}
ask "Value" {solution = "1", hints = "h", check = equals(setmetatable({}, trap))}
ask "Shape" {solution = "1", hints = "h", check = looks_like{shape = setmetatable({}, trap)}}
ask "Spoiled" {solution = "1", hints = "h", check = that(function()
  spoiled.test = evil
  return false, setmetatable({}, {__tostring = evil}), setmetatable({}, trap)
end)}
ask "Spoiled later" {solution = "1", hints = "h", check = spoiled}
text "The end."
