-- SPDX-License-Identifier: GPL-3.0-or-later
-- What can be said of a layer's outputs in few passes over them; nn.watch records it at every step.

local M = {}

-- Beyond this an activation counts as saturated. A sigmoid lies around 0.5.
local bounds = {Tanh = 0.97, Sigmoid = 0.485, Softsign = 0.97, Hardtanh = 0.999}
local centres = {Sigmoid = 0.5}

-- Sums over no elements have no mean.
local function number(v) return v == v and v or 0 end

--- measure.std(t) -> number
--- The standard deviation in one pass; 0 for less than two elements.
function M.std(t)
  return t:numel() > 1 and t:stats().std or 0
end

-- The share of units that are 0 for the whole batch. One that never is 0 needs no second pass.
local function dead(y, zeros)
  if zeros == 0 or y:dim() < 2 or y:size(1) == 0 then return 0 end
  local flat = y:reshape(y:size(1), -1)
  return flat:ne(0):sum(1):eq(0):sum():item() / math.max(1, flat:size(2))
end

--- measure.output(kind: string, y: tensor) -> {mean, std, saturated, dead}
--- Mean, standard deviation, the share at the limits (nil for kinds without limits: tanh near -1 and 1,
--- sigmoid near 0 and 1) and the share of units that are 0 for the whole batch.
function M.output(kind, y)
  local bound, centre = bounds[kind], centres[kind]
  local s = (centre and y - centre or y):stats(bound and {bound = bound})
  local zeros = centre and 0 or s.zeros
  return {mean = number(s.mean + (centre or 0)), std = s.n > 1 and s.std or 0,
    saturated = s.n > 0 and s.beyond or nil, dead = s.n > 0 and dead(y, zeros) or 0}
end

-- Of a large tensor a part tells as much: every k-th number, 16384 to 32767 of them, in order.
local enough = 16384

--- measure.sample(w: tensor) -> tensor
--- A copy of a weight's numbers, or of an evenly spread part of them.
function M.sample(w)
  local flat = w:detach():reshape(-1)
  local k = flat:numel() // enough
  if k < 2 then return flat:clone() end
  return flat:narrow(1, 1, flat:numel() // k * k):reshape(-1, k):select(2, 1):clone()
end

-- The square root of the sum of squares, in one pass.
local function length(t)
  local s = t:stats()
  return math.sqrt(s.n * s.mean ^ 2 + (s.n > 1 and s.var * (s.n - 1) or 0))
end

--- measure.ratio(before: tensor, after: tensor) -> number
--- |after - before| / |before|, 0 where nothing was there.
function M.ratio(before, after)
  local size = length(before)
  return size > 0 and length(after - before) / size or 0
end

return M
