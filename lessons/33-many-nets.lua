-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Many nets in one: ensembles, doubt, DropConnect" {
  topic = "dropout as an ensemble, Monte-Carlo dropout, DropConnect",
  minutes = 22,
  needs = {"32-dropout"},
  rows = {27, 28},
}

text [[
  Every mask of dropout leaves another net. So training with dropout trains a crowd that shares
  its weights. Can one ask the crowd? And do its members disagree where the net knows little?
]]

number "A layer has 10 units, each on or off. How many different masks are there?" {
  answer = 1024,
  unit = "masks",
  hints = {"Two possibilities for the first unit, times two for the second, and so on.",
    "2 to the power of 10."},
  mistakes = {
    {20, "Two possibilities each: they multiply, they do not add."},
    {100, "2 to the power of 10, not 10 to the power of 2."},
  },
  after = "With 4096 units there are 2^4096, a number of 1234 digits. The universe has some 10^80 atoms.",
}

text [[
  # Asking the crowd

  A net for digits with dropout 0.5 learns from only 200 of them. Then 500 others test it.
]]

code [[
  raw = data.digits()
  set = data.set{x = raw.x / 16, y = raw.y, classes = raw.classes}
  others, known = data.split(set, 200 / 1797, {seed = 1})
  test = data.subset(others, tensor.arange(500))
]]

predict "Which share of the 500 does it get right, in eval mode, all units on?" {
  name = "whole",
  run = [[
    gradus.seed(2)
    net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.5),
      nn.Linear(128, 10))
    train.fit(net, {data = known, epochs = 100, progress = "none",
      opt = optim.Adam(net:parameters(), {lr = 0.003})})
    whole = metrics.accuracy(test.y, train.predict(net, test.x))
  ]],
  reveal = "whole",
  within = 0.1,
}

text [[
  That was the whole net. Now single members of the crowd, one mask each.
]]

ask [[
  Write `ask_crowd(net, x, n)`: put the net into training mode, push x through it n times, put
  it back into eval mode, and return the n outputs stacked, shape (n, ...). For one output,
  `out:detach():unsqueeze(1)` forgets the graph and adds a dimension in front; `tensor.cat(list)`
  stacks.
]] {
  name = "crowd",
  solution = [[
    function ask_crowd(net, x, n)
      net:train()
      local all = {}
      for i = 1, n do all[i] = net(x):detach():unsqueeze(1) end
      net:eval()
      return tensor.cat(all)
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.ask_crowd
    if type(f) ~= "function" then return false, "There is no function `ask_crowd` yet." end
    local probe = nn.Sequential(nn.Linear(4, 50), nn.Dropout(0.5), nn.Linear(50, 2))
    probe:eval()
    local all = f(probe, tensor.ones(3, 4), 5)
    if not tensor.is_tensor(all) then return false, "It should return a tensor." end
    if all:dim() ~= 3 or all:size(1) ~= 5 or all:size(2) ~= 3 or all:size(3) ~= 2 then
      return false, "For n = 5 and a batch of 3 with 2 outputs the shape should be (5, 3, 2).",
        all.shape
    end
    if all.requires_grad then return false, "It drags the graph along: use `:detach()`." end
    if (all[1] - all[2]):abs():max():item() == 0 then
      return false, "All n outputs are the same.", "same"
    end
    if probe.training then return false, "The net is left in training mode.", "left" end
    return true
  end),
  hints = {
    "`net:train()` first and `net:eval()` last; a `for` loop in between fills a list.",
    "In the loop: `all[i] = net(x):detach():unsqueeze(1)`.",
  },
  mistakes = {
    {[[function ask_crowd(net, x, n)
      net:eval()
      local all = {}
      for i = 1, n do all[i] = net(x):detach():unsqueeze(1) end
      return tensor.cat(all)
    end]], "In eval mode dropout is off: one net asked n times."},
    {[[function ask_crowd(net, x, n)
      net:train()
      local all = {}
      for i = 1, n do all[i] = net(x):detach():unsqueeze(1) end
      return tensor.cat(all)
    end]], "The net stays in training mode. Whoever predicts next gets noise."},
    {[[function ask_crowd(net, x, n)
      net:train()
      local all = {}
      for i = 1, n do all[i] = net(x):detach() end
      net:eval()
      return tensor.cat(all)
    end]], "Without `unsqueeze(1)` the n outputs lie in one long pile."},
  },
  after = "gradus has it, too: `nn.mc(net, x, n)` gives mean, standard deviation and all outputs.",
}

code [[
  crowd = ask_crowd(net, test.x, 100):softmax(-1)
  for i = 1, 5 do print(metrics.accuracy(test.y, crowd[i])) end
]]

predict "Single members get about 0.91. And the *mean* of all hundred answers?" {
  name = "mean",
  run = "mean = crowd:mean(1)",
  reveal = "metrics.accuracy(test.y, mean)",
  within = 0.03,
  after = [[
    As good as the whole net in eval mode: that single pass stands for the mean of the crowd.
    This is why dropout is called an ensemble for the price of one net.
  ]],
}

code [[
  doubt = crowd:std(1):max(2)
  wrong = mean:argmax(-1):ne(test.y)
  function average(v, mask) return ((v * mask):sum() / mask:sum()):item() end
]]

predict [[
  `doubt` is how much the hundred answers scatter, for each digit. By which factor is it larger
  on digits the crowd gets wrong than on those it gets right?
]] {
  name = "doubt",
  reveal = "average(doubt, wrong) / average(doubt, 1 - wrong)",
  within = 0.6,
  after = "Where the crowd quarrels, look again: let a person read those digits.",
}

picture "Doubt on digits read rightly and wrongly" {
  name = "doubts",
  code = [[
    plot.hist({{"right", doubt[1 - wrong]}, {"wrong", doubt[wrong]}},
      {density = true, bins = 20, xlabel = "doubt"})
  ]],
}

text [[
  # A band of doubt

  The same for a curve. Points of a sine between -3 and -1 and between 1 and 3; none in the
  middle, none outside.
]]

code [[
  gradus.seed(1)
  x = tensor.cat{tensor.rand(30, 1) * 2 - 3, tensor.rand(30, 1) * 2 + 1}
  y = (x * 1.5):sin() + tensor.randn(60, 1) * 0.1
]]

choice "A crowd of nets with gaps learns these points. Where will its members agree best?" {
  name = "agree",
  {"Where the points are.", "Yes: there each of them was corrected whenever it strayed.", right = true},
  {"Everywhere alike: p is the same everywhere.",
    "The gaps are. But only at the points was anybody told what should come out in spite of them."},
  {"In the middle, between the points.", "Nobody told them anything there."},
}

code [[
  gradus.seed(5)
  curve = nn.Sequential(nn.Linear(1, 64), nn.ReLU(), nn.Dropout(0.2),
    nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 1))
  taught = train.fit(curve, {data = data.set{x = x, y = y}, epochs = 800,
    batch = 60, opt = optim.Adam(curve:parameters(), {lr = 0.005}),
    progress = "none"})
  taught.train[800]
]]

predict [[
  A hundred passes at each place from -5 to 5. How many times as wide is the band of the
  answers at x = 5, far outside, as at x = 2, in the middle of data?
]] {
  name = "band",
  run = [[
    at = tensor.linspace(-5, 5, 201):reshape(-1, 1)
    mid, spread = nn.mc(curve, at, 100)
  ]],
  reveal = "spread[201] / spread[141]",
  within = 0.6,
  after = "The members agree where they were taught. Outside they drift apart; in the gap between, only a little.",
}

picture "Mean of 100 passes, a band of two standard deviations, and the truth" {
  name = "band-picture",
  code = [[
    function flat(t) return t:reshape(-1) end
    plot.fit(flat(x), flat(y), {curve = {flat(at), flat(mid)},
      band = {flat(mid - spread * 2), flat(mid + spread * 2)},
      truth = {flat(at), flat((at * 1.5):sin())}})
  ]],
}

choice "Look at x = 5 once more: where is the truth? What follows?" {
  {"Inside of the band: the band holds what it promises.",
    "Far out the dashed truth lies well outside of it."},
  {"Outside of the band: it shows doubt, but too little.",
    "Yes. It tells that one should not trust the net there. It does not tell how wrong it is.",
    right = true},
}

text [[
  # DropConnect

  Dropout silences units. *DropConnect* silences single connections: the mask lies on the
  weights, y = (W * mask) x, and each output has its own.
]]

number "A layer takes 64 inputs and has 32 outputs. Dropout on its inputs has 64 switches. And DropConnect on its weights?" {
  answer = 2048,
  unit = "switches",
  hints = {"One for each weight.", "The weights are a matrix of 32 rows and 64 columns."},
  mistakes = {
    {96, "There is a weight for each *pair* of input and output."},
    {2080, "The biases are left alone."},
  },
}

code [[
  ones = tensor.ones(1, 10000)
  W = tensor.ones(5, 10000)
  dropped = tensor.dropout(ones, 0.5)
  dropped:matmul(W:t())
]]

text [[
  Dropout on ten thousand ones, then five outputs with the same weights: all five see the same
  gaps, so they are equal.
]]

ask [[
  Write `connect(x, W, p)`: DropConnect without a bias. Each weight is 0 with probability p, the
  others are divided by 1 - p. (`tensor.rand(W:size()):ge(p)` is such a mask; W is (out, in).)
]] {
  name = "connect",
  solution = [[
    function connect(x, W, p)
      local mask = tensor.rand(W:size()):ge(p) / (1 - p)
      return x:matmul((W * mask):t())
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.connect
    if type(f) ~= "function" then return false, "There is no function `connect` yet." end
    local out = f(tensor.ones(2, 3000), tensor.ones(4, 3000), 0.8)
    if not tensor.is_tensor(out) or out:dim() ~= 2 or out:size(1) ~= 2 or out:size(2) ~= 4 then
      return false, "For x (2, 3000) and W (4, 3000) the shape should be (2, 4)."
    end
    local mean = out:mean():item()
    if math.abs(mean / 3000 - 1) > 0.1 then
      return false, ("The mean of the outputs is %.0f; with all weights it is 3000."):format(mean),
        math.floor(mean / 3000 * 20 + 0.5)
    end
    if (out - f(tensor.ones(2, 3000), tensor.ones(4, 3000), 0.8)):abs():max():item() == 0 then
      return false, "Nothing is dropped: two calls give the same.", "no mask"
    end
    if (out[1][1] - out[1][2]):abs():item() < 1e-3 then
      return false, "All outputs have the same gaps.", "same gaps"
    end
    return true
  end),
  hints = {
    "Make the mask, divide it by 1 - p, multiply it into W.",
    "Then `x:matmul(...)` with the masked W, turned by `:t()`.",
  },
  mistakes = {
    {[[function connect(x, W, p)
      return (x * (tensor.rand(x:size()):ge(p) / (1 - p))):matmul(W:t())
    end]], "That masks the inputs: it is dropout. The mask belongs on W."},
    {[[function connect(x, W, p)
      return x:matmul((W * tensor.rand(W:size()):ge(p)):t())
    end]], "The weights that stay are not scaled."},
    {[[function connect(x, W, p)
      return x:matmul((W * (tensor.rand(W:size()):lt(p) / (1 - p))):t())
    end]], "A lecture's slip: that mask *keeps* a share p, where it should drop it."},
  },
}

predict "`connect` on the same ten thousand ones, p = 0.5, all weights 1. How many of the five outputs are different numbers, as a rule?" {
  name = "compared",
  run = "own_gaps = connect(ones, W, 0.5)",
  reveal = [[(function()
    local seen, n = {}, 0
    for _, v in ipairs(own_gaps:reshape(-1):totable()) do
      if not seen[v] then seen[v], n = true, n + 1 end
    end
    return n
  end)()]],
  within = 0.5,
  after = "Each output has gaps of its own: five different numbers, unless two happen to be alike.",
}

text [[
  As a layer it is `nn.DropConnect(inputs, outputs, p)`.
]]

number "How many of its weights does `nn.DropConnect(32, 32, 0.3)` silence in one training step, on the mean?" {
  name = "silent",
  answer = 307.2,
  tolerance = 1,
  unit = "weights",
  hints = {"32 times 32 is 1024.", "p is the share that is dropped."},
  mistakes = {
    {716.8, "So many stay: p is the share that is dropped."},
    {9.6, "So many units would be silenced by dropout. Here it is single weights, of which there are 1024."},
  },
}

text [[
  Back to the fifteen noisy points of the last lessons: 0.37 on fresh points without any gaps,
  0.17 with dropout, p = 0.3.
]]

code [[
  few = data.sine(15, {noise = 0.25, seed = 1})
  fresh_points = data.sine(200, {noise = 0.25, seed = 99})
  function fit(...)             -- the loss on the fresh points
    local n = nn.Sequential(...)
    return train.fit(n, {data = few, valid = fresh_points, epochs = 1500,
      batch = 15, opt = optim.Adam(n:parameters(), {lr = 0.01}),
      progress = "none"}).valid[1500]
  end
]]

predict "And with DropConnect?" {
  name = "fresh",
  run = [[
    gradus.seed(5)
    gaps = fit(nn.Linear(1, 32), nn.Tanh(), nn.DropConnect(32, 32, 0.3),
      nn.Tanh(), nn.DropConnect(32, 1, 0.3))
  ]],
  reveal = "gaps",
  within = 0.5,
  after = "As good as dropout, here.",
}

choice "Which are true? There may be several." {
  {"Both kinds of gaps help this net on fresh points.", "About equally: 0.37 falls below 0.17.",
    right = true},
  {"In eval mode DropConnect uses all weights.", "As dropout uses all units.", right = true},
  {"DropConnect needs fewer random numbers.", "More: one for each weight."},
  {"Monte-Carlo dropout needs a net trained in a new way.", "No: the same net, left in training mode."},
}

try "Ask the crowd about digits it has never seen: a blank one, a random one, one upside down." {
  suggest = {
    "ask_crowd(net, tensor.zeros(1, 64), 100):softmax(-1):mean(1)",
    "ask_crowd(net, tensor.rand(1, 64), 100):softmax(-1):std(1)",
    "plot.image(test.x[1]:reshape(8, 8):flip(1))",
    "ask_crowd(net, test.x[1]:reshape(8, 8):flip(1):reshape(1, 64), 100):softmax(-1):mean(1)",
    "lab.mc_dropout{seeds = 1}.figures.band",
  },
}

text [[
  To remember: a mask is a net, eval mode stands for their mean, and their quarrel is a measure of
  doubt, though a modest one. Gaps may lie on units or on weights.
]]
