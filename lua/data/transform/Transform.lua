-- SPDX-License-Identifier: GPL-3.0-or-later
-- What all transforms share. A transform is fitted on one set of samples (N, D)
-- and applied to others: fit(x), apply(x), invert(z), fit_apply(x); it takes
-- tensors or data sets. A class of transforms defines _fit, _apply and, where
-- that means something, _invert; its fitted values are fields that are tensors
-- or numbers, so that state_dict can save them.

local core = require("gradus.core")

local Transform = {}
Transform.__index = Transform

--- Transform.class(name: string) -> table
--- A new class of transforms.
--- > require("gradus.data.transform.Transform").class("Mine").__name
--- Mine
function Transform.class(name)
  local class = {__name = name}
  class.__index = function(self, key)
    local value = rawget(class, key)
    if value == nil then value = Transform[key] end
    return value
  end
  class.__tostring = Transform._text
  return class
end

function Transform._text(self)
  return ("%s(%s)"):format(getmetatable(self).__name,
    self.width and ("fitted on %d features"):format(self.width) or "not fitted")
end

-- The tensor (N, D) in what was given, as N rows.
local function matrix(self, x)
  local name = getmetatable(self).__name
  if type(x) == "table" and core.is_tensor(rawget(x, "x")) then x = x.x end
  if not core.is_tensor(x) then
    error(("data.%s: expected a tensor (N, D) or a data set; got %s"):format(name, type(x)), 3)
  end
  if x:dim() ~= 2 then
    error(("data.%s: the tensor is (%s); expected (N, D). Hint: x:reshape(x:size(1), -1)"):format(
      name, table.concat(x:size(), ", ")), 3)
  end
  return x
end

local function fitted(self, x)
  local name = getmetatable(self).__name
  if not self.width then
    error(("data.%s: not fitted yet. Hint: t:fit(train.x) first"):format(name), 3)
  end
  return matrix(self, x)
end

-- The result in the shape of what was given: a tensor, or a data set.
local function wrap(given, z)
  if core.is_tensor(given) then return z end
  local set = {}
  for k, v in pairs(given) do set[k] = v end
  set.x = z
  if set.features and #set.features ~= z:size(2) then set.features = nil end
  return setmetatable(set, getmetatable(given))
end

--- Transform:fit(x: tensor|Dataset) -> Transform
--- Takes its values from these samples, (N, D), and returns itself.
--- > tostring(data.Standardize():fit(tensor{{1, 2}, {3, 4}}))
--- Standardize(fitted on 2 features)
function Transform:fit(x)
  local m = matrix(self, x):detach()
  if m:size(1) == 0 then
    error(("data.%s: no samples to fit on"):format(getmetatable(self).__name), 2)
  end
  self.width = m:size(2)
  self:_fit(m)
  return self
end

--- Transform:apply(x: tensor|Dataset) -> tensor|Dataset
--- The transformed samples; a data set comes back as one.
--- > data.MinMax():fit(tensor{{0}, {2}}):apply(tensor{{1}}):item()
--- 0.5
function Transform:apply(x)
  local m = fitted(self, x)
  if m:size(2) ~= self.width then
    error(("data.%s: %d features; it was fitted on %d"):format(getmetatable(self).__name,
      m:size(2), self.width), 2)
  end
  return wrap(x, self:_apply(m))
end

--- Transform:fit_apply(x: tensor|Dataset) -> tensor|Dataset
--- fit, then apply to the same samples.
--- > data.MinMax():fit_apply(tensor{{0}, {2}}):sum():item()
--- 1.0
function Transform:fit_apply(x)
  return self:fit(x):apply(x)
end

--- Transform:invert(z: tensor|Dataset) -> tensor|Dataset
--- Back from transformed samples to the original scale.
--- > data.MinMax():fit(tensor{{0}, {2}}):invert(tensor{{0.5}}):item()
--- 1.0
function Transform:invert(z)
  if not self._invert then
    error(("data.%s: has no inverse"):format(getmetatable(self).__name), 2)
  end
  return wrap(z, self:_invert(fitted(self, z)))
end

--- Transform:state_dict() -> {{name, tensor}, ...}
--- Its fitted values as named tensors, in alphabetical order, to be saved beside a net's.
--- > data.MinMax():fit(tensor{{0}, {2}}):state_dict()[1][1]
--- high
function Transform:state_dict()
  local list = {}
  for name, value in pairs(self) do
    if type(value) == "boolean" then value = value and 1 or 0 end
    if type(value) == "number" then value = core.tensor(value, {dtype = "float64"}) end
    if core.is_tensor(value) then list[#list + 1] = {name, value} end
  end
  table.sort(list, function(a, b) return a[1] < b[1] end)
  return list
end

--- Transform:load_state_dict(list: table) -> Transform
--- Takes over values that state_dict gave.
--- > s = data.MinMax():fit(tensor{{0}, {2}}):state_dict()
--- > data.MinMax():load_state_dict(s):apply(tensor{{1}}):item()
--- 0.5
function Transform:load_state_dict(list)
  for _, entry in ipairs(list) do
    local name, value = entry[1] or entry.name, entry[2] or entry.tensor
    local single = value:dim() == 0
    if single then value = value:item() end
    if type(self[name]) == "boolean" then value = value ~= 0 end
    if name == "width" or name == "components" then value = math.tointeger(value) end
    self[name] = value
  end
  return self
end

return Transform
