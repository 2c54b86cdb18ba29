-- SPDX-License-Identifier: GPL-3.0-or-later
-- The training loop. Everything that happens to the weights is in `epoch`
-- below: forward, loss, zero_grad, backward, step. The rest counts, measures
-- and reports.

local core = require("gradus.core")
local checkpoint = require("gradus.train.checkpoint")
local early = require("gradus.train.early")
local history = require("gradus.train.history")
local measure = require("gradus.train.measure")
local progress = require("gradus.train.progress")
local settings = require("gradus.train.settings")

local M = {}

-- lambda_1 sum |w| + lambda_2 sum w^2 over the weights, biases left alone.
local function penalty(net, o)
  local sum
  for _, w in ipairs(net:parameters()) do
    if w:dim() > 1 then
      if o.l1 > 0 then sum = (sum or 0) + w:abs():sum() * o.l1 end
      if o.l2 > 0 then sum = (sum or 0) + w:square():sum() * o.l2 end
    end
  end
  return sum
end

-- One pass over the training data; returns the mean loss of its samples.
local function epoch(net, o, run)
  local total, seen = 0.0, 0
  net:train()
  for x, y in o.batches do
    local loss = o.loss(net(x), y)
    local extra = (o.l1 > 0 or o.l2 > 0) and penalty(net, o)
    o.opt:zero_grad();
    (extra and loss + extra or loss):backward()
    if o.clip then require("gradus.optim").clip_grad_norm_(net:parameters(), o.clip) end
    o.opt:step()
    local value, n = loss:item(), x:size(1)
    total, seen = total + value * n, seen + n
    run.history:add_step(value)
    run.bar:step(value, n)
    if value ~= value then return value end -- nan: nothing good can follow
    if o.on_step and o.on_step(run.history, net) == false then return total / seen, true end
  end
  return seen > 0 and total / seen or 0 / 0
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
local function reason_to_stop(o, run, row, net)
  if row.loss ~= row.loss then return "the loss is nan" end
  local why = run.early and run.early:look(row, net)
  if why then return why end
  if o.on_epoch and o.on_epoch(run.history, net) == false then return "on_epoch said so" end
end

-- Ctrl-C, an error or the end: the net's mode and the bar are put in order.
local function finish(net, run, mode)
  return setmetatable({}, {__close = function(_, failure)
    if failure then run.history.stopped = run.history.stopped or "interrupted" end
    run.bar:close()
    if mode then net:train() else net:eval() end
  end})
end

-- In no table: what hangs on a table of the library would pass for a part of it.
local last

--- fit.last_history() -> History?
--- The history of the run that began last.
function M.last_history() return last end

--- train.fit(net: Module, {data: Dataset, valid: Dataset?, loss: function?, opt: Optimizer?, epochs: integer = 10, batch: integer = 32, scheduler: Scheduler?, metrics: table?, early_stop: boolean|table?, clip: number?, l1: number = 0, l2: number = 0, seed: integer?, checkpoint: string?, resume: string?, live: boolean = false, progress: string?, shuffle: boolean = true}) -> History
--- Trains a net and returns what happened, as data: history.epochs is a list of rows with epoch,
--- loss, valid_loss, lr, seconds and one field a metric; history.steps lists every batch's loss.
---
--- Without `loss` it is cross-entropy for labels and the squared error else; without `opt` it is
--- Adam. metrics = {"accuracy"} names functions of `metrics`, or gives {name = f(truth, output)}.
--- early_stop = {patience = 3, min_delta = 0, monitor = "valid_loss"} stops when nothing gets
--- better and puts the best weights back; nan stops always. progress is "bar", "lines" or "none".
--- `checkpoint` saves after every epoch; `resume` goes on from such a file, bit for bit.
--- Ctrl-C ends it after the last whole step; the history is then in train.last.
--- > gradus.seed(1);
--- > net = nn.Sequential(nn.Linear(1, 1));
--- > set = {x = tensor{{0}, {1}, {2}}, y = tensor{{1}, {3}, {5}}};
--- > h = train.fit(net, {data = set, opt = optim.SGD(net:parameters(), {lr = 0.1}), epochs = 200, batch = 3, progress = "none"});
--- > #h.epochs, h.epochs[200].loss < 1e-3
--- 200	true
function M.fit(net, o)
  o = settings.read(net, o)
  local run = {history = history.new(o), early = early.new(o.early_stop, o.valid ~= nil)}
  run.bar = progress.new(o)
  last = run.history
  if o.seed then core.seed(o.seed) end
  if o.resume then checkpoint.load(o.resume, net, o, run) end
  local _ <close> = finish(net, run, net.training)
  for e = #run.history.epochs + 1, o.epochs do
    run.bar:begin(e, o)
    local began = core.clock()
    local loss, stop = epoch(net, o, run)
    local row = {epoch = e, loss = loss, lr = o.opt.lr or measure.rate(o.opt),
      seconds = core.clock() - began}
    if o.valid then measure.valid(net, o, row) end
    measure.metrics(net, o, row)
    run.history:add_epoch(row)
    run.bar:finish(row)
    local why = reason_to_stop(o, run, row, net) or stop and "on_step said so"
    schedule(o, row)
    if o.checkpoint then checkpoint.save(o.checkpoint, net, o, run) end
    if why then
      run.history.stopped = why
      break
    end
  end
  if run.early then run.early:put_back(net, run.history) end
  return run.history
end

return M
