-- SPDX-License-Identifier: GPL-3.0-or-later
-- What goes on around the loop of train.fit: the history, measurements, the
-- schedule, early stopping, checkpoints and the bar.

local core = require("gradus.core")
local checkpoint = require("gradus.train.checkpoint")
local early = require("gradus.train.early")
local history = require("gradus.train.history")
local measure = require("gradus.train.measure")
local progress = require("gradus.train.progress")

local Run = {__name = "Run"}
Run.__index = Run

local M = {}

local last

--- run.last_history() -> History?
--- The history of the run that began last.
function M.last_history() return last end

--- run.new(net: Module, o: table) -> Run
--- A run of train.fit with its options as settings.read gave them; with o.resume it goes on
--- where the checkpoint ended. It is to be closed.
function M.new(net, o)
  local self = setmetatable({net = net, o = o, mode = net.training, history = history.new(),
    early = early.new(o.early_stop, o.valid ~= nil)}, Run)
  if o.seed then core.seed(o.seed) end
  if o.resume then checkpoint.load(o.resume, net, o, self) end
  self.bar, last = progress.new(o), self.history
  return self
end

--- Run:begin_epoch() -> boolean
--- Begins the next epoch; false when there is none.
function Run:begin_epoch()
  local e = #self.history.epochs + 1
  if e > self.o.epochs or self.history.stopped then return false end
  self.epoch, self.total, self.seen, self.began = e, 0.0, 0, core.clock()
  self.bar:begin(e, self.o)
  self.net:train()
  return true
end

--- Run:step(loss: number, samples: integer) -> boolean
--- Counts a step in; false when it was the last one.
function Run:step(loss, samples)
  self.history:add_step(loss)
  self.total, self.seen = self.total + loss * samples, self.seen + samples
  self.bar:step(loss, samples)
  if loss ~= loss then
    self.why = "the loss is nan" -- nothing good can follow
  elseif self.o.on_step and self.o.on_step(self.history, self.net) == false then
    self.why = "on_step said so"
  end
  return not self.why
end

-- Schedulers that look at a metric (ReduceLROnPlateau) get the watched one.
local function schedule(o, row)
  if not o.scheduler then return end
  if o.scheduler.needs_metric then
    o.scheduler:step(row.valid_loss or row.loss)
  else
    o.scheduler:step()
  end
end

-- The reason to stop after this epoch, or nil.
local function reason_to_stop(self, row)
  if self.why then return self.why end
  local why = self.early and self.early:look(row, self.net)
  if why then return why end
  if self.o.on_epoch and self.o.on_epoch(self.history, self.net) == false then
    return "on_epoch said so"
  end
end

--- Run:end_epoch()
--- Measures, writes the epoch's row, and decides whether it was the last one.
function Run:end_epoch()
  local o, net = self.o, self.net
  local row = {epoch = self.epoch, loss = self.seen > 0 and self.total / self.seen or 0 / 0,
    lr = measure.rate(o.opt), seconds = core.clock() - self.began}
  if o.valid then measure.valid(net, o, row) end
  measure.metrics(net, o, row)
  self.history:add_epoch(row)
  self.bar:finish(row)
  local why = reason_to_stop(self, row)
  schedule(o, row)
  if o.checkpoint then checkpoint.save(o.checkpoint, net, o, self) end
  self.history.stopped = why
end

--- Run:finish() -> History
--- Puts the best weights back, if early stopping kept them.
function Run:finish()
  if self.early then self.early:put_back(self.net, self.history) end
  return self.history
end

-- What broke the run off, in one line. The prompt keeps an error in a table.
local function reason_of(failure)
  if type(failure) == "table" and failure.value then failure = failure.value end
  local text = tostring(failure):match("^[^\n]*")
  return text:find("interrupted", 1, true) and "interrupted" or "an error: " .. text
end

-- The end, Ctrl-C or an error: the net's mode and the bar are put in order.
function Run:__close(failure)
  if self.mode then self.net:train() else self.net:eval() end
  if failure and not self.history.stopped then
    self.history.stopped = reason_of(failure)
    self.bar:close(("epoch %d was broken off; train.last has what was before"):format(self.epoch or 0))
  else
    self.bar:close()
  end
end

return M
