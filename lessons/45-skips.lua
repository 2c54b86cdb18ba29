-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Fifty layers: a way around" {
  topic = "residual connections and batch norm in very deep nets",
  minutes = 18,
  needs = {"40-batch-norm"},
  rows = {32},
}

text [[
  Deeper nets can compute more. So why not fifty layers? Here is such a net for the digits, in a
  plain row: linear layers of 24 units with ReLU, with the weights that `nn.Linear` gives them.
]]

code [[
  gradus.seed(1)
  digits = data.digits()
  function some(from, to)
    return data.set{x = digits.x[{{from, to}}] / 16,
      y = digits.y[{{from, to}}], classes = digits.classes}
  end
  taught, unseen = some(1, 500), some(1201, 1797)
]]

number [[
  On its way back the gradient passes all fifty blocks. Suppose each halves it. How many times
  smaller is it in the end?
]] {
  name = "halved",
  answer = "2 ^ 50",
  relative = 0.1,
  solution = "2 ^ 50",
  hints = {"Two blocks make it four times smaller, three eight times.", "Powers are typed like `3 ^ 4`."},
  mistakes = {
    {"100", "Halving is repeated, not added up: two blocks already make it four times smaller."},
    {"0.5 ^ 50", "That is the share that is left. One over it is asked for."},
  },
  after = "A one with fifteen zeros. And a block may do worse than halve.",
}

code [[
  function deep(block)          -- 64 pixels, fifty blocks, ten classes
    gradus.seed(1)
    local list = {nn.Linear(64, 24)}
    for i = 1, 50 do list[#list + 1] = block() end
    list[#list + 1] = nn.Linear(24, 10)
    return nn.Sequential(table.unpack(list))
  end
  function plain() return nn.Sequential(nn.Linear(24, 24), nn.ReLU()) end
  net = deep(plain);
]]

predict [[
  Two different digits go in; as lists of 64 numbers they are 3.7 apart. How far apart are the two
  answers of this net? Type it like 1e-3, which is 0.001.
]] {
  name = "alike",
  run = "out = net(taught.x):detach()",
  reveal = "(out[1] - out[2]):norm()",
  within = 1e3,
  after = "Nothing, or a rounding error: whatever is shown to it, it says the same. And backwards?",
}

text [[
  `slopes` measures the gradient of the weights in each block.
]]

code [[
  function slopes(net)          -- the std of each block's gradient
    nn.cross_entropy(net(taught.x), taught.y):backward()
    local list = {}
    for i = 2, 51 do
      for _, p in ipairs(net[i]:parameters()) do
        if p:dim() == 2 then list[i - 1] = p.grad:std():item() end
      end
    end
    return list
  end
]]

predict [[
  How many times smaller is the gradient in the first block than in the last one? Type it like
  1e5, which is a one with five zeros.
]] {
  name = "plain gradient",
  run = "plain_slopes = slopes(deep(plain))",
  reveal = "plain_slopes[50] / plain_slopes[1]",
  within = 1e3,
  after = "A one with eighteen zeros or so. A step in the first layers is smaller than any rounding error: they will never learn.",
}

text [[
  # A way around

  He and others (2015) let the signal go *around* each block, too:

      y = x + f(x)

  Backwards, the gradient goes around the block as well, undiminished.
]]

number "A chain of 50 blocks, each with f(x) = 0.01 x. Without the way around, its slope is 0.01 to the power of 50. And with it, where each block computes x + 0.01 x?" {
  answer = "1.01 ^ 50",
  tolerance = 0.02,
  solution = "1.01 ^ 50",
  hints = {
    "Each block multiplies by 1 + 0.01.",
    "Fifty times in a row: a power.",
  },
  mistakes = {
    {1.5, "That adds the fifty hundredths. They are multiplied: interest on interest."},
    {"0.01 ^ 50", "That is without the way around. A block now gives x + 0.01 x."},
    {1.01, "That is a single block."},
  },
  after = "1.64 instead of a number with a hundred zeros behind the point: the 1 saves it.",
}

ask [[
  Write the block as a class of your own: `Skip`, made by `nn.class`, with `Skip(inner)` for the
  layer to go around. It needs two methods, `init` and `forward`; fill the second one in:

      Skip = nn.class("Skip")
      function Skip:init(inner) self.inner = inner end
      function Skip:forward(x) return ____ end
]] {
  name = "skip",
  solution = [[
    Skip = nn.class("Skip")
    function Skip:init(inner) self.inner = inner end
    function Skip:forward(x) return x + self.inner(x) end
  ]],
  check = that(function(answer)
    local make = answer.vars.Skip
    if make == nil then return false, "There is no class `Skip` yet." end
    local inner = nn.Linear(3, 3)
    local t = tensor.randn(4, 3)
    local made, skip = pcall(make, inner)
    if not made then return "part", "Next comes `Skip:init`, then `Skip:forward`." end
    local ran, y = pcall(skip, t)
    if not ran and rawget(make, "forward") then return false, tostring(y), 5 end
    if not ran then return "part", "Now `Skip:forward`." end
    if not tensor.is_tensor(y) then return false, "`Skip:forward` should return a tensor.", 6 end
    local got, want = y:detach(), (t + inner(t)):detach()
    if #skip:parameters() ~= 2 then return false, "The inner layer should be kept as `self.inner`.", 1 end
    if (got - inner(t)):detach():abs():max():item() < 1e-5 then
      return false, "What comes out is the inner layer alone: the way around is missing.", 2
    end
    if (got - t * inner(t)):detach():abs():max():item() < 1e-5 then
      return false, "Here the two ways are multiplied; they should be added.", 3
    end
    return (got - want):abs():max():item() < 1e-5, "`Skip(inner)(x)` should be x + inner(x).", 4
  end),
  hints = {
    "Three lines, the first two as they stand there. The third returns a sum.",
    "One of the two terms is `x`, the other one is what the inner layer makes of it: `self.inner(x)`.",
  },
  mistakes = {
    {[[
      Skip = nn.class("Skip")
      function Skip:init(inner) self.inner = inner end
      function Skip:forward(x) return self.inner(x) end
    ]], "This is only the inner layer: add `x` to it."},
    {[[
      Skip = nn.class("Skip")
      function Skip:init(inner) self.inner = inner end
      function Skip:forward(x) return x * self.inner(x) end
    ]], "The two ways are added, not multiplied."},
  },
  variant = [[
    Skip = nn.class("Skip")
    function Skip:init(inner) self.inner = nn.Residual(inner) end
    function Skip:forward(x) return self.inner(x) end
  ]],
  after = "`nn.Residual` is the same, and takes several layers.",
}

code [[
  function skip() return Skip(nn.Sequential(nn.Linear(24, 24), nn.ReLU())) end
  net = deep(skip)
]]

predict "Each block now *adds* something to what it got. The numbers that come in have a standard deviation of about 0.4. What is it behind the fifty blocks? (Type it like 1e5.)" {
  run = "out = net(taught.x):detach():std():item()",
  reveal = "out",
  within = 1e2,
  after = "Thousands. Nothing vanishes any more; but every block adds to the pile, and the next one makes a share of that.",
}

text [[
  So the way around needs somebody who keeps the sums small: batch norm, at the beginning of
  the inner way. And what would batch norm do without the way around?
]]

code [[
  function normed()             -- batch norm, no way around
    return nn.Sequential(nn.Linear(24, 24), nn.BatchNorm1d(24), nn.ReLU())
  end
  function both()               -- the inner way begins with batch norm
    return Skip(nn.Sequential(nn.BatchNorm1d(24), nn.ReLU(), nn.Linear(24, 24)))
  end
]]

picture "The gradients of fifty blocks" {
  name = "gradients",
  code = [[
    plot.depth({{"plain", plain_slopes}, {"way around", slopes(deep(skip))},
      {"batch norm", slopes(deep(normed))}, {"both", slopes(deep(both))}},
      {ylabel = "std of the gradient"})
  ]],
}

choice "What does batch norm *alone* do to the gradients of fifty layers?" {
  {"They grow towards the input", "Yes: a thousandfold and more. Batch norm keeps the signal in shape on the way forward, but not the gradient on its way back.",
    right = true},
  {"They fade towards the input", "That is the plain net. Look at the side where layer 1 is."},
  {"They stay level", "That takes batch norm *and* the way around."},
}

text [[
  # Who learns?
]]

code [[
  function learn(block)         -- the history of eight rounds
    net = deep(block)
    return train.fit(net, {data = taught, epochs = 8, batch = 50,
      opt = optim.SGD(net:parameters(), {lr = 0.01, momentum = 0.9}),
      progress = "none"})
  end
  function right()
    return 100 * metrics.accuracy(unseen.y, train.predict(net, unseen))
  end
]]

predict "Let the plain net learn. Its loss begins at 2.31; where is it after eight rounds?" {
  run = "h_plain = learn(plain)",
  reveal = "h_plain.epochs[#h_plain.epochs].loss",
  within = 0.5,
  after = "2.30 is what guessing gets among ten digits. It has learnt nothing.",
}

ask "Now `both`: let it learn, keep the history as `h_both`, and look at `right()` afterwards, the per cent of unseen digits that `net` gets right." {
  name = "learn",
  solution = "h_both = learn(both)",
  check = that(function(answer)
    local h = answer.vars.h_both
    if type(h) ~= "table" or not h.epochs then return false, "`h_both` should be what `learn` returns." end
    local loss = h.epochs[#h.epochs].loss
    return loss < 1, ("The last loss is %.3g. With batch norm and the way around it falls below 1."):format(loss), loss
  end),
  hints = {"`learn` takes a function that makes a block, and `both` is one.", "`h_both = learn(...)`, then `right()`."},
  mistakes = {
    {"h_both = learn(plain)", "That is the plain net again."},
    {"h_both = learn(normed)", "This one has batch norm, but no way around."},
  },
}

code [[
  share_both = right()
  h_normed = learn(normed)
  share_both, right()
]]

picture "Eight rounds, fifty layers" {
  name = "losses",
  code = [[
    plot.loss({{"plain", h_plain}, {"batch norm", h_normed}, {"both", h_both}})
  ]],
}

choice "And the net with the way around but without batch norm: what would `learn(skip)` give? Guess, then try it." {
  {"no number: its loss becomes NaN", "Yes: outputs in the thousands give gradients in the hundreds, and one step is enough.",
    right = true},
  {"about the same as `both`", "Think of the thousands at its output."},
  {"2.30, like the plain net", "Its gradients do not vanish: they are far too large."},
}

choice "Which of these are true? There may be several." {
  {"The way around has no parameters.", "It is an addition.", right = true},
  {"It needs equal shapes at both ends, or a layer that makes them equal.", "One can only add what has the same shape.", right = true},
  {"With it, depth costs nothing any more.", "Every block is computed and learnt all the same."},
  {"A block can easily learn to do nothing.", "Its inner way only has to give zero; then the signal passes as it is.", right = true},
}

try "A hundred blocks? Change `deep` for yourself; or give the plain blocks Kaiming He's weights and see how far that carries." {
  suggest = {
    "slopes(nn.init.apply(deep(plain), \"kaiming_normal\"))[1]",
    "#deep(both):parameters()",
  },
}

text [[
  With the way around and batch norm, nets of 152 layers won the competitions of 2015. A year
  later their authors moved batch norm to the beginning of the inner way, as in your `both`.
  `lab.depth_skip()` counts under five seeds which of these nets learn.
]]
