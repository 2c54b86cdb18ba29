-- SPDX-License-Identifier: GPL-3.0-or-later
-- Glorot and Bengio's claim, and the numbers behind it against theory.
local r = lab.glorot {seeds = 5, progress = false}
local text = tostring(r)
print(#r.rows, select(2, text:gsub("holds in 5 of 5 seeds", ""))) -- expect: 50	2
local worst = 0
for k, w in ipairs {1 / 3, 1} do
  local t = lab.theory("tanh", {depth = 5, w = w})
  for l = 1, 5 do
    local forward, backward = 0, 0
    for s = 1, 5 do
      local row, top = r.rows[(k - 1) * 25 + (s - 1) * 5 + l], r.rows[(k - 1) * 25 + s * 5]
      forward = forward + math.log(row.std / t.forward[l]) / 5
      backward = backward + math.log(row.gradient_std / top.gradient_std / t.backward[l]) / 5
    end
    worst = math.max(worst, math.abs(forward), math.abs(backward))
  end
end
-- Ten classes only on top: the gradients' direction is nearly shared by the batch.
print(worst < 0.1) -- expect: true
