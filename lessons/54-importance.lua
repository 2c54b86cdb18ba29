-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Does the phone number matter? Permutation importance" {
  topic = "feature importance by permutation: difference and ratio, taught and unseen data",
  minutes = 17,
  needs = {"52-honest-choice"},
  rows = {37},
}

text [[
  A net predicts the rents of flats from five columns: size, age, house number, phone number, and
  the day on which the contract was signed. It fits its 60 flats almost exactly. Which columns does
  it use? And which *should* it?

  The data are made up, so we know the truth: size and age matter, the other three are noise.
]]

code [[
  gradus.seed(1)
  x = tensor.randn(560, 5)                  -- standardised columns
  y = x[{{}, 1}] * 2 + x[{{}, 2}] * x[{{}, 2}] + tensor.randn(560)
  y = y:reshape(-1, 1)
  names = {"size", "age", "house number", "phone", "day"}
  taught = data.set{x = x[{{1, 60}}], y = y[{{1, 60}}], features = names}
  unseen = data.set{x = x[{{61, 560}}], y = y[{{61, 560}}], features = names}
]]

number "The last `tensor.randn` adds noise with a variance of 1 to the rents. Below which mean squared error can no net come on *new* flats?" {
  name = "floor",
  answer = 1,
  tolerance = 0.05,
  hints = {"Suppose a net knew the rule exactly. What would it still get wrong?",
    "The mean square of the noise is its variance."},
  mistakes = {
    {0, "On flats it knows a net may remember the noise. The noise of a new flat nobody can guess."},
  },
}

code [[
  net = nn.Sequential(nn.Linear(5, 60), nn.Tanh(), nn.Linear(60, 60),
    nn.Tanh(), nn.Linear(60, 1))
  train.fit(net, {data = taught, epochs = 300, batch = 30, progress = "none",
    opt = optim.Adam(net:parameters(), {lr = 0.01})})
  function error_of(set)
    return metrics.mse(set.y, train.predict(net, set))
  end
  error_of(taught)
]]

predict "On the 60 flats it knows, the error is 0.008. And on the 500 unseen ones?" {
  reveal = "error_of(unseen)",
  within = 0.5,
  after = "Several times what is possible: this net has learnt its 60 flats by heart.",
}

text [[
  # Shuffle a column

  To see whether a net uses a column, destroy it: deal its values out to the flats at random. If
  the error rises, the net relied on it.

      x[{{}, j}]                 column j of x, all rows
      tensor.randperm(n)         the numbers from 1 to n in random order
      t:index_select(1, order)   t with its rows in that order
]]

ask [[
  Write `rise(net, set, j)`: by how much the mean squared error rises when column j is shuffled.
  Shuffle it in a `clone`: `set` stays as it is.
]] {
  name = "rise",
  solution = [[
    function rise(net, set, j)
      local x = set.x:clone()
      x[{{}, j}] = x[{{}, j}]:index_select(1, tensor.randperm(x:size(1)))
      return metrics.mse(set.y, net(x)) - metrics.mse(set.y, net(set.x))
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.rise
    if type(f) ~= "function" then return false, "There is no function `rise` yet." end
    gradus.seed(3)
    local set = {x = tensor.randn(300, 3)}
    set.y = set.x[{{}, 2}]:reshape(-1, 1):clone()
    local before = set.x:clone()
    local function second(x) return x[{{}, 2}]:reshape(-1, 1) + 0.5 end
    local ran, used = pcall(f, second, set, 2)
    if not ran and tostring(used):find("Linear(5", 1, true) then
      return false, "It should ask the net it is given; `error_of` always asks `net`.", "other net"
    end
    if not ran then error(used, 0) end
    local unused = f(second, set, 1)
    if tensor.is_tensor(used) then used, unused = used:item(), unused:item() end
    if type(used) ~= "number" then return false, "It should return a number.", "kind" end
    if (set.x - before):abs():max():item() > 0 then
      return false, "The data were changed. Work on a clone of `set.x`.", "changed"
    end
    if math.abs(unused) > 1e-6 then
      return false, ("For a column that is not used it gives %.3g, not 0."):format(unused), unused
    end
    -- a shuffled column differs from itself by twice its variance
    local want = 2 * before[{{}, 2}]:var():item()
    return math.abs(used - want) < 0.5 * want,
      ("For a column that is all there is, it gives %.3g; about %.3g was expected."):format(used, want), used
  end),
  hints = {
    "Three lines: a clone, the shuffled column put into it, the difference of two errors.",
    "`x[{{}, j}] = ...` puts values into a column.",
    "`metrics.mse(set.y, net(x))` is the error with the shuffled column; subtract the error with `set.x`.",
  },
  mistakes = {
    {[[
      function rise(net, set, j)
        local before = metrics.mse(set.y, net(set.x))
        set.x[{{}, j}] = set.x[{{}, j}]:index_select(1, tensor.randperm(set.x:size(1)))
        return metrics.mse(set.y, net(set.x)) - before
      end
    ]], "The right number; but the data are spoilt afterwards: the column stays shuffled."},
    {[[
      function rise(net, set, j)
        local x = set.x:clone()
        x[{{}, j}] = x[{{}, j}]:index_select(1, tensor.randperm(x:size(1)))
        return metrics.mse(set.y, net(x))
      end
    ]], "That is the error afterwards. The error from before is to be subtracted."},
    {[[
      function rise(net, set, j)
        local x = set.x:index_select(1, tensor.randperm(set.x:size(1)))
        return metrics.mse(set.y, net(x)) - metrics.mse(set.y, net(set.x))
      end
    ]], "This shuffles whole rows: every flat gets the rent of another. Only column j should move."},
    {[[
      function rise(net, set, j)
        local x = set.x:clone()
        x[{{}, j}] = 0
        return metrics.mse(set.y, net(x)) - metrics.mse(set.y, net(set.x))
      end
    ]], "This makes all flats alike in column j. Shuffled, they keep its values, but each gets another's."},
  },
}

predict "On the flats it was *taught*: how much does the error (0.008 before) rise if the phone numbers are shuffled? (The mean of ten shuffles.)" {
  name = "phone taught",
  run = [[
    function mean_rise(set, j)
      local sum = 0
      for i = 1, 10 do sum = sum + rise(net, set, j) / 10 end
      return sum
    end
  ]],
  reveal = "mean_rise(taught, 4)",
  within = 1,
  after = "Some two hundred times what it was: this net remembers flats by their phone numbers.",
}

predict "And on the *unseen* flats (about 4 before)?" {
  name = "phone unseen",
  reveal = "mean_rise(unseen, 4)",
  within = 1,
  after = "Next to nothing, beside an error of 4. There the phone number never helped, so nothing is lost without it.",
}

text [[
  `metrics.permutation_importance` does this for all columns and gives mean and spread.
]]

picture "The same net, judged on the flats it knows, and on others" {
  name = "bars",
  code = [[
    on_taught = metrics.permutation_importance(net, taught, {repeats = 10})
    on_unseen = metrics.permutation_importance(net, unseen, {repeats = 10})
    function bars(list, title)
      return plot.importance(list, {title = title, xrange = {-0.5, 8},
        xlabel = "rise of the error"})
    end
    plot.grid({bars(on_taught, "taught"), bars(on_unseen, "unseen")}, {columns = 2})
  ]],
}

choice "A column is important on the taught data and not on the unseen ones. What does that tell?" {
  {"The net overfits with this column", "Yes: it used the column to remember, not to understand.", right = true},
  {"The column is important", "For remembering the taught flats. For new ones it is useless."},
  {"The measure is broken", "It answers two questions: what the net uses, and what helps it."},
}

text [[
  # Difference or ratio?

  Instead of the difference one may take the quotient: error afterwards over error before. The
  order of the columns hardly changes. But how large are the numbers?
]]

code [[
  taught_ratio = metrics.permutation_importance(net, taught, {repeats = 10, ratio = true})
]]

predict "For the most important column on the taught flats (0.008 before): by what factor does the error rise?" {
  name = "ratio",
  reveal = "taught_ratio[1].mean",
  within = 1,
  after = "Hundreds. The error before was nearly zero, and a quotient by nearly nothing is huge. Compare ratios of different nets with care.",
}

number "On the unseen flats a useless column has a ratio of about ...?" {
  answer = 1,
  tolerance = 0.1,
  hints = {"The error is about the same before and after.", "Equal numbers, divided by each other."},
  mistakes = {{0, "That is its *difference*. Equal numbers divided by each other give something else."}},
}

ask "Now help the net: teach a new one, `better`, on the two columns that matter alone, `taught.x[{{}, {1, 2}}]`, in the same way, and keep its error on the unseen flats as `better_error`. Such a net begins with `nn.Linear(2, 60)`." {
  name = "better",
  solution = [[
    better = nn.Sequential(nn.Linear(2, 60), nn.Tanh(), nn.Linear(60, 60), nn.Tanh(), nn.Linear(60, 1))
    train.fit(better, {data = {x = taught.x[{{}, {1, 2}}], y = taught.y}, epochs = 300, batch = 30,
      progress = "none", opt = optim.Adam(better:parameters(), {lr = 0.01})})
    better_error = metrics.mse(unseen.y, train.predict(better, unseen.x[{{}, {1, 2}}]))
  ]],
  check = that(function(answer)
    local net2, e = answer.vars.better, answer.vars.better_error
    if type(net2) ~= "table" or not net2.parameters then return false, "There is no net `better` yet." end
    if type(e) ~= "number" then return "part", "There is no number `better_error` yet." end
    local truth = metrics.mse(unseen.y, train.predict(net2, unseen.x[{{}, {1, 2}}]))
    local on_taught_flats = metrics.mse(taught.y, train.predict(net2, taught.x[{{}, {1, 2}}]))
    if math.abs(truth - e) > 1e-4 then
      return false, "`better_error` is not the error of `better` on the unseen flats.",
        math.abs(on_taught_flats - e) < 1e-4 and "taught" or "other"
    end
    return e < error_of(unseen), ("%.3g is no better than before."):format(e), e
  end),
  hints = {
    "Take the code from the beginning, with `better` for `net` and two columns.",
    "`{x = taught.x[{{}, {1, 2}}], y = taught.y}` will do as data.",
    "The error: `metrics.mse(unseen.y, train.predict(better, unseen.x[{{}, {1, 2}}]))`.",
  },
  mistakes = {
    {[[
      better = nn.Sequential(nn.Linear(2, 60), nn.Tanh(), nn.Linear(60, 60), nn.Tanh(), nn.Linear(60, 1))
      train.fit(better, {data = {x = taught.x[{{}, {1, 2}}], y = taught.y}, epochs = 300, batch = 30,
        progress = "none", opt = optim.Adam(better:parameters(), {lr = 0.01})})
      better_error = metrics.mse(taught.y, train.predict(better, taught.x[{{}, {1, 2}}]))
    ]], "This is its error on the flats it was taught."},
  },
  after = "Fewer columns, a smaller error: what is not there cannot be learnt by heart.",
}

choice "Which of these are true of permutation importance? There may be several." {
  {"It needs no gradients and works for any model.", "Only predictions are needed.", right = true},
  {"It tells what would happen if the net were trained without the column.", "No: the net is the same; it was only asked with a spoilt column."},
  {"Of two columns that say the same, each may look unimportant.", "While one is shuffled, the other still tells.", right = true},
  {"It depends on which data one takes.", "You have seen how much.", right = true},
}

try "Copy the size into the column of the day, train a new net, and see how the two share their importance." {
  suggest = {"taught.x[{{}, 5}] = taught.x[{{}, 1}]",
    "unseen.x[{{}, 5}] = unseen.x[{{}, 1}]",
    "net = nn.Sequential(nn.Linear(5, 60), nn.Tanh(), nn.Linear(60, 1))",
    "train.fit(net, {data = taught, epochs = 300, batch = 30, progress = \"none\", opt = optim.Adam(net:parameters(), {lr = 0.01})})",
    "plot.importance(metrics.permutation_importance(net, unseen))"},
}

text [[
  To remember: judge importance on data that the net has not seen, and be suspicious of columns
  that matter only on those it has. `lab.importance()` finds the noise among real features of
  patients.
]]
