-- SPDX-License-Identifier: GPL-3.0-or-later
-- gather and index_select against plain loops: each dimension, indices shorter and longer than x,
-- positions named twice, both types, small and shared out among threads; the gradients are the
-- same bit by bit for one thread and two.
gradus.seed(6)

local function at(x, place) return x[place]:item() end

-- Calls f with all places of a tensor with these sizes.
local function each(sizes, f)
  local place = {}
  local function go(d)
    if d > #sizes then return f(place) end
    for i = 1, sizes[d] do
      place[d] = i
      go(d + 1)
    end
  end
  go(1)
end

local function index_into(n, sizes, dtype)
  local index = tensor.randint(1, n, sizes):to(dtype)
  if index:numel() > 0 then index:reshape(-1)[1] = -1 end -- the last one
  return index
end

-- What gather gives, and what its gradient for g is, by loops.
local function naive(x, dim, index, g)
  local y, gx = tensor.zeros(index:size(), {dtype = x:dtype()}), tensor.zeros_like(x)
  each(index:size(), function(place)
    local from, k = table.pack(table.unpack(place)), at(index, place)
    from[dim] = k < 0 and k + x:size(dim) + 1 or k
    from = {table.unpack(from)}
    for d, v in ipairs(from) do from[d] = math.tointeger(v) end
    y[place] = at(x, from)
    gx[from] = at(gx, from) + at(g, place)
  end)
  return y, gx
end

local function gradient(name, x, dim, index, g)
  local leaf = x:clone():requires_grad_()
  local y = leaf[name](leaf, dim, index)
  y:backward(g)
  return y:detach(), leaf.grad
end

local checked = 0
for _, dtype in ipairs{"float32", "float64"} do
  for _, sizes in ipairs{{5}, {4, 3}, {3, 4, 2}, {2, 3, 1, 4}} do
    local x = tensor.randn(table.unpack(sizes)):to(dtype)
    for dim = 1, #sizes do
      for _, length in ipairs{0, 1, sizes[dim], sizes[dim] + 3} do
        local smaller = {table.unpack(sizes)}
        for d = 1, #sizes do smaller[d] = d == dim and length or math.max(1, sizes[d] - 1) end
        local index = index_into(sizes[dim], smaller, dtype == "float32" and "float64" or "float32")
        local g = tensor.randn(table.unpack(smaller)):to(dtype)
        local y, gx = gradient("gather", x, dim, index, g)
        local wanted, back = naive(x, dim, index, g)
        assert(y:eq(wanted):all(), "gather")
        assert((gx - back):abs():sum():item() < 1e-5, "gradient of gather")
        checked = checked + 1
      end
    end
  end
end
print(checked) -- expect: 80

-- The same as a gather whose index is repeated, and alike for any number of threads.
local function both(name, x, dim, index, g)
  gradus.threads(1)
  local y, gx = gradient(name, x, dim, index, g)
  gradus.threads(2)
  local z, gz = gradient(name, x, dim, index, g)
  print(name, dim, y:eq(z):all(), gx:eq(gz):all())
  return z, gz
end
local x = tensor.randn(300, 400)
for dim = 1, 2 do
  local places = tensor.randint(1, x:size(dim), {500})
  local sizes = dim == 1 and {500, 400} or {300, 500}
  local g = tensor.randn(table.unpack(sizes))
  local index = (dim == 1 and places:reshape(-1, 1) or places:reshape(1, -1)):expand(table.unpack(sizes))
  local a, ga = both("gather", x, dim, index, g)
  local b, gb = both("index_select", x, dim, places, g)
  print(a:eq(b):all(), ga:eq(gb):all())
end
-- expect: gather	1	true	true
-- expect: index_select	1	true	true
-- expect: true	true
-- expect: gather	2	true	true
-- expect: index_select	2	true	true
-- expect: true	true

-- The first bad position is named, whichever thread finds one.
local many = tensor.ones(100000)
many[30001], many[90001] = 0, 7
print(pcall(tensor.gather, tensor.randn(5), 1, many))
-- expect: false	gather: index 0 at place 30001 is not a whole number from 1 to 5. Hint: in Lua the first index is 1
many[30001] = 0 / 0
print((select(2, pcall(tensor.index_select, tensor.randn(5), 1, many)):gsub("%-?nan", "nan")))
-- expect: index_select: index nan at place 30001 is not a whole number from 1 to 5
