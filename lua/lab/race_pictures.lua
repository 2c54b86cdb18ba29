-- SPDX-License-Identifier: GPL-3.0-or-later
-- The figures of lab.race: a panel a rate.

local plot = require("gradus.plot")

local M = {}

local function cells_at(cells, rate)
  local list = {}
  for _, cell in ipairs(cells) do
    if cell.rate == rate then list[#list + 1] = cell end
  end
  return list
end

-- The points of a path up to a step that lie not far outside of the picture: what diverges would
-- be drawn as a single line across it.
local function path_of(cell, ranges, last)
  local seen, xs, ys = cell.runs[1], {}, {}
  for i = 1, math.min(#seen.xs, last or #seen.xs) do
    local x, y = seen.xs[i], seen.ys[i]
    if x < ranges.x[1] or x > ranges.x[2] or y < ranges.y[1] or y > ranges.y[2] then break end
    xs[i], ys[i] = x, y
  end
  return {cell.entry.name, xs, ys}
end

local function ranges_of(o, surface)
  return {x = o.xrange or surface.xrange, y = o.yrange or surface.yrange}
end

local function contour(cells, rate, o, surface, last)
  local paths, ranges = {}, ranges_of(o, surface)
  for i, cell in ipairs(cells_at(cells, rate)) do paths[i] = path_of(cell, ranges, last) end
  return plot.contour(surface.f, {xrange = ranges.x, yrange = ranges.y, n = 60, paths = paths,
    title = ("rate %g"):format(rate)})
end

-- Whether all heights of all runs are above 0.
local function above_zero(cells)
  for _, cell in ipairs(cells) do
    for _, seen in ipairs(cell.runs) do
      for _, height in ipairs(seen.loss) do if height <= 0 then return false end end
    end
  end
  return true
end

-- Heights above the lowest possible; a log axis where nothing lies below 0.
-- What climbs far above the start leaves the picture.
local function losses(cells, rate, log)
  local list, start = {}, 0
  for i, cell in ipairs(cells_at(cells, rate)) do
    local runs = {}
    for k, seen in ipairs(cell.runs) do
      runs[k], start = seen.loss, math.max(start, seen.loss[1])
    end
    list[i] = {cell.entry.name, #runs > 1 and runs or runs[1]}
  end
  return plot.loss(list, {title = ("rate %g"):format(rate), xlabel = "step", ylabel = "height",
    ylog = log, smooth = 0, yrange = log and {nil, 10 * start} or nil})
end

local function panels(o, title, make)
  local list, columns = {}, math.min(#o.rates, #o.rates > 6 and 4 or #o.rates > 3 and 2 or 3)
  for i, rate in ipairs(o.rates) do
    list[i] = make(rate)
    if i > 1 and #o.rates > 6 then list[i].legend = false end -- the first one stands for all
  end
  if #list == 1 then return list[1] end
  local rows = math.ceil(#list / columns)
  local fig = plot.grid(list, {columns = columns, title = title, width = 480 * columns, height = 430 * rows + 60})
  if rows == 1 then fig.letters = 1.3 end
  return fig
end

function M.make(cells, o, surface)
  local log = surface.minimum == 0 or above_zero(cells)
  return {
    order = {"paths", "loss"},
    paths = panels(o, surface.formula, function(rate) return contour(cells, rate, o, surface) end),
    loss = panels(o, "height by step: " .. surface.formula, function(rate)
      return losses(cells, rate, log)
    end),
  }
end

--- A method: animate(path, {rate, frames = 40, fps = 10}) writes the paths at one rate as a gif.
function M.animator(cells, o, surface)
  return function(_, path, given)
    local a = require("gradus.options").read("animate", given, {rate = o.rates[1], frames = 40,
      fps = 10})
    if #cells_at(cells, a.rate) == 0 then
      error(("animate: no run at rate %g"):format(a.rate), 2)
    end
    return plot.animate(path, a.frames, function(i)
      local last = 1 + math.floor(o.steps * i / a.frames)
      return contour(cells, a.rate, o, surface, last)
    end, {fps = a.fps})
  end
end

--- A method: frames({5, 20, 80}, {rate}) is a figure with a panel for the paths after so many steps.
function M.framer(cells, o, surface)
  return function(_, steps, given)
    local f = require("gradus.options").read("frames", given, {rate = o.rates[1]})
    if type(steps) ~= "table" or #steps == 0 then
      error("frames: a list of step numbers expected, like {5, 20, 80}", 2)
    end
    if #cells_at(cells, f.rate) == 0 then error(("frames: no run at rate %g"):format(f.rate), 2) end
    local list = {}
    for i, step in ipairs(steps) do
      list[i] = contour(cells, f.rate, o, surface, step + 1)
      list[i].title, list[i].note = ("after %d step%s"):format(step, step == 1 and "" or "s"), nil
      if i > 1 then list[i].legend = false end
    end
    local columns = #list == 4 and 2 or math.min(#list, 3)
    return plot.grid(list, {columns = columns, title = ("%s, rate %g"):format(surface.formula, f.rate),
      width = 480 * columns, height = 430 * math.ceil(#list / columns) + 60})
  end
end

return M
