-- SPDX-License-Identifier: GPL-3.0-or-later
-- Layers that have learnt something before the net is trained as a whole.
--
-- Recipe, fixed before the first run. Digits: 100 with labels, 1337 more without; net
-- 64-64-64-64-10 of sigmoids. Layers as drawn; each learnt as an autoencoder on all 1437 digits
-- without labels (20 epochs, Adam 0.003); each learnt with the 100 labels under an output layer of
-- its own (20 epochs). Then the whole net on the 100 labels: Adam 0.003, 600 steps of 25.
-- 1  autoencoders: at the end at least 2 percentage points fewer of 360 held-out digits are wrong
--    than with layers as drawn.
-- 2  greedy, with labels: fewer wrong than with layers as drawn.
-- 3  faster: after 100 steps, with autoencoders fewer are wrong than with layers as drawn.

local bands = require("gradus.lab.bands")
local experiment = require("gradus.lab.experiment")
local learn = require("gradus.lab.learn")

local M = {}

local arms = {{name = "as drawn", kind = "none"}, {name = "autoencoders", kind = "autoencoder"},
  {name = "greedy, labels", kind = "supervised"}}

local EVERY = 20

local function train(arm, o)
  local data = require("gradus.data")
  local all, held = learn.digits()
  local labelled = data.subset(all, bands.steps(o.labels, 1, 1))
  local net = require("gradus.train").stack(labelled, {o.width, o.width, o.width}, {kind = arm.kind,
    epochs = o.epochs, fine_tune = 0, lr = 0.003,
    unlabelled = arm.kind == "autoencoder" and all.x or nil}).net
  local run = {error = {100 * (1 - learn.accuracy(net, held))}}
  learn.fit(net, labelled, {steps = o.steps, batch = 25,
    opt = require("gradus.optim").Adam(net:parameters(), {lr = 0.003}), each = function(step)
      if step % EVERY == 0 then table.insert(run.error, 100 * (1 - learn.accuracy(net, held))) end
    end})
  run.final = run.error[#run.error]
  run.early = run.error[math.min(#run.error, 1 + 100 // EVERY)]
  return run
end

local function claims(e, runs)
  local function wrong(field)
    local parts = {}
    for i, arm in ipairs(arms) do
      parts[i] = ("%s %s"):format(arm.name, experiment.spread(runs[i], field))
    end
    return table.concat(parts, ", ")
  end
  local function fewer(i, field, least)
    return function(k)
      local less = runs[1][k][field] - runs[i][k][field]
      return less, less > 0 and less >= least
    end
  end
  e:claim {text = "with few labels, layers learnt as autoencoders give fewer errors", unit =
    "percentage points fewer wrong",
    threshold = "at the end at least 2 percentage points fewer are wrong than with layers as drawn",
    evidence = "% wrong at the end: " .. wrong("final"), each = fewer(2, "final", 2)}
  e:claim {text = "layers learnt greedily with the few labels give fewer errors", unit =
    "percentage points fewer wrong", threshold = "at the end fewer are wrong than with layers as "
      .. "drawn",
    evidence = "as above",
    otherwise = "the layers have learnt the few labels by heart: they begin ahead, but what they "
      .. "pass on "
      .. "is what tells these labels apart, no more; the autoencoders have seen all digits",
    each = fewer(3, "final", 0)}
  e:claim {text = "the whole net then learns faster", unit = "percentage points fewer wrong",
    threshold = "after 100 steps fewer are wrong with autoencoders than with layers as drawn",
    evidence = "% wrong after 100 steps: " .. wrong("early"), each = fewer(2, "early", 0)}
end

--- lab.pretrain({labels: integer = 100, width: integer = 64, epochs: integer = 20, steps: integer = 600, seeds: integer = 5}) -> result
--- A deep net of sigmoids with few labels: its layers as drawn, learnt one by one as autoencoders
--- on digits without labels, or learnt one by one with the labels; then trained as a whole.
---
--- Three claims: autoencoders give fewer errors; greedy layers do; the whole net then learns
--- faster. rows: layers, seed, step, percent_wrong.
--- > r = lab.pretrain{labels = 20, width = 4, epochs = 1, steps = 20, seeds = 1}
--- > #r.rows, r.rows[3].layers
--- 6	autoencoders
function M.pretrain(given)
  local e = experiment.new("lab.pretrain", given, {labels = 100, width = 64, epochs = 20,
    steps = 600})
  local runs = e:run(arms, function(arm) return train(arm, e.o) end)
  local list, x = {}, bands.steps(#runs[1][1].error, EVERY)
  for i, arm in ipairs(arms) do
    list[i] = {arm.name, x, bands.columns(runs[i], "error")}
    for k, run in ipairs(runs[i]) do
      for j, error in ipairs(run.error) do
        e:row {layers = arm.name, seed = e.seeds[k], step = x[j], percent_wrong = error}
      end
    end
  end
  claims(e, runs)
  e:figure("errors", bands.curve(list, {xlabel = "step of the whole net", yrange = {0, 100},
    ylabel = "% wrong, held out", title = ("%d labels, four layers of sigmoids"):format(e.o.labels)}))
  return e:finish {name = "Layers that have learnt before", runs = runs,
    columns = {"layers", "seed", "step", "percent_wrong"},
    look = "how long the net with layers as drawn stays where it began."}
end

return M
