-- SPDX-License-Identifier: GPL-3.0-or-later
-- What nn.watch has recorded, as pictures: numbers of each layer, step by step.

local figure = require "gradus.plot.figure"
local make = require "gradus.plot.picture.make"
local matrix = require "gradus.plot.picture.matrix"
local summary = require "gradus.plot.summary"
local table_of_rows = require "gradus.plot.picture.rows"
local values = require "gradus.plot.values"

local M = {}

-- More layers than colours are rows of a heat map.
local few = 8

--- Whether a value is what nn.watch returns.
function M.is_watch(v)
  return type(v) == "table" and type(rawget(v, "by_name")) == "table" and type(rawget(v, "layers")) == "table"
end

--- A saved name, which counts from 0 ("0.fc.1"), as one writes it at the prompt: [1].fc[2]
function M.path_of(name)
  local path = ""
  for part in name:gmatch("[^.]+") do
    local place = math.tointeger(tonumber(part))
    path = path .. (place and ("[%d]"):format(place + 1) or (path ~= "" and "." or "") .. part)
  end
  return path
end

local function name_of(layer)
  return (M.path_of(layer.name) .. " " .. layer.kind):match("^%s*(.-)%s*$")
end

-- The steps at which a number of a layer was recorded, and the numbers.
local function column(layer, key)
  local x, y = {}, {}
  for _, row in ipairs(layer.steps) do
    if row[key] then x[#x + 1], y[#y + 1] = row.step, row[key] end
  end
  return x, y
end

-- The layers that have recorded a number, as {name, x, y}.
local function columns(who, watch, key, hint)
  local list = {}
  for _, layer in ipairs(watch.layers) do
    local x, y = column(layer, key)
    if #y > 0 then list[#list + 1] = {name_of(layer), x, y, layer} end
  end
  if #list == 0 then error(("%s: the watch has recorded no steps%s"):format(who, hint or
    ". Hint: watch:step() after each step, or nn.watch(net, {optimizer = opt}) for it"), 0) end
  return list
end

-- All layers as rows of colours, first layer on top.
local function as_rows(list, o, label)
  local z, names, n = {}, {}, math.huge
  for _, s in ipairs(list) do n = math.min(n, #s[3]) end
  for i, s in ipairs(list) do
    names[i], z[i] = s[1], {table.unpack(s[3], 1, n)}
  end
  local fig = matrix.heatmap(z, {title = o.title, label = label, log = true, rows = names, xlabel = "record",
    ylabel = "layer", width = o.width, height = o.height or math.max(720, 34 * #z), caption = o.caption})
  fig.letters = math.min(1, 17 / #z)
  return fig
end

-- One number of every layer against the step, on a log axis.
local function over_steps(list, o, title, label, marks)
  o.title = o.title or title
  if #list > few then return as_rows(list, o, label) end
  local notes, all = figure.notes(), {}
  for i, s in ipairs(list) do
    local x, y = values.thin(s[2], s[3], 600)
    table.insert(marks, i, {kind = "line", x = x, y = y, color = i, name = s[1], lost = true})
    notes:add(values.note(s[3], s[1]))
    all[i] = s[3]
  end
  if o.ylog == nil then o.ylog = true end
  notes:add(figure.log_note({log = o.ylog}, all, label))
  return make.figure(o, {marks = marks, notes = notes, x = {label = "step", whole = true},
    y = {label = label}})
end

local function share(row, key, word)
  local v = row[key]
  return v and v > 0 and (", %s %s %%"):format(word, values.show(100 * v, 2)) or ""
end

-- Mean and one standard deviation on both sides, with spread and shares at the last step.
local function band_panel(s)
  local layer, last = s[4], s[4].steps[#s[4].steps]
  local x, mean, lo, hi = {}, {}, {}, {}
  for i, row in ipairs(layer.steps) do
    x[i], mean[i], lo[i], hi[i] = row.step, row.mean, row.mean - row.std, row.mean + row.std
  end
  local words = ("std %s%s%s"):format(values.show(last.std, 3), share(last, "saturated", "saturated"),
    share(last, "dead", "dead"))
  return figure.new {title = s[1], note = words, x = {label = "step", whole = true}, y = {label = "activation"},
    marks = {{kind = "band", x = x, lo = lo, hi = hi, color = 1},
      {kind = "line", x = x, y = mean, color = 1, lost = true}}}
end

-- As text: the spread over the steps as bars, first and last in numbers.
local function table_row(s)
  local layer, std = s[4], s[3]
  local last = layer.steps[#layer.steps]
  local function percent(v) return v and summary.percent(v) or "-" end
  return {name = s[1], cells = {values.show(std[1], 3), values.show(std[#std], 3), percent(last.dead),
    percent(last.saturated)}, heights = function(width)
      local list = {}
      for i = 1, width do list[i] = std[math.floor((i - 1) / (width - 1) * (#std - 1) + 1.5)] end
      return list
    end}
end

local function table_rows(list, title)
  local steps = list[1][2]
  local head = ("std, step %d to %d"):format(steps[1], steps[#steps])
  return table_of_rows.text(title, function() return head end, {"first", "last", "dead", "sat."}, list, table_row)
end

--- The activations of every layer over a training: mean and spread, or the spread as colours.
function M.activations(watch, o)
  o = make.options("plot.activations", o, {}, {"columns", "bins", "scale"})
  local list = columns("plot.activations", watch, "std")
  if #list > 12 then return as_rows(list, {title = o.title or "Spread of the activations"}, "std") end
  local grid, n = {}, #list
  local across = o.columns or (n <= 3 and n or n == 4 and 2 or n <= 9 and 3 or 4)
  for i, s in ipairs(list) do grid[i] = band_panel(s) end
  local title = o.title or "Activations over the training"
  return figure.new {grid = grid, columns = across, title = title, rows_of_text = table_rows(list, title),
    caption = o.caption or "Mean and one standard deviation; in numbers those of the last step", width = o.width,
    height = o.height, marks = {}}
end

--- The spread of the gradients that reach every layer, against the step.
function M.gradients(watch, o)
  o = make.options("plot.gradients", o, {}, {"columns", "bins", "scale", "biases"})
  local list = columns("plot.gradients", watch, "gradient_std")
  return over_steps(list, o, "Gradients over the training", "std of gradients", {})
end

--- The spread by layer at the first and at the last step, as plot.depth takes it.
function M.depth(watch)
  local list = columns("plot.depth", watch, "std")
  local function at(place)
    local forward, backward, step = {}, {}, nil
    for i, s in ipairs(list) do
      local row = s[4].steps[place == "first" and 1 or #s[4].steps]
      forward[i], backward[i], step = row.std, row.gradient_std or 0 / 0, row.step
    end
    return {("step %d"):format(step), {forward = forward, backward = backward}}
  end
  local first, last = at("first"), at("last")
  return first[1] == last[1] and {last} or {first, last}
end

--- plot.updates(watch, {title: string}) -> figure
--- How far each step moves the weights of each layer, |update| / |weight|, of what nn.watch recorded
--- with an optimiser. About 1e-3, the dashed line, is usual; far above it a rate is too high, far below
--- a layer hardly learns. plot.depth, plot.activations and plot.gradients take a watch as well.
--- > net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
--- > opt = optim.SGD(net:parameters(), {lr = 0.1})
--- > w = nn.watch(net, {optimizer = opt})
--- > for i = 1, 3 do opt:zero_grad(); net(tensor.ones(4, 2)):sum():backward(); opt:step() end
--- > fig = plot.updates(w)
--- > fig.marks[1].name, #fig.marks[1].y
--- [1] Linear	3
function M.updates(watch, o)
  if not M.is_watch(watch) then
    error("plot.updates: expected what nn.watch returns; got " .. type(watch), 2)
  end
  o = make.options("plot.updates", o)
  local list = columns("plot.updates", watch, "update_ratio",
    ". Hint: nn.watch(net, {optimizer = opt})")
  return over_steps(list, o, "Updates over the training", "update / weight",
    {{kind = "rule", y = 1e-3, color = "dim", name = "1e-3"}})
end

return M
