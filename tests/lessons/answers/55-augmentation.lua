-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  shift = {right = {
    "to_the_right = function(t) local z = tensor.zeros(t:size()) z[{{}, {}, {2, 8}}] = t[{{}, {}, {1, 7}}] return z end",
    "function to_the_right(t) local z = t:clone() z[{{}, {}, {2, 8}}] = t[{{}, {}, {1, 7}}] z[{{}, {}, 1}] = 0 return z end",
    "function to_the_right(t) return tensor.cat({t:narrow(3, 1, 1) * 0, t:narrow(3, 1, 7)}, -1) end"},
    wrong = "function to_the_right(x) return x * 0 end"},
  enlarge = {right = {
    "enlarge = function(s, n, f) local x, y = s.x, s.y for i = 1, n do x, y = tensor.cat({x, f(s.x)}, 1), tensor.cat({y, s.y}, 1) end "
      .. "return data.set{x = x, y = y, classes = s.classes} end",
    "function enlarge(s, n, f) local x, y = {s.x}, {s.y} for i = 2, n + 1 do x[i] = f(s.x) y[i] = s.y end "
      .. "return {x = tensor.cat(x, 1), y = tensor.cat(y, 1), classes = s.classes} end",
    "function enlarge(s, n, f) if n == 0 then return s end local x, y = {}, {} for i = 1, n do table.insert(x, f(s.x)) table.insert(y, s.y) end "
      .. "table.insert(x, 1, s.x) table.insert(y, 1, s.y) return data.set{x = tensor.cat(x, 1), y = tensor.cat(y, 1), classes = s.classes} end"},
    wrong = "function enlarge(set, copies, change) return set end"},
  scanner = {right = {
    "right(enlarge(taught, 9, data.augment{{'rotate', 35}, {'shift', 1}}), 15, crooked)",
    "right(enlarge(taught, 9, data.augment({{'shift', 1}, {'rotate', 30}}, {low = 0, high = 1})), 15, crooked)",
    "right(enlarge(taught, 12, data.augment{{'rotate', 35}, {'shift', 1}}), 15, crooked)"},
    wrong = "right(enlarge(taught, 9, mirror), 15, crooked)"},
}
