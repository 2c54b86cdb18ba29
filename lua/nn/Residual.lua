-- SPDX-License-Identifier: GPL-3.0-or-later
local Module = require("gradus.nn.Module")
local Sequential = require("gradus.nn.Sequential")

local Residual = Module.class("Residual")
Residual._is_container = true

--- nn.Residual(inner: Module, ..., {shortcut: Module}) -> Module
--- Adds its input to what the inner layers make of it: y = x + inner(x). The gradient reaches x by
--- the sum as well, undiminished. Where inner changes the shape, `shortcut` maps x to the same.
--- > net = nn.Residual(nn.Linear(4, 4), nn.Tanh())
--- > net(tensor.zeros(2, 4)):size()
--- {2, 4}
function Residual:init(...)
  local layers = {...}
  local last = layers[#layers]
  if type(last) == "table" and not Module.is_module(last) then
    layers[#layers] = nil
    local o = require("gradus.options").read("nn.Residual", last, {}, {"shortcut"}, 4)
    self._shortcut_given = o.shortcut
  end
  self.inner = #layers == 1 and layers[1] or Sequential(layers)
  if self._shortcut_given then self.shortcut, self._shortcut_given = self._shortcut_given, nil end
end

function Residual:forward(x)
  local shortcut = rawget(self, "shortcut")
  return self.inner(x) + (shortcut and shortcut(x) or x)
end

return Residual
