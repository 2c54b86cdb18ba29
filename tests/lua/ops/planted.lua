-- SPDX-License-Identifier: GPL-3.0-or-later
-- A wrong backward, planted by the engine, must be seen in every differentiable op.
local rows = dofile(arg[0]:match("^(.*)/") .. "/lib/rows.lua")

local function differentiable(row) return row.differentiable end

local seen, names = {}, {}
for _, case in ipairs(rows.cases(differentiable)) do
  local name = case.row.name
  if seen[name] == nil then names[#names + 1] = name end
  rows.testing.plant(name)
  local ok, complaint = pcall(case.gradcheck, case)
  rows.testing.plant()
  seen[name] = seen[name] or not ok or complaint ~= nil
end
for _, name in ipairs(names) do
  if not seen[name] then print("planted in " .. name .. ", not seen") end
end
print(#names > 20) -- expect: true
