-- SPDX-License-Identifier: GPL-3.0-or-later
-- When a live picture may be drawn again. A training is watched, not slowed: of the time since the
-- picture was made, drawing takes at most a share, however long a frame takes and however short the
-- training is. A frame is due once the share of the time that has passed covers all frames so far and
-- one more; ten a second at most. What gnuplot uses of the processor for its frames counts, too.

local M = {}

local Pace = {}
Pace.__index = Pace

-- Seconds between two looks whether gnuplot is done.
local look = 0.01

-- Before a frame was drawn nobody knows what one costs: 10 ms is much for text and usual for sixel.
local first_guess = 0.01

--- pace.new(clock: function, {share: number = 0.02, all: number = 0.04, shortest: number = 0.1, helper: function}) -> pace
--- clock() gives seconds; helper() the seconds of processor time that another program has used for the frames.
--- What is spent here and there together is at most the share `all`. Its start is not counted: the
--- first reading, at the second frame, is where counting begins.
function M.new(clock, o)
  o = o or {}
  local self = setmetatable({clock = clock, share = o.share or 0.02, all = o.all or 0.04, shortest = o.shortest or 0.1,
    begin = clock(), spent = 0, beside = 0, cost = first_guess, helper = o.helper, helped = 0, help = 0}, Pace)
  self.due = self.begin + self.cost / self.share
  return self
end

-- The time at which the share covers `spent` and the next frame. What each step costs beside the frames
-- (taking a number in) is part of the share; where steps are so short that little is left, a quarter
-- of the share stays for frames.
local function plan(self)
  local now = self.clock()
  local beside = now > self.begin and self.beside / (now - self.begin) or 0
  local function left(share) return math.max(share - beside, share / 4) end
  local own = self.spent + self.cost
  self.due = math.max(self.last + self.shortest, self.begin + own / left(self.share),
    self.begin + (own + self.helped + self.help) / left(self.all))
end

-- What the helper has used since the last frame.
local function read_helper(self)
  local seconds = self.helper()
  local used = self.read and seconds - self.read or 0
  self.read = seconds
  if used <= 0 then return end -- the first reading, or another program
  self.helped, self.help = self.helped + used, math.max(used, self.help * 0.7)
  plan(self)
end

--- pace:count(seconds): what was spent beside the frames.
function Pace:count(seconds) self.beside = self.beside + seconds end

--- pace:is_due() -> boolean
function Pace:is_due()
  if self.clock() < self.due then return false end
  if not self.helper or not self.last then return true end
  read_helper(self)
  return self.clock() >= self.due
end

--- pace:next(waits: boolean) -> the time of the next look: soon, where gnuplot is waited for
function Pace:next(waits)
  local now = self.clock()
  if waits then return now + look end
  return self.due > now and self.due or now + self.shortest
end

--- pace:measure(f, ...) -> what f returns
--- Calls f, which draws a frame, and counts its time. An error in it counts too, and passes.
function Pace:measure(f, ...)
  local from = self.clock()
  local counted <close> = setmetatable({}, {__close = function() -- luacheck: ignore 211
    local now = self.clock()
    -- The dearer of the last frames: one cheap frame among dear ones promises nothing.
    self.cost = math.max(now - from, self.cost * 0.7)
    self.spent, self.last = self.spent + (now - from), now
    plan(self)
  end})
  return f(...)
end

--- pace:passed() -> seconds since it was made
function Pace:passed() return self.clock() - self.begin end

return M
