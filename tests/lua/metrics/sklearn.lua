-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every metric against scikit-learn's answers (tests/expect/make_metrics.py).
local folder = arg[0]:match("^(.*)/")
local cases = assert(loadfile(folder .. "/expect.txt", "t"))()
local bad, warnings = 0, 0
io.stderr = {write = function() warnings = warnings + 1 end}

local function near(name, i, a, b)
  if type(b) == "table" then
    if #a ~= #b then
      bad = bad + 1
      print(("case %d, %s: %d entries, expected %d"):format(i, name, #a, #b))
      return
    end
    for k = 1, #b do near(name, i, a[k], b[k]) end
  elseif not (math.abs(a - b) <= 1e-12 + 1e-12 * math.abs(b) or a ~= a and b ~= b) then
    bad = bad + 1
    print(("case %d, %s: got %.17g, expected %.17g"):format(i, name, a, b))
  end
end

local check = {}

function check.classes(i, c)
  near("confusion", i, metrics.confusion(c.truth, c.given):totable(), c.confusion)
  near("accuracy", i, metrics.accuracy(c.truth, c.given), c.accuracy)
  near("mcc", i, metrics.mcc(c.truth, c.given), c.mcc)
  for _, average in ipairs{"macro", "micro", "weighted"} do
    local o = {average = average}
    near(average, i, {metrics.precision(c.truth, c.given, o), metrics.recall(c.truth, c.given, o),
      metrics.f1(c.truth, c.given, o), metrics.fbeta(c.truth, c.given, 2, o)}, c[average])
  end
  if c.binary then
    local o = {positive = 2}
    near("binary", i, {metrics.precision(c.truth, c.given, o), metrics.recall(c.truth, c.given, o),
      metrics.f1(c.truth, c.given, o), metrics.fbeta(c.truth, c.given, 2, o)}, c.binary)
  end
  for _, how in ipairs{"true", "pred", "all"} do
    near(how, i, metrics.confusion(c.truth, c.given, {normalise = how}):totable(), c[how .. "_share"])
  end
  local report = metrics.report(c.truth, c.given)
  for k, row in ipairs(report.classes) do
    near("report", i, {row.precision, row.recall, row.f1, row.support},
      {c.each[1][k], c.each[2][k], c.each[3][k], c.support[k]})
  end
  for _, average in ipairs{"macro", "weighted"} do
    local row = report[average]
    near("report", i, {row.precision, row.recall, row.f1, row.support},
      {c[average][1], c[average][2], c[average][3], #c.truth})
  end
  local o = {average = "none"}
  near("each", i, {metrics.precision(c.truth, c.given, o), metrics.recall(c.truth, c.given, o),
    metrics.f1(c.truth, c.given, o)}, c.each)
end

function check.scores(i, c)
  local o = {positive = 1}
  local roc, pr = metrics.roc(c.truth, c.given, o), metrics.precision_recall(c.truth, c.given, o)
  near("fpr", i, roc.fpr, c.fpr)
  near("tpr", i, roc.tpr, c.tpr)
  near("auc", i, metrics.auc(c.truth, c.given, o), c.auc)
  near("ap", i, metrics.average_precision(c.truth, c.given, o), c.ap)
  near("recall", i, pr.recall, c.recall)
  near("precision", i, pr.precision, c.precision)
end

function check.probabilities(i, c)
  near("log_loss", i, metrics.log_loss(c.truth, tensor(c.given, {dtype = "float64"})), c.log_loss)
end

function check.numbers(i, c)
  for _, name in ipairs{"mse", "rmse", "mae", "r2", "huber"} do
    near(name, i, metrics[name](c.truth, c.given), c[name])
  end
end

for i, c in ipairs(cases) do check[c.kind](i, c) end
-- One remark each: on classes, on curves, on R2 of a single sample.
print(#cases .. " cases, " .. bad .. " wrong, " .. warnings .. " remarks")
-- expect: 60 cases, 0 wrong, 3 remarks

-- Tensors of either type, (N, 1) and scores (N, C) are read as well as tables.
local truth, scores = tensor{1, 2, 2, 3}, tensor{{5, 1, 1}, {0, 3, 1}, {9, 1, 1}, {0, 0, 1}}
print(metrics.accuracy(truth, scores), metrics.mse(tensor{{1}, {2}}, {1, 4})) -- expect: 0.75	2.0
print(metrics.log_loss({1, 0}, tensor{1, 1}) < 16.6) -- expect: true
for _, f in ipairs{
  function() metrics.accuracy({}, {}) end,
  function() metrics.confusion({0, 1}, {1, 1}) end,
  function() metrics.precision({1, 2, 3}, {1, 2, 3}) end,
  function() metrics.roc({1, 2, 3}, {1, 2, 3}) end,
  function() metrics.roc({0, 1}, {0.5, 0 / 0}) end,
  function() metrics.log_loss({1, 2}, {0.5, 0.5}) end,
  function() metrics.mse({1, 2}, {1}) end,
} do
  print((select(2, pcall(f)):gsub("^.-: metrics", "metrics")))
end
-- expect: metrics.accuracy: no samples; at least one is needed
-- expect: metrics.confusion: labels count from 1; got 0. Hint: add 1 to labels that count from 0
-- expect: metrics.precision: 3 classes need an average: "macro", "micro", "weighted" or "none"
-- expect: metrics.roc: the truth has more than two classes
-- expect: metrics.roc: score 2 is nan
-- expect: metrics.log_loss: with one probability a sample the labels are 0 and 1; sample 2 has 2
-- expect: metrics.mse: 2 true values but 1 predictions
