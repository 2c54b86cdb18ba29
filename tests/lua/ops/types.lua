-- SPDX-License-Identifier: GPL-3.0-or-later
-- float32 gives what float64 gives, within float32's precision.
local rows = dofile(arg[0]:match("^(.*)/") .. "/lib/rows.lua")

rows.run(rows.cases(), function(case)
  local single, double = case:as_leaves(), case:as_double()
  local g32, out32 = single:gradients()
  local g64, out64 = double:gradients()
  if not rows.agree(out64, out32, 2e-6) then return "outputs differ" end
  if not rows.agree(g64, g32, 2e-6) then return "gradients differ" end
  for i, t in ipairs(g32) do
    if t and t:dtype() ~= "float32" then return "gradient " .. i .. " is " .. t:dtype() end
  end
end)
-- expect: 0 failures
