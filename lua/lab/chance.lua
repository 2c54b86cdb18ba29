-- SPDX-License-Identifier: GPL-3.0-or-later
-- How far from theory chance takes single signals in a net of finite width, drawn instead of derived.
--
-- spread.lua takes the logarithms of signal and gradient to be straight functions of what the signal is off. Where
-- layers multiply that, as GELU's do, a signal may be ten times theory's, and a straight line through theory's q says
-- little of chi there. So here some thousand signals are sent through the same recursion, each with its own chance:
--
--   Q_l+1 = log(w E[y^2](Q_l) + b) + e_l          Q the logarithm of the variance of z
--   log g_l-1 = log g_l + log chi(Q_l) + h_l
--   e_l ~ N(-k / 2n, k / n), h_l likewise with its own k, Cov(e_l, h_l) as in spread.lua
--
-- with all moments taken at the signal's own Q.

local activation = require("gradus.lab.activation")
local core = require("gradus.core")
local tensor = require("gradus.tensor")

local M = {}

local PATHS, SHARE = 4000, 0.95
local LOW, HIGH, STEP = -16, 12, 0.25 -- of log q; beyond, an activation is a straight line or two

local tables = {} -- by name and keep: the moments do not depend on the weights

-- What a layer makes of a signal, as columns over the grid of log q. All are ratios that come to rest beyond its ends.
local function columns(act, keep)
  local key = act.name .. " " .. keep
  if act.name ~= "own" and tables[key] then return tables[key] end
  local lists = {second = {}, variance = {}, slope = {}, raw = {}, own = {}, back = {}, both = {}}
  local n = math.floor((HIGH - LOW) / STEP) + 1
  for i = 1, n do
    local q = math.exp(LOW + (i - 1) * STEP)
    local m = activation.higher(act, q, keep)
    lists.second[i], lists.variance[i] = math.log(m.second / q), math.log(m.variance / q)
    lists.slope[i] = math.log(m.slope)
    lists.raw[i], lists.own[i] = m.fourth / m.second ^ 2 - 1, m.centred4 / m.variance ^ 2 - 1
    lists.back[i] = 3 * m.slope4 / m.slope ^ 2 - 1
    lists.both[i] = m.both / (m.second * m.slope) - 1
  end
  for name, list in pairs(lists) do lists[name] = tensor(list, {dtype = "float64"}) end
  tables[key] = lists
  return lists
end

-- Reads columns at some Q, between two places of the grid by a straight line.
local function reader(lists, Q)
  local n = lists.second:size(1)
  local place = ((Q - LOW) / STEP):clamp(0, n - 1 - 1e-9)
  local below = place:floor()
  local part = place - below
  return function(name)
    local list = lists[name]
    return list:index_select(1, below + 1) * (1 - part) + list:index_select(1, below + 2) * part
  end
end

local function normal() return tensor.randn({PATHS}, {dtype = "float64"}) end

-- One layer of all paths: the logarithms of the next variance of z and of that of y, and of what a gradient is
-- multiplied by; `noise` off: theory.
local function layer(lists, Q, o, noise)
  local at = reader(lists, Q)
  local raw = at("second") + Q + math.log(o.w)
  local nxt = o.b > 0 and (raw:exp() + o.b):log() or raw
  local chi = at("slope") + math.log(o.w)
  local own = at("variance") + Q
  if not noise then return nxt, own, chi end
  local share = o.b > 0 and (raw - nxt):exp() or tensor.ones(PATHS, {dtype = "float64"})
  local k, back, both = at("raw") * share * share / o.width, at("back") / o.width, at("both") * share / o.width
  local u, root = normal(), k:clamp(1e-12, math.huge):sqrt()
  local mine = at("own") / o.width
  local rest = (back - both * both / (root * root)):clamp(0, math.huge):sqrt()
  return nxt + root * u - k / 2, own + mine:sqrt() * normal() - mine / 2,
    chi + both / root * u + rest * normal() - back / 2
end

-- The distance that a share of the paths keep.
local function within(off)
  local sorted = off:abs():sort()
  return sorted[math.ceil(SHARE * PATHS)]:item()
end

--- chance.of(act, {depth, w, b, input, dropout, width}) -> {forward, backward}
--- Factors around the predicted std, within which 19 of 20 drawn signals and their gradients lie.
function M.of(act, o)
  return require("gradus.seeded").run(1, function()
    local lists = columns(act, 1 - o.dropout)
    local start = math.log(math.max(o.w * o.input + o.b, 1e-30))
    local Q = tensor.zeros(PATHS, {dtype = "float64"}) + start
    local theory, chis, band = Q:clone(), {}, {forward = {}, backward = {}}
    for l = 1, o.depth do
      local expected, own_expected, chi_expected = layer(lists, theory, o, false)
      local nxt, own, chi = layer(lists, Q, o, true)
      band.forward[l] = math.exp(within((own - own_expected) / 2))
      chis[l] = chi - chi_expected
      Q, theory = nxt, expected
    end
    local off = core.zeros({PATHS}, {dtype = "float64"})
    for l = o.depth, 1, -1 do
      band.backward[l] = math.exp(within(off / 2))
      off = off + chis[l]
    end
    return band
  end)
end

return M
