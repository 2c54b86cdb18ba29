-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Batch norm: the layer that looks at the neighbours" {
  topic = "batch normalisation: statistics, gamma and beta, running averages",
  minutes = 20,
  needs = {"01-first-steps"},
  rows = {29},
}

text [[
  Every layer so far treated each sample by itself. *Batch norm* does not: it looks at all the
  samples of the batch, column by column, and brings each column to mean 0 and standard
  deviation 1.

  Here are 1000 samples of three very different columns, and such a layer.
]]

code [[
  gradus.seed(4)            -- the same random numbers for everybody
  x = tensor.randn(1000, 3) * tensor{2, 5, 10} + tensor{-10, 25, 3}
  bn = nn.BatchNorm1d(3)
  x:mean(1), x:std(1)
]]

predict "The third column has a mean of about 3 and a standard deviation of about 10. What is its mean after `bn(x)`?" {
  run = [[ y = bn(x) ]],
  reveal = "math.floor(1000 * y:mean(1)[3]:item() + 0.5) / 1000",
  after = "Zero, up to rounding. What the column measured, and in which unit, is gone.",
}

picture "The three columns before, on one axis; and after: they lie on each other" {
  name = "columns",
  code = [[
    function columns(t)
      return plot.hist({{"column 1", t[{{}, 1}]}, {"column 2", t[{{}, 2}]},
        {"column 3", t[{{}, 3}]}}, {bins = 30, caption = ""})
    end
    plot.grid({columns(x), columns(y:detach())}, {columns = 2, title = "before and after batch norm"})
  ]],
}

text [[
  Perhaps mean 0 is not what the next layer needs. So batch norm has two numbers a column that
  are learned like weights: *gamma* multiplies and *beta* is added. In code they are `bn.weight`
  and `bn.bias`, and begin as 1 and 0.

      y = gamma (x - mean) / sqrt(variance + eps) + beta
]]

code [[
  autograd.no_grad(function()
    bn.weight:copy_(tensor{1, 2, 3})
    bn.bias:copy_(tensor{2, 4, 8})
  end)
  y = bn(x):detach()
]]

predict "And now: what is the mean of the third column of `y`?" {
  reveal = "y:mean(1)[3]:item()",
  after = "Beta alone decides the mean, gamma alone the standard deviation.",
}

text [[
  # Check what you read

  Lecture notes print the standard deviations of exactly this example as 1.0005, 2.0010 and
  3.0015. Not 1, 2 and 3? See for yourself.
]]

code [[
  y:std(1)
]]

choice "Where does the factor 1.0005 come from?" {
  {"`std` divides by n - 1, batch norm by n", "Yes: sqrt(1000 / 999) is 1.0005. Both are called the standard deviation.",
    right = true},
  {"`eps` under the root", "It is 0.00001, against variances of 4 and more; it would make `y` smaller, too."},
  {"rounding of float32", "That would be a few units in the seventh digit."},
  {"the random numbers", "Any numbers give this factor: batch norm sets the standard deviation exactly."},
}

text [[
  # Write it

  With `v:var(1, {unbiased = false})` you get the variance divided by n.
]]

ask [[
  Write `normalise(v, gamma, beta)`: batch norm of a batch `v`, one sample a row. Take 1e-5 for
  eps. It must survive a column in which all numbers are equal.
]] {
  name = "normalise",
  solution = [[
    function normalise(v, gamma, beta)
      local mean, var = v:mean(1), v:var(1, {unbiased = false})
      return gamma * (v - mean) / (var + 1e-5):sqrt() + beta
    end
  ]],
  check = behaves("normalise", {
    {tensor{{1, 10}, {2, 30}, {6, 20}}, tensor{1, 1}, tensor{0, 0}},
    {tensor{{1, 10}, {2, 30}, {6, 20}, {0, 0}}, tensor{2, -1}, tensor{5, 1}},
    {tensor{{1, 7}, {2, 7}}, tensor{1, 1}, tensor{0, 3}},
  }),
  hints = {
    "First two lines: the mean and the variance of each column, `v:mean(1)` and `v:var(1, {unbiased = false})`.",
    "Then the formula from above: subtract, divide by the root, multiply, add.",
    "A root is taken with a method: `(var + 1e-5):sqrt()`.",
  },
  mistakes = {
    {[[
      function normalise(v, gamma, beta)
        return gamma * (v - v:mean(1)) / (v:var(1) + 1e-5):sqrt() + beta
      end
    ]], "Very close: this variance is divided by n - 1. Batch norm divides by n."},
    {[[
      function normalise(v, gamma, beta)
        return gamma * (v - v:mean(1)) / v:var(1, {unbiased = false}):sqrt() + beta
      end
    ]], "Without eps a column of equal numbers gives 0 / 0, which is NaN."},
    {[[
      function normalise(v, gamma, beta)
        return gamma * (v - v:mean(1)) / (v:var(1, {unbiased = false}) + 1e-5) + beta
      end
    ]], "Divide by the standard deviation, the root of the variance."},
  },
  after = "These lines are all that batch norm does to its input in training.",
}

text [[
  # A batch of two, a batch of one
]]

predict "Batch norm without gamma and beta gets a batch of just two samples, 3 and 7. What becomes of the larger one?" {
  reveal = "normalise(tensor{{3}, {7}}, 1, 0)[2][1]:item()",
  after = "Always 1 and -1, whatever the two numbers are. All that is left is which one was larger: small batches are noisy.",
}

ask "Give batch norm a single sample, and see what it says: `bn(x[{{1, 1}}])`. Wrap it so that the error becomes a value: `pcall(bn, x[{{1, 1}}])`." {
  name = "batch of one",
  solution = "pcall(bn, x[{{1, 1}}])",
  check = that(function(answer)
    local ok, why = answer.values[1], answer.values[2]
    if ok == nil then return false, "Type `pcall(bn, x[{{1, 1}}])`." end
    return ok == false and tostring(why):find("variance") ~= nil,
      "A batch of one row is wanted: `x[{{1, 1}}]` is row 1 to row 1."
  end),
  hints = {"Type it as it stands there. `pcall` calls its first argument with the rest, and catches the error."},
  after = "One value has no spread. Yet the finished net must judge single samples: it needs a mean and a variance from somewhere else.",
}

text [[
  # Running averages

  So the layer keeps notes while it trains. After each batch it moves its `running_mean` (which
  begins at 0) and its `running_var` (which begins at 1) one tenth of the way to the batch:

      running = 0.9 running + 0.1 batch
]]

code [[
  notes = nn.BatchNorm1d(3)
]]

predict "The first column of `x` has a mean of about -10. What is `running_mean` for it after one batch?" {
  name = "first note",
  run = "h = notes(x)",
  reveal = "notes.running_mean[1]:item()",
  after = "A tenth of the way from 0 to -10: one batch is not believed at once.",
}

number "And the third column's `running_var` after that one batch? Its variance is about 98.5." {
  answer = "notes.running_var[3]:item()",
  tolerance = 0.05,
  solution = "0.9 * 1 + 0.1 * x:var(1)[3]:item()",
  hints = {
    "It began as 1.",
    "0.9 times where it was, plus 0.1 times where it goes.",
  },
  mistakes = {
    {"0.1 * x:var(1)[3]:item()", "The 0.9 times 1 from the start is missing."},
    {"(0.9 + 0.1 * x:std(1)[3]:item()) ^ 2", "Here the standard deviations were averaged. It is the variances."},
  },
  after = "The momentum of `nn.BatchNorm1d` is this 0.1, the share of what is new. Some notes give that name to the 0.9.",
}

predict [[
  *Check what you read.* Some notes average the standard deviations of the batches, not their
  variances. Suppose half of the batches have a standard deviation of 1 and half of 3, all with
  mean 0. What is the standard deviation of all samples together?
]] {
  name = "average",
  reveal = "tensor.cat{tensor.randn(50000), tensor.randn(50000) * 3}:std()",
  within = 0.1,
  after = "The root of (1 + 9) / 2, 2.24; the average of 1 and 3 is 2. Variances can be averaged, standard deviations cannot.",
}

number "After how many batches has a running mean come within 1 % of a mean that it began 100 % away from? (You may compute: 0.9 to the power of n.)" {
  answer = 44,
  tolerance = 1,
  unit = "batches",
  solution = "math.log(0.01) / math.log(0.9)",
  hints = {
    "After n batches 0.9 ^ n of the distance is left.",
    "Try `0.9 ^ 10`, `0.9 ^ 50` at the prompt, or use logarithms.",
  },
  mistakes = {
    {10, "After ten batches a third of the distance is left: 0.9 ^ 10 is 0.35."},
  },
  after = "Judge a net after three batches, and these averages still remember where they began.",
}

picture "The running mean of column 1 on its way to -10, batches of 50" {
  code = [[
    way, layer = {}, nn.BatchNorm1d(3)
    for turn = 1, 4 do
      for i = 1, 951, 50 do
        layer(x[{{i, i + 49}}])
        way[#way + 1] = layer.running_mean[1]:item()
      end
    end
    plot.curve(way, {xlabel = "batch", ylabel = "running mean",
      title = "a tenth of the way each time"})
  ]],
}

text [[
  The original paper does not trust the last few batches: after training it takes plain averages
  over the *whole* training set. `nn.recalibrate(net, batches)` does that.
]]

code [[
  parts = x:chunk(20)           -- twenty batches of 50 rows
]]

ask [[
  In `layer.running_mean` the last batches weigh most. Recalibrate `layer` on the batches in
  `parts`; its `running_mean` should then be `x:mean(1)` itself.
]] {
  name = "recalibrate",
  solution = "nn.recalibrate(layer, parts)",
  check = that(function(answer)
    local off = (answer.vars.layer.running_mean - x:mean(1)):abs():max():item()
    return off < 1e-3, ("`layer.running_mean` is still %.2g away from `x:mean(1)`."):format(off)
  end),
  hints = {
    "One call with two arguments: the net and the list of batches.",
  },
}

choice "Which of these are true of batch norm? There may be several." {
  {"In training the output for one sample depends on the others in the batch.",
    "Change one row, and the mean and the variance move.", right = true},
  {"For k columns it learns 2 k numbers.", "A gamma and a beta for each.", right = true},
  {"The running averages are learned by gradient descent.",
    "No gradient goes there: they are notes, kept as buffers."},
  {"A larger batch gives more exact statistics.", "Like every mean of more numbers.", right = true},
}

try "Shift `x` by a thousand, or multiply it by a million, and normalise again. Then try it with a batch of three." {
  suggest = {"(normalise(x * 1e6 + 1000, 1, 0) - normalise(x, 1, 0)):abs():max()",
    "normalise(x[{{1, 3}}], 1, 0)"},
}

text [[
  You have written the layer that made very deep nets trainable. Next: what it does when the net
  is asked instead of taught (`:lesson 41`), and whether it helps at all (`:lesson 42`).
]]
