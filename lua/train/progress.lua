-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a running training shows: a bar on a terminal, plain lines elsewhere,
-- nothing on request; and the live curves of plot.live.

local core = require("gradus.core")
local options = require("gradus.options")

local Bar = {__name = "Progress"}
Bar.__index = Bar

local M = {}

-- Seconds between two drawings of the bar.
local PAUSE = 0.1

local function kind_of(o)
  if o.progress then
    if o.progress ~= "bar" and o.progress ~= "lines" and o.progress ~= "none" then
      error('train.fit: progress is "bar", "lines" or "none"; got ' .. tostring(o.progress), 4)
    end
    return o.progress
  end
  local ok, terminal = pcall(require, "gradus.terminal")
  local shows = ok and terminal.is_terminal(1)
  return shows and os.getenv("TERM") ~= "dumb" and "bar" or "lines"
end

--- progress.new(o: table) -> Progress
--- The progress of a run with the options of train.fit.
function M.new(o)
  local self = setmetatable({kind = kind_of(o), drawn = 0}, Bar)
  if o.live then
    self.live = require("gradus.plot").live({ylabel = "loss", xlabel = "epoch"})
    -- A picture among the lines of a terminal says below it what the lines would say.
    local inside = self.live.kind == "text" or self.live.kind == "sixel"
    if inside and self.kind ~= "none" then self.kind = "below" end
  end
  return self
end

function Bar:begin(epoch, o)
  self.epoch, self.epochs, self.total = epoch, o.epochs, math.max(#o.batches, 1)
  self.done, self.samples, self.began = 0, 0, core.clock()
  self.first, self.start = self.first or epoch, self.start or self.began
end

-- Seconds until the end of the run, if it goes on like this.
local function rest_of(self, share)
  local made = self.epoch - self.first + share
  return made > 0 and (core.clock() - self.start) / made * (self.epochs - self.epoch + 1 - share) or 0
end

local function clock(seconds)
  seconds = math.floor(seconds + 0.5)
  return ("%d:%02d"):format(seconds // 60, seconds % 60)
end

function Bar:_draw(loss)
  local spent = core.clock() - self.began
  local share = math.min(self.done / self.total, 1)
  local filled = math.floor(share * 20)
  io.stdout:write(("\r\27[K%d/%d [%s%s] %s left, %.0f/s, loss %.4g%s"):format(self.epoch, self.epochs,
    ("#"):rep(filled), ("."):rep(20 - filled), clock(rest_of(self, share)),
    self.samples / math.max(spent, 1e-9), loss, self.metrics or ""))
  io.stdout:flush()
end

function Bar:step(loss, samples)
  self.done, self.samples = self.done + 1, self.samples + samples
  if self.kind ~= "bar" then return end
  local now = core.clock()
  if now - self.drawn < PAUSE then return end
  self.drawn = now
  self:_draw(loss)
end

local shown = {epoch = true, seconds = true, lr = true, loss = true, valid_loss = true}

-- The metrics of an epoch: "  valid_loss 0.3  accuracy 0.9".
local function metrics_of(row)
  local parts = {row.valid_loss and ("  valid_loss %.4g"):format(row.valid_loss)}
  for _, name in ipairs(options.keys(row)) do
    if not shown[name] and type(row[name]) == "number" then
      parts[#parts + 1] = ("  %s %.4g"):format(name, row[name])
    end
  end
  return table.concat(parts)
end

local function say(self, text)
  io.stdout:write(self.kind == "bar" and "\r\27[K" or "", text, text ~= "" and "\n" or "")
  io.stdout:flush()
end

function Bar:finish(row)
  self.metrics = metrics_of(row) -- the bar shows those of the last epoch
  local text = ("epoch %d/%d  loss %.4g%s"):format(row.epoch, self.epochs, row.loss, self.metrics)
  if self.live then
    if self.kind == "below" then self.live:status(text) end
    self.live:add("train", row.loss)
    if row.valid_loss then self.live:add("validation", row.valid_loss) end
  end
  if self.kind == "bar" or self.kind == "lines" then say(self, text) end
end

-- The line below the picture is said even where Ctrl-C ends the picture's last frame, too.
function Bar:close(text)
  local done <close> = setmetatable({}, {__close = function() -- luacheck: ignore 211
    if self.kind ~= "none" and (text or self.kind == "bar") then say(self, text or "") end
  end})
  if self.live then self.live:close() end
end

return M
