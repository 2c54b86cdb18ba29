-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  rule = {right = {
    "function stop_at(l, p, d) local best, at = math.huge, 0 for e = 1, #l do if l[e] < best - d then best, at = l[e], e elseif e - at >= p then return e end end return #l end",
    "stop_at = function(losses, patience, delta) local best, last = losses[1], 1 for e, x in ipairs(losses) do if e > 1 and x < best - delta then best, last = x, e end if e - last == patience then return e end end return #losses end",
    "function stop_at(l, p, d) local best, n = 1 / 0, 0 for e = 1, #l do n = n + 1 if best - l[e] > d then best, n = l[e], 0 end if n == p then return e end end return #l end"},
    wrong = "function stop_at(losses, patience, min_delta) return patience end"},
  early = {right = {"stopped, best_net = fit(32, {patience = 100, monitor = \"valid_loss\"})",
    "stopped, best_net = fit(32, {patience = 100, min_delta = 0})",
    "rule = {patience = 100} stopped, best_net = fit(32, rule)"},
    wrong = "stopped = 100"},
}
