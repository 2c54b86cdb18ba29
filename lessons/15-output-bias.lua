-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "What a net should say before it has learnt anything" {
  topic = "the output bias as logarithm of the classes' shares",
  minutes = 12,
  needs = {"05-losses"},
  rows = {14},
}

text [[
  A factory makes 1000 parts, 50 of them faulty. Somebody who knows nothing else would say of
  any part: 95 % fine, 5 % faulty. A new net says 50 to 50. It wastes its first steps on
  learning what everybody knew. Can we tell it?
]]

code [[
  parts = data.unbalanced(1000, {share = 0.05, seed = 1})  -- 2: faulty

  function build(seed)
    gradus.seed(seed)
    local net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
    return nn.init.apply(net, "xavier_normal")                 -- biases 0
  end
]]

predict "A net gives both classes the share 1/2. What is its cross-entropy, whatever the labels are?" {
  name = "half",
  reveal = "nn.cross_entropy(tensor.zeros(1000, 2), parts.y)",
  within = 0.1,
  after = "ln 2 = 0.693: every part costs -log(1/2).",
}

number "Somebody says 0.95 fine, 0.05 faulty of every part. What is the mean loss? 950 parts cost -log 0.95, 50 cost -log 0.05. `math.log` helps." {
  name = "entropy",
  answer = "-(0.95 * math.log(0.95) + 0.05 * math.log(0.05))",
  tolerance = 0.003,
  hints = {
    "0.95 times -log 0.95, plus 0.05 times -log 0.05.",
    "`-(0.95 * math.log(0.95) + 0.05 * math.log(0.05))`, a number near 0.2.",
  },
  mistakes = {
    {3.047, "Both logarithms count the same there; but only 5 % of the parts are faulty: weigh them."},
    {0.0513, "That is the cost of a fine part. The faulty ones cost more."},
  },
  after = "The entropy of the shares. No net that ignores its inputs can do better.",
}

text [[
  The last layer adds its bias to the scores, and softmax follows. So which biases make
  softmax say 0.95 and 0.05 when the rest of the net says nothing?
]]

ask [[
  Write `log_shares(y, classes)`: a tensor with a number for each class, such that its softmax
  gives the classes' shares among the labels `y`. `y:eq(c):sum()` counts class c.
]] {
  name = "prior",
  solution = [[
    function log_shares(y, classes)
      local list = {}
      for c = 1, classes do
        list[c] = math.log(y:eq(c):sum():item() / y:numel())
      end
      return tensor(list)
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.log_shares
    if type(f) ~= "function" then return false, "There is no function `log_shares` yet." end
    local got = f(tensor{1, 2, 2, 2, 3, 3, 1, 2, 2, 2}, 3)
    if not tensor.is_tensor(got) or got:numel() ~= 3 then
      return false, "For three classes it must give a tensor of three numbers.", "shape"
    end
    local soft = got:detach():reshape(-1):softmax(1)
    return (soft - tensor{0.2, 0.6, 0.2}):abs():max():item() < 1e-4,
      "For shares 0.2, 0.6, 0.2 the softmax of yours is not that.", soft
  end),
  hints = {
    "Softmax takes exp of each score. What undoes exp?",
    "The logarithm of the share: then exp gives the share back, and the sum is 1 already.",
    "A loop `for c = 1, classes do ... end` that fills a list, then `tensor(list)`.",
  },
  mistakes = {
    {[[function log_shares(y, classes)
      local list = {}
      for c = 1, classes do list[c] = y:eq(c):sum():item() / y:numel() end
      return tensor(list)
    end]], "These are the shares. Softmax would take exp of them: their logarithm is wanted."},
    {[[function log_shares(y, classes)
      local list = {}
      for c = 1, classes do list[c] = -math.log(y:eq(c):sum():item() / y:numel()) end
      return tensor(list)
    end]], "With the minus the rarest class would get the largest share."},
  },
  variant = [[
    function log_shares(y, classes)
      return nn.init.log_prior_(tensor.zeros(classes), y)
    end
  ]],
  after = "log p(c), the logarithm of the prior. The counts' logarithms do as well: softmax does not see what is added to all.",
}

pause()

code [[
  told = build(1)
  autograd.no_grad(function()
    told[3].bias:copy_(log_shares(parts.y, 2))
    told[3].weight:mul_(0.1)             -- small: the bias decides at first
  end)
]]

predict "The first loss of `told`, before any step?" {
  name = "first",
  reveal = "nn.cross_entropy(told(parts.x), parts.y)",
  within = 0.3,
  after = "Near 0.2, as you computed: it begins where the other net has still to get to.",
}

pause()

text [[
  Now 100 steps each, with batches of 32 and five seeds.
]]

code [[
  function losses(prior)
    local runs = {}
    for seed = 1, 5 do
      local net = build(seed)
      net[3].weight:detach():mul_(0.1)
      if prior then net[3].bias:detach():copy_(log_shares(parts.y, 2)) end
      local opt = optim.SGD(net:parameters(), {lr = 0.05})
      local history = train.fit(net, {data = parts, epochs = 4, batch = 32,
        opt = opt, progress = "none"})
      runs[seed] = {table.unpack(history.steps, 1, 100)}
    end
    return runs
  end

  function mean_at(runs, from, to)       -- mean loss of these steps
    local sum = 0
    for _, run in ipairs(runs) do
      for step = from, to do sum = sum + run[step] end
    end
    return sum / #runs / (to - from + 1)
  end
]]

predict "The loss of the first ten steps WITHOUT the prior: how many times as large as with it?" {
  name = "early",
  run = "without, with = losses(false), losses(true)",
  reveal = "mean_at(without, 1, 10) / mean_at(with, 1, 10)",
  within = 0.5,
  after = "Three times or so: those steps only teach it the shares.",
}

predict "And of steps 81 to 100?" {
  name = "late",
  reveal = "mean_at(without, 81, 100) / mean_at(with, 81, 100)",
  within = 0.2,
  after = "About a third more. The prior buys a better start, not a better net: the other one is catching up.",
}

pause()

picture "The first 100 steps, five seeds each" {
  name = "steps",
  code = [[
    plot.loss({{"biases 0", without}, {"log of the shares", with}},
      {smooth = 0, xlabel = "step"})
  ]],
}

pause()

text [[
  With a single output and a sigmoid the same thought gives one number: the score for which the
  sigmoid is p.
]]

number "Which bias makes a sigmoid say 0.05?" {
  name = "sigmoid",
  answer = "math.log(0.05 / 0.95)",
  tolerance = 0.02,
  hints = {
    "1 / (1 + exp(-b)) = 0.05: solve for b.",
    "b = log(p / (1 - p)).",
  },
  mistakes = {
    {-2.9957, "That is log 0.05, right for softmax with a second class. Here it is log(p / (1 - p))."},
    {2.9444, "The sign: that would say 0.95."},
  },
  after = "-2.94. `nn.init.log_prior_(bias, labels)` does both cases.",
}

choice "Where does it help? There may be several." {
  {"one class is far more frequent than the others", "Then the first loss falls from ln 2 to 0.2, as here.",
    right = true},
  {"a detector that looks at thousands of places, nearly all of them empty",
    "Without it the first steps are ruined by the flood of empty places.", right = true},
  {"all classes are equally frequent", "Then log p(c) is the same for all, and softmax does not see it."},
}

choice "And the hidden layers: should their biases be set to something clever, too?" {
  {"No, 0 is fine", "They have no known answer; the random weights make the units different already.", right = true},
  {"Yes, to the log prior as well", "The prior belongs where the answer stands, at the output."},
}

try "Make faults rarer, or tell the net a wrong prior and see how soon it notices." {
  suggest = {
    "parts = data.unbalanced(1000, {share = 0.01, seed = 1}); print(nn.cross_entropy(told(parts.x), parts.y))",
    "mean_at(losses(true), 1, 10)",
    "nn.init.log_prior_(tensor.zeros(2), parts.y)",
  },
}

text [[
  For numbers instead of classes the same thought sets the output bias to the mean of the
  targets. `:lesson 16` ends this part with three ways to begin that go beyond the rules.
]]
