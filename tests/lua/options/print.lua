-- SPDX-License-Identifier: GPL-3.0-or-later
-- print shows plain tables as the prompt does, and everything else as Lua does.
print({1, {2, "three"}, x = {y = true}})                  -- expect: {1, {2, "three"}, x = {y = true}}
print(tensor.zeros(2, 3):size(), 5, nil, "text")          -- expect: {2, 3}	5	nil	text
print(setmetatable({}, {__tostring = function() return "own" end}), (nil))  -- expect: own	nil
print()                                                   -- expect:
print(tensor{1, 2})                                       -- expect: tensor{1, 2}  -- float32 (2)
