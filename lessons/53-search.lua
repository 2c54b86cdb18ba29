-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Searching: random, on a log scale, coarse to fine" {
  topic = "hyper-parameter search: log-uniform random draws, narrowing ranges",
  minutes = 22,
  needs = {"52-honest-choice"},
  rows = {36},
}

text [[
  A rate, a penalty, a width: nobody knows them in advance, so one tries. But how does one try
  well? Suppose a good rate may lie anywhere between 0.0001 and 10, and you draw rates evenly
  from this range.
]]

predict "How many per cent of the rates drawn are below 0.1?" {
  name = "uniform",
  run = [[
    gradus.seed(1)
    drawn = tensor.rand(100000) * (10 - 0.0001) + 0.0001
  ]],
  reveal = "100 * drawn:lt(0.1):mean():item()",
  unit = "%",
  within = 0.5,
  after = "One per cent, although 0.0001 to 0.1 are three of the five powers of ten. The small rates are hardly ever tried.",
}

text [[
  Rates work by *factors*: from 0.001 to 0.002 matters as much as from 1 to 2. So draw the
  logarithm evenly. With u even between 0 and 1:

      low * (high / low) ^ u
]]

ask "Write `draw(low, high)`: a random number between the two whose logarithm is even. `math.random()` gives u." {
  name = "draw",
  solution = [[
    function draw(low, high)
      return low * (high / low) ^ math.random()
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.draw
    if type(f) ~= "function" then return false, "There is no function `draw` yet." end
    gradus.seed(9)
    local below, n = 0, 4000
    for _ = 1, n do
      local v = f(1e-4, 10)
      if type(v) ~= "number" then return false, "It should return a number.", "kind" end
      if v < 1e-4 or v > 10 then return false, ("It gave %.3g, which is outside the range."):format(v), "outside" end
      if v < 0.1 then below = below + 1 end
    end
    local share = 100 * below / n
    return math.abs(share - 60) < 4, ("Now %.0f %% of the numbers lie below 0.1; three of the five powers of ten would be 60 %%."):format(share),
      share > 75 and "logs" or share < 20 and "even" or "other"
  end),
  hints = {
    "The formula from above, with `math.random()` in place of u.",
    "A power is written with `^`.",
  },
  mistakes = {
    {"function draw(low, high) return low + (high - low) * math.random() end",
      "That is even on the ordinary scale, the one from before."},
  },
  variant = [[
    function draw(low, high)
      local a, b = math.log(low), math.log(high)
      return math.exp(a + (b - a) * math.random())
    end
  ]],
  after = "In gradus a range of this kind is `train.log_uniform(1e-4, 10)`.",
}

number "A grid of 5 rates times 5 penalties takes 25 trials. How many different *rates* does the grid try? (25 random trials try 25.)" {
  answer = 5,
  unit = "rates",
  hints = {"The same five rates come back with each penalty."},
  mistakes = {{25, "That is the number of trials. The rates repeat."}},
  after = "If the penalty hardly matters, the grid has wasted 20 trials. Random draws do not repeat.",
}

text [[
  # Check what you read

  A well-known slide shows a first, coarse search with eleven trials: validation accuracy, rate
  and penalty. Here it is.
]]

code [[
  slide = {
    {0.412, 1.405206e-04, 4.793564e-01}, {0.4121, 1.405188e-04, 4.793564e-01},
    {0.208, 2.119571e-04, 8.011857e-01}, {0.196, 1.551131e-05, 4.374936e-05},
    {0.079, 1.753300e-05, 1.200424e-03}, {0.223, 4.215128e-05, 4.196174e-01},
    {0.441, 1.750259e-04, 2.110807e-04}, {0.241, 6.749231e-05, 4.226413e-01},
    {0.482, 4.296863e-04, 6.462555e-01}, {0.879, 5.481662e-06, 1.599826e-04},
    {0.154, 1.618508e-06, 4.925252e-01},
  }
]]

picture "The eleven trials: accuracy against the rate" {
  name = "slide",
  code = [[
    slide_rates, slide_scores = {}, {}
    for i, row in ipairs(slide) do
      slide_scores[i], slide_rates[i] = row[1], row[2]
    end
    plot.scatter(slide_rates, slide_scores, {xlog = true, xlabel = "rate",
      ylabel = "validation accuracy"})
  ]],
}

number "One trial is out of line with all the others. Which accuracy does it show?" {
  name = "misprint",
  answer = 0.879,
  tolerance = 0.002,
  hints = {"Look for the point high up on the left.", "Its rate is 0.0000055."},
  mistakes = {
    {0.482, "That is the best of those that agree with each other."},
    {0.079, "It is the lowest, but its neighbours on the left are low, too."},
    {0.208, "It is low for its rate; but a run may go badly. None goes as well as another one by accident."},
  },
}

choice "The slide goes on with a second search, with rates from 0.0001 to 0.001, and its best accuracy is 0.531. What do you make of the 0.879?" {
  {"A misprint, perhaps for 0.079", "Yes. Were it true, nobody would have narrowed the range to another place and been content with 0.531.", right = true},
  {"The best setting found", "Then why did the authors search elsewhere, and find only 0.531?"},
  {"A lucky seed", "Luck may give a few per cent; no seed makes 0.88 of 0.1."},
}

ask [[
  Narrow the range as they did: write `narrow(trials, n)`, which takes a list of
  {score, rate, ...} and returns the smallest and the largest rate among the n trials with the
  best scores. `trials` must stay as it is.
]] {
  name = "narrow",
  solution = [[
    function narrow(trials, n)
      local sorted = {table.unpack(trials)}
      table.sort(sorted, function(a, b) return a[1] > b[1] end)
      local low, high = math.huge, 0
      for i = 1, n do
        low, high = math.min(low, sorted[i][2]), math.max(high, sorted[i][2])
      end
      return low, high
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.narrow
    if type(f) ~= "function" then return false, "There is no function `narrow` yet." end
    local found = {}
    for _, case in ipairs{{{{0.1, 3}, {0.5, 2}, {0.4, 7}, {0.2, 1}}, 2, 2, 7}, {{{0.9, 5}, {0.8, 1}, {0.1, 9}}, 1, 5, 5},
        {{{0.3, 0.2}, {0.1, 0.1}, {0.2, 0.4}, {0.5, 0.3}}, 3, 0.2, 0.4}} do
      local trials = {table.unpack(case[1])}
      local low, high = f(trials, case[2])
      found[#found + 1], found[#found + 2] = tostring(low), tostring(high)
      if trials[1] ~= case[1][1] then return false, "The list was changed: sort a copy.", "changed" end
      if low ~= case[3] or high ~= case[4] then
        return false, ("Of %d trials, the best %d: expected %g and %g, got %s and %s."):format(
          #trials, case[2], case[3], case[4], tostring(low), tostring(high)), found
      end
    end
    return true
  end),
  hints = {
    "Copy the list first: `local sorted = {table.unpack(trials)}`.",
    "`table.sort(sorted, function(a, b) return a[1] > b[1] end)` puts the best first.",
    "Then go through the first n with `math.min` and `math.max`.",
  },
  mistakes = {
    {[[
      function narrow(trials, n)
        table.sort(trials, function(a, b) return a[1] > b[1] end)
        local low, high = math.huge, 0
        for i = 1, n do low, high = math.min(low, trials[i][2]), math.max(high, trials[i][2]) end
        return low, high
      end
    ]], "The right rates; but the caller's list is in another order now. Sort a copy."},
    {[[
      function narrow(trials, n)
        local sorted = {table.unpack(trials)}
        table.sort(sorted, function(a, b) return a[1] < b[1] end)
        local low, high = math.huge, 0
        for i = 1, n do low, high = math.min(low, sorted[i][2]), math.max(high, sorted[i][2]) end
        return low, high
      end
    ]], "These are the *worst* n: the larger score comes first."},
  },
}

code [[
  print("with the misprint:", narrow(slide, 4))
  slide[10][1] = 0.079
  print("mended:", narrow(slide, 4))
]]

number "With the misprint the upper end of the range is 78 times the lower one. And mended?" {
  name = "range",
  answer = 4.296863e-04 / 1.405188e-04,
  tolerance = 0.3,
  hints = {"Divide the second number of the last line by the first one."},
  mistakes = {
    {1.405188e-04 / 4.296863e-04, "The other way round: the larger one by the smaller."},
    {78, "That is the range with the misprint."},
  },
  after = "One wrong digit, and the second search would have looked in the wrong place.",
}

code [[
  finer = {
    {0.527, 5.340517e-04, 4.097824e-01}, {0.492, 2.279489e-04, 9.991395e-01},
    {0.512, 8.608827e-04, 1.349727e-02}, {0.461, 1.028377e-04, 1.220193e-02},
    {0.460, 1.113730e-04, 5.244399e-02}, {0.460, 1.113730e-04, 5.244399e-02},
    {0.460, 1.484369e-04, 4.328313e-03}, {0.522, 5.586261e-04, 2.312685e-04},
    {0.530, 5.808183e-04, 8.259964e-02}, {0.489, 1.979368e-04, 1.010889e-04},
    {0.459, 2.036031e-04, 2.406271e-03}, {0.459, 2.105031e-04, 2.406271e-03},
    {0.460, 1.135527e-04, 3.985040e-02}, {0.515, 6.947660e-04, 1.562800e-02},
    {0.531, 9.471549e-04, 1.433895e-03}, {0.509, 3.140888e-04, 2.857518e-01},
    {0.514, 6.438349e-04, 3.033781e-01}, {0.509, 9.752279e-04, 2.858855e-03},
    {0.509, 2.412048e-04, 4.997821e-04}, {0.466, 1.319314e-04, 1.189915e-02},
    {0.516, 8.039527e-04, 1.528291e-02},
  }
]] {quiet = true}

text [[
  And this is the second search of the slide, in the narrowed range, from 0.0001 to 0.001:
]]

code [[
  for i = 1, #finer, 2 do       -- accuracy, rate, penalty; two trials a line
    local line = ""
    for _, row in ipairs{finer[i], finer[i + 1]} do
      line = line .. ("%.3f  %.6e  %.6e     "):format(table.unpack(row))
    end
    print(line)
  end
]]

number "Rates drawn at random never fall on the same spot twice. Yet two of these trials are equal to the last digit: a line was copied by mistake. Which rate do they share?" {
  name = "copied",
  answer = 1.113730e-04,
  tolerance = 3e-7,
  hints = {"Compare the neighbours.", "Their accuracy is 0.46, their penalty 0.052."},
  mistakes = {
    {2.036031e-04, "Its neighbour has the same accuracy and penalty, but the rate differs in the second digit."},
    {2.105031e-04, "Its neighbour has the same accuracy and penalty, but the rate differs in the second digit."},
    {0.46, "That is their accuracy. Which rate do they share?"},
  },
}

picture "Both searches: the second one tries only where the first one was good" {
  name = "two searches",
  code = [[
    rates, scores, search = {}, {}, {}
    for k, list in ipairs{slide, finer} do
      for i, row in ipairs(list) do
        local n = #search + 1
        scores[n], rates[n], search[n] = row[1], row[2], k
      end
    end
    plot.scatter(rates, scores, {labels = search, classes = {"first", "second"},
      xlog = true, xlabel = "rate", ylabel = "validation accuracy"})
  ]],
}

choice "Where does the best trial of the second search stand?" {
  name = "edge",
  {"almost at the upper end of its range: one should go on beyond 0.001",
    "Yes, at 0.00095. A best value at the very edge says that the range was cut off there.", right = true},
  {"in the middle of its range, where it belongs", "Its rate is 0.00095, and the range ends at 0.001."},
  {"at the lower end of its range", "There stand the worst of the second search, with 0.46."},
}

text [[
  # Your own search

  A fifth of the digits to learn from, a fifth to choose by, the rest for the report at the end.
]]

code [[
  digits = data.digits()
  digits.x = digits.x / 16
  taught, valid, test = data.split(digits, {0.2, 0.2, 0.6}, {seed = 1})
  nn.quiet("nan")           -- a search meets wild rates: no remarks on them
]]

choice "A search measures a score for each trial and keeps the best. On which part should it measure?" {
  name = "part",
  {"on `valid`", "Yes: it chooses, so it needs data of its own.", right = true},
  {"on `taught`", "There the net that learns best by heart would win."},
  {"on `test`", "Then `test` has chosen, and nothing is left for an honest report."},
}

predict "One trial first. With a rate of 0.1 and a penalty of 0.001, after five rounds: which validation accuracy?" {
  name = "trial",
  run = [[
    rounds = 5
    function evaluate(s)          -- the rate s.lr, the penalty s.reg
      net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
      train.fit(net, {data = taught, epochs = rounds, batch = 40,
        progress = "none", opt = optim.SGD(net:parameters(),
          {lr = s.lr, momentum = 0.9, weight_decay = s.reg})})
      return metrics.accuracy(valid.y, train.predict(net, valid))
    end
    gradus.seed(1)
  ]],
  reveal = "evaluate{lr = 0.1, reg = 0.001}",
  within = 0.2,
  after = "Five rounds are hasty, but a coarse search may be: it only has to tell good from hopeless.",
}

ask [[
  Now search. Call `train.search` with a space for `lr` (1e-4 to 10) and `reg` (1e-5 to 1), both
  log-uniform, with the function `evaluate`, and with 16 trials. Keep the result as `coarse`.

      coarse = train.search({lr = ____, reg = ____}, evaluate, {trials = 16})
]] {
  name = "search",
  solution = [[
    coarse = train.search({lr = train.log_uniform(1e-4, 10), reg = train.log_uniform(1e-5, 1)},
      evaluate, {trials = 16})
  ]],
  check = that(function(answer)
    local r = answer.vars.coarse
    if type(r) ~= "table" or type(r[1]) ~= "table" then return false, "`coarse` should be what `train.search` returns." end
    if not r[1].lr or not r[1].reg then return false, "Both `lr` and `reg` belong into the space." end
    if #r < 16 then return false, ("16 trials are wanted; these are %d."):format(#r), #r end
    local small = 0
    for _, row in ipairs(r) do
      if row.lr < 1e-4 or row.lr > 10 then return false, "The rates should lie between 1e-4 and 10." end
      if row.lr < 0.1 then small = small + 1 end
    end
    return small > 4, "Hardly any rate is small: draw them with `train.log_uniform`.", "even"
  end),
  hints = {
    "`train.log_uniform(1e-4, 10)` is the range for `lr`.",
    "Fill in the two ranges; the rest stands there already.",
  },
  mistakes = {
    {[[
      coarse = train.search({lr = train.uniform(1e-4, 10), reg = train.uniform(1e-5, 1)},
        evaluate, {trials = 16, quiet = true})
    ]], "These ranges are even on the ordinary scale: hardly a small rate among them."},
  },
}

number "Read the table that it printed: at which rate was the validation accuracy best?" {
  name = "read",
  answer = "coarse[1].lr",
  relative = 0.06,
  hints = {"Go down the first column to its largest number; the rate stands beside it.",
    "`coarse` holds the trials, the best one first."},
  mistakes = {
    {"coarse[1].score", "That is the accuracy. The rate of this trial is asked for."},
    {"coarse[1].reg", "That is its penalty."},
  },
}

picture "Rate against penalty; the colour is the score; the best is marked" {
  name = "search picture",
  code = [[ plot.search(coarse) ]],
}

choice "What does the picture say?" {
  {"The rate matters, the penalty less", "Yes: good and bad part along the axis of the rate.", right = true},
  {"The penalty matters most", "Compare points of like rate: their colours are similar over most of the penalties."},
  {"Small rates are safe", "They are safe and slow: after five rounds they have hardly begun."},
}

text [[
  Now finer: `kind = "coarse to fine"` does the narrowing on its own, round after round, around
  the best fifth.
]]

predict "Twelve trials over the wide range, then twelve in the narrowed one. The worst of the *second* twelve has which validation accuracy?" {
  run = [[
    ranges = {lr = train.log_uniform(1e-4, 10), reg = train.log_uniform(1e-5, 1)}
    fine = train.search(ranges, evaluate,
      {kind = "coarse to fine", trials = 12, rounds = 2, quiet = true})
    worst = 1
    for i, row in ipairs(fine) do
      if row.round == 2 then worst = math.min(worst, row.score) end
    end
  ]],
  reveal = "worst",
  within = 0.3,
  after = "In the narrowed range even the worst is better than nearly all of the first round.",
}

code [[
  fine                          -- the best ten, each with its number
]]

code [[
  rounds = 30                   -- the best setting gets more time
]]

ask "Train once more with the best setting: `evaluate(fine[1])` leaves the net in `net`. Then report honestly: the accuracy of `net` on `test`, as `final`." {
  name = "report",
  solution = "evaluate(fine[1]) final = metrics.accuracy(test.y, train.predict(net, test))",
  check = that(function(answer)
    local v = answer.vars.final
    local truth = metrics.accuracy(test.y, train.predict(answer.vars.net, test))
    if type(v) ~= "number" then
      if truth > 0.88 then return "part", "The net is taught. Now `final`, its accuracy on `test`." end
      return false, "There is no number `final` yet."
    end
    if math.abs(v - truth) > 1e-9 then
      return false, "`final` is not the accuracy of `net` on `test`.",
        math.abs(v - metrics.accuracy(valid.y, train.predict(answer.vars.net, valid))) < 1e-9 and "valid" or "other"
    end
    return v > 0.88, ("%.2g: train `net` with the best setting first."):format(v)
  end),
  hints = {
    "Two statements: `evaluate(...)`, then `final = metrics.accuracy(...)`.",
    "The truth is `test.y`; the outputs are `train.predict(net, test)`.",
  },
  mistakes = {
    {"evaluate(fine[1]) final = metrics.accuracy(valid.y, train.predict(net, valid))",
      "The validation data have chosen the setting. They cannot judge it."},
  },
}

code [[
  metrics.accuracy(valid.y, train.predict(net, valid)), final
]]

choice "Which of these are true? There may be several." {
  {"On average the best validation score of a search promises too much.",
    "It was chosen as the largest of many. A single time the test may still come out better.", right = true},
  {"A best value at the very edge of its range calls for a wider range.",
    "The true best may lie beyond, as on the slide.", right = true},
  {"Widths should be drawn from `train.choice{16, 32, 64}` or on a log scale.", "They work by factors, too.", right = true},
  {"Grids are better than random draws, as they leave no gaps.", "In each single setting they leave more gaps."},
}

try "Search with another kind: a grid, or halving, which gives every trial a little time and more to the better half." {
  suggest = {[[train.search({lr = train.log_uniform(1e-3, 1)}, function(s) s.reg = 0 return evaluate(s) end, {kind = "grid", points = 5, quiet = true})]],
    [[train.search({lr = train.log_uniform(1e-4, 10), reg = train.choice{0, 1e-3}}, function(s, i, share) rounds = math.ceil(10 * share) return evaluate(s) end, {kind = "halving", trials = 8, quiet = true})]]},
}

text [[
  To remember: logarithms for whatever works by factors, random instead of a grid, coarse before
  fine, and a glance at each number that looks too good.
]]
