-- SPDX-License-Identifier: GPL-3.0-or-later
-- Autoencoders and pretraining: nets that learn to rebuild their input, and
-- deep nets built up layer by layer.

local core = require("gradus.core")
local fit = require("gradus.train.fit")
local options = require("gradus.options")

local M = {}

-- What a denoising autoencoder sees in place of x.
local corruptions = {}

function corruptions.none(x) return x end

-- x + N(0, amount^2)
function corruptions.gaussian(x, amount)
  return x + core.randn(x:size()) * amount
end

-- A share `amount` of the inputs set to 0.
function corruptions.masking(x, amount)
  return x * core.bernoulli(1 - amount, table.unpack(x:size()))
end

-- A share `amount` of the inputs set to the lowest or the highest value.
function corruptions.salt_and_pepper(x, amount)
  local low, high = x:min():item(), x:max():item()
  local hit = core.bernoulli(amount, table.unpack(x:size()))
  local salt = core.bernoulli(0.5, table.unpack(x:size())) * (high - low) + low
  return core.where(hit, salt, x)
end

local function corruption(who, kind)
  if corruptions[kind] then return corruptions[kind] end
  error(("%s: the noise is one of %s; got %s"):format(who,
    table.concat(options.keys(corruptions), ", "), tostring(kind)), 3)
end

--- train.corrupt(x: tensor, kind: string = "gaussian", amount: number = 0.3) -> tensor
--- Noise for denoising autoencoders: "gaussian" (std), "masking" (share set to 0) or
--- "salt_and_pepper" (share set to the lowest or highest value).
--- > train.corrupt(tensor.ones(4), "masking", 0):sum():item()
--- 4.0
function M.corrupt(x, kind, amount)
  return corruption("train.corrupt", kind or "gaussian")(x, amount or 0.3)
end

local function activation(name)
  if name == "none" or name == "linear" then return nil end
  local class = require("gradus.nn")._find(name)
  if not class then error("train.autoencoder: no activation nn." .. tostring(name), 3) end
  return class()
end

-- The decoder that shares the encoder's weight: x' = z W + b.
local function tied_decoder(linear)
  local nn = require("gradus.nn")
  local Tied = nn.Module:extend("Tied")
  function Tied:init(out)
    self.bias = nn.Parameter(core.zeros(out))
  end
  function Tied:forward(z)
    return z:matmul(linear.weight) + self.bias
  end
  return Tied(linear.weight:size(2))
end

--- train.autoencoder(x: tensor|Dataset, hidden: integer, {activation: string = "Sigmoid", output: string = "linear", tied: boolean = false, corruption: string = "none", amount: number = 0.3, epochs: integer = 20, batch: integer = 32, lr: number = 1e-3, opt: function?, progress: string = "none", seed: integer?}) -> table
--- Trains a net that squeezes x (N, D) through `hidden` units and rebuilds it: fields encoder,
--- decoder, net (both) and history. activation = "linear" gives the linear autoencoder, which
--- finds what PCA finds. `tied` makes the decoder's weight the encoder's transposed.
--- `corruption` ("gaussian", "masking", "salt_and_pepper") makes it rebuild x from a noisy copy.
--- > gradus.seed(1);
--- > a = train.autoencoder(tensor.rand(20, 4), 2, {epochs = 1});
--- > a.encoder(tensor.rand(3, 4)):size()
--- {3, 2}
function M.autoencoder(x, hidden, o)
  o = options.read("train.autoencoder", o, {activation = "Sigmoid", output = "linear",
    tied = false, corruption = "none", amount = 0.3, epochs = 20, batch = 32, lr = 1e-3,
    progress = "none"}, {"opt", "seed"})
  if not core.is_tensor(x) then x = x.x end
  if x:dim() ~= 2 then error("train.autoencoder: expected x as (samples, features)", 2) end
  local spoil = corruption("train.autoencoder", o.corruption)
  local nn = require("gradus.nn")
  if o.seed then core.seed(o.seed) end
  local linear = nn.Linear(x:size(2), hidden)
  local encoder = nn.Sequential(linear, activation(o.activation))
  local back = o.tied and tied_decoder(linear) or nn.Linear(hidden, x:size(2))
  local decoder = nn.Sequential(back, activation(o.output))
  local net = nn.Sequential(encoder, decoder)
  local mse = nn.MSELoss()
  local noisy = nn.Lambda(function(v)
    return net.training and spoil(v, o.amount) or v
  end)
  local whole = nn.Sequential(noisy, net)
  local opt = (o.opt or require("gradus.optim").Adam)(net:parameters(), {lr = o.lr})
  local history = fit.fit(whole, {data = {x = x, y = x}, loss = mse, opt = opt,
    epochs = o.epochs, batch = o.batch, progress = o.progress})
  net:eval()
  return {encoder = encoder, decoder = decoder, net = net, history = history}
end

--- train.stack(set: Dataset, sizes: {integer, ...}, {kind: string = "autoencoder", activation: string = "Sigmoid", epochs: integer = 10, fine_tune: integer = 10, batch: integer = 32, lr: number = 1e-3, corruption: string = "none", amount: number = 0.3, unlabelled: tensor?, progress: string = "none", seed: integer?}) -> table
--- A deep net built layer by layer, then trained as a whole: with kind "autoencoder" each layer
--- learns to rebuild the one below (on `unlabelled` data, if given), with "supervised" each new
--- layer is trained under a fresh output layer while those below stay as they are; "none" leaves
--- the layers as they were drawn, for comparison. Fields net, layers, histories.
--- > gradus.seed(1);
--- > set = {x = tensor.rand(12, 4), y = tensor.randint(1, 2, {12}), classes = {"a", "b"}};
--- > #train.stack(set, {3, 2}, {epochs = 1, fine_tune = 1}).layers
--- 2
function M.stack(set, sizes, o)
  o = options.read("train.stack", o, {kind = "autoencoder", activation = "Sigmoid", epochs = 10,
    fine_tune = 10, batch = 32, lr = 1e-3, corruption = "none", amount = 0.3, progress = "none"},
    {"unlabelled", "seed"})
  local nn, optim = require("gradus.nn"), require("gradus.optim")
  if o.seed then core.seed(o.seed) end
  local classes = set.classes and #set.classes or math.tointeger(set.y:max():item())
  local layers, histories, below = {}, {}, o.unlabelled or set.x
  local labelled, width = set.x, set.x:size(2)
  local function train_net(net, data, epochs)
    return fit.fit(net, {data = data, opt = optim.Adam(net:parameters(), {lr = o.lr}),
      epochs = epochs, batch = o.batch, progress = o.progress, loss = nn.CrossEntropyLoss()})
  end
  for i, size in ipairs(sizes) do
    if o.kind == "autoencoder" then
      local a = M.autoencoder(below, size, {activation = o.activation, epochs = o.epochs,
        batch = o.batch, lr = o.lr, corruption = o.corruption, amount = o.amount,
        progress = o.progress})
      layers[i], histories[i] = a.encoder, a.history
    elseif o.kind == "supervised" then
      layers[i] = nn.Sequential(nn.Linear(width, size), activation(o.activation))
      histories[i] = train_net(nn.Sequential(layers[i], nn.Linear(size, classes)),
        {x = labelled, y = set.y}, o.epochs)
    elseif o.kind == "none" then
      layers[i] = nn.Sequential(nn.Linear(width, size), activation(o.activation))
    else
      error('train.stack: kind is "autoencoder", "supervised" or "none"; got ' .. tostring(o.kind), 2)
    end
    local measure = require("gradus.train.measure")
    below, labelled, width = measure.predict(layers[i], below), measure.predict(layers[i], labelled), size
  end
  local parts = {}
  for i, layer in ipairs(layers) do parts[i] = layer end
  parts[#parts + 1] = nn.Linear(width, classes)
  local net = nn.Sequential(table.unpack(parts))
  if o.fine_tune > 0 then histories[#histories + 1] = train_net(net, set, o.fine_tune) end
  return {net = net, layers = layers, histories = histories}
end

return M
