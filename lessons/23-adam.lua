-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "A rate for every weight: from AdaGrad to Adam" {
  topic = "AdaGrad, RMSProp, Adadelta, Adam, Adamax, NAdam, AdamW",
  minutes = 25,
  needs = {"22-momentum"},
  rows = {19},
}

text [[
  Two weights of one net: the first sees gradients of 10, the second of 0.001, because its
  feature is rare or its layer deep. One rate has to serve both. Can it?
]]

choice "The rate is chosen so that the first weight takes good steps. What does the second weight do?" {
  {"next to nothing", "Yes: its steps are ten thousand times shorter.", right = true},
  {"it takes steps as good", "A step of plain descent is rate times gradient, and its gradient is tiny."},
  {"it diverges", "Its steps are too short, not too long."},
}

text [[
  `step(class, g, options)` shows how far an optimiser's first step moves weights of gradients g.
]]

code [[
  function step(class, g, options)
    local w = tensor.zeros(#g):requires_grad_()
    local opt, loss = class({w}, options), (w * tensor(g)):sum()
    loss:backward()
    opt:step()
    return w:detach():abs()
  end
]]

predict "Plain descent with rate 0.1: how many times as far does the first weight move as the second?" {
  run = "both = step(optim.SGD, {10, 0.001}, {lr = 0.1})",
  reveal = "both[1] / both[2]",
  within = 1,
  after = "1 against 0.0001: one leaps, the other stands still.",
}

text [[
  *AdaGrad* keeps for each weight a cache, the sum of its squared gradients, and divides by the
  root of it:

      cache = cache + g^2
      w = w - rate g / (root of cache + eps)

  The tiny eps only prevents a division by zero.
]]

predict "The same two weights, rate 0.1, AdaGrad's first step. How far does the weight with g = 0.001 move?" {
  name = "first-step",
  run = "both = step(optim.Adagrad, {10, 0.001}, {lr = 0.1})",
  reveal = "both[2]",
  within = 0.5,
  after = "As far as the other: g divided by the root of g^2 is 1, whatever g is.",
}

text [[
  # Check what you read

  One lecture writes AdaGrad, RMSProp and Adam without the root: g / (cache + eps). A detail?
]]

code [[ Rootless = optim.class("Rootless", {lr = 0.1}) ]] {quiet = true}

code [[
  function Rootless:update(p, g, state, group)
    state.cache = (state.cache or 0) + g * g
    p:sub_(g / (state.cache + 1e-10) * group.lr)
  end
]]

predict "How far does `Rootless` move the weight with g = 0.001 in its first step, rate 0.1?" {
  run = "both = step(Rootless, {10, 0.001}, {lr = 0.1})",
  reveal = "both[2]",
  within = 3,
  after = [[
    A hundred, and the weight with g = 10 only 0.01: now the *smaller* gradient makes the larger
    step. The root is what makes the steps alike.
  ]],
}

fix "Give the rule its root, so that `Rootless` does what the library's `optim.Adagrad` does." {
  name = "root",
  broken = [[
    function Rootless:update(p, g, state, group)
      state.cache = (state.cache or 0) + g * g
      p:sub_(g / (state.cache + 1e-10) * group.lr)
    end
  ]],
  solution = [[
    function Rootless:update(p, g, state, group)
      state.cache = (state.cache or 0) + g * g
      p:sub_(g / (state.cache:sqrt() + 1e-10) * group.lr)
    end
  ]],
  check = that(function(answer)
    local Class = answer.vars.Rootless
    local function walk(class)
      local w = tensor({-2, 2}, {requires_grad = true})
      local opt = class({w}, {lr = 0.1})
      for _ = 1, 4 do
        opt:zero_grad()
        local loss = (w * w * tensor{10, 100}):sum()
        loss:backward()
        opt:step()
      end
      return w:detach()
    end
    local got, want = walk(Class), walk(optim.Adagrad)
    if (got - want):abs():max():item() < 1e-4 then return true end
    return false, ("After four steps from (-2, 2) it stands at (%.4f, %.4f), AdaGrad at (%.4f, %.4f)."):format(
      got[1]:item(), got[2]:item(), want[1]:item(), want[2]:item()), got
  end),
  hints = {"The sum of squares stays as it is; its root divides.", "`state.cache:sqrt()`"},
  mistakes = {
    {[[function Rootless:update(p, g, state, group)
      state.cache = (state.cache or 0) + (g * g):sqrt()
      p:sub_(g / (state.cache + 1e-10) * group.lr)
    end]], "The root of each square is just the size of g. First the squares are added up, then comes the root."},
    {[[function Rootless:update(p, g, state, group)
      state.cache = ((state.cache or 0) + g * g):sqrt()
      p:sub_(g / (state.cache + 1e-10) * group.lr)
    end]], "Now the root is *kept*, and squares are added to a root. Take it only where it divides."},
    {[[function Rootless:update(p, g, state, group)
      state.cache = g * g
      p:sub_(g / (state.cache:sqrt() + 1e-10) * group.lr)
    end]], "The squares of the earlier steps are gone: the cache is a sum."},
  },
  variant = [[
    function Rootless:update(p, g, state, group)
      state.cache = g ^ 2 + (state.cache or 0)
      p:sub_(group.lr * g / (state.cache ^ 0.5 + 1e-10))
    end
  ]],
}

text [[
  # The cache only grows

  Let a gradient be 1 at every step. AdaGrad's cache is then the number of steps t, and each
  step is rate / root of t.
]]

number "How long is AdaGrad's 100th step with rate 0.1, if g is always 1?" {
  answer = 0.01,
  hints = {"The cache is 100.", "0.1 divided by the root of 100."},
  mistakes = {
    {0.001, "Divide by the *root* of 100."},
    {0.1, "That is the first step. Since then the cache has grown to 100."},
  },
  after = "And the 10000th is 0.001. Training dies out, whether or not the valley is reached.",
}

text [[
  *RMSProp* mends this with the moving average of `:lesson 22` in place of the sum. In
  gradus beta is called `alpha`, with 0.99 as its default:

      cache = alpha cache + (1 - alpha) g^2
]]

predict "And RMSProp's very first step with rate 0.1, g = 1 and alpha = 0.99? Mind the cold start." {
  reveal = "step(optim.RMSprop, {1}, {lr = 0.1})",
  within = 0.5,
  after = [[
    The cache is only 0.01 after one step, its root 0.1: the step is ten times the rate. RMSProp
    does not correct its cold start, so its first steps are long.
  ]],
}

text [[
  `walks` has the lengths of 200 steps, while g is 1 all the time, of AdaGrad, RMSProp and Adam.
]]

code [[
  function lengths(class, options)
    local w, list, last = tensor.zeros(1):requires_grad_(), {}, 0
    local opt = class({w}, options)
    for t = 1, 200 do
      opt:zero_grad()
      w:sum():backward()
      opt:step()
      list[t] = last - w:item()
      last = w:item()
    end
    return list
  end
  walks = {{"AdaGrad", lengths(optim.Adagrad, {lr = 0.1})},
    {"RMSProp", lengths(optim.RMSprop, {lr = 0.1})},
    {"Adam", lengths(optim.Adam, {lr = 0.1})}}
]] {quiet = true}

choice "How long does RMSProp's cold start last, with alpha = 0.99?" {
  {"one step", "The second cache is 0.0199: its root is 0.14, and the step still seven times the rate."},
  {"some hundred steps", "Yes: its memory is 1 / (1 - 0.99) = 100 steps, and after twice that it is nearly even.", right = true},
  {"for ever", "The cache of a gradient that is always 1 comes to 1 in the end."},
}

picture "Length of the steps while g is always 1: one dies out, one starts long, the next is even" {
  name = "lengths",
  code = [[
    plot.curve(walks, {xlabel = "step", ylabel = "length", ylog = true})
  ]],
}

text [[
  # Adam

  *Adam* averages the gradients in m and their squares in v, both corrected for the cold
  start. For step number t:

      m = b1 m + (1 - b1) g              v = b2 v + (1 - b2) g^2
      w = w - rate (m / (1 - b1^t)) / (root of (v / (1 - b2^t)) + eps)
]]

code [[
  Mine = optim.class("Mine", {lr = 1e-3, betas = {0.9, 0.999}, eps = 1e-8})
]]

ask [[
  Write `function Mine:update(p, g, state, group)`. Keep `state.t`, `state.m` and `state.v`;
  `group` has `lr`, `eps` and `betas`, with b1 = `group.betas[1]`. Roots are `x:sqrt()`.
]] {
  name = "adam",
  solution = [[
    function Mine:update(p, g, state, group)
      local b1, b2 = group.betas[1], group.betas[2]
      state.t = (state.t or 0) + 1
      state.m = (state.m or 0) * b1 + g * (1 - b1)
      state.v = (state.v or 0) * b2 + g * g * (1 - b2)
      local m = state.m / (1 - b1 ^ state.t)
      local v = state.v / (1 - b2 ^ state.t)
      p:sub_(m / (v:sqrt() + group.eps) * group.lr)
    end
  ]],
  check = that(function(answer)
    local Class = answer.vars.Mine
    if rawget(Class, "update") == nil then return false, "There is no `Mine:update` yet." end
    local function walk(class)
      local w = tensor({-2, 2}, {requires_grad = true})
      local opt, path = class({w}, {lr = 0.1}), {}
      for k = 1, 5 do
        opt:zero_grad()
        local loss = (w * w * tensor{10, 100}):sum()
        loss:backward()
        opt:step()
        path[k] = w:detach():clone():unsqueeze(1)
      end
      return tensor.cat(path, 1)
    end
    local got, want = walk(Class), walk(optim.Adam)
    if (got - want):abs():max():item() < 1e-4 then return true end
    if (got[1] - tensor{-2, 2}):abs():max():item() == 0 then
      return false, "The weights do not move: change p in place with `p:sub_`.", got
    end
    return false, ("After the first step the weights are %.4f and %.4f; Adam's are %.4f and %.4f."):format(
      got[1][1]:item(), got[1][2]:item(), want[1][1]:item(), want[1][2]:item()), got
  end),
  hints = {
    "Five lines from the formulas: t, m, v, the two corrected ones, then `p:sub_(...)`.",
    "The first time a state is nil: `(state.m or 0) * b1 + g * (1 - b1)`.",
    "The corrected m is `state.m / (1 - b1 ^ state.t)`; the step m / (v:sqrt() + eps) times lr.",
  },
  mistakes = {
    {[[function Mine:update(p, g, state, group)
      local b1, b2 = group.betas[1], group.betas[2]
      state.m = (state.m or 0) * b1 + g * (1 - b1)
      state.v = (state.v or 0) * b2 + g * g * (1 - b2)
      p:sub_(state.m / (state.v:sqrt() + group.eps) * group.lr)
    end]], "The corrections are missing: the first step is three times too long (0.1 over the root of 0.001)."},
    {[[function Mine:update(p, g, state, group)
      local b1, b2 = group.betas[1], group.betas[2]
      state.t = (state.t or 0) + 1
      state.m = (state.m or 0) * b1 + g * (1 - b1)
      state.v = (state.v or 0) * b2 + g * g * (1 - b2)
      p:sub_(state.m / (1 - b1 ^ state.t) / (state.v / (1 - b2 ^ state.t) + group.eps) * group.lr)
    end]], "The root of v is missing: `v:sqrt()`."},
    {[[function Mine:update(p, g, state, group)
      local b1, b2 = group.betas[1], group.betas[2]
      state.t = (state.t or 0) + 1
      state.m = (state.m or 0) * b1 + g * (1 - b1)
      state.v = (state.v or 0) * b2 + g * (1 - b2)
      p:sub_(state.m / (1 - b1 ^ state.t) / ((state.v / (1 - b2 ^ state.t)):sqrt() + group.eps) * group.lr)
    end]], "v averages the *squares*: `g * g`. (The root of a negative number is nan.)"},
  },
  after = "You have written the optimiser that most nets are trained with.",
}

number "Whatever g is: how long is Adam's first step with rate 0.1?" {
  answer = 0.1,
  tolerance = 0.001,
  hints = {"After one step the corrected m is g, and the corrected v is g^2."},
  mistakes = {
    {0.316, "That would be without the corrections."},
    {1, "That is RMSProp's: no correction of the cold start."},
  },
}

code [[
  Cold = optim.class("Cold", {lr = 0.1})
  function Cold:update(p, g, state, group)
    state.m = (state.m or 0) * 0.9 + g * 0.1
    state.v = (state.v or 0) * 0.999 + g * g * 0.001
    p:sub_(state.m / (state.v:sqrt() + 1e-8) * group.lr)
  end
]] {quiet = true}

predict "Check what you read: one lecture's Adam leaves the corrections out. `Cold` is that rule, with the root in its place. How long is its first step, rate 0.1?" {
  name = "cold",
  reveal = "step(Cold, {10}, {lr = 0.1})",
  within = 0.5,
  after = [[
    0.316: m is 0.1 g and the root of v is 0.0316 g, so the step is three times too long. With the
    corrections it is 0.1, and stays near it.
  ]],
}

number [[
  A lecture gives Adam b2 = 0.99 and says it is from the paper; the paper has 0.999. About how
  many steps does v remember with the paper's value?
]] {
  answer = 1000,
  unit = "steps",
  tolerance = 1,
  hints = {"The memory is 1 / (1 - beta) steps."},
  mistakes = {{100, "That is the lecture's 0.99."}},
  after = "A tenth of the memory: does it matter? Let both walk, on a surface called Beale's.",
}

code [[
  for _, b2 in ipairs{0.99, 0.999} do
    local r = lab.race{surface = "beale", rates = {0.1}, steps = 300,
      optimisers = {{"Adam", "Adam", {betas = {0.9, b2}}}}, progress = false}
    print(b2, r.rows[#r.rows].loss)
  end
]]

text [[
  Both arrive: on a smooth surface the length of that memory hardly matters.

  # A race

  Its relatives: *Adadelta* measures its own steps, too, and needs no rate. *Adamax* takes the
  largest gradient in place of the mean square. *NAdam* adds Nesterov's look ahead. *AdamW*
  treats weight decay apart: `:lesson 31`.
]]

choice [[
  On the bowl 10 x^2 + 100 y^2 from (-2, 2), descent falls along y first and then crawls along
  x. What does Adam's path look like?
]] {
  {"the same", "Adam divides each direction by the size of its own gradients."},
  {"a straight diagonal line", "Yes: both weights move by the same amount, curvature or not.",
    right = true},
  {"first along x, then along y", "That would need longer steps where the gradient is smaller."},
}

code [[
  bowl = lab.race{surface = "quadratic", rates = {0.05}, steps = 60,
    optimisers = {{"SGD 0.003", "SGD", {lr = 0.003}}, "Adam", "RMSprop"},
    seeds = 1, progress = false}
]]

picture "Descent with a bend; Adam and RMSProp straight along the diagonal, one on the other" {
  name = "diagonal",
  code = [[ bowl.figures.paths ]],
}

choice "Next: six of them on Beale's surface, at rate 0.05 (Adadelta at 1). Which one is left behind after 300 steps?" {
  {"AdaGrad", "Yes: its cache only grows, its steps only shrink.", right = true},
  {"Adam", "Its steps stay about one rate long: 300 of them go far."},
  {"RMSProp", "Its first steps are the longest of all. Its trouble comes at the end."},
}

code [[
  beale = lab.race{surface = "beale", rates = {0.05}, steps = 300,
    xrange = {0.5, 4}, yrange = {-0.2, 1.2}, progress = false,
    optimisers = {"Adagrad", "RMSprop", {"Adadelta", "Adadelta", {lr = 1}},
      {"my Adam", Mine}, "Adamax", "NAdam"}}
]]

picture "All of them on Beale's surface; its minimum is at (3, 0.5)" {
  name = "all-paths",
  code = [[ beale.figures.paths ]],
}

picture "The same as a film, in three frames" {
  name = "all-frames",
  code = [[ beale:frames({10, 50, 200}) ]],
}

choice "One of them leaves at once, straight down, and is nearest after ten steps. Which, and why?" {
  {"RMSProp: its first steps are too long", "Yes, its cold start. Here it helps; where the valley is narrow it throws it out.",
    right = true},
  {"Adam: both averages are corrected", "That makes its first steps one rate long, no longer."},
  {"Adadelta: it needs no rate", "It begins with the shortest steps: it does not know yet how far it may go."},
}

picture "Their heights against steps" {
  name = "all-heights",
  code = [[ beale.figures.loss ]],
}

choice "Late in the race RMSProp leaps up again and again. Why?" {
  {"Its cache forgets the large gradients, and a tiny root makes long steps.",
    "Yes: near the minimum the gradients are tiny, and so is their mean square.", right = true},
  {"The surface has a step there.", "It is smooth: the others pass without a leap."},
  {"Its rate grows.", "The rate is 0.05 all the time. What it is divided by gets small."},
}

text [[
  A falling rate cures that (`:lesson 24`). And a surface is no net: here is one that reads
  digits, five epochs with each optimiser from the same first weights.
]]

code [[
  raw = data.digits()
  digits = data.set{x = raw.x / 16, y = raw.y, classes = raw.classes}
]] {quiet = true}

-- A seed of the student's own, the same after `:back`.
fresh(function(random)
  code(("start = %d"):format(random(1, 999999))) {quiet = true}
end)

code [[
  function fit(class, options)
    gradus.seed(start)
    local net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    return train.fit(net, {data = digits, epochs = 5, progress = "none",
      opt = class(net:parameters(), options)})
  end
]]

choice "Momentum with rate 0.1, AdaGrad, Adadelta, Adam and NAdam with the library's default rates. Which will be slowest on the digits?" {
  name = "slowest",
  {"momentum: it has no rate for each weight", "The digits' pixels are all of one size: one rate serves them well."},
  {"AdaGrad: its steps only shrink", "Five epochs are 285 steps; its steps have not died out by then."},
  {"Adam: its default rate is 0.001", "Yes, as the picture will show: a step of Adam is about one rate long.",
    right = true},
}

picture "Digits: the library's default rates, and momentum with 0.1" {
  name = "digits",
  code = [[
    plot.loss({{"momentum 0.1", fit(optim.SGD, {lr = 0.1, momentum = 0.9})},
      {"AdaGrad", fit(optim.Adagrad)}, {"Adadelta", fit(optim.Adadelta)},
      {"Adam", fit(optim.Adam)}, {"NAdam", fit(optim.NAdam)}},
      {xlabel = "epoch"})
  ]],
}

choice "What does the picture say about Adam?" {
  {"Adam is bad at digits.", "With a larger rate it is among the fastest: try 0.01 below."},
  {"Its default rate is careful: compare optimisers at a rate that suits each.",
    "Yes. Five epochs are only 285 steps of about 0.001 each.", right = true},
  {"It divides by nearly zero.", "eps takes care of that."},
}

choice "Which of these are true? There may be several." {
  {"If the loss is multiplied by 1000, Adam's steps stay the same.",
    "m and the root of v grow alike.", right = true},
  {"AdaGrad can be left alone for ever.", "Its steps shrink with the root of the step number."},
  {"RMSProp keeps two numbers a weight.", "One, the cache; with momentum a second."},
  {"Adam without the corrections starts with too long steps.",
    "With 0.9 and 0.999 about three times.", right = true},
}

try "Tune: which rate makes Adam overtake momentum on the digits?" {
  suggest = {
    "fit(optim.Adam, {lr = 0.01})",
    "plot.loss({{\"Adam 0.01\", fit(optim.Adam, {lr = 0.01})}, {\"mine\", fit(Mine, {lr = 0.003})}})",
  },
}

text [[
  To remember: dividing by the root of the mean square gives every weight steps of about one
  rate. That is why 0.001 is a usual first guess for Adam, and why 0.1 would be wild.
]]
