-- SPDX-License-Identifier: GPL-3.0-or-later
-- Functions of two numbers: contour lines with the paths of optimisers, surfaces.

local contours = require "gradus.plot.contours"
local figure = require "gradus.plot.figure"
local make = require "gradus.plot.picture.make"
local values = require "gradus.plot.values"

local M = {}

-- The heights on a grid of n x n; row i is the i-th y. f may be a matrix already.
local function heights(who, f, o)
  if type(f) ~= "function" then
    local z = values.matrix(who, f)
    return z, make.plane(o.xrange[1], o.xrange[2], #z[1]), make.plane(o.yrange[1], o.yrange[2], #z)
  end
  local z, n = {}, o.n
  local px, py = make.plane(o.xrange[1], o.xrange[2], n), make.plane(o.yrange[1], o.yrange[2], n)
  for i = 1, n do
    z[i] = {}
    for j = 1, n do
      z[i][j] = make.value(who, f(px[1] + (j - 1) * px[2], py[1] + (i - 1) * py[2]))
    end
  end
  return z, px, py
end

local function note(z)
  local flat = {}
  for _, row in ipairs(z) do table.move(row, 1, #row, #flat + 1, flat) end
  return values.note(flat, "heights")
end

local function extent(z)
  local lo, hi
  for _, row in ipairs(z) do
    local a, b = values.extent(row)
    if a then lo, hi = math.min(lo or a, a), math.max(hi or b, b) end
  end
  return lo or 0, hi or 1
end

-- A valley shows its floor only when the heights above its lowest point are taken as logarithms.
local function wants_log(lo, hi, z)
  local list = {}
  for _, row in ipairs(z) do
    for j = 1, #row do
      if values.is_finite(row[j]) then list[#list + 1] = row[j] end
    end
  end
  table.sort(list)
  local middle = list[#list // 2 + 1] or 0
  return hi > lo and (middle - lo) / (hi - lo) < 0.15
end

-- Heights as they are coloured: log10(height - lowest + a little), or plain.
local function shade(z, lo, hi)
  local out, least = {}, (hi - lo) * 1e-4
  for i, row in ipairs(z) do
    out[i] = {}
    for j, v in ipairs(row) do out[i][j] = math.log(v - lo + least, 10) end
  end
  return out
end

local function add_lines(marks, z, px, py, n)
  local lo, hi = extent(z)
  for k = 1, n do
    local lines = contours.lines(z, px, py, lo + (hi - lo) * k / (n + 1))
    if #lines.x > 0 then
      marks[#marks + 1] = {kind = "line", x = lines.x, y = lines.y, color = "#ffffff", width = 1.1,
        faint = true, screen_only = true}
    end
  end
end

-- {{x, y}, ...} or (n, 2) tensor as two lists; or {name, xs, ys}
local function path_of(entry)
  if not values.is_tensor(entry) then values.record("plot.contour: paths", entry, "a list {\"name\", points}") end
  local name
  if type(entry[1]) == "string" then name = entry[1] end
  if name and entry[3] ~= nil then
    return name, values.list("plot.contour", entry[2], "path"),
      values.list("plot.contour", entry[3], "path")
  end
  local points = name and entry[2] or entry
  local x, y = {}, {}
  for i, p in ipairs(values.matrix("plot.contour", points, "path")) do
    if #p < 2 then error("plot.contour: path: points of two numbers expected", 0) end
    x[i], y[i] = p[1], p[2]
  end
  return name, x, y
end

-- Colours that stand out on the palette; dots for the steps, a ring at the start.
local path_colors = {"#ff9f1c", "#ff5d8f", "#b9a3ff", "#7ae0ff", "#c8ff5a", "#ffd5b8"}

local function add_path(marks, notes, entry, i)
  local name, x, y = path_of(entry)
  local color = path_colors[(i - 1) % #path_colors + 1]
  notes:add(values.note(x, name or "path"))
  marks[#marks + 1] = {kind = "line", x = x, y = y, color = color, width = 2.6,
    points = #x <= 60, name = name or "path", lost = true}
  marks[#marks + 1] = {kind = "points", x = {x[1]}, y = {y[1]}, color = color, shape = 5, size = 2}
  marks[#marks + 1] = {kind = "points", x = {x[#x]}, y = {y[#y]}, color = color, size = 1.8}
end

--- plot.contour(f: function, {paths: {{"sgd", points}, ...}, levels: integer = 12}) -> figure
--- The heights of f(x, y) as colours and lines, with the paths of optimisers: `paths` holds
--- {"name", {{x, y}, ...}} or {"name", xs, ys}; `path` is a single one. The ring is where a path
--- begins.
---
--- Colours follow the logarithm of the height above the lowest point where that shows more
--- (`log = true` or false decides).
--- > fig = plot.contour(function(x, y) return x * x + y * y end, {n = 20, path = {{2, 1}, {0, 0}}})
--- > fig.marks[#fig.marks].kind
--- points
function M.contour(f, o)
  o = make.options("plot.contour", o, {n = 120, levels = 12, xlabel = "x", ylabel = "y",
    xrange = {-3, 3}, yrange = {-3, 3}}, {"paths", "path", "log", "equal"})
  local z, px, py = heights("plot.contour", f, o)
  local lo, hi = extent(z)
  local log = o.log
  if log == nil then log = wants_log(lo, hi, z) end
  local shown = log and shade(z, lo, hi) or z
  local marks, notes = {{kind = "cells", z = shown, x = px, y = py, palette = "viridis"}},
    figure.notes()
  notes:add(note(z))
  add_lines(marks, shown, px, py, o.levels)
  local paths = o.paths or (o.path and {o.path}) or {}
  for i, entry in ipairs(paths) do add_path(marks, notes, entry, i) end
  if log then notes:add("Colours and lines: logarithm of the height above the lowest point") end
  return make.figure(o, {marks = marks, notes = notes, nogrid = true,
    equal = o.equal, legend = o.paths and true or false, x = {range = o.xrange},
    y = {range = o.yrange}})
end

--- plot.surface(f: function, {xrange, yrange, n: integer = 50, zlabel: string}) -> figure
--- The heights of f(x, y), or of a matrix, as a surface seen from the side; as text, from above.
--- > plot.surface(function(x, y) return x * y end, {n = 10}).surface
--- true
function M.surface(f, o)
  o = make.options("plot.surface", o, {n = 50, xlabel = "x", ylabel = "y", zlabel = "height",
    xrange = {-3, 3}, yrange = {-3, 3}}, {"log", "turn"})
  local z, px, py = heights("plot.surface", f, o)
  local notes = figure.notes()
  notes:add(note(z))
  return make.figure(o, {surface = true, notes = notes, nogrid = true,
    marks = {{kind = "surface", z = z, x = px, y = py, log = o.log, zlabel = o.zlabel,
      turn = o.turn}},
    x = {range = o.xrange}, y = {range = o.yrange}})
end

return M
