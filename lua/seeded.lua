-- SPDX-License-Identifier: GPL-3.0-or-later
-- Random numbers from a seed of one's own, in the middle of a session.

local core = require("gradus.core")

local M = {}

--- seeded.run(seed: integer?, f: function, ...: any) -> ...
--- f(...) with the generator started from `seed`; afterwards the session's random numbers go on
--- as if nothing had been drawn. Without a seed f draws from the session.
--- > a = require("gradus.seeded").run(3, math.random)
--- > a == require("gradus.seeded").run(3, math.random)
--- true
function M.run(seed, f, ...)
  if not seed then return f(...) end
  local before = core.random_state()
  local _ <close> = setmetatable({}, {__close = function() core.random_state(before) end})
  core.seed(seed)
  return f(...)
end

return M
