-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "The first weights: why depth explodes or dies" {
  topic = "initialisation: variance through the layers",
  minutes = 18,
  needs = {"01-first-steps"},
  rows = {10, 11},
}

text [[
  Before the first training step a network has only random weights. How large should they
  be? It sounds like a detail. It decides whether a deep network learns at all.

  Here is a batch of 256 random inputs, 64 numbers each, and a function that pushes it
  through `depth` linear layers of 64 neurons. `s` is the standard deviation of the weights.
]]

code [[
  x = tensor.randn(256, 64)

  function stds(depth, s)
    local h, list = x, {}
    for layer = 1, depth do
      local W = tensor.randn(64, 64) * s
      h = h:matmul(W)
      list[layer] = h:std():item()
    end
    return list
  end
]]

predict "The inputs have a standard deviation of 1. What is it after ONE layer with s = 1?" {
  name = "first",
  reveal = "stds(1, 1)[1]",
  within = 0.5,
  after = [[
    Each output is a sum of 64 independent products. Variances add up: 64 times 1, and the
    root of 64 is 8.
  ]],
}

choice "And after ten such layers, about?" {
  {"80", "Ten times eight? Each layer multiplies what the one before it gave."},
  {"8 to the power of 10, a billion", "Yes: every layer multiplies by 8, ten times in a row.",
    right = true},
  {"Still 8", "The second layer gets inputs of std 8, not 1."},
}

code [[
  ten = stds(10, 1)
  ten[10]
]]

text [[
  Now small weights. With s = 0.05 one layer multiplies the standard deviation by
  0.05 times 8, that is 0.4.
]]

predict [[
  Sketch the standard deviation for s = 0.05 against the layer, from layer 1 to
  layer 10: a few points will do.
]] {
  run = "small = stds(10, 0.05)",
  reveal = "small",
  sketch = {x = "layer", y = "standard deviation"},
  within = 0.15,
  after = "It falls by the same factor at every layer: 0.4, 0.16, 0.064 and on, to about a ten-thousandth.",
}

picture "Standard deviation against depth, on a log axis: straight lines" {
  code = [[
    large, middle = stds(10, 1), stds(10, 0.2)
    plot.curve({{"s = 1", large}, {"s = 0.2", middle}, {"s = 0.05", small}},
      {xlabel = "layer", ylabel = "std", ylog = true, title = "ten layers"})
  ]],
}

number "For which s does the standard deviation stay as it is, from layer to layer?" {
  answer = 0.125,
  tolerance = 0.003,
  solution = "1 / math.sqrt(64)",
  hints = {
    "One layer multiplies the standard deviation by s times the root of 64.",
    "Which s makes that factor 1?",
  },
  mistakes = {
    {1 / 64, "That is the *variance* of the weights. Its root is the standard deviation."},
    {8, "The factor of a layer is s times 8. It should be 1."},
    {1, "With s = 1 every layer multiplies by 8."},
  },
  after = "n Var(w) = 1, with n the number of inputs of a neuron: this rule is the root of them all.",
}

ask [[
  Write a function `calibrated(n, m)` that gives random weights of shape (n, m), normal, with
  the standard deviation that keeps the signal as it is for n inputs.
]] {
  solution = [[
    function calibrated(n, m)
      return tensor.randn(n, m) / math.sqrt(n)
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.calibrated
    if type(f) ~= "function" then return false, "There is no function `calibrated` yet." end
    for _, size in ipairs{{400, 100}, {100, 900}} do
      local W = f(size[1], size[2])
      if not tensor.is_tensor(W) then return false, "It must return a tensor." end
      if W:size(1) ~= size[1] or W:size(2) ~= size[2] then
        return false, "The shape is wrong: n rows, m columns."
      end
      local want = 1 / math.sqrt(size[1])
      local got = W:std():item()
      if math.abs(got / want - 1) > 0.05 then
        return false, ("For n = %d the standard deviation is %.4f, it should be %.4f."):format(
          size[1], got, want)
      end
    end
    return true
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
  },
  variant = [[
    function calibrated(n, m)
      local W = tensor.zeros(n, m)
      return W:normal_(0, n ^ -0.5)
    end
  ]],
}

text [[
  # A ReLU in between

  Real networks are not linear. A ReLU turns the negative half of the numbers to zero, and
  on average half of the squared signal with it.
]]

code [[
  function relu_rms(depth, s)
    local h = x
    for layer = 1, depth do
      h = h:matmul(tensor.randn(64, 64) * s):relu()
    end
    return (h * h):mean():sqrt():item()
  end
]]

predict "The root mean square after 20 layers with ReLU and our s = 0.125: of the order of 1 before, and now?" {
  reveal = "relu_rms(20, 0.125)",
  within = 2,
  after = "The square is halved at each layer: 2 to the power of -10 for the root, about a thousandth.",
}

ask "Run `relu_rms` for 20 layers with the s that makes up for the lost half, and look at its value." {
  solution = "relu_rms(20, math.sqrt(2 / 64))",
  check = that(function(answer)
    local v = answer.value
    if type(v) ~= "number" then return false, "The value of `relu_rms(20, s)` is wanted." end
    return v > 0.2 and v < 5, ("The signal is now %.3g; it should stay of the order of 1."):format(v)
  end),
  hints = {
    "The variance of the weights has to be twice as large as before.",
    "So the variance is 2/64, and s its root.",
  },
  mistakes = {
    {"relu_rms(20, 2 / 8)",
      "Twice the standard deviation is four times the variance: now it explodes."},
    {"relu_rms(20, 0.125)", "That is the s without the factor 2: the signal dies."},
  },
  after = "This is Kaiming He's rule: variance 2/n for ReLU, where 1/n suits a linear or tanh layer.",
}

choice "Which of these are true? There may be several." {
  {"The right scale depends on the number of inputs.", "n Var(w) is what counts.", right = true},
  {"ReLU needs a variance twice as large as a linear layer.",
    "The 2 makes up for the half that is cut off.", right = true},
  {"With the right scale at the start, training keeps it for ever.",
    "No: it only says how the first step goes. Later the weights change."},
  {"Small weights are always the safe choice.", "They die just as fast as large ones explode."},
}

try "Find out how long a chain of 100 layers holds with He's rule, and how much it depends on luck." {
  suggest = {"relu_rms(100, math.sqrt(2 / 64))",
    "plot.curve(stds(30, 0.13), {ylog = true, title = \"s = 0.13\"})"},
}

text [[
  You have derived the two rules from which all modern networks start. What was measured here
  forwards happens to the gradients backwards, with the number of *outputs* in place of n.
]]
