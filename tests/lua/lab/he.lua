-- SPDX-License-Identifier: GPL-3.0-or-later
-- Deep ReLU nets: with Kaiming more seeds learn, and gradients begin larger.
local r = lab.he {depths = {30}, steps = 100, seeds = 5, progress = false}
local final = {}
for _, row in ipairs(r.rows) do
  if row.step == 100 then final[row.init] = (final[row.init] or 0) + row.loss / 5 end
end
print(#r.rows, final.kaiming_normal < final.xavier_normal - 0.2) -- expect: 1500	true
local larger = 0
for k = 1, 5 do
  local xavier, kaiming = r.cells[1].runs[k].gradients, r.cells[2].runs[k].gradients
  if kaiming[2] > 1000 * xavier[2] then larger = larger + 1 end
end
print(larger, #r.cells[1].runs[1].gradients) -- expect: 5	30
