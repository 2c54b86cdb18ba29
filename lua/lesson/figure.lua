-- SPDX-License-Identifier: GPL-3.0-or-later
-- The pictures lessons draw themselves: a guessed curve over the true one, and a teacher's
-- overview of records.

local M = {}

--- figure.guess(curve, points, labels) -> figure
--- The student's points over the true curve; both are {x = {...}, y = {...}}.
function M.guess(curve, points, labels)
  local plot = require("gradus.plot")
  local truth = plot.curve({{"truth", curve.x, curve.y}}, {xlabel = labels.x or "x",
    ylabel = labels.y or "y", ylog = labels.ylog, xlog = labels.xlog})
  if #points.x == 0 then return truth end
  local sketch = plot.curve({{"your sketch", points.x, points.y}}, {points = true})
  return plot.overlay({truth, sketch}, {title = "Prediction and truth"})
end

--- figure.bars(title: string, entries: {{label, value}, ...}, ylabel: string, caption: string?) -> figure
--- One bar a step.
function M.bars(title, entries, ylabel, caption)
  local labels, values, most = {}, {}, 0
  for i, e in ipairs(entries) do
    labels[i], values[i], most = e[1], e[2], math.max(most, e[2])
  end
  return require("gradus.plot").bar(values, {labels = labels, title = title, xlabel = "step",
    ylabel = ylabel, caption = caption, yrange = most == 0 and {0, 1} or nil})
end

--- figure.of(block) -> figure?
--- The figure that a block of a run shows: of a picture, or the one result of the lesson's code.
function M.of(block)
  local figure = block.figure
  if block.kind == "result" and block.n == 1 then figure = block[1] end
  local mt = type(figure) == "table" and debug.getmetatable(figure)
  return mt and mt == require("gradus.plot").Figure and figure or nil
end

return M
