-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "What a net should say before it has learnt anything" {
  topic = "the output bias as logarithm of the classes' shares",
  minutes = 15,
  needs = {"05-losses"},
  rows = {14},
}

text [[
  A factory makes 1000 parts, 50 of them faulty. Somebody who knows nothing else would say of
  any part: 95 % fine, 5 % faulty. A new net says 50 to 50. It wastes its first steps on
  learning what everybody knew. Can we tell it?
]]

predict "A net gives both classes the share 1/2. What is its cross-entropy, whatever the labels are?" {
  name = "half",
  run = "parts = data.unbalanced(1000, {share = 0.05, seed = 1})   -- 2: faulty",
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
    {-3.047, "Both logarithms count the same there, weigh them by 0.95 and 0.05; and minus the whole."},
    {-0.1985, "The minus is missing: the logarithm of a share is negative, a cost is not."},
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

-- A seed of the student's own, the same after `:back`.
fresh(function(random)
  code(("start = %d"):format(random(1, 999999))) {quiet = true}
end)

code [[
  function build(k)                      -- the same k, the same weights
    gradus.seed(start + k)
    local net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
    nn.init.apply(net, "xavier_normal")  -- biases 0
    net[3].weight:detach():mul_(0.1)     -- small: the bias decides at first
    return net
  end
  told = build(1)
]]

ask [[
  Tell it: give the last layer of `told`, that is `told[3]`, your `log_shares` as its `bias`.
  `p:detach():copy_(t)` writes t into a parameter p.
]] {
  name = "tell",
  solution = "told[3].bias:detach():copy_(log_shares(parts.y, 2))",
  check = that(function(answer)
    local net = answer.vars.told
    if not nn.Module.is_module(net) or not nn.Module.is_module(net[3]) then
      return false, "`told` is no net any more. `told = build(1)` makes it again.", "lost"
    end
    local bias, weight = net[3].bias, net[3].weight
    if not tensor.is_tensor(bias) or bias:numel() ~= 2 or not bias.requires_grad then
      return false, "The bias is to stay a parameter of the net: write into it with `copy_`.", "replaced"
    end
    local soft = bias:detach():softmax(1)
    if weight:detach():abs():max():item() == 0 then
      return false, "Leave the weights of the layer: without them it could not tell the parts apart.", "weights"
    end
    return (soft - tensor{0.95, 0.05}):abs():max():item() < 1e-3,
      ("Softmax of the bias is now %.3g and %.3g; it should be the shares, 0.95 and 0.05."):format(
      soft[1]:item(), soft[2]:item()), soft
  end),
  hints = {
    "The parameter is `told[3].bias`, what is to be written `log_shares(parts.y, 2)`.",
    "`told[3].bias:detach():copy_(...)`",
  },
  mistakes = {
    {"told[1].bias:detach():copy_(tensor.ones(16) * log_shares(parts.y, 2)[1])",
      "That is the first layer. The shares belong where the answer stands, at the output."},
    {"told[3].bias:detach():copy_(log_shares(parts.y, 2):exp())",
      "Those are the shares themselves; softmax takes exp of them once more."},
    {"told[3].bias:detach():copy_(-log_shares(parts.y, 2))",
      "With this sign it calls nearly all parts faulty."},
  },
  variant = "nn.init.log_prior_(told[3].bias, parts.y)",
}

predict "The first loss of `told`, before any step?" {
  name = "first",
  reveal = "nn.cross_entropy(told(parts.x), parts.y)",
  within = 0.3,
  after = "Near 0.2, as you computed: it begins where the other net has still to get to.",
}

code [[
  function run(net)                 -- the losses of 100 steps, batches of 100
    local opt = optim.SGD(net:parameters(), {lr = 0.05})
    return train.fit(net, {data = parts, epochs = 10, batch = 100,
      opt = opt, progress = "none"}).steps
  end
  untold = run(build(1))
]]

predict "The net that was told nothing begins at a loss of 0.69. After how many of its 100 steps is it where `told` begins, at 0.2?" {
  name = "late",
  reveal = [[ (function()
    for step, loss in ipairs(untold) do if loss < 0.2 then return step end end
    return 100
  end)() ]],
  unit = "steps",
  within = 0.5,
  after = "Most of its steps went into learning what everybody knew.",
}

code [[
  without, with = {}, {}
  for k = 1, 5 do
    without[k] = run(build(k))
    local net = build(k)
    nn.init.log_prior_(net[3].bias, parts.y)      -- your log_shares
    with[k] = run(net)
  end
]]

picture "The first 100 steps, five nets each" {
  name = "steps",
  code = [[
    plot.loss({{"biases 0", without}, {"log of the shares", with}},
      {smooth = 0, xlabel = "step"})
  ]],
}

predict "The mean loss of the first ten steps WITHOUT the prior: how many times as large as with it?" {
  name = "early",
  reveal = "tensor(without)[{{}, {1, 10}}]:mean() / tensor(with)[{{}, {1, 10}}]:mean()",
  within = 0.5,
  after = "Three times as large: those steps only teach it the shares.",
}

choice "What does the picture say about the last steps?" {
  {"The two nets come closer and closer.", "Yes: the prior buys a better start, not a better net.", right = true},
  {"The net that was told is better for ever.", "The gap shrinks at each step: the other one learns the shares as well."},
  {"The net that was told has learnt nothing.", "It falls, too: slowly, since what is left to learn is the hard part."},
}

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
    "net = build(1); nn.init.log_prior_(net[3].bias, 3 - parts.y); plot.loss({{\"told\", with[1]}, {\"told the opposite\", run(net)}}, {smooth = 0})",
    "nn.init.log_prior_(tensor.zeros(2), parts.y)",
  },
}

text [[
  For numbers instead of classes the same thought sets the output bias to the mean of the
  targets. `:lesson 16` ends this part with three ways to begin that go beyond the rules.
]]
