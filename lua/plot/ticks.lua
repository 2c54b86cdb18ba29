-- SPDX-License-Identifier: GPL-3.0-or-later
-- Round numbers for the axes, and the ranges that hold the data.

local values = require "gradus.plot.values"

local M = {}

local raised = {
  ["-"] = "⁻", ["0"] = "⁰", ["1"] = "¹", ["2"] = "²", ["3"] = "³", ["4"] = "⁴", ["5"] = "⁵",
  ["6"] = "⁶", ["7"] = "⁷", ["8"] = "⁸", ["9"] = "⁹",
}

--- The power of ten as people write it: 10⁻³; ASCII: 1e-3.
function M.power(exponent, ascii)
  if exponent == 0 then return "1" elseif exponent == 1 then return "10" end
  if ascii then return ("1e%d"):format(exponent) end
  return "10" .. ("%d"):format(exponent):gsub(".", raised)
end

--- 1, 2 or 5 times a power of ten, so that about n steps make the span.
function M.step(span, n)
  local raw = span / math.max(1, n)
  local base = 10 ^ math.floor(math.log(raw, 10))
  for _, m in ipairs {1, 2, 5} do
    if raw <= m * base * 1.0001 then return m * base end
  end
  return 10 * base
end

--- ticks.between(lo: number, hi: number, n: number) -> number
--- The step for about n ticks between lo and hi; smaller where only one tick, or none, would lie
--- there: one number is no scale.
--- > require("gradus.plot.ticks").between(-34, 35, 2)
--- 20.0
--- > require("gradus.plot.ticks").between(-34, 55, 2)
--- 50.0
function M.between(lo, hi, n)
  local step
  for finer = 0, 3 do
    step = M.step(hi - lo, math.max(1, n) * 1.5 ^ finer)
    if math.floor(hi / step + 1e-9) > math.ceil(lo / step - 1e-9) then break end
  end
  return step
end

--- ticks.linear(lo, hi, n, whole) -> {{position, label}, ...}; only whole numbers if `whole`.
function M.linear(lo, hi, n, whole)
  local step = M.between(lo, hi, n)
  if whole then step = math.max(1, step) end
  local list = {}
  local first = math.ceil(lo / step - 1e-9)
  for i = 0, 50 do
    local at = (first + i) * step
    if at > hi + step * 1e-9 then break end
    if math.abs(at) < step * 1e-9 then at = 0 end
    list[#list + 1] = {at, values.show(at, 5)}
  end
  return list
end

--- ticks.log(lo, hi, n, ascii) -> {{position, label}, ...}; whole decades, or 1, 2, 5 of each
--- when the range holds fewer than three of them.
function M.log(lo, hi, n, ascii)
  local list = {}
  local from, to = math.floor(math.log(lo, 10) + 1e-9), math.ceil(math.log(hi, 10) - 1e-9)
  local few = math.floor(math.log(hi, 10) + 1e-9) - math.ceil(math.log(lo, 10) - 1e-9) < 2
  local stride = math.max(1, math.ceil((to - from) / math.max(1, n)))
  for e = from, to, stride do
    for _, m in ipairs(few and {1, 2, 5} or {1}) do
      local at = m * 10.0 ^ e
      if at >= lo * (1 - 1e-9) and at <= hi * (1 + 1e-9) then
        list[#list + 1] = {at, few and values.show(at) or M.power(e, ascii)}
      end
    end
  end
  return list
end

-- A range for one value, for values that no axis can tell apart, or for none at all.
local function widen(lo, hi, log)
  if not lo then return log and 0.1 or 0, log and 10 or 1 end
  if hi - lo > 1e-10 * math.max(math.abs(lo), math.abs(hi)) then return lo, hi end
  if log then return lo / 2, hi * 2 end
  local half = lo == 0 and 1 or math.abs(lo) * 0.1
  return lo - half, hi + half
end

--- ticks.range(lo, hi, axis, margin) -> lo, hi
--- What an axis shows: its own range where given, else the data with a margin on both sides.
function M.range(lo, hi, axis, margin)
  margin = margin or 0.04
  lo, hi = widen(lo, hi, axis.log)
  if axis.log then
    lo, hi = math.max(math.min(lo, 1e299), 1e-299), math.max(math.min(hi, 1e300), 1e-298)
    local pad = (hi / lo) ^ margin
    lo, hi = lo / pad, hi * pad
  else
    local pad = (hi - lo) * margin
    if pad < math.huge then lo, hi = lo - pad, hi + pad end
  end
  local fixed = axis.range or {}
  lo, hi = fixed[1] or lo, fixed[2] or hi
  if lo >= hi then lo, hi = widen(lo, lo, axis.log) end
  return math.max(lo, -1e300), math.min(hi, 1e300)
end

return M
