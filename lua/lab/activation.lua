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

local function gauss(q)
  local s = math.min(1, 1 / math.sqrt(q))
  local far = math.log(EDGE / s + math.sqrt((EDGE / s) ^ 2 + 1))
  local up = tensor.linspace(-far, far, POINTS, {dtype = "float64"}):exp()
  local x, slope = (up - 1 / up) * (s / 2), (up + 1 / up) * (s / 2)
  local step = 2 * far / (POINTS - 1)
  return x, (x * x * -0.5):exp() * slope * (step / math.sqrt(2 * math.pi))
end

local function quadrature(f, q)
  local x, weights = gauss(q)
  local z = x * math.sqrt(q)
  z.requires_grad = true
  local y = require("gradus.autograd").enable_grad(function()
    local y = f(z)
    y:sum():backward()
    return y:detach()
  end)
  return (y * weights):sum():item(), (y * y * weights):sum():item(),
    (z.grad * z.grad * weights):sum():item()
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

return M
