-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every initialiser against what PyTorch draws, at three shapes: mean, standard deviation, bounds, zeros
-- in each column. Two samples of n numbers with deviation s differ in their means by 1.4 s / sqrt(n).
local folder = arg[0]:match("^(.*)/lua/") .. "/expect/"
local cases, bad = dofile(folder .. "init.data"), {}
for _, case in ipairs(cases) do
  local w = tensor.zeros(case.shape)
  load("local w = ... nn.init." .. case.code)(w)
  local s, n = w:stats(), w:numel()
  local std = math.sqrt(s.var * (n - 1) / n)
  local function check(what, got, wanted, within)
    if not (math.abs(got - wanted) <= within) then
      bad[#bad + 1] = ("%s (%s): %s is %g, not %g"):format(case.code, table.concat(case.shape, "x"), what, got, wanted)
    end
  end
  local error_size = 5 * 1.42 * case.std / math.sqrt(n)
  check("mean", s.mean, case.mean, error_size + 1e-7)
  -- The deviation of a deviation is s / sqrt(2 n) for a normal sample, less for a bounded one.
  check("std", std, case.std, error_size + 1e-7)
  local bounded = case.code:find("uniform") or case.code:find("trunc") or case.distinct <= 2
  if bounded then
    check("least", s.min, case.low, 0.01 * (case.high - case.low) + 1e-7)
    check("most", s.max, case.high, 0.01 * (case.high - case.low) + 1e-7)
  end
  local zeros = w:eq(0):reshape(case.shape[1], -1):sum(1)
  check("fewest zeros", zeros:min():item(), case.zeros[1], 0)
  check("most zeros", zeros:max():item(), case.zeros[2], 0)
end
for i = 1, math.min(#bad, 10) do print(bad[i]) end
print(#cases, #bad)                                  -- expect: 120	0
for name in pairs(nn.init) do
  local found = not name:find("_$") or name:find("^lecun") -- PyTorch has no lecun; see init.lua
  for _, case in ipairs(cases) do found = found or case.code:find(name, 1, true) == 1 end
  if not found and name ~= "lsuv_" and name ~= "log_prior_" then print("no case for " .. name) end
end
