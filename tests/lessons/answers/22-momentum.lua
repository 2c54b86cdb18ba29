-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  smooth = {right = {
    "smooth = function(list, b) local v, out = 0, {} for _, x in ipairs(list) do v = v + (1 - b) * (x - v) out[#out + 1] = v end return out end",
    "function smooth(list, beta) local out = {} for t, x in ipairs(list) do out[t] = beta * (out[t - 1] or 0) + (1 - beta) * x end return out end",
    "function smooth(l, b) local o = {} for t = 1, #l do local s = 0 for k = 1, t do s = s + (1 - b) * b ^ (t - k) * l[k] end o[t] = s end return o end"},
    wrong = "function smooth(list, beta) return list end"},
  corrected = {right = {
    "corrected = function(l, b) local o = {} for t, v in ipairs(smooth(l, b)) do o[t] = v / (1 - b ^ t) end return o end",
    "function corrected(l, b) local v, share, o = 0, 1, {} for t = 1, #l do v = b * v + (1 - b) * l[t] share = share * b o[t] = v / (1 - share) end return o end",
    "function corrected(l, b) local o = smooth(l, b) for t in ipairs(l) do o[t] = o[t] * (1 / (1 - b ^ t)) end return o end"},
    wrong = "function corrected(list, beta) return smooth(list, beta) end"},
  ball = {right = {
    "function Ball:update(p, g, state, group) if state.u then state.u = state.u * group.momentum + g else state.u = g:clone() end p:sub_(state.u * group.lr) end",
    "Ball.update = function(_, p, g, s, o) s.u = g + o.momentum * (s.u or 0) p:add_(s.u * -o.lr) end",
    "function Ball:update(p, g, state, group) state.u = g + (state.u or tensor.zeros(p:size())) * group.momentum p:sub_(group.lr * state.u) end"},
    wrong = "function Ball:update(p, g, state, group) p:sub_(g * group.lr * 0.5) end"},
}
