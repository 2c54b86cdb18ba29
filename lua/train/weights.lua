-- SPDX-License-Identifier: GPL-3.0-or-later
-- A copy of what a net has learned, and the way back to it.

local no_grad = require("gradus.autograd").no_grad

local M = {}

--- weights.copy(net: Module) -> table
--- Copies of all parameters and buffers by name.
--- > kept = require("gradus.train.weights").copy(nn.Linear(2, 1))
--- > kept.weight:size()
--- {1, 2}
function M.copy(net)
  local state, kept = net:state_dict(), {}
  for _, name in ipairs(state) do kept[name] = state[name]:detach():clone() end
  return kept
end

--- weights.put_back(net: Module, kept: table)
--- Gives the net the values that were copied.
--- > net = nn.Linear(2, 1)
--- > kept = require("gradus.train.weights").copy(net)
--- > require("gradus.train.weights").put_back(net, kept)
function M.put_back(net, kept)
  no_grad(function()
    local state = net:state_dict()
    for _, name in ipairs(state) do state[name]:copy_(kept[name]) end
  end)
end

return M
