-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Choosing honestly: train, validation, test, folds" {
  topic = "splits and cross-validation: which data may decide what",
  minutes = 22,
  needs = {"01-first-steps"},
  rows = {35},
}

text [[
  How many units should a hidden layer have? You try seven widths and take the best. The best on
  *which data*? Today you make this choice honestly and dishonestly, and see what each costs.

  40 samples to learn from, 30 to test. And, since this is a lesson, the whole world: 3000 more
  samples, which nobody has in real life.
]]

code [[
  taught = data.moons(40, {noise = 0.35, seed = 11})
  test = data.moons(30, {noise = 0.35, seed = 21})
  world = data.moons(3000, {noise = 0.35, seed = 301})
]]

number "With 30 test samples: by how many per cent does a score move if one answer more is right?" {
  name = "grain",
  answer = 100 / 30,
  tolerance = 0.05,
  unit = "%",
  hints = {"One of 30 answers. How much is that of a hundred?"},
  mistakes = {
    {1 / 30, "That is the share. In per cent it is a hundred times as much."},
    {3, "Nearly: 100 / 30 is a little more."},
    {1, "That would be one of a hundred. Here it is one of 30."},
    {30, "That is how many there are. One of them weighs 100 / 30."},
  },
  after = "Keep it in mind: two nets whose scores differ by 3 % differ in a single answer.",
}

code [[
  function fit(width, set)        -- teaches a net with two hidden layers
    gradus.seed(1)
    local net = nn.Sequential(nn.Linear(2, width), nn.ReLU(),
      nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 2))
    train.fit(net, {data = set, epochs = 150, batch = 20, progress = "none",
      opt = optim.Adam(net:parameters(), {lr = 0.02})})
    return net
  end
  function right(net, set)
    return 100 * metrics.accuracy(set.y, train.predict(net, set))
  end
]]

predict "A net of width 64 learns the 40 samples. How many per cent of *them* does it get right?" {
  run = "wide = fit(64, taught)",
  reveal = "right(wide, taught)",
  unit = "%",
  within = 0.1,
}

predict "And of the world?" {
  reveal = "right(wide, world)",
  unit = "%",
  within = 0.1,
  after = "The score on the data it learnt from says little: a wide net can learn every accident by heart.",
}

picture "Seven widths, three judges" {
  name = "judges",
  code = [[
    widths = {1, 2, 4, 8, 16, 32, 64}
    by_taught, by_test, by_world = {}, {}, {}
    for i, width in ipairs(widths) do
      net = fit(width, taught)
      by_taught[i], by_test[i] = right(net, taught), right(net, test)
      by_world[i] = right(net, world)
    end
    plot.curve({{"the 40 taught", widths, by_taught}, {"the 30 test samples", widths, by_test},
      {"the world", widths, by_world}}, {points = true, xlog = true, xlabel = "width", ylabel = "% right"})
  ]],
}

choice "Whoever chooses the width by the *taught* samples, which width do they get in the end?" {
  {"one of the wide ones", "Yes: more units learn more by heart. The widest looks perfect, and is worse for the world than 8.", right = true},
  {"the one that is best for the world", "The world likes 8 best. This judge prefers wider ones."},
  {"a small one", "Small nets cannot learn by heart, so this judge dislikes them."},
}

text [[
  # The best of many

  So choose by the test samples, and report the best score found? That would be 90 %; but the
  nets that reach it are right for the world in 80 to 86 %. Why?

  Think of forty people who toss coins to answer 30 questions of yes or no. You keep the best.
]]

predict "The best of the forty: how many per cent of the 30 questions did they get right?" {
  name = "coins",
  run = [[
    gradus.seed(4)
    questions = tensor.randint(0, 1, {30})
    best = 0
    for person = 1, 40 do
      best = math.max(best, metrics.accuracy(questions, tensor.randint(0, 1, {30})))
    end
  ]],
  reveal = "100 * best",
  unit = "%",
  within = 0.2,
  after = "And for the next 30 questions they toss coins again: 50 %. Whoever was *chosen* by a score looks better in it than they are.",
}

text [[
  Hence three parts: *train* to learn, *validation* to choose, *test* to report, once, at the end.
]]

ask "Split `world` into three parts with shares 0.6, 0.2 and 0.2: `part_train`, `part_valid` and `part_test`. `data.split` takes a data set and a list of shares." {
  name = "split",
  solution = "part_train, part_valid, part_test = data.split(world, {0.6, 0.2, 0.2})",
  check = that(function(answer)
    local sizes = {}
    for i, name in ipairs{"part_train", "part_valid", "part_test"} do
      local part = answer.vars[name]
      if type(part) ~= "table" or not part.x then return false, ("There is no data set `%s` yet."):format(name) end
      sizes[i] = part.x:size(1)
    end
    return sizes[1] == 1800 and sizes[2] == 600 and sizes[3] == 600,
      ("The parts have %d, %d and %d samples; wanted are 1800, 600 and 600."):format(table.unpack(sizes)), sizes
  end),
  hints = {
    "Three names on the left of the equals sign, separated by commas.",
    "`data.split(world, {...})`, with the three shares in braces.",
  },
  mistakes = {
    {"part_train, part_valid, part_test = data.split(world, {0.2, 0.2, 0.6})", "The shares stand in the order of the parts: 0.6 is for training."},
  },
}

text [[
  # Folds

  With 40 samples one cannot spare 8 for validation: such a score is a matter of luck. *Folds* use
  every sample: cut the data into k parts; each part is left out once and judges the net that
  learnt from the others. The mean of the k scores decides.
]]

ask [[
  Write `folds(n, k)`: a list of k lists which hold the numbers from 1 to n, each number exactly
  once. Their lengths differ by one at most: `folds(7, 3)` has lists of 3, 2 and 2, in any order.
]] {
  name = "folds",
  solution = [[
    function folds(n, k)
      local list = {}
      for f = 1, k do list[f] = {} end
      for i = 1, n do
        local f = (i - 1) % k + 1
        list[f][#list[f] + 1] = i
      end
      return list
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.folds
    if type(f) ~= "function" then return false, "There is no function `folds` yet." end
    for _, case in ipairs{{6, 3}, {7, 3}, {40, 5}, {11, 4}} do
      local n, k = case[1], case[2]
      local list = f(n, k)
      local call = ("`folds(%d, %d)`"):format(n, k)
      if type(list) ~= "table" or #list ~= k then return false, call .. (" should give a list of %d lists."):format(k), {n, "count"} end
      local seen, count, least, most = {}, 0, n, 0
      for _, fold in ipairs(list) do
        if type(fold) ~= "table" then return false, call .. ": every entry should be a list.", {n, "kind"} end
        least, most = math.min(least, #fold), math.max(most, #fold)
        for _, i in ipairs(fold) do
          if seen[i] then return false, call .. (": the number %s stands in two folds."):format(tostring(i)), {n, "twice"} end
          seen[i] = true
          count = count + 1
        end
      end
      for i = 1, n do
        if not seen[i] then return false, call .. (": the number %d is in no fold."):format(i), {n, "lost"} end
      end
      if count ~= n then return false, call .. " holds numbers beyond n.", {n, "beyond"} end
      if most - least > 1 then return false, call .. (" has folds of %d and of %d."):format(most, least), {n, "uneven"} end
    end
    return true
  end),
  hints = {
    "First make k empty lists: `for f = 1, k do list[f] = {} end`.",
    "Then deal the numbers out like cards: number i goes to list `(i - 1) % k + 1`.",
    "Append with `list[f][#list[f] + 1] = i`.",
  },
  mistakes = {
    {[[
      function folds(n, k)
        local list, size = {}, n // k
        for f = 1, k do
          list[f] = {}
          for i = (f - 1) * size + 1, f * size do list[f][#list[f] + 1] = i end
        end
        return list
      end
    ]], "Where n is no multiple of k, the rest at the end is lost."},
    {[[
      function folds(n, k)
        local list, size = {}, n // k
        for f = 1, k do
          list[f] = {}
          for i = (f - 1) * size + 1, f == k and n or f * size do list[f][#list[f] + 1] = i end
        end
        return list
      end
    ]], "Nothing is lost, but the last fold gets the whole rest: 11 in 4 folds gives 2, 2, 2 and 5."},
  },
}

text [[
  A trap lies in the order of the data. The 150 irises come sorted: fifty of each species. Three
  folds, cut without shuffling, and a net that knows flowers well:
]]

code [[
  iris = data.iris()
  function florist(set)
    gradus.seed(1)
    local net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    train.fit(net, {data = set, epochs = 40, progress = "none",
      opt = optim.Adam(net:parameters(), {lr = 0.02})})
    return net
  end
]]

predict "How many per cent of the flowers does it name *wrongly*, on the mean of the folds?" {
  name = "sorted",
  run = [[
    unshuffled = train.cross_validate(iris, florist,
      {k = 3, shuffle = false, stratify = false})
  ]],
  reveal = "100 * (1 - unshuffled.mean)",
  unit = "%",
  within = 0.2,
  after = "All of them: each fold holds the one species that its net has never seen.",
}

ask "Do it again, with `shuffle = true` and a `seed` of 1, and keep the result as `shuffled`." {
  name = "shuffled",
  solution = "shuffled = train.cross_validate(iris, florist, {k = 3, shuffle = true, seed = 1})",
  check = that(function(answer)
    local r = answer.vars.shuffled
    if type(r) ~= "table" or not r.scores then return false, "`shuffled` should be what `train.cross_validate` returns." end
    if #r.scores ~= 3 then return false, ("Take 3 folds; these are %d."):format(#r.scores) end
    return r.mean > 0.9, ("The mean score is %.2g."):format(r.mean), r.mean
  end),
  hints = {"Take the line from above and change its options.", "`{k = 3, shuffle = true, seed = 1}`"},
  mistakes = {
    {"shuffled = train.cross_validate(iris, florist, {k = 3, shuffle = false, stratify = false})",
      "These folds are cut without shuffling again."},
  },
}

code [[ 100 * shuffled.mean ]]

text [[
  # The honest choice

  Back to the moons. `train.cross_validate` on the 40 taught samples, for each width: the test
  samples stay in the drawer.
]]

picture "Scores of the folds, and their means, for five widths" {
  name = "fold scores",
  code = [[
    list = {}
    for i, width in ipairs{1, 4, 8, 16, 64} do
      list[i] = {("width %d"):format(width),
        train.cross_validate(taught, function(set) return fit(width, set) end, {k = 5, seed = 1})}
    end
    plot.fold_scores(list, {ylabel = "share right"})
  ]],
}

choice "The means of the widths 4 to 64 lie within a twentieth of each other, the folds of any one of them a quarter or more. What do you do?" {
  {"Take one of the middle widths, and do not boast", "Yes. Forty samples cannot tell these widths apart; the simplest that is good enough will do.",
    right = true},
  {"Take the one with the highest mean: it is the best", "Another seed for the folds, and another one wins."},
  {"Try other seeds until one width is clearly ahead", "That is how one fools oneself: the seed would be chosen by the score."},
}

ask [[
  Choose a width by these folds, as `chosen`. Teach a net of this width on all 40 samples, and keep
  the one score that you may report, in per cent, as `final`.
]] {
  name = "report",
  solution = "chosen = 8 final = right(fit(chosen, taught), test)",
  check = that(function(answer)
    local chosen, final = answer.vars.chosen, answer.vars.final
    if type(chosen) ~= "number" then return false, "There is no number `chosen` yet." end
    if type(final) ~= "number" then return "part", "And `final`, the score that you report?" end
    if chosen < 2 or chosen > 64 then return false, "Choose one of the widths that did well in the folds.", "width" end
    local net = fit(chosen, taught)
    if math.abs(final - right(net, test)) < 0.01 then return true end
    local folds_mean = 100 * train.cross_validate(taught, function(set) return fit(chosen, set) end, {k = 5, seed = 1}).mean
    local kind = math.abs(final - right(net, taught)) < 0.01 and "taught"
      or math.abs(final - right(net, world)) < 0.01 and "world"
      or math.abs(final - folds_mean) < 0.01 and "folds" or "other"
    return false, "`final` is not what `right` says of this net and the test samples.", kind
  end),
  hints = {
    "`chosen` is a width, such as 8. The test samples have waited in the drawer for this.",
    "`fit` makes the net from the 40 samples, `right` gives its score on others.",
  },
  mistakes = {
    {"chosen = 8 final = right(fit(chosen, taught), taught)",
      "That is the score on the samples it learnt from, which it may know by heart."},
    {"chosen = 8 final = right(fit(chosen, taught), world)",
      "That would be the truth; but in real life nobody has the world. Report the test samples."},
    {"chosen = 8 final = 100 * train.cross_validate(taught, function(set) return fit(8, set) end, {k = 5, seed = 1}).mean",
      "That is what this width was chosen by, so it is a little too good."},
  },
  after = "One net, one look at the test samples, one number. Whatever it is, it stands.",
}

choice "Which of these are honest? There may be several." {
  {"Choosing the width by the mean of the folds, then reporting one score on the test data", "That is what the test data are for.",
    right = true},
  {"Looking at the test score after each change, and stopping at the best", "Then the test data have chosen, and their score is too good."},
  {"Standardising with the mean of all data before the split", "The test data have leaked into the training: fit the transform on the training part."},
  {"Shuffling before the folds are cut", "Unless the order means something, like days in a row.", right = true},
}

try "How much does the score of folds depend on their seed? And on their number?" {
  suggest = {"for s = 1, 5 do print(train.cross_validate(taught, function(set) return fit(8, set) end, {seed = s}).mean) end",
    "train.cross_validate(taught, function(set) return fit(8, set) end, {k = 10, seed = 1})"},
}

text [[
  To remember: data that chose cannot judge any more. Next: choosing among thousands of settings
  (`:lesson 53`).
]]
