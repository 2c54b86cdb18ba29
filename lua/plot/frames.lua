-- SPDX-License-Identifier: GPL-3.0-or-later
-- One frame of a live picture, on each kind of screen.

local device = require "gradus.plot.device"
local gnuplot = require "gradus.gnuplot"
local output = require "gradus.plot.output"
local screen = require "gradus.plot.screen"
local sizes = require "gradus.plot.size"

local M = {}

local draw = {}

-- The window is told and not waited for; if it has not finished the last frame, this one is
-- dropped. A gnuplot that was ended by hand is started once again, not for ever.
function draw.window(live, fig)
  if gnuplot.busy() then return false end
  local pid = gnuplot.pid()
  if live.pid and pid ~= live.pid then
    live.dead = true
    return false
  end
  local bind = "\nbind \"Close\" \"print 'gradus-closed'\"\n"
  gnuplot.post(device.window_text(fig, live.screen, {window = live.options.window, after = bind, plain = "all"}))
  live.pid = gnuplot.pid()
end

local function write(text)
  io.stdout:write(text)
  io.stdout:flush()
end

-- Lines are written over the ones of the frame before.
function draw.text(live, fig)
  local text = output.terminal_text(fig, live.note and 1)
  if live.note then text = text .. "\n" .. live.note end
  local lines, n = {}, 0
  for line in (text .. "\n"):gmatch("([^\n]*)\n") do
    n = n + 1
    lines[n] = line .. "\27[K"
  end
  local up = live.height and ("\27[%dA\r"):format(live.height) or ""
  write(up .. table.concat(lines, "\n") .. "\n\27[J")
  live.height = n
end

-- Room is made once; each picture begins at the place that was remembered.
local function put_sixel(live, bytes)
  if not live.height then
    local s = screen.size()
    local rows = s.height > 0 and math.ceil(s.height * (s.rows - 3) / s.rows * 9 / 16 /
      (s.height / s.rows)) or 20
    if sizes.current.fill then rows = s.rows - (sizes.current.spare or 3) end
    live.height = math.max(1, math.min(rows, s.rows - 2))
    write(("\n"):rep(live.height) .. ("\27[%dA\r"):format(live.height))
  end
  write("\0277" .. bytes .. "\0278")
end

-- gnuplot is told and not waited for, as with a window; M.finish shows what it has drawn.
function draw.sixel(live, fig)
  if gnuplot.busy() then return false end
  live.files = device.post_sixel(fig)
  return false
end

--- frames.waits(live) -> whether a frame that was asked for is there to be shown
function M.waits(live)
  return live.files and not gnuplot.busy()
end

--- Shows the frame that gnuplot has drawn; false where it has drawn none.
function M.finish(live)
  local bytes = device.sixel_done(live.files)
  live.files = nil
  if not bytes then return false end
  put_sixel(live, bytes)
end

--- frames.draw(live, fig) -> false when the frame was dropped
function M.draw(live, fig)
  return draw[live.kind](live, fig)
end

--- The last frame, waited for; below a sixel picture goes the cursor.
function M.last(live, fig)
  if live.kind == "window" then
    device.window(fig, live.screen, {window = live.options.window})
  elseif live.kind == "sixel" then
    local bytes = device.sixel(fig, 1.8)
    if live.files then device.sixel_done(live.files) end
    put_sixel(live, bytes)
    write(("\27[%dB\n"):format(live.height))
  else
    draw.text(live, fig)
  end
end

--- frames.needs_gnuplot(kind) -> whether gnuplot draws the frames
function M.needs_gnuplot(kind) return kind == "window" or kind == "sixel" end

--- frames.kind(screen) -> "window", "sixel", "text", or nil where nothing moves
function M.kind(name)
  if screen.is_window(name) then return "window" end
  if name == "sixel" then return "sixel" end
  if name == "text" or name == "dumb" then
    local term = os.getenv("TERM") or "dumb"
    return screen.size().output and term ~= "dumb" and "text" or nil
  end
end

-- How often gnuplot said since the last frame that a window closed. Where a picture before had letters beyond Latin-1 and
-- the X server lacks their fonts, the x11 terminal says so some times after every frame: what is usual there is learnt
-- from the frames, and a window that is closed within the first two comes back.
local function closings(live)
  local _, n = gnuplot.reply():gsub("gradus%-closed", "")
  if live.screen ~= "x11" or not device.encoded then return n end
  if live.frames < 2 then return 0 end
  local usual = live.usual or n
  live.usual = math.min(usual, n)
  return n - usual
end

--- frames.closed(live) -> boolean
--- A user who closed the window has seen enough; training goes on. A frame that was on its way may
--- have opened the window again: it is closed for good.
function M.closed(live)
  if live.kind ~= "window" or live.frames == 0 or live.dead then return live.dead end
  if not gnuplot.busy() and closings(live) > 0 then
    live.dead = true
    gnuplot.post(("set terminal %s %d close\nset terminal unknown\n"):format(live.screen,
      live.options.window))
  end
  return live.dead
end

return M
