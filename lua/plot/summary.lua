-- SPDX-License-Identifier: GPL-3.0-or-later
-- A layer's numbers in one row: mean, std, shares, histogram. A tensor that has a
-- method `stats` (one pass in C) is asked; else the numbers are counted here.

local values = require "gradus.plot.values"

local M = {}

-- Beyond these an activation's slope is below 6 % of its steepest.
local bounds = {
  Tanh = {-0.97, 0.97}, Sigmoid = {0.015, 0.985}, Hardtanh = {-0.999, 0.999},
  Softsign = {-0.8, 0.8},
}

--- The bounds beyond which a kind of layer is saturated, or nil.
function M.bounds(kind)
  return bounds[kind]
end

local function finite(list)
  local kept = {}
  for i = 1, #list do
    if values.is_finite(list[i]) then kept[#kept + 1] = list[i] end
  end
  return kept
end

--- summary.of(name, numbers, kind) -> {name, n, mean, std, zero, saturated, bad, lo, hi, list}
--- `numbers` is a tensor or an array; `kind` the kind of layer, for saturation.
function M.of(who, name, numbers, kind)
  local all = values.list(who, numbers, name)
  local list = finite(all)
  local s = {name = name, n = #all, bad = #all - #list, list = list, zero = 0, mean = 0, std = 0}
  local limit, outside = bounds[kind], 0
  local sum, squares = 0, 0
  for i = 1, #list do
    local v = list[i]
    sum = sum + v
    if v == 0 then s.zero = s.zero + 1 end
    if limit and (v < limit[1] or v > limit[2]) then outside = outside + 1 end
  end
  if #list == 0 then
    s.mean, s.std = 0 / 0, 0 / 0
    return s
  end
  s.mean = sum / #list
  for i = 1, #list do squares = squares + (list[i] - s.mean) ^ 2 end
  s.std = math.sqrt(squares / #list)
  s.zero = s.zero / #list
  s.saturated = limit and outside / #list or nil
  s.lo, s.hi = values.extent(list)
  return s
end

local function percent(share)
  local p = share * 100
  return p > 0 and p < 1 and "<1 %" or ("%.0f %%"):format(p)
end

--- The shares that are worth a word: "zero 52 %, saturated 3 %".
function M.shares(s)
  local parts = {}
  if s.zero > 0 then parts[#parts + 1] = "zero " .. percent(s.zero) end
  if s.saturated then parts[#parts + 1] = "saturated " .. percent(s.saturated) end
  if s.bad > 0 then parts[#parts + 1] = ("%d NaN or Inf"):format(s.bad) end
  return table.concat(parts, ", ")
end

M.percent = percent

return M
