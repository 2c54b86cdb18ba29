-- SPDX-License-Identifier: GPL-3.0-or-later
-- What signal and gradient do in a wide random net, without running one.
--
--   z_l = W_l a_{l-1} + b_l, a_l = f(z_l), W_ij of variance w / n, b_i of variance b, n units
--   forward    q_l = w E[a_{l-1}^2] + b,  E[a_l^2] = E[f(z)^2] / (1 - p) for z ~ N(0, q_l)
--   backward   E[g_{l-1}^2] = chi_l E[g_l^2],  chi_l = w E[f'(z)^2] / (1 - p)

local activation = require("gradus.lab.activation")
local options = require("gradus.options")

local M = {}

local HUGE, TINY = 1e30, 1e-30

-- The variance that the recursion runs into: 0, a number, or infinity; and chi there.
local function fixed_point(act, o, keep)
  local q = o.w * o.input + o.b
  for _ = 1, 1000 do
    local _, second = activation.moments(act, q)
    local new = o.w * second / keep + o.b
    local settled = math.abs(new - q) <= 1e-10 * q
    q = new
    if settled or q > HUGE or q < TINY then break end
  end
  local _, _, slope = activation.moments(act, math.min(math.max(q, TINY), HUGE))
  return q > HUGE and math.huge or q < TINY and 0 or q, o.w * slope / keep
end

local function regime(chi)
  if math.abs(chi - 1) < 0.02 then return "critical" end
  return chi < 1 and "ordered" or "chaotic"
end

--- lab.theory(activation: string|function, {depth: integer = 10, w: number = 1, b: number = 0, input: number = 1, dropout: number = 0, width: integer?}) -> table
--- Predicts the standard deviation of each layer's activations and gradients in a wide random net.
---
--- w = n Var(W) for n units, b = Var(bias), input = E[x^2]. The result has forward[l], backward[l]
--- (of the gradient at layer l's output; 1 at the last), chi[l] (what a gradient's variance is multiplied by
--- on its way through layer l), q (the variance that z runs into), chi_fixed (chi there) and regime: "ordered" (chi
--- below 1: gradients vanish), "critical", "chaotic" (they explode). Closed form for linear and the
--- ReLU family, quadrature over the normal density otherwise.
---
--- With a width n it has, too, how far chance takes a net of n units: band.forward[l] and
--- band.backward[l] are factors, and 19 of 20 signals are expected between forward[l] / band and
--- forward[l] * band: exp(sqrt(5 l / n)) for ReLU, wider where an activation multiplies what a signal is off (beyond a
--- factor of 2 found by sending 4000 drawn signals through the recursion: band.drawn), narrower where it takes it back. band.offset[l] is what the typical batch is off.
--- > t = lab.theory("relu", {depth = 20, w = 2})
--- > t.chi[1], t.regime
--- 1.0	critical
--- > lab.theory("relu", {depth = 20, w = 1 / 3}).backward[1] / (1 / 6) ^ 9.5 - 1 < 1e-9
--- true
--- > lab.theory("tanh", {w = 4}).regime
--- chaotic
--- > r = lab.theory("relu", {w = 2, width = 100})
--- > r.band.forward[5] == math.exp(math.sqrt(5 * 5 / 100))
--- true
--- > g = lab.theory("gelu", {w = 2, width = 100})
--- > g.band.forward[10] > r.band.forward[10]
--- true
function M.theory(name, given)
  local o = options.read("lab.theory", given, {depth = 10, w = 1, b = 0, input = 1, dropout = 0},
    {"width"})
  require("gradus.lab.checks").options("lab.theory", o, 3)
  local act, keep = activation.find("lab.theory", name), 1 - o.dropout
  local t = {forward = {}, backward = {}, chi = {}}
  local second = o.input
  for l = 1, o.depth do
    local q = o.w * second + o.b
    local mean, raw, slope = activation.moments(act, q)
    second = raw / keep
    t.forward[l] = math.sqrt(math.max(0, second - mean * mean))
    t.chi[l] = o.w * slope / keep
  end
  t.backward[o.depth] = 1
  for l = o.depth, 2, -1 do t.backward[l - 1] = t.backward[l] * math.sqrt(t.chi[l]) end
  t.q, t.chi_fixed = fixed_point(act, o, keep)
  t.regime = regime(t.chi_fixed)
  if o.width then t.band = require("gradus.lab.spread").of(act, o) end
  return t
end

return M
