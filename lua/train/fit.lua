-- SPDX-License-Identifier: GPL-3.0-or-later
-- The training loop. All that happens to the weights is the five lines in the
-- middle: forward, zero_grad, backward, step. `run` (train/run.lua) counts,
-- measures, reports and says when to stop; settings.lua fills in what `o` leaves
-- out. To change the loop, copy this file and load the copy with dofile.

local run_of = require("gradus.train.run").new
local clip_grad_norm_ = require("gradus.optim").clip_grad_norm_
local settings = require("gradus.train.settings")

local M = {}

--- train.fit(net: Module, {data: Dataset, valid: Dataset?, loss: function?, opt: Optimizer?, epochs: integer = 10, batch: integer = 32, scheduler: Scheduler?, metrics: table?, early_stop: boolean|table?, clip: number?, l1: number = 0, l2: number = 0, seed: integer?, checkpoint: string?, resume: string|boolean?, live: boolean = false, progress: string?, shuffle: boolean = true, on_step: function?, on_epoch: function?}) -> History
--- Trains a net and returns what happened, as data: history.epochs is a list of rows with epoch,
--- loss, valid_loss, lr, seconds and one field a metric; history.steps lists every batch's loss.
---
--- Without `loss` it is cross-entropy for labels and the squared error else; without `opt` it is
--- Adam. metrics = {"accuracy"} names functions of `metrics`, or gives {name = f(truth, output)}.
--- early_stop = {patience = 3, min_delta = 0, monitor = "valid_loss"} stops when nothing gets
--- better and puts the best weights back; nan stops always. progress is "bar", "lines" or "none".
--- `checkpoint` saves after every epoch; `resume` goes on from such a file, bit for bit; with
--- resume = true from the checkpoint, if it is there.
--- `live` draws the curves meanwhile; on_step(history, net) and on_epoch(history, net) are called
--- after each and end the training by returning false. Ctrl-C ends it after a whole step; the
--- history is then in train.last.
--- > gradus.seed(1);
--- > net = nn.Sequential(nn.Linear(1, 1));
--- > set = {x = tensor{{0}, {1}, {2}}, y = tensor{{1}, {3}, {5}}};
--- > h = train.fit(net, {data = set, opt = optim.SGD(net:parameters(), {lr = 0.1}), epochs = 200, batch = 3, progress = "none"});
--- > #h.epochs, h.epochs[200].loss < 1e-3
--- 200	true
function M.fit(net, o)
  o = settings.read(net, o)
  local run <close> = run_of(net, o) -- also when Ctrl-C or an error ends the loop
  while run:begin_epoch() do
    for x, y in o.batches do
      local loss = o.loss(net(x), y)
      local whole = o.penalty and loss + o.penalty(net) or loss -- l1 and l2
      o.opt:zero_grad()
      whole:backward()
      if o.clip then clip_grad_norm_(net:parameters(), o.clip) end
      o.opt:step()
      if not run:step(loss:item(), x:size(1)) then break end
    end
    run:end_epoch()
  end
  return run:finish()
end

return M
