-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "The first weights: n times variance is one" {
  topic = "calibrated initialisation: fan-in, fan-out, average",
  minutes = 20,
  needs = {"11-depth"},
  rows = {11},
}

text [[
  Depth multiplies: whatever factor one layer puts on the signal is there as often as there are
  layers. So the factor of a layer should be 1. Which random weights have that?

  It takes one fact about chance. Let us measure it.
]]

code [[
  w, x = tensor.randn(100000) * 0.5, tensor.randn(100000) * 2
]]

predict "`w` has standard deviation 0.5 and `x` 2, both with mean 0 and independent. What is the standard deviation of their products?" {
  name = "product",
  reveal = "(w * x):std()",
  after = "1: for independent numbers with mean 0 the variances multiply, 0.25 times 4.",
}

text [[
  And sums of independent numbers *add* variances. A unit without bias computes a sum of n
  products, so the variance of what it gives is

      n  Var(w)  Var(x)
]]

choice "Which Var(w) lets the variance of the signal pass a layer of n inputs unchanged?" {
  {"1 / n", "Yes: then n Var(w) is 1.", right = true},
  {"1", "Then every layer multiplies the variance by n."},
  {"1 / the root of n", "That is the standard deviation. The variance is its square."},
}

number "A layer has 64 inputs. What standard deviation should its weights have?" {
  name = "s",
  answer = 0.125,
  tolerance = 0.003,
  solution = "1 / math.sqrt(64)",
  hints = {
    "The variance should be 1/64.",
    "The standard deviation is the root of the variance: `math.sqrt(1 / 64)`.",
  },
  mistakes = {
    {1 / 64, "That is the *variance* of the weights. Its root is the standard deviation."},
    {8, "One over it."},
    {1, "With standard deviation 1 every layer multiplies by 8."},
  },
}

predict "Check what you read: one lecture writes such weights N(0, 1/n), another N(0, sqrt(1/n)). Hand the first one's 1/64 to gradus, as here. What standard deviation has the signal, 1 before, after one layer of 64?" {
  name = "notation",
  run = "W = tensor.zeros(64, 64):normal_(0, 1 / 64)",
  reveal = "tensor.randn(1000, 64):matmul(W):std()",
  within = 0.5,
  after = [[
    An eighth: gradus, like most libraries and the second lecture, wants the standard deviation
    there. The first lecture writes the variance. Both mean the same weights.
  ]],
}

ask [[
  Write `calibrated(n, m)`: random weights of shape (n, m), normal, that keep the signal as it
  is for n inputs. (The samples stand on the left: `x:matmul(W)`.)
]] {
  name = "calibrated",
  solution = [[
    function calibrated(n, m)
      return tensor.randn(n, m) / math.sqrt(n)
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.calibrated
    if type(f) ~= "function" then return false, "There is no function `calibrated` yet." end
    local seen = {}
    for i, size in ipairs{{400, 100}, {100, 900}} do
      local W = f(size[1], size[2])
      if not tensor.is_tensor(W) then return false, "It must return a tensor." end
      if W:dim() ~= 2 or W:size(1) ~= size[1] or W:size(2) ~= size[2] then
        return false, "The shape is wrong: n rows, m columns."
      end
      seen[i] = math.floor(W:std():item() * math.sqrt(size[1]) * 20 + 0.5) / 20
    end
    if seen[1] == 1 and seen[2] == 1 then return true end
    return false, ("For n = 400 the standard deviation should be 0.05; yours is %.3g times that."):format(
      seen[1]), seen
  end),
  hints = {
    "`tensor.randn(n, m)` has standard deviation 1. Multiplying by s makes it s.",
    "The s of the last question was one over the root of the number of inputs.",
  },
  mistakes = {
    {"function calibrated(n, m) return tensor.randn(n, m) / n end",
      "That divides by n: the variance should be 1/n, the standard deviation its root."},
    {"function calibrated(n, m) return tensor.randn(n, m) / math.sqrt(m) end",
      "The sums run over the n inputs, so the rule asks for n, not for m."},
    {"function calibrated(n, m) return tensor.rand(n, m) / math.sqrt(n) end",
      "`rand` draws evenly between 0 and 1. `randn` is normal, with mean 0."},
  },
  variant = [[
    function calibrated(n, m)
      local W = tensor.zeros(n, m)
      return W:normal_(0, n ^ -0.5)
    end
  ]],
}

code [[
  x = tensor.randn(256, 64)

  function last_std(depth, draw)
    local h = x
    for layer = 1, depth do h = h:matmul(draw(64, 64)) end
    return h:std():item()
  end
]]

predict "Confirm it: the standard deviation after 10 layers of your weights, where N(0, 1) gave a billion?" {
  name = "confirm",
  reveal = "last_std(10, calibrated)",
  within = 0.7,
  after = "Near 1. It wanders a little, since 64 units are not infinitely many.",
}

text [[
  # Drawn evenly instead

  Weights drawn evenly between -a and a have the variance a squared / 3. So for variance 1/n
  a has to be the root of 3/n.

  `nn.Linear` draws its first weights evenly, but between plus and minus 1/sqrt(n).
]]

number "Which variance have the first weights of `nn.Linear(64, 64)`, times n = 64?" {
  name = "linear",
  answer = 1 / 3,
  tolerance = 0.01,
  solution = "1 / 3",
  hints = {"a is 1/8, so a squared is 1/64.", "a squared / 3, times 64."},
  mistakes = {
    {1, "a squared is 1/n, but the variance of an even draw is a squared / 3."},
    {3, "The other way round: a third."},
    {1 / 192, "That is the variance. Times 64?"},
  },
}

predict "So what is left of the standard deviation after 10 layers of `nn.Linear`'s own weights (no biases)?" {
  name = "default",
  run = [[
    plain = function(n, m) return nn.Linear(n, m).weight:detach():t() end
  ]],
  reveal = "last_std(10, plain)",
  within = 1,
  after = [[
    A third of the variance a layer: 3 to the power of -5 is 0.004. Deep nets need to be
    initialised by hand. `??nn.Linear` shows where the default stands.
  ]],
}

text [[
  # Backwards

  The gradient goes through the same matrix the other way. Forwards each output is a sum over
  n inputs; backwards each input's gradient is a sum over the m outputs.
]]

choice "For the gradient to keep its variance, which Var(w) is right in a layer from n to m?" {
  {"1 / m", "Yes: m Var(w) = 1, the sum runs over the outputs.", right = true},
  {"1 / n", "That is what the signal wants. The gradient's sums run over the outputs."},
  {"n / m", "Sums of m products: m Var(w) should be 1."},
}

text [[
  Unless n = m the two contradict each other. Glorot and Bengio proposed to put the average of
  n and m in their place: Var(w) = 2 / (n + m).
]]

ask "Write `averaged(n, m)`: normal weights of shape (n, m) with variance 2 / (n + m)." {
  name = "averaged",
  solution = [[
    function averaged(n, m)
      return tensor.randn(n, m) * math.sqrt(2 / (n + m))
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.averaged
    if type(f) ~= "function" then return false, "There is no function `averaged` yet." end
    local W = f(600, 200)
    if not tensor.is_tensor(W) or W:dim() ~= 2 or W:size(1) ~= 600 then
      return false, "It must return a tensor of n rows and m columns."
    end
    local ratio = math.floor(W:std():item() / 0.05 * 20 + 0.5) / 20
    return ratio == 1, ("For n = 600, m = 200 the standard deviation should be 0.05; yours is %.3g times that."):format(
      ratio), ratio
  end),
  hints = {"As before, with another s.", "s is the root of 2 / (n + m)."},
  mistakes = {
    {"function averaged(n, m) return tensor.randn(n, m) * 2 / (n + m) end",
      "2 / (n + m) is the variance; `randn` is to be multiplied by its root."},
    {"function averaged(n, m) return tensor.randn(n, m) / math.sqrt(n + m) end", "The 2 is missing."},
  },
  variant = "function averaged(n, m) return tensor.zeros(n, m):normal_(0, (2 / (n + m)) ^ 0.5) end",
}

text [[
  Now compare all three in a net that is halved at each layer, from 1024 to 16 units.
  `down(rule)` sends 256 signals through it and gives the standard deviation after each layer.
]]

code [[
  by_outputs = function(n, m) return tensor.randn(n, m) / math.sqrt(m) end
]]

code [[
  sizes = {1024, 512, 256, 128, 64, 32, 16}

  function down(draw)               -- the signal, layer by layer
    local h, W, stds = tensor.randn(256, 1024), {}, {}
    for layer = 1, 6 do
      W[layer] = draw(sizes[layer], sizes[layer + 1])
      h = h:matmul(W[layer])
      stds[layer] = h:std():item()
    end
    return stds, W
  end
]] {quiet = true}

predict "Take the rule made for the gradient, 1 / n_out. By what does each layer, which halves, multiply the SIGNAL?" {
  name = "forward",
  run = "stds = down(by_outputs)",
  reveal = "(stds[6] / stds[1]) ^ (1 / 5)",
  within = 0.3,
  after = "By the root of n/m = 2, that is 1.41: sums of n products, each of variance 1/m.",
}

code [[
  function up(W)                    -- a gradient's way back
    local g, stds = tensor.randn(256, 16), {}
    for layer = 6, 1, -1 do
      stds[layer] = g:std():item()
      g = g:matmul(W[layer]:t())
    end
    return stds
  end
]] {quiet = true}

predict "By 1 / n_in the signal stays as it is. `up(W)` sends a gradient back through the same weights. By what does each layer multiply the GRADIENT?" {
  name = "backward",
  run = [[
    stds, W = down(calibrated)
    back = up(W)
  ]],
  reveal = "(back[1] / back[6]) ^ (1 / 5)",
  within = 0.3,
  after = "By the root of m/n = 1/2, that is 0.71, every time.",
}

code [[
  function both(draw)
    local stds, W = down(draw)
    return {forward = stds, backward = up(W)}
  end
]] {quiet = true}

picture "A net halved at each layer: std of the signal (left) and of the gradient (right), three rules" {
  name = "modes",
  code = [[
    plot.depth{{"1 / n_in", both(calibrated)}, {"1 / n_out", both(by_outputs)},
      {"2 / (n_in + n_out)", both(averaged)}}
  ]],
}

choice "What does the average buy?" {
  {"Both signal and gradient change, but neither changes much.",
    "Yes: times 1.15 and 0.82 a layer. The other rules spare one way and take 1.41 or 0.71 on the other.",
    right = true},
  {"Both stay as they are.", "Look again: the lines of the average lean in both halves of the picture."},
  {"The gradient stays as it is, the signal does not.", "That is 1 / n_out."},
}

text [[
  In `nn.init` the choice between the three is called `mode`: `fan_in`, `fan_out`, and gradus
  adds `fan_avg`.
]]

choice "Which are true? There may be several." {
  {"The right scale depends on the number of inputs and outputs, not on the data's meaning.",
    "n Var(w) is what counts.", right = true},
  {"In a layer with as many inputs as outputs all three rules are the same.", "n = m: all give 1/n.",
    right = true},
  {"With the right scale at the start, training keeps it for ever.",
    "No: it only says how the first steps go. Later the weights change."},
  {"Small weights are always the safe choice.", "They die just as fast as large ones explode."},
}

try "Find out how much a chain of 100 layers depends on luck, or widen the net instead." {
  suggest = {
    "last_std(100, calibrated)",
    "last_std(100, averaged)",
    "plot.hist({{\"normal\", calibrated(64, 64)}, {\"nn.Linear\", plain(64, 64)}})",
  },
}

text [[
  All of this was for layers without a bend. `:lesson 13` puts tanh between them, `:lesson 14`
  ReLU, which needs one more factor.
]]
