-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Beyond the rules: orthogonal, sparse, measured" {
  topic = "orthogonal, sparse and LSUV initialisation",
  minutes = 18,
  needs = {"12-first-weights", "14-he"},
  rows = {15},
}

text [[
  n Var(w) = 1 keeps the *average* size of a signal. An average can hide a lot: a random matrix
  stretches some directions and squashes others. What becomes of signals that were different
  when they entered a deep net?

  Here are 32 of them. `alike` is 1 when all point along one line, and near 0 when each
  points somewhere else: the mean cosine of the angle between two, without its sign.
]]

code [[
  gradus.seed(2)
  signals = tensor.randn(32, 64)

  function alike(h)
    local unit = h / h:square():sum(2, true):sqrt()
    return unit:matmul(unit:t()):abs():mean():item()
  end

  function send(h, fill, depth)     -- through layers that fill(w) begins
    for layer = 1, depth do h = h:matmul(fill(tensor.zeros(64, 64))) end
    return h
  end

  calibrated = function(w) return w:normal_(0, 1 / 8) end
  alike(signals)
]]

predict "Calibrated random weights keep their size. How alike are the 32 signals after 300 such layers?" {
  name = "parallel",
  reveal = "alike(send(signals, calibrated, 300))",
  within = 0.15,
  after = [[
    Far on the way to 1, to all being one signal. Each layer stretches some direction most; after
    enough layers one direction is left, and everything lies along it.
  ]],
}

text [[
  A *rotation* stretches nothing. Its matrix Q is called orthogonal: Q on its side times Q is
  the identity. `nn.init.orthogonal_` fills a weight with a random one.
]]

ask "Make `Q`, an orthogonal (64, 64) weight, and prove it: keep in `off` the largest difference between `Q` on its side times `Q` and `tensor.eye(64)`." {
  name = "orthogonal",
  solution = [[
    Q = nn.init.orthogonal_(tensor.zeros(64, 64))
    off = (Q:t():matmul(Q) - tensor.eye(64)):abs():max()
  ]],
  check = that(function(answer)
    local q, off = answer.vars.Q, answer.vars.off
    if not tensor.is_tensor(q) or q:dim() ~= 2 or q:size(1) ~= 64 then
      return false, "Make `Q` first: `nn.init.orthogonal_` of a tensor (64, 64).", "Q"
    end
    local far = (q:t():matmul(q) - tensor.eye(64)):abs():max():item()
    if far > 1e-3 then return false, "`Q` on its side times `Q` is not the identity.", "far" end
    off = tensor.is_tensor(off) and off:numel() == 1 and off:item() or off
    if type(off) ~= "number" then return false, "`off` is to be one number.", "off" end
    return math.abs(off - far) < 1e-4, "`Q` is right. `off` is not its distance from the identity.", off
  end),
  hints = {
    "`nn.init.orthogonal_(tensor.zeros(64, 64))` returns the weight.",
    "`Q:t():matmul(Q)`, minus `tensor.eye(64)`, then `:abs():max()`.",
  },
  mistakes = {
    {"Q = tensor.randn(64, 64) / 8; off = (Q:t():matmul(Q) - tensor.eye(64)):abs():max()",
      "A calibrated random matrix: its columns are only nearly at right angles."},
    {"Q = nn.init.orthogonal_(tensor.zeros(64, 64)); off = (Q:matmul(Q) - tensor.eye(64)):abs():max()",
      "`Q` times itself turns twice. Turn one of them on its side."},
  },
}

predict "The same signals through 300 orthogonal layers: by how much does `alike` change?" {
  name = "kept",
  reveal = [[ math.floor(1e4 * math.abs(alike(send(signals, function(w)
    return nn.init.orthogonal_(w) end, 300)) - alike(signals)) + 0.5) / 1e4 ]],
  after = "Not at all: rotations keep lengths and angles. What differed stays different.",
}

text [[
  # Sparse

  Another idea (Martens, 2010): let each input feed a few units only, with large weights, and set
  the rest to 0. Units then have little in common. `nn.init.sparse_(w, 0.9)` keeps a tenth,
  with a standard deviation of 0.01 unless you give another.
]]

code [[
  w = nn.init.sparse_(tensor.zeros(64, 64), 0.9)
  w:ne(0):sum(1)[1]
]]

number "A unit now hears 6 of the 64 inputs, on average. Which standard deviation do the weights need, so that the signal keeps its size?" {
  name = "sparse",
  answer = 1 / math.sqrt(6),
  tolerance = 0.01,
  solution = "1 / math.sqrt(6)",
  hints = {
    "A sum of 6 products instead of 64: 6 Var(w) = 1.",
    "The standard deviation is the root of 1/6.",
  },
  mistakes = {
    {1 / 6, "That is the variance; its root is wanted."},
    {1 / 8, "That would be for 64 inputs; only 6 are left."},
    {0.01, "With that a layer multiplies by 0.01 times the root of 6, that is 0.024: it dies at once."},
  },
}

pause()

text [[
  # Measure instead of derive

  All rules so far assume something: linear layers, or ReLU, many units. LSUV (Mishkin and
  Matas, 2016) assumes nothing. It sends a batch through, layer by layer, and divides each
  weight by the standard deviation that comes out. Here is a deep net with an activation that
  we have no rule for.
]]

code [[
  function build(act)
    local layers = {}
    for layer = 1, 50 do
      layers[#layers + 1] = nn.Linear(64, 64)
      layers[#layers + 1] = act()
    end
    return nn.init.apply(nn.Sequential(table.unpack(layers)), "orthogonal")
  end

  batch = tensor.randn(128, 64)

  function stds(net)                -- after each of the 50 linear layers
    local h, list = batch, {}
    for i, layer in ipairs(net) do
      h = layer(h):detach()
      if layer:kind() == "Linear" then list[#list + 1] = h:std():item() end
    end
    return list
  end
]]

predict "50 layers with GELU, orthogonal weights of gain 1: the standard deviation after the last linear layer?" {
  name = "gelu",
  run = "deep = build(nn.GELU); before = stds(deep)",
  reveal = "before[50]",
  within = 4,
  after = "Practically nothing: GELU takes away more than half at each layer, the more the smaller the signal.",
}

ask [[
  Write `lsuv(net)`: go through the layers with `batch`; wherever a layer is linear
  (`layer:kind() == "Linear"`), divide its weight by the standard deviation of its output
  (`layer.weight:detach():div_(s)` changes it in place); then pass the layer's new output on.
  Call it on `deep`.
]] {
  name = "lsuv",
  solution = [[
    function lsuv(net)
      local h = batch
      for i, layer in ipairs(net) do
        if layer:kind() == "Linear" then
          layer.weight:detach():div_(layer(h):std():item())
        end
        h = layer(h):detach()
      end
    end
    lsuv(deep)
  ]],
  check = that(function(answer)
    if type(answer.vars.lsuv) ~= "function" then return false, "There is no function `lsuv` yet.", "none" end
    local list = stds(deep)
    local low, high = math.huge, 0
    for _, s in ipairs(list) do low, high = math.min(low, s), math.max(high, s) end
    if low > 0.95 and high < 1.05 then return true end
    return false, ("After it the standard deviations in `deep` run from %.2g to %.2g; all should be 1."):format(
      low, high), {low, high}
  end),
  hints = {
    "A loop `for i, layer in ipairs(net) do ... end`, with `h`, which begins as `batch`.",
    "First the division, `layer.weight:detach():div_(layer(h):std():item())`, then `h = layer(h):detach()`.",
    "Do not forget to call `lsuv(deep)` afterwards.",
  },
  mistakes = {
    {[[function lsuv(net)
      local h = batch
      for i, layer in ipairs(net) do
        if layer:kind() == "Linear" then layer.weight:detach():div_(layer(h):std():item()) end
      end
    end
    lsuv(deep)]], "`h` is still the first batch: pass each layer's output on to the next."},
    {[[function lsuv(net)
      local h = batch
      for i, layer in ipairs(net) do
        if layer:kind() == "Linear" then layer.weight:detach():div_(layer(h):var():item()) end
        h = layer(h):detach()
      end
    end
    lsuv(deep)]], "Divided by the variance: it is the standard deviation that becomes 1 by division."},
  },
  variant = "function lsuv(net) nn.init.lsuv_(net, batch, {tolerance = 0.01}) end; lsuv(deep)",
  after = "No derivation, no gain: measured. `nn.init.lsuv_(net, batch)` does the same.",
}

pause()

text [[
  Now all of them on one net of 50 layers with ReLU: He, orthogonal with ReLU's gain, sparse, and
  your LSUV.
]]

code [[
  function filled(fill)
    return stds(nn.init.apply(build(nn.ReLU), fill))
  end

  root2 = math.sqrt(2)
  curves = {
    {"He", filled("kaiming_normal")},
    {"orthogonal", filled(function(w) nn.init.orthogonal_(w, root2) end)},
    {"sparse", filled(function(w)
      nn.init.sparse_(w, 0.9, root2 / math.sqrt(6))
    end)},
  }
  measured = build(nn.ReLU)
  lsuv(measured)
  curves[4] = {"LSUV", stds(measured)}
]]

picture "50 ReLU layers: the standard deviation after each linear layer" {
  name = "depth",
  code = [[ plot.depth(curves, {ylabel = "std"}) ]],
}

pause()

choice "Why does sparse wander more than the others?" {
  {"Its sums have 6 terms only: chance is not averaged out.",
    "Yes. Theory speaks of many units; here each one hears only a few.", right = true},
  {"Its weights have the wrong variance.", "They were set to 2/6, right for ReLU. It is luck, not bias."},
  {"It has no biases.", "None of these nets has any but 0."},
}

choice "What does LSUV need that the others do not? There may be several." {
  {"a batch of data", "It measures: so the batch should be like the data to come.", right = true},
  {"a forward pass for each layer", "A small price, once.", right = true},
  {"the derivative of the activation", "No: that is its charm, it never asks what the layers are."},
}

try "Other activations, other depths, or train a net from each beginning." {
  suggest = {
    "strange = build(nn.Mish); lsuv(strange); print(stds(strange)[50])",
    "lab.init_variance{depth = 50, width = 64, activation = \"tanh\", seeds = 2, init = {\"xavier_normal\", \"orthogonal\"}}.figures.depth",
    "alike(send(signals, calibrated, 20))",
  },
}

text [[
  Every way to begin only says how the first steps go. What the steps themselves should be is
  the next part of the course, from `:lesson 20` on.
]]
