-- SPDX-License-Identifier: GPL-3.0-or-later
-- How large pictures are: one notion for every screen. "usual" leaves room for the prompt and its
-- history; "large" is for the wall of a classroom: the whole terminal, a window as large as a
-- projector's picture, files of 1920 x 1080, letters and lines that read from the back row.

local options = require "gradus.options"

local M = {}

-- width, height: pixels of a file; window: the share of them that a window takes; letters, lines: how
-- much larger than the picture alone makes them; fill: the whole terminal; spare: lines of it that
-- stay free below a picture (nil: what the prompt needs).
local named = {
  usual = {name = "usual", width = 1280, height = 720, window = 0.75, letters = 1, lines = 1, fill = false},
  large = {name = "large", width = 1920, height = 1080, window = 0.92, letters = 1.2, lines = 2,
    fill = true},
}

M.current = named.usual

local function check_number(o, name, lo, hi)
  local v = o[name]
  if type(v) ~= "number" or v ~= v or v < lo or v > hi then
    error(("plot.size: %s: a number from %g to %g expected; got %s"):format(name, lo, hi, tostring(v)), 5)
  end
end

-- A size of the user's own: what it does not say is as in the named one it begins from.
local function own(given)
  local from = named[given.from or "usual"]
  if not from then
    error(("plot.size: from is 'usual' or 'large'; got '%s'"):format(tostring(given.from)), 4)
  end
  local o = options.read("plot.size", given, {width = from.width, height = from.height,
    letters = from.letters, lines = from.lines, fill = from.fill, window = from.window},
    {"from", "spare"}, 5)
  check_number(o, "width", 100, 20000)
  check_number(o, "height", 100, 20000)
  check_number(o, "letters", 0.2, 5)
  check_number(o, "lines", 0.2, 20)
  check_number(o, "window", 0.1, 1)
  if o.spare ~= nil then check_number(o, "spare", 0, 1000) end
  o.name = "own"
  return o
end

--- size.use(which: string | table)
--- "usual", "large", or a table that changes some of a named size's fields.
function M.use(which)
  if type(which) == "table" then
    M.current = own(which)
  elseif named[which] then
    M.current = named[which]
  else
    error(("plot.size: 'usual', 'large' or a table expected; got '%s'"):format(tostring(which)), 3)
  end
end

--- size.hold() -> a value to be closed
--- While the value lives sizes may be changed; when it is closed they are what they were.
function M.hold()
  local before = M.current
  return setmetatable({}, {__close = function() M.current = before end})
end

-- A shape that a figure asks for by itself, as large as it fits into the size.
local function fit(wide, high, o)
  local times = math.min(o.width / wide, o.height / high)
  if o.name == "usual" then times = 1 end
  return math.floor(wide * times + 0.5), math.floor(high * times + 0.5)
end

--- size.of(fig, wide: integer, high: integer) -> integer, integer
--- The pixels of a picture that would usually be wide x high.
function M.of(fig, wide, high)
  local o = M.current
  if fig.width or fig.height then return fit(wide, high, o) end
  if o.name == "usual" then return wide, high end
  return math.floor(o.width), math.floor(o.height)
end

return M
