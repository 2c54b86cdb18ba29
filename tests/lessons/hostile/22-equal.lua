-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: ? Equal to all
-- says: Type Lua
-- leaves: everything
-- then: pcall(function() return #everything end)
-- then: tostring(everything)
-- then: everything
-- then: everything == setmetatable({}, getmetatable(everything))
-- then: do local x <close> = everything end
-- then: local ok = pcall(everything)
lesson "Hostile" {topic = "a table that says it is every other one", minutes = 1}
code [[ local function evil() plot.curve({1, 2}):save("$CANARY") return true end
everything = setmetatable({}, {__eq = function() return true end, __len = evil, __tostring = evil,
  __close = evil, __call = evil, __lt = evil}) ]]
code [[ getmetatable(everything).deeper = setmetatable({f = everything}, getmetatable(everything)) ]]
ask "Equal to all" {solution = "1", hints = "h"}
text "The end."
