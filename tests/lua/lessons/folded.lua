-- SPDX-License-Identifier: GPL-3.0-or-later
-- Code that is wider than the terminal is broken where it may be, and stays code.
local show = require("gradus.lesson.show")

local source = [[
function hidden(n, m)        -- one layer, with a comment that is wider than the screen
  return nn.Sequential(nn.Linear(n, m), nn.BatchNorm1d(m), nn.ReLU())
end
say = "a text that is long and wide, and has spaces, but is never broken at all", 2]]

local lines = show.block({kind = "code", source = source}, {width = 60, colour = false})
print((lines:gsub("^%s*\n", "")))
-- expect:   | function hidden(n, m)        -- one layer, with a
-- expect:   |     -- comment that is wider than the screen
-- expect:   |   return nn.Sequential(nn.Linear(n, m),
-- expect:   |       nn.BatchNorm1d(m), nn.ReLU())
-- expect:   | end
-- expect:   | say =
-- expect:   |     "a text that is long and wide, and has spaces, but is never broken at all", 2

local text = (lines .. "\n"):gsub("\n  | ", "\n")
print(load(text) ~= nil)                          -- expect: true
