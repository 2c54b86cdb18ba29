-- SPDX-License-Identifier: GPL-3.0-or-later
-- Functions made of others, at their edges.
local function isnan(x) return x ~= x end

-- The variance of nothing, and the unbiased one of one element, is 0 / 0.
print(isnan(tensor.zeros(0):var():item()), isnan(tensor.zeros(0):std():item())) -- expect: true	true
print(isnan(tensor{3}:var():item()), tensor{3}:var{unbiased = false}:item()) -- expect: true	0.0
print(tensor.zeros(0, 3):var(1), tensor.zeros(3, 0):var(1))
-- expect: tensor{nan, nan, nan}  -- float32 (3)	tensor{}  -- float32 (0)
print(isnan(tensor.zeros(0):mean():item()), tensor.zeros(0):sum():item()) -- expect: true	0.0

-- Squares of what is far from 1 leave float32, the spread does not: like PyTorch's, also by columns and for gradients.
for _, size in ipairs {1e-30, 1e-22, 1e17, 1e19, 1e30} do
  local far = tensor.arange(1, 1000):reshape(500, 2) * size
  local function near(a, b) return math.abs(a / b - 1) < 1e-5 end
  print(near(far:std():item(), size * 288.81943609575), near(far:std(1)[2]:item(), size * 288.9636655359978))
end
-- expect: true	true
-- expect: true	true
-- expect: true	true
-- expect: true	true
-- expect: true	true
print(math.abs(tensor{1e18, -1e18}:var():item() / 2e36 - 1) < 1e-5, tensor{1e30, -1e30}:var():item()) -- expect: true	inf
print(isnan(tensor{1 / 0, 1}:std():item())) -- expect: true
local leaf = tensor({1e25, 3e25}, {requires_grad = true})
leaf:std():backward()
print(leaf.grad) -- expect: tensor{-0.7071, 0.7071}  -- float32 (2)
print(tensor{5e30, 5e30}:std():item(), tensor.zeros(3):std():item()) -- expect: 0.0	0.0

local x = tensor{{1, 2, 3}, {4, 5, 6}}
print(x:roll(1, 2)[1], x:roll(-1, 2)[1], x:roll(3, 2)[1])
-- expect: tensor{3, 1, 2}  -- float32 (3)	tensor{2, 3, 1}  -- float32 (3)	tensor{1, 2, 3}  -- float32 (3)
print(x:roll(1, 1)[1]) -- expect: tensor{4, 5, 6}  -- float32 (3)
print(tensor.zeros(0):roll(2, 1)) -- expect: tensor{}  -- float32 (0)
print(tensor.full_like(x, 2):sum():item(), tensor.rand_like(x):lt(1):all()) -- expect: 12.0	true
print(x:mm(x:t())[1]) -- expect: tensor{14, 32}  -- float32 (2)
local function why(f, ...) return (select(2, pcall(f, ...)):match("[%a_]+: '.*")) end
print(why(x.mm, x)) -- expect: mm: 'b' is missing; expected a tensor
print(why(x.dot, x, "3")) -- expect: dot: 'b' should be a tensor; got string
for _, name in ipairs {"max", "argmax", "prod", "var", "std", "norm", "any", "split", "unbind", "clamp", "topk",
  "tril", "trace", "roll", "zeros_like"} do
  local message = why(tensor[name], {1, 2}, 1)
  assert(message == name .. ": 'x' should be a tensor; got table", message)
end
print(why(tensor.std)) -- expect: std: 'x' is missing; expected a tensor. Hint: a method needs a colon, x:std()
print(why(tensor.stack)) -- expect: stack: 'tensors' should be a table of tensors; got nil
x:mm(tensor{1, 2, 3})
-- expect error: mm: two matrices are expected; got 2 and 1 dimensions. Hint: matmul
