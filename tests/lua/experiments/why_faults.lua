-- SPDX-License-Identifier: GPL-3.0-or-later
-- lab.why on each of the faults that lab.patient knows, four nets each, far from those it is graded on.
local faults = {"none", "vanishing", "exploding", "dead", "saturated", "symmetric", "rate_high", "rate_low",
  "raw_data", "bias", "mode", "overfit", "nan", "zero_grad", "softmax_twice", "left_out"}
-- Nothing is left out here that can be asked for.
local _, message = pcall(lab.patient, 1, {fault = "?"})
-- expect: true
print(message:match("Known: ([%w_, ]+)") == table.concat(faults, ", "))

local wrong = {}
for _, fault in ipairs(faults) do
  for seed = 11, 14 do
    local p = lab.patient(seed, {fault = fault})
    local said = why(p.net, p.data, p.clues)
    if said.fault ~= fault then wrong[#wrong + 1] = ("%s at %d taken for %s"):format(fault, seed, said.fault) end
    -- Each finding says what was seen and what to try.
    for _, f in ipairs(said.findings) do assert(#f.title > 5 and #f.evidence > 20 and #f.try > 5, f.fault) end
  end
end
-- expect: 64 of 64 or all but one
print(#wrong <= 1 and "64 of 64 or all but one" or table.concat(wrong, "; "))
