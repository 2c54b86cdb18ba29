-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "All weights alike: why not begin with zero?" {
  topic = "constant initialisation: units that begin equal stay equal",
  minutes = 14,
  needs = {"04-backpropagation"},
  rows = {9},
}

text [[
  A net is about to learn. Why not begin with all weights at 0, or all at 0.5? No unit would be
  preferred, and nothing would be left to chance. The task: are two numbers of the same sign?
  One unit cannot do that; the 8 hidden units of our net together can.
]]

code [[
  x = tensor.randn(127, 2)
  y = x:prod(2, true):gt(0)
  function build(fill)          -- fill(w) sets a weight; biases begin at 0
    local net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    return nn.init.apply(net, fill)
  end
]]

number "How many numbers does this net have to learn, weights and biases?" {
  name = "numbers",
  answer = 33,
  hints = {"A layer from n to m has n m weights and m biases.", "16 and 8, then 8 and 1."},
  mistakes = {
    {24, "Those are the weights. There are 9 biases, too."},
    {25, "Each of the 8 hidden units has a bias, too."},
  },
}

code [[
  same = build(function(w) nn.init.constant_(w, 0.5) end)
  nn.binary_cross_entropy_with_logits(same(x), y):backward()
  g = same[1].weight.grad
]]

predict "All 16 weights of the first layer are 0.5. `g` has their gradients, a row for each of the 8 units. How many DIFFERENT rows has it?" {
  name = "rows",
  reveal = "1 + (g - g[1]):abs():sum(2):gt(1e-9):sum():item()",
  after = "One. Every unit got the same numbers and passed them on in the same way: so it is blamed in the same way.",
}

ask "Look at `g` yourself: what is the largest difference between any of its numbers and the first row, `g[1]`?" {
  name = "difference",
  solution = "(g - g[1]):abs():max()",
  check = that(function(answer)
    local v = answer.value
    v = tensor.is_tensor(v) and v:numel() == 1 and v:item() or v
    if type(v) ~= "number" or math.abs(v) > 1e-7 then
      return false, "The largest difference is one number, and very small.", answer.value
    end
    return answer.source:find("%a") ~= nil, "Right. But let gradus measure it, from `g` and `g[1]`."
  end),
  hints = {"`g - g[1]` subtracts the first row from every row.", "Then the absolute values, `:abs()`, and the largest, `:max()`."},
  mistakes = {
    {"g - g[1]", "These are all the differences. Which is the largest?"},
    {"g:abs():max()", "That is the largest gradient. Subtract the first row before."},
  },
  after = "Equal weights, equal gradients, equal steps: so equal weights again. Nothing ever parts the eight.",
}

pause()

text [[
  Let two nets learn: one from the constant 0.5, one from random weights. `watch(net)` makes 300
  steps of training, leaves the final loss in `last_loss`, and gives the units' first weights
  over time.
]]

code [[
  function watch(net)           -- the units' first weights over time
    local opt, seen = optim.Adam(net:parameters(), {lr = 0.03}), {}
    for step = 0, 300 do
      local first = net[1].weight[{{}, 1}]:detach():clone()
      if step % 10 == 0 then seen[#seen + 1] = first end
      opt:zero_grad()
      last_loss = nn.binary_cross_entropy_with_logits(net(x), y)
      last_loss:backward()
      opt:step()
    end
    return tensor.stack(seen, 2)
  end
  looks = {diverging = true, xlabel = "step / 10", ylabel = "unit", label = "weight"}
]] {quiet = true}

predict "A coin would have a loss of ln 2 = 0.69. What loss does the net reach from the constant 0.5, after 300 steps?" {
  name = "constant",
  run = "constant_map = watch(same)",
  reveal = "last_loss",
  within = 0.1,
  after = "Little better than a coin. Eight units that are one unit can do no more than one.",
}

predict "And from random weights?" {
  name = "random",
  run = "random_map = watch(build(\"xavier_normal\"))",
  reveal = "last_loss",
  within = 1,
  after = "The same net, the same data: only the beginning was different.",
}

pause()

picture "The first weight of each of the 8 units over time: left from the constant, right from random weights" {
  name = "heat",
  code = [[
    plot.grid({plot.heatmap(constant_map, looks), plot.heatmap(random_map, looks)}, {columns = 2})
  ]],
}

predict "`lab.constant_init` repeats this and counts the different units. How many different ones are among the 8, after 300 steps from the constant 0.5?" {
  name = "distinct",
  run = "result = lab.constant_init{seeds = 2}",
  reveal = [[ (function()
    for _, row in ipairs(result.rows) do
      if row.init == "constant 0.5" and row.step == 300 then return row.distinct end
    end
  end)() ]],
  after = "One unit, eight times over, to the very end. And from random weights?",
}

picture "Distinct units and loss by step, for three beginnings: both constants lie on the line 1" {
  name = "units",
  code = [[ result.figures.units ]],
}

pause()

text [[
  # Zero is worse

  From 0.5 the eight at least move together. What about 0?
]]

predict "All weights 0, tanh in between: what is the largest gradient of the FIRST layer's weights?" {
  name = "zero",
  run = [[
    zero = build(function(w) nn.init.constant_(w, 0) end)
    nn.binary_cross_entropy_with_logits(zero(x), y):backward()
  ]],
  reveal = "zero[1].weight.grad:abs():max()",
  after = "0: on its way back the gradient is multiplied by the second layer's weights, and those are 0.",
}

number "How many of the 33 numbers of this net get a gradient that is not 0?" {
  name = "moving",
  answer = [[ (function()
    local n = 0
    for _, p in ipairs(zero:parameters()) do n = n + p.grad:ne(0):sum():item() end
    return n
  end)() ]],
  hints = {
    "The second layer's weights are multiplied by what comes in: tanh(0).",
    "Only one number does not need anything to come in: the bias of the output.",
  },
  mistakes = {
    {16, "Look at `zero[1].weight.grad`: the way back to them leads through weights that are 0."},
    {8, "The second layer's weights see tanh(0) = 0 as inputs: no gradient for them either."},
    {9, "The second layer's weights see tanh(0) = 0 as inputs: no gradient for them either."},
    {33, "Look at `zero[1].weight.grad` and `zero[3].weight.grad`."},
  },
  after = "Only the output's bias: the net can learn how often the answer is yes, and nothing else.",
}

fix [[
  A colleague says: constant, but with a trick, half of the units 0.5 and half -0.5. It does not
  help much. Repair `start`: it must fill a weight `w` so that no two units are alike.
]] {
  name = "start",
  broken = [[
    function start(w)
      nn.init.constant_(w, 0.5)
      w:detach()[{{1, w:size(1) // 2}, {}}] = -0.5
    end
    better = build(start)
    watch(better)
    print(last_loss)
  ]],
  solution = [[
    function start(w)
      nn.init.normal_(w, 0, 0.5)
    end
    better = build(start)
    watch(better)
    print(last_loss)
  ]],
  check = that(function(answer)
    if type(answer.vars.start) ~= "function" then return false, "There is no function `start`." end
    local w = tensor.zeros(8, 2)
    answer.vars.start(w)
    local rows, different = w:totable(), 0
    for i, row in ipairs(rows) do
      local new = true
      for j = 1, i - 1 do
        if math.abs(row[1] - rows[j][1]) + math.abs(row[2] - rows[j][2]) < 1e-6 then new = false end
      end
      if new then different = different + 1 end
    end
    if different < 8 then
      return false, ("Of 8 units only %d are different."):format(different), different
    end
    return true
  end),
  hints = {
    "Two constants make two kinds of units. Eight kinds are needed.",
    "Random numbers: `nn.init.normal_(w, mean, std)`, or `nn.init.uniform_(w, low, high)`.",
  },
  mistakes = {
    {"function start(w) nn.init.constant_(w, 0.1) end", "A smaller constant is a constant, too."},
  },
  variant = [[
    function start(w)
      nn.init.uniform_(w, -0.5, 0.5)
    end
  ]],
  after = "Chance is not a blemish here: it gives every unit something of its own to become.",
}

choice "Where is it all right to begin at 0? There may be several." {
  {"all biases, if the weights are random", "The weights make the units different already.",
    right = true},
  {"a net of ONE linear layer with a softmax", "There are no hidden units that could be alike.",
    right = true},
  {"the weights of every layer but the first", "Then no gradient reaches the first layer at the beginning."},
  {"all weights, if there is dropout", "With all weights 0 nothing flows at all, dropped or not."},
}

try "Try to part the units with something else than random weights." {
  suggest = {
    "lab.constant_init{init = {0.5, \"xavier_normal\"}, seeds = 1, width = 16}",
    "tilted = build(function(w) nn.init.constant_(w, 0.5) end); nn.init.normal_(tilted[1].bias, 0, 0.1); watch(tilted); print(last_loss)",
    "result.figures.units",
  },
}

text [[
  So: random. But how large? A normal distribution with standard deviation 1 seems natural.
  `:lesson 11` shows what it does to a deep net.
]]
