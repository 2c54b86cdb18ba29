-- SPDX-License-Identifier: GPL-3.0-or-later
-- What all pictures share: their common options, and series in the forms a user writes them.

local figure = require "gradus.plot.figure"
local forms = require "gradus.plot.picture.forms"
local options = require "gradus.options"
local values = require "gradus.plot.values"

local M = {}

local common = {"title", "xlabel", "ylabel", "xlog", "ylog", "xrange", "yrange", "caption",
  "legend", "width", "height"}

--- make.options(who, given, defaults, {optional, ...}) -> table
--- The options every picture takes, and its own.
function M.options(who, given, defaults, optional)
  local names = {table.unpack(common)}
  for _, name in ipairs(optional or {}) do names[#names + 1] = name end
  if type(given) == "table" then values.record(who, given, "options like {title = \"...\"}") end
  return forms.check(who, options.read(who, given, defaults or {}, names, 4))
end

local function range(given)
  return given and {given[1], given[2]}
end

--- make.figure(o, fields) -> figure with the options on it; fields.x and fields.y hold what
--- the picture itself says of its axes.
function M.figure(o, fields)
  local x, y = fields.x or {}, fields.y or {}
  x.label, y.label = o.xlabel or x.label, o.ylabel or y.label
  if o.xlog ~= nil then x.log = o.xlog end
  if o.ylog ~= nil then y.log = o.ylog end
  x.range = range(o.xrange) or x.range
  y.range = range(o.yrange) or y.range
  for _, axis in ipairs {x, y} do
    for i = 1, axis.log and axis.range and 2 or 0 do
      if axis.range[i] and axis.range[i] <= 0 then axis.range[i] = nil end
    end
  end
  fields.x, fields.y = x, y
  fields.title = o.title or fields.title
  fields.caption = o.caption or fields.caption
  fields.width, fields.height = o.width, o.height
  if o.legend ~= nil then fields.legend = o.legend end
  return figure.new(fields)
end

-- {"name", y} or {"name", x, y}
local function named_series(who, entry)
  local name = entry[1]
  if entry[3] ~= nil then
    return {name = name, x = values.list(who, entry[2], name .. ", x"),
      y = values.list(who, entry[3], name .. ", y")}
  end
  return {name = name, y = values.list(who, entry[2], name)}
end

--- True for a list like {{"sgd", ...}, {"adam", ...}}.
function M.is_named_list(v)
  return type(v) == "table" and type(v[1]) == "table" and type(v[1][1]) == "string"
end

--- make.same(who, a, x, b, y) raises unless two lists, with their names before them, are of one length.
function M.same(who, a, x, b, y)
  if #x ~= #y then error(("%s: %s has %d numbers, %s has %d"):format(who, a, #x, b, #y), 0) end
end

local function check(who, s)
  s.x = s.x or values.count(#s.y)
  M.same(who, (s.name and s.name .. ": " or "") .. "x", s.x, "y", s.y)
  return s
end

--- make.series(who, ...) -> {{name, x, y}, ...}, options
--- The arguments (y), (x, y), ({{"name", y}, {"name", x, y}}), then a table of options or none.
function M.series(who, ...)
  local args = table.pack(...)
  local o
  if args.n > 1 and type(args[args.n]) == "table" and not values.is_data(args[args.n]) then
    o = args[args.n]
    args.n = args.n - 1
  elseif args.n > 1 and (args[args.n] == nil or type(args[args.n]) == "table" and
    next(args[args.n]) == nil) then
    args.n = args.n - 1
  end
  if args.n == 0 or args.n > 2 then
    error(("%s: expected (y), (x, y) or a list of {\"name\", y}"):format(who), 0)
  end
  local list = {}
  if M.is_named_list(args[1]) then
    for i, entry in ipairs(args[1]) do list[i] = check(who, named_series(who, entry)) end
  elseif args.n == 2 then
    list[1] = check(who, {x = values.list(who, args[1], "x"), y = values.list(who, args[2], "y")})
  else
    list[1] = check(who, {y = values.list(who, args[1], "y")})
  end
  return list, o
end

--- make.value(who, v) -> the number that a user's function gave
function M.value(who, v)
  if values.is_tensor(v) then v = v:item() end
  if type(v) == "number" then return v end
  error(("%s: the function has to give a number; it gave a %s"):format(who, type(v)), 0)
end

--- make.plane(v) -> {first, step} for n values between two ends, both included.
function M.plane(from, to, n)
  return {from, (to - from) / math.max(1, n - 1)}
end

--- The mean of each place over several lists, and the smallest and largest there.
function M.spread(lists)
  local n = math.huge
  for _, list in ipairs(lists) do n = math.min(n, #list) end
  local mean, lo, hi = {}, {}, {}
  for i = 1, n do
    local sum = 0
    lo[i], hi[i] = math.huge, -math.huge
    for _, list in ipairs(lists) do
      sum = sum + list[i]
      lo[i], hi[i] = math.min(lo[i], list[i]), math.max(hi[i], list[i])
    end
    mean[i] = sum / #lists
  end
  return mean, lo, hi
end

--- Mean and standard deviation (unbiased) of a list.
function M.moments(list)
  local sum, n = 0, #list
  for i = 1, n do sum = sum + list[i] end
  local mean, squares = sum / n, 0
  for i = 1, n do squares = squares + (list[i] - mean) ^ 2 end
  return mean, n > 1 and math.sqrt(squares / (n - 1)) or 0
end

return M
