-- SPDX-License-Identifier: GPL-3.0-or-later
-- Masks: the same for one seed at any number of threads, the share that was
-- asked for, and the same in the backward as in the forward.
local function mask(threads, name, ...)
  gradus.threads(threads)
  gradus.seed(5)
  return tensor[name](tensor.ones(64, 1000), ...)
end
for _, name in ipairs{"dropout", "dropout2d", "alpha_dropout"} do
  local one = mask(1, name, 0.3)
  local same = true
  for _, threads in ipairs{2, 7} do
    same = same and (mask(threads, name, 0.3) - one):abs():sum():item() == 0
  end
  print(name, same)
end
-- expect: dropout	true
-- expect: dropout2d	true
-- expect: alpha_dropout	true
gradus.threads(1)
local kept = mask(1, "dropout", 0.3):gt(0):mean():item()
print(math.abs(kept - 0.7) < 0.01, mask(1, "dropout", 1):sum():item(), mask(1, "dropout", 0):sum():item())
-- expect: true	0.0	64000.0
-- What was dropped passes no gradient, the rest is scaled.
for _, name in ipairs{"dropout", "dropout2d"} do
  local x = tensor.ones(6, 50, 3, {requires_grad = true})
  local y = tensor[name](x, 0.5)
  y:backward(tensor.ones(6, 50, 3))
  print((x.grad - y:detach()):abs():sum():item(), y:detach():max():item())
end
-- expect: 0.0	2.0
-- expect: 0.0	2.0
-- Channels fall as a whole.
local sums = tensor.dropout2d(tensor.ones(8, 40, 5), 0.5):sum(3)
print(sums:eq(0):sum():item() + sums:eq(10):sum():item())
-- expect: 320.0
-- A NaN that is dropped is still seen.
print(tensor.full({4}, 0 / 0):dropout(0.5):ne(0):sum():item())
-- expect: 4.0
-- Alpha dropout keeps mean 0 and variance 1.
local x = tensor.randn(200000)
local y = x:alpha_dropout(0.4)
print(math.abs(y:mean():item()) < 0.02, math.abs((y * y):mean():item() - 1) < 0.02)
-- expect: true	true
