-- SPDX-License-Identifier: GPL-3.0-or-later
-- An optimiser's memory: to look at, and as plain data to save and go on.

local core = require("gradus.core")

local function copy(value)
  if core.is_tensor(value) then return value:detach():clone() end
  if type(value) ~= "table" then return value end
  local out = {}
  for k, v in pairs(value) do out[k] = copy(v) end
  return out
end

return function(M)
  --- Optimizer:state_of(p: tensor) -> table
  --- What the optimiser remembers of one parameter: its running averages and its number of steps.
  --- > w = tensor({1}, {requires_grad = true})
  --- > opt = optim.Adam({w})
  --- > w:sum():backward()
  --- > opt:step()
  --- > opt:state_of(w).step
  --- 1.0
  function M:state_of(p)
    for i, group in ipairs(self.param_groups) do
      for k, q in ipairs(group.params) do
        if rawequal(p, q) then
          if not self._rule then return self.state[i][k] or {} end
          local out = {}
          for name, list in pairs(self.state[i]) do out[name] = list[k] end
          return out
        end
      end
    end
    error("state_of: this tensor is not one of the optimiser's parameters", 2)
  end

  --- Optimizer:state_dict() -> table
  --- The optimiser's memory and options, copied: {state = {...}, param_groups = {...}}. A training
  --- that goes on from it takes the same steps bit for bit.
  --- > w = tensor({1}, {requires_grad = true})
  --- > optim.SGD({w}, {lr = 0.1}):state_dict().param_groups[1].lr
  --- 0.1
  function M:state_dict()
    local out = {state = copy(self.state), param_groups = {}}
    for i, group in ipairs(self.param_groups) do
      local plain = {n_params = #group.params}
      for k, v in pairs(group) do
        if k ~= "params" then plain[k] = copy(v) end
      end
      out.param_groups[i] = plain
    end
    return out
  end

  --- Optimizer:load_state_dict(state: table)
  --- Takes back what state_dict gave; the parameters must be as many, in the same order.
  --- > w = tensor({1}, {requires_grad = true})
  --- > a, b = optim.Adam({w}), optim.Adam({w}, {lr = 1})
  --- > b:load_state_dict(a:state_dict())
  --- > b.param_groups[1].lr
  --- 0.001
  function M:load_state_dict(state)
    if #state.param_groups ~= #self.param_groups then
      error(("load_state_dict: %d parameter groups in the state; this optimiser has %d"):format(
        #state.param_groups, #self.param_groups), 2)
    end
    for i, saved in ipairs(state.param_groups) do
      local group = self.param_groups[i]
      if saved.n_params ~= #group.params then
        error(("load_state_dict: group %d has %d parameters in the state, %d here"):format(i,
          saved.n_params, #group.params), 2)
      end
      for k, v in pairs(saved) do
        if k ~= "n_params" then group[k] = copy(v) end
      end
      self.state[i] = copy(state.state[i])
    end
  end
end
