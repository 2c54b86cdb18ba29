-- SPDX-License-Identifier: GPL-3.0-or-later
gradus.seed(2)
local x = tensor.randn(60, 2)
local set = {x = x, y = x:select(2, 1):gt(0) + 1, classes = {"left", "right"}}
local function build(part)
  local net = nn.Linear(2, 2)
  train.fit(net, {data = part, opt = optim.Adam(net:parameters(), {lr = 0.1}), epochs = 5,
    progress = "none"})
  return net
end
local r = train.cross_validate(set, build, {k = 3, seed = 1})
print(#r.scores, r.mean > 0.85) -- expect: 3	true
local c = train.learning_curve(set, build, {0.25, 1}, {k = 3, seed = 1})
print(c.x[1], c.x[2], c.valid[2] > 0.8) -- expect: 10	40	true

-- The finder puts weights and generator back.
local net = nn.Linear(2, 2)
local weight, state = net.weight:detach():clone(), gradus.seed()
local found = train.find_lr(net, {data = set, low = 1e-4, high = 100})
print(net.weight:detach():allclose(weight), found.suggestion > 1e-3, #found.lr > 10)
-- expect: true	true	true
print(state == gradus.seed()) -- expect: true

-- A linear autoencoder finds the plane of PCA.
local basis = tensor.randn(2, 6)
local flat = tensor.randn(200, 2):matmul(basis)
local a = train.autoencoder(flat, 2, {activation = "linear", epochs = 150, lr = 0.02, seed = 1})
print(train.evaluate(a.net, {x = flat, y = flat}, nn.MSELoss()) < 0.05) -- expect: true
for _, kind in ipairs{"gaussian", "masking", "salt_and_pepper"} do
  print(kind, train.corrupt(flat, kind, 0.5):size(1)) -- expect: gaussian	200
end
-- expect: masking	200
-- expect: salt_and_pepper	200
