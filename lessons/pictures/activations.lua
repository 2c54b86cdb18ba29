-- SPDX-License-Identifier: GPL-3.0-or-later
-- The picture of README.md: what six tanh layers make of a batch whose weights
-- are half as large as they should be.
--     gradus lessons/pictures/activations.lua activations.png
gradus.seed(7)

local width = 128
local h, layers = tensor.randn(256, width), {}
for k = 1, 6 do
  local weight = tensor.randn(width, width) * (0.5 / math.sqrt(width))
  h = h:matmul(weight):tanh()
  layers[k] = {("%d Tanh"):format(k), h, "Tanh"}
end
plot.activations(layers):save(arg[1] or "activations.png")
