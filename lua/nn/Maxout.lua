-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local Linear = require("gradus.nn.Linear")
local Maxout = require("gradus.nn.Module").class("Maxout")

--- nn.Maxout(in_features: integer, out_features: integer, pieces: integer = 2) -> Module
--- Each unit is the largest of several linear functions (Goodfellow et al. 2013): an activation that
--- is learnt, convex and made of straight lines. ReLU and |x| are special cases.
--- > nn.Maxout(3, 4, 2)(tensor.zeros(5, 3)):size()
--- {5, 4}
function Maxout:init(...)
  local o = arguments("nn.Maxout", {"in_features", "out_features", "pieces"}, {pieces = 2}, ...)
  self.in_features, self.out_features, self.pieces = o.in_features, o.out_features, o.pieces
  self.linear = Linear(o.in_features, o.out_features * o.pieces)
end

function Maxout:forward(x)
  return tensor.maxout(self.linear(x), self.pieces)
end

function Maxout:extra_repr()
  return ("%d -> %d, %d pieces"):format(self.in_features, self.out_features, self.pieces)
end

return Maxout
