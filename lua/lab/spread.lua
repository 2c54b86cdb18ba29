-- SPDX-License-Identifier: GPL-3.0-or-later
-- How far from theory chance takes a net of finite width n, to first order in 1 / n.
--
-- A layer takes a mean over n units where theory takes an expectation. One signal, forward:
--
--   log q_l+1 = theory + s (log q_l off theory) + e_l,  Var(e_l) = k_l / n
--   s = d log q_l+1 / d log q_l,  k_l = E[y^4] / E[y^2]^2 - 1 (times the square of the share of q that
--   is no bias's)
--   v_l+1 = s^2 v_l + k_l / n  is the variance of log q, the mean square of z
--
-- and the gradient on its way back, g its mean square:
--
--   log g_l-1 = log g_l + x_l (log q_l off theory) + h_l,  Var(h_l) = (3 E[f'^4] / E[f'^2]^2 - 1) / n
--   x = d log chi / d log q,  Cov(e_l, h_l) = (E[y^2 f'^2] / (E[y^2] E[f'^2]) - 1) / n
--
-- The std is the root of a mean square, so exp(+-sqrt(v)) around a predicted std is two standard
-- deviations of its logarithm. What scales with its input has s = 1, x = 0 and the same k both
-- ways: l layers away v = k l / n, with k = 5 for ReLU and 2 for a linear layer.

local activation = require("gradus.lab.activation")

local M = {}

local STEP, TINY, HUGE = 1.01, 1e-60, 1e60
local CURVED = 2 -- a factor

-- First and second derivative, by log q, of the logarithms of three variances that a layer makes: that of z in the
-- next one, that of y, and chi.
local function responses(act, q, o, keep, here)
  local up, down = activation.higher(act, q * STEP, keep), activation.higher(act, q / STEP, keep)
  local function of(f)
    local a, b, c = math.log(f(up)), math.log(f(here)), math.log(f(down))
    local h = math.log(STEP)
    return (a - c) / (2 * h), (a - 2 * b + c) / (h * h)
  end
  local r = {}
  r.next, r.next2 = of(function(m) return o.w * m.second + o.b end)
  r.own, r.own2 = of(function(m) return m.variance end)
  r.chi = of(function(m) return m.slope end)
  return r
end

-- Relative variances, times n, of what one layer takes the mean of: of one signal; of the share that two
-- samples of a batch have in common.
local function noises(act, q, c, o, m)
  local share = o.w * m.second / (o.w * m.second + o.b)
  local n = {share = share, raw = share ^ 2 * (m.fourth / m.second ^ 2 - 1),
    own = m.centred4 / m.variance ^ 2 - 1, back = 3 * m.slope4 / m.slope ^ 2 - 1,
    both = share * (m.both / (m.second * m.slope) - 1)}
  local product, squares, centred = activation.pair(act, q, math.min(c, 1), m.mean or 0, 1 - o.dropout)
  local raw = m.second * (1 - o.dropout)
  n.product = product
  n.raw_pair = share ^ 2 * math.max(0, squares / raw ^ 2 - 1)
  n.own_pair = math.max(0, centred / m.variance ^ 2 - 1)
  return n
end

-- The chain forward: v of the band, v with the input's own spread, v that the samples of a batch
-- share, and how far log q is off on average, all times n. Second order: a curved map moves the mean
-- of what spreads, and so does the logarithm.
local function forward(act, o, keep)
  local layers, second, product = {}, o.input, 0
  local v, whole, shared, off = 0, 2 * (o.w * o.input / (o.w * o.input + o.b)) ^ 2, 0, 0
  for l = 1, o.depth do
    local q = math.min(math.max(o.w * second + o.b, TINY), HUGE)
    local m = activation.higher(act, q, keep)
    local r, n = responses(act, q, o, keep, m), noises(act, q, (o.w * product + o.b) / q, o, m)
    local own, own_shared = r.own ^ 2 * whole + n.own, r.own ^ 2 * shared + n.own_pair
    layers[l] = {r = r, n = n, v = r.own ^ 2 * v + n.own,
      off = r.own * off + (r.own2 * whole - n.own) / 2 + (own - own_shared) / 2}
    off = r.next * off + (r.next2 * whole - n.raw) / 2
    v, whole = r.next ^ 2 * v + n.raw, r.next ^ 2 * whole + n.raw
    shared = r.next ^ 2 * shared + n.raw_pair
    second, product = m.second, n.product
  end
  return layers
end

-- Var(log g) at layer l: each layer j adds what its chance does to the gradient itself, and what it does to the q,
-- and so to the chi, of the layers above it: `reach` of it.
local function backward(layers, l)
  local v, reach = 0, 0
  for j = #layers, 1, -1 do
    local r, n = layers[j].r, layers[j].n
    v = v + reach ^ 2 * n.raw
    if j > l then v = v + n.back + 2 * reach * n.both end
    reach = (j > l and r.chi or 0) + r.next * reach
  end
  return v
end

--- spread.of(act, {depth, w, b, input, dropout, width}) -> {forward, backward, offset, drawn}
--- forward[l] and backward[l]: the factors exp(sqrt(v)) around the predicted std, or, where they come to more than
--- 2 (`drawn`), what 19 of 20 drawn signals keep; offset[l]: by what
--- factor the std over a batch is off the prediction in the typical net, to second order. It is
--- below 1 where the logarithm decides, above 1 where samples differ and the largest make the mean.
function M.of(act, o)
  local keep = 1 - o.dropout
  local layers = forward(act, o, keep)
  local band = {forward = {}, backward = {}, offset = {}}
  -- ReLU and its family: k l / n whatever the biases are, which can only narrow it.
  local k = act.slope and o.dropout == 0 and layers[1].n.own
  for l = 1, o.depth do
    local up = k and k * l or layers[l].v
    local down = k and k * (o.depth - l) or backward(layers, l)
    band.forward[l] = math.exp(math.sqrt(up / o.width))
    band.backward[l] = math.exp(math.sqrt(down / o.width))
    band.offset[l] = math.exp(layers[l].off / o.width / 2)
  end
  -- So far from theory nothing is straight: signals are drawn (chance.lua; where it is straight the two
  -- agree within 3 %).
  if not act.slope and math.max(table.unpack(band.forward)) > CURVED then
    local drawn = require("gradus.lab.chance").of(act, o)
    band.forward, band.backward, band.drawn = drawn.forward, drawn.backward, true
  end
  return band
end

return M
