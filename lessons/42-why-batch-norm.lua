-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Why batch norm: steeper rates, and an explanation that fell" {
  topic = "batch normalisation: learning rates, scale and shift, covariate shift",
  minutes = 22,
  needs = {"40-batch-norm"},
  rows = {29},
}

text [[
  Suppose a net starts well: ReLU, and weights by Kaiming He's rule. Does batch norm still buy
  anything? First a yardstick.
]]

number "Ten digits, and a net that knows nothing and says 10 % for each: what is its cross-entropy loss? (You may compute it: `math.log` is the natural logarithm.)" {
  answer = "math.log(10)",
  tolerance = 0.01,
  solution = "-math.log(0.1)",
  hints = {
    "The loss is minus the logarithm of the probability that was given to the right digit.",
    "That probability is 0.1 here.",
  },
  mistakes = {
    {"-math.log(0.1) / math.log(2)", "That is in bits. Losses use the natural logarithm, `math.log`."},
    {0.9, "The loss is the logarithm of the probability given to the right digit, with a minus."},
  },
  after = "2.3: remember this number. A net at 2.3 has learnt nothing.",
}

text [[
  Here are 700 handwritten digits, 8 x 8 pixels each, and 300 others to ask about later; and a
  hidden layer with a place for a norm.
]]

code [[
  digits = data.digits()
  some = data.set{x = digits.x[{{1, 1000}}] / 16, y = digits.y[{{1, 1000}}],
    classes = digits.classes}
  taught, unseen = data.split(some, 0.3, {seed = 1})
  function hidden(n, norm)      -- a hidden layer: linear, norm, ReLU
    return nn.Sequential(nn.Linear(n, 48), norm(48), nn.ReLU())
  end
]]

number "A net gets five rounds over the 700, in batches of 64. How many steps may it take?" {
  name = "steps",
  answer = 55,
  unit = "steps",
  hints = {"How many batches are 700 digits? The last one may be smaller.", "Eleven a round, five rounds."},
  mistakes = {
    {50, "Ten batches of 64 leave 60 digits over. They make a batch, too."},
    {11, "That is one round."},
    {54.7, "No step is done in part: the smaller batch at the end of a round is a step as well."},
    {3500, "That many digits pass by. A step takes 64 of them."},
  },
  after = "Not much for a net of five layers.",
}

code [[
  function trial(norm, rate)    -- the loss after five rounds
    gradus.seed(2)
    net = nn.Sequential(hidden(64, norm), hidden(48, norm),
      hidden(48, norm), hidden(48, norm), nn.Linear(48, 10))
    nn.init.apply(net, "kaiming_normal")
    h = train.fit(net, {data = taught, epochs = 5, batch = 64,
      opt = optim.SGD(net:parameters(), {lr = rate}), progress = "none"})
    return h.train[5]
  end
]]

predict "Plain gradient descent, and `nn.Identity`, which does nothing, in the place of a norm. The loss after five rounds at rate 0.1?" {
  run = "plain = trial(nn.Identity, 0.1)",
  reveal = "plain",
  within = 0.4,
}

predict "And at rate 1, ten times as large?" {
  run = "fast = trial(nn.Identity, 1)",
  reveal = "fast",
  within = 0.3,
  after = "It has learnt nothing: the first steps threw it off, and it never came back.",
}

predict "Now with batch norm, at the same rate 1?" {
  name = "rate 1",
  run = "normed = trial(nn.BatchNorm1d, 1)",
  reveal = "normed",
  within = 1,
  after = "A rate that ruins the plain net is a fine one for this net.",
}

ask "How many of the *unseen* digits does this net get right? `net` is the net of the last trial. Compute its accuracy with `metrics.accuracy` and `train.predict`." {
  name = "unseen",
  solution = "metrics.accuracy(unseen.y, train.predict(net, unseen))",
  hints = {
    "`train.predict(net, unseen)` gives the outputs, in eval mode.",
    "`metrics.accuracy` takes the truth first, `unseen.y`, then the outputs.",
  },
  mistakes = {
    {"metrics.accuracy(taught.y, train.predict(net, taught))", "These are the digits it was taught."},
    {"train.predict(net, unseen)", "These are the outputs for each digit. `metrics.accuracy` counts the right ones."},
    {"train.evaluate(net, unseen, nn.CrossEntropyLoss())", "That is the loss. The *share* of right answers is asked for."},
  },
}

picture "The loss after five rounds, at seven rates" {
  name = "rates",
  code = [[
    rates = {0.003, 0.01, 0.03, 0.1, 0.3, 1, 3}
    without, with = {}, {}
    for i, rate in ipairs(rates) do
      without[i] = trial(nn.Identity, rate)
      with[i] = trial(nn.BatchNorm1d, rate)
    end
    plot.curve({{"without", rates, without}, {"batch norm", rates, with}},
      {points = true, xlog = true, xlabel = "learning rate",
      ylabel = "loss after five rounds", yrange = {0, 3}})
  ]],
}

choice "Call a rate good if the loss ends below 1. What does batch norm do to the range of good rates?" {
  name = "range",
  {"It is wider, to both sides.", "Yes: 0.1 alone is good without it, all from 0.03 to 3 with it. And the best loss is far lower.", right = true},
  {"It moves to higher rates: low ones are bad now.", "Look at 0.03: it is good with batch norm, and bad without."},
  {"It stays; only the best loss is lower.", "Look at rate 1: the plain net has learnt nothing there."},
}

text [[
  # Spoil the layer before it

  Why does that work? Take one linear layer, followed by batch norm, and spoil its weights on
  purpose.
]]

code [[
  gradus.seed(3)
  x = tensor.randn(200, 4)
  linear, bn = nn.Linear(4, 5), nn.BatchNorm1d(5)
  calm = bn(linear(x)):detach()
  autograd.no_grad(function()
    linear.weight:mul_(10)      -- ten times as large
    linear.bias:add_(100)       -- and far away
  end)
]]

predict "What is the largest difference between `calm` and what batch norm gives now?" {
  name = "scale and shift",
  run = "loud = bn(linear(x)):detach()",
  reveal = "math.floor((loud - calm):abs():max():item() * 100 + 0.5) / 100",
  after = "None: batch norm takes away the shift and the scale of the layer before it. The next layer hears nothing of them.",
}

text [[
  And backwards? `slope(s)` gives the size of the gradient for the weights, if they are s times
  as large as before.
]]

code [[
  first = linear.weight:detach():clone()
  function slope(s)
    autograd.no_grad(function() linear.weight:copy_(first * s) end)
    linear:zero_grad()
    local loss = (bn(linear(x)) * x:sum(2, true)):sigmoid():mean()
    loss:backward()
    return linear.weight.grad:norm():item()
  end
  one = slope(1)
]]

predict "The weights become ten times as large. What becomes of their gradient: `slope(10) / one`?" {
  reveal = "slope(10) / one",
  within = 0.3,
  name = "slope",
  after = "A tenth. Weights that have grown too large move more slowly: a step that was too long makes the next ones safer.",
}

predict "The bias of `linear` gets a gradient, too. How large is it, at most?" {
  reveal = "math.floor(linear.bias.grad:abs():max():item() * 1e5 + 0.5) / 1e5",
  after = "Zero, up to rounding: batch norm subtracts the mean, and the bias with it. Its own beta does the work.",
}

ask [[
  So a layer in front of batch norm needs no bias. Write `block(n, m)`: a `nn.Sequential` of a
  linear layer from n to m without bias, batch norm, and a ReLU.
]] {
  name = "block",
  solution = [[
    function block(n, m)
      return nn.Sequential(nn.Linear(n, m, {bias = false}), nn.BatchNorm1d(m), nn.ReLU())
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.block
    if type(f) ~= "function" then return false, "There is no function `block` yet." end
    local b = f(6, 4)
    if type(b) ~= "table" or not b.parameters then return false, "It should return a net." end
    local y = b(tensor.randn(50, 6)):detach()
    if y:size(2) ~= 4 then return false, "The output should have m columns.", 1 end
    if y:min():item() < 0 then return false, "The ReLU comes last: no output is negative.", 2 end
    local n = 0
    for _, p in ipairs(b:parameters()) do n = n + p:numel() end
    if n == 6 * 4 + 3 * 4 then return false, "The linear layer still has a bias.", 3 end
    if y:gt(0):mean():item() > 0.7 or y:gt(0):mean():item() < 0.3 then
      return false, "Batch norm belongs before the ReLU.", 4
    end
    return n == 6 * 4 + 2 * 4, ("It has %d parameters; expected were 6 * 4 weights and 2 * 4 of batch norm."):format(n), n
  end),
  hints = {
    "Three layers in a row: `nn.Sequential(a, b, c)`.",
    "`nn.Linear` takes options as a table at the end: `{bias = false}`.",
    "Batch norm is told how many columns come in: m.",
  },
  mistakes = {
    {"function block(n, m) return nn.Sequential(nn.Linear(n, m), nn.BatchNorm1d(m), nn.ReLU()) end",
      "Right order; but the bias is still there, and has nothing to do."},
    {"function block(n, m) return nn.Sequential(nn.Linear(n, m, {bias = false}), nn.ReLU(), nn.BatchNorm1d(m)) end",
      "Some people do this, but here the ReLU should come last."},
  },
}

picture "What the ReLUs get if all weights are three times too large: above without, below with batch norm" {
  name = "histograms",
  code = [[
    function large(w) nn.init.kaiming_normal_(w):mul_(3) end
    list = {}
    for row, norm in ipairs{nn.Identity, nn.BatchNorm1d} do
      local h = taught.x
      for k = 1, 3 do
        local layer = nn.init.apply(hidden(h:size(2), norm), large)
        local z = layer[2](layer[1](h)):detach()
        list[#list + 1] = {"layer " .. k .. ({"", ", batch norm"})[row], z}
        h = z:relu()
      end
    end
    plot.activations(list, {title = "weights three times too large"})
  ]],
}

text [[
  # Check what you read

  Batch norm was published with a reason: the inputs of a layer drift while the layers before it
  learn (*internal covariate shift*), and batch norm stops that. Three years later Santurkar and
  others put it to the test: behind every batch norm they added a random shift and scale, another
  one at each step. So the drift was back, and worse than ever.
]]

choice "If batch norm helps *because* it stops the drift, what should become of such a net?" {
  name = "if so",
  {"It should learn no better than the plain one.", "Yes: with the reason gone, the help should be gone.",
    right = true},
  {"It should learn as well as one with undisturbed batch norm.",
    "That would mean that the drift never mattered."},
  {"One cannot say.", "One can: a reason that predicts nothing is no reason."},
}

code [[
  function shaken(h)            -- another scale and shift at every step
    return h * (tensor.rand(48) + 0.5) + tensor.randn(48) * 0.5
  end
  function shaky(n)             -- to be used like nn.BatchNorm1d
    return nn.Sequential(nn.BatchNorm1d(n), nn.Lambda(shaken))
  end
  trial(nn.Identity, 0.3), trial(nn.BatchNorm1d, 0.3)
]]

predict "At rate 0.3 you see the plain net and the one with batch norm. Where does the shaken one end?" {
  name = "shaken",
  reveal = "trial(shaky, 0.3)",
  within = 0.5,
  after = "Worse than undisturbed batch norm, but far better than the plain net, although its inputs jump more than those ever drifted.",
}

choice "What does this experiment say?" {
  {"Batch norm helps even where the drift is not stopped", "Yes. So stopping the drift cannot be the whole reason.", right = true},
  {"Batch norm does not help", "Look again: it ends far below the plain net."},
  {"Shaking helps training", "The shaken net is worse than the one that is left in peace."},
  {"Nothing: one run proves nothing", "A fair worry. Change the seed and run it again; it comes out the same."},
}

choice "Which of these did you see today? There may be several." {
  {"Usable learning rates became larger.", "From 0.1 or so up to 3.", right = true},
  {"The scale of the weights before it plays no part in what comes out.", "They were ten times as large, and nothing changed.",
    right = true},
  {"With batch norm any rate works.", "Try `trial(nn.BatchNorm1d, 10)`: it learns nothing."},
  {"The explanation that came with a good idea may be wrong, and the idea still good.", "It happens.", right = true},
}

try "How far can you go? Is shaking harmless at higher rates, too? And what does another norm do in this place?" {
  suggest = {"trial(nn.BatchNorm1d, 10)", "trial(shaky, 1)", "trial(nn.LayerNorm, 1)"},
}

text [[
  What remains of the reason: with batch norm the loss is smoother along the way the optimiser
  walks, so that longer steps can be trusted. `lab.batchnorm()` repeats the figures of the first
  paper in small, under five seeds (a minute or so). Next: other axes (`:lesson 43`).
]]
