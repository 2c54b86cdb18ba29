-- SPDX-License-Identifier: GPL-3.0-or-later
-- A tensor between brackets is a list of places or a mask; never guessed.
local x = tensor{{1, 5, 2}, {7, 2, 9}}
print(x[tensor{2, 1}])
-- expect: tensor{{7, 2, 9},
-- expect:        {1, 5, 2}}  -- float32 (2, 3)
print(x[x:gt(2)]) -- expect: tensor{5, 7, 9}  -- float32 (3)
local v = tensor{3, -1, 4}
print(v[v:gt(0)], v[tensor{-1, 1}])
-- expect: tensor{3, 4}  -- float32 (2)	tensor{4, 3}  -- float32 (2)
print(select(2, pcall(function() return v[v:ge(-5)] end)):match("could mean a mask"))
-- expect: could mean a mask
print(select(2, pcall(function() return v[tensor{4}] end)):match("index 4 .*"))
-- expect: index 4 at place 1 is not a whole number from 1 to 3
v[v:lt(0)] = 0
print(v) -- expect: tensor{3, 0, 4}  -- float32 (3)
v[tensor{1, 3}] = tensor{7, 8}
print(v) -- expect: tensor{7, 0, 8}  -- float32 (3)
x[x:gt(6)] = 0
print(x)
-- expect: tensor{{1, 5, 2},
-- expect:        {0, 2, 0}}  -- float32 (2, 3)

-- Gradients go back to the places they came from.
local w = tensor({1, 2, 3}, {requires_grad = true})
w[tensor{3, 3, 1}]:sum():backward()
print(w.grad) -- expect: tensor{1, 0, 2}  -- float32 (3)
