-- SPDX-License-Identifier: GPL-3.0-or-later
-- S^(m-1), and units that begin equal.
local function worst(weights)
  local r, most = lab.scale_depth {depth = 12, weights = weights}, 0
  for _, row in ipairs(r.rows) do
    most = math.max(most, math.abs(row.relative / row.predicted - 1))
  end
  return most, r
end
local identity, r = worst("identity")
print(identity < 1e-4, worst("orthogonal") < 1e-3, #r.rows) -- expect: true	true	300
print(r.claims[1].held, tostring(r):match("holds in 5 of 5 seeds") ~= nil) -- expect: 5	true
-- With weights N(0, 1/n) only about: each layer has a factor of its own.
local normal = worst("normal")
print(normal > 0.01, normal < 3) -- expect: true	true
print((pcall(lab.scale_depth, {weights = "ones"}))) -- expect: false

r = lab.constant_init {steps = 200, seeds = 5, progress = false}
print(r.claims[1].held, r.claims[2].held) -- expect: 5	5
local distinct, loss = {}, {}
for _, row in ipairs(r.rows) do
  distinct[row.init] = math.max(distinct[row.init] or 0, row.distinct)
  if row.step == 200 then loss[row.init] = (loss[row.init] or 0) + row.loss / 5 end
end
print(distinct["constant 0"], distinct["constant 0.5"], distinct.xavier_normal) -- expect: 1	1	8
print(loss.xavier_normal < loss["constant 0.5"] - 0.2, loss["constant 0"] > 0.6) -- expect: true	true
