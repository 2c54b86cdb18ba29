-- SPDX-License-Identifier: GPL-3.0-or-later
-- Run once when the program starts: makes the library's parts globals. A part
-- is loaded when it is first used, so that the prompt is there at once.

local M = {}

--- The parts of the library, in the order in which help lists them.
M.parts = {
  "tensor", "nn", "optim", "autograd", "data", "metrics", "train", "plot",
  "lab", "lesson", "help",
}

local is_part = {}
for _, name in ipairs(M.parts) do is_part[name] = true end
is_part.gradus = true

setmetatable(_G, {
  __index = function(globals, name)
    if not is_part[name] then return nil end
    local part = require("gradus." .. name)
    rawset(globals, name, part)
    return part
  end,
})

return M
