-- SPDX-License-Identifier: GPL-3.0-or-later
-- Few images made to look like many.
--
-- Recipe, fixed before the first run. Digits: 100 to learn from; net 64-128-10, ReLU; Adam 0.001,
-- 1500 steps of 32. Beside the images themselves 20 changed copies of each: shifted by up to 1
-- pixel; turned by up to 15 degrees; with noise 0.1; with contrast 0.3; blurred; mirrored with
-- probability one half; shifted, turned and with noise 0.05. All cut to 0 .. 1.
-- 1  shifted, turned and noisy copies: fewer of 360 held-out digits are wrong than without copies.
-- 2  wrong changes harm: with mirrored copies more are wrong than without copies.

local experiment = require("gradus.lab.experiment")
local learn = require("gradus.lab.learn")
local tensor = require("gradus.tensor")

local M = {}

local arms = {
  {name = "as they are"},
  {name = "shift", {"shift", 1}},
  {name = "rotate", {"rotate", 15}},
  {name = "noise", {"noise", 0.1}},
  {name = "contrast", {"contrast", 0.3}},
  {name = "blur", {"blur", 1}},
  {name = "flip", {"flip", 0.5}},
  {name = "shift, rotate, noise", {"shift", 1}, {"rotate", 15}, {"noise", 0.05}},
}

-- A number of changed copies of images (n, 64), below the images themselves.
local function enlarge(x, arm, copies)
  if #arm == 0 then return x, 1 end
  local steps = {}
  for i, step in ipairs(arm) do steps[i] = step end
  local change = require("gradus.data").augment(steps, {low = 0, high = 1})
  local parts = {x}
  for i = 1, copies do parts[i + 1] = change(x:reshape(-1, 8, 8)):reshape(-1, 64) end
  return tensor.cat(parts, 1), copies + 1
end

local function train(arm, o)
  local set, held = learn.digits {train = o.samples}
  local x, times = enlarge(set.x, arm, o.copies)
  local ys = {}
  for i = 1, times do ys[i] = set.y end
  local net = learn.mlp {64, 128, 10}
  learn.fit(net, {x = x, y = tensor.cat(ys, 1)}, {steps = o.steps, batch = 32,
    opt = require("gradus.optim").Adam(net:parameters(), {lr = 0.001})})
  local run = {error = 100 * (1 - learn.accuracy(net, held)), shown = {}}
  for i = 1, 6 do -- the first image, then copies of it
    local row = 1 + math.min(i - 1, times - 1) * set.x:size(1)
    run.shown[i] = x:narrow(1, row, 1):reshape(1, 8, 8):clone()
  end
  return run
end

local function claims(e, runs)
  local parts = {}
  for i, arm in ipairs(arms) do
    parts[i] = ("%s %s"):format(arm.name, experiment.spread(runs[i], "error"))
  end
  local all, flip = runs[#arms], runs[7]
  e:claim {text = "changed copies of few images give fewer errors", unit = "percentage points "
    .. "fewer wrong",
    threshold = "with shifted, turned and noisy copies fewer are wrong than without copies",
    evidence = "% wrong: " .. table.concat(parts, "; "),
    otherwise = "these digits were centred and brought to one size before they became 8 x 8: new "
      .. "ones are "
      .. "hardly moved or turned, and moving by parts of a pixel blurs. A shift alone helps most",
    each = function(k)
      local less = runs[1][k].error - all[k].error
      return less, less > 0
    end}
  e:claim {text = "changes that make other digits of them do harm", unit = "percentage points "
    .. "more wrong",
    threshold = "with mirrored copies more are wrong than without copies",
    evidence = "as above",
    each = function(k)
      local more = flip[k].error - runs[1][k].error
      return more, more > 0
    end}
end

local function figures(e, runs)
  local plot, heights, spread, names, images, labels = require("gradus.plot"), {}, {}, {}, {}, {}
  for i, arm in ipairs(arms) do
    names[i] = arm.name
    heights[i], spread[i] = experiment.moments(experiment.column(runs[i], "error"))
    for j = 1, 6 do
      images[#images + 1] = runs[i][1].shown[j]
      labels[#labels + 1] = j == 1 and arm.name or " "
    end
  end
  e:figure("errors", plot.bar(heights, {labels = names, spread = spread, flat = true,
    ylabel = "% wrong, held out", title = ("%d digits and %d changed copies of each"):format(
      e.o.samples, e.o.copies)}))
  e:figure("images", plot.images(tensor.cat(images, 1), {columns = 6, labels = labels,
    title = "one digit, then copies of it", width = 800, height = 1000}))
end

--- lab.augment({samples: integer = 100, copies: integer = 20, steps: integer = 1500, seeds: integer = 5}) -> result
--- A net learns from few digits and from changed copies of them: shifted, turned, noisy, blurred,
--- mirrored, ...; what each change is worth, in errors on digits held out.
---
--- Two claims: shifted, turned and noisy copies give fewer errors; mirrored ones more. rows:
--- change, seed, percent_wrong.
--- > r = lab.augment{samples = 10, copies = 1, steps = 5, seeds = 1}
--- > #r.rows, r.rows[2].change
--- 8	shift
function M.augment(given)
  local e = experiment.new("lab.augment", given, {samples = 100, copies = 20, steps = 1500})
  local runs = e:run(arms, function(arm) return train(arm, e.o) end)
  for i, arm in ipairs(arms) do
    for k, run in ipairs(runs[i]) do
      e:row {change = arm.name, seed = e.seeds[k], percent_wrong = run.error}
    end
  end
  claims(e, runs)
  figures(e, runs)
  return e:finish {name = "Few images, changed", runs = runs, columns = {"change", "seed",
    "percent_wrong"},
    look = "which changes a digit survives as the same digit."}
end

return M
