-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  split = {right = {"part_train, part_valid, part_test = data.split(world, {0.6, 0.2, 0.2}, {seed = 3})",
    "local rest part_train, rest = data.split(world, 0.4) part_valid, part_test = data.split(rest, 0.5)",
    "part_test, part_train, part_valid = data.split(world, {0.2, 0.6, 0.2})"},
    wrong = "part_train, part_valid, part_test = data.split(world, {0.5, 0.25, 0.25})"},
  folds = {right = {
    "folds = function(n, k) local l = {} for i = 1, n do local f = i % k + 1 l[f] = l[f] or {} table.insert(l[f], i) end return l end",
    "function folds(n, k) local l = {} for f = 1, k do l[f] = {} for i = f, n, k do l[f][#l[f] + 1] = i end end return l end",
    "function folds(n, k) local l, p = {}, tensor.randperm(n):totable() for f = 1, k do l[f] = {} end "
      .. "for i, v in ipairs(p) do table.insert(l[i % k + 1], math.tointeger(v)) end return l end"},
    wrong = "function folds(n, k) local l = {} for f = 1, k do l[f] = {f} end return l end"},
  shuffled = {right = {"shuffled = train.cross_validate(iris, florist, {k = 3})",
    "shuffled = train.cross_validate(iris, function(s) return florist(s) end, {seed = 1, k = 3})",
    "shuffled = train.cross_validate(iris, florist, {k = 3, stratify = true, seed = 5})"},
    wrong = "shuffled = train.cross_validate(iris, florist, {k = 5, seed = 1})"},
  report = {right = {"chosen = 16 mine = fit(chosen, taught) final = right(mine, test)",
    "chosen, final = 4, 100 * metrics.accuracy(test.y, train.predict(fit(4, taught), test))",
    "final = right(fit(64, taught), test) chosen = 64"},
    wrong = "chosen = 8 final = 100"},
}
