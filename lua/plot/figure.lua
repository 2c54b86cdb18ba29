-- SPDX-License-Identifier: GPL-3.0-or-later
-- A figure is a plain table; making one does no input or output.
--
--   {title, note, caption, x = axis, y = axis, marks = {mark, ...}, legend, equal, bar}
--   note: a line below the title
--   equal: one unit is as long across as up; "fine": not where characters would make it small
--   bare: no axes; "x": none, but the names in y.ticks stand beside the rows
--   axis = {label, log, range = {lo, hi}, ticks = {{position, label}, ...}, reverse, whole}
--   mark = {kind = "line", ...}; what a kind needs stands in lua/plot/mark/KIND.lua
--
-- A grid is {grid = {figure, ...}, columns, title, caption}. What a mark can do
-- (its extent, its gnuplot commands, its drawing in text) is in one file a kind.

local ticks = require "gradus.plot.ticks"
local values = require "gradus.plot.values"

local M = {}

-- The metatable of all figures; the methods are added by lua/plot/output.lua.

--- plot.Figure: table
--- The class of figures: plain tables that show, save and print themselves. ?Figure:save and
--- ?Figure:script explain their methods.
--- > getmetatable(plot.curve({1, 2}, {3, 4})) == plot.Figure
--- true
M.Figure = {}
M.Figure.__index = M.Figure
require("gradus.strict").class(M.Figure, "figures", {"title", "note", "caption", "x", "y", "marks",
  "legend", "equal", "bar", "grid", "columns", "rows", "rows_of_text", "width", "height", "bare",
  "surface", "nogrid", "box", "size", "notes", "kind", "under", "letters", "letter", "frame"})
M.Figure.__name = "Figure"
getmetatable(M.Figure).__tostring = function() return "plot.Figure" end

local kinds = {"line", "points", "band", "bars", "cells", "rgb", "words", "boxes", "arrows", "rule", "surface"}
local known = {}
for _, name in ipairs(kinds) do known[name] = true end

function M.kind(mark)
  if not known[mark.kind] then
    error(("a figure: no mark is of the kind '%s'. Kinds: %s"):format(tostring(mark.kind), table.concat(kinds, " ")), 0)
  end
  return require("gradus.plot.mark." .. mark.kind)
end

local function refuse(mark, name, text, ...)
  error(("a figure: %s: %s" .. text):format(mark.kind, name, ...), 0)
end

-- A list of a mark: of numbers, n if that is known.
local function check_list(mark, name, list, n)
  if type(list) ~= "table" then refuse(mark, name, ": a list of numbers expected; got %s", type(list)) end
  if n and #list ~= n then refuse(mark, name, " has %d numbers where %d belong", #list, n) end
  for i = 1, #list do
    if not math.type(list[i]) then refuse(mark, name, ": entry %d is a %s, not a number", i, type(list[i])) end
  end
  return #list
end

-- What a kind of mark has to have: lists of one length, or matrices of one shape.
local function check_mark(mark)
  local kind, n, rows = M.kind(mark), nil, nil
  for _, name in ipairs(kind.lists or {}) do n = check_list(mark, name, mark[name], n) end
  for _, name in ipairs(kind.matrices or {}) do
    local z = mark[name]
    if type(z) ~= "table" or type(z[1]) ~= "table" then refuse(mark, name, ": rows of numbers expected") end
    if rows and #z ~= rows then refuse(mark, name, " has %d rows where %d belong", #z, rows) end
    rows = #z
    for i = 1, rows do n = check_list(mark, ("%s: row %d"):format(name, i), z[i], n) end
  end
  if mark.text and (type(mark.text) ~= "table" or #mark.text > n) then
    refuse(mark, "text", ": a list of %d texts expected", n)
  end
end

--- figure.check(fig) -> fig
--- Raises a sentence where a figure that was made or changed by hand cannot be drawn.
function M.check(fig)
  for _, one in ipairs(fig.grid or {fig}) do
    local marks = type(one) == "table" and rawget(one, "marks")
    if type(marks) ~= "table" or type(one.x) ~= "table" or type(one.y) ~= "table" then
      error("a figure: the tables marks, x and y expected, as plot.curve makes them", 0)
    end
    for i, mark in ipairs(marks) do
      if type(mark) ~= "table" then error(("a figure: mark %d is a %s"):format(i, type(mark)), 0) end
      check_mark(mark)
    end
  end
  return fig
end

function M.is_figure(v)
  return type(v) == "table" and getmetatable(v) == M.Figure
end

local function add_note(notes, note)
  if note and not notes[note] then
    notes[note] = true
    notes[#notes + 1] = note
  end
end

--- figure.new{title =, x =, y =, marks =, notes =, ...} -> figure
--- Notes (strings, or nil for none) become the end of the caption.
function M.new(fields)
  local notes = {}
  add_note(notes, fields.caption)
  for i = 1, fields.notes and fields.notes.n or 0 do add_note(notes, fields.notes[i]) end
  fields.notes = nil
  fields.caption = #notes > 0 and table.concat(notes, ". ") or nil
  fields.x, fields.y = fields.x or {}, fields.y or {}
  return setmetatable(fields, M.Figure)
end

--- A list of notes that counts its holes, for figure.new.
function M.notes()
  return {n = 0, add = function(self, note)
    self.n = self.n + 1
    self[self.n] = note
  end}
end

--- The sentence about `zero` of n values that have no place on a log axis, or nil.
function M.log_words(zero, n, what)
  if zero == 0 then return nil end
  return ("%s of %d %s values are zero or negative and have no place on a log axis"):format(
    zero == n and "all" or tostring(zero), n, what)
end

--- For a log axis: that sentence about lists of values, or nil.
function M.log_note(axis, lists, what)
  if not axis.log then return nil end
  local n, zero = 0, 0
  for _, list in ipairs(lists) do
    for i = 1, #list do
      if values.is_finite(list[i]) then n = n + 1 end
      if list[i] <= 0 and list[i] > -math.huge then zero = zero + 1 end
    end
  end
  return M.log_words(zero, n, what)
end

local function join(extent, lo, hi)
  if not lo then return end
  extent[1] = extent[1] and math.min(extent[1], lo) or lo
  extent[2] = extent[2] and math.max(extent[2], hi) or hi
end

-- Bars stand on zero: no margin below it.
local function on_base(lo, hi, from, to, axis)
  if axis.log or (axis.range and axis.range[1]) or from == to then return lo, hi end
  if from == 0 then lo = 0 end
  if to == 0 then hi = 0 end
  return lo, hi
end

--- figure.frame(fig) -> {x = {lo, hi}, y = {lo, hi}}
--- What the axes show.
function M.frame(fig)
  local ex, ey, tight, base = {}, {}, false, false
  for _, mark in ipairs(fig.marks) do
    local kind = M.kind(mark)
    local x0, x1, y0, y1 = kind.extent(mark, fig)
    join(ex, x0, x1)
    join(ey, y0, y1)
    tight = tight or kind.tight
    base = base or kind.base
  end
  local margin = tight and 0 or nil
  local x0, x1 = ticks.range(ex[1], ex[2], fig.x, margin)
  local y0, y1 = ticks.range(ey[1], ey[2], fig.y, margin)
  if base then
    x0, x1 = on_base(x0, x1, ex[1], ex[2], fig.x)
    y0, y1 = on_base(y0, y1, ey[1], ey[2], fig.y)
  end
  return {x = {x0, x1}, y = {y0, y1}}
end

--- The marks that have an entry in the legend.
function M.named(fig)
  local list = {}
  for _, mark in ipairs(fig.marks) do
    if mark.name and mark.name ~= "" then list[#list + 1] = mark end
  end
  return list
end

--- How many palettes the marks of a figure, or of the panels of a grid, set.
function M.palettes(fig)
  local n = 0
  for _, one in ipairs(fig.grid or {fig}) do
    for _, mark in ipairs(one.marks) do
      local palettes = M.kind(mark).palettes
      n = n + (palettes and palettes(mark) or 0)
    end
  end
  return n
end

--- The extent of points, log axes respected; for the kinds of marks.
function M.extent_of(fig, xs, ys)
  local x0, x1, y0, y1
  for _, list in ipairs(xs) do
    local lo, hi = values.extent(list, fig.x.log)
    if lo then x0, x1 = math.min(x0 or lo, lo), math.max(x1 or hi, hi) end
  end
  for _, list in ipairs(ys) do
    local lo, hi = values.extent(list, fig.y.log)
    if lo then y0, y1 = math.min(y0 or lo, lo), math.max(y1 or hi, hi) end
  end
  return x0, x1, y0, y1
end

return M
