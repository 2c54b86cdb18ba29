-- SPDX-License-Identifier: GPL-3.0-or-later
-- The non-linearities that the experiments know, and their Gaussian moments.
--
-- For z ~ N(0, q) theory needs three numbers: E[f(z)], E[f(z)^2] and E[f'(z)^2]. For f(z) = z above
-- 0 and s z below they are known; otherwise quadrature gives them.

local options = require("gradus.options")
local tensor = require("gradus.tensor")

local M = {}

-- slope: what the ReLU family does below 0. bound, middle: a value further than bound from the
-- middle is saturated.
local known = {
  linear = {slope = 1, f = function(z) return z * 1 end},
  relu = {slope = 0, f = tensor.relu},
  leaky_relu = {slope = 0.01, f = tensor.leaky_relu},
  tanh = {f = tensor.tanh, bound = 0.97, middle = 0},
  sigmoid = {f = tensor.sigmoid, bound = 0.485, middle = 0.5},
  hardtanh = {f = tensor.hardtanh, bound = 0.999, middle = 0},
  softsign = {f = tensor.softsign, bound = 0.97, middle = 0},
  elu = {f = tensor.elu}, selu = {f = tensor.selu}, gelu = {f = tensor.gelu},
  silu = {f = tensor.silu}, mish = {f = tensor.mish}, softplus = {f = tensor.softplus},
}

--- The activation of a name or a function of a tensor: {name, f, slope?, bound?, middle?}.
function M.find(who, given)
  if type(given) == "function" then return {name = "own", f = given} end
  local found = known[given]
  if found then
    return {name = given, f = found.f, slope = found.slope, bound = found.bound,
      middle = found.middle}
  end
  local names = options.keys(known)
  local near = options.nearest(tostring(given), names)
  error(("%s: no activation '%s'.%s Known: %s, or a function of a tensor"):format(who,
    tostring(given), near and (" Did you mean '%s'?"):format(near) or "",
    table.concat(names, ", ")), 3)
end

-- The integral over x ~ N(0, 1) with x = s sinh(t) and even steps in t. The steps are small where
-- sqrt(q) x is of order 1, however large q is. Gauss-Hermite nodes are not: with 64 of them
-- E[tanh'(z)^2] is 20 % off at q = 20, since tanh' lives between two of them.
local POINTS, EDGE = 4001, 9

local function gauss(q, points, edge)
  local s = math.min(1, 1 / math.sqrt(q))
  local far = math.log(edge / s + math.sqrt((edge / s) ^ 2 + 1))
  local up = tensor.linspace(-far, far, points, {dtype = "float64"}):exp()
  local x, slope = (up - 1 / up) * (s / 2), (up + 1 / up) * (s / 2)
  local step = 2 * far / (points - 1)
  return x, (x * x * -0.5):exp() * slope * (step / math.sqrt(2 * math.pi))
end

-- f(z) and f'(z) of each element.
local function with_slope(f, z)
  z = z:detach()
  z.requires_grad = true
  return require("gradus.autograd").enable_grad(function()
    local y = f(z)
    y:sum():backward()
    return y:detach(), z.grad
  end)
end

local function quadrature(f, q)
  local x, weights = gauss(q, POINTS, EDGE)
  local y, slope = with_slope(f, x * math.sqrt(q))
  return (y * weights):sum():item(), (y * y * weights):sum():item(),
    (slope * slope * weights):sum():item()
end

--- E[f(z)], E[f(z)^2], E[f'(z)^2] for z ~ N(0, q).
function M.moments(activation, q)
  local s = activation.slope
  if s then
    local half = (1 + s * s) / 2
    return (1 - s) * math.sqrt(q / (2 * math.pi)), q * half, half
  end
  return quadrature(activation.f, q)
end

-- With S = (1 + s^4) / 2: E[f^4] = 3 q^2 S, E[f'^4] = S, E[f^2 f'^2] = q S. What scales with its
-- input has centred moments like the raw ones: its std is taken as a fixed share of the root mean square.
local function of_family(s, q, keep)
  local half, quart = (1 + s * s) / 2, (1 + s ^ 4) / 2
  local m = {second = q * half / keep, fourth = 3 * q * q * quart / keep ^ 3, slope = half / keep,
    slope4 = quart / keep ^ 3, both = q * quart / keep ^ 3}
  m.variance, m.centred4 = m.second, m.fourth
  return m
end

--- What the spread of finite nets needs, for y = f(z) behind dropout that keeps a share `keep`,
--- and for the slope f'(z) behind the same mask: second and fourth moments of y (raw and around the mean) and of the
--- slope, and `both`, E[y^2 y'^2].
function M.higher(activation, q, keep)
  if activation.slope then return of_family(activation.slope, q, keep) end
  local x, weights = gauss(q, POINTS, EDGE)
  local y, d = with_slope(activation.f, x * math.sqrt(q))
  local function mean(v) return (v * weights):sum():item() end
  local y2, d2, middle = y * y, d * d, mean(y)
  local off = (y / keep - middle) ^ 2
  return {second = mean(y2) / keep, fourth = mean(y2 * y2) / keep ^ 3, slope = mean(d2) / keep,
    slope4 = mean(d2 * d2) / keep ^ 3, both = mean(y2 * d2) / keep ^ 3,
    variance = keep * mean(off) + (1 - keep) * middle ^ 2, mean = middle,
    centred4 = keep * mean(off * off) + (1 - keep) * middle ^ 4}
end

--- E[f1 f2], E[f1^2 f2^2] and E[d1 d2] for two samples whose z have variance q and correlation c; d is (y - mean)^2 averaged
--- over the masks of dropout, which each sample draws anew. They tell how much of what chance does to one sample it
--- does to another, too.
function M.pair(activation, q, c, mean, keep)
  local x, weights = gauss(q, 161, 7)
  local n, root = x:size(1), math.sqrt(q)
  local z = x:reshape(n, 1) * c + x * math.sqrt(math.max(0, 1 - c * c))
  local y1, y2 = activation.f(x * root):reshape(n, 1), activation.f(z * root)
  local both, share = y1 * y2, weights:reshape(n, 1) * weights
  local function expect(v) return (v * share):sum():item() end
  local function off(y) return y * y / keep - y * (2 * mean) + mean ^ 2 end
  return expect(both), expect(both * both), expect(off(y1) * off(y2))
end

return M
