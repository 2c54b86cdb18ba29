-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a net knows as named tensors: saving, loading, cloning.

local core = require("gradus.core")
local describe = require("gradus.nn.describe")
local mark = require("gradus.nn.mark")
local options = require("gradus.options")
local transforms = require("gradus.data.transform.saved")

-- Tensors by name; the names in order are entries 1 to n.
local function new_state(list)
  local state = {}
  for i, entry in ipairs(list) do state[i], state[entry[1]] = entry[1], entry[2] end
  return state
end

-- What differs between the tensors a module has and those in a state, as lines.
local function differences(list, state)
  local lines, known = {}, {}
  for _, entry in ipairs(list) do
    local name, mine, other = entry[1], entry[2], state[entry[1]]
    known[name] = true
    if other == nil then
      lines[#lines + 1] = ("  missing     %s %s"):format(name, describe.shape(mine))
    elseif describe.shape(mine) ~= describe.shape(other) then
      lines[#lines + 1] = ("  other shape %s: the net has %s, the file %s"):format(name,
        describe.shape(mine), describe.shape(other))
    end
  end
  for _, name in ipairs(options.keys(state)) do
    if not known[name] then
      lines[#lines + 1] = ("  unexpected  %s %s"):format(name, describe.shape(state[name]))
    end
  end
  return lines
end

local function copy(value, copies)
  if core.is_tensor(value) then
    if not copies[value] then
      local new = value:detach():clone()
      if mark.is_buffer(value) then
        mark.Buffer(new)
      elseif mark.is_parameter(value) then
        mark.Parameter(new, value.requires_grad)
      end
      copies[value] = new
    end
    return copies[value]
  elseif type(value) ~= "table" then
    return value
  end
  if not copies[value] then
    local new = {}
    copies[value] = new
    for k, v in pairs(value) do new[k] = copy(v, copies) end
    setmetatable(new, getmetatable(value))
  end
  return copies[value]
end

return function(M)
  --- Module:state_dict() -> table
  --- Parameters and buffers by name, with the names in order as entries 1, 2, ...; the tensors are
  --- the net's own. Names are PyTorch's, which count layers from 0.
  --- > state = nn.Sequential(nn.Linear(3, 2)):state_dict()
  --- > state[1], state["0.weight"]:size(1)
  --- 0.weight	2
  function M:state_dict()
    return new_state(self:_saved())
  end

  --- Module:load_state_dict(state: table, {strict: boolean = true}) -> Module
  --- Copies named tensors into the net. Strict: every name must fit, or an error lists what differs.
  --- > a, b = nn.Linear(3, 2), nn.Linear(3, 2)
  --- > b:load_state_dict(a:state_dict());
  --- > (a.weight - b.weight):abs():sum():item()
  --- 0.0
  function M:load_state_dict(state, given)
    local o = options.read("load_state_dict", given, {strict = true})
    local list = self:_saved()
    local lines = differences(list, state)
    local fatal = o.strict and #lines > 0
    for _, line in ipairs(lines) do fatal = fatal or line:find("other shape", 1, true) ~= nil end
    if fatal then
      error(("load_state_dict: the names or shapes differ from this %s's:\n%s"):format(self:kind(),
        table.concat(lines, "\n")), 2)
    end
    for _, entry in ipairs(list) do
      local from = state[entry[1]]
      if from then entry[2]:detach():copy_(from:detach()) end
    end
    return self
  end

  --- Module:save(path: string, {transform: Transform|table?})
  --- Saves parameters and buffers in the safetensors format, with PyTorch's names and layouts.
  --- `transform` is what the data went through (or a list), saved with the net.
  --- > net = nn.Linear(3, 2)
  --- > net:save("net.safetensors")
  --- > net:load("net.safetensors").weight:size()
  --- {2, 3}
  function M:save(path, given)
    local o = options.read("save", given, {}, {"transform"})
    local list = {}
    for i, entry in ipairs(self:_saved()) do list[i] = {name = entry[1], tensor = entry[2]:detach()} end
    for _, entry in ipairs(transforms.pack("save", o.transform)) do list[#list + 1] = entry end
    core.safetensors.save(path, list, {format = "pt"})
  end

  --- Module:load(path: string, {strict: boolean = true, transform: Transform|table?}) -> Module
  --- Reads what `save` or PyTorch wrote (safetensors) into the net, and into `transform` the one
  --- that was saved with it.
  --- > net, scale = nn.Linear(1, 1), data.Standardize():fit(tensor{{1}, {3}})
  --- > net:save("both.safetensors", {transform = scale})
  --- > again = data.Standardize()
  --- > net:load("both.safetensors", {transform = again});
  --- > again:apply(tensor{{5}})
  --- tensor{{3}}  -- float32 (1, 1)
  function M:load(path, given)
    local o = options.read("load", given, {strict = true}, {"transform"})
    local state = {}
    for _, entry in ipairs((core.safetensors.load(path))) do state[entry.name] = entry.tensor end
    if o.strict or o.transform then transforms.unpack("load", o.transform, state) end
    return self:load_state_dict(state, {strict = o.strict})
  end

  --- Module:clone() -> Module
  --- A copy of the net with tensors of its own; hooks stay behind.
  --- > a = nn.Linear(3, 2)
  --- > b = a:clone()
  --- > b.bias:detach():fill_(7);
  --- > a.bias:detach():eq(7):sum():item()
  --- 0.0
  function M:clone()
    local new = copy(self, {})
    for _, module in ipairs(new:modules()) do module._hooks = false end
    return new
  end

  --- Module:summary(input: tensor|{integer, ...}) -> summary
  --- A table with path, layer, output shape, parameters, multiply-adds and mode of each layer for
  --- an input or its sizes. It changes nothing: no running averages, no random numbers. Where
  --- shapes clash it shows the layers up to the failing one and the error there.
  --- > nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)):summary({5, 3}).parameters
  --- 26
  function M:summary(input)
    return require("gradus.nn.summary")(self, input)
  end
end
