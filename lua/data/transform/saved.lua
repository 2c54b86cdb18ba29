-- SPDX-License-Identifier: GPL-3.0-or-later
-- Transforms in the file of a net: their values stand beside the weights as
-- transform.1.Standardize.mean and so on, so that predictions are made from data
-- prepared as in the training.

local M = {}

local PREFIX = "transform."

local function list_of(who, given)
  if given == nil then return {} end
  local list = given.state_dict and {given} or given
  for i, t in ipairs(list) do
    if type(t) ~= "table" or not t.state_dict then
      error(("%s: transform %d should be a transform like data.Standardize(); got %s"):format(who, i,
        type(t)), 4)
    end
  end
  return list
end

local function prefix(i, t) return ("%s%d.%s."):format(PREFIX, i, getmetatable(t).__name) end

--- saved.pack(who: string, given: Transform|{Transform, ...}|nil) -> {{name, tensor}, ...}
--- The values of fitted transforms by name.
--- > s = data.MinMax():fit(tensor{{0}, {2}})
--- > require("gradus.data.transform.saved").pack("f", s)[1].name
--- transform.1.MinMax.high
function M.pack(who, given)
  local entries = {}
  for i, t in ipairs(list_of(who, given)) do
    if not t.width then error(who .. ": the transform is not fitted yet", 3) end
    for _, pair in ipairs(t:state_dict()) do
      entries[#entries + 1] = {name = prefix(i, t) .. pair[1], tensor = pair[2]:detach()}
    end
  end
  return entries
end

--- saved.unpack(who: string, given: Transform|{Transform, ...}|nil, state: {string = tensor})
--- Gives transforms the values that `pack` made, and takes those out of the table.
--- > state = {["transform.1.MinMax.low"] = tensor(0)}
--- > require("gradus.data.transform.saved").unpack("f", data.MinMax(), state)
--- > next(state)
--- nil
function M.unpack(who, given, state)
  for i, t in ipairs(list_of(who, given)) do
    local start, list = prefix(i, t), {}
    for name, value in pairs(state) do
      if name:sub(1, #start) == start then list[#list + 1] = {name:sub(#start + 1), value} end
    end
    if #list == 0 then
      error(("%s: the file holds no %s as transform %d"):format(who, getmetatable(t).__name, i), 3)
    end
    t:load_state_dict(list)
    for _, pair in ipairs(list) do state[start .. pair[1]] = nil end
  end
  for name in pairs(state) do
    local class = name:match("^transform%.1%.(%w+)%.")
    if class and given == nil then
      error(("%s: the file holds a %s, too. Hint: net:load(path, {transform = data.%s()})"):format(who,
        class, class), 3)
    end
  end
end

return M
