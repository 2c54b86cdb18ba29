-- SPDX-License-Identifier: GPL-3.0-or-later
local class = require("gradus.nn.Module").class
local is_module = require("gradus.nn.Module").is_module
local strict = require("gradus.strict")

local Sequential = class("Sequential")
Sequential._is_container = true

-- The entries of nn.Sequential(a, b), nn.Sequential{a, b} or nn.Sequential{{"name", a}, ...}.
local function entries(first, ...)
  if type(first) == "table" and not is_module(first) and getmetatable(first) == nil then
    return first
  end
  return {first, ...}
end

local function check(layer, i)
  if is_module(layer) then return layer end
  local what = type(layer)
  local hint = what == "table" and "call the class, as in nn.ReLU()" or
    what == "function" and "wrap a function as nn.Lambda(f)" or "give layers, as in nn.Linear(2, 3)"
  error(("nn.Sequential: entry %d should be a layer; got %s. Hint: %s"):format(i, what, hint), 4)
end

--- nn.Sequential(layer: Module, ...) -> Module
--- Calls layers one after another. Layers may have names: nn.Sequential({{"fc1", nn.Linear(2, 3)},
--- {"act", nn.ReLU()}}); then net.fc1 is net[1], and files use the names. net[i] is the i-th
--- layer, #net their number; assigning to net[i] replaces or appends one.
--- > net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
--- > net[2]
--- ReLU()
--- > net(tensor.zeros(5, 4)):size()
--- {5, 2}
--- > nn.Sequential({{"fc1", nn.Linear(4, 3)}, {"act", nn.ReLU()}}).fc1
--- Linear(4 -> 3)
function Sequential:init(...)
  for i, entry in ipairs(entries(...)) do
    if type(entry) == "table" and not is_module(entry) and type(entry[1]) == "string" then
      self:_name(entry[1], i)
      entry = entry[2]
    end
    self[i] = check(entry, i)
  end
end

-- A named net looks names up in its list and hands everything else on.
local function named(net_class)
  local meta = {}
  for k, v in pairs(net_class) do meta[k] = v end
  meta.__index = function(self, key)
    local i = rawget(self, "_names")[key]
    if i and type(key) == "string" then return rawget(self, i) end
    return net_class[key]
  end
  meta.__newindex = function(self, key, value)
    local i = rawget(self, "_names")[key]
    if i and type(key) == "string" then key = i end
    if rawget(self, key) ~= nil then rawset(self, key, value) else
      net_class.__newindex(self, key, value) end
  end
  return meta
end
local Named

function Sequential:_name(name, i)
  if not rawget(self, "_names") then
    rawset(self, "_names", {})
    Named = Named or named(Sequential)
    setmetatable(self, Named)
  end
  if self._names[name] or strict.find(Sequential, name) or rawget(self, name) ~= nil then
    error(("nn.Sequential: the name '%s' is taken"):format(name), 4)
  end
  self._names[name], self._names[i] = i, name
end

function Sequential:_name_of(i)
  local names = rawget(self, "_names")
  return names and names[i] or i
end

function Sequential:_saved_name(key)
  local name = self:_name_of(key)
  return type(name) == "number" and tostring(name - 1) or name
end

function Sequential:forward(x)
  for i = 1, #self do x = self[i](x) end
  return x
end

--- Sequential:append(layer: Module) -> Sequential
--- Adds a layer at the end.
--- > #nn.Sequential(nn.Linear(2, 2)):append(nn.ReLU())
--- 2
function Sequential:append(layer)
  self[#self + 1] = check(layer, #self + 1)
  return self
end

return Sequential
