-- SPDX-License-Identifier: GPL-3.0-or-later
-- Transforms against scikit-learn's answers (tests/expect/make_metrics.py).
local folder = arg[0]:match("^(.*)/")
local cases = assert(loadfile(folder .. "/expect.txt", "t"))()
local function t(x) return tensor(x, {dtype = "float64"}) end
local function near(a, b) return a:allclose(t(b), {rtol = 1e-9, atol = 1e-9}) end

-- Some columns are constant, some matrices wide, one has a single column.
local right, all = 0, 0
local function check(...)
  for _, ok in ipairs{...} do
    all, right = all + 1, right + (ok and 1 or 0)
  end
end
for _, c in ipairs(cases) do
  local x, new = t(c.x), t(c.new)
  local s, m, p = data.Standardize():fit(x), data.MinMax():fit(x), data.PCA():fit(x)
  check(near(s:apply(new), c.standard), near(m:apply(new), c.minmax),
    near(data.MinMax(-1, 2):fit(x):apply(new), c.between))
  check(near(p.variance, c.variance), near(p.ratio, c.ratio), near(p:apply(new):abs():narrow(2, 1, #c.pca[1]), c.pca))
  if c.white then check(near(data.PCA(2, {whiten = true}):fit(x):apply(new):abs(), c.white)) end
  check(s:invert(s:apply(new)):allclose(new), p:invert(p:apply(x)):allclose(x),
    m:invert(m:apply(x)):allclose(x))
end
print(all, all - right) -- expect: 49	0

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

-- Saved beside a net, and back.
local p = data.PCA(2):fit(x)
data.save_safetensors("p.safetensors", p:state_dict())
local read = data.safetensors("p.safetensors")
local list = {}
for i, name in ipairs(read) do list[i] = {name, read[name]} end
print(data.PCA():load_state_dict(list):apply(x):eq(p:apply(x)):all()) -- expect: true
local hot = data.OneHot()
print(hot:fit(tensor{2, 3, 1}):apply(tensor{3, 1}), hot:invert(hot:apply(tensor{3, 1})))
-- expect: tensor{{0, 0, 1},
-- expect:        {1, 0, 0}}  -- float32 (2, 3)	tensor{3, 1}  -- float64 (2)
