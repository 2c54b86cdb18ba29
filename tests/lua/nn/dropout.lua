-- SPDX-License-Identifier: GPL-3.0-or-later
-- Dropout in training: what PyTorch's does in law. Each element is 0 or divided by 1 - p, gradients pass
-- through the same mask, the mean stays; the share that is dropped is p.
nn.quiet()
local function shares(make, shape, p, group)
  local layer, x = make(p), tensor.full(shape, 2):requires_grad_()
  local y = layer(x)
  y:sum():backward()
  local kept = y:detach():ne(0)
  local right = (y:detach() - kept * (2 / (1 - p))):abs():max():item() < 1e-5
  local same = (x.grad - kept / (1 - p)):abs():max():item() < 1e-5
  local share, n = 1 - kept:mean():item(), y:numel() / group
  return right and same and math.abs(share - p) < 5 * math.sqrt(p * (1 - p) / n), y
end
for _, p in ipairs {0.1, 0.5, 0.75} do
  print((shares(nn.Dropout, {200, 100}, p, 1)), (shares(nn.Dropout2d, {100, 50, 3, 4}, p, 12)))
end
-- expect: true	true
-- expect: true	true
-- expect: true	true
-- Whole channels: each is all 0 or not 0 at all.
local _, y = shares(nn.Dropout2d, {10, 20, 3, 4}, 0.5, 12)
local left = y:detach():ne(0):sum({3, 4})
print((left:eq(0) + left:eq(12)):sum():item())       -- expect: 200.0
-- Alpha dropout keeps mean 0 and variance 1, and drops to one value.
local z = tensor.randn(400, 500)
local a = nn.AlphaDropout(0.3)(z)
print(a:mean():abs():item() < 0.01, math.abs(a:std():item() - 1) < 0.01)  -- expect: true	true
local low, p = -1.7580993408473766, 0.3 -- where SELU saturates
local scale = ((1 - p) * (1 + p * low * low)) ^ -0.5
print(math.abs((a - scale * low * (1 - p)):abs():lt(1e-4):mean():item() - p) < 0.01)  -- expect: true
-- DropConnect: the weights are masked, the bias is not; the expectation is the layer's.
local dc = nn.DropConnect(60, 40, {p = 0.4})
local x = tensor.randn(1, 60)
local mean = tensor.zeros(1, 40)
for _ = 1, 3000 do mean:add_(dc(x):detach() / 3000) end
local whole = dc:eval()(x):detach()
print(((mean - whole):abs():max():item() < 0.1))     -- expect: true
dc:train()
local out = dc(x)
out:sum():backward()
local ratio = dc.weight.grad / x.view(x, 1, 60):expand({40, 60})
print((ratio:eq(0) + (ratio - 1 / 0.6):abs():lt(1e-3)):sum():item(), dc.bias.grad:eq(1):sum():item())  -- expect: 2400.0	40.0
print(nn.Dropout(1)(tensor.ones(3)):sum():item(), nn.Dropout(0)(tensor.ones(3)):sum():item())  -- expect: 0.0	3.0
