-- SPDX-License-Identifier: GPL-3.0-or-later
-- The same seed gives the same points and leaves the session's stream alone;
-- every size from 0 works.
local names = {"moons", "circles", "spirals", "blobs", "xor", "gaussians", "unbalanced", "sine",
  "temperatures"}
for _, name in ipairs(names) do
  gradus.seed(7)
  local a = data[name](20, {seed = 3})
  local after = tensor.rand(1):item()
  gradus.seed(7)
  local undisturbed = after == tensor.rand(1):item()
  local b, c = data[name](20, {seed = 3}), data[name](20, {seed = 4})
  local sizes = ""
  for n = 0, 3 do sizes = sizes .. #data[name](n) .. (tostring(data[name](n)) and "" or "?") end
  print(name, undisturbed, a.x:eq(b.x):all() and a.y:eq(b.y):all(),
    a.x:eq(c.x):all() and a.y:eq(c.y):all(), sizes)
end
-- expect: moons	true	true	false	0123
-- expect: circles	true	true	false	0123
-- expect: spirals	true	true	false	0123
-- expect: blobs	true	true	false	0123
-- expect: xor	true	true	false	0123
-- expect: gaussians	true	true	false	0123
-- expect: unbalanced	true	true	false	0123
-- expect: sine	true	true	false	0123
-- expect: temperatures	true	true	false	0123

local circles = data.circles(40, {noise = 0, factor = 0.25})
local radius = circles.x:pow(2):sum(2):sqrt()
print(radius:allclose(tensor.where(circles.y:eq(1), tensor.ones(40), tensor.full({40}, 0.25))))
-- expect: true
print(select(2, pcall(data.moons, "x")))
-- expect: data.moons: expected a number of samples, a whole number from 0; got x
print((select(2, pcall(data.moons, 10, {noize = 1})):gsub("^.-: ", "", 1)))
-- expect: data.moons: unknown option 'noize'. Did you mean 'noise'? Options: noise, seed
