-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reductions over several dimensions, with and without keeping them.
local x = tensor.arange(24):reshape(2, 3, 4)
print(x:max({1, 3}), x:min({1, 3}))
-- expect: tensor{16, 20, 24}  -- float32 (3)	tensor{1, 5, 9}  -- float32 (3)
print(table.concat(x:max({1, 3}, true):size(), " ")) -- expect: 1 3 1
print(x:eq(24):any({1, 2})) -- expect: tensor{0, 0, 0, 1}  -- float32 (4)
print(x:gt(0):all({1, 2}), x:gt(0):all()) -- expect: tensor{1, 1, 1, 1}  -- float32 (4)	true
print((x / 10):prod({2, 3}):size(1)) -- expect: 2
local direct = x:exp():sum({1, 3}):log()
print(x:logsumexp({1, 3}):allclose(direct, {rtol = 1e-5})) -- expect: true
print(x:var({1, 2}):size(1), x:std({1, 2}, {keepdim = true}):dim()) -- expect: 4	3
