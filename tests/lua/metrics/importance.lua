-- SPDX-License-Identifier: GPL-3.0-or-later
-- Permutation importance against scikit-learn's (tests/expect/make_metrics.py):
-- the shuffles differ, so means of 400 agree within their standard errors.
local folder = arg[0]:match("^(.*)/")
local cases = assert(loadfile(folder .. "/importance.txt", "t"))()

for _, c in ipairs(cases) do
  local weights = tensor(c.weights, {dtype = "float64"})
  local data = {x = tensor(c.x, {dtype = "float64"}), y = tensor(c.y, {dtype = "float64"}),
    classes = c.labels and {"minus", "plus"} or nil}
  local before = data.x:clone()
  local function model(x)
    local z = x:matmul(weights)
    return c.labels and z:gt(0) + 1 or z
  end
  gradus.seed(1)
  local list = metrics.permutation_importance(model, data, {repeats = 400})
  local off, spread, sorted = 0, 0, true
  for i, e in ipairs(list) do
    local mean, std = c.mean[e.feature], c.std[e.feature]
    off = math.max(off, math.abs(e.mean - mean) / (std * math.sqrt(2 / 400) + 1e-12))
    spread = math.max(spread, math.abs(e.std - std) / (std + 1e-12))
    sorted = sorted and (i == 1 or list[i - 1].mean >= e.mean)
  end
  print(off < 4, spread < 0.25, sorted, data.x:eq(before):all(), #list[1].values)
  -- A constant column and one without weight matter nothing at all.
  for _, e in ipairs(list) do
    if e.feature == 3 or e.feature == 4 then print(e.name, e.mean, e.std) end
  end
  -- As a quotient: the same shuffles, the same order.
  gradus.seed(1)
  local ratio = metrics.permutation_importance(model, data, {repeats = 400, ratio = true})
  print(math.abs(ratio[1].mean - (list[1].mean + list.base) / list.base) < 1e-9,
    ratio[1].feature == list[1].feature)
end
-- expect: true	true	true	true	400
-- expect: feature 3	0.0	0.0
-- expect: feature 4	0.0	0.0
-- expect: true	true
-- expect: true	true	true	true	400
-- expect: feature 3	0.0	0.0
-- expect: feature 4	0.0	0.0
-- expect: true	true

-- On training and on held-out data, of a net that was left in training mode.
gradus.seed(2)
local iris = data.iris()
local train_set, held_out = data.split(iris, 0.3, {stratify = true})
local net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
train.fit(net, {data = train_set, epochs = 40, opt = optim.Adam(net:parameters(), {lr = 0.01}),
  progress = "none"})
for _, set in ipairs{train_set, held_out} do
  local list = metrics.permutation_importance(net, set)
  print(list[1].name, #list, #list[1].values, list[1].mean > list[4].mean, net.training)
end
-- expect: petal length (cm)	4	5	true	true
-- expect: petal length (cm)	4	5	true	true
print((tostring(metrics.permutation_importance(net, held_out)):gsub("%-?%d%.%d+", "0")))
-- expect: error before shuffling 0; rise after shuffling one feature
-- expect: petal length (cm)    0 +- 0
-- expect: petal width (cm)     0 +- 0
-- expect: sepal length (cm)    0 +- 0
-- expect: sepal width (cm)     0 +- 0

-- A model without errors: shuffling what it does not use changes nothing.
local simple = {x = tensor{{1, 5}, {2, 5}, {3, 5}, {4, 5}}, y = tensor{1, 2, 3, 4}}
local list = metrics.permutation_importance(function(x) return x:select(2, 1) end, simple, {ratio = true})
print(list[1].mean, list[2].mean) -- expect: inf	1.0
