-- SPDX-License-Identifier: GPL-3.0-or-later
-- Products of a few long lines: in blocks, the same on any number of threads.
gradus.seed(1)
local x = tensor.rand(3, 200000) * 1e-5 + 1
local results = {}
for threads = 1, 3 do
  gradus.threads(threads)
  results[threads] = x:prod(2)
end
-- expect: true	true
print((results[1] - results[2]):eq(0):all(), (results[1] - results[3]):eq(0):all())
for r = 1, 3 do
  local expected = x[r]:to("float64"):log():sum():exp():item()
  assert(math.abs(results[1][r]:item() / expected - 1) < 1e-6)
end
print(tensor.ones(5000001):prod():item())                       -- expect: 1.0
local y = tensor.ones(400000)
y[399999] = 0 / 0
print(y:prod():item() ~= y:prod():item())                       -- expect: true
