-- SPDX-License-Identifier: GPL-3.0-or-later
-- A step of an optimiser whose rule is written in Lua: its update(p, g, state, group) for each parameter.

local core = require("gradus.core")

local M = {}

-- One group by update(), parameter by parameter, with the penalties that built-in rules have.
local function update_group(self, group, memory)
  for k, p in ipairs(group.params) do
    local g = p.grad
    if g then
      memory[k] = memory[k] or {}
      p = p:detach()
      if group.maximize then g = -g end
      if group.weight_decay ~= 0 then g = g + p * group.weight_decay end
      if group.l1 ~= 0 then g = g + (p:gt(0) - p:lt(0)) * group.l1 end
      self:update(p, g, memory[k], group)
    end
  end
end

local recording_again = setmetatable({}, {__close = function() core.recording(true) end})

--- Changes all parameters, outside of the graph; the gradients are left as they are.
function M.step(self)
  local closing <close> = core.recording(false) and recording_again or nil -- luacheck: ignore 211
  for i, group in ipairs(self.param_groups) do update_group(self, group, self.state[i]) end
end

return M
