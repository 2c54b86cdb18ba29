-- SPDX-License-Identifier: GPL-3.0-or-later
local Module = require("gradus.nn.Module")

local ModuleList = Module.class("ModuleList")
ModuleList._is_container = true

--- nn.ModuleList(layers: {Module, ...} = {}) -> Module
--- A list of layers that are found, trained and saved; how they are called is up to the module that
--- holds them.
--- > list = nn.ModuleList({nn.Linear(2, 2), nn.Linear(2, 2)})
--- > #list, #list:parameters()
--- 2	4
function ModuleList:init(layers)
  for i, layer in ipairs(layers or {}) do
    if not Module.is_module(layer) then
      error(("nn.ModuleList: entry %d should be a layer; got %s"):format(i, type(layer)), 3)
    end
    self[i] = layer
  end
end

--- ModuleList:append(layer: Module) -> ModuleList
--- Adds a layer at the end.
--- > #nn.ModuleList():append(nn.ReLU())
--- 1
function ModuleList:append(layer)
  self[#self + 1] = layer
  return self
end

function ModuleList:forward()
  error("a ModuleList is only a list. Hint: call its entries, list[i](x), or use nn.Sequential", 0)
end

return ModuleList
