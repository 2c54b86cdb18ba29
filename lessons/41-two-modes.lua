-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Two modes: a net that is taught, a net that is asked" {
  topic = "train and eval: what each layer does in each mode",
  minutes = 15,
  needs = {"40-batch-norm"},
  rows = {41},
}

text [[
  A friend has trained a net on iris flowers and asks it about 45 flowers it has never seen.
  The answer is never the same twice. Is the net broken, or is it asked the wrong way?
]]

code [[
  gradus.seed(1)
  taught, unseen = data.split(data.iris(), 0.3, {seed = 1, stratify = true})
  net = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(),
    nn.Dropout(0.5), nn.Linear(16, 3))
  train.fit(net, {data = taught, epochs = 40, progress = "none",
    opt = optim.Adam(net:parameters(), {lr = 0.01})})
  net:train();
]]

number "By how many percentage points does its share of right answers move if one flower of the 45 more is right?" {
  name = "grain",
  answer = 100 / 45,
  tolerance = 0.03,
  unit = "points",
  hints = {"One of 45. How much is that of a hundred?"},
  mistakes = {
    {1 / 45, "That is the share. In percentage points it is a hundred times as much."},
    {2, "Nearly: 100 / 45 is a little more."},
    {45, "So many flowers there are. One of them weighs 100 / 45."},
    {1, "That would be one flower of a hundred."},
  },
  after = "No share of 45 flowers can move by less than that.",
}

predict [[
  The net answers the same 45 flowers ten times. Between its best and its worst share of right
  answers, how many percentage points lie?
]] {
  run = [[
    function right(flowers)
      return 100 * metrics.accuracy(flowers.y, net(flowers.x):detach())
    end
    ten = {}
    for i = 1, 10 do ten[i] = right(unseen) end
  ]],
  reveal = "math.max(table.unpack(ten)) - math.min(table.unpack(ten))",
  unit = "points",
  within = 1,
  after = "Nothing about the net has changed in between. Dropout silences other units at each call.",
}

ask "Every net knows its mode. Look at the field `training` of `net`." {
  name = "mode",
  solution = "net.training",
  hints = {"A field is read with a dot, like `net.something`, without brackets."},
  after = "`true`: it behaves as in training. A new net is in this mode, too.",
}

ask "Switch the net to evaluation, with its method `eval`." {
  name = "switch",
  solution = "net:eval()",
  check = that(function()
    if net.training then return false, "The net is still in training mode.", 1 end
    return not (net[2].training or net[4].training),
      "That switched the net's own field; its layers are as before. The method tells them all.", 2
  end),
  hints = {"A method is called with a colon and brackets: `net:something()`."},
  mistakes = {{"net.training = false", "The field of the net alone: its layers are as before. The method tells them all."}},
  after = "`net:train()` would lead back.",
}

predict "Now it answers the same flowers ten times again. How many percentage points lie between its best and its worst share of right answers?" {
  name = "steady",
  run = "for i = 1, 10 do ten[i] = right(unseen) end",
  reveal = "math.max(table.unpack(ten)) - math.min(table.unpack(ten))",
  unit = "points",
  within = 1,
  after = "None. In eval mode no unit is silenced, and the same question gets the same answer.",
}

picture "Thirty times the same question, in each mode" {
  name = "jitter",
  code = [[
    net:train()
    jitter = {}
    for i = 1, 30 do jitter[i] = right(unseen) end
    net:eval()
    steady = {}
    for i = 1, 30 do steady[i] = right(unseen) end
    plot.curve({{"train mode", jitter}, {"eval mode", steady}},
      {xlabel = "question", ylabel = "% right", points = true})
  ]],
}

text [[
  # The other one

  Dropout makes answers jump. And batch norm? We leave it in train mode, switch dropout off, and
  ask about the 15 flowers of *one* species at a time.
]]

predict "In eval mode the net knows nearly all of them. How many per cent of the setosas does it get right now?" {
  run = [[
    function only(kind)         -- the unseen flowers of one species
      local rows = tensor.arange(#unseen)[unseen.y:eq(kind)]
      return data.subset(unseen, rows)
    end
    net:train()
    net[4]:eval()               -- switches dropout off
    one_species = {right(only(1)), right(only(2)), right(only(3))}
    net:eval()
  ]],
  reveal = "one_species[1]",
  unit = "%",
  within = 0.5,
  after = "Steadily, and wrong: batch norm subtracts what all flowers of the batch have in common. Here that was what makes a setosa a setosa.",
}

choice "Why does batch norm not have this trouble in eval mode?" {
  {"It uses the averages noted in training", "Yes: they come from all three species, whatever stands beside the flower now.", right = true},
  {"It is switched off", "Then the next layer would get numbers of a size it has never seen."},
  {"It uses larger batches", "In eval mode the batch plays no part: even one flower will do."},
}

text [[
  # Looking changes something

  In train mode batch norm takes notes at *every* call, also when nobody calls an optimiser.
]]

predict "The net in train mode is merely asked about the unseen flowers, measured in millimetres by mistake: ten times too large. By what factor does the note of the first unit's variance grow?" {
  run = [[
    note = net[2].running_var[1]:item()
    spoilt = nn.Sequential(net[1], net[2])
    spoilt:train()
    h = spoilt(unseen.x * 10)
    spoilt:eval()
  ]],
  reveal = "net[2].running_var[1]:item() / note",
  within = 0.5,
  after = "The variance of what it saw was about a hundred times too large, and a tenth of that went into the notes. No weight has moved.",
}

code [[
  nn.recalibrate(net, {taught.x})       -- repair the notes
  right(unseen)
]]

ask [[
  Write `honest(net, flowers)`: the share of right answers (a number from 0 to 1), measured in
  eval mode. Afterwards the net must be in the mode it was in before, whichever that was.
]] {
  name = "honest",
  solution = [[
    function honest(net, flowers)
      local before = net.training
      net:eval()
      local share = metrics.accuracy(flowers.y, net(flowers.x):detach())
      net:train(before)
      return share
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.honest
    if type(f) ~= "function" then return false, "There is no function `honest` yet." end
    local small = nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.5))
    for _, mode in ipairs{true, false} do
      small:train(mode)
      local seen
      local hook = small:register_forward_hook(function(m) seen = m.training end)
      local share = f(small, unseen)
      hook:remove()
      if seen == nil then return false, "The net was never called.", 1 end
      if seen then return false, "The net was asked in train mode.", 2 end
      if small.training ~= mode then
        return false, ("It was in %s mode before and is in %s mode afterwards."):format(
          mode and "train" or "eval", mode and "eval" or "train"), mode and 3 or 4
      end
      small:eval()
      local truth = metrics.accuracy(unseen.y, small(unseen.x):detach())
      if type(share) ~= "number" or math.abs(share - truth) > 1e-6 then
        return false, "The mode is right; now return the share of right answers.", 5
      end
    end
    return true
  end),
  hints = {
    "Four steps: remember `net.training`, switch, compute, switch back.",
    "`net:train(true)` and `net:train(false)` set either mode; `net:eval()` is short for the second.",
    "`metrics.accuracy(flowers.y, net(flowers.x):detach())` computes the share.",
  },
  mistakes = {
    {[[
      function honest(net, flowers)
        net:eval()
        return metrics.accuracy(flowers.y, net(flowers.x):detach())
      end
    ]], "The net stays in eval mode: the training that goes on afterwards would be without dropout, and nobody would notice."},
    {[[
      function honest(net, flowers)
        net:eval()
        local share = metrics.accuracy(flowers.y, net(flowers.x):detach())
        net:train()
        return share
      end
    ]], "Now it is always in train mode afterwards, also when it was in eval mode before."},
    {[[
      function honest(net, flowers)
        return metrics.accuracy(flowers.y, net(flowers.x):detach())
      end
    ]], "The mode is never switched."},
  },
  after = "`train.fit`, `train.predict` and `train.evaluate` take this care on their own. Loops written by hand forget it.",
}

code [[
  function differs(layer, x)    -- the largest difference between the modes
    x = x or tensor.randn(32, 4)
    layer:train()
    local taught = layer(x)
    layer:eval()
    return (taught - layer(x)):abs():max():item()
  end
  differs(nn.Dropout(0.5)), differs(nn.ReLU())
]]

choice "Which of these layers behave differently in the two modes? Try them with `differs`, if in doubt." {
  {"Dropout", "It silences units in training only.", right = true},
  {"BatchNorm1d", "The batch's statistics in training, the noted ones in evaluation.", right = true},
  {"Linear", "It has no modes."},
  {"ReLU", "It has no modes."},
  {"LayerNorm", "It looks along one sample and needs no batch: the same in both modes."},
}

try "Find out for other layers whether the mode matters." {
  suggest = {"differs(nn.Dropout(0.1)), differs(nn.LayerNorm(4)), differs(nn.BatchNorm1d(4))",
    "differs(nn.BatchNorm2d(3), tensor.randn(8, 3, 5, 5))",
    "differs(nn.GroupNorm(1, 3), tensor.randn(8, 3, 5, 5))"},
}

text [[
  To remember: `net:train()` before the training loop, `net:eval()` before any judgement, and
  back again. If a metric jumps when nothing changed, look at `net.training` first.
]]
