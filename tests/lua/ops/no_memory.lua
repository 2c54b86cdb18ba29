-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every allocation of every op, forward and backward, fails once: the error says so, and nothing
-- is leaked.
local rows = dofile(arg[0]:match("^(.*)/") .. "/lib/rows.lua")

local function attempt(case)
  local leaves = case:as_leaves()
  rows.testing.fail_at(case.n)
  local ok, message = pcall(leaves.gradients, leaves)
  local failed = rows.testing.failed()
  rows.testing.fail_at()
  return ok, message, failed
end

rows.run(rows.cases(), function(case)
  case.n = 1000
  attempt(case)
  local before = rows.testing.live()
  for n = 0, 400 do
    case.n = n
    local ok, message, failed = attempt(case)
    if not failed then
      return not ok and "fails without a failed allocation: " .. tostring(message) or nil
    end
    if ok then return ("allocation %d failed and nobody noticed"):format(n) end
    if not tostring(message):find("memory", 1, true) then
      return "the message does not speak of memory: " .. tostring(message)
    end
    local after = rows.testing.live()
    if after ~= before then
      return ("allocation %d: %d bytes leaked"):format(n, after - before)
    end
  end
  return "still fails after 400 allocations"
end)
-- expect: 0 failures
