-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the options of experiments may be, by their names: the same name means the same in all of them.

local M = {}

local function is_number(v) return type(v) == "number" and v == v and math.abs(v) < math.huge end

local function is_list(test)
  return function(v)
    if type(v) ~= "table" or #v == 0 then return false end
    for _, one in ipairs(v) do
      if not test(one) then return false end
    end
    return true
  end
end

local function whole(v) return math.type(v) == "integer" and v >= 1 end
local function positive(v) return is_number(v) and v > 0 end

local function is_point(v) return is_list(is_number)(v) and #v == 2 end

-- What is expected, in words, and the test.
local count = {"a whole number from 1", whole}
local size = {"a number of at least 0", function(v) return is_number(v) and v >= 0 end}
local kinds = {
  gain = {"a number", is_number}, lr = {"a number above 0", positive}, bias = size, jitter = size, noise = size,
  dropout = {"a number from 0 to below 1", function(v) return is_number(v) and v >= 0 and v < 1 end},
  rates = {"a list of numbers above 0", is_list(positive)}, scales = {"a list of numbers", is_list(is_number)},
  optimisers = {"a list like {'SGD', {'momentum', 'SGD', {momentum = 0.9}}}",
    is_list(function() return true end)},
  depths = {"a list of whole numbers from 1", is_list(whole)},
  start = {"a point, {x, y}", is_point}, xrange = {"two numbers, {from, to}", is_point},
  yrange = {"two numbers, {from, to}", is_point}, b = size,
  progress = {"true or false", function(v) return type(v) == "boolean" end},
  w = {"a number above 0", positive}, input = {"a number above 0", positive},
}
for _, name in ipairs {"depth", "width", "batch", "steps", "feature_steps", "epochs", "samples", "draws", "copies",
  "passes", "labels", "every"} do
  kinds[name] = count
end

--- checks.options(who, options, level)
--- Raises an error, blamed on the caller `level` functions up, at the first option (by name) that is not what
--- its name asks for; names that are not known here may be anything.
function M.options(who, o, level)
  for _, name in ipairs(require("gradus.options").keys(o)) do
    local kind, v = kinds[name], o[name]
    if kind and not kind[2](v) then
      local shown = type(v) == "string" and ("'%s'"):format(v) or type(v) == "table" and "a table" or tostring(v)
      error(("%s: %s is %s; got %s"):format(who, name, kind[1], shown), level)
    end
  end
end

return M
