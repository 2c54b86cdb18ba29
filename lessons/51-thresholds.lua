-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Where to draw the line: thresholds, ROC, and errors of numbers" {
  topic = "thresholds, ROC and AUC, precision-recall; MSE, RMSE, MAE, R2",
  minutes = 22,
  needs = {"50-metrics"},
  rows = {34},
}

text [[
  A net does not say "rare". It says 0.31. Who decides whether that is enough?

  Here is a net of one neuron, trained to find the rare kind among 500 samples, and 500 others
  with their scores: the probabilities that the net gives.
]]

code [[
  gradus.seed(1)
  people = data.unbalanced(1000, {share = 0.05, seed = 1})
  taught, others = data.split(people, 0.5, {seed = 1, stratify = true})
  net = nn.Sequential(nn.Linear(2, 1))
  train.fit(net, {data = {x = taught.x, y = (taught.y - 1):reshape(-1, 1)},
    epochs = 30, loss = nn.BCEWithLogitsLoss(), progress = "none",
    opt = optim.Adam(net:parameters(), {lr = 0.05})})
  truth = others.y - 1                      -- 1 for the 25 rare ones
  scores = train.predict(net, others):sigmoid():reshape(-1)
]]

predict "With the line drawn at 0.5, how many of the 25 rare ones does it find?" {
  reveal = "(scores:gt(0.5) * truth):sum():item()",
  within = 0.4,
  after = "Few. Rare things have a small probability from the start; 0.5 is a habit, not a law.",
}

text [[
  Two numbers say what a line does. The true positive rate, which is the recall: the share of
  the rare ones that is found. The false positive rate: the share of the *common* ones that is
  called rare.

      TPR = tp / (tp + fn)        FPR = fp / (fp + tn)
]]

ask [[
  Write `rates(truth, scores, line)` that returns the false positive rate and the true positive
  rate, in this order. Whatever scores above the line is called positive; `truth` holds 0 and 1.
]] {
  name = "rates",
  solution = [[
    function rates(truth, scores, line)
      local called = scores:gt(line)
      local tpr = (called * truth):sum() / truth:sum()
      local fpr = (called * (1 - truth)):sum() / (1 - truth):sum()
      return fpr:item(), tpr:item()
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.rates
    if type(f) ~= "function" then return false, "There is no function `rates` yet." end
    local function number(v) return tensor.is_tensor(v) and v:item() or v end
    local all = {}
    for _, case in ipairs{{{0, 0, 1, 1, 0}, {0.1, 0.6, 0.4, 0.9, 0.2}, 0.5}, {{1, 0, 0, 0, 1, 1}, {0.7, 0.1, 0.8, 0.9, 0.2, 0.6}, 0.65}} do
      local t, s = tensor(case[1]), tensor(case[2])
      local fpr, tpr = f(t, s, case[3])
      fpr, tpr = number(fpr), number(tpr)
      if type(fpr) ~= "number" or type(tpr) ~= "number" then return false, "It should return two numbers.", 1 end
      all[#all + 1], all[#all + 2] = fpr, tpr
      local called = s:gt(case[3])
      local true_tpr = ((called * t):sum() / t:sum()):item()
      local true_fpr = ((called * (1 - t)):sum() / (1 - t):sum()):item()
      if math.abs(fpr - true_fpr) > 1e-5 or math.abs(tpr - true_tpr) > 1e-5 then
        return false, ("Truth {%s}, scores {%s}, line %g: the rates are not right."):format(
          table.concat(case[1], ", "), table.concat(case[2], ", "), case[3]), all
      end
    end
    return true
  end),
  hints = {
    "`scores:gt(line)` is 1 where a score lies above the line, 0 elsewhere.",
    "`called * truth` is 1 for the true positives; `called * (1 - truth)` for the false ones. Sum them up.",
    "tp + fn is simply the number of positives, `truth:sum()`; fp + tn is `(1 - truth):sum()`.",
  },
  mistakes = {
    {[[
      function rates(truth, scores, line)
        local called = scores:gt(line)
        return ((called * truth):sum() / truth:sum()):item(), ((called * (1 - truth)):sum() / (1 - truth):sum()):item()
      end
    ]], "Both are right, in the wrong order: the false positive rate comes first."},
    {[[
      function rates(truth, scores, line)
        local called = scores:gt(line)
        return ((called * (1 - truth)):sum() / called:sum()):item(), ((called * truth):sum() / called:sum()):item()
      end
    ]], "These are shares of what was *called* positive. The rates are shares of what *is* negative, and positive."},
  },
}

code [[
  lines = {0.5, 0.2, 0.05, 0.02}
  for _, line in ipairs(lines) do
    fpr, tpr = rates(truth, scores, line)
    print(("line %.2f   FPR %.3f   TPR %.2f"):format(line, fpr, tpr))
  end
]]

choice "What happens as the line is lowered?" {
  {"Both rates rise", "Yes: more is called rare, rightly and wrongly.", right = true},
  {"The true positive rate rises, the false one falls", "That would be a free lunch."},
  {"The rates stay, as the net stays the same", "The net stays; the verdicts made from its scores do not."},
}

picture "All lines at once: the ROC curve, with the four lines from above on it" {
  name = "roc",
  code = [[ plot.roc(truth, scores, {thresholds = lines}) ]],
}

text [[
  The *area* under this curve, the AUC, tells how well the scores put the rare before the common
  ones, without any line. It has a simple meaning: draw one rare and one common sample; the AUC
  is the chance that the rare one has the higher score.
]]

ask [[
  Prove it by counting: write `chance(truth, scores)`, the share of pairs (one positive, one
  negative) in which the positive scores higher; a tie counts half. Both are lists of numbers.
]] {
  name = "auc",
  solution = [[
    function chance(truth, scores)
      local pairs, won = 0, 0
      for i = 1, #truth do
        for j = 1, #truth do
          if truth[i] == 1 and truth[j] == 0 then
            pairs = pairs + 1
            if scores[i] > scores[j] then won = won + 1
            elseif scores[i] == scores[j] then won = won + 0.5 end
          end
        end
      end
      return won / pairs
    end
  ]],
  check = behaves("chance", {{{0, 0, 1, 1}, {0.1, 0.4, 0.35, 0.8}}, {{1, 0, 1, 0}, {0.5, 0.5, 0.2, 0.7}},
    {{0, 1, 0, 1, 1}, {0.3, 0.3, 0.3, 0.9, 0.1}}}),
  hints = {
    "Two loops, one inside the other: `for i = 1, #truth do for j = 1, #truth do ... end end`.",
    "Only pairs with `truth[i] == 1 and truth[j] == 0` count.",
    "Count the pairs, and those that were won; a half for `scores[i] == scores[j]`.",
  },
  mistakes = {
    {[[
      function chance(truth, scores)
        local pairs, won = 0, 0
        for i = 1, #truth do for j = 1, #truth do
          if truth[i] == 1 and truth[j] == 0 then
            pairs = pairs + 1
            if scores[i] > scores[j] then won = won + 1 end
          end
        end end
        return won / pairs
      end
    ]], "Nearly: a tie should count half."},
    {[[
      function chance(truth, scores)
        local pairs, won = 0, 0
        for i = 1, #truth do for j = 1, #truth do
          if truth[i] == 1 and truth[j] == 0 then
            pairs = pairs + 1
            if scores[i] < scores[j] then won = won + 1
            elseif scores[i] == scores[j] then won = won + 0.5 end
          end
        end end
        return won / pairs
      end
    ]], "That is the chance that the *negative* scores higher."},
  },
}

code [[
  chance(truth:totable(), scores:totable()), metrics.auc(truth, scores)
]]

predict "And the AUC of somebody who guesses, with random scores? (The mean of 20 guessers.)" {
  run = [[
    guessed = 0
    for i = 1, 20 do
      guessed = guessed + metrics.auc(truth, tensor.rand(500)) / 20
    end
  ]],
  reveal = "guessed",
  within = 0.3,
  after = "About a half, whatever the shares of the classes: the diagonal of the picture.",
}

picture "Precision against recall: a sterner view where positives are rare" {
  name = "pr",
  code = [[ plot.pr(truth, scores, {thresholds = lines}) ]],
}

number "The best line for F1? Choose among 0.02, 0.05, 0.2, 0.5. `metrics.f1(truth, scores:gt(0.5))` gives the F1 for 0.5." {
  name = "line",
  answer = 0.2,
  tolerance = 1e-6,
  solution = "for _, t in ipairs(lines) do print(t, metrics.f1(truth, scores:gt(t))) end",
  hints = {
    "F1 wants precision and recall: look at the four points in the picture.",
    "Try all four, one after the other, or in a loop over `lines`.",
  },
  mistakes = {
    {0.5, "It finds few of the rare ones: see the recall of its point."},
    {0.05, "It finds more than the line 0.2, but three of four that it calls rare are common."},
    {0.02, "It finds most of the rare ones, but with a crowd of common ones: see its precision."},
    {"metrics.f1(truth, scores:gt(0.5))", "That is the F1 of the line 0.5. Which *line* has the highest?"},
    {"metrics.f1(truth, scores:gt(0.2))", "That is the F1 of the line 0.2. Which *line* has the highest?"},
  },
}

text [[
  # Errors of numbers

  Where a net predicts numbers, errors have sizes. Four measures: the mean of the squares (MSE),
  its root (RMSE), the mean of the absolute values (MAE), and R2, the share of the variance
  that is explained:

      R2 = 1 - sum of (y - p)^2 / sum of (y - mean of y)^2
]]

code [[
  y = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
  p = {1.5, 1.5, 3.5, 3.5, 5.5, 5.5, 7.5, 7.5, 9.5, 9.5}
  metrics.mse(y, p), metrics.rmse(y, p), metrics.mae(y, p), metrics.r2(y, p)
]]

text [[
  All errors are 0.5. Now somebody mistypes a single prediction: 95 instead of 9.5.
]]

predict "By what factor does the RMSE grow? (The MAE grows by a factor of about 18.)" {
  name = "outlier",
  run = "q = {table.unpack(p)} q[10] = 95",
  reveal = "metrics.rmse(y, q) / metrics.rmse(y, p)",
  within = 0.6,
  after = "One wild value rules the squares. If such values are mistakes, look at the MAE; if they are disasters, at the RMSE.",
}

ask "Write `r2(y, p)` for two lists of numbers." {
  name = "r2",
  solution = [[
    function r2(y, p)
      local mean, left, all = 0, 0, 0
      for i = 1, #y do mean = mean + y[i] / #y end
      for i = 1, #y do
        left, all = left + (y[i] - p[i]) ^ 2, all + (y[i] - mean) ^ 2
      end
      return 1 - left / all
    end
  ]],
  check = behaves("r2", {{{1, 2, 3, 4}, {1, 2, 3, 4}}, {{1, 2, 3, 4}, {2.5, 2.5, 2.5, 2.5}}, {{1, 2, 4}, {4, 2, 1}}}),
  hints = {
    "First a loop for the mean of y, then one for the two sums.",
    "A tensor does it shorter: `y = tensor(y)`, then `(y - y:mean()):square():sum()`.",
  },
  mistakes = {
    {[[
      function r2(y, p)
        local mean, left, all = 0, 0, 0
        for i = 1, #y do mean = mean + y[i] / #y end
        for i = 1, #y do left, all = left + (y[i] - p[i]) ^ 2, all + (y[i] - mean) ^ 2 end
        return left / all
      end
    ]], "That is the share that is *not* explained. One minus it."},
  },
  variant = [[
    function r2(y, p)
      y, p = tensor(y), tensor(p)
      return 1 - ((y - p):square():sum() / (y - y:mean()):square():sum()):item()
    end
  ]],
}

choice "What is R2 of a net that always predicts the mean of y, and can R2 be below zero?" {
  {"0, and yes", "Whoever is worse than the mean gets a negative one. Try `r2({1, 2, 3}, {3, 2, 1})`.", right = true},
  {"0, and no: a square is never negative", "Its name misleads: it is one minus a ratio, and the ratio may exceed 1."},
  {"1, and no", "1 is a perfect prediction."},
}

try "Turn the scores round, or square them, and look at the AUC. Which changes of scores leave it alone?" {
  suggest = {"metrics.auc(truth, 1 - scores)", "metrics.auc(truth, scores * scores)"},
}

text [[
  To remember: scores first, the line later, and chosen for what a mistake costs. Next: on which
  data all this may be measured (`:lesson 52`).
]]
