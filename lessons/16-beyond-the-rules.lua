-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Beyond the rules: orthogonal, sparse, measured" {
  topic = "orthogonal, sparse and LSUV initialisation",
  minutes = 20,
  needs = {"12-first-weights", "14-he"},
  rows = {15},
}

-- What `stds` below gives, for the check of `lsuv`.
local function stds_of(net, batch)
  local h, list = batch, {}
  for _, layer in ipairs(net) do
    h = layer(h):detach()
    if layer:kind() == "Linear" then list[#list + 1] = h:std():item() end
  end
  return list
end

local function extremes(list)
  return math.min(table.unpack(list)), math.max(table.unpack(list))
end

local function small_net()
  local layers = {}
  for i = 1, 5, 2 do
    layers[i], layers[i + 1] = nn.Linear(64, 64, {bias = false}), nn.GELU()
    layers[i].weight:detach():copy_(tensor.eye(64) * 0.5)
  end
  return nn.Sequential(table.unpack(layers))
end

text [[
  n Var(w) = 1 keeps the *average* size of a signal. But a random matrix stretches some directions
  and squashes others. What becomes of signals that were different when they entered a deep
  net? Here are 32 of them, and a measure of how alike they are.
]]

code [[
  signals = tensor.randn(32, 64)

  function alike(h)                 -- mean size of the cosine between two
    local unit = h / h:square():sum(2, true):sqrt()
    return unit:matmul(unit:t()):abs():mean():item()
  end
]]

predict "`alike` is 1 when all lie along one line, and 0 when all are at right angles. What is it for these 32?" {
  name = "random",
  reveal = "alike(signals)",
  within = 1,
  after = "Near 0.1: among 64 directions two random ones are nearly at right angles.",
}

code [[
  function send(h, fill, depth)     -- through layers that fill(w) begins
    for layer = 1, depth do h = h:matmul(fill(tensor.zeros(64, 64))) end
    return h
  end

  calibrated = function(w) return w:normal_(0, 1 / 8) end
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
    if off == nil then
      return "part", far > 1e-3 and "`Q` is not orthogonal yet." or "Now `off`."
    end
    if far > 1e-3 then
      return false, "`Q` on its side times `Q` is not the identity.", far < 0.9 and "random" or "far"
    end
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

text [[
  # Measure instead of derive

  All rules so far assume linear layers, or ReLU. For GELU we have none.
]]

code [[
  function build(act)               -- 50 linear layers, act() after each
    local layers = {}
    for i = 1, 100, 2 do layers[i], layers[i + 1] = nn.Linear(64, 64), act() end
    return nn.init.apply(nn.Sequential(table.unpack(layers)), "orthogonal")
  end

  deep, batch = build(nn.GELU), tensor.randn(128, 64)
]]

predict "50 layers with GELU, orthogonal weights of gain 1: the standard deviation of what comes out?" {
  name = "gelu",
  reveal = "deep(batch):std()",
  within = 4,
  after = "Practically nothing: GELU halves a small signal at each layer, and two to the power of -50 is 1e-15.",
}

text [[
  LSUV (Mishkin and Matas, 2016) assumes nothing. It sends a batch through, layer by layer, and
  divides each weight by the standard deviation that comes out.
]]

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
    local f, batch = answer.vars.lsuv, answer.vars.batch
    if type(f) ~= "function" then return false, "There is no function `lsuv` yet.", "none" end
    local probe = small_net()
    f(probe)
    local low, high = extremes(stds_of(probe, batch))
    if low < 0.95 or high > 1.05 then
      return false, ("In a net of three layers it makes standard deviations from %.2g to %.2g; all should be 1."):format(
        low, high), {low, high}
    end
    low, high = extremes(stds_of(answer.vars.deep, batch))
    if low > 0.95 and high < 1.05 then return true end
    return "part", "`lsuv` works. Now call it on `deep`."
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

text [[
  Now all of them on one net of 50 layers with ReLU, five times each: He, orthogonal with ReLU's
  gain, sparse, and your LSUV. `stds(net)` gives the standard deviation after each linear layer.
]]

code [[
  function stds(net)
    local h, list = batch, {}
    for layer = 1, 50 do
      h = net[2 * layer - 1](h):detach()
      list[layer], h = h:std():item(), net[2 * layer](h)
    end
    return list
  end
]] {quiet = true}

choice "Which of the four will wander farthest from where it began?" {
  {"sparse", "Yes: its sums have 6 terms only, and chance is not averaged out in them.", right = true},
  {"He", "It wanders, for its sums have only 64 terms. One of the others has far fewer."},
  {"orthogonal", "Its matrices add no chance of their own to the size: what wanders there is the ReLU's share."},
  {"LSUV", "It is measured into place at every layer."},
}

code [[
  function five(name, fill)         -- five such nets, begun by fill
    local runs = {}
    for k = 1, 5 do runs[k] = stds(nn.init.apply(build(nn.ReLU), fill)) end
    return {name, runs}
  end
]]

predict "He's weights in five nets: how many times as large is the largest standard deviation after layer 50 as the smallest?" {
  name = "luck",
  run = [[ he = five("He", "kaiming_normal") ]],
  reveal = "tensor(he[2])[{{}, 50}]:max() / tensor(he[2])[{{}, 50}]:min()",
  within = 2,
  after = "All five have the right variance *on average*. 64 units are not enough to rely on it, 50 times in a row.",
}

code [[
  gain = math.sqrt(2)
  sparse = five("sparse", function(w) nn.init.sparse_(w, 0.9, gain / math.sqrt(6)) end)
  rotated = five("orthogonal", function(w) nn.init.orthogonal_(w, gain) end)
]]

code [[
  yours = {"LSUV", {}}
  for k = 1, 5 do
    local net = build(nn.ReLU)
    lsuv(net)
    yours[2][k] = stds(net)
  end
]] {quiet = true}

picture "50 ReLU layers: the standard deviation after each linear layer, five nets each" {
  name = "depth",
  code = [[
    plot.loss({sparse, he, rotated, yours},
      {smooth = 0, ylog = true, xlabel = "layer", ylabel = "std"})
  ]],
}

choice "What does LSUV need that the others do not? There may be several." {
  {"a batch of data", "It measures: so the batch should be like the data to come.", right = true},
  {"a forward pass for each layer", "A small price, once.", right = true},
  {"the derivative of the activation", "No: that is its charm, it never asks what the layers are."},
}

try "Other activations, other depths, or train a net from each beginning." {
  suggest = {
    "strange = build(nn.Mish); print(strange(batch):std()); lsuv(strange); print(strange(batch):std())",
    "lab.init_variance{depth = 50, width = 64, activation = \"tanh\", seeds = 2, init = {\"xavier_normal\", \"orthogonal\"}}.figures.depth",
    "alike(send(signals, calibrated, 20))",
  },
}

text [[
  Every way to begin only says how the first steps go. What the steps themselves should be is
  the next part of the course, from `:lesson 20` on.
]]
