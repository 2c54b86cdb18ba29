-- SPDX-License-Identifier: GPL-3.0-or-later
-- Transforms are saved with the net and come back with it, each kind to the bit.
gradus.seed(1)
local wine = data.wine()
local net = nn.Sequential(nn.Linear(13, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 3))
local makers = {
  function() return data.Standardize() end,
  function() return data.MinMax(-1, 1) end,
  function() return data.PCA(13, {whiten = true}) end,
  function() return data.Whiten("zca") end,
}
local empty = {data.Standardize, data.MinMax, data.PCA, data.Whiten}
for i, make in ipairs(makers) do
  local t = make():fit(wine)
  net:save("net.safetensors", {transform = t})
  local again, other = empty[i](), net:clone()
  other[1].weight:detach():zero_()
  other:load("net.safetensors", {transform = again})
  print(t, again:apply(wine.x):eq(t:apply(wine.x)):all(),
    other[1].weight:eq(net[1].weight):all(), again:invert(again:apply(wine.x)):allclose(wine.x,
    {rtol = 1e-3, atol = 1e-2}))
end
-- expect: Standardize(fitted on 13 features)	true	true	true
-- expect: MinMax(fitted on 13 features)	true	true	true
-- expect: PCA(fitted on 13 features)	true	true	true
-- expect: Whiten(fitted on 13 features)	true	true	true

-- A chain of two; and what can go wrong.
local scale = data.Standardize():fit(wine)
local pca = data.PCA(2):fit(scale:apply(wine))
local small = nn.Linear(2, 3)
small:save("two.safetensors", {transform = {scale, pca}})
local scale2, pca2 = data.Standardize(), data.PCA()
small:load("two.safetensors", {transform = {scale2, pca2}})
print(pca2:apply(scale2:apply(wine)).x:eq(pca:apply(scale:apply(wine)).x):all()) -- expect: true
local function fails(...) print((select(2, pcall(...)):gsub("^.-: (%l+: )", "%1"))) end
fails(small.load, small, "two.safetensors")
fails(small.load, small, "two.safetensors", {transform = data.MinMax()})
fails(small.save, small, "x.safetensors", {transform = data.PCA(1)})
fails(small.save, small, "x.safetensors", {transform = {3}})
-- expect: load: the file holds a Standardize, too. Hint: net:load(path, {transform = data.Standardize()})
-- expect: load: the file holds no MinMax as transform 1
-- expect: save: the transform is not fitted yet
-- expect: save: transform 1 should be a transform like data.Standardize(); got number
