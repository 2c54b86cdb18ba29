-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Xavier: the weights that made tanh nets deep" {
  topic = "Glorot and Bengio's normalised initialisation",
  minutes = 20,
  needs = {"12-first-weights"},
  rows = {12},
}

text [[
  In 2010 Xavier Glorot and Yoshua Bengio asked why nets of five tanh layers learnt so badly.
  The usual weights then were drawn evenly between plus and minus 1/sqrt(n). They looked into
  the layers before the first step, and saw it. You will see it, too: same nets, same pictures.

  Remember: drawn evenly between -a and a means variance a squared / 3.
]]

number "Weights between plus and minus 1/sqrt(n): what is n Var(w), which should be 1?" {
  name = "standard",
  answer = 1 / 3,
  tolerance = 0.01,
  solution = "1 / 3",
  hints = {"a squared is 1/n.", "The variance is 1 / (3 n). Times n?"},
  mistakes = {
    {1, "a squared is 1/n; the variance is a third of that."},
    {3, "The other way round."},
  },
}

predict "So five layers on, the signal of layer 5 compared to that of layer 1: which share of the standard deviation is left?" {
  name = "left",
  run = "paper = lab.glorot{width = 200, seeds = 2}",
  reveal = [[ (function()
    local first, last
    for _, row in ipairs(paper.rows) do
      if row.init == paper.rows[1].init and row.seed == 1 then
        if row.layer == 1 then first = row.std elseif row.layer == 5 then last = row.std end
      end
    end
    return last / first
  end)() ]],
  within = 0.5,
  after = [[
    About a ninth: each of four layers leaves a third of the variance, (1/3)^4 in all, and the
    root of that is (1/3)^2. Tanh takes a little more.
  ]],
}

text [[
  Their remedy is the average of what signal and gradient want: Var(w) = 2 / (n + m) for a layer
  from n to m. It comes in a normal and in a uniform form.
]]

number "For the uniform form in a layer from 300 to 300: between which -a and a are the weights to be drawn?" {
  name = "limit",
  answer = 0.1,
  tolerance = 0.002,
  solution = "math.sqrt(6 / 600)",
  hints = {
    "a squared / 3 should be 2 / (n + m).",
    "So a is the root of 6 / (n + m).",
  },
  mistakes = {
    {math.sqrt(2 / 600), "That is the standard deviation. For even draws a is the root of 3 times as far out."},
    {0.01, "That is a squared."},
    {2 / 600, "That is the variance."},
  },
}

text [[
  Check what you read. One lecture writes "Var(w) ~ U[-a, a]". Taken at its word, each weight's
  *variance* would be drawn, and half of the variances would be negative. Let us measure what
  w itself, drawn from U(-0.1, 0.1), has.
]]

predict "600 times the variance of numbers drawn evenly from -0.1 to 0.1: it should be ..." {
  name = "drawn",
  run = "w = tensor.zeros(300, 300):uniform_(-0.1, 0.1)",
  reveal = "600 * w:var()",
  within = 0.1,
  after = "2, as 2 / (n + m) demands: so it is w that is drawn.",
}

text [[
  Another lecture gives the *variance* as the root of 2 / (n + m). For 300 and 300 that would be
  0.058.
]]

predict "With variance 0.058 and n = 300: by which factor would a layer multiply the VARIANCE of a signal, instead of 1?" {
  name = "rooted",
  reveal = "300 * math.sqrt(2 / 600)",
  within = 0.2,
  after = "17 in each layer: it explodes. The root belongs to the standard deviation.",
}

ask [[
  Write `xavier(w, gain)`: it fills a weight `w` of shape (out, in) in place, evenly between
  -a and a with a = gain times the root of 6 / (in + out), and returns it.
]] {
  name = "xavier",
  solution = [[
    function xavier(w, gain)
      local a = gain * math.sqrt(6 / (w:size(1) + w:size(2)))
      return w:uniform_(-a, a)
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.xavier
    if type(f) ~= "function" then return false, "There is no function `xavier` yet." end
    local seen = {}
    for i, case in ipairs{{200, 400, 1}, {300, 300, 2}} do
      local w = tensor.zeros(case[1], case[2])
      f(w, case[3])
      local a = case[3] * math.sqrt(6 / (case[1] + case[2]))
      if w:abs():max():item() == 0 then return false, "`w` is still zero: fill it in place.", "zero" end
      seen[i] = math.floor(w:abs():max():item() / a * 20 + 0.5) / 20
      if w:min():item() >= 0 then return false, "All weights are positive.", "positive" end
    end
    if seen[1] == 1 and seen[2] == 1 then return true end
    return false, ("For (200, 400) and gain 1 the limit is 0.1; yours is %.3g times that, and for gain 2 %.3g times."):format(
      seen[1], seen[2]), seen
  end),
  hints = {
    "`w:size(1)` is out, `w:size(2)` is in.",
    "`w:uniform_(low, high)` fills it.",
  },
  mistakes = {
    {"function xavier(w, gain) local a = math.sqrt(6 / (w:size(1) + w:size(2))); return w:uniform_(-a, a) end",
      "The gain is not used."},
    {"function xavier(w, gain) local a = gain * math.sqrt(2 / (w:size(1) + w:size(2))); return w:uniform_(-a, a) end",
      "2 is for the standard deviation of the normal form; the uniform form needs 6."},
    {"function xavier(w, gain) local a = gain * math.sqrt(6 / (w:size(1) + w:size(2))); return w:uniform_(0, a) end",
      "Only positive weights: they add up instead of cancelling."},
  },
  variant = [[
    function xavier(w, gain)
      return nn.init.xavier_uniform_(w, gain)
    end
  ]],
  after = "`nn.init.xavier_uniform_` and `xavier_normal_` are this, with gain 1 if you give none.",
}

text [[
  # Their figures

  Now the histograms of the paper, in small: five tanh layers before training, left the
  standard weights, right the normalised ones. Above the activations, below the gradients
  on their way back.
]]

picture "Glorot and Bengio's figures 6 and 7: activations above, back-propagated gradients below" {
  name = "histograms",
  code = [[ paper.figures.histograms ]],
}

choice "With the standard weights: where are the activations smallest, and where the gradients?" {
  {"the activations in the last layer, the gradients in the first",
    "Yes: each loses on its own way, one forwards, the other backwards.", right = true},
  {"both in the last layer", "The gradient comes from the last layer: it is largest there."},
  {"both in the first layer", "The signal starts in the first layer: it is largest there."},
}

text [[
  # Gain

  Even normalised, layer 5 has only half the signal of layer 1: tanh itself shrinks what goes
  through. All weights are multiplied by a *gain* to make up for it. How large must it be?

  If z has mean square 1, that of f(z) is smaller. The gain brings it back to 1.
]]

ask [[
  Write `gain_of(f)`: send z = `tensor.randn(100000)` through f and return one over the root
  of the mean of f(z) squared, as a number. Any function of a tensor may come, `tensor.tanh` too.
]] {
  name = "gain",
  solution = [[
    function gain_of(f)
      local kept = f(tensor.randn(100000)):square():mean():sqrt()
      return 1 / kept:item()
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.gain_of
    if type(f) ~= "function" then return false, "There is no function `gain_of` yet." end
    local cases = {{"z", function(z) return z end, 1}, {"z / 2", function(z) return z / 2 end, 2},
      {"relu(z)", tensor.relu, math.sqrt(2)}, {"z + 1", function(z) return z + 1 end, math.sqrt(0.5)}}
    local seen, first = {}, nil
    for i, case in ipairs(cases) do
      local got = f(case[2])
      if tensor.is_tensor(got) and got:numel() == 1 then got = got:item() end
      if type(got) ~= "number" then return false, "It must return a number: `:item()` makes one of a tensor." end
      seen[i] = math.floor(20 * got / case[3] + 0.5) / 20
      if seen[i] ~= 1 then
        first = first or ("For f(z) = %s it gives %.3g; it should be near %.3g."):format(case[1], got, case[3])
      end
    end
    return first == nil, first, seen
  end),
  hints = {
    "Mean square of a tensor h: `h:square():mean()`. Then the root, then one over it.",
    "`f(tensor.randn(100000)):square():mean():sqrt():item()` is what is kept of 1.",
  },
  mistakes = {
    {"function gain_of(f) return f(tensor.randn(100000)):square():mean():sqrt():item() end",
      "That is what is left of 1. The gain undoes it: one over that."},
    {"function gain_of(f) return 1 / f(tensor.randn(100000)):square():mean():item() end",
      "That is the factor for the squares. Weights multiply the signal itself: the root is missing."},
    {"function gain_of(f) return 1 / f(tensor.randn(100000)):std():item() end",
      "`std` takes the mean away first. The next layer does not: it sees the mean as well, so squares count."},
  },
  variant = "gain_of = function(f) return f(tensor.randn(100000)):square():mean():item() ^ -0.5 end",
}

predict "What does your function say for tanh?" {
  name = "tanh-gain",
  reveal = "gain_of(tensor.tanh)",
  within = 0.15,
  after = "1.59. Libraries take a little more, 5/3: `nn.init.calculate_gain(\"tanh\")`.",
}

code [[
  function with(gain) return function(w) return xavier(w, gain) end end

  gains = lab.init_variance{depth = 20, width = 100, activation = "tanh",
    seeds = 2, init = {{"gain 1", with(1)}, {"gain 5/3", with(5 / 3)}}}

  function last_std(net)            -- of the activations in layer 20
    for _, row in ipairs(gains.rows) do
      if row.init == net and row.layer == 20 then return row.std end
    end
  end
]]

predict "The standard deviation of the activations in layer 20, with gain 1?" {
  name = "gain-1",
  reveal = "last_std(\"gain 1\")",
  within = 0.4,
  after = "It falls slowly, not by a factor a layer: the smaller the numbers, the less tanh takes away.",
}

predict "And with gain 5/3?" {
  name = "gain-53",
  reveal = "last_std(\"gain 5/3\")",
  within = 0.3,
  after = "About 0.65 at every depth. The price is on the right of the next picture: gradients grow by a tenth a layer.",
}

picture "20 tanh layers: signal left, gradient right; dashes: theory; thin lines: how far chance may lead" {
  name = "gains",
  code = [[ gains.figures.depth ]],
}

choice "Which are true? There may be several." {
  {"Xavier's rule was derived for units that are nearly linear around 0, like tanh.",
    "Its variance argument leaves the activation out.", right = true},
  {"The normal and the uniform form have the same variance.", "Only the shape of the draw differs.",
    right = true},
  {"`xavier_uniform_` on a layer from n to m needs only n.", "Both fans are in it."},
  {"With Xavier's weights a net needs no training.", "It only makes learning possible."},
}

try "Try other gains and activations." {
  suggest = {
    "gain_of(tensor.sigmoid), gain_of(tensor.relu)",
    "lab.init_variance{depth = 20, width = 100, activation = \"tanh\", seeds = 1, init = {{\"gain 3\", with(3)}}}",
    "lab.init_variance{depth = 20, width = 100, activation = \"sigmoid\", seeds = 1, init = {\"xavier_normal\"}}.figures.activations",
    "xavier(tensor.zeros(4, 8), 1)",
  },
}

text [[
  Some slides recommend Xavier's weights for ReLU. `:lesson 14` tries that, 30 layers deep.
]]
