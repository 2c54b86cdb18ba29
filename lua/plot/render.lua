-- SPDX-License-Identifier: GPL-3.0-or-later
-- A figure as gnuplot text: a pure function. Long columns of numbers are named as
-- files beside the text when the caller can write files, else all are in the text.

local figure = require "gradus.plot.figure"
local quote = require "gradus.plot.quote"
local themes = require "gradus.plot.theme"
local tickmarks = require "gradus.plot.ticks"
local values = require "gradus.plot.values"

local M = {}

-- More rows than this go into a binary file: a datablock costs 5 us a point.
local long = 2000

-- The state of one rendering: lines of the script, data, files, counters.
local Script = {}
Script.__index = Script

function Script:add(format, ...)
  self.lines[#self.lines + 1] = select("#", ...) > 0 and format:format(...) or format
end

function Script:color(which, faint)
  local hex = themes.color(self.theme, which)
  return ("rgb '%s'"):format(faint and themes.faint(self.theme, hex, self.traits.gd) or hex)
end

--- The size of a point: larger where lines are thicker.
function Script:dot(size)
  return size * self.dots
end

--- A number as gnuplot reads it.
function Script.number(v)
  return ("%.12g"):format(v)
end

local function finite_row(columns, i)
  for c = 1, #columns do
    if not values.is_finite(columns[c][i]) then return false end
  end
  return true
end

-- An empty line is a gap in a curve.
function Script:block(name, columns)
  local rows, format = {}, ("%.12g"):rep(#columns, " ")
  local row = {}
  for i = 1, #columns[1] do
    for c = 1, #columns do row[c] = columns[c][i] end
    rows[i] = finite_row(columns, i) and format:format(table.unpack(row, 1, #columns)) or ""
  end
  self.data[#self.data + 1] = ("$%s << EOD\n%s\nEOD"):format(name, table.concat(rows, "\n"))
  return "$" .. name
end

-- Not a number is a gap here, too.
function Script:file(name, columns)
  local rows, format = {}, "<" .. ("d"):rep(#columns)
  local row = {}
  for i = 1, #columns[1] do
    local ok = finite_row(columns, i)
    for c = 1, #columns do row[c] = ok and columns[c][i] or 0 / 0 end
    rows[i] = string.pack(format, table.unpack(row, 1, #columns))
  end
  name = self.prefix .. name
  self.files[#self.files + 1] = {name = name, bytes = table.concat(rows)}
  return ("%s binary record=%d format='%s'"):format(
    quote.text(self.folder .. "/" .. name), #rows, ("%float64"):rep(#columns))
end

--- Script:columns{x, y, ...} -> what stands between `plot` and `using`.
function Script:columns(columns)
  self.count = self.count + 1
  if self.folder and #columns[1] > long then
    return self:file(("data%d.bin"):format(self.count), columns)
  end
  return self:block(("d%d"):format(self.count), columns)
end

--- A matrix as text, NaN where a number is not finite.
function Script:matrix(rows)
  self.count = self.count + 1
  local lines, cells = {}, {}
  for i, row in ipairs(rows) do
    for j = 1, #row do
      cells[j] = values.is_finite(row[j]) and ("%.6g"):format(row[j]) or "NaN"
    end
    lines[i] = table.concat(cells, " ", 1, #row)
  end
  self.data[#self.data + 1] = ("$d%d << EOD\n%s\nEOD"):format(self.count, table.concat(lines, "\n"))
  return ("$d%d"):format(self.count)
end

--- One entry of the plot command; `name` for the legend or nil.
function Script:plot(entry, name)
  self.plots[#self.plots + 1] =
    entry .. (name and name ~= "" and " title " .. quote.text(name) or " notitle")
end

-- Names below an axis that would run into each other are turned; numbers are not.
local function is_crowded(script, letter, list)
  if letter ~= "x" or not list or #list < 2 or list[1][2]:match("^%-?%d") then return false end
  local wide, widest = script.columns_wide * 0.75, 0
  if script.fig.equal then wide = math.min(wide, script.rows_high * 2.25 * 0.62) end
  for _, tick in ipairs(list) do widest = math.max(widest, utf8.len(quote.clean(tick[2])) or 0) end
  return (widest + 1) * #list > wide
end

-- Do these numbers stand beside each other with a gap of a letter?
local function is_room(script, list, span)
  local widest = 0
  for _, tick in ipairs(list) do widest = math.max(widest, #("%g"):format(tick[1])) end
  return #list < 2 or widest + 1 <= script.columns_wide * 0.75 * (list[2][1] - list[1][1]) / span
end

-- The distance of the numbers of an axis. Where that makes one or two of them below a small panel, more
-- are tried, as long as they fit; whole ones stay whole.
local function step_of(script, letter, range)
  local wanted = letter == "x" and script.columns_wide / 13 or script.rows_high / 3
  wanted = math.max(2, math.min(wanted, 8))
  local step, from, to = tickmarks.between(range[1], range[2], wanted), range[1], range[2]
  if letter ~= "x" then
    local few = wanted >= 3 and #tickmarks.linear(from, to, wanted) < 3
    return few and tickmarks.between(from, to, wanted * 1.6) or step
  end
  for n = math.ceil(wanted), 8 do
    local has, finer = #tickmarks.linear(from, to, wanted), tickmarks.between(from, to, n)
    if has > 2 or (has == 2 and step >= 1 and finer < 1) then break end
    if not is_room(script, tickmarks.linear(from, to, n), to - from) then break end
    wanted, step = n, finer
  end
  return step
end

-- Numbers below a logarithmic axis that would run into each other: which of them stay, powers of ten before
-- the others. The ticks of all of them do.
local function fitting(script, axis, range)
  local list, kept, taken = axis.ticks, {}, {}
  local wide = script.columns_wide * 0.75 / math.log(range[2] / range[1])
  local function try(i)
    local at = math.log(list[i][1] / range[1]) * wide
    local half = (#list[i][2] + 1.5) / 2
    for _, other in ipairs(taken) do
      if math.abs(at - other.at) < half + other.half then return end
    end
    taken[#taken + 1], kept[i] = {at = at, half = half}, true
  end
  for _, first in ipairs {true, false} do
    for i, tick in ipairs(list) do
      if (tick[2]:match("^0?%.?0*10*$") ~= nil) == first then try(i) end
    end
  end
  local shown = {}
  for i, tick in ipairs(list) do shown[i] = {tick[1], kept[i] and tick[2] or ""} end
  return shown
end

local function axis_ticks(script, letter, axis, range)
  local list = axis.ticks
  local rotate = (axis.rotate or is_crowded(script, letter, list)) and " rotate by -35" or ""
  if list and axis.log and letter == "x" then list = fitting(script, axis, range) end
  if not list and axis.log then list = tickmarks.log(range[1], range[2], 8, script.plain) end
  if not list then
    local step = step_of(script, letter, range)
    script:add("set %stics %s%s", letter, script.number(axis.whole and math.max(1, step) or step), rotate)
    return
  end
  local parts = {}
  for i, tick in ipairs(list) do
    parts[i] = ("%s %s"):format(quote.tick(tick[2]), script.number(tick[1]))
  end
  if #parts == 0 then
    script:add("unset %stics", letter)
  else
    script:add("set %stics%s (%s)", letter, rotate, table.concat(parts, ", "))
  end
end

-- Words below a small panel that are wider than it are smaller.
local function label_font(script, letter, label)
  local size = script.columns_wide * 0.85 / math.max(1, utf8.len(quote.clean(label)) or 0)
  if letter ~= "x" or script.panels == 1 or size >= 1 then return "" end
  return " font " .. script:font(math.max(0.65, size), false)
end

local function axis_setup(script, letter, axis, range)
  local from, to = script.number(range[1]), script.number(range[2])
  if axis.log then script:add("set logscale %s 10", letter) end
  if axis.reverse then from, to = to, from end
  script:add("set %srange [%s:%s] noextend", letter, from, to)
  axis_ticks(script, letter, axis, range)
  if axis.label and axis.label ~= "" then
    script:add("set %slabel %s textcolor %s%s%s", letter, quote.text(axis.label), script:color("dim"),
      label_font(script, letter, axis.label), letter == "y" and " offset 0.5,0" or "")
  end
end

-- gnuplot's letters, of which its margins and the columns of its keys are counted, are wider than what columns_wide
-- counts; beside a name an entry of a key takes ENTRY of them.
local WIDER, ENTRY, RIGHT = 1.09, 5.7, 2.5

-- How a legend of n names stands above a panel of a grid: rows, columns, and the size of its letters, less where there
-- would be many rows or it would take more than a third of the panel. gnuplot sets as many columns as fit above the
-- axis and never more than it is told: so never more are told than fit.
local function legend_above(script, n, widest)
  local room, size = script.columns_wide / WIDER - RIGHT - (script.left or 8), 1
  local function rows_at(letters)
    local across = math.max(1, math.min(n, math.floor(room / ((widest + ENTRY) * letters))))
    return math.ceil(n / across), across
  end
  local rows, across = rows_at(size)
  for _, smaller in ipairs {0.9, 0.8} do
    local fewer, more = rows_at(smaller)
    if fewer < rows and (rows > 2 or smaller == 0.9) then rows, across, size = fewer, more, smaller end
  end
  while size > 0.6 and rows > 1 and rows * size > math.max(2, script.rows_high * 0.3) do
    size = size - 0.1
    rows, across = rows_at(size)
  end
  return rows, across, math.max(0.5, math.min(size, room / (widest + ENTRY)))
end

-- How the legend stands: rows of entries above the picture and the size of their letters, or "right" when
-- the names need more room, or nil. gnuplot makes all columns of a key as wide as the widest.
local function legend_place(script, fig)
  local named, widest = figure.named(fig), 0
  if fig.legend == false or #named == 0 then return nil end
  for _, mark in ipairs(named) do widest = math.max(widest, utf8.len(quote.clean(mark.name))) end
  if script.panels > 1 then return legend_above(script, #named, widest) end
  local across = math.max(1, math.floor(script.columns_wide * 0.75 / (widest + 5)))
  script.wide_legend = math.min(#named, across) * (widest + 5) > script.columns_wide * 0.5
  local rows = math.ceil(#named / across)
  if rows <= 1 or (rows <= 3 and widest > 20) then return rows, across, 1 end
  return "right"
end

-- In a square picture within a panel the axis begins far from the edge: there the legend does not.
local function legend(script, fig, place, across, size, at)
  if not place then
    script:add("set key off")
    return
  end
  local left = fig.equal and (script.panels > 1 or script.wide_legend) and
    ("screen %.4f"):format(at.x + 0.04 * at.w) or "graph 0"
  local where = place == "right" and "outside right top vertical"
    or ("at %s,%s1.01 left bottom horizontal maxcols %d"):format(left,
      left ~= "graph 0" and "graph " or "", across)
  local font = size and size < 1 and " font " .. script:font(size) or ""
  script:add("set key %s Left reverse samplen 1.4 width %d%s textcolor %s", where,
    place == "right" and 0 or script.traits.key_width or 2, font, script:color("text"))
end

-- The letters of the notes below the titles: all of a grid's of one size, at which the longest fits.
local function note_size(fig, columns)
  local widest = 1
  for _, one in ipairs(fig.grid or {}) do
    widest = math.max(widest, one.note and utf8.len(quote.clean(one.note)) or 0)
  end
  return math.max(0.6, math.min(0.9, columns * 0.82 / widest))
end

-- The title stands above its note and the legend, all at the left edge. Heights in letters.
local function heading(script, fig, place, size, at)
  local above = type(place) == "number" and place * 1.3 * size + 0.2 or 0
  if fig.note then
    script:add("set label %s at graph 0,1 left offset 0,%.2f textcolor %s font %s front", quote.text(fig.note),
      above + 0.75, script:color("dim"), script:font(script.note_size, false))
    above = above + 1.15
  end
  if fig.title then
    local where = fig.surface and ("screen %.4f,%.4f"):format(at.x + 0.03, at.y + at.h - 0.05)
      or ("%s left offset 0,%.2f"):format(fig.equal and place and script.panels == 1 and script.wide_legend and
        ("screen %.4f, graph 1"):format(at.x + 0.04 * at.w) or "graph 0,1", above + 1.0)
    script:add("set label %s at %s textcolor %s font %s front", quote.text(fig.title), where,
      script:color("text"), script:font(script.panels > 1 and 1.0 or 1.2, true))
  end
  if not fig.surface then script:add("set tmargin %.2f", above + (fig.title and 2.4 or 0.9)) end
end

local function frame_setup(script, fig, frame)
  if fig.bare then
    script:add("unset border")
    script:add("unset xtics")
    script:add("unset ytics")
    if fig.bare == "x" then script:add("set tics scale 0 textcolor %s", script:color("dim")) end
  else
    script:add("set border %d lw 1 lc %s", fig.box and 15 or 3, script:color("axis"))
    script:add("set tics out nomirror scale 0.5 textcolor %s", script:color("dim"))
  end
  if not fig.bare and not fig.nogrid then
    script:add("set grid lc %s lw 1 lt 1", script:color("grid"))
  end
  axis_setup(script, "x", fig.x, frame.x)
  axis_setup(script, "y", fig.y, frame.y)
  if fig.bare then script:add("unset xtics") end
  if fig.bare == true then script:add("unset ytics") end
end

-- The origin and size of a panel, as shares of the whole picture.
local function panel(script, fig, place)
  local frame = figure.frame(fig)
  script.frame, script.plots, script.fig = frame, {}, fig
  script.data = {}
  local at = #script.lines + 1
  script:add("reset")
  script:add("set origin %.4f,%.4f", place.x, place.y)
  script:add("set size %s%.4f,%.4f", fig.equal and "ratio -1 " or "", place.w, place.h)
  if script.left then script:add("set lmargin %g", script.left) end
  frame_setup(script, fig, frame)
  local how, across, size = legend_place(script, fig)
  heading(script, fig, how, size, place)
  legend(script, fig, how, across, size, place)
  for _, mark in ipairs(fig.marks) do figure.kind(mark).gnuplot(mark, script, fig) end
  for i, text in ipairs(script.data) do table.insert(script.lines, at + i - 1, text) end
  if #script.plots == 0 then script.plots[1] = "NaN notitle" end
  script:add("%s", (fig.surface and "splot " or "plot ") .. table.concat(script.plots, ", \\\n  "))
end

--- Script:font(times, bold) -> a font in quotes, `times` the size of the letters of the tics.
function Script:font(times, bold)
  return ("'%s%s,%d'"):format(themes.font, bold and ":Bold" or "",
    math.max(1, math.floor(self.size * times * self.letter + 0.5)))
end

-- Words of a caption in lines that fit.
local function wrap(text, columns)
  local lines, line = {}, ""
  for word in text:gmatch("%S+") do
    if line ~= "" and utf8.len(line) + utf8.len(word) + 1 > columns then
      lines[#lines + 1] = line
      line = word
    else
      line = line == "" and word or line .. " " .. word
    end
  end
  lines[#lines + 1] = line
  return lines
end

M.wrap = wrap

-- Text that belongs to the whole picture hangs on the first panel.
local function whole_label(script, lines, y, times, color, bold)
  for i, line in ipairs(lines) do
    local place = ("screen %s,%.4f %s"):format(bold and "0.5" or "0.012", y - (i - 1) * script.line,
      bold and "center" or "left")
    script.after[#script.after + 1] = ("set label %s at %s textcolor %s font %s front"):format(
      quote.text(line), place, script:color(color), script:font(times, bold))
  end
end

-- The bands at the bottom (caption) and at the top (title of a grid).
local function bands(script, fig)
  local bottom, top = 0, 0
  if fig.caption then
    local lines = wrap(quote.clean(fig.caption), script.columns_wide * 1.15)
    bottom = #lines * script.line + 0.01
    whole_label(script, lines, bottom - script.line / 2, 0.85, "dim")
  end
  if fig.grid and fig.title then
    top = script.line * 2
    whole_label(script, {quote.clean(fig.title)}, 1 - top / 2, 1.3, "text", true)
  end
  return bottom, top
end

local function grid_shape(fig)
  if not fig.grid then return 1, 1 end
  local n = #fig.grid
  local columns = fig.columns or (n <= 3 and n or n <= 4 and 2 or n <= 9 and 3 or 4)
  return math.min(columns, n), math.ceil(n / math.min(columns, n))
end

M.grid_shape = grid_shape

-- The letters of the widest number beside an axis y; nil where something else stands there, or a colour bar beside
-- the panel.
local function y_width(script, fig)
  if fig.surface or fig.equal or fig.bare or fig.y.ticks then return nil end
  for _, mark in ipairs(fig.marks) do
    if mark.bar then return nil end
  end
  local from, to = table.unpack(figure.frame(fig).y)
  local wanted = (to - from) / step_of(script, "y", {from, to})
  local list = fig.y.log and tickmarks.log(from, to, 8, script.plain) or tickmarks.linear(from, to, wanted)
  local widest = 0
  for _, tick in ipairs(list) do widest = math.max(widest, utf8.len(tick[2])) end
  return widest
end

-- One left margin for all panels of a grid, so that their axes stand below each other; nil: gnuplot's own.
local function common_margin(script, fig)
  local widest = 0
  for _, one in ipairs(fig.grid) do
    local width = y_width(script, one)
    if not width then return nil end
    widest = math.max(widest, width)
  end
  return widest + 5
end

local function panels(script, fig, bottom, top)
  if not fig.grid then
    script.note_size = 0.9
    panel(script, fig, {x = 0, y = bottom, w = 1, h = 1 - bottom})
    return
  end
  local columns, rows = grid_shape(fig)
  local w, h = 1 / columns, (1 - bottom - top) / rows
  script.left = common_margin(script, fig)
  for i, one in ipairs(fig.grid) do
    local column, row = (i - 1) % columns, (i - 1) // columns
    script.columns_wide = script.all_columns // columns
    script.note_size = note_size(fig, script.columns_wide)
    panel(script, one, {x = column * w, y = 1 - top - (row + 1) * h, w = w, h = h})
  end
end

--- render.letter_size(fig, width, height, times) -> pixels
--- The height of the letters of the tics: 25 pixels in a picture of 1280 x 720, less in a grid; `times` (1)
--- as high where they have to be read from afar.
function M.letter_size(fig, width, height, times)
  local columns, rows = grid_shape(fig)
  local shrink = 1 / math.max(1, math.max(columns * 0.75, rows) * 0.62)
  return math.max(8, math.min(height, width * 0.62) / 720 * 25 * math.max(0.55, shrink) *
    (fig.letters or 1) * (times or 1))
end

-- Sizes follow the picture.
local function measure(script, fig, o)
  script.panels = fig.grid and #fig.grid or 1
  script.size = M.letter_size(fig, o.width, o.height, o.letters)
  script.dots = (o.dots or 1) * (script.traits.dot or 1)
  script.line = script.size * 1.35 / o.height
  script.columns_wide = math.floor(o.width / (script.size * 0.6))
  script.letter = script.traits.letter or 0.75
  script.all_columns = script.columns_wide
  local _, rows = grid_shape(fig)
  script.rows_high = math.floor(o.height / rows / (script.size * 1.35))
end

-- The labels of the whole picture are set after the first `reset`.
local function insert_labels(script)
  for i, line in ipairs(script.lines) do
    if line == "reset" then
      for j, label in ipairs(script.after) do table.insert(script.lines, i + j, label) end
      return
    end
  end
end

--- render.script(fig, {width =, height =, theme =, folder =}) -> text, files
--- The commands that draw a figure on the terminal that was set before, sizes in pixels.
--- `traits` is what the terminal can do or needs: letter, dot, cross, key_width (sizes), gd (no dashes, nothing transparent),
--- pixels (images are smoothed), few_colors, net (the colour of a surface's lines).
--- `files` is a list of {name, bytes} to put into `folder`; empty without a folder. With `plain`
--- ("some" or "all") the text is in Latin-1, unless it has other letters and `plain` is not "all".
function M.script(fig, o)
  local script = setmetatable({lines = {}, files = {}, after = {}, count = 0, folder = o.folder,
    prefix = o.prefix or "", plain = o.plain, traits = o.traits or {}, theme = themes.get(o.theme)}, Script)
  measure(script, figure.check(fig), o)
  local bottom, top = bands(script, fig)
  if o.backdrop and script.theme.background ~= "#ffffff" then
    table.insert(script.after, 1, ("set object 999 rectangle from screen 0,0 to screen 1,1 behind " ..
      "fc rgb '%s' fs solid noborder"):format(script.theme.background))
  end
  script:add("set encoding utf8")
  if fig.grid then script:add("set multiplot") end
  panels(script, fig, bottom, top)
  if fig.grid then script:add("unset multiplot") end
  insert_labels(script)
  local text = table.concat(script.lines, "\n") .. "\n"
  local latin = o.plain and quote.latin(text, o.plain == "all")
  if latin then text = latin:gsub("set encoding utf8", "set encoding default", 1) end
  return text, script.files
end

--- render.size(fig) -> width, height in pixels for a file
function M.size(fig)
  if not fig.grid then return fig.width or 1280, fig.height or 720 end
  local _, rows = grid_shape(fig)
  return fig.width or 1280, fig.height or math.max(720, rows * 250)
end

return M
