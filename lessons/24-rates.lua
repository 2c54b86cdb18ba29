-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "How large a step: rates, the finder, schedules" {
  topic = "the learning rate, its finder, its schedules",
  minutes = 25,
  needs = {"20-batches"},
  rows = {20, 21},
}

text [[
  If you may tune a single number, tune the learning rate. But between 0.00001 and 10 there is
  much room. How do you find a good one in a minute, and should it stay the same?
]]

-- A seed of the student's own, the same after `:back`.
fresh(function(random)
  code(("start = %d"):format(random(1, 999999))) {quiet = true}
end)

code [[
  raw = data.digits()
  set = data.set{x = raw.x / 16, y = raw.y, classes = raw.classes}
  digits, held_out = data.split(set, 0.2, {seed = start})
]]

number [[
  A net that knows nothing gives each of ten digits the probability 0.1. What is its
  cross-entropy? It is the yardstick for all that follows.
]] {
  answer = "math.log(10)",
  tolerance = 0.01,
  hints = {"Cross-entropy is minus the natural logarithm of the right class's probability.",
    "`-math.log(0.1)` may be typed here."},
  mistakes = {
    {1, "That is the logarithm to the base 10; the natural one is meant."},
    {0.1, "That is the probability. Its logarithm is wanted, with a minus."},
  },
}

code [[
  function new_net()
    gradus.seed(start)
    return nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 10))
  end
]] {quiet = true}

text [[
  `new_net()` makes a small net, always with the same first weights, and `fit` trains it:
]]

code [[
  function fit(rate)
    net = new_net()
    return train.fit(net, {data = digits, valid = held_out, epochs = 10,
      opt = optim.SGD(net:parameters(), {lr = rate}),
      metrics = {"accuracy"}, progress = "none"})
  end
]]

predict "Ten epochs with the rate 0.001. What is the loss on the training digits at the end?" {
  run = "slow = fit(0.001)",
  reveal = "slow.train[10]",
  within = 0.3,
  after = "It has hardly moved. Nothing is broken: the steps are hundreds of times too short.",
}

predict "Ten epochs with the rate 3?" {
  name = "too-high",
  run = "wild = fit(3)",
  reveal = "wild.train[10]",
  within = 5,
  after = "Far worse than knowing nothing: it is *sure* of wrong digits. No nan, no error, just a bad net.",
}

code [[
  runs = {{"0.001", slow.train}, {"0.01", fit(0.01).train},
    {"0.1", fit(0.1).train}, {"1", fit(1).train}, {"3", wild.train}}
]]

picture "A sweep of rates: too low is flat, too high is high, good falls" {
  name = "sweep",
  code = [[ plot.loss(runs, {ylog = true, xlabel = "epoch", smooth = 0}) ]],
}

choice "You see a loss that falls evenly and is still falling fast when training ends. What is your first try?" {
  {"A larger rate.", "Yes: it is on the low side. Factors of three or ten, not of 1.1.",
    right = true},
  {"A smaller rate.", "That would make it slower still."},
  {"More layers.", "First let this net train to its end."},
}

text [[
  # The finder

  Five runs for one number is a lot. The finder needs a single short one: it raises the rate
  after each batch, from far too low to far too high, and writes the loss down. The net gets
  its weights back afterwards.
]]

predict "At most a hundred batches, the rate rising from 0.001 to 10. Which rate will the finder suggest?" {
  name = "finder-guess",
  run = [[
    net = new_net()
    found = train.find_lr(net, {data = digits, low = 1e-3, high = 10,
      smooth = 0.7, diverge = 1.5})
  ]],
  reveal = "found.suggestion",
  within = 3,
  after = "How does it come to that? Look at its curve.",
}

picture "Loss against rate, in one short run" {
  name = "finder",
  code = [[ plot.find_lr(found) ]],
}

choice "Which rate do you take from this picture?" {
  {"The lowest point of the curve.",
    "There it is about to blow up; the curve lags a little behind the damage."},
  {"Where it falls most steeply, or a little lower.",
    "Yes: there each batch brings most, and there is some room to the cliff.", right = true},
  {"Where it begins to fall.", "Safe, but slow: a tenth of what is possible."},
}

ask "Make `good`: a run of `fit` with a rate you trust, so that the training loss ends below 0.1." {
  name = "good",
  solution = "good = fit(0.8)",
  check = that(function(answer)
    local h = answer.vars.good
    if type(h) ~= "table" or not h.train then return false, "`good = fit(...)` gives a history." end
    local loss = h.train[#h.train]
    if not loss then return false, "There is no epoch in it." end
    return loss < 0.1, ("The loss ends at %.3g; it should be below 0.1."):format(loss), loss
  end),
  hints = {
    "The finder printed a suggestion. Something near it will do.",
    "Between 0.5 and 1.2 all goes well: `good = fit(...)`.",
  },
  mistakes = {
    {"good = fit(0.01)", "Too low: after ten epochs it has only begun. The finder suggests more."},
    {"good = fit(3)", "Beyond the cliff of the finder's curve: it diverges."},
  },
}

text [[
  # Large first, small later

  With small batches the gradients are noisy, and a large rate keeps the weights shaking around
  the minimum. A *schedule* lowers the rate with the epoch t. A lecture's rule is

      rate = rate0 / (1 + gamma t)
]]

number "rate0 is 0.4 and gamma 0.1. What is the rate in epoch t = 30?" {
  name = "inverse",
  answer = 0.1,
  tolerance = 1e-6,
  hints = {"1 + 0.1 times 30 is 4.", "0.4 divided by that."},
  mistakes = {
    {0.04, "0.4 is divided by 1 + 0.1 * 30."},
    {"0.4 * 0.9 ^ 30", "That is an exponential decay. This one falls more slowly and more slowly."},
  },
}

text [[
  In gradus each schedule is an object: made around an optimiser it sets its rate, made around
  a number it can be plotted. `lr_at(t)` tells the rate at any t.
]]

code [[
  S = optim.lr_scheduler
  shapes = {
    {"1/(1 + t)", S.InverseTimeLR(1, 1)}, {"step", S.StepLR(1, 7, 0.3)},
    {"exponential", S.ExponentialLR(1, 0.85)},
    {"cosine", S.CosineAnnealingLR(1, 20)},
    {"one cycle", S.OneCycleLR(1, 1, 21)}, {"warm-up", S.WarmupLR(1, 5)},
  }
]]

choice "Which of the six let the rate rise at first? Guess by their names." {
  {"one cycle and warm-up", "Yes: the first steps are small, while gradients are large. One cycle then falls to almost nothing.",
    right = true},
  {"cosine and exponential", "Both fall from the first epoch on, one slowly at first, one at once."},
  {"step", "It holds its rate and falls every seventh epoch."},
}

picture "Six schedules over 20 epochs" {
  name = "schedules",
  code = [[ plot.schedule(shapes, {steps = 20}) ]],
}

ask [[
  Write one of your own, as a factor for the rate. `factor(t)` warms up: 0.25, 0.5, 0.75 and 1
  for t = 0, 1, 2, 3. From t = 4 on it is half a cosine wave down to 0 at t = 20:
  (1 + cos(pi (t - 4) / 16)) / 2.
]] {
  name = "factor",
  solution = [[
    function factor(t)
      if t < 4 then return (t + 1) / 4 end
      return (1 + math.cos(math.pi * (t - 4) / 16)) / 2
    end
  ]],
  check = behaves("factor", {{0}, {3}, {4}, {12}, {20}}),
  hints = {
    "Two cases: `if t < 4 then return ... end`, and below it the cosine.",
    "The warm-up is (t + 1) / 4. Lua writes the rest with `math.cos` and `math.pi`.",
  },
  mistakes = {
    {[[function factor(t) if t < 4 then return t / 4 end
      return (1 + math.cos(math.pi * (t - 4) / 16)) / 2 end]],
      "With t / 4 the rate of the first epoch is 0: it would be wasted."},
    {[[function factor(t) if t < 4 then return (t + 1) / 4 end
      return (1 + math.cos(math.pi * t / 20)) / 2 end]],
      "The wave has to begin at t = 4, with 1: use t - 4, over 16 epochs."},
  },
}

text [[
  A hard case: batches of 8, the rate 1.5. `train.fit` steps a schedule after each epoch.
]]

code [[
  function scheduled(make, rate)
    net = new_net()
    local opt = optim.SGD(net:parameters(), {lr = rate or 1.5})
    return train.fit(net, {data = digits, valid = held_out, epochs = 20,
      batch = 8, opt = opt, scheduler = make and make(opt),
      metrics = {"accuracy"}, progress = "none"})
  end
]]

predict "Twenty epochs at the constant rate 1.5: which share of the held-out digits will be read rightly?" {
  name = "constant",
  run = "constant = scheduled()",
  reveal = "constant.epochs[20].valid_accuracy",
  within = 0.5,
  after = "The steps are so long that the net forgets as it learns, and it is chance where it stands at the end.",
}

predict "And with your schedule?" {
  name = "mine",
  run = "mine = scheduled(function(opt) return S.LambdaLR(opt, factor) end)",
  reveal = "mine.epochs[20].valid_accuracy",
  within = 0.03,
  after = "The same net, the same data, the same number of steps: only the rate falls.",
}

code [[
  inverse = scheduled(function(opt) return S.InverseTimeLR(opt, 0.5) end)
  plateau = scheduled(function(opt)
    return S.ReduceLROnPlateau(opt, {patience = 1, factor = 0.3})
  end)
]]

code [[
  rates = plot.curve({{"constant", constant:column("lr")}, {"mine", mine:column("lr")},
    {"inverse", inverse:column("lr")}, {"plateau", plateau:column("lr")}},
    {xlabel = "epoch", ylabel = "rate"})
  losses = plot.curve({{"constant", constant.train}, {"mine", mine.train},
    {"inverse", inverse.train}, {"plateau", plateau.train}},
    {xlabel = "epoch", ylabel = "training loss", ylog = true})
]] {quiet = true}

picture "Rate and loss against the epoch" {
  name = "rate-and-loss",
  code = [[ plot.grid({rates, losses}, {columns = 2}) ]],
}

choice "All four nets saw the same digits as often. Which reached the lowest loss, and what did it do?" {
  {"mine: it kept a high rate for long and brought it to 0 at the end",
    "Yes: far ways first, calm at the end.", right = true},
  {"inverse: it lowered the rate at once", "It leads for a while. But its rate falls ever more slowly: the steps stay too long for the bottom."},
  {"plateau: it waited until the loss stopped falling", "It does better than a constant rate. But it cuts only when the loss has stood still already."},
}

text [[
  Is a falling rate always better, then? Once more with a cautious 0.1 in place of 1.5: there the
  steps are so short that their noise hardly matters.
]]

predict "At the constant rate 0.1 the training loss after 20 epochs is a little below 0.05. With your schedule?" {
  name = "cautious",
  run = "cautious = scheduled(function(opt) return S.LambdaLR(opt, factor) end, 0.1)",
  reveal = "cautious.train[20]",
  within = 0.5,
  after = "Worse. That net is still on its way: it lacks length of step, not calm, and a falling rate takes more of it.",
}

text [[
  *On plateau* looks at the validation loss: if it has not improved for more than `patience`
  epochs, it multiplies the rate by `factor`.
]]

number [[
  The rate is 0.8, patience 1, factor 0.5. The validation losses are 1.0, 0.9, 0.95, 0.92,
  0.93. What is the rate after them?
]] {
  name = "plateau",
  answer = [[(function()
    local s = optim.lr_scheduler.ReduceLROnPlateau(0.8, {patience = 1, factor = 0.5})
    for _, loss in ipairs{1.0, 0.9, 0.95, 0.92, 0.93} do s:step(loss) end
    return s:get_last_lr()[1]
  end)()]],
  tolerance = 1e-6,
  hints = {
    "The best is 0.9. How many epochs in a row are not better than that?",
    "More than one bad epoch in a row: the second one (0.92) lowers the rate, and the count begins anew.",
  },
  mistakes = {
    {0.8, "0.95 and 0.92 are two epochs without a new best. That is more than 1."},
    {0.1, "Not each bad epoch lowers it: only when there are more than `patience` in a row."},
    {0.2, "After lowering, the count begins again: 0.93 is the first bad one."},
  },
}

fix [[
  A friend's rates fall far too fast: with a schedule that halves the rate each epoch, the
  rate after two epochs should be a quarter. Repair `my_fit`.
]] {
  name = "per-epoch",
  broken = [[
    function my_fit(net, opt, scheduler, epochs)
      for e = 1, epochs do
        for x, y in data.batches(digits, 32) do
          opt:zero_grad()
          nn.cross_entropy(net(x), y):backward()
          opt:step()
          scheduler:step()
        end
      end
    end
  ]],
  solution = [[
    function my_fit(net, opt, scheduler, epochs)
      for e = 1, epochs do
        for x, y in data.batches(digits, 32) do
          opt:zero_grad()
          nn.cross_entropy(net(x), y):backward()
          opt:step()
        end
        scheduler:step()
      end
    end
  ]],
  check = that(function(answer)
    if type(answer.vars.my_fit) ~= "function" then return false, "There is no `my_fit`." end
    local probe = nn.Linear(64, 10)
    local before = probe.weight:detach():clone()
    local opt = optim.SGD(probe:parameters(), {lr = 0.1})
    answer.vars.my_fit(probe, opt, optim.lr_scheduler.StepLR(opt, 1, 0.5), 2)
    local rate = opt.param_groups[1].lr
    if (probe.weight:detach() - before):abs():max():item() == 0 then
      return false, "The net is not trained any more.", "untrained"
    end
    return math.abs(rate - 0.025) < 1e-9,
      ("Beginning with 0.1, the rate after two epochs is %.3g; it should be 0.025."):format(rate), rate
  end),
  hints = {
    "How often is `scheduler:step()` called in an epoch?",
    "It belongs behind the `end` of the inner loop.",
  },
  mistakes = {
    {[[function my_fit(net, opt, scheduler, epochs)
      for e = 1, epochs do
        for x, y in data.batches(digits, 32) do
          opt:zero_grad() nn.cross_entropy(net(x), y):backward() opt:step()
        end
      end
      scheduler:step()
    end]], "Now it is called once in all. Once an *epoch* is wanted."},
  },
  after = "Some schedules, like one-cycle, do want a step a batch: read what t counts.",
}

choice "Which are true? There may be several." {
  {"A rate ten times too low looks like a net that cannot learn.",
    "In ten epochs, yes. Try a larger one before a larger net.", right = true},
  {"A falling rate calms the noise of small batches.", "The shaking is proportional to the rate.",
    right = true},
  {"The best rate is a property of the data alone.",
    "Batch size, optimiser, net and initialisation all move it."},
  {"Warm-up is for the end of training.", "For its start, while gradients are large and averages cold."},
}

try "Beat your schedule. Which one gives the lowest loss after 20 epochs?" {
  suggest = {
    "scheduled(function(opt) return S.StepLR(opt, 5, 0.3) end).train[20]",
    "lab.rates{seeds = 1}.figures.schedules",
    "plot.schedule({{\"restarts\", S.CosineAnnealingWarmRestarts(1, 5, 2)}}, {steps = 35})",
  },
}

text [[
  To remember: search rates by factors, look for the steep part before the cliff, and let the
  rate fall. Many a "my net does not learn" ends here.
]]
