-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local init = require("gradus.nn.initialise")
local tensor = require("gradus.tensor")

local Linear = require("gradus.nn.Linear")
local DropConnect = require("gradus.nn.Module").class("DropConnect", Linear)
DropConnect._has_modes = true

--- nn.DropConnect(in_features: integer, out_features: integer, p: number = 0.5, {bias: boolean = true}) -> Module
--- A Linear layer whose weights are dropped in training (Wan et al. 2013): each weight is 0 with
--- probability p, the others are divided by 1 - p. Dropout silences units, this single connections.
--- > layer = nn.DropConnect(3, 2, 0.5)
--- > layer:eval()(tensor.zeros(5, 3)):size()
--- {5, 2}
function DropConnect:init(...)
  local o = arguments("nn.DropConnect", {"in_features", "out_features", "p"}, {p = 0.5, bias = true}, ...)
  Linear.init(self, o.in_features, o.out_features, o.bias)
  self.p = init.check_share("nn.DropConnect", o.p)
end

function DropConnect:forward(x)
  local weight = self.weight
  if self.training then
    self:_remark_on_mode()
    weight = tensor.dropout(weight, self.p)
  end
  return tensor.linear(x, weight, self.bias or nil)
end

function DropConnect:extra_repr()
  return ("%s, p = %g"):format(Linear.extra_repr(self), self.p)
end

return DropConnect
