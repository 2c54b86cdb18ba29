-- SPDX-License-Identifier: GPL-3.0-or-later
-- Pictures that follow a running training: their curves. When they are drawn is said in pace.lua, how
-- in frames.lua.

local figure = require "gradus.plot.figure"
local frames = require "gradus.plot.frames"
local gnuplot = require "gradus.gnuplot"
local make = require "gradus.plot.picture.make"
local pace = require "gradus.plot.pace"
local recorder = require "gradus.recorder"
local screen = require "gradus.plot.screen"
local values = require "gradus.plot.values"

local M = {}

local Live = {}
Live.__index = Live
Live.__name = "Live"
require("gradus.strict").class(Live, "live pictures", {"dead", "done", "files", "height", "kind", "last", "note",
  "pid", "usual"})

local function put(live, name, x, y)
  if values.is_tensor(y) and y:numel() == 1 then y = y:item() end
  if type(y) ~= "number" then
    local got = values.is_tensor(y) and ("a tensor of %d numbers"):format(y:numel()) or type(y)
    error(("live:add: %s: a number expected; got %s"):format(name, got), 0)
  end
  live.recorder:put(name, x, y)
end

--- Live:add(name: string, value: number | tensor)
--- Adds a point to a curve, `add("train", 0.5)` or `add("train", step, 0.5)`, or to several,
--- `add({train = 0.5, valid = 0.6})` or `add(step, {train = 0.5})`, and redraws if it is time.
---
--- A loss may be given as it is, a tensor of one number. In a loop of steps of microseconds `add(name, loss)` is the
--- cheapest form.
--- > l = plot.live({screen = "none"})
--- > l:add("train", 1)
--- > l:add("train", 0.5)
--- > l:figure().marks[1].y
--- {1.0, 0.5}
function Live:add(a, b, c)
  -- What is here takes the first point of a curve, and words that make no sense. All others are taken by the function of
  -- the same name that each picture has from the recorder (src/bind/recorder.c).
  if getmetatable(self) ~= Live then error("live:add: a colon expected, not a point: live:add(...)", 3) end
  local name, x, t = a, b, c
  if c == nil then x, t = nil, b end
  if type(a) ~= "string" then name, x, t = nil, b ~= nil and a or nil, b == nil and a or b end
  local plain = type(t) == "table"
  if plain == (name ~= nil) or not (x == nil or type(x) == "number") then
    error("live:add: expected (name, value), (name, step, value) or a table {name = value}", 3)
  end
  if name then return put(self, name, x, t) end
  local names = {}
  for key in pairs(t) do names[#names + 1] = tostring(key) end
  table.sort(names)
  for _, key in ipairs(names) do put(self, key, x, t[key]) end
end

-- What cannot be drawn, of all numbers that came: the curves hold fewer.
local function add_notes(notes, live, name)
  local given, nans, infs, first, low = live.recorder:counts(name)
  local bad = nans + infs
  notes:add(bad > 0 and values.words({n = bad, nan = nans, inf = infs, first = first}, given, name) or nil)
  notes:add(live.options.ylog and figure.log_words(low, given - bad, name) or nil)
end

--- Live:figure() -> figure
--- What there is so far, as a figure of its own.
--- > l = plot.live({screen = "none", title = "loss"})
--- > l:figure().title
--- loss
function Live:figure()
  if self.options.figure then return self.options.figure() end
  local o, marks, notes = self.options, {}, figure.notes()
  for i, name in ipairs(self.recorder:names()) do
    local x, y = self.recorder:read(name, 400)
    marks[i] = {kind = "line", x = x, y = y, color = i, name = name, lost = true}
    add_notes(notes, self, name)
  end
  return make.figure({title = o.title, xlog = o.xlog, ylog = o.ylog,
    yrange = o.yrange}, {marks = marks, notes = notes, x = {label = o.xlabel, whole = true},
    y = {label = o.ylabel}})
end

local function has_points(live)
  return live.options.figure or #live.recorder:names() > 0
end

-- Training goes on whatever happens to the picture. f returns false when the frame was dropped, or is not
-- there yet.
local function guarded(live, f, ...)
  local ok, why = pcall(f, ...)
  if not ok then
    if tostring(why):find("interrupted", 1, true) then error(why, 0) end
    live.dead = true
    screen.tell("live picture ended: " .. tostring(why))
  elseif why ~= false then
    live.frames = live.frames + 1
  end
end

local function frame(live)
  return frames.draw(live, live:figure())
end

-- A frame, if it is time for one.
local function draw(live)
  if live.files then
    if frames.waits(live) then guarded(live, live.pace.measure, live.pace, frames.finish, live) end
  elseif live.pace:is_due() and has_points(live) and not frames.closed(live) then
    guarded(live, live.pace.measure, live.pace, frame, live)
  end
end

-- The recorder calls this when its time is due, and is told when to call again.
local function look(live)
  live.pace:count(live.recorder:work() * live.unit)
  if live.done or live.dead or not live.kind then return live.recorder:due(math.huge) end
  draw(live)
  live.recorder:due(live.pace:next(live.files))
end

--- Live:update()
--- Redraws if it is time; `add` does that by itself. For a live picture made with `figure =`.
--- > plot.live({screen = "none", figure = function() return plot.curve({1, 2}) end}):update()
function Live:update()
  look(self)
end

--- Live:status(text: string)
--- A line shown below a live picture drawn with characters.
--- > plot.live({screen = "none"}):status("epoch 3")
function Live:status(text)
  self.note = text and require("gradus.plot.quote").clean(text) or nil
end

--- Live:close() -> figure
--- The last frame, and the whole figure for saving. A window stays open.
--- > l = plot.live({screen = "none"})
--- > l:add("loss", 1)
--- > fig = l:close()
--- > #fig.marks
--- 1
function Live:close()
  if self.done then return self.last end
  self.done = true
  self.recorder:due(math.huge)
  if not has_points(self) then return nil end
  self.last = self:figure()
  if not self.dead and not frames.closed(self) then
    if self.kind then
      guarded(self, frames.last, self, self.last)
    elseif self.screen ~= "none" then
      self.last:show()
    end
  end
  return self.last
end

Live.__close = Live.close

function Live:__tostring()
  return ("live picture: %d curves, %d frames, %.3f s"):format(#self.recorder:names(), self.frames, self.pace.spent)
end

-- What adding one number costs, call included: the least of some rounds.
local add_seconds
local function measured()
  if add_seconds then return add_seconds end
  local probe, least, n = {}, 1, 40
  local into
  into, probe.add = recorder.new(function() into:put("probe", nil, 0) end, function() end)
  for _ = 1, 6 do
    local from = gnuplot.clock()
    for _ = 1, n do probe:add("probe", 0.5) end
    least = math.min(least, (gnuplot.clock() - from) / n)
  end
  add_seconds = least
  return least
end

--- plot.live({title, xlabel, ylabel, ylog, window: integer = 2, figure: function}) -> live
--- A picture that follows a training: `l = plot.live{ylabel = "loss"}`, then `l:add("train", loss)`
--- in the loop and `l:close()` after it. With `figure = function() ... end` any figure is
--- redrawn by `l:update()`.
---
--- At most ten frames a second and at most 2 % of the time, adding included, 4 % with what gnuplot does beside it; frames
--- that would cost more are dropped, the first comes after half a second. Of a long curve as many points are kept as a screen can show,
--- with its extremes and with what is not finite. Closing the window ends the picture, not the training. Where there is
--- no terminal and no window, the last frame is saved.
--- > tostring(plot.live({screen = "none"}))
--- live picture: 0 curves, 0 frames, 0.000 s
function M.live(o)
  o = require("gradus.options").read("plot.live", o, {xlabel = "step", ylabel = "loss", window = 2},
    {"title", "ylog", "xlog", "yrange", "figure", "screen", "clock"})
  local live = setmetatable({options = o, frames = 0, screen = o.screen or screen.now()}, Live)
  live.kind = frames.kind(live.screen)
  -- On a clock of a test's own nothing takes time but what it says.
  live.pace = pace.new(o.clock or gnuplot.clock, {helper = not o.clock and frames.needs_gnuplot(live.kind) and
    gnuplot.seconds or nil})
  live.unit = o.clock and 0 or measured()
  live.recorder, live.add, live.update = recorder.new(Live.add, function() look(live) end, o.clock, o.xlog)
  live.recorder:due(live.pace:next())
  return live
end

return M
