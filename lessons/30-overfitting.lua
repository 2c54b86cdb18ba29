-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Too small, too large, too long" {
  topic = "under- and overfitting, capacity, early stopping",
  minutes = 22,
  needs = {"24-rates"},
  rows = {22, 24},
}

text [[
  A net can learn its training data by heart, noise and all. Then it is brilliant at home and
  poor abroad. How does one notice, and what can one do about it?

  Fifteen points of a sine wave, each with noise of standard deviation 0.25, to learn from;
  200 others, made in the same way, to test it.
]]

code [[
  few = data.sine(15, {noise = 0.25, seed = 1})
  fresh_points = data.sine(200, {noise = 0.25, seed = 99})
]]

number [[
  Suppose somebody knows the sine itself and predicts it exactly. What is the mean squared
  error on the *noisy* fresh points, about?
]] {
  answer = 0.0625,
  tolerance = 0.004,
  hints = {
    "What is left of each point after the sine is taken away is the noise alone.",
    "The mean square of noise with standard deviation s is s^2.",
  },
  mistakes = {
    {0, "The sine is hit exactly, but the points lie beside it: by the noise."},
    {0.25, "That is the standard deviation; the *squared* error is asked for."},
  },
  after = "No net can do better than that on fresh points. Keep the number in mind.",
}

text [[
  `fit(width)` trains a net with two hidden layers of that width for 1500 epochs. A net of
  width 1 can only rise or only fall; one of width 32 can do almost anything.
]]

code [[
  function fit(width, stop)     -- stop: a rule for stopping early, or none
    gradus.seed(5)
    local net = nn.Sequential(nn.Linear(1, width), nn.Tanh(),
      nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))
    return train.fit(net, {data = few, valid = fresh_points, epochs = 1500,
      batch = 15, opt = optim.Adam(net:parameters(), {lr = 0.01}),
      early_stop = stop, progress = "none"}), net
  end
]]

number "How many parameters has the net of width 32? Its layers are 1 to 32, 32 to 32, and 32 to 1." {
  answer = 1153,
  unit = "parameters",
  hints = {
    "A layer from n to m has n times m weights and m biases.",
    "64 for the first, 1056 for the second; then the last.",
  },
  mistakes = {
    {1088, "These are the weights alone. Each unit has a bias, too."},
    {65, "Count the weights of each layer as rows times columns."},
  },
  after = "1153 numbers to describe 15 points.",
}

predict "After 1500 epochs: what is the training loss of the net of width 32? (The noise alone is 0.0625.)" {
  run = "h32, net32 = fit(32)",
  reveal = "h32.train[1500]",
  within = 1,
  after = "Far below the noise: it has learnt the noise of these 15 points as well.",
}

predict "And its loss on the fresh points?" {
  name = "fresh",
  reveal = "h32.valid[1500]",
  within = 0.5,
  after = "More than twenty times its training loss. That gap is *overfitting*.",
}

code [[
  h1, net1 = fit(1)
  h4, net4 = fit(4)
  for _, h in ipairs{h1, h4, h32} do
    print(("train %.3f   fresh %.3f"):format(h.train[1500], h.valid[1500]))
  end
]]

picture "What the three nets have learnt, and the true sine" {
  name = "fits",
  code = [[
    grid = tensor.linspace(0, 1, 100):reshape(-1, 1)
    x = grid:reshape(-1)
    plot.fit(few.x:reshape(-1), few.y:reshape(-1), {
      curves = {{"width 1", x, train.predict(net1, grid):reshape(-1)},
        {"width 4", x, train.predict(net4, grid):reshape(-1)},
        {"width 32", x, train.predict(net32, grid):reshape(-1)}},
      truth = {x, (x * 2 * math.pi):sin()}})
  ]],
}

choice "Which of them is too stiff for a sine, whatever the data? That is called *underfitting*." {
  {"width 1", "Yes: it cannot turn back at the ends. Its training loss is the largest, too.",
    right = true},
  {"width 4", "It bends where the sine does: about what 15 points allow."},
  {"width 32", "It is too lively, and too good on its training data: the opposite."},
}

code [[
  widths, at_home, abroad = {1, 2, 4, 8, 16, 32}, {}, {}
  for i, width in ipairs(widths) do
    local h = fit(width)
    at_home[i], abroad[i] = h.train[1500], h.valid[1500]
  end
]]

picture "Loss against width: the training loss falls, the fresh one turns" {
  name = "capacity",
  code = [[
    plot.curve({{"training", widths, at_home}, {"fresh", widths, abroad}},
      {xlog = true, ylog = true, points = true, xlabel = "width",
      ylabel = "mean squared error"})
  ]],
}

choice "A net's training loss hardly falls. A lecture says: too little capacity, add units. What would you check first?" {
  {"The learning rate.", "Yes. A rate ten times too low looks just like that (`:lesson 24`).",
    right = true},
  {"The validation loss.", "It does not say why the *training* loss stands still."},
  {"The number of training samples.", "Fewer samples are easier to fit, not harder."},
}

text [[
  # Too long

  Width is one remedy. Here is another. The net of width 32 was not bad from the beginning:
  its loss on the fresh points went down before it went up.
]]

predict "Sketch the loss of width 32 on the fresh points against the epoch, from (1, 0.5) to (1500, 0.37)." {
  name = "sketch",
  reveal = "h32.valid",
  sketch = {x = "epoch", y = "loss on fresh points"},
  within = 0.25,
  after = "It has its lowest point, about 0.11, near epoch 450, and rises after that.",
}

picture "Training and validation loss of width 32" {
  name = "curves",
  code = [[
    plot.loss(h32, {ylog = true, xlabel = "epoch", smooth = 0})
  ]],
}

text [[
  *Early stopping* ends the training when the validation loss has stopped falling. But a curve
  has bumps, so one waits: for `patience` epochs in a row that are no better than the best so
  far by more than `min_delta`.
]]

ask [[
  Design the rule: `stop_at(losses, patience, min_delta)` returns the epoch in which training
  stops, or the last one if it never does. An epoch is better if its loss is below the best so
  far minus `min_delta`.
]] {
  name = "rule",
  solution = [[
    function stop_at(losses, patience, min_delta)
      local best, waited = math.huge, 0
      for epoch, loss in ipairs(losses) do
        if loss < best - min_delta then
          best, waited = loss, 0
        else
          waited = waited + 1
          if waited == patience then return epoch end
        end
      end
      return #losses
    end
  ]],
  check = behaves("stop_at", {{{1, 0.9, 0.8, 0.85, 0.84, 0.83}, 2, 0},
    {{1, 0.99, 0.98, 0.97}, 2, 0.05}, {{3, 2, 1}, 2, 0},
    {{5, 4, 4.5, 3, 3.5, 2.5, 2.6, 2.7}, 2, 0}, {{5, 4, 4.5, 4.2, 4.1, 1}, 3, 0}}),
  hints = {
    "Keep two numbers: the best loss so far, and how many epochs have passed since.",
    "`for epoch, loss in ipairs(losses) do`: if it is better, remember it and set the count to 0;",
    "... else count one up, and return `epoch` when the count reaches `patience`.",
  },
  mistakes = {
    {[[function stop_at(losses, patience, min_delta)
      local waited = 0
      for epoch = 2, #losses do
        if losses[epoch] < losses[epoch - 1] - min_delta then waited = 0 else
          waited = waited + 1
          if waited == patience then return epoch end
        end
      end
      return #losses
    end]], "That compares with the epoch before. After a jump up, a slow way back counts as progress."},
    {[[function stop_at(losses, patience, min_delta)
      local best, waited = math.huge, 0
      for epoch, loss in ipairs(losses) do
        if loss < best - min_delta then best = loss else
          waited = waited + 1
          if waited == patience then return epoch end
        end
      end
      return #losses
    end]], "The count is never set back to 0 when a better epoch comes."},
    {[[function stop_at(losses, patience, min_delta)
      local best, waited = math.huge, 0
      for epoch, loss in ipairs(losses) do
        if loss < best then best, waited = loss, 0 else
          waited = waited + 1
          if waited == patience then return epoch end
        end
      end
      return #losses
    end]], "`min_delta` is not used: a tiny gain should not count."},
  },
}

predict "Your rule on the real curve, with patience 3 and min_delta 0. In which epoch does it stop? (The valley is near 450.)" {
  name = "impatient",
  reveal = "stop_at(h32.valid, 3, 0)",
  unit = "epochs",
  within = 3,
  after = "At the first bump. 3 is the default in gradus; but here an epoch is a single step.",
}

ask [[
  Let gradus train with the rule built in. The second argument of `fit` is the rule, a table of
  options such as `{patience = 5, min_delta = 0}`. Train width 32 with a patience of 100, and keep
  both results, as `stopped, best_net`.
]] {
  name = "early",
  solution = "stopped, best_net = fit(32, {patience = 100})",
  check = that(function(answer)
    local h = answer.vars.stopped
    if type(h) ~= "table" or not h.epochs then
      return false, "`stopped` should be the history that `fit` returns."
    end
    if not h.best then return false, "It did not watch for early stopping.", "no rule" end
    if #h.epochs == 1500 then return false, "It never stopped.", "never" end
    if #h.epochs <= 450 then
      return false, ("It stopped in epoch %d, long before the valley."):format(#h.epochs), #h.epochs
    end
    if answer.vars.best_net then return true end
    return "part", "Keep the net, too: `stopped, best_net = fit(...)`."
  end),
  hints = {
    "`fit` returns the history and the net: `stopped, best_net = fit(...)`.",
    "The first argument is the width, the second a table: `{patience = ...}`.",
  },
  mistakes = {
    {"stopped, best_net = fit(32, {patience = 3})", "With patience 3 it stops at the first bump."},
    {"stopped, best_net = fit(32)", "That is the run without a rule: 1500 epochs."},
  },
  variant = "stopped, best_net = fit(32, {patience = 100, min_delta = 1e-6})",
}

code [[
  stopped, best_net = fit(32, {patience = 100})
  print(stopped.stopped)
  #stopped.epochs, stopped.best
]]

predict [[
  It stopped a hundred epochs after the best one. On the fresh points the loss was 0.1149 in the
  best epoch and 0.1171 in the last. What is the loss of `best_net`, the net you get back?
]] {
  name = "restored",
  reveal = "train.evaluate(best_net, fresh_points, nn.MSELoss())",
  within = 0.01,
  after = "The best weights are put back; the hundred epochs of waiting cost nothing but time.",
}

picture "Where it was best, and where it stopped" {
  name = "stop",
  code = [[
    plot.loss(stopped, {ylog = true, xlabel = "epoch", smooth = 0})
  ]],
}

choice "Which of these are mistakes? There may be several." {
  {"Stopping by the training loss.", "It goes on falling while the net overfits.", right = true},
  {"Reporting the validation loss of the best epoch as the loss to expect.",
    "It was chosen for being low: a third, untouched set tells the truth.", right = true},
  {"A patience of several epochs.", "No: curves have bumps."},
  {"Keeping the weights of the last epoch.", "They are `patience` epochs worse than the best.",
    right = true},
}

choice "What else would help this net on fresh points?" {
  {"More training points.", "Yes, the best remedy of all: try 200 in place of 15.", right = true},
  {"More epochs.", "That is what made it worse."},
  {"A wider net.", "It has room enough to learn noise already."},
}

try "How much do more points help? Make `few` larger and look at the gap again." {
  suggest = {
    "few = data.sine(100, {noise = 0.25, seed = 1})",
    "fit(32).valid[1500]",
    "stop_at(h32.valid, 30, 0)",
  },
}

text [[
  To remember: look at two curves, never at one. A gap that grows means overfitting: stop
  early, take more data, a smaller net, or one of the next lessons: penalties and dropout.
]]
