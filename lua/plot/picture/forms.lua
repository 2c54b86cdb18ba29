-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the options of pictures may be: {"words for what is expected", function(v) -> boolean}.

local options = require "gradus.options"
local values = require "gradus.plot.values"

local M = {}

local function is_number(v, lo, hi)
  return type(v) == "number" and v >= lo and v <= hi
end

local function whole(lo, hi)
  return {("a whole number from %d to %d"):format(lo, hi), function(v)
    return is_number(v, lo, hi) and v == math.floor(v)
  end}
end

local function number(lo, hi)
  return {("a number from %g to %g"):format(lo, hi), function(v) return is_number(v, lo, hi) end}
end

local boolean = {"true or false", function(v) return type(v) == "boolean" end}

-- Whatever has words: a table may bring its own __tostring.
local text = {"a text", function(v)
  local class = type(v) == "table" and getmetatable(v)
  return type(v) == "string" or type(v) == "number" and v == v or class and class.__tostring ~= nil
end}

-- One end may be missing: the data say it.
local function is_range(v)
  if type(v) ~= "table" then return false end
  for i = 1, 2 do
    if v[i] ~= nil and not (type(v[i]) == "number" and values.is_finite(v[i])) then return false end
  end
  return not (v[1] and v[2]) or v[1] < v[2]
end
local range = {"{lowest, highest}", is_range}
local whole_range = {"{lowest, highest}", function(v) return is_range(v) and v[1] ~= nil and v[2] ~= nil end}

local list = {"a list", function(v) return values.is_tensor(v) or values.what(v) == "table" end}
local numbers = {"a list of numbers", function(v)
  if values.is_tensor(v) then return v:dim() == 1 end
  if values.what(v) ~= "table" then return false end
  for i = 1, #v do
    if type(v[i]) ~= "number" then return false end
  end
  return true
end}

local usual = {
  title = text, xlabel = text, ylabel = text, zlabel = text, caption = text, label = text, name = text,
  band_name = text, xlog = boolean, ylog = boolean, log = boolean, equal = boolean, legend = boolean, xrange = range,
  yrange = range, range = range, width = number(100, 32000), height = number(100, 32000), bins = whole(1, 10000),
  n = whole(2, 2000), steps = whole(1, 1000000), columns = whole(1, 1000), turn = number(0, 360),
  levels = whole(0, 200), labels = list, classes = list, names = list, rows = list, paths = list, path = list,
  thresholds = numbers, spread = list, curve = list, curves = list, band = list, truth = list,
  smooth = {"a number from 0 to 1, or false", function(v) return v == false or is_number(v, 0, 1) end},
}

-- Cells are equally wide.
local no_log = {"no log axis, since its cells are equally wide,", function(v) return v == false end}
local both_ends = {xrange = whole_range, yrange = whole_range}
local plane = {xrange = whole_range, yrange = whole_range, xlog = no_log, ylog = no_log}
local column = {"the name of a column", function(v) return type(v) == "string" end}

-- Where an option of that name is something else.
local own = {
  ["plot.heatmap"] = {columns = list, label = {"a text, or false", function(v) return v == false or text[2](v) end},
    xlog = no_log, ylog = no_log},
  ["plot.contour"] = plane, ["plot.boundary"] = plane, ["plot.surface"] = both_ends,
  ["plot.activations"] = both_ends, ["plot.gradients"] = both_ends, ["plot.weights"] = both_ends,
  ["plot.search"] = {x = column, y = column, score = column},
}

local function shown(v)
  if type(v) == "number" then return values.show(v) end
  if type(v) == "boolean" then return tostring(v) end
  if type(v) == "string" then return ("'%s'"):format(v) end
  if numbers[2](v) and not values.is_tensor(v) and (#v == 1 or #v == 2) then
    return ("{%s}"):format(#v == 1 and values.show(v[1]) or values.show(v[1]) .. ", " .. values.show(v[2]))
  end
  return values.what(v)
end

--- forms.check(who: string, o: table) -> table
--- The options themselves; raises where one has not the form that is expected.
--- > pcall(require("gradus.plot.picture.forms").check, "plot.hist", {bins = 0})
--- false	plot.hist: bins: a whole number from 1 to 10000 expected; got 0
function M.check(who, o)
  for _, name in ipairs(options.keys(o)) do
    local v = o[name]
    local form = own[who] and own[who][name] or usual[name]
    if form and not form[2](v) then
      error(("%s: %s: %s expected; got %s"):format(who, name, form[1], shown(v)), 0)
    end
  end
  return o
end

return M
