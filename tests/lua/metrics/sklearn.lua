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
  elseif not (math.abs(a - b) <= 1e-12 + 1e-12 * math.abs(b)) then
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
  local o = {average = "none"}
  near("each", i, {metrics.precision(c.truth, c.given, o), metrics.recall(c.truth, c.given, o),
    metrics.f1(c.truth, c.given, o)}, c.each)
end

function check.scores(i, c)
  local roc, pr = metrics.roc(c.truth, c.given), metrics.precision_recall(c.truth, c.given)
  near("fpr", i, roc.fpr, c.fpr)
  near("tpr", i, roc.tpr, c.tpr)
  near("auc", i, metrics.auc(c.truth, c.given), c.auc)
  near("ap", i, metrics.average_precision(c.truth, c.given), c.ap)
  near("recall", i, pr.recall, c.recall)
  near("precision", i, pr.precision, c.precision)
end

function check.probabilities(i, c)
  near("log_loss", i, metrics.log_loss(c.truth, tensor(c.given, {dtype = "float64"})), c.log_loss)
end

function check.numbers(i, c)
  for _, name in ipairs{"mse", "rmse", "mae", "r2"} do
    near(name, i, metrics[name](c.truth, c.given), c[name])
  end
end

for i, c in ipairs(cases) do check[c.kind](i, c) end
print(#cases .. " cases, " .. bad .. " wrong, " .. warnings .. " warning")
-- expect: 16 cases, 0 wrong, 1 warning
