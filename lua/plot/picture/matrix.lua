-- SPDX-License-Identifier: GPL-3.0-or-later
-- Matrices: heat maps, images, confusion matrices.

local figure = require "gradus.plot.figure"
local make = require "gradus.plot.picture.make"
local values = require "gradus.plot.values"
local strict = require "gradus.strict"

local M = {}

local function flat(rows)
  local list = {}
  for _, row in ipairs(rows) do
    for j = 1, #row do list[#list + 1] = row[j] end
  end
  return list
end

local function name_ticks(names)
  if not names then return nil end
  local ticks = {}
  for i, name in ipairs(names) do ticks[i] = {i, tostring(name)} end
  return ticks
end

-- Large matrices: the mean of each block, so that what is drawn fits a screen.
local function shrink(z, most)
  local rows, columns = #z, #z[1]
  local fr, fc = math.ceil(rows / most), math.ceil(columns / most)
  if fr == 1 and fc == 1 then return z, 1, 1 end
  local small = {}
  for i = 1, rows, fr do
    local line = {}
    for j = 1, columns, fc do
      local sum, n = 0, 0
      for a = i, math.min(rows, i + fr - 1) do
        for b = j, math.min(columns, j + fc - 1) do sum, n = sum + z[a][b], n + 1 end
      end
      line[#line + 1] = sum / n
    end
    small[#small + 1] = line
  end
  return small, fr, fc
end

-- The values as short texts, for the cells of a small matrix.
local function as_texts(rows)
  local list = {}
  for i, row in ipairs(rows) do
    list[i] = {}
    for j, v in ipairs(row) do list[i][j] = ("%.3g"):format(v) end
  end
  return list
end

--- plot.heatmap(z: tensor, {rows: {string, ...}, diverging: boolean, label: string|false, numbers: boolean = false}) -> figure
--- A matrix as colours, row 1 at the top. `diverging = true` is for values around zero (white),
--- `range = {lo, hi}` fixes the ends of the colours, `rows` and `columns` name them. `label` stands
--- beside the bar of colours; false leaves the bar out. `numbers = true` writes the values into the
--- cells of a matrix of at most 20 x 20.
--- > plot.heatmap({{1, 2}, {3, 4}}).marks[1].kind
--- cells
--- > plot.heatmap({{1, 2}, {3, 4}}, {numbers = true}).marks[1].labels[2][1]
--- 3
function M.heatmap(z, o)
  o = make.options("plot.heatmap", o, {diverging = false, log = false, numbers = false, label = "value",
    xlabel = "column", ylabel = "row"}, {"rows", "columns", "range", "equal"})
  local full = values.matrix("plot.heatmap", z)
  local small, fr, fc = shrink(full, 512)
  local notes = figure.notes()
  notes:add(values.note(flat(full)))
  if fr > 1 or fc > 1 then
    notes:add(("each cell is the mean of %d x %d values"):format(fr, fc))
  end
  local mark = {kind = "cells", z = small, x = {(fc + 1) / 2, fc}, y = {(fr + 1) / 2, fr},
    palette = o.diverging and "diverging" or "viridis", range = o.range, log = o.log,
    bar = o.label or nil, labels = o.numbers and #full <= 20 and #full[1] <= 20 and as_texts(full) or nil}
  return make.figure(o, {marks = {mark}, notes = notes, nogrid = true,
    equal = o.equal, x = {ticks = name_ticks(o.columns)},
    y = {ticks = name_ticks(o.rows), reverse = true}})
end

-- Of a tensor (1, h, w) or (3, h, w) the planes, of a matrix the one.
local function planes(who, image)
  local v = values.is_tensor(image) and image:totable() or image
  if type(v) == "table" and (type(v[1]) == "table" or values.is_tensor(v[1])) then
    local inner = values.is_tensor(v[1]) and v[1]:totable() or v[1]
    if type(inner[1]) == "table" then
      local list = {}
      for i = 1, #v do list[i] = values.matrix(who, v[i]) end
      return list
    end
  end
  return {values.matrix(who, v)}
end

-- One plane as gray, three as red, green and blue.
local function image_mark(list, o)
  if #list == 3 then return {kind = "rgb", r = list[1], g = list[2], b = list[3]} end
  return {kind = "cells", z = list[1], x = {1, 1}, y = {1, 1}, palette = o.palette, range = o.range}
end

--- plot.image(x: tensor, {title: string, palette: string = "gray"}) -> figure
--- One image: a matrix (h, w) in gray, or (3, h, w) with red, green and blue from 0 to 1.
--- > plot.image({{0, 1}, {1, 0}}).equal
--- true
function M.image(x, o)
  o = make.options("plot.image", o, {palette = "gray"}, {"range"})
  local list = planes("plot.image", x)
  local notes = figure.notes()
  notes:add(values.note(flat(list[1])))
  return make.figure(o, {marks = {image_mark(list, o)}, notes = notes, bare = true,
    equal = true, nogrid = true, y = {reverse = true}})
end

-- n images of the same size on one sheet, a gap of NaN between them.
local function sheet(images, columns, gap)
  local h, w = #images[1], #images[1][1]
  local rows = math.ceil(#images / columns)
  local z, nan = {}, 0 / 0
  for i = 1, rows * (h + gap) - gap do
    z[i] = {}
    for j = 1, columns * (w + gap) - gap do z[i][j] = nan end
  end
  for k, image in ipairs(images) do
    local top, left = (k - 1) // columns * (h + gap), (k - 1) % columns * (w + gap)
    for i = 1, h do
      for j = 1, w do z[top + i][left + j] = image[i][j] end
    end
  end
  return z
end

local function same_size(who, list)
  for k, one in ipairs(list) do
    if #one ~= #list[1] or #one[1] ~= #list[1][1] then
      error(("%s: image %d is %d x %d, image 1 is %d x %d"):format(who, k, #one, #one[1], #list[1],
        #list[1][1]), 0)
    end
  end
end

-- (n, h, w), (n, c, h, w), or a list of images: for each colour plane the n matrices.
local function split_images(who, images)
  local list, colors = {}, nil
  if not values.is_tensor(images) then values.record(who, images, "a tensor (n, h, w) or a list of images") end
  if values.is_tensor(images) and images:dim() == 0 then
    error(who .. ": a tensor (n, h, w) expected; got one number", 0)
  end
  local n = #images
  if n == 0 then error(who .. ": no images: there is nothing to draw", 0) end
  for k = 1, n do
    local one = planes(who, images[k])
    colors = colors or (#one == 3 and 3 or 1)
    for c = 1, colors do
      list[c] = list[c] or {}
      list[c][k] = one[c] or one[1]
    end
  end
  for _, plane in ipairs(list) do same_size(who, plane) end
  return list, n
end

-- The labels stand in the gap below each image.
local function sheet_labels(labels, n, columns, h, w, gap)
  local x, y, text = {}, {}, {}
  for k = 1, math.min(n, #labels) do
    x[k] = (k - 1) % columns * (w + gap) + (w + 1) / 2
    y[k] = (k - 1) // columns * (h + gap) + h + 0.5 + gap * 0.42
    text[k] = labels[k]
  end
  return {kind = "words", x = x, y = y, text = text, color = "text", times = 0.8}
end

-- Names of the rows of a sheet, at their middles.
local function row_ticks(names, h, gap)
  local ticks = {}
  for i, name in ipairs(names or {}) do
    ticks[i] = {(i - 1) * (h + gap) + (h + 1) / 2, tostring(name)}
  end
  return names and ticks
end

--- plot.images(images: tensor, {columns: integer, labels: {string, ...}, rows: {string, ...}, title: string}) -> figure
--- Several images of the same size on one sheet: a tensor (n, h, w) or (n, c, h, w), or a list
--- of images. `labels` stand below them, `rows` name the rows of the sheet.
--- > fig = plot.images({{{0, 1}}, {{1, 0}}, {{1, 1}}}, {columns = 3})
--- > #fig.marks
--- 1
function M.images(images, o)
  o = make.options("plot.images", o, {palette = "gray"}, {"columns", "labels", "rows", "range"})
  local list, n = split_images("plot.images", images)
  local h, w = #list[1][1], #list[1][1][1]
  local columns = math.min(n, o.columns or math.ceil(math.sqrt(n * 1.7 * h / w)))
  local labels = o.labels and (values.is_tensor(o.labels) and o.labels:totable() or o.labels)
  local gap = labels and math.max(2, math.ceil(h * 0.3)) or math.max(1, math.ceil(h * 0.08))
  local sheets = {}
  for c = 1, #list do sheets[c] = sheet(list[c], columns, gap) end
  if labels then -- room below the last row
    for c = 1, #sheets do
      for _ = 1, gap do
        local line = {}
        for j = 1, #sheets[c][1] do line[j] = 0 / 0 end
        table.insert(sheets[c], line)
      end
    end
  end
  local mark = image_mark(sheets, o)
  mark.clear = true
  local marks = {mark}
  if labels then
    local texts = {}
    for i, label in ipairs(labels) do
      texts[i] = type(label) == "number" and values.show(label) or label
    end
    marks[2] = sheet_labels(texts, n, columns, h, w, gap)
  end
  return make.figure(o, {marks = marks, bare = o.rows and "x" or true, equal = true,
    nogrid = true, y = {reverse = true, ticks = row_ticks(o.rows, h, gap)}})
end

local function shares(counts)
  local z = {}
  for i, row in ipairs(counts) do
    local sum = 0
    for _, v in ipairs(row) do sum = sum + v end
    z[i] = {}
    for j, v in ipairs(row) do z[i][j] = sum > 0 and v / sum or 0 end
  end
  return z
end

local function accuracy(counts)
  local right, all = 0, 0
  for i, row in ipairs(counts) do
    for j, v in ipairs(row) do
      all = all + v
      if i == j then right = right + v end
    end
  end
  return right, all
end

--- plot.confusion(counts: tensor, {classes: {string, ...}, normalize: boolean = false}) -> figure
--- A confusion matrix: rows are the true classes, columns the predicted ones. The colour is the
--- share of the true class; the numbers are counts, or shares with `normalize = true`.
--- > plot.confusion({{20, 1}, {2, 19}}, {classes = {"cat", "dog"}}).caption
--- 39 of 42 right (92.9 %). Colour: share of the true class
function M.confusion(counts, o)
  counts = strict.find(counts, "counts") or counts
  if values.is_tensor(o) then
    error("plot.confusion: it draws counts. Hint: plot.confusion(metrics.confusion(truth, output))", 2)
  end
  local rows = values.matrix("plot.confusion", counts, "counts")
  if #rows ~= #rows[1] then
    error(("plot.confusion: the matrix is %d x %d; a row and a column for each class expected")
      :format(#rows, #rows[1]), 2)
  end
  o = make.options("plot.confusion", o, {normalize = false, xlabel = "predicted class",
    ylabel = "true class"}, {"classes"})
  local z, labels, notes = shares(rows), {}, figure.notes()
  for i, row in ipairs(rows) do
    labels[i] = {}
    for j, v in ipairs(row) do
      labels[i][j] = o.normalize and ("%.2f"):format(z[i][j]) or values.show(v)
    end
  end
  local right, all = accuracy(rows)
  if all == math.floor(all) and all > #rows then -- counts, not shares
    notes:add(("%s of %s right (%.1f %%)"):format(values.show(right), values.show(all),
      100 * right / all))
  end
  notes:add("Colour: share of the true class")
  local classes = o.classes
  if not classes then
    classes = {}
    for i = 1, #rows do classes[i] = tostring(i) end
  end
  local mark = {kind = "cells", z = z, x = {1, 1}, y = {1, 1}, palette = "blues", range = {0, 1},
    labels = #rows <= 25 and labels or nil}
  return make.figure(o, {marks = {mark}, notes = notes, nogrid = true,
    equal = true, x = {ticks = name_ticks(classes)},
    y = {ticks = name_ticks(classes), reverse = true}})
end

return M
