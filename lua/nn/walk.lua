-- SPDX-License-Identifier: GPL-3.0-or-later
-- Going through a module's parts: parameters, buffers, children. Each function adds its methods to
-- the base class.

local mark = require("gradus.nn.mark")

-- An iterator over {name, value} pairs.
local function each(list)
  local i = 0
  return function()
    i = i + 1
    if list[i] then return list[i][1], list[i][2] end
  end
end

local function join(prefix, name)
  return prefix == "" and name or prefix .. "." .. name
end

-- Adds {name, module} for the module and all below it, each once.
local function add_modules(list, module, prefix, seen)
  if seen[module] then return list end
  seen[module] = true
  list[#list + 1] = {prefix, module}
  for key, child in module:_children() do
    add_modules(list, child, join(prefix, module:_saved_name(key)), seen)
  end
  return list
end

-- Adds {name, tensor} for the tensors of a module, then of its children, as PyTorch orders them.
-- `seen` nil: also tensors that were there before (shared ones are saved under each name).
local function add_tensors(list, module, prefix, is_wanted, seen)
  for key, value in module:_fields() do
    if is_wanted(value) and not (seen and seen[value]) then
      if seen then seen[value] = true end
      list[#list + 1] = {join(prefix, module:_saved_name(key)), value}
    end
  end
  for key, child in module:_children() do
    add_tensors(list, child, join(prefix, module:_saved_name(key)), is_wanted, seen)
  end
  return list
end

local function second(list)
  local out = {}
  for i, pair in ipairs(list) do out[i] = pair[2] end
  return out
end

return function(M)
  --- Module:parameters() -> {tensor, ...}
  --- The trainable tensors of the module and all its children, in the order of assignment.
  --- > #nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)):parameters()
  --- 4
  function M:parameters()
    return second(add_tensors({}, self, "", mark.is_parameter, {}))
  end

  --- Module:named_parameters() -> iterator of name, tensor
  --- The parameters with the names they are saved under; places in a Sequential count from 0
  --- there, as in PyTorch's files.
  --- > for name, p in nn.Sequential(nn.Linear(3, 4)):named_parameters() do print(name, #p) end
  --- 0.weight	4
  --- 0.bias	4
  function M:named_parameters()
    return each(add_tensors({}, self, "", mark.is_parameter, {}))
  end

  --- Module:buffers() -> {tensor, ...}
  --- The tensors that are saved but not trained, like running averages.
  --- > #nn.BatchNorm1d(3):buffers()
  --- 3
  function M:buffers()
    return second(add_tensors({}, self, "", mark.is_buffer, {}))
  end

  --- Module:named_buffers() -> iterator of name, tensor
  --- The buffers with the names they are saved under.
  --- > for name in nn.BatchNorm1d(3):named_buffers() do print(name) end
  --- running_mean
  --- running_var
  --- num_batches_tracked
  function M:named_buffers()
    return each(add_tensors({}, self, "", mark.is_buffer, {}))
  end

  --- Module:children() -> {Module, ...}
  --- The modules assigned to this one directly.
  --- > #nn.Sequential(nn.ReLU(), nn.Tanh()):children()
  --- 2
  function M:children()
    local out = {}
    for _, child in self:_children() do out[#out + 1] = child end
    return out
  end

  --- Module:named_children() -> iterator of name, Module
  --- The modules assigned to this one directly, with their saved names.
  --- > for name, m in nn.Sequential(nn.ReLU(), nn.Tanh()):named_children() do print(name, m) end
  --- 0	ReLU()
  --- 1	Tanh()
  function M:named_children()
    local list = {}
    for key, child in self:_children() do list[#list + 1] = {self:_saved_name(key), child} end
    return each(list)
  end

  --- Module:modules() -> {Module, ...}
  --- The module itself and all modules below it.
  --- > #nn.Sequential(nn.ReLU(), nn.Tanh()):modules()
  --- 3
  function M:modules()
    return second(add_modules({}, self, "", {}))
  end

  --- Module:named_modules() -> iterator of name, Module
  --- The module itself (its name is empty) and all modules below it.
  --- > for name, m in nn.Sequential(nn.ReLU()):named_modules() do print("<" .. name .. ">") end
  --- <>
  --- <0>
  function M:named_modules()
    return each(add_modules({}, self, "", {}))
  end

  -- All that is saved, in PyTorch's order: in each module parameters first, then buffers.
  function M:_saved(list, prefix)
    list, prefix = list or {}, prefix or ""
    for _, is_wanted in ipairs {mark.is_parameter, mark.is_buffer} do
      for key, value in self:_fields() do
        if is_wanted(value) then
          list[#list + 1] = {join(prefix, self:_saved_name(key)), value, self, key}
        end
      end
    end
    for key, child in self:_children() do
      child:_saved(list, join(prefix, self:_saved_name(key)))
    end
    return list
  end
end
