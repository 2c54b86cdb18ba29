-- SPDX-License-Identifier: GPL-3.0-or-later
-- Functions made of others, at their edges.
local function isnan(x) return x ~= x end

-- The variance of nothing, and the unbiased one of one element, is 0 / 0.
print(isnan(tensor.zeros(0):var():item()), isnan(tensor.zeros(0):std():item())) -- expect: true	true
print(isnan(tensor{3}:var():item()), tensor{3}:var{unbiased = false}:item()) -- expect: true	0.0
print(tensor.zeros(0, 3):var(1), tensor.zeros(3, 0):var(1))
-- expect: tensor{nan, nan, nan}  -- float32 (3)	tensor{}  -- float32 (0)
print(isnan(tensor.zeros(0):mean():item()), tensor.zeros(0):sum():item()) -- expect: true	0.0

local x = tensor{{1, 2, 3}, {4, 5, 6}}
print(x:roll(1, 2)[1], x:roll(-1, 2)[1], x:roll(3, 2)[1])
-- expect: tensor{3, 1, 2}  -- float32 (3)	tensor{2, 3, 1}  -- float32 (3)	tensor{1, 2, 3}  -- float32 (3)
print(x:roll(1, 1)[1]) -- expect: tensor{4, 5, 6}  -- float32 (3)
print(tensor.zeros(0):roll(2, 1)) -- expect: tensor{}  -- float32 (0)
print(tensor.full_like(x, 2):sum():item(), tensor.rand_like(x):lt(1):all()) -- expect: 12.0	true
print(x:mm(x:t())[1]) -- expect: tensor{14, 32}  -- float32 (2)
x:mm(tensor{1, 2, 3})
-- expect error: mm: two matrices are expected; got 2 and 1 dimensions. Hint: matmul
