-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Dropout: training with gaps" {
  topic = "dropout: inverted, original, annealed; train and eval",
  minutes = 25,
  needs = {"30-overfitting"},
  rows = {25, 26},
}

text [[
  A strange idea: while a net learns, switch off a random part of its units, others in every
  step. Why would that help? A unit that cannot rely on its neighbours has to be useful alone.

  First the mechanics. Fifteen ones, and a layer that drops three quarters of what it gets:
]]

code [[
  gradus.seed(1)
  x = tensor.ones(3, 5)
  drop = nn.Dropout(0.75)
]]

predict "A quarter of the ones survives. The layer keeps the *mean* as it was. Which value do the survivors get?" {
  name = "four",
  run = "y = drop(x)",
  reveal = "y:max()",
  within = 0.3,
  after = "1 / (1 - 0.75) is 4. This form is called *inverted* dropout: it scales while training.",
}

code [[
  y
]]

predict "Over a hundred thousand ones: what is the mean of `drop(...)`?" {
  reveal = "drop(tensor.ones(100000)):mean()",
  within = 0.02,
  after = "A quarter of them, times four.",
}

choice "And what does `drop(x)` give after `drop:eval()`?" {
  name = "eval",
  {"x itself", "Yes: for predicting every unit works, and nothing is left to scale.", right = true},
  {"x divided by 4", "That would be the mean of nothing: the scaling was done in training."},
  {"another mixture of 0 and 4", "Only in training mode."},
}

code [[
  drop:eval()
  drop(x)[1]
]]

text [[
  # Check what you read

  Five lectures, five spellings. In gradus and PyTorch, p is the share that is *dropped*. One
  lecture makes its mask, for p = 0.6, by `randn(...) < 1 - p`. But `randn` gives *normal*
  random numbers.
]]

predict "Meant is to keep 0.4 of the units. Which share of normal random numbers is below 0.4?" {
  name = "randn",
  reveal = "tensor.randn(100000):lt(0.4):mean()",
  within = 0.15,
  after = "Two thirds stay, not two fifths. The mask has to be drawn evenly from 0 to 1: `rand`.",
}

number [[
  Another lecture calls the dropped share p and then multiplies by p at test time. In that
  older form nothing is scaled in training. With p = 0.2 dropped: by which factor must the
  values be multiplied at test time?
]] {
  name = "original",
  answer = 0.8,
  hints = {
    "In training a unit is there in 80 % of the steps. What is its mean, if it is 1 when there?",
    "At test time it is always there: multiply by that mean.",
  },
  mistakes = {
    {0.2, "That is the lecture's slip: 0.2 is dropped, the mean is what is *kept*."},
    {1.25, "1 / 0.8 is what inverted dropout does, in training."},
  },
  after = "Both forms have the same mean. Inverted is handier: the finished net needs no change.",
}

code [[
  h = tensor.ones(100000)
  masked = h * tensor.rand(100000):ge(0.2)     -- in training
  masked:mean(), (h * 0.8):mean(), (h * 0.2):mean()
]]

number [[
  A third one: "hidden units with p about 0.5, inputs with p about 0.8", where p is the share
  *included*. Which number goes into `nn.Dropout(...)` for the inputs?
]] {
  answer = 0.2,
  tolerance = 1e-6,
  hints = {"`nn.Dropout` wants the share that is dropped."},
  mistakes = {
    {0.8, "That would drop four of five inputs."},
    {0.5, "That is for the hidden units."},
  },
  after = "A page later, for annealing, the same lecture calls p the share dropped. Always ask which.",
}

text [[
  A fourth draws the mask as 1 with probability p, where 1 - p is meant, and puts it inside of
  the activation: a((W x) * mask). For ReLU that is the same as outside: its value at 0 is 0.
]]

number "For a sigmoid: which value does a unit have that was \"dropped\" inside of it?" {
  answer = 0.5,
  hints = {"What is the sigmoid of 0?", "1 / (1 + 1) is."},
  mistakes = {{0, "The sigmoid of 0 is not 0."}, {1, "It is 1 only for large inputs."}},
  after = "So it is not off at all. Mask what comes *out* of the activation.",
}

number [[
  And it scales the *next* layer's values instead of the units. Let the next layer be z = 3 h + 1,
  and let a unit h = 2 survive p = 0.5. Scaling the unit gives 3 * 4 + 1 = 13. And scaling z?
]] {
  answer = 14,
  hints = {"z for h = 2 is 7.", "7 divided by 0.5."},
  mistakes = {{7, "That is z without any scaling."}, {13, "That is what scaling the unit gives."}},
  after = "The bias was never dropped, and yet it is doubled. Scale the units that survive.",
}

ask [[
  Now write it: `my_dropout(x, p)` returns x with a share p of its elements set to 0, and the
  others scaled as above. `tensor.rand` makes even random numbers; `m:ge(p)` is 1 where m is at
  least p and 0 elsewhere; `tensor.rand(x:size())` has the shape of x.
]] {
  name = "own",
  solution = [[
    function my_dropout(x, p)
      local mask = tensor.rand(x:size()):ge(p)
      return x * mask / (1 - p)
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.my_dropout
    if type(f) ~= "function" then return false, "There is no function `my_dropout` yet." end
    local input = tensor.ones(200, 100)
    local out = f(input, 0.6)
    if not tensor.is_tensor(out) then return false, "It should return a tensor." end
    if out:numel() ~= 20000 then return false, "The shape should stay (200, 100)." end
    if input:min():item() ~= 1 then return false, "It changes its input: work on a new tensor." end
    local share, top = out:eq(0):mean():item(), out:max():item()
    if math.abs(top - 2.5) > 1e-3 then
      return false, ("For p = 0.6 a one becomes %.3g; it should be 2.5."):format(top), {top = top}
    end
    if math.abs(share - 0.6) > 0.03 then
      return false, ("For p = 0.6 a share of %.2f is zero."):format(share),
        {share = math.floor(share * 20 + 0.5)}
    end
    if (f(input, 0.6) - out):abs():max():item() == 0 then
      return false, "The mask is the same in every call."
    end
    return true
  end),
  hints = {
    "The mask: draw `tensor.rand(x:size())` and compare it with p.",
    "Multiply x by the mask, then divide by 1 - p.",
  },
  mistakes = {
    {[[function my_dropout(x, p) return x * tensor.randn(x:size()):ge(p) / (1 - p) end]],
      "`randn` is normal: use `rand`, or the share is wrong."},
    {[[function my_dropout(x, p) return x * tensor.rand(x:size()):ge(p) end]],
      "Not scaled: the mean of what comes out is too small."},
    {[[function my_dropout(x, p) return x * tensor.rand(x:size()):lt(p) / (1 - p) end]],
      "That keeps a share p. It should drop it."},
    {[[function my_dropout(x, p) return x * tensor.rand(x:size()):ge(p) / p end]],
      "Divide by the share that is *kept*, 1 - p."},
  },
  variant = "function my_dropout(x, p) return x * tensor.rand(x:size()):gt(p) / (1 - p) end",
}

fix [[
  A friend packs it into a layer. But her net predicts something else every time, even in eval
  mode. Repair `Gap`; a layer knows its mode as `self.training`.
]] {
  name = "layer",
  broken = [[
    Gap = nn.class("Gap")
    function Gap:init(p) self.p = p end
    function Gap:forward(x)
      return my_dropout(x, self.p)
    end
  ]],
  solution = [[
    Gap = nn.class("Gap")
    function Gap:init(p) self.p = p end
    function Gap:forward(x)
      if not self.training then return x end
      return my_dropout(x, self.p)
    end
  ]],
  check = that(function(answer)
    if not answer.vars.Gap then return false, "There is no class `Gap`." end
    local input = tensor.ones(50, 50)
    local ok, net = pcall(function()
      local net = nn.Sequential(answer.vars.Gap(0.5))
      net(input)
      return net
    end)
    if not ok then return "part", "`Gap` is begun: it needs `init` and `forward`." end
    local on = (net(input) - input):abs():max():item()
    net:eval()
    local off = (net(input) - input):abs():max():item()
    if on == 0 then return false, "In training mode it drops nothing.", {on, off} end
    if off == 0 then return true end
    return false, "In eval mode the input should come back unchanged.", off
  end),
  hints = {"In eval mode `self.training` is false.", "Then x itself is the result."},
  mistakes = {
    {[[Gap = nn.class("Gap")
      function Gap:init(p) self.p = p end
      function Gap:forward(x)
        if self.training then return x end
        return my_dropout(x, self.p)
      end]], "The other way round: it should drop while training."},
    {[[Gap = nn.class("Gap")
      function Gap:init(p) self.p = p end
      function Gap:forward(x)
        if not self.training then return x * (1 - self.p) end
        return my_dropout(x, self.p)
      end]], "Scaled twice: inverted dropout has scaled already, in training."},
  },
}

text [[
  # What it is good for

  The fifteen noisy points once more, and a net of width 32 that learns them by heart: 0.37 on
  fresh points, though the noise alone is only 0.0625. Now with dropout after each hidden layer.
]]

number "With p = 0.3, how many of the 32 units of a layer are on in a training step, on the mean?" {
  name = "on",
  answer = 22.4,
  tolerance = 0.5,
  unit = "units",
  hints = {"Which share of them is kept?", "0.7 times 32."},
  mistakes = {
    {9.6, "That many are off: p is the share that is dropped."},
    {32, "All of them are on in eval mode only."},
  },
  after = "Other 22 in each step: no unit can count on another.",
}

code [[
  few = data.sine(15, {noise = 0.25, seed = 1})
  fresh_points = data.sine(200, {noise = 0.25, seed = 99})
  function fit(p, watch)
    gradus.seed(5)
    gap1, gap2 = nn.Dropout(p), nn.Dropout(p)
    net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), gap1,
      nn.Linear(32, 32), nn.Tanh(), gap2, nn.Linear(32, 1))
    return train.fit(net, {data = few, valid = fresh_points, epochs = 1500,
      batch = 15, opt = optim.Adam(net:parameters(), {lr = 0.01}),
      on_epoch = watch, progress = "none"}), net
  end
  free, free_net = fit(0)
]]

predict "The loss on the fresh points with p = 0.3?" {
  name = "helps",
  run = "gaps, gaps_net = fit(0.3)",
  reveal = "gaps.valid[1500]",
  within = 0.5,
  after = "Less than half. The net cannot build a spike from a few units that know each other.",
}

picture "The same net, with and without dropout" {
  name = "fits",
  code = [[
    grid = tensor.linspace(0, 1, 100):reshape(-1, 1)
    line = grid:reshape(-1)
    plot.fit(few.x:reshape(-1), few.y:reshape(-1), {
      curves = {{"free", line, train.predict(free_net, grid):reshape(-1)},
        {"dropout", line, train.predict(gaps_net, grid):reshape(-1)}},
      truth = {line, (line * 2 * math.pi):sin()}})
  ]],
}

text [[
  # The forgotten eval()

  Somebody measures the loss of the finished net thirty times on the same points, but leaves
  it in training mode.
]]

predict "How many different numbers come out, of thirty?" {
  name = "forgotten",
  run = [[
    function thirty()
      local list, x, y = {}, fresh_points.x, fresh_points.y
      for i = 1, 30 do list[i] = nn.mse_loss(gaps_net(x), y):item() end
      return list
    end
    gaps_net:train()
    jitter = thirty()
    gaps_net:eval()
    calm = thirty()
  ]],
  reveal = [[(function()
    local seen, n = {}, 0
    for _, v in ipairs(jitter) do if not seen[v] then seen[v], n = true, n + 1 end end
    return n
  end)()]],
  within = 0.3,
  after = "A new net at each call, and most of them worse than the whole net in eval mode.",
}

picture "Thirty measurements in training mode, thirty in eval mode" {
  name = "jitter",
  code = [[
    plot.curve({{"training mode", jitter}, {"eval mode", calm}},
      {points = true, xlabel = "measurement", ylabel = "loss"})
  ]],
}

text [[
  # Annealing

  Near the end the noise of dropout keeps the weights from settling. *Annealed* dropout begins
  with a share and lets it fall evenly to 0, so that at last the whole net is tuned together.
]]

ask [[
  Write `anneal(p, epoch, epochs)`: the share for an epoch: p itself at epoch 0, 0 at the last
  one, `epochs`, and a straight line in between.
]] {
  name = "anneal",
  solution = [[
    function anneal(p, epoch, epochs)
      return p * (1 - epoch / epochs)
    end
  ]],
  check = behaves("anneal", {{0.5, 0, 10}, {0.5, 5, 10}, {0.3, 10, 10}, {0.3, 2, 8}}),
  hints = {"epoch / epochs goes from 0 to 1.", "1 minus that goes from 1 to 0."},
  mistakes = {
    {"function anneal(p, epoch, epochs) return p * epoch / epochs end", "That rises from 0 to p."},
    {"function anneal(p, epoch, epochs) return p ^ epoch end", "That is a power, not a straight line."},
  },
}

predict "Constant p = 0.3 gave 0.17 on fresh points. And annealed from 0.3 to 0?" {
  name = "annealed",
  run = [[
    rates = {}
    slow = fit(0.3, function(h)
      gap1.p = anneal(0.3, #h.epochs, 1500)
      gap2.p = gap1.p
      rates[#h.epochs] = gap1.p
    end)
  ]],
  reveal = "slow.valid[1500]",
  within = 0.3,
  after = "Better, and not by luck: with seven other seeds as well. Noise early, fine tuning late.",
}

picture "The share that is dropped, and the losses on fresh points" {
  name = "annealing",
  code = [[
    plot.grid({
      plot.curve(rates, {xlabel = "epoch", ylabel = "p"}),
      plot.loss({{"free", free.valid}, {"constant", gaps.valid},
        {"annealed", slow.valid}}, {ylog = true, smooth = 0.97,
        xlabel = "epoch", ylabel = "loss on fresh points"})}, {columns = 2})
  ]],
}

choice "Which are true? There may be several." {
  {"With dropout the training loss is usually higher.", "It is measured with gaps.", right = true},
  {"`net:eval()` belongs before predicting, `net:train()` before training on.",
    "`train.fit` does both for you; your own loop does not.", right = true},
  {"Dropout helps every net.", "One that underfits gets worse: it has too little capacity already."},
  {"Dropout has weights to learn.", "None; only p, which you choose."},
}

try "Find p that is too large. And what does dropout do to the *inputs* of this net, a single number?" {
  suggest = {"fit(0.05).valid[1500]", "fit(0.95).valid[1500]", "my_dropout(few.x, 0.2):reshape(-1)",
    "lab.dropout{steps = 500, feature_steps = 300, width = 64, seeds = 1}.figures.activations"},
}

text [[
  To remember: p is what is dropped, survivors grow by 1 / (1 - p), and eval mode lets all
  pass. The next lesson keeps dropout on when predicting, and gains something from it.
]]
