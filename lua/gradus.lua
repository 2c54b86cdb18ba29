-- SPDX-License-Identifier: GPL-3.0-or-later
-- The session's settings: seed, threads, memory; and where time goes.

local core = require("gradus.core")

local M = {}

--- gradus.memory() -> table
--- Bytes of tensors: live, pooled for reuse, and the peak; and how often the system was asked.
--- > gradus.memory().live >= 0
--- true
M.memory = core.memory

--- gradus.threads(n?: integer) -> integer
--- The number of threads that kernels use; with an argument it is set first.
--- > gradus.threads(1)
--- 1
M.threads = core.threads

--- gradus.clock() -> number
--- Seconds on a clock that only goes forward, for measuring how long something takes.
--- > gradus.clock() <= gradus.clock()
--- true
M.clock = core.clock

--- gradus.cpu() -> string
--- The level of this CPU that kernels were chosen for, such as "x86-64-v3".
--- > type(gradus.cpu())
--- string
M.cpu = core.cpu

--- gradus.seed(n?: integer) -> integer
--- Starts all random numbers anew from a seed; without an argument tells the last seed.
--- > gradus.seed(7)
--- 7
M.seed = core.seed

--- gradus.profile(f: function) -> Profile
--- Runs f() and measures the time that every op and every layer takes, forward and backward; prints
--- itself as two tables. A layer's time is that of the ops in its own forward, without the layers
--- inside it. `seconds` is the time of all, `ops` and `layers` are lists of rows {name, calls,
--- forward, backward, seconds}; what is in none of them is Lua's own work.
--- > net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 2))
--- > p = gradus.profile(function() net(tensor.randn(4, 8)):sum():backward() end)
--- > #p.layers, p.seconds > 0
--- 4	true
--- > for _, op in ipairs(p.ops) do if op.name == "linear" then print(op.calls) end end
--- 2
function M.profile(f)
  local measure = require("gradus.profile").profile
  return measure(f)
end

return M
