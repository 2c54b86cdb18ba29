-- SPDX-License-Identifier: GPL-3.0-or-later
-- A figure as text, for terminals without pictures and for machines without
-- gnuplot: title, legend, axes, marks and caption on a canvas of characters.

local Area = require "gradus.plot.draw.area"
local Canvas = require "gradus.plot.draw.canvas"
local figure = require "gradus.plot.figure"
local quote = require "gradus.plot.quote"
local render = require "gradus.plot.render"
local themes = require "gradus.plot.theme"
local tickmarks = require "gradus.plot.ticks"

local M = {}

local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

-- Letters tell curves apart where there are no colours.
local function give_letters(fig, mode)
  local n = 0
  for _, mark in ipairs(fig.marks) do
    mark.letter = nil
    if mark.kind == "line" and (mark.name or "") ~= "" and not mark.fill then
      n = n + 1
      mark.letter = not mode and alphabet:sub((n - 1) % 26 + 1, (n - 1) % 26 + 1) or nil
      mark.letter_no = n
    end
  end
  if n == 1 then
    for _, mark in ipairs(fig.marks) do mark.letter = nil end
  end
end

local signs = {line = "━", band = "░", rule = "┄", arrows = "→"}
local ascii_signs = {line = "-", band = ".", rule = "-", arrows = ">"}

local function legend_sign(mark, o)
  if mark.letter then return mark.letter end
  local kind = figure.kind(mark)
  if kind.sign then return kind.sign(mark, o) end
  return (o.ascii and ascii_signs or signs)[mark.kind] or "*"
end

-- The names in lines that fit, as lists of {sign, name, color}.
local function legend_lines(fig, width, o)
  if fig.legend == false then return {} end
  local lines, used = {}, width + 1
  for _, mark in ipairs(figure.named(fig)) do
    local name = quote.clean(mark.name)
    local need = utf8.len(name) + 4
    if used + need > width then
      lines[#lines + 1] = {}
      used = 0
    end
    used = used + need
    table.insert(lines[#lines], {legend_sign(mark, o), name, mark.color or 1})
  end
  return lines
end

local function draw_legend(canvas, lines, column, row)
  for i, line in ipairs(lines) do
    local at = column
    for _, entry in ipairs(line) do
      at = canvas:write(at, row + i - 1, entry[1], themes.color(themes.terminal, entry[3]))
      at = canvas:write(at + 1, row + i - 1, entry[2]) + 2
    end
  end
end

local function ticks_of(axis, range, n, ascii)
  if axis.ticks then return axis.ticks end
  if axis.log then return tickmarks.log(range[1], range[2], n, ascii) end
  return tickmarks.linear(range[1], range[2], n, axis.whole)
end

-- The numbers below the picture: where they are one or two, more are tried that have the room. Whole
-- numbers stay whole: between two of them may be nothing.
local function x_ticks(axis, range, columns, ascii)
  local wanted = columns // 10
  local list = ticks_of(axis, range, wanted, ascii)
  if axis.ticks or axis.log then return list end
  for n = wanted + 1, 6 do
    if #list > 2 then break end
    local more = ticks_of(axis, range, n, ascii)
    local wide = 0
    for _, tick in ipairs(more) do wide = math.max(wide, utf8.len(tick[2])) end
    if #more * (wide + 2) > columns then break end
    if #list == 2 and list[2][1] - list[1][1] >= 1 and more[2][1] - more[1][1] < 1 then break end
    list = more
  end
  return list
end

local function widest(list)
  local most = 0
  for _, tick in ipairs(list) do most = math.max(most, utf8.len(quote.clean(tick[2]))) end
  return most
end

local function cut(text, n)
  if utf8.len(text) <= n then return text end
  return text:sub(1, utf8.offset(text, math.max(1, n)) - 1) .. "~"
end

local function draw_y_axis(canvas, area, list, width)
  local bar, tip = canvas.ascii and "|" or "│", canvas.ascii and "+" or "┤"
  if area.fig.bare then bar, tip = " ", " " end
  for r = 0, area.rows - 1 do
    canvas:put(area.column - 1, area.row + r, bar, themes.terminal.axis)
  end
  local last
  for _, tick in ipairs(list) do
    local _, row = area:place(area.frame.x[1], tick[1])
    if row and row ~= last then
      local label = cut(quote.clean(tick[2]), width)
      canvas:write(area.column - 1 - utf8.len(label), row, label, themes.terminal.dim)
      canvas:put(area.column - 1, row, tip, themes.terminal.axis)
      last = row
    end
  end
end

local function draw_x_axis(canvas, area, list, last_column)
  local row, ascii = area.row + area.rows, canvas.ascii
  canvas:put(area.column - 1, row, ascii and "+" or "└", themes.terminal.axis)
  for c = 0, area.columns - 1 do
    canvas:put(area.column + c, row, ascii and "-" or "─", themes.terminal.axis)
  end
  local free = 1
  local room = math.max(3, area.columns // math.max(1, #list) - 1)
  for _, tick in ipairs(list) do
    local column = area:place(tick[1], area.frame.y[1])
    local label = cut(quote.clean(tick[2]), area.fig.x.ticks and room or 12)
    local length = utf8.len(label)
    local start = column and math.min(column - length // 2, last_column - length + 1)
    if start and start >= free then
      canvas:put(column, row, ascii and "+" or "┴", themes.terminal.axis)
      free = canvas:write(start, row + 1, label, themes.terminal.dim) + 1
    end
  end
end

-- Where one unit should be as long across as up: a character is twice as high as wide. Names below
-- the cells of a matrix have their room all the same.
local function equal_area(fig, frame, columns, rows)
  if not fig.equal or fig.equal == "fine" then return columns, rows end
  local ratio = (frame.x[2] - frame.x[1]) / (frame.y[2] - frame.y[1])
  local wanted = math.floor(rows * 2 * ratio + 0.5)
  if fig.x.ticks then
    wanted = math.max(wanted, math.min(columns, #fig.x.ticks * (widest(fig.x.ticks) + 2)))
  end
  if wanted <= columns then return math.max(4, wanted), rows end
  return columns, math.max(3, math.floor(columns / ratio / 2 + 0.5))
end

local block_ramp = {"░", "▒", "▓", "█"}
local ascii_ramp = {".", ":", "-", "=", "+", "*", "#", "%", "@"}

-- Points that tell a third number are digits where there are no colours.
local digits = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}

-- The colour bar of a heat map: a line of shades with its ends.
local function draw_bar(canvas, mark, column, row, width, mode)
  local kind = figure.kind(mark)
  local lo, hi = kind.color_range(mark)
  local show = require("gradus.plot.values").show
  local name = mark.bar or mark.zlabel
  local at = canvas:write(column, row, cut(quote.clean(name), width // 2) .. " " .. show(lo) .. " ",
    themes.terminal.dim)
  local last = math.min(at + 20, column + width - 8)
  for c = at, last do
    local t = (c - at) / math.max(1, last - at)
    if mode and mode ~= "16" then
      canvas:put(c, row, canvas.ascii and "#" or "█", themes.at(mark.palette or "viridis", t))
    else
      local ramp = mark.kind == "points" and not mode and digits or canvas.ascii and ascii_ramp or block_ramp
      canvas:put(c, row, ramp[math.min(#ramp, math.floor(t * #ramp) + 1)])
    end
  end
  canvas:write(last + 2, row, show(hi), themes.terminal.dim)
end

local function bar_mark(fig)
  for _, mark in ipairs(fig.marks) do
    if mark.bar or mark.kind == "surface" then return mark end
  end
end

-- One figure in a rectangle of the canvas; the rows that it took.
local function draw_panel(canvas, fig, at, o)
  give_letters(fig, o.mode)
  local frame = figure.frame(fig)
  local row, left = at.row, at.column
  if fig.title then
    local title = cut(quote.clean(fig.title), at.columns)
    canvas:write(left + math.max(0, (at.columns - utf8.len(title)) // 2), row, title)
    row = row + 1
  end
  if fig.note then
    local note = cut(quote.clean(fig.note), at.columns)
    canvas:write(left + math.max(0, (at.columns - utf8.len(note)) // 2), row, note, themes.terminal.dim)
    row = row + 1
  end
  local legend = legend_lines(fig, at.columns - 2, o)
  local bar = bar_mark(fig)
  local y_name = not fig.bare and fig.y.label and quote.clean(fig.y.label) or ""
  local below = (fig.bare and 0 or 2) + ((not fig.bare and fig.x.label or "") ~= "" and 1 or 0) +
    (bar and 1 or 0)
  draw_legend(canvas, legend, left + 1, row)
  row = row + #legend
  -- a panel without room does without its y label rather than grow into the panel below
  if y_name ~= "" and at.row + at.rows - row - below > 3 then
    canvas:write(left, row, cut(y_name, at.columns), themes.terminal.dim)
    row = row + 1
  end
  local rows = math.max(3, at.row + at.rows - row - below)
  local y_ticks = fig.bare == true and {} or ticks_of(fig.y, frame.y, math.max(2, rows // 3), o.ascii)
  local margin = fig.bare == true and 0 or math.min(widest(y_ticks), at.columns // 3)
  local columns = at.columns - margin - 2
  columns, rows = equal_area(fig, frame, columns, rows)
  local area = Area.new {canvas = canvas, column = left + margin + 1, row = row, columns = columns,
    rows = rows, frame = frame, fig = fig, mode = o.mode}
  if fig.bare ~= true then draw_y_axis(canvas, area, y_ticks, margin) end
  if not fig.bare then
    draw_x_axis(canvas, area, x_ticks(fig.x, frame.x, columns, o.ascii), left + at.columns - 1)
  end
  for _, mark in ipairs(fig.marks) do figure.kind(mark).draw(mark, area, fig) end
  row = row + rows + (fig.bare and 0 or 2)
  if not fig.bare and (fig.x.label or "") ~= "" then
    local name = cut(quote.clean(fig.x.label), at.columns)
    local start = left + margin + 1 + math.max(0, (columns - utf8.len(name)) // 2)
    canvas:write(start, row, name, themes.terminal.dim)
    row = row + 1
  end
  if bar then draw_bar(canvas, bar, left + margin + 1, row, at.columns - margin - 2, o.mode) end
end

-- How many panels stand beside each other: curves want 25 columns, small tables of cells 19.
local function panels_across(fig, columns)
  local least = 19
  for _, one in ipairs(fig.grid) do
    local mark = one.marks and one.marks[1]
    if not mark or mark.kind ~= "cells" or #mark.z[1] > 8 then least = 25 end
  end
  return math.min(render.grid_shape(fig), math.max(1, columns // least))
end

local function draw_grid(canvas, fig, at, o)
  local n = #fig.grid
  local across = panels_across(fig, at.columns)
  local down = math.ceil(n / across)
  local w, h = at.columns // across, at.rows // down
  if fig.title then canvas:write(at.column, at.row - 1, cut(quote.clean(fig.title), at.columns)) end
  for i, one in ipairs(fig.grid) do
    draw_panel(canvas, one, {column = at.column + (i - 1) % across * w, columns = w - 1,
      row = at.row + (i - 1) // across * h, rows = h - (down > 1 and 1 or 0)}, o)
  end
end

-- A grid may be higher than the screen: panels of fewer than nine rows say nothing.
local function height_of(fig, o)
  if not fig.grid then return o.rows end
  local across = panels_across(fig, o.columns)
  return math.max(o.rows, math.ceil(#fig.grid / across) * 10)
end

local function add_caption(lines, fig, columns, mode)
  if not fig.caption then return end
  local colors = require "gradus.plot.draw.colors"
  for _, line in ipairs(render.wrap(quote.clean(fig.caption), columns - 1)) do
    if mode then line = colors.escape(mode, themes.terminal.dim) .. line .. colors.reset end
    lines[#lines + 1] = line
  end
end

local function drop_empty(lines)
  while #lines > 0 and lines[#lines] == "" do lines[#lines] = nil end
end

--- text.draw(fig, {columns =, rows =, mode =, ascii =}) -> string
--- The figure as lines of text, without a line end after the last. `mode` is nil for no
--- escapes, "16", "256" or "true". A figure with `rows_of_text` draws itself.
function M.draw(fig, o)
  figure.check(fig)
  if fig.rows_of_text then
    local lines = fig.rows_of_text(fig, o)
    add_caption(lines, fig, o.columns, o.mode)
    return table.concat(lines, "\n")
  end
  local caption = fig.caption and #render.wrap(quote.clean(fig.caption), o.columns - 1) or 0
  local rows = height_of(fig, o) - caption - 1
  local canvas = Canvas.new(o.columns, rows, o)
  local first = fig.grid and fig.title and 2 or 1
  local at = {column = 1, row = first, columns = o.columns, rows = rows - first + 1}
  if fig.grid then draw_grid(canvas, fig, at, o) else draw_panel(canvas, fig, at, o) end
  local lines = canvas:lines(o.mode)
  drop_empty(lines)
  add_caption(lines, fig, o.columns, o.mode)
  return table.concat(lines, "\n")
end

return M
