-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Thirty labels: pretraining layer by layer" {
  topic = "greedy layer-by-layer pretraining, supervised and by stacked autoencoders; fine-tuning",
  minutes = 20,
  needs = {"60-autoencoders"},
  rows = {40},
}

text [[
  You have 1200 pictures of digits. Somebody was paid to say what they show, and stopped after 30.
  Can the other 1170 help?

  The net is one of 2006: three hidden layers with *sigmoids*. Such nets were hard to train.
]]

code [[
  digits = data.digits()
  digits.x = digits.x / 16
  function some(from, to)
    return data.set{x = digits.x[{{from, to}}], y = digits.y[{{from, to}}],
      classes = digits.classes}
  end
  pictures = digits.x[{{1, 1200}}]        -- without labels
  labelled, test = some(1, 30), some(1201, 1797)
]]

number "To know what is little: a net that says the same digit for each picture, how many per cent of the test does it get right, about?" {
  name = "chance",
  answer = 10,
  tolerance = 2,
  unit = "%",
  hints = {"There are ten digits, about equally many of each."},
  mistakes = {
    {50, "That would be so with two kinds. There are ten."},
    {0, "Whichever digit it says, some pictures show it."},
  },
}

code [[
  function right(net)
    return 100 * metrics.accuracy(test.y, train.predict(net, test))
  end
  function tune(net)            -- learns from the 30 labels, as a whole
    return train.fit(net, {data = labelled, epochs = 60, batch = 10, progress = "none",
      opt = optim.Adam(net:parameters(), {lr = 0.003})})
  end
]]

predict "The net, from drawn weights, learns from the 30 labels alone. How many per cent of the test digits does it get right?" {
  name = "alone",
  run = [[
    gradus.seed(1)
    plain = nn.Sequential(nn.Linear(64, 64), nn.Sigmoid(), nn.Linear(64, 48),
      nn.Sigmoid(), nn.Linear(48, 32), nn.Sigmoid(), nn.Linear(32, 10))
    plain_history = tune(plain)
  ]],
  reveal = "right(plain)",
  unit = "%",
  within = 0.3,
}

text [[
  # One layer after the other

  The idea: let each layer learn *something* about the pictures before it sees a label. The first
  layer becomes the encoder of an autoencoder for the pictures. What it makes of them is the input
  of a second autoencoder, and so on: a *stack*.
]]

code [[
  gradus.seed(1)
  first = train.autoencoder(pictures, 64, {activation = "Sigmoid", epochs = 20, lr = 0.003})
  h1 = train.predict(first.encoder, pictures)
  h1:size()
]]

ask [[
  Make the second one: `second`, an autoencoder with 48 units and the same options, and `h2`, what
  its encoder makes of its input. What *is* its input?
]] {
  name = "second layer",
  solution = [[
    second = train.autoencoder(h1, 48, {activation = "Sigmoid", epochs = 20, lr = 0.003})
    h2 = train.predict(second.encoder, h1)
  ]],
  check = that(function(answer)
    local s, h = answer.vars.second, answer.vars.h2
    if type(s) ~= "table" or not s.encoder then return false, "`second` should be what `train.autoencoder` returns." end
    local rebuilt = train.predict(s.net, h1)
    local e, of_pictures = (rebuilt - h1):square():mean():item(), (train.predict(s.net, pictures) - pictures):square():mean():item()
    local spread = (h1 - h1:mean(1, true)):square():mean():item()
    if e > spread and of_pictures < 0.06 then
      return false, "This autoencoder was trained on the pictures. Its input should be what the first one makes of them.", "pictures"
    end
    if not tensor.is_tensor(h) then return "part", "And `h2`, what its encoder makes of its input?" end
    if h:size(1) ~= 1200 or h:size(2) ~= 48 then
      return false, ("`h2` is (%s); it should be (1200, 48)."):format(table.concat(h:size(), ", ")), h:size()
    end
    if (h - train.predict(s.encoder, h1)):abs():max():item() > 1e-5 then
      return false, "`h2` should be what the second encoder makes of `h1`.", "other"
    end
    return e < spread, "The second autoencoder does not rebuild `h1` well: train it on `h1`.", "untrained"
  end),
  hints = {
    "The two lines are built like those of the first one.",
    "In place of `pictures` stands `h1`, and 48 in place of 64.",
  },
  mistakes = {
    {[[
      second = train.autoencoder(pictures, 48, {activation = "Sigmoid", epochs = 20, lr = 0.003})
      h2 = train.predict(second.encoder, pictures)
    ]], "This would be another first layer. The second one learns to rebuild `h1`."},
  },
}

code [[
  third = train.autoencoder(h2, 32, {activation = "Sigmoid", epochs = 20, lr = 0.003})
]]

ask [[
  Now put the net together: `net`, a `nn.Sequential` of the three encoders and a fresh
  `nn.Linear(32, 10)`; and let it learn from the labels with `tune`. The decoders have done their
  work and are left out.
]] {
  name = "assemble",
  solution = [[
    net = nn.Sequential(first.encoder, second.encoder, third.encoder, nn.Linear(32, 10))
    tune(net)
  ]],
  check = that(function(answer)
    local n = answer.vars.net
    if type(n) ~= "table" or not n.parameters then return false, "There is no net `net` yet." end
    local ok, y = pcall(train.predict, n, test)
    if not ok then return false, "The net does not take the pictures: " .. tostring(y), "fails" end
    if y:size(2) == 32 then return "part", "Three encoders: behind them the last layer, `nn.Linear(32, 10)`." end
    if y:size(2) ~= 10 then return false, "It should have ten outputs.", y:size(2) end
    local count = 0
    for _, p in ipairs(n:parameters()) do count = count + p:numel() end
    if count ~= 64 * 65 + 48 * 65 + 32 * 49 + 10 * 33 then
      return false, ("It has %d parameters; the three encoders and the last layer have %d."):format(count,
        64 * 65 + 48 * 65 + 32 * 49 + 10 * 33), count
    end
    local v = right(n)
    if v > 55 then return true end
    return "part", ("It gets %.0f %% right, as its last layer has never seen a label: `tune(net)`."):format(v)
  end),
  hints = {
    "`nn.Sequential(a, b, c, d)`; an encoder is a field: `first.encoder`.",
    "Then `tune(net)`.",
  },
  mistakes = {
    {"net = nn.Sequential(first.encoder, second.encoder, third.net, nn.Linear(48, 10)) tune(net)",
      "`third.net` is encoder *and* decoder. Take the encoders alone."},
  },
}

predict "How many per cent does it get right? (The plain one: about 47.)" {
  name = "pretrained",
  reveal = "right(net)",
  unit = "%",
  within = 0.15,
  after = "The same net, the same 30 labels, as many rounds. The difference is what came before: 1200 pictures that nobody labelled.",
}

text [[
  There is a greedy way *with* labels, too: train a net with one hidden layer; take its output
  layer off; put a new hidden layer and a new output on top, and train only these; and so on.
  `train.stack` does it all: kind "autoencoder", "supervised", or "none" for comparison.
]]

choice "What becomes of the output layers in the supervised way, and of the decoders in the other?" {
  name = "thrown away",
  {"Both are thrown away.", "Yes: they were there to give the hidden layers something to learn from.", right = true},
  {"Both stay in the finished net.", "A net has one output layer, the last one, and no decoder."},
  {"The decoders are thrown away, the output layers stay.", "Each new output layer stands in the place of the one before."},
}

predict "With 300 labels instead of 30, how many per cent does a net get without any pretraining? (The mean of three draws.)" {
  name = "more labels",
  run = [[
    function score(kind, n, draws, activation)
      local sum = 0
      for seed = 1, draws do
        gradus.seed(seed)
        local stacked = train.stack(some(1, n), {64, 48, 32}, {kind = kind,
          activation = activation or "Sigmoid", epochs = 20, fine_tune = 60,
          batch = 10, lr = 0.003, unlabelled = pictures})
        sum = sum + right(stacked.net) / draws
      end
      return sum
    end
  ]],
  reveal = [[score("none", 300, 3)]],
  unit = "%",
  within = 0.15,
}

picture "Right answers against the number of labels, means of three draws" {
  name = "curves",
  code = [[
    counts = {20, 30, 60, 120, 300, 1200}
    function curve_of(name, kind)
      local list = {}
      for i, n in ipairs(counts) do list[i] = score(kind, n, 3) end
      return {name, counts, list}
    end
    plot.curve({curve_of("no pretraining", "none"), curve_of("supervised", "supervised"),
      curve_of("autoencoders", "autoencoder")}, {points = true, xlog = true,
      xlabel = "labels", ylabel = "% right"})
  ]],
}

choice "What does the picture say?" {
  {"The fewer the labels, the more the unlabelled pictures help", "Yes. With 300 labels the supervised way has caught up, which uses nothing but labels; with 1200 all three have nearly met.", right = true},
  {"Pretraining always helps by the same amount", "Compare the left end with the right one."},
  {"Labels are useless", "All three curves rise with their number."},
}

text [[
  # Check what you read

  Lecture notes call pretraining useful for deep nets, if not necessary, and name handwritten
  digits as an example. They are of their time: sigmoids, whose gradients fade. Take ReLU
  instead. Means of six draws, 30 labels; with sigmoids it was about 47 % without pretraining.
]]

predict "ReLU in place of the sigmoids, no pretraining: how many per cent?" {
  name = "relu",
  run = [[ relu_plain = score("none", 30, 6, "ReLU") ]],
  reveal = "relu_plain",
  unit = "%",
  within = 0.15,
}

predict "And ReLU with the stack of autoencoders? (With sigmoids it was about 72 %.)" {
  name = "relu stack",
  run = [[ relu_stack = score("autoencoder", 30, 6, "ReLU") ]],
  reveal = "relu_stack",
  unit = "%",
  within = 0.1,
  after = "A little more on the mean, though not in each of the six draws.",
}

choice "So what did pretraining do for the net of sigmoids?" {
  {"Two things: it made it quick to train, and it told it about pictures", "Yes. ReLU does the first on its own, and then little is left for the second.", right = true},
  {"It only repaired the sigmoids", "Then the repaired sigmoids would not be ahead of ReLU."},
  {"It only brought in more data", "Then ReLU alone, from 30 labels, would not gain so much."},
}

choice "Which of these are true? There may be several." {
  {"In fine-tuning all layers move, the pretrained ones as well.", "Unless one freezes them.", right = true},
  {"The decoders are part of the final net.", "They are thrown away: they only made the encoders learn."},
  {"Pretraining makes the test pictures known to the net.", "They were not among the 1200. Had they been, that would be a leak."},
  {"With a label for each picture there is little left to gain.", "The right end of the curves.", right = true},
}

try "How far does the plain net of sigmoids come in more rounds? Do denoising autoencoders pretrain better?" {
  suggest = {
    "for i = 1, 3 do tune(plain) print(right(plain)) end",
    "gradus.seed(1) return right(train.stack(labelled, {64, 48, 32}, {corruption = \"masking\", amount = 0.3, epochs = 20, fine_tune = 60, batch = 10, lr = 0.003, unlabelled = pictures}).net)",
    "plot.loss({{\"plain\", plain_history}, {\"pretrained\", tune(net)}})"},
}

text [[
  The idea outlived the method: the great language models of today are pretrained on texts
  without labels, by guessing the next word, and fine-tuned on a few examples. `lab.pretrain()`
  repeats the comparison under five seeds.
]]
