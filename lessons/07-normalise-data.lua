-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Normalise the data, with whose numbers?" {
  topic = "normalisation with the training set's statistics",
  minutes = 18,
  needs = {"01-first-steps"},
  rows = {7},
}

text [[
  178 Italian wines, 13 measurements each, three cultivars. Alcohol goes from 11 to 15, proline
  from 278 to 1680, hue from 0.5 to 1.7. A net should tell the cultivars apart. Does it mind?
]]

-- A seed of the student's own, the same after `:back`.
fresh(function(random)
  code(("start = %d"):format(random(1, 999999))) {quiet = true}
end)

code [[
  wine = data.wine()
  train_set, test_set = data.split(wine, 0.3, {stratify = true, seed = start})
]]

number "How many times as wide is the range of proline as that of hue? Roughly will do." {
  name = "widths",
  answer = 1140,
  relative = 0.2,
  hints = {"A width is the largest minus the smallest.", "About 1400 for proline, 1.2 for hue."},
  mistakes = {
    {1400, "That is the width for proline. Divide it by the one for hue, 1.2."},
    {350, "That is proline against alcohol. Hue goes from 0.5 to 1.7."},
  },
}

text [[
  `learn` trains a small net by plain gradient descent and keeps it as `net`.
]]

code [[
  function learn(set)
    net = nn.Sequential(nn.Linear(set.x:size(2), 16), nn.ReLU(), nn.Linear(16, 3))
    local opt = optim.SGD(net:parameters(), {lr = 0.05})
    train.fit(net, {data = set, epochs = 40, opt = opt, progress = "none"})
  end
  function accuracy(x, y) return metrics.accuracy(y, net(x):argmax(2)) end
]]

predict "The raw measurements, as they are: which share of the TEST wines will be named rightly?" {
  name = "raw",
  run = "learn(train_set)",
  reveal = "accuracy(test_set.x, test_set.y)",
  within = 0.15,
  after = [[
    The net says "cultivar 2" to everything, the most frequent of the three. Proline is a
    thousand times larger than hue, and so is its part in every gradient.
  ]],
}

text [[
  # Standard normalisation

  Each feature gets mean 0 and standard deviation 1: subtract its mean, divide by its
  standard deviation. The one question is whose.
]]

ask [[
  Make `mu` and `sd`, mean and standard deviation of each feature of the *training* wines,
  `train_set.x`, and with these `xtrain` and `xtest`, both sets normalised. `:mean(1)` and
  `:std(1)` go over the samples.
]] {
  name = "standard",
  solution = [[
    mu, sd = train_set.x:mean(1), train_set.x:std(1)
    xtrain = (train_set.x - mu) / sd
    xtest = (test_set.x - mu) / sd
  ]],
  check = that(function(answer)
    local v = answer.vars
    if not (tensor.is_tensor(v.xtrain) and tensor.is_tensor(v.xtest)) then
      return "part", "Both `xtrain` and `xtest` are wanted."
    end
    if v.xtrain:size(1) ~= train_set.x:size(1) or v.xtest:size(1) ~= test_set.x:size(1) then
      return false, "The number of wines has changed."
    end
    local m, s = train_set.x:mean(1), train_set.x:std(1)
    local function far(a, b) return not ((a - b):abs():max():item() < 0.1) end
    if far(v.xtrain, (train_set.x - m) / s) then
      return false, "`xtrain` does not have mean 0 and standard deviation 1.", v.xtrain
    end
    if far(v.xtest, (test_set.x - m) / s) then
      return false, "`xtrain` is right. `xtest` was not made with the same two numbers.", v.xtest
    end
    return true
  end),
  hints = {
    "First `mu, sd = train_set.x:mean(1), train_set.x:std(1)`.",
    "Then the same subtraction and division for both sets.",
    "`xtest` uses `mu` and `sd` as they are: nothing is computed from the test set.",
  },
  mistakes = {
    {[[mu, sd = train_set.x:mean(1), train_set.x:std(1)
      xtrain = (train_set.x - mu) / sd
      xtest = (test_set.x - test_set.x:mean(1)) / test_set.x:std(1)]],
      "Each set got its own mean. The test wines must pass through the same formula as the others."},
    {[[mu, sd = train_set.x:mean(1), train_set.x:std(1)
      xtrain = train_set.x - mu / sd; xtest = test_set.x - mu / sd]],
      "Brackets: first subtract, then divide, `(x - mu) / sd`."},
    {[[mu, sd = train_set.x:mean(), train_set.x:std()
      xtrain, xtest = (train_set.x - mu) / sd, (test_set.x - mu) / sd]],
      "One mean for all features together: alcohol and proline need their own, `:mean(1)`."},
  },
  variant = [[
    scaler = data.Standardize():fit(train_set.x)
    xtrain, xtest = scaler:apply(train_set.x), scaler:apply(test_set.x)
  ]],
  after = "`data.Standardize():fit(...)` and `:apply(...)` do the same and remember the two numbers.",
}

predict "The same net, the same rate, the normalised wines. Test accuracy?" {
  name = "normalised",
  run = "learn({x = xtrain, y = train_set.y})",
  reveal = "accuracy(xtest, test_set.y)",
  within = 0.1,
  after = "Nearly all of them. Nothing was changed but the units of measurement.",
}

pause()

code [[
  function cloud(title, a, b)
    return plot.scatter({{"train", a[{{}, 13}], a[{{}, 1}]}, {"test", b[{{}, 13}], b[{{}, 1}]}},
      {title = title, xlabel = "proline", ylabel = "alcohol"})
  end
]] {quiet = true}

picture "Two features before and after, both sets: the shape of the cloud stays, the axes do not" {
  name = "scatter",
  code = [[
    plot.grid({cloud("before", train_set.x, test_set.x), cloud("after", xtrain, xtest)}, {columns = 2})
  ]],
}

pause()

text [[
  # Min-max

  Another way: the smallest becomes 0, the largest 1:

      (x - min) / (max - min)
]]

ask "Make `low` and `high`, each feature's smallest and largest value in the training set, and `squeezed`, the TEST set brought to their scale." {
  name = "minmax",
  solution = [[
    low, high = train_set.x:min(1), train_set.x:max(1)
    squeezed = (test_set.x - low) / (high - low)
  ]],
  check = that(function(answer)
    local s = answer.vars.squeezed
    if not tensor.is_tensor(s) then return false, "There is no tensor `squeezed` yet." end
    local a, b = train_set.x:min(1), train_set.x:max(1)
    local want = (test_set.x - a) / (b - a)
    if s:size(1) ~= want:size(1) then return false, "The test set is to be squeezed." end
    return (s - want):abs():max():item() < 1e-4, "Not these numbers yet.", s
  end),
  hints = {"`train_set.x:min(1)` and `:max(1)`.", "Subtract `low`, divide by `high - low`."},
  mistakes = {
    {"low, high = test_set.x:min(1), test_set.x:max(1); squeezed = (test_set.x - low) / (high - low)",
      "That is the test set's own range. Use the training set's."},
    {"low, high = train_set.x:min(1), train_set.x:max(1); squeezed = (test_set.x - low) / high",
      "Divide by the width of the range, `high - low`."},
  },
  variant = "squeezed = data.MinMax():fit(train_set.x):apply(test_set.x)",
}

choice "Do all numbers of `squeezed` lie between 0 and 1?" {
  {"Not necessarily", "A test wine may be stronger than all training wines. That is right so.",
    right = true},
  {"Yes, that is what min-max is for", "Only for the data whose minimum and maximum were used."},
}

code [[ squeezed:min(), squeezed:max() ]]

text [[
  # What a leak does

  Is it so bad to use the test set's own mean? Look at three cases. The first: ONE new wine
  comes in. Normalise it with its own mean.
]]

number "What is (x - mean) for a set of a single wine: which number stands in all 13 places?" {
  name = "single",
  answer = 0,
  tolerance = 1e-6,
  hints = {"What is the mean of one number?", "x minus x."},
  mistakes = {{1, "The standard deviation would be 1 if there were any spread. The difference is what counts."}},
}

text [[
  The second: a delivery of test wines that are all of cultivar 1. The net names them rightly,
  all or nearly all, if they are normalised with the training set's numbers.
]]

code [[
  places = {}
  for i = 1, #test_set do
    if test_set.y[i]:item() == 1 then places[#places + 1] = i end
  end
  ones = data.subset(test_set, places)
  scaler = data.Standardize():fit(train_set.x)
  accuracy(scaler:apply(ones.x), ones.y)
]]

predict "And normalised with their OWN mean and standard deviation?" {
  name = "own",
  reveal = "accuracy((ones.x - ones.x:mean(1)) / ones.x:std(1), ones.y)",
  within = 0.5,
  after = "Not even half. What made them cultivar 1 was that they lie off the middle; their own mean hides it.",
}

pause()

text [[
  The third is the dangerous one, since it *flatters*. Two kinds of parts, measured on Monday;
  on Tuesday the instrument reads 4 too much in one feature.
]]

code [[
  monday = data.gaussians(200, {distance = 4, seed = 1})
  tuesday = data.gaussians(200, {distance = 4, seed = 101})
  tuesday.x:add_(tensor{4, 0})
  honest = data.Standardize():fit(monday.x)
  learn(honest:apply(monday))
]]

predict "Tuesday's accuracy with Monday's mean and standard deviation, as in the factory where parts come one by one?" {
  name = "drift",
  reveal = "accuracy(honest:apply(tuesday.x), tuesday.y)",
  within = 0.15,
  after = "About a half: on Tuesday the net might as well throw a coin.",
}

predict "And the accuracy that a report would show if somebody normalised Tuesday with Tuesday's own numbers?" {
  name = "leak",
  reveal = "accuracy(data.Standardize():fit(tuesday.x):apply(tuesday.x), tuesday.y)",
  within = 0.1,
  after = [[
    About 97 %. The report used what no one has when the first part of Tuesday arrives: the
    mean of all parts of Tuesday. That is a leak.
  ]],
}

fix "This line of a colleague's script leaks. Repair it: the scaler may look at one of the sets only." {
  name = "repair",
  broken = [[
    both = tensor.cat({train_set.x, test_set.x}, 1)
    scaler = data.Standardize():fit(both)
    clean_train, clean_test = scaler:apply(train_set.x), scaler:apply(test_set.x)
  ]],
  solution = [[
    scaler = data.Standardize():fit(train_set.x)
    clean_train, clean_test = scaler:apply(train_set.x), scaler:apply(test_set.x)
  ]],
  check = all_of{variable "clean_train", variable "clean_test"},
  hints = {"What does the scaler look at? It may look at the training set only.", "`:fit(...)` is the place."},
  mistakes = {
    {[[scaler = data.Standardize():fit(test_set.x)
      clean_train, clean_test = scaler:apply(train_set.x), scaler:apply(test_set.x)]],
      "Now it looks at nothing but the test set: the wrong one is left."},
    {[[clean_train = data.Standardize():fit(train_set.x):apply(train_set.x)
      clean_test = data.Standardize():fit(test_set.x):apply(test_set.x)]],
      "No set may have a scaler of its own: one formula for both."},
  },
}

choice "Which are true? There may be several." {
  {"What is computed from data is computed from the training set: means, ranges, principal components.",
    "Whatever is fitted is part of the model.", right = true},
  {"Min-max is safe against outliers.", "One outlier sets the range: all others are squeezed together."},
  {"A net could learn the scale of raw features by itself, given a suitable rate and time.",
    "In principle: small weights for large features. Descent takes forever to get there.", right = true},
  {"After normalising, the training set has mean 0 and the test set nearly so.",
    "Nearly, if both were drawn alike; exactly would be a sign of a leak.", right = true},
}

try "Look at other pairs, or let the raw wines learn longer." {
  suggest = {
    "learn(train_set); print(accuracy(test_set.x, test_set.y))",
    "learn(data.MinMax():fit(train_set.x):apply(train_set)); print(accuracy(squeezed, test_set.y))",
    "plot.hist({{\"raw\", train_set.x[{{}, 1}]}, {\"normalised\", xtrain[{{}, 1}]}})",
  },
}

text [[
  Each feature has now the same spread, but features may still say the same thing twice:
  `:lesson 08` takes that out, too.
]]
