-- SPDX-License-Identifier: GPL-3.0-or-later
-- The figures of lab.init_variance.

local plot = require("gradus.plot")
local values = require("gradus.plot.values")

local M = {}

local function columns_of(run, column)
  local lists = {}
  for k, rows in ipairs(run.seeds) do
    lists[k] = {}
    for l, row in ipairs(rows) do lists[k][l] = row[column] end
  end
  return lists
end

-- Between which lines chance is expected to leave a signal.
local function band(run, which)
  local lo, hi = {}, {}
  for l, v in ipairs(run.theory[which]) do
    local factor = run.theory.band[which][l]
    lo[l], hi[l] = v / factor, v * factor
  end
  return lo, hi
end

local function dotted(fig, y, color)
  local x = {}
  for l = 1, #y do x[l] = l end
  fig.marks[#fig.marks + 1] = {kind = "line", x = x, y = y, color = color, width = 0.8}
end

local function one_side(runs, which, column)
  local list = {}
  for i, run in ipairs(runs) do list[i] = {run.name, columns_of(run, column)} end
  for i, run in ipairs(runs) do
    if run.theory then
      list[#list + 1] = {i == 1 and "theory" or "", run.theory[which],
        {dash = true, color = "dim"}}
    end
  end
  local fig = plot.depth(list, {title = which == "forward" and "forward: activations"
    or "backward: gradients", ylabel = which == "forward" and "std of activations"
    or "std of gradients"})
  for i, run in ipairs(runs) do
    if run.theory then
      local lo, hi = band(run, which)
      dotted(fig, lo, i)
      dotted(fig, hi, i)
    end
  end
  return fig
end

-- Up to four layers from the first to the last.
local function some_layers(depth)
  local layers, seen = {}, {}
  for k = 0, 3 do
    local l = math.floor(1 + k * (depth - 1) / 3 + 0.5)
    if not seen[l] then layers[#layers + 1], seen[l] = l, true end
  end
  return layers
end

local function histograms(runs, o, which, title)
  local panels, layers = {}, some_layers(o.depth)
  for _, run in ipairs(runs) do
    for _, l in ipairs(layers) do
      local x = run.kept[which][l]
      -- Where most values are 0, as after ReLU, the others are only seen on a log axis.
      panels[#panels + 1] = plot.hist(x, {xlabel = ("%s, std %s"):format(which == "forward" and "activation"
        or "gradient", values.show(x:stats().std, 2)),
        ylog = x:eq(0):mean():item() > 0.3 and x:ne(0):any() or nil, title = ("%s, layer %d"):format(run.name, l)})
    end
  end
  local height = 240 * #runs + 60
  local fig = plot.grid(panels, {columns = #layers, title = title, width = 340 * #layers, height = height})
  fig.letters = math.max(1, 720 / height) -- as high in a low picture
  return fig
end

-- What the lines are; and what a log axis has no place for.
local function caption(runs, o)
  local text = "dots: measured, all seeds within the shade; dashes: theory; thin lines: where 19 of 20 "
    .. "signals are expected at this width"
  for _, run in ipairs(runs) do
    for _, rows in ipairs(run.seeds) do
      if rows[1].gradient_std == 0 and o.depth > 1 then
        return ("%s; %s: gradients of 0 are not drawn"):format(text, run.name)
      end
    end
  end
  return text
end

function M.make(runs, o, act)
  local net = ("%s, %d layers of %d units"):format(act.name, o.depth, o.width)
  local title = ("%s, %d seeds"):format(net, #runs[1].seeds)
  return {
    order = {"depth", "activations", "gradients"},
    depth = plot.grid({one_side(runs, "forward", "std"),
      one_side(runs, "backward", "gradient_std")}, {columns = 2, title = title, width = 1700,
      height = 680, caption = caption(runs, o)}),
    activations = histograms(runs, o, "forward", "activations, " .. net .. ", first seed"),
    gradients = histograms(runs, o, "backward", "gradients at the layers' outputs, " .. net
      .. ", first seed"),
  }
end

return M
