-- SPDX-License-Identifier: GPL-3.0-or-later
-- Transforms against scikit-learn's answers (tests/expect/make_metrics.py).
local folder = arg[0]:match("^(.*)/")
local cases = assert(loadfile(folder .. "/expect.txt", "t"))()
local function t(x) return tensor(x, {dtype = "float64"}) end
local function near(a, b) return a:allclose(t(b), {rtol = 1e-9, atol = 1e-9}) end

for _, c in ipairs(cases) do
  local x, new = t(c.x), t(c.new)
  local s, m, p = data.Standardize():fit(x), data.MinMax():fit(x), data.PCA():fit(x)
  print(near(s:apply(new), c.standard), near(m:apply(new), c.minmax))
  print(near(p.variance, c.variance), near(p.ratio, c.ratio), near(p:apply(new):abs(), c.pca))
  print(s:invert(s:apply(new)):allclose(new), p:invert(p:apply(new)):allclose(new))
end
-- expect: true	true
-- expect: true	true	true
-- expect: true	true
-- expect: true	true
-- expect: true	true	true
-- expect: true	true

local x = t(cases[1].x)
for _, kind in ipairs{"pca", "zca"} do
  local w = data.Whiten(kind, {eps = 0}):fit(x)
  local z = w:apply(x)
  local centred = z - z:mean(1)
  local covariance = centred:t():matmul(centred) / (x:size(1) - 1)
  print((covariance - tensor.eye(4, {dtype = "float64"})):abs():max():item() < 1e-8,
    w:invert(z):allclose(x))
end
-- expect: true	true
-- expect: true	true
