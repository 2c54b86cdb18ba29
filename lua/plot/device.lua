-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sends figures to gnuplot. It writes into a private folder only; the bytes of a
-- file are read from there and returned.

local figure = require "gradus.plot.figure"
local gnuplot = require "gradus.gnuplot"
local render = require "gradus.plot.render"
local quote = require "gradus.plot.quote"
local screen = require "gradus.plot.screen"
local sizes = require "gradus.plot.size"
local themes = require "gradus.plot.theme"

local M = {}

-- Each kind: the options after its name; s is {width, height, font size, colours}.
local options = {
  pngcairo = "size %d,%d font '%s,%g' background rgb '%s'",
  png = "truecolor size %d,%d font '%s,%g' background rgb '%s'",
  svg = "size %d,%d dynamic font '%s,%g' background rgb '%s'",
  gif = "size %d,%d font '%s,%g' background rgb '%s'",
  sixelgd = "truecolor size %d,%d font '%s,%g' background rgb '%s'",
  qt = "size %d,%d font '%s,%g'", wxt = "size %d,%d font '%s,%g' background rgb '%s'",
  x11 = "size %d,%d font '%s,%g'",
}

-- Windows whose background is white whatever one asks for.
local white = {qt = true, x11 = true}

-- What each kind needs to look like the others (render.lua: `traits`). letter: points in pixels; cairo's bitmap counts 96
-- pixels an inch, gd and svg take pixels nearly. dot, stroke: points and lines that are larger or finer than elsewhere.
local traits = {
  pngcairo = {letter = 0.75}, qt = {letter = 0.7}, wxt = {letter = 0.7}, x11 = {letter = 0.75}, dumb = {},
  png = {letter = 0.7, gd = true}, sixelgd = {letter = 0.7, gd = true},
  gif = {letter = 0.7, gd = true, few_colors = true},
  svg = {letter = 1, dot = 0.42, cross = 1.7, pixels = true, key_width = -1},
  pdfcairo = {letter = 1.08, dot = 0.7, stroke = 1.6, net = "#c0ffffff"},
}

-- A gif holds 256 colours in all. One palette leaves some for letters and lines. With more of them, and in an animation,
-- where nobody knows what the next frames need, gnuplot draws in all colours and chooses 256 at the end, which makes
-- #fcfefc of white.
local function gif_colors(fig, animated)
  return (animated or figure.palettes(fig) > 1) and " truecolor" or " notruecolor"
end

--- The command that sets a terminal; `more` goes between its name and its options.
function M.terminal(name, fig, width, height, theme, more)
  local background = themes.get(theme).background
  if name == "dumb" then
    return ("set terminal dumb noenhanced mono size %d,%d"):format(width, height)
  end
  local scale = sizes.current
  local size = render.letter_size(fig, width, height, scale.letters) * traits[name].letter
  if screen.is_window(name) then size = math.floor(size + 0.5) end -- qt does not read fractions
  local width_of_lines = scale.lines * (traits[name].stroke or 1)
  local lines = width_of_lines ~= 1 and (" linewidth %g"):format(width_of_lines) or ""
  if name == "pdfcairo" then
    return ("set terminal pdfcairo noenhanced size %.3fin,%.3fin font '%s,%g' background rgb '%s'%s")
      :format(width / 96, height / 96, themes.font, size, background, lines)
  end
  if name == "gif" then more = (more or "") .. gif_colors(fig, more) end
  return ("set terminal %s%s noenhanced " .. options[name]):format(name, more or "", width, height,
    themes.font, size, background) .. lines
end

local function write(path, bytes)
  local file = assert(io.open(path, "wb"))
  local ok, why = file:write(bytes)
  if not file:close() or not ok then
    error(("a picture's data do not fit into %s: %s"):format(path, why or "no space"), 0)
  end
end

-- The commands for a figure, its long columns in files of the private folder.
function M.commands(fig, terminal, width, height, theme, prefix, plain)
  local folder = gnuplot.folder()
  if terminal == "dumb" then width, height = 800, 480 end
  local text, files = render.script(fig, {width = width, height = height, theme = theme,
    folder = folder, prefix = prefix, traits = traits[terminal], letters = sizes.current.letters,
    dots = sizes.current.lines ^ 0.5, backdrop = white[terminal], plain = plain})
  for _, file in ipairs(files) do write(folder .. "/" .. file.name, file.bytes) end
  return text, files
end

-- What gnuplot 5.4 writes into an svg: a bold font under a name that nobody knows, and images that viewers smooth. And a
-- machine without the font gets one that is as wide.
local function mend_svg(bytes)
  local family = ('font-family="%s, Verdana, sans-serif"'):format(themes.font)
  bytes = bytes:gsub('font%-family="' .. themes.font .. ':Bold"', function() return family .. ' font-weight="bold"' end)
  bytes = bytes:gsub('font%-family="' .. themes.font .. '"', function() return family end)
  return (bytes:gsub("<image ", '<image style="image-rendering: optimizeSpeed; image-rendering: pixelated" '))
end

local function remove(files)
  for _, file in ipairs(files) do os.remove(gnuplot.folder() .. "/" .. file.name) end
end

local function slurp(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local bytes = file:read("a")
  file:close()
  os.remove(path)
  return bytes
end

--- device.bytes(fig, terminal, width, height, theme, seconds) -> string
--- What gnuplot would write for a figure on one of its terminals.
function M.bytes(fig, terminal, width, height, theme, seconds)
  local path = gnuplot.folder() .. "/picture"
  local text, files = M.commands(fig, terminal, width, height, theme)
  local ok, why = pcall(gnuplot.run, table.concat({
    "unset multiplot", "set output",
    M.terminal(terminal, fig, width, height, theme),
    "set output " .. quote.text(path), text .. "set output", "set terminal unknown",
  }, "\n"), seconds or 60)
  remove(files)
  local bytes = slurp(path)
  if not ok then error(why, 0) end
  if not bytes or #bytes == 0 then error("gnuplot drew nothing", 0) end
  return terminal == "svg" and mend_svg(bytes) or bytes
end

local windows = {} -- number -> terminal of those that were opened

--- Closes the windows that were opened.
function M.close_windows()
  local commands = {}
  for number, name in pairs(windows) do
    commands[#commands + 1] = ("set terminal %s %d close"):format(name, number)
  end
  table.sort(commands)
  windows, M.encoded = {}, nil
  if #commands > 0 and gnuplot.pid() then
    pcall(gnuplot.run, table.concat(commands, "\n") .. "\nset terminal unknown", 1)
  end
end

local function window_command(name, fig, o, width, height)
  local title = quote.text(o.title or fig.title or "gradus")
  -- After a script its windows stay; those of the prompt close with it.
  local stays = package.loaded["gradus.repl.start"] == nil and " persist" or ""
  local terminal = M.terminal(name, fig, width, height, o.theme, (" %d%s"):format(o.window, stays))
  windows[o.window] = name
  return terminal .. " title " .. title .. (name ~= "x11" and not o.raise and " noraise" or "")
end

--- The text that draws a figure in a window. o: window (a number), theme, raise, after (more
--- commands). It only names a file with the commands: gnuplot looks at the mouse between the letters
--- of what it is sent, and what it does then would tear a long line apart.
---
--- The x11 terminal gets Latin-1, by `plain` = "all" even where letters are lost: in any encoding it is told of, and on a
--- server without fonts for it, it says after every picture that a window was closed. Once it was told of one it keeps
--- to that: device.encoded.
function M.window_text(fig, name, o)
  local width, height = sizes.of(fig, render.size(fig))
  local share = sizes.current.window
  width, height = math.floor(width * share), math.floor(height * share)
  local plain = name == "x11" and (o.plain or "some") or nil
  local text = M.commands(fig, name, width, height, o.theme, ("w%d-"):format(o.window), plain)
  local window = window_command(name, fig, o, width, height)
  if plain then
    M.encoded = M.encoded or text:find("set encoding utf8", 1, true) ~= nil
    window = quote.latin(window, true)
  end
  local path = ("%s/w%d.gp"):format(gnuplot.folder(), o.window)
  write(path, table.concat({"unset multiplot", "set output", window, text .. (o.after or "")}, "\n"))
  return "load " .. quote.text(path)
end

--- Draws a figure in a window and waits until it is there.
function M.window(fig, name, o)
  return gnuplot.run(M.window_text(fig, name, o), 1.6)
end

-- The whole terminal but for some lines; letters are taken for 9 x 18 pixels where nobody knows.
local function whole_terminal()
  local s = screen.size()
  local width, height = screen.pixels()
  local rows = s.rows > 0 and s.rows or 24
  if width == 0 then width, height = (s.columns > 0 and s.columns or 80) * 9, rows * 18 end
  local spare = sizes.current.spare or 3
  return math.max(200, width), math.max(150, height * math.max(1, rows - spare) // rows)
end

-- Pixels of a picture that fits the terminal.
local function sixel_size()
  if sizes.current.fill then return whole_terminal() end
  local s = screen.size()
  local width = s.width > 0 and s.width or s.columns > 0 and s.columns * 9 or 800
  local height = s.height > 0 and s.rows > 0 and s.height * (s.rows - 3) // s.rows or 480
  width = math.max(200, math.min(width, 1000))
  return width, math.max(150, math.min(height, width * 9 // 16))
end

--- A figure as sixel bytes for a terminal of some size.
function M.sixel(fig, seconds)
  local width, height = sixel_size()
  return M.bytes(fig, "sixelgd", width, height, nil, seconds)
end

--- Tells gnuplot to draw a figure as sixel, without waiting; device.sixel_done has the bytes once gnuplot is
--- not busy any more.
function M.post_sixel(fig)
  local width, height = sixel_size()
  local text, files = M.commands(fig, "sixelgd", width, height, nil, "live-")
  gnuplot.post(table.concat({"unset multiplot", "set output", M.terminal("sixelgd", fig, width, height),
    "set output " .. quote.text(gnuplot.folder() .. "/live"), text .. "set output",
    "set terminal unknown", ""}, "\n"))
  return files
end

--- The bytes of the last post_sixel, or nil where gnuplot has drawn nothing.
function M.sixel_done(files)
  remove(files)
  local bytes = slurp(gnuplot.folder() .. "/live")
  return bytes and #bytes > 0 and bytes or nil
end

return M
