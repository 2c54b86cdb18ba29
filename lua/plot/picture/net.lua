-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a net holds, layer by layer: activations, gradients, weights. Up to twelve
-- layers are small multiples, more are a ridgeline; as text each layer is one row.

local figure = require "gradus.plot.figure"
local make = require "gradus.plot.picture.make"
local summary = require "gradus.plot.summary"
local table_of_rows = require "gradus.plot.picture.rows"
local ticks = require "gradus.plot.ticks"
local values = require "gradus.plot.values"
local strict = require "gradus.strict"
local watched = require "gradus.plot.picture.watched"

local M = {}

local show, path_of = values.show, watched.path_of

-- Ends of a common axis that hold all but the far tails: mean +- 4 std, within the data.
local function common_range(rows)
  local lo, hi
  for _, s in ipairs(rows) do
    if s.lo then
      local a, b = math.max(s.lo, s.mean - 4 * s.std), math.min(s.hi, s.mean + 4 * s.std)
      lo, hi = math.min(lo or a, a), math.max(hi or b, b)
    end
  end
  lo, hi = summary.bin_range(lo, hi)
  return {lo, hi}
end

-- The axis goes a little further than the bins, which end where the numbers end: a margin among the bins
-- would show saturated units as few.
local function axis_range(common, o)
  if not common or o.scale == "log" or o.exact then return common end
  local margin = (common[2] - common[1]) * 0.02
  return {common[1] - margin, common[2] + margin}
end

-- Layers of very different spread are compared by the size of their numbers: on a common linear
-- axis all but the widest would be a single bar.
local function choose_scale(rows, wish)
  local known = {common = true, log = true, own = true}
  if wish ~= nil and not known[wish] then
    error(("scale: 'common', 'log' or 'own' expected; got '%s'"):format(tostring(wish)), 0)
  end
  if wish then return wish end
  local least, most = math.huge, 0
  for _, s in ipairs(rows) do
    if s.std > 0 then least, most = math.min(least, s.std), math.max(most, s.std) end
  end
  return most <= 30 * least and "common" or "log"
end

-- All rows as logarithms, on an axis of whole powers of ten.
local function to_logs(rows)
  local lo, hi
  for _, s in ipairs(rows) do
    local a, b = summary.to_logs(s)
    if a then lo, hi = math.min(lo or a, a), math.max(hi or b, b) end
  end
  if not lo then return {-1, 0} end
  return {math.floor(lo), math.ceil(hi + 0.1)}
end

local function log_ticks(range)
  local list = {}
  local step = math.max(1, math.ceil((range[2] - range[1]) / 8))
  for k = range[1], range[2], step do
    list[#list + 1] = {k, ticks.power(k)}
  end
  return list
end

local function range_of(s, common)
  if common then return common[1], common[2] end
  if not s.lo then return 0, 1 end
  return summary.bin_range(math.max(s.lo, s.mean - 5 * s.std), math.min(s.hi, s.mean + 5 * s.std))
end

local function histogram(s, lo, hi, bins)
  local counts = summary.counts(s, lo, hi, bins)
  local width, at = (hi - lo) / bins, {}
  for b = 1, bins do
    at[b] = lo + (b - 0.5) * width
    counts[b] = 100 * counts[b] / math.max(1, s.good)
  end
  return at, counts, width
end

local function first_words(s)
  return ("mean %s, std %s"):format(show(s.mean, 3), show(s.std, 3))
end

local function panel(s, common, o, axis)
  local lo, hi = range_of(s, common)
  local at, counts, width = histogram(s, lo, hi, o.bins)
  local shares = summary.shares(s)
  local x = {label = o.scale == "log" and "size of the " .. axis .. "s" or axis, range = axis_range({lo, hi}, o),
    ticks = o.scale == "log" and log_ticks(common) or nil}
  return figure.new {title = s.name, note = first_words(s) .. (shares ~= "" and ", " .. shares or ""), x = x,
    y = {label = "% of values"},
    marks = {{kind = "bars", at = at, height = counts, width = width, color = s.color or 1}}}
end

-- Each layer stands on a line of its own and may reach over the one above.
local function ridge(rows, common, o)
  local marks, names, n = {}, {}, #rows
  for i, s in ipairs(rows) do
    local lo, hi = range_of(s, common)
    local at, counts, width = histogram(s, lo, hi, o.bins)
    local most = math.max(1e-9, table.unpack(counts))
    local base, y = n - i + 1, {}
    table.insert(at, 1, at[1] - width)
    table.insert(counts, 1, 0)
    at[#at + 1], counts[#counts + 1] = at[#at] + width, 0
    for k = 1, #at do
      if not common then at[k] = (at[k] - lo) / (hi - lo) end
      y[k] = base + 1.35 * counts[k] / most
    end
    local color = s.color or 1
    marks[#marks + 1] = {kind = "line", x = at, y = y, fill = base, color = color, alpha = 0.55}
    marks[#marks + 1] = {kind = "line", x = at, y = y, color = color, width = 1.5}
    names[i] = {base, ("%s   std %s"):format(s.name, show(s.std, 3))}
  end
  return marks, {ticks = names, range = {0.7, n + 1.6}, label = "layer"}
end

local function axis_words(common, scale, ascii)
  if not common then return "own axes" end
  if scale == "log" then
    return ("size %s to %s"):format(ticks.power(common[1], ascii), ticks.power(common[2], ascii))
  end
  return ("%s to %s"):format(show(common[1], 3), show(common[2], 3))
end

-- The picture as text: a table with a histogram of small blocks a layer.
local function text_rows(rows, common, title, scale, axis)
  local function head(ascii, room)
    local words = axis_words(common, scale, ascii)
    local long = axis .. ", " .. words
    return utf8.len(long) <= room and long or words
  end
  return table_of_rows.text(title, head, {"mean", "std", "zero", "sat."}, rows, function(s)
      return {name = s.name, cells = {show(s.mean, 3), show(s.std, 3), summary.percent(s.zero),
        s.saturated and summary.percent(s.saturated) or "-"},
        after = s.bad > 0 and ("  %d NaN or Inf"):format(s.bad) or "",
        heights = function(width)
          local lo, hi = range_of(s, common)
          local _, counts = histogram(s, lo, hi, width)
          return counts
        end}
    end)
end

local function ridge_figure(rows, common, o, title, axis, notes)
  local marks, y = ridge(rows, common, o)
  local x = {label = axis, ticks = not common and {} or nil}
  if o.scale == "log" then
    x = {label = "size of the " .. axis .. "s", ticks = log_ticks(common)}
  end
  o.xrange = nil
  x.range = axis_range(common, o)
  local fig = make.figure(o, {title = title, marks = marks, notes = notes, y = y, x = x})
  fig.height = o.height or math.max(720, 34 * #rows)
  fig.letters = math.min(1, 17 / #rows)
  return fig
end

-- rows: {{name, numbers, kind}, ...} as summaries; what: the title and the name of the axis.
local function layers(who, entries, o, title, axis)
  if #entries == 0 then error(who .. ": there are no layers to show", 0) end
  local rows, notes = {}, figure.notes()
  for i, e in ipairs(entries) do
    rows[i] = summary.of(who, e[1], e[2], e[3])
    notes:add(summary.note(rows[i]))
  end
  o.scale = choose_scale(rows, o.scale)
  local common
  if o.scale == "log" then
    common = to_logs(rows)
    notes:add(("The spread of the layers differs much: each histogram is of the size |%s|, " ..
      "on a log axis"):format(axis))
  elseif o.scale == "common" then
    common, o.exact = o.xrange or common_range(rows), o.xrange ~= nil
  else
    notes:add("Each layer has an axis of its own")
  end
  title = o.title or title
  local fig
  if #rows <= 12 then
    o.columns = o.columns or (#rows <= 3 and #rows or #rows == 4 and 2 or #rows <= 9 and 3 or 4)
    local grid = {}
    for i, s in ipairs(rows) do grid[i] = panel(s, common, o, axis) end
    fig = figure.new {grid = grid, columns = o.columns, title = title, caption = o.caption,
      marks = {}, notes = notes, height = o.height, width = o.width}
  else
    fig = ridge_figure(rows, common, o, title, axis, notes)
  end
  fig.rows_of_text = text_rows(rows, common, title, o.scale, axis)
  fig.layers = rows
  return fig
end

local function read(who, o)
  return make.options(who, o, {bins = 48}, {"scale", "columns"})
end

local function kind_of(module)
  local class = getmetatable(module)
  return type(class) == "table" and rawget(class, "__name") or ""
end

local function leaves(net)
  local list = {}
  for name, module in net:named_modules() do
    local step, children, start = module:named_children()
    if step(children, start) == nil then list[#list + 1] = {path_of(name), module} end
  end
  return list
end

local function check_net(who, net, needs)
  if type(strict.find(net, needs)) ~= "function" then
    error(("%s: a net (nn.Module), or a list {{\"name\", tensor}, ...}, expected; got %s"):format(
      who, values.what(net)), 0)
  end
end

local function tidy(name, kind)
  return (name ~= "" and kind ~= "" and name .. " " or name) .. kind
end

-- What every leaf gives out for x, recorded by hooks. Looking changes nothing: the net keeps its mode,
-- its running averages are put back, and so is the generator that dropout draws from. (In training
-- mode gradients stay on: without them the layers would warn of a prediction in the wrong mode.)
local function record(net, x)
  local core = require "gradus.core"
  local entries, handles, kept, state = {}, {}, {}, core.random_state()
  for _, leaf in ipairs(leaves(net)) do
    local name, module = leaf[1], leaf[2]
    handles[#handles + 1] = module:register_forward_hook(function(_, _, output)
      local kind = kind_of(module)
      entries[#entries + 1] = {tidy(name, kind), output:detach():clone(), kind}
    end)
  end
  for _, buffer in net:named_buffers() do kept[#kept + 1] = {buffer, buffer:clone()} end
  local ok, why = pcall(net, x)
  for _, handle in ipairs(handles) do handle:remove() end
  for _, pair in ipairs(kept) do pair[1]:copy_(pair[2]) end
  core.random_state(state)
  if not ok then error(why, 0) end
  return entries
end

--- plot.activations(net: Module, x: tensor, {bins: integer = 48, scale: string}) -> figure
--- The outputs of every layer for the batch x as histograms, with mean, standard deviation and
--- the shares of zeros and of saturated values. `activations{{"1 Tanh", tensor, "Tanh"}, ...}`
--- draws numbers one has already.
---
--- The layers have a common axis; if their spreads differ more than 30 times, a common log axis of
--- the size of the numbers. `scale` ("common", "log" or "own") decides otherwise. The net keeps its
--- mode and its running averages. Of what nn.watch returns: mean and spread of every layer, step by step.
--- > fig = plot.activations({{"1 Linear", {-1, 0, 1}}, {"2 ReLU", {0, 0, 1}}})
--- > fig.grid[2].title
--- 2 ReLU
--- > fig.layers[1].std
--- 1.0
function M.activations(net, x, o)
  if watched.is_watch(net) then return watched.activations(net, x) end
  local entries
  if make.is_named_list(net) then
    entries, o = net, x
    o = read("plot.activations", o)
  else
    o = read("plot.activations", o)
    check_net("plot.activations", net, "named_modules")
    if x == nil then
      error("plot.activations: expected (net, x): the batch whose activations are shown", 2)
    elseif not values.is_tensor(x) then
      error(("plot.activations: (net, x): x is a batch, a tensor; got %s"):format(values.what(x)), 2)
    end
    entries = record(net, x)
  end
  return layers("plot.activations", entries, o, "Activations by layer", "activation")
end

-- Weights, or their gradients, of the parameters with at least `rank` dimensions.
local function parameters(who, net, pick)
  check_net(who, net, "named_parameters")
  local entries = {}
  for name, p in net:named_parameters() do
    local v = pick(p)
    if v ~= nil then entries[#entries + 1] = {path_of(name), v:detach()} end
  end
  return entries
end

local function only_weights(entries, all)
  if all then return entries end
  local list = {}
  for _, e in ipairs(entries) do
    if not e[1]:match("bias$") then list[#list + 1] = e end
  end
  return #list > 0 and list or entries
end

local function parameter_figure(who, net, o, pick, title, axis, hint)
  local entries
  o = make.options(who, o, {bins = 48, biases = false}, {"scale", "columns"})
  if make.is_named_list(net) then
    entries = net
  else
    entries = only_weights(parameters(who, net, pick), o.biases)
    if #entries == 0 then error(("%s: %s"):format(who, hint), 0) end
  end
  return layers(who, entries, o, title, axis)
end

--- plot.gradients(net: Module, {bins: integer = 48, biases: boolean, scale: string}) -> figure
--- The gradients of the weights, layer by layer, after a `loss:backward()`. Also of a list
--- {{"1.weight", tensor}, ...}; of what nn.watch returns, the spread of the gradients that reach each layer,
--- step by step.
--- > plot.gradients({{"1.weight", {0.1, -0.1}}}).grid[1].title
--- 1.weight
function M.gradients(net, o)
  if watched.is_watch(net) then return watched.gradients(net, o) end
  return parameter_figure("plot.gradients", net, o, function(p) return p.grad end,
    "Gradients by layer", "gradient",
    "no parameter has a gradient. Hint: call loss:backward() first")
end

--- plot.weights(net: Module, {bins: integer = 48, biases: boolean, scale: string}) -> figure
--- The weights, layer by layer. Also of a list {{"1.weight", tensor}, ...}.
--- > plot.weights({{"1.weight", {0.1, 0, -0.1}}}).layers[1].std
--- 0.1
function M.weights(net, o)
  return parameter_figure("plot.weights", net, o, function(p) return p end, "Weights by layer",
    "weight", "the net has no parameters")
end

return M
