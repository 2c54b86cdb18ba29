-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "One sample, thirty-two, or all of them" {
  topic = "batches: one sample, a few, all; iteration and epoch",
  minutes = 22,
  rows = {16},
}

text [[
  A training step needs a gradient. Should it be computed from every sample there is, or
  from one, or from a few? The first is exact and slow, the second fast and noisy.

  Here are 1797 handwritten digits, 8 by 8 pixels each. Four fifths are for training.
]]

-- A seed of the student's own, the same after `:back`.
fresh(function(random)
  code(("start = %d"):format(random(1, 999999))) {quiet = true}
end)

code [[
  raw = data.digits()
  set = data.set{x = raw.x / 16, y = raw.y, classes = raw.classes}
  digits, held_out = data.split(set, 0.2, {seed = start})
  #digits, #held_out
]]

text [[
  Two words first. An *iteration* is one step: forward, backward, update. An *epoch* is
  over when every training sample has been used once.
]]

number "With batches of 32, how many iterations make one epoch of our 1437 digits?" {
  answer = 45,
  unit = "iterations",
  hints = {
    "1437 / 32 is a little less than 45.",
    "The last batch is smaller than the others, but it is a batch.",
  },
  mistakes = {
    {44, "There are 44 full batches, and 29 digits are left over: they make one more."},
    {1437, "That is for batches of one digit: a step for each."},
    {32, "32 is the number of digits in a batch. How many batches are there?"},
  },
  after = "With batches of one it would be 1437, with all at once a single one.",
}

fresh(function(random)
  local samples, batch, epochs = random(3, 9) * 100, ({8, 16, 32})[random(3)], random(2, 6)
  local each = math.ceil(samples / batch)
  number(("%d samples, batches of %d, %d epochs: how many steps are that in all?"):format(
    samples, batch, epochs)) {
    name = "steps",
    answer = each * epochs,
    unit = "steps",
    hints = {
      "First the steps of one epoch: samples divided by the batch size, rounded up.",
      "Then times the epochs.",
    },
    mistakes = {
      {each, "That is one epoch."},
      {samples * epochs, "That would be with batches of one."},
    },
  }
end)

text [[
  `go(batch, rate, epochs)` trains a new net, always from the same first weights, and
  returns what happened: the history has the loss of every single step.
]]

code [[
  function go(batch, rate, epochs)
    gradus.seed(start)
    net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    return train.fit(net, {data = digits, batch = batch, epochs = epochs,
      opt = optim.SGD(net:parameters(), {lr = rate}),
      valid = held_out, metrics = {"accuracy"}, progress = "none"})
  end
]]

number "How many steps will `go(#digits, 0.05, 3)` make: all digits in one batch, three epochs?" {
  name = "full-steps",
  answer = 3,
  unit = "steps",
  hints = {"How many batches make an epoch if all digits are in one?", "One step an epoch."},
  mistakes = {
    {1, "That is one epoch. There are three."},
    {4311, "That would be with batches of one: three times 1437."},
    {135, "That would be with batches of 32."},
  },
}

predict [[
  Everyone gets this budget: three epochs, each digit seen three times. With all digits in one
  batch, which share of the held-out ones is read correctly afterwards? Guessing blindly: 0.1.
]] {
  name = "full",
  run = "all = go(#digits, 0.05, 3)",
  reveal = "all.epochs[3].valid_accuracy",
  within = 0.5,
  after = "Three epochs were only three steps. Three good steps, but three.",
}

predict "The same budget with batches of 32?" {
  run = "some = go(32, 0.05, 3)",
  reveal = "some.epochs[3].valid_accuracy",
  within = 0.2,
  after = "135 steps instead of three, for the same number of digits looked at.",
}

predict "And with batches of one, a step for every digit?" {
  name = "one",
  run = "one = go(1, 0.05, 3)",
  reveal = "one.epochs[3].valid_accuracy",
  within = 0.1,
  after = "4311 steps. So small batches win? It depends on what you count.",
}

code [[
  longer = go(#digits, 0.05, 135)       -- as many steps as batches of 32 made
]]

choice "Now 135 steps of each, and the loss against steps instead of digits. How will batches of 32 compare with all 1437?" {
  {"Hardly worse, for 1/45 of the work.", "Yes: in the next picture their curves lie on each other.", right = true},
  {"Much worse: 32 digits are not enough.", "The next picture says otherwise: the curves of 32 and of all lie on each other."},
  {"Better: noise helps.", "The curve for all will be the smoothest and as low. Noise costs here, but little."},
}

picture "Loss against steps: the first 135 of each" {
  name = "by-steps",
  code = [[
    plot.loss({
      {"batch 1", {table.unpack(one.steps, 1, 135)}},
      {"batch 32", some.steps},
      {"all", longer.steps}},
      {smooth = 0.8, xlabel = "step", title = "the same number of steps"})
  ]],
}

picture "Loss against digits seen: three epochs of each (batch 1: means of 32 steps)" {
  name = "by-digits",
  code = [[
    each = tensor(one.steps)[{{1, 4288}}]:reshape(134, 32):mean(2)
    plot.curve({{"batch 1", tensor.arange(134) * 32, each},
      {"batch 32", tensor.arange(135) * 32, some.steps},
      {"all", tensor.arange(3) * 1437, all.steps}}, {xlabel = "digits seen", ylabel = "loss"})
  ]],
}

choice "What do the two pictures say together?" {
  {"A large batch makes better steps, a small one makes more of them.",
    "Yes. Per step the large batch is the smoother, per digit the small one is far ahead.",
    right = true},
  {"Batches of one are best, always.",
    "Per digit they are, here. But a computer needs nearly as long for one digit as for 32."},
  {"The full batch needs only a better rate.",
    "A larger rate helps it, but three steps stay three steps."},
}

text [[
  # How noisy is a gradient?

  The gradient of a batch estimates that of all digits. `gradient(B)` draws B digits and gives
  the slope of the loss for one bias, in a net that has begun to learn. Each time it is
  another number. How much does it vary?
]]

code [[ some = go(32, 0.05, 1) ]] {quiet = true}

code [[
  function gradient(B)
    local set = data.subset(digits, tensor.randint(1, #digits, {B}):totable())
    net:zero_grad()
    nn.cross_entropy(net(set.x), set.y):backward()
    return net[3].bias.grad[1]:item()
  end
]]

ask [[
  Write `noise(B)`: call `gradient(B)` 200 times and return the standard deviation of what it
  gave, as a number.
]] {
  name = "noise",
  solution = [[
    function noise(B)
      local list = {}
      for k = 1, 200 do list[k] = gradient(B) end
      return tensor(list):std():item()
    end
  ]],
  check = that(function(answer)
    local f, one_batch = answer.vars.noise, answer.vars.gradient
    if type(f) ~= "function" then return false, "There is no function `noise` yet." end
    local seen = {}
    for i, B in ipairs{1, 8} do
      gradus.seed(7)
      local got = f(B)
      if type(got) ~= "number" then
        return false, "It must return a number: `:item()` makes one of a tensor.", "no number"
      end
      gradus.seed(7)
      local list = {}
      for k = 1, 200 do list[k] = one_batch(B) end
      seen[i] = math.floor(got / tensor(list):std():item() * 50 + 0.5) / 50
    end
    if seen[1] > 0.8 and seen[1] < 1.25 and seen[2] > 0.8 and seen[2] < 1.25 then return true end
    return false, ("For batches of 1 yours is %.3g times the standard deviation of 200 gradients, for 8 %.3g times."):format(
      seen[1], seen[2]), seen
  end),
  hints = {
    "A list, `local list = {}`, and a loop that fills it: `for k = 1, 200 do ... end`.",
    "`tensor(list):std():item()` is the standard deviation of a list, as a number.",
  },
  mistakes = {
    {[[function noise(B)
      local list = {}
      for k = 1, 200 do list[k] = gradient(B) end
      return tensor(list):mean():item()
    end]], "That is their mean, the gradient itself. How much they differ is wanted: `std`."},
    {[[function noise(B)
      local list = {}
      for k = 1, 200 do list[k] = gradient(B) end
      return tensor(list):var():item()
    end]], "That is the variance. Its root is the standard deviation, which has the unit of a gradient."},
    {[[function noise(B)
      local list, g = {}, gradient(B)
      for k = 1, 200 do list[k] = g end
      return tensor(list):std():item()
    end]], "200 times the same batch: call `gradient(B)` anew each time."},
  },
  after = "200 batches tell the noise to within a few per cent.",
}

predict [[
  A batch of 16 averages 16 digits. By which factor does the noise of the gradient change,
  compared with batches of one?
]] {
  run = "noise_1, noise_16 = noise(1), noise(16)",
  reveal = "noise_16 / noise_1",
  within = 0.4,
  after = [[
    About a quarter: a mean over B varies by one over the *root* of B. Sixteen times the work
    for a fourth of the noise. That is why batches of thousands rarely pay.
  ]],
}

code [[
  sizes, noises, rule = {1, 4, 16, 64, 256}, {}, {}
  for i, B in ipairs(sizes) do
    noises[i], rule[i] = noise(B), noise_1 / math.sqrt(B)
  end
]] {quiet = true}

picture "Noise of the gradient against the batch size: a straight line of slope -1/2" {
  name = "noise-curve",
  code = [[
    plot.curve({{"measured", sizes, noises}, {"1 / root of B", sizes, rule}},
      {xlog = true, ylog = true, points = true,
      xlabel = "batch size B", ylabel = "std of the gradient"})
  ]],
}

text [[
  # Write the loop

  So far `train.fit` did the work. The batches, shuffled anew each time, come from
  `for x, y in data.batches(digits, 32) do ... end`.
]]

code [[ cross_entropy = nn.CrossEntropyLoss() ]]

ask [[
  Write `epoch(net, opt, batch)`: one pass over `digits` in batches of that size, a step for
  each, with the loss `cross_entropy(net(x), y)`.
]] {
  name = "loop",
  solution = [[
    function epoch(net, opt, batch)
      for x, y in data.batches(digits, batch) do
        local loss = cross_entropy(net(x), y)
        opt:zero_grad()
        loss:backward()
        opt:step()
      end
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.epoch
    if type(f) ~= "function" then return false, "There is no function `epoch` yet." end
    local probe, steps, seen, why = nn.Linear(64, 10), 0, 0, nil
    probe:register_forward_hook(function(_, inputs) seen = seen + inputs[1]:size(1) end)
    local opt = optim.SGD(probe:parameters())
    function opt.zero_grad() probe:zero_grad() end
    function opt.step()
      local g = probe.bias.grad
      local size = g and g:abs():max():item() or 0
      if size == 0 then why = "A step is made before the gradients are there." end
      if size > 50 then why = "The gradients of the batch before are still there." end
      if g then g:fill_(100) end -- what is left of it in the next step was not cleared
      steps = steps + 1
    end
    f(probe, opt, 100)
    if seen ~= #digits then
      return false, ("The net saw %d digits in an epoch, not %d."):format(seen, #digits)
    end
    if steps == 1 then return false, "A whole epoch, but a single step." end
    if steps ~= 15 then
      return false, ("%d steps were made; 1437 digits in batches of 100 are 15."):format(steps)
    end
    if why then return false, why end
    return true
  end),
  hints = {
    "A `for` over `data.batches(digits, batch)`; in it forward, zero_grad, backward, step.",
    "`opt:zero_grad()` before `loss:backward()`, `opt:step()` after it, all within the loop.",
  },
  mistakes = {
    {[[function epoch(net, opt, batch)
      for x, y in data.batches(digits, batch) do
        cross_entropy(net(x), y):backward()
        opt:step()
      end
    end]], "`backward` adds to the gradients. Without `opt:zero_grad()` old ones pile up."},
    {[[function epoch(net, opt, batch)
      opt:zero_grad()
      for x, y in data.batches(digits, batch) do
        cross_entropy(net(x), y):backward()
      end
      opt:step()
    end]], "That collects the gradients of all batches and makes one step: a full batch in disguise."},
  },
  variant = [[
    function epoch(net, opt, batch)
      for x, y in data.batches(digits, batch, {shuffle = false}) do
        net:zero_grad()
        cross_entropy(net(x), y):backward()
        opt:step()
      end
    end
  ]],
}

code [[
  opt = optim.SGD(net:parameters(), {lr = 0.05})
  for e = 1, 10 do epoch(net, opt, 32) end
  metrics.accuracy(held_out.y, train.predict(net, held_out.x))
]]

text [[
  # Check what you read

  One of the lectures this course is made from averages the loss over all samples, but writes
  the mini-batch step with the *sum* of the gradients:

      w = w - rate * (g1 + g2 + ... + gB)

  The program beside it averages. Do the two make the same step?
]]

code [[
  x, y = digits.x[{{1, 32}}], digits.y[{{1, 32}}]      -- a batch
]]

ask [[
  `cross_entropy` averages over the batch. Make `summed`, the same loss with
  `{reduction = "sum"}`, and `ratio`: its value on these 32 digits divided by the averaged one.
]] {
  name = "ratio",
  solution = [[
    summed = nn.CrossEntropyLoss{reduction = "sum"}
    ratio = summed(net(x), y):item() / cross_entropy(net(x), y):item()
  ]],
  check = variable("ratio", equals(32, {tolerance = 1e-3})),
  hints = {
    "`nn.CrossEntropyLoss{reduction = \"sum\"}` makes the loss; call it like the other one.",
    "Divide `summed(net(x), y):item()` by the same of `cross_entropy`.",
  },
  mistakes = {
    {[[summed = nn.CrossEntropyLoss{reduction = "sum"}
      ratio = cross_entropy(net(x), y):item() / summed(net(x), y):item()]],
      "The other way round: the sum divided by the mean."},
  },
}

number [[
  A summed step over batches of 32 should be as long as an averaged step with rate 0.32.
  Which rate does it need?
]] {
  answer = 0.01,
  hints = {
    "The summed gradient is 32 times the averaged one.",
    "The step is rate times gradient: make the rate 32 times smaller.",
  },
  mistakes = {
    {0.32, "Then the step is 32 times too long, and likely diverges."},
    {10.24, "That makes the step longer still: the summed gradient is already the larger one."},
  },
  after = "With the sum a rate holds for one batch size only. The mean lets you change it freely.",
}

choice "Which are true? There may be several." {
  {"In full-batch descent one epoch is one iteration.", "One step uses all samples.", right = true},
  {"Stochastic gradients are wrong on average.",
    "No: the mean over random batches is the full gradient. They scatter around the truth."},
  {"Four times the batch halves the noise.", "The noise falls with the root of B.", right = true},
  {"Batches should come in a fixed order.", "Better shuffled: neighbours in a file are often alike."},
}

try "How do batch size and rate go together? Give the full batch a larger rate, batch 1 a smaller one." {
  suggest = {"go(#digits, 1, 30)", "go(1, 0.005, 3)", "go(256, 0.4, 10)",
    "lab.batch_size{seeds = 1}"},
}

text [[
  To remember: the gradient of a batch is a noisy mean. Small batches give many rough steps,
  large ones few smooth ones; 16 to 128 is the usual truce. Next, `:lesson 21` looks at where
  the steps go.
]]
