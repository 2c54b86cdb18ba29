-- SPDX-License-Identifier: GPL-3.0-or-later
-- The session's settings: seed, threads, memory.

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

return M
