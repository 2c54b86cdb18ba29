-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local init = require("gradus.nn.initialise")
local tensor = require("gradus.tensor")

local LayerNorm = require("gradus.nn.Module").class("LayerNorm")

--- nn.LayerNorm(normalized_shape: integer|{integer, ...}, eps: number = 1e-5, elementwise_affine: boolean = true) -> Module
--- Gives each sample mean 0 and variance 1 over its last dimensions, then multiplies by weight and
--- adds bias: y = weight (x - mean) / sqrt(var + eps) + bias. It needs no batch and is the same in
--- training and evaluation.
--- > nn.LayerNorm(2, 0)(tensor{{1, 3}}):detach()
--- tensor{{-1,  1}}  -- float32 (1, 2)
function LayerNorm:init(...)
  local o = arguments("nn.LayerNorm", {"normalized_shape", "eps", "elementwise_affine"},
    {eps = 1e-5, elementwise_affine = true}, ...)
  local shape = o.normalized_shape
  self.normalized_shape, self.eps = type(shape) == "table" and shape or {shape}, o.eps
  self.weight = o.elementwise_affine and init.filled(self.normalized_shape, 1)
  self.bias = o.elementwise_affine and init.filled(self.normalized_shape, 0)
end

function LayerNorm:forward(x)
  return tensor.layer_norm(x, self.weight or nil, self.bias or nil, self.normalized_shape, self.eps)
end

function LayerNorm:extra_repr()
  return table.concat(self.normalized_shape, ", ")
end

return LayerNorm
