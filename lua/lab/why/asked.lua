-- SPDX-License-Identifier: GPL-3.0-or-later
-- What `why` was given, before anything is looked at: errors that say what belongs in which place.

local core = require("gradus.core")
local options = require("gradus.options")
local strict = require("gradus.strict")

local M = {}

local HINT = "why(net, {x = x, y = y}, {opt = opt})"

local function named(v)
  return type(v) == "string" and ("'%s'"):format(v) or core.is_tensor(v) and "a tensor" or type(v) == "table"
    and "a table" or type(v) == "function" and "a function" or tostring(v)
end

local function refuse(what, v, level, hint)
  error(("why: %s; got %s%s"):format(what, named(v), hint and ". Hint: " .. hint or ""), level + 1)
end

local function has(v, name) return type(v) == "table" and strict.find(v, name) ~= nil end

-- Something that can be called with predictions and targets.
local function callable(v)
  local metatable = getmetatable(v)
  return type(v) == "function" or type(metatable) == "table" and metatable.__call ~= nil
end

local function is_record(v)
  if type(v) ~= "table" then return false end
  local list = rawget(v, "steps") or rawget(v, "train") or v
  return type(list) == "table" and (list[1] == nil or type(list[1]) == "number")
end

local function is_set(v)
  return type(v) == "table" and core.is_tensor(rawget(v, "x")) and core.is_tensor(rawget(v, "y"))
end

-- Options, what each should be, in words, and whether it is.
local kinds = {
  {"opt", "an optimiser, like optim.SGD(net:parameters(), {lr = 0.1})", function(v)
    return has(v, "param_groups") and has(v, "step")
  end},
  {"loss", "a loss, like nn.CrossEntropyLoss(), or a function of predictions and targets", callable},
  {"step", "a function of x and y that makes one step", callable},
  {"evaluate", "a function of x and y that measures", callable},
  {"valid", "a data set {x = ..., y = ...}", is_set},
  {"history", "what train.fit returns, or a list of losses", is_record},
  {"batch", "a whole number of at least 1", function(v) return math.type(v) == "integer" and v >= 1 end},
}

local function check_net(net, level)
  if not has(net, "parameters") then refuse("the first argument should be a net", net, level + 1, HINT) end
  if not getmetatable(net) or rawget(net, "training") == nil then
    error(("why: the first argument is a class of layers; a net is made by calling it. Hint: %s(...)"):format(
      "nn." .. tostring(rawget(net, "__name") or "Linear")), level + 1)
  end
end

--- asked.read(net, set, given, level) -> set, options
--- Raises where an argument is none that `why` can use, at the place of the caller `level` functions up; a tensor becomes a
--- data set without targets.
function M.read(net, set, given, level)
  check_net(net, level + 1)
  if core.is_tensor(given) then
    error("why: x and y go into one data set. Hint: " .. HINT, level + 1)
  end
  if core.is_tensor(set) then set = {x = set} end
  if type(set) ~= "table" or not core.is_tensor(set.x) then
    refuse("the second argument should be a data set {x = ..., y = ...} or a batch", set, level + 1, HINT)
  end
  if set.x:dim() < 1 or set.x:size(1) == 0 then error("why: the data set is empty", level + 1) end
  if set.y ~= nil and not core.is_tensor(set.y) then
    refuse("the y of the data set should be a tensor", set.y, level + 1)
  end
  if set.y and set.y:size(1) ~= set.x:size(1) then
    error(("why: %d samples in x but %d in y"):format(set.x:size(1), set.y:size(1)), level + 1)
  end
  local o = options.read("why", given, {batch = 256}, {"loss", "opt", "history", "valid", "step", "evaluate"},
    level + 2)
  for _, kind in ipairs(kinds) do
    local v = o[kind[1]]
    if v ~= nil and not kind[3](v) then refuse(("%s should be %s"):format(kind[1], kind[2]), v, level + 1) end
  end
  return set, o
end

return M
