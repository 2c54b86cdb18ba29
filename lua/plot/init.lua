-- SPDX-License-Identifier: GPL-3.0-or-later
-- Pictures. Each function makes a figure, a plain table; showing or saving it is a
-- step of its own (lua/plot/output.lua). The pictures stand in lua/plot/picture/.

local figure = require "gradus.plot.figure"
local forms = require "gradus.plot.picture.forms"
local options = require "gradus.options"
local output = require "gradus.plot.output"
local screen = require "gradus.plot.screen"
local sizes = require "gradus.plot.size"
local themes = require "gradus.plot.theme"

local M = {Figure = figure.Figure}

for _, part in ipairs {"basic", "matrix", "loss", "training", "classify", "surface", "net", "graph"} do
  for name, f in pairs(require("gradus.plot.picture." .. part)) do
    M[name] = f
  end
end
M.updates = require("gradus.plot.picture.watched").updates
M.live = require("gradus.plot.live").live
M.animate = require("gradus.plot.animate").animate
-- Helpers of the parts, not pictures.
for _, name in ipairs {"by_class", "clouds", "smooth", "read_history"} do
  M[name] = nil
end

--- plot.terminal(name: string?) -> string
--- Sets where pictures are shown and returns where: "qt", "wxt", "x11" (windows), "sixel" and
--- "text" (in the terminal), "dumb" (gnuplot's own characters), "png", "svg", "pdf", "gif", "txt"
--- (files picture-1.png and so on), "none", or "auto". Without a name it only tells.
--- > plot.terminal("text")
--- text
--- > plot.terminal("none")
--- none
--- > plot.terminal("auto");
function M.terminal(name)
  screen.choose(name)
  return screen.now()
end

--- plot.theme(name: string)
--- "light" (for slides and paper) or "dark", for all pictures from now on.
--- > plot.theme("dark")
--- > plot.theme("light")
function M.theme(name)
  themes.use(name)
end

--- plot.size(which: string | table) -> table
--- How large pictures are from now on, on every screen: "usual", or "large" for a classroom's wall:
--- the whole terminal (rows and columns, or pixels), a large window, files of 1920 x 1080, with
--- letters and lines that read from the back row. Without an argument it only tells.
---
--- A table is a size of your own: {from = "large", width = 1366, height = 768}; its fields are width,
--- height (of a file, in pixels), window (the share of these that a window takes), letters, lines
--- (how much larger), fill (the whole terminal) and spare (its lines that stay free).
--- > plot.size("large")
--- > plot.size().width
--- 1920
--- > plot.size{from = "large", letters = 1.5}
--- > plot.size().letters
--- 1.5
--- > plot.size("usual")
function M.size(which)
  if which ~= nil then
    sizes.use(which)
    return
  end
  local copy = {}
  for name, v in pairs(sizes.current) do copy[name] = v end
  return copy
end

local function check_figures(who, list)
  if type(list) ~= "table" or #list == 0 then
    error(("%s: a list of figures expected, like {fig, fig}"):format(who), 3)
  end
  for i, fig in ipairs(list) do
    if not figure.is_figure(fig) then
      error(("%s: entry %d is no figure"):format(who, i), 3)
    end
  end
end

-- A figure with other fields here and there.
local function changed(fig, fields)
  local copy = {}
  for k, v in pairs(fig) do copy[k] = v end
  for k, v in pairs(fields) do copy[k] = v end
  return figure.new(copy)
end

-- The panels of several figures in one list: grids give theirs, which carry the grid's title where
-- titles tell the grids apart. Also how many stand in a row, if all grids have as many.
local function panels_of(list)
  local panels, titles, same, columns = {}, {}, true, nil
  for i, fig in ipairs(list) do
    titles[i] = fig.title
    same = same and fig.title == list[1].title
  end
  for i, fig in ipairs(list) do
    local count = fig.grid and #fig.grid
    if i == 1 then columns = count elseif columns ~= count then columns = nil end
    for _, panel in ipairs(fig.grid or {fig}) do
      local apart = fig.grid and not same and titles[i]
      local title = apart and titles[i] .. (panel.title and ", " .. panel.title or "")
      panels[#panels + 1] = apart and changed(panel, {title = title}) or panel
    end
  end
  return panels, columns
end

--- plot.grid({figure, ...}, {columns: integer, title: string, caption: string}) -> figure
--- Small multiples: several figures side by side. Panels of grids join the others, a row a grid
--- where all have as many: plot.grid{plot.activations(net, x, {title = "before"}), ...}.
--- > fig = plot.grid({plot.curve({1, 2}), plot.curve({2, 1})}, {columns = 2})
--- > #fig.grid
--- 2
function M.grid(list, o)
  check_figures("plot.grid", list)
  o = forms.check("plot.grid", options.read("plot.grid", o, {}, {"columns", "title", "caption", "width", "height"}))
  local panels, columns = panels_of(list)
  return figure.new {grid = panels, columns = o.columns or columns, title = o.title,
    caption = o.caption, width = o.width, height = o.height, marks = {}}
end

--- plot.overlay({figure, ...}, {title: string}) -> figure
--- Several figures in one: the axes of the first, the marks of all, each in colours of its own.
--- > #plot.overlay({plot.curve({1, 2}), plot.curve({2, 1})}).marks
--- 2
function M.overlay(list, o)
  check_figures("plot.overlay", list)
  for i, fig in ipairs(list) do
    if fig.grid then
      error(("plot.overlay: entry %d is a grid; one of its panels is fig.grid[1]"):format(i), 2)
    end
  end
  o = forms.check("plot.overlay", options.read("plot.overlay", o, {}, {"title", "caption"}))
  local marks, shift = {}, 0
  for _, fig in ipairs(list) do
    local most = 0
    for _, mark in ipairs(fig.marks) do
      local new = {}
      for k, v in pairs(mark) do new[k] = v end
      if type(mark.color) == "number" then
        most = math.max(most, mark.color)
        new.color = mark.color + shift
      end
      marks[#marks + 1] = new
    end
    shift = shift + most
  end
  local first = list[1]
  return figure.new {title = o.title or first.title, caption = o.caption or first.caption,
    x = first.x, y = first.y, equal = first.equal, marks = marks}
end

--- plot.close()
--- Ends gnuplot and closes its windows; the next picture starts it again.
--- > plot.close()
function M.close()
  output.close()
end

return M
