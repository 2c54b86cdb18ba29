-- SPDX-License-Identifier: GPL-3.0-or-later
-- Extremes, sorts, running sums and products against plain loops: each dimension, ties, nan and
-- infinities, both types, lines short and long, one thread and two.
gradus.seed(4)

-- The lines of x along a dimension as Lua tables.
local function lines(x, dim)
  local list = {}
  local flat = x:transpose(dim, x:dim()):contiguous():reshape(-1, x:size(dim))
  for i = 1, flat:size(1) do list[i] = flat[i]:totable() end
  return list
end

local function same(a, b, share)
  return a == b or (a ~= a and b ~= b) or math.abs(a - b) <= share * math.abs(b)
end

local function compare(what, got, expected, share)
  for i, v in ipairs(expected) do
    if not same(got[i], v, share) then
      error(("%s: place %d is %g; expected %g"):format(what, i, got[i], v))
    end
  end
end

local function before(a, b) -- in rising order, nan last
  return a < b or (b ~= b and a == a)
end

local function order(line, falling)
  local places = {}
  for i = 1, #line do places[i] = i end
  table.sort(places, function(i, j)
    local a, b = line[i], line[j]
    if falling then a, b = b, a end
    if before(a, b) then return true end
    if before(b, a) then return false end
    return i < j
  end)
  return places
end

local function naive(line)
  local sum, product, sums, best = 0, 1, {}, order(line, true)[1]
  for i, v in ipairs(line) do
    sum, product = sum + v, product * v
    sums[i] = sum
  end
  return sums, product, best
end

local function check(x, dim, share)
  local rows = lines(x, dim)
  local sums, product = lines(x:cumsum(dim), dim), lines(x:prod(dim, true), dim)
  local values, places = x:max(dim, true)
  values, places = lines(values, dim), lines(places, dim)
  local up, up_at = x:sort(dim)
  local down, down_at = x:sort(dim, true)
  up, up_at, down, down_at = lines(up, dim), lines(up_at, dim), lines(down, dim), lines(down_at, dim)
  for i, line in ipairs(rows) do
    local running, all, best = naive(line)
    compare("cumsum", sums[i], running, share)
    compare("prod", product[i], {all}, share)
    compare("max", values[i], {line[best]}, 0)
    compare("max's place", places[i], {best}, 0)
    for _, sorted in ipairs{{up[i], up_at[i], false}, {down[i], down_at[i], true}} do
      local expected = order(line, sorted[3])
      compare("sort's places", sorted[2], expected, 0)
      for k, place in ipairs(expected) do expected[k] = line[place] end
      compare("sort", sorted[1], expected, 0)
    end
  end
  local low, low_at = x:min(dim, true)
  local high, high_at = (-x):max(dim, true)
  compare("min", (-low):reshape(-1):totable(), high:reshape(-1):totable(), 0)
  compare("min's place", low_at:reshape(-1):totable(), high_at:reshape(-1):totable(), 0)
end

local function spoil(x) -- some nan and infinities, many ties, both zeros
  x = (x * 4):round() / 4
  local flat = x:reshape(-1)
  for _ = 1, x:numel() // 40 do
    flat[math.random(x:numel())] = ({0 / 0, math.huge, -math.huge, -0.0})[math.random(4)]
  end
  return x
end

for _, dtype in ipairs{"float32", "float64"} do
  local share = dtype == "float32" and 1e-5 or 1e-12
  for _, threads in ipairs{1, 2} do
    gradus.threads(threads)
    for _, shape in ipairs{{1}, {7}, {3, 130}, {130, 3}, {2, 5, 70}, {70, 1, 2}, {400, 200}} do
      for dim = 1, #shape do
        check(tensor.rand(shape, {dtype = dtype}) + 0.5, dim, share)
        if #shape < 3 and shape[1] < 200 then
          check(spoil(tensor.randn(shape, {dtype = dtype})), dim, share)
        end
      end
    end
  end
end

-- One long line goes through in pieces.
local long = tensor.randn(400001)
long[300007], long[399999] = 100, 100
print(long:argmax():item(), long:max():item(), (-long):argmin():item())
-- expect: 300007.0	100.0	300007.0
long[350001] = 0 / 0
print(long:argmax():item(), long:max():item() ~= long:max():item()) -- expect: 350001.0	true
long[350001] = 0
local sorted, places = long:sort()
local steps = sorted:narrow(1, 2, 400000) - sorted:narrow(1, 1, 400000)
print(steps:min():item() >= 0, (long:index_select(1, places) - sorted):abs():max():item())
-- expect: true	0.0
print(places:sort():sub(tensor.arange(400001, {dtype = "float64"})):abs():sum():item())
-- expect: 0.0
