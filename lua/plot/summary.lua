-- SPDX-License-Identifier: GPL-3.0-or-later
-- Many numbers in one row: mean, std, shares, histogram. Of a tensor they are collected in C in one
-- pass (`x:stats`), of a Lua array here.

local values = require "gradus.plot.values"

local M = {}

-- Beyond these an activation's slope is below some 6 % of its steepest: middle and distance.
local bounds = {
  Tanh = {0, 0.97}, Sigmoid = {0.5, 0.485}, Hardtanh = {0, 0.999}, Softsign = {0, 0.8},
}

-- False where something is not finite: then mean and std in C are not finite either.
local function of_tensor(s, t, limit)
  t = t.requires_grad and t:detach() or t
  local all = t:stats()
  if all.nans + all.infs > 0 then return false end
  s.n, s.good, s.bad, s.tensor = all.n, all.n, 0, t
  s.mean, s.std = all.mean, s.n > 1 and all.std or 0
  s.lo, s.hi, s.zero = all.min, all.max, all.zeros
  if limit then
    local shifted = limit[1] == 0 and t or t - limit[1]
    s.saturated = shifted:stats({bound = limit[2]}).beyond
  end
  return true
end

local function of_list(s, all, limit)
  local list, sum, squares, zero, outside = {}, 0, 0, 0, 0
  for i = 1, #all do
    if values.is_finite(all[i]) then list[#list + 1] = all[i] end
  end
  s.n, s.good, s.bad, s.list = #all, #list, #all - #list, list
  if #list == 0 then return end
  for i = 1, #list do
    local v = list[i]
    sum = sum + v
    if v == 0 then zero = zero + 1 end
    if limit and math.abs(v - limit[1]) > limit[2] then outside = outside + 1 end
  end
  s.mean = sum / #list
  for i = 1, #list do squares = squares + (list[i] - s.mean) ^ 2 end
  s.std = #list > 1 and math.sqrt(squares / (#list - 1)) or 0
  s.zero = zero / #list
  s.saturated = limit and outside / #list or nil
  s.lo, s.hi = values.extent(list)
end

--- summary.of(who, name, numbers, kind)
--- A row {name, n, good, bad, mean, std, zero, saturated, lo, hi} about the finite ones of the numbers,
--- a tensor or an array; `kind` is the kind of layer, for saturation.
function M.of(who, name, numbers, kind)
  local s = {name = name, zero = 0, mean = 0 / 0, std = 0 / 0}
  local is_tensor = values.is_tensor(numbers) and numbers:numel() > 0
  if not (is_tensor and of_tensor(s, numbers, bounds[kind])) then
    of_list(s, values.list(who, numbers, name), bounds[kind])
  end
  return s
end

local function count(list, lo, hi, bins)
  local counts = {}
  for b = 1, bins do counts[b] = 0 end
  local scale = bins / (hi - lo)
  for i = 1, #list do
    local v = list[i]
    if v >= lo and v <= hi then
      local b = math.min(bins, math.floor((v - lo) * scale) + 1)
      counts[b] = counts[b] + 1
    end
  end
  return counts
end

--- How many of a row's numbers are in each of the equal bins between lo and hi.
function M.counts(s, lo, hi, bins)
  if s.tensor then return s.tensor:stats({bins = bins, range = {lo, hi}}).counts end
  return count(s.list, lo, hi, bins)
end

--- The row with log10 of the size of its numbers in their place; zeros have none. Returns lowest and
--- highest of what is to be shown; a handful of tiny numbers would stretch the axis.
function M.to_logs(s)
  if s.tensor and s.zero == 0 then
    s.tensor = s.tensor:abs():log() / math.log(10)
    local all = s.tensor:stats()
    return math.max(all.min, all.mean - 3 * (s.n > 1 and all.std or 0)), all.max
  end
  local logs = {}
  for _, v in ipairs(s.list or values.list("plot", s.tensor)) do
    if v ~= 0 then logs[#logs + 1] = math.log(math.abs(v), 10) end
  end
  s.list, s.tensor = logs, nil
  table.sort(logs)
  return logs[#logs // 50 + 1], logs[#logs]
end

--- The ends of a histogram's bins around lo and hi; a single value gets a bin to itself.
function M.bin_range(lo, hi)
  lo, hi = lo or 0, hi or 1
  if hi <= lo then
    local half = math.max(math.abs(lo) * 0.05, 0.5)
    lo, hi = lo - half, hi + half
  end
  return lo, hi
end

--- One sentence about what is not finite, or nil.
function M.note(s)
  if s.bad == 0 then return nil end
  return ("%s%s of %d values are NaN or Inf"):format(s.name and s.name .. ": " or "",
    s.bad == s.n and "all" or tostring(s.bad), s.n)
end

local function percent(share)
  local p = share * 100
  return p > 0 and p < 1 and "<1 %" or ("%.0f %%"):format(p)
end

M.percent = percent

--- The shares that are worth a word: "zero 52 %, saturated 3 %".
function M.shares(s)
  local parts = {}
  if s.zero > 0 then parts[#parts + 1] = "zero " .. percent(s.zero) end
  if s.saturated then parts[#parts + 1] = "saturated " .. percent(s.saturated) end
  if s.bad > 0 then parts[#parts + 1] = ("%d NaN or Inf"):format(s.bad) end
  return table.concat(parts, ", ")
end

return M
