-- SPDX-License-Identifier: GPL-3.0-or-later
local moments = "local b, c = group.betas[1], group.betas[2] state.t = (state.t or 0) + 1 " ..
  "state.m = b * (state.m or 0) + (1 - b) * g state.v = c * (state.v or 0) + (1 - c) * g:square() "
return {
  adam = {right = {
    "function Mine:update(p, g, state, group) " .. moments ..
      "p:sub_(group.lr * (state.m / (1 - b ^ state.t)) / ((state.v / (1 - c ^ state.t)):sqrt() + group.eps)) end",
    "function Mine:update(p, g, state, group) " .. moments ..
      "local size = (state.v / (1 - c ^ state.t)) ^ 0.5 + group.eps p:add_(state.m / size * (-group.lr / (1 - b ^ state.t))) end",
    "Mine.update = function(_, p, g, state, group) " .. moments ..
      "local m, v = state.m:div(1 - b ^ state.t), state.v:div(1 - c ^ state.t) p:sub_(m:div(v:sqrt():add(group.eps)):mul(group.lr)) end"},
    wrong = "function Mine:update(p, g, state, group) p:sub_(g * group.lr) end"},
  root = {right = {
    "function Rootless:update(p, g, s, o) s.cache = (s.cache or tensor.zeros(p:size())) + g:square() p:add_(g / s.cache:sqrt() * -o.lr) end",
    "Rootless.update = function(_, p, g, s, o) s.all = (s.all or 0) + g ^ 2 p:sub_(g * o.lr * s.all ^ -0.5) end",
    "function Rootless:update(p, g, state, group) state.cache = (state.cache or 0) + g * g p:sub_(g * group.lr / (state.cache + 1e-12):sqrt()) end"},
    wrong = "function Rootless:update(p, g, state, group) p:sub_(g * group.lr) end"},
}
