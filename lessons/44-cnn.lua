-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "A small CNN: counting, ordering, training" {
  topic = "convolution nets: parameter counts, order of layers, batch norm and dropout on digits",
  minutes = 24,
  needs = {"40-batch-norm", "41-two-modes"},
  rows = {31, 33},
}

text [[
  A net that looks at pictures slides small filters over them. Today you count its numbers before
  you see them, put its layers in an order, and find out what batch norm and dropout do for it.

  First a question from an exam. A convolution has put out a tensor with this shape:

      64 pictures x 128 rows x 128 columns x 32 channels

  Behind it comes batch norm: one gamma and one beta for each channel.
]]

number "How many numbers does this batch norm have to learn?" {
  name = "quiz",
  answer = 64,
  unit = "parameters",
  solution = "2 * 32",
  hints = {
    "What are the channels here: the 64, a 128, or the 32?",
    "Two numbers for each channel.",
  },
  mistakes = {
    {2, "One gamma and one beta for everything? Each channel has its own."},
    {32, "These are the gammas. The betas are learned as well."},
    {128, "Two for each *picture*? The 64 is the size of the batch; or did you count the running averages? They are not learned."},
    {256, "You took 128 for the number of channels. In this shape the channels stand *last*."},
    {1048576, "That is two for every single place of a picture. A channel shares them."},
  },
  after = "The same two numbers serve all places of a channel: a filter means the same thing everywhere.",
}

text [[
  In gradus, as in PyTorch, channels stand in *second* place. `t:permute(1, 4, 2, 3)` takes the
  dimensions of a tensor in another order.
]]

ask "Make `t`, a tensor of zeros with 2 pictures, 16 rows, 16 columns and 32 channels *last*, and `bn`, a `nn.BatchNorm2d` that fits it after its channels were put in second place; then `y = bn(t:permute(1, 4, 2, 3))`." {
  name = "channels",
  solution = [[
    t = tensor.zeros(2, 16, 16, 32)
    bn = nn.BatchNorm2d(32)
    y = bn(t:permute(1, 4, 2, 3))
  ]],
  check = all_of{variable "t", variable("y", looks_like{shape = {2, 32, 16, 16}})},
  hints = {
    "Three lines, or three statements in one line.",
    "`nn.BatchNorm2d` wants to know the number of channels.",
  },
  mistakes = {
    {"t = tensor.zeros(2, 32, 16, 16) bn = nn.BatchNorm2d(32) y = bn(t)",
      "This `t` has its channels in second place from the start. Let them stand last, and permute."},
  },
  variant = [[
    t = tensor.zeros(2, 16, 16, 32)
    bn = nn.BatchNorm2d(32)
    y = bn(t:transpose(2, 4):transpose(3, 4))
  ]],
}

code [[
  bn.weight:numel() + bn.bias:numel()     -- the answer of the exam
]]

text [[
  # Predict the summary

  A filter of a convolution looks at 3 x 3 places in *every* channel of its input, and has a
  bias. `nn.Conv2d(8, 16, 3)` has 16 such filters, each over 8 channels.
]]

number "How many parameters has `nn.Conv2d(1, 8, 3)`?" {
  answer = 80,
  unit = "parameters",
  solution = "8 * (1 * 3 * 3 + 1)",
  hints = {"One filter: 9 weights for one channel, and a bias.", "There are 8 filters."},
  mistakes = {
    {72, "These are the weights. Each filter has a bias, too."},
    {73, "There is a bias for each of the 8 filters."},
  },
}

number "And `nn.Conv2d(8, 16, 3)`?" {
  answer = 1168,
  unit = "parameters",
  solution = "16 * (8 * 3 * 3 + 1)",
  hints = {"One filter: 9 weights for each of 8 channels, and a bias.", "There are 16 filters."},
  mistakes = {
    {1152, "These are the weights. Each filter has a bias, too."},
    {160, "Each filter looks at all 8 channels, with weights of its own for each."},
    {1160, "A bias for each filter, of which there are 16."},
  },
}

code [[
  function block(n, m, norm, p) -- from n to m channels
    return nn.Sequential(nn.Conv2d(n, m, 3, {padding = 1}),
      norm and nn.BatchNorm2d(m) or nn.Identity(), nn.ReLU(),
      nn.Dropout(p or 0), nn.MaxPool2d(2))  -- the largest of each 2 x 2
  end
  function cnn(norm, p)         -- batch norm or not, dropout p or none
    gradus.seed(3)              -- equal weights at the start
    return nn.Sequential(block(1, 8, norm, p), block(8, 16, norm, p),
      nn.Flatten(), nn.Linear(64, 10))
  end
]]

predict "How many parameters has `cnn(true)` altogether? Two convolutions, two batch norms, and a linear layer from 64 to 10." {
  name = "summary",
  run = "layers = cnn(true):summary{1, 1, 8, 8}",
  reveal = "layers.parameters",
  unit = "parameters",
  within = 0.1,
  after = "80 and 1168 for the convolutions, 16 and 32 for the norms, 64 times 10 plus 10 for the last layer.",
}

code [[
  for _, row in ipairs(layers.rows) do
    if row.parameters > 0 then print(row.parameters, row.layer) end
  end
]]

text [[
  # Train it

  500 digits to learn from, 597 others to be judged by.
]]

code [[
  digits = data.digits()
  function images(from, to)
    return data.set{x = digits.x[{{from, to}}]:reshape(-1, 1, 8, 8) / 16,
      y = digits.y[{{from, to}}], classes = digits.classes}
  end
  taught, unseen = images(1, 500), images(1201, 1797)
]]

number "Batches of 25, eight rounds over the 500: how many steps is that?" {
  answer = 160,
  unit = "steps",
  hints = {"500 digits are 20 batches."},
  mistakes = {
    {20, "That is one round."},
    {4000, "So many digits pass by; a step takes 25 of them."},
    {200, "25 times 8? There are 20 batches of 25 in a round."},
  },
}

code [[
  function learn(net)           -- the history, and % of the unseen right
    h = train.fit(net, {data = taught, epochs = 8, batch = 25,
      opt = optim.SGD(net:parameters(), {lr = 0.02, momentum = 0.9}),
      progress = "none"})
    return h, 100 * metrics.accuracy(unseen.y, train.predict(net, unseen))
  end
]]

predict "First without batch norm and without dropout. How much of the unseen does it get right after eight rounds, in per cent?" {
  run = "plain, right_plain = learn(cnn(false))",
  reveal = "right_plain",
  unit = "%",
  within = 0.1,
}

ask "Now you: train a net with batch norm and without dropout in the same way. Keep the history as `normed` and the share of right answers as `right_normed`." {
  name = "train",
  solution = "normed, right_normed = learn(cnn(true))",
  check = that(function(answer)
    local h, right = answer.vars.normed, answer.vars.right_normed
    if type(h) ~= "table" or not h.steps then return false, "`normed` should be the history that `learn` returns first." end
    if type(right) ~= "number" then return false, "`right_normed` should be the number that `learn` returns second." end
    local _, net_has = pcall(function() return h.epochs[#h.epochs].loss end)
    return net_has < 0.1, ("The last loss is %.2g; with batch norm it falls below 0.1."):format(net_has), net_has > 0.1
  end),
  hints = {
    "`learn` returns two values: `a, b = learn(...)` keeps both.",
    "The net comes from `cnn(true)`.",
  },
  mistakes = {
    {"normed, right_normed = learn(cnn(false))", "This net has no batch norm: its first argument is `false`."},
  },
}

code [[
  dropped, right_dropped = learn(cnn(false, 0.2))
  both, right_both = learn(cnn(true, 0.2))
  right_plain, right_normed, right_dropped, right_both
]]

picture "The loss of each batch, as a moving average" {
  name = "losses",
  code = [[
    plot.loss({{"plain", plain.steps}, {"batch norm", normed.steps},
      {"dropout", dropped.steps}, {"both", both.steps}},
      {xlabel = "step", smooth = 0.9})
  ]],
}

choice "The curve of both ends several times higher than that of batch norm alone, yet on the unseen digits the two nets are within two points of each other. Why is the loss so much higher?" {
  {"The loss of the training steps is measured with units silenced", "Yes: the net is asked with one arm tied behind its back. In eval mode it is whole.",
    right = true},
  {"Dropout harms the net", "Then it would show on the unseen digits as clearly."},
  {"Dropout makes the rate smaller", "The rate stays as it is."},
}

text [[
  # In which order?

  The usual advice: *linear or convolution, norm, activation, dropout*. In nets for images one
  also meets *convolution, dropout, activation, norm*. Does it matter? Here is the usual order.
]]

code [[
  function usual(n, m)
    return nn.Sequential(nn.Conv2d(n, m, 3, {padding = 1}),
      nn.BatchNorm2d(m), nn.ReLU(), nn.Dropout(0.2), nn.MaxPool2d(2))
  end
]]

ask "Write `vision(n, m)`, the same five layers with convolution, dropout, activation and norm in the other order. Pooling stays last." {
  name = "orders",
  solution = [[
    function vision(n, m)
      return nn.Sequential(nn.Conv2d(n, m, 3, {padding = 1}),
        nn.Dropout(0.2), nn.ReLU(), nn.BatchNorm2d(m), nn.MaxPool2d(2))
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.vision
    if type(f) ~= "function" then return false, "There is no function `vision` yet." end
    local net = f(2, 3)
    local found, dropped, learned = {}, nil, 0
    for _, layer in ipairs(net:modules()) do
      local kind = layer:kind()
      if kind ~= "Sequential" then found[#found + 1] = kind end
      if kind == "Dropout" then dropped = layer.p end
    end
    for _, p in ipairs(net:parameters()) do learned = learned + p:numel() end
    found = table.concat(found, " ")
    if found ~= "Conv2d Dropout ReLU BatchNorm2d MaxPool2d" then
      return false, ("Its layers are %s."):format(found), found
    end
    local out = table.concat(net(tensor.randn(2, 2, 8, 8)):size(), " ")
    if out ~= "2 3 4 4" then
      return false, "From (2, 2, 8, 8) to 3 channels it should make (2, 3, 4, 4).", out
    end
    if math.abs(dropped - 0.2) > 1e-9 then
      return false, ("Its dropout silences a share of %g; `usual` has 0.2, and only the order should differ."):format(dropped),
        dropped
    end
    return learned == 63, ("From 2 to 3 channels it has %d parameters, and `usual` 63: only the order should differ."):format(
      learned), learned
  end),
  hints = {
    "`??usual` shows its lines again. The same layers, three of them in other places.",
    "`nn.BatchNorm2d(m)` needs the number of channels that come in: m, still.",
  },
  mistakes = {
    {[[function vision(n, m)
      return nn.Sequential(nn.Conv2d(n, m, 3, {padding = 1}),
        nn.BatchNorm2d(m), nn.ReLU(), nn.Dropout(0.2), nn.MaxPool2d(2))
    end]], "That is the usual order again."},
    {[[function vision(n, m)
      return nn.Sequential(nn.Conv2d(n, m, 3, {padding = 1}),
        nn.BatchNorm2d(m), nn.Dropout(0.2), nn.ReLU(), nn.MaxPool2d(2))
    end]], "The norm goes behind the activation here."},
    {[[function vision(n, m)
      return nn.Sequential(nn.Dropout(0.2), nn.Conv2d(n, m, 3, {padding = 1}),
        nn.ReLU(), nn.BatchNorm2d(m), nn.MaxPool2d(2))
    end]], "The convolution comes first: dropout silences what it has put out."},
  },
}

picture "Both orders, under three seeds each: mean and range" {
  name = "orders picture",
  code = [[
    function curves(order)      -- losses, and % of the unseen right
      local list, right = {}, {}
      for seed = 1, 3 do
        gradus.seed(seed)
        h, right[seed] = learn(nn.Sequential(order(1, 8), order(8, 16),
          nn.Flatten(), nn.Linear(64, 10)))
        list[seed] = h.train
      end
      return list, right
    end
    usual_losses, usual_right = curves(usual)
    vision_losses, vision_right = curves(vision)
    plot.loss({{"norm relu drop", usual_losses},
      {"drop relu norm", vision_losses}}, {xlabel = "epoch"})
  ]],
}

code [[
  form = "%s  %.1f  %.1f  %.1f"
  print(form:format("norm relu drop", table.unpack(usual_right)))
  print(form:format("drop relu norm", table.unpack(vision_right)))
]]

choice "Which order is better, on this evidence?" {
  {"One cannot tell: the seeds differ more than the orders do", "Yes. Three seeds are few, and the ranges overlap. Advice about order is a habit, not a law.",
    right = true},
  {"The usual one", "Look at the numbers again: each order wins under some seed."},
  {"The one for images", "Look at the numbers again: each order wins under some seed."},
}

code [[
  net = cnn(true)
  learn(net);
]]

try "Draw the filters of your net, or what its first layer makes of a digit." {
  suggest = {"plot.images(net[1][1].weight:detach():squeeze(2))",
    "plot.images(net[1][1](unseen.x[{{1, 1}}]):detach():squeeze(1))", "learn(cnn(true, 0.5))"},
}

text [[
  You can now say what a net will cost before you build it, and have seen that batch norm did
  most of the work here. `lab.order()` asks about the order again, with a claim fixed in advance
  and five seeds. Next: nets of fifty layers (`:lesson 45`).
]]
