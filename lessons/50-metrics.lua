-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "87 % right, and blind in one eye" {
  topic = "confusion matrix, accuracy, precision, recall, F1, micro and macro averages",
  minutes = 20,
  needs = {"01-first-steps"},
  rows = {34},
}

text [[
  A net sorts 45 pieces of fruit: 21 apples (class 1), 5 pears (class 2), 19 cherries (class 3).
  It is right in 87 of 100 cases. Would you buy it?
]]

predict "How many of the 5 pears does it get wrong?" {
  name = "guess",
  reveal = "5",
  within = 0.5,
  after = "All of them. Accuracy does not tell you *which* mistakes are made.",
}

code [[
  truth, given = {}, {}         -- what the pieces are, what the net says
  function pieces(n, is, says)
    for i = 1, n do
      truth[#truth + 1], given[#given + 1] = is, says
    end
  end
  pieces(20, 1, 1)  pieces(1, 1, 2)  pieces(5, 2, 1)  pieces(19, 3, 3)
  metrics.accuracy(truth, given), metrics.confusion(truth, given)
]]

number "In a confusion matrix each row is a true class, each column what the net says. How many pears does this net call apples?" {
  name = "pears",
  answer = 5,
  unit = "pears",
  hints = {
    "The pears are class 2: the second row tells what became of them.",
    "Which column of that row belongs to the apples, class 1?",
  },
  mistakes = {
    {1, "That one stands in row 1: it is an apple that was called a pear."},
    {0, "On the diagonal stand the pears that were called pears."},
    {20, "Those are apples, and called so: row 1, column 1."},
  },
}

picture "Every row is a true class; on the diagonal stands what is right" {
  name = "confusion",
  code = [[
    plot.confusion(metrics.confusion(truth, given), {classes = {"apple", "pear", "cherry"}})
  ]],
}

text [[
  # Two questions to a class

  *Precision*: of all that is called an apple, how much is one? *Recall*: of all the apples, how
  many are called so? With tp for the true positives, fp for the false ones, fn for the missed:

      precision = tp / (tp + fp)        recall = tp / (tp + fn)
]]

number "25 pieces were called apples, and 20 of them are. What is the precision for apples?" {
  answer = 0.8,
  tolerance = 0.001,
  hints = {"20 of 25."},
  mistakes = {
    {20 / 21, "That is the recall: 20 of the 21 apples were found. Precision looks at what was *called* an apple."},
    {0.2, "That is the share that is *not* an apple, 5 of 25."},
  },
}

text [[
  # One number for three classes

  Class by class the net has 20, 0 and 19 true positives, and 5, 1 and 0 false positives. They
  can be averaged in two ways:

  - *micro*: add up over the classes first, then divide
  - *macro*: the precision of each class first, then the mean
]]

predict "The micro-averaged precision is 0.87 (39 of 45). What is the macro-averaged one?" {
  name = "macro",
  reveal = "(20 / 25 + 0 / 1 + 19 / 19) / 3",
  within = 0.15,
  after = "0.6: the pears, few as they are, count as much as the others.",
}

ask [[
  Write `micro(tp, fp)` and `macro(tp, fp)`, for lists with an entry for each class. `#tp` is the
  number of classes.
]] {
  name = "averages",
  solution = [[
    function micro(tp, fp)
      local right, called = 0, 0
      for i = 1, #tp do
        right, called = right + tp[i], called + tp[i] + fp[i]
      end
      return right / called
    end
    function macro(tp, fp)
      local sum = 0
      for i = 1, #tp do sum = sum + tp[i] / (tp[i] + fp[i]) end
      return sum / #tp
    end
  ]],
  check = all_of{
    behaves("micro", {{{20, 0, 19}, {5, 1, 0}}, {{3, 1}, {1, 3}}, {{1, 1, 1, 9}, {9, 0, 1, 1}}}),
    behaves("macro", {{{20, 0, 19}, {5, 1, 0}}, {{3, 1}, {1, 3}}, {{1, 1, 1, 9}, {9, 0, 1, 1}}}),
  },
  hints = {
    "Both are loops: `for i = 1, #tp do ... end`, with a sum that begins at 0.",
    "micro: sum up `tp[i]` and `tp[i] + fp[i]`, and divide after the loop.",
    "macro: sum up `tp[i] / (tp[i] + fp[i])`, and divide by `#tp` after the loop.",
  },
  mistakes = {
    {[[
      function macro(tp, fp)
        local right, called = 0, 0
        for i = 1, #tp do right, called = right + tp[i], called + tp[i] + fp[i] end
        return right / called
      end
      function micro(tp, fp)
        local sum = 0
        for i = 1, #tp do sum = sum + tp[i] / (tp[i] + fp[i]) end
        return sum / #tp
      end
    ]], "Both are right, with their names exchanged: macro is the mean of the classes' precisions."},
    {[[
      function micro(tp, fp)
        local right, called = 0, 0
        for i = 1, #tp do right, called = right + tp[i], called + tp[i] + fp[i] end
        return right / called
      end
      function macro(tp, fp)
        local sum = 0
        for i = 1, #tp do sum = sum + tp[i] / (tp[i] + fp[i]) end
        return sum
      end
    ]], "`micro` is right. `macro` is a mean: divide by the number of classes."},
  },
  after = "`metrics.precision(truth, given, {average = \"macro\"})` does the same, from the labels.",
}

code [[
  micro({20, 0, 19}, {5, 1, 0}), macro({20, 0, 19}, {5, 1, 0})
]]

choice "A net for a rare disease must not overlook the few who have it. Which average of the *recalls* warns you, if it does?" {
  {"macro", "Yes: the rare class weighs as much as the common one.", right = true},
  {"micro", "There the many healthy ones drown the few."},
  {"accuracy", "For plain classification it *is* the micro average."},
}

text [[
  # The lazy one

  1000 samples, 50 of them of the rare kind. A lazy "net" points out one of the 50, and calls all
  the others common.
]]

code [[
  rare = data.unbalanced(1000, {share = 0.05, seed = 1})
  is_rare = rare.y - 1                      -- 0 common, 1 rare
  lazy = tensor.zeros(1000)
  lazy[is_rare:argmax():item()] = 1         -- the first of the rare
]]

predict "The accuracy of the lazy one, as a share from 0 to 1?" {
  reveal = "metrics.accuracy(is_rare, lazy)",
  within = 0.1,
}

ask "And its recall for the rare kind? Compute it with `metrics.recall`." {
  name = "lazy recall",
  solution = "metrics.recall(is_rare, lazy)",
  hints = {"The truth comes first, then what was given."},
  mistakes = {
    {"metrics.accuracy(is_rare, lazy)", "That is the accuracy again."},
    {"metrics.recall(lazy, is_rare)", "The truth comes first. The other way round this is the precision: what it called rare *is* rare."},
  },
  after = "One of fifty. And not a word of it in the 95 %.",
}

text [[
  *F1* wants both, precision and recall, and is hard to please: it is their harmonic mean.

      F1 = 2 P R / (P + R)
]]

predict "The precision of the lazy one is 1: what it calls rare is rare. Its recall is 0.02. Their ordinary mean is 0.51. And F1?" {
  reveal = "metrics.f1(is_rare, lazy)",
  within = 0.25,
  after = "0.04: the harmonic mean stays near the smaller of the two.",
}

ask [[
  Sometimes recall matters more. F-beta counts it beta times as much as precision:

      F = (1 + beta^2) P R / (beta^2 P + R)

  Write `fbeta(p, r, beta)`. Where precision and recall are both 0, it should be 0.
]] {
  name = "fbeta",
  solution = [[
    function fbeta(p, r, beta)
      if p + r == 0 then return 0 end
      return (1 + beta ^ 2) * p * r / (beta ^ 2 * p + r)
    end
  ]],
  check = behaves("fbeta", {{1, 0.1, 1}, {0.5, 0.8, 2}, {0.8, 0.5, 2}, {0.3, 0.9, 0.5}, {0, 0, 1}}),
  hints = {
    "`beta ^ 2` is the square. Mind which of the two terms below it stands at.",
    "A first line for the special case: `if p + r == 0 then return 0 end`.",
  },
  mistakes = {
    {"function fbeta(p, r, beta) return (1 + beta ^ 2) * p * r / (beta ^ 2 * p + r) end",
      "Right but for one case: 0 divided by 0 is no number. Return 0 where both are 0."},
    {"function fbeta(p, r, beta) if p + r == 0 then return 0 end return (1 + beta ^ 2) * p * r / (p + beta ^ 2 * r) end",
      "The square stands at the wrong term: now it is precision that counts more."},
    {"function fbeta(p, r, beta) if p + r == 0 then return 0 end return 2 * p * r / (p + r) end",
      "That is F1, whatever beta is."},
  },
}

choice "A filter for spam: it is bad if a letter of a friend is thrown away, and a nuisance if some spam gets through. What should be high, with spam as the positive class?" {
  {"precision", "Yes: what is called spam should be spam. So beta below 1.", right = true},
  {"recall", "That makes sure that all spam is caught, with friends among it."},
  {"accuracy", "It treats both mistakes alike."},
}

try "Look at the report of the fruit net, class by class. How would it have to err for the macro average to be better than the micro one?" {
  suggest = {"metrics.report(truth, given, {names = {\"apple\", \"pear\", \"cherry\"}})",
    "pieces(30, 1, 2) return metrics.report(truth, given)",
    "metrics.confusion(truth, given, {normalise = \"true\"})"},
}

text [[
  So: first the confusion matrix, then a number, and the number that fits the harm. Next: what to
  do with scores instead of verdicts (`:lesson 51`).
]]
