-- SPDX-License-Identifier: GPL-3.0-or-later
-- Autoencoders, their noise, and nets built layer by layer.
gradus.seed(1)
local digits = data.digits()
digits.x = digits.x / 16
local set = data.subset(digits, tensor.arange(300):totable())

-- Tied: the decoder's weight is the encoder's, x' = z W + b; free: one of its own.
for _, tied in ipairs{true, false} do
  local a = train.autoencoder(set, 16, {tied = tied, epochs = 8, seed = 2, lr = 3e-3})
  local losses, w, b = a.history:column("loss"), a.encoder[1].weight, a.decoder[1].bias
  local z = a.encoder(set.x)
  print(tied, #a.net:parameters(), a.decoder(z):allclose(z:matmul(w) + b, {atol = 1e-5}),
    losses[8] < losses[1] / 2, a.net.training)
end
-- expect: true	3	true	true	false
-- expect: false	4	false	true	false

-- The linear one finds the plane of the first principal components, tied or not.
local best = set.x - data.PCA(4):fit(set):invert(data.PCA(4):fit(set):apply(set.x))
for _, tied in ipairs{true, false} do
  local a = train.autoencoder(set, 4, {activation = "linear", tied = tied, epochs = 150, lr = 0.01, seed = 3})
  local loss = train.evaluate(a.net, {x = set.x, y = set.x}, nn.MSELoss())
  local floor = best:square():mean():item()
  print(tied, loss >= floor * 0.999, loss < floor * 1.05)
end
-- expect: true	true	true
-- expect: false	true	true

-- Noise: as much as was asked for; none in eval mode.
local ones = tensor.rand(400, 50) * 0.5 + 0.25
local changed = function(kind, amount) return train.corrupt(ones, kind, amount):ne(ones):mean():item() end
print(math.abs(changed("masking", 0.3) - 0.3) < 0.01, math.abs(changed("salt_and_pepper", 0.2) - 0.2) < 0.01)
-- expect: true	true
print(math.abs((train.corrupt(ones, "gaussian", 0.5) - ones):std():item() - 0.5) < 0.01) -- expect: true
local masked = train.corrupt(ones, "masking", 0.3)
print(masked:ne(ones):eq(masked:eq(0)):all()) -- expect: true
local salted = train.corrupt(ones, "salt_and_pepper", 0.2)
print(salted:min():item() == ones:min():item(), salted:max():item() == ones:max():item(),
  salted:eq(ones:max()):mean():item() > 0.08, salted:eq(ones:min()):mean():item() > 0.08)
-- expect: true	true	true	true
for _, kind in ipairs{"gaussian", "masking", "salt_and_pepper"} do
  local a = train.autoencoder(set, 16, {corruption = kind, epochs = 3, seed = 2})
  local one, two = a.net(set.x), a.net(set.x)
  print(kind, one:eq(two):all(), a.history.epochs[3].loss < a.history.epochs[1].loss)
end
-- expect: gaussian	true	true
-- expect: masking	true	true
-- expect: salt_and_pepper	true	true

-- Stacks: each layer once, the labels for the last step only; fine-tuning moves all.
for _, kind in ipairs{"autoencoder", "supervised", "none"} do
  local o = {kind = kind, epochs = 8, fine_tune = 0, lr = 0.01, activation = "Tanh", seed = 4}
  local rough = train.stack(set, {24, 12}, o)
  o.fine_tune = 15
  local fine = train.stack(set, {24, 12}, o)
  local function right(s) return metrics.accuracy(set.y, train.predict(s.net, set)) end
  print(kind, #rough.layers, #rough.histories, #fine.histories, right(rough) < right(fine), right(fine) > 0.9,
    rough.layers[1][1].weight:eq(fine.layers[1][1].weight):all())
end
-- expect: autoencoder	2	2	3	true	true	false
-- expect: supervised	2	2	3	true	true	false
-- expect: none	2	0	1	true	true	false
local s = train.stack(set, {8}, {epochs = 1, fine_tune = 0, unlabelled = digits.x, seed = 1})
print(#s.histories[1].steps) -- expect: 57
print((select(2, pcall(train.autoencoder, set, 8, {corruption = "rain"}))))
-- expect: train.autoencoder: the noise is one of gaussian, masking, none, salt_and_pepper; got rain
print((select(2, pcall(train.stack, set, {8}, {kind = "magic"}))))
-- expect: train.stack: kind is "autoencoder", "supervised" or "none"; got magic
