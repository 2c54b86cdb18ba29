-- SPDX-License-Identifier: GPL-3.0-or-later
-- why: says in plain words what is wrong with a net, or fine, with evidence and a command to try.

local asked = require("gradus.lab.why.asked")
local core = require("gradus.core")
local look = require("gradus.lab.why.look")
local notice = require("gradus.notice")
local rules = require("gradus.lab.why.rules")
local trials = require("gradus.lab.why.trials")

local M = {}

local Diagnosis = {__name = "diagnosis"}
Diagnosis.__index = Diagnosis

local SHORTER, STEPS = {0.01, 0.1, 1}, 12
local FASTER, MANY = {3, 10, 30, 100, 300}, 300
local FURTHER, MARKS = {3, 10, 30, 100, 300, 1000}, {10, 20, 30, 50, 100} -- where steps begin to do harm
local SEED = 20100 -- of what is drawn here: the same net and data get the same answer
local WORK = 5e5 -- multiplications a sample, above which so many steps take too long
local HINT = 8 -- from how many times faster on another rate is named where nothing is wrong
local LONGER, LONG = {10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8}, 100

-- The paths of the layers as one writes them: [1], [2][1], .conv.
local function add_paths(net, seen)
  local path = require("gradus.nn.describe").paths(net)
  for _, row in ipairs(seen.rows) do row.path = path[row.name] or row.name end
  for _, row in ipairs(seen.functional or {}) do
    row.path = row.before and ("%s after %s"):format(row.op, row.before.path) or row.op
  end
end

-- A record: a History of train.fit, a list of losses, or {train = {...}, valid = {...}}.
local function read_run(history)
  if not history then return nil end
  local steps = history.steps and #history.steps > 0 and history.steps or history.train or history
  if type(steps) ~= "table" or #steps == 0 then return nil end
  local some = math.max(1, math.min(10, #steps // 10))
  local function mean(from, to)
    local sum = 0
    for i = from, to do sum = sum + steps[i] end
    return sum / (to - from + 1)
  end
  local run = {n = #steps, start = steps[1], first = mean(1, some), last = mean(#steps - some + 1, #steps),
    highest = -math.huge}
  for _, v in ipairs(steps) do run.highest = math.max(run.highest, v) end
  for epoch, v in ipairs(history.valid or {}) do
    if v < (run.best_valid or math.huge) then run.best_valid, run.best_epoch = v, epoch end
  end
  return run
end

-- The loss of predicting the mean, or the shares of the classes.
local function scale_of(seen, y)
  if seen.entropy then return math.max(seen.entropy, 0.1) end
  if y and y:numel() > 1 and look.is_finite(y) then return math.max(y:stats().std ^ 2, 1e-12) end
end

local function batches_of(set, n)
  local list, size = {}, set.x:size(1)
  for i = 1, math.min(4, math.max(1, size // n)) do
    local at = (i - 1) * n + 1
    local some = math.min(n, size - at + 1)
    local order = core.randperm(size):narrow(1, at, some)
    list[i] = {set.x:index_select(1, order), set.y:index_select(1, order)}
  end
  return list
end

local function measure_overfit(net, set, o, seen)
  if not o.valid then return end
  local train = require("gradus.train")
  seen.train_loss = train.evaluate(net, set, o.loss)
  seen.valid_loss = train.evaluate(net, o.valid, o.loss)
end

-- Few steps at each rate tell which is too high; whether one is too low only many can tell, and only
-- where they hardly change the loss, others are tried as long.
local function try_rates(net, o, batches)
  local before, after, peaks = trials.rates(net, o.opt, batches, o.loss, SHORTER, STEPS)
  if not before then return nil end
  local rates = {before = before, after = after, peaks = peaks, steps = STEPS, long_steps = LONG,
    longer = LONGER}
  if not (after[3] <= before) or not (peaks[3] <= 3 * before) then -- many steps tell a bad start from a bad rate
    rates.later = select(2, trials.rates(net, o.opt, batches, o.loss, SHORTER, LONG))
  end
  if math.abs(after[3] - before) < 0.05 * math.abs(before) then
    rates.long = select(2, trials.rates(net, o.opt, batches, o.loss, {1}, LONG))[1]
    if math.abs(rates.long - before) < 0.3 * math.abs(before) then
      rates.far = select(2, trials.rates(net, o.opt, batches, o.loss, {1000}, STEPS))[1]
      rates.others = select(2, trials.rates(net, o.opt, batches, o.loss, LONGER, LONG))
      rates.edge = trials.edge(net, o.opt, batches, o.loss, FURTHER, MARKS)
    end
  end
  return rates
end

-- Multiplications of all layers for one sample.
local function work(seen)
  local sum = 0
  for _, row in ipairs(seen.rows) do sum = sum + (row.weights and row.weights.inputs * row.units or 0) end
  return sum
end

local function try_things(net, set, o, seen)
  if not set.y or seen.error then return end
  local batches = batches_of(set, 64)
  if not seen.bad then seen.random = trials.is_random(net, batches[1][1]) end
  if o.step then seen.step = trials.step(net, o.opt, batches, o.step) end
  if o.evaluate then seen.evaluated = trials.evaluate(net, batches, o.evaluate) end
  if o.opt and seen.data.finite and not (seen.bad or seen.broken_targets) then
    seen.rates = try_rates(net, o, batches)
    seen.lr = o.opt.param_groups[1].lr
  end
  return batches
end

-- Whether a higher rate would be much faster is asked only where nothing else is wrong: it takes the most steps.
local function try_speed(net, o, seen, batches)
  if not seen.rates or work(seen) > WORK then return end
  notice.hush(function()
    seen.rates.edge = seen.rates.edge or trials.edge(net, o.opt, batches, o.loss, FURTHER, MARKS)
    seen.speed = trials.speed(net, o.opt, batches, o.loss, FASTER, MANY)
  end)
end

local function healthy_sentences(seen)
  local list, first = {}, seen.carriers[1]
  local d, last = seen.data, seen.carriers[#seen.carriers]
  if d.finite then list[#list + 1] = ("the data have mean %.2g and std %.2g"):format(d.mean, d.std) end
  if first and last ~= first then
    list[#list + 1] = ("the std is %.2g after the first hidden layer and %.2g after the last"):format(
      first.std, last.std)
    if first.gradient and last.gradient then
      list[#list + 1] = ("gradients there are %.2g and %.2g"):format(first.gradient, last.gradient)
    end
  end
  if seen.loss then list[#list + 1] = ("the loss of the batch is %.3g"):format(seen.loss) end
  if seen.rates and seen.rates.after[3] == seen.rates.after[3] then
    list[#list + 1] = ("%d steps at %.3g take the loss from %.3g to %.3g"):format(seen.rates.steps,
      seen.lr, seen.rates.before, seen.rates.after[3])
  end
  return list
end

-- What is no fault and yet worth knowing: a rate at which the loss falls many times faster, or that steps could be hundreds
-- of times as long.
local function hint(seen, findings)
  if findings[1] then return end
  local speed, lr, room = seen.speed, seen.lr, rules.room(seen)
  if speed and speed.times >= HINT and speed.after >= 0.01 * speed.before then
    return {times = speed.times, rate = lr * speed.factor, text = rules.faster(seen, speed)}
  end
  return room
end

local function judge(seen)
  local findings = {}
  for _, rule in ipairs(rules.list) do
    local ok, found = pcall(rule, seen)
    if not ok then error(found, 0) end
    if found and not (findings[1] and findings[#findings].fault == found[1]) then
      findings[#findings + 1] = {fault = found[1], title = found[2], evidence = found[3],
        try = found[4]}
    end
  end
  return findings
end

--- lab.why(net: Module, data: Dataset|tensor, {loss: function?, opt: Optimizer?, history: History?, valid: Dataset?, step: function(x, y)?, evaluate: function(x, y)?, batch: integer = 256}) -> diagnosis
--- Says in plain words what is wrong with a net, or fine, with evidence and a command to try; the
--- prompt knows it as `why`. It runs a batch through a copy of the net, forward and backward; nothing
--- of the net, the optimiser or the random numbers changes.
---
--- The more it is given, the more it sees. The net and the data show signals and gradients that vanish or
--- explode, dead, saturated and symmetric units, data that are not normalised, an output that does
--- not know the shares of the classes, and where NaN begins. `opt` is tried at other rates, on
--- copies. `history` (of train.fit, or a list of losses) shows runs that blew up; `valid` shows
--- overfitting; `step` and `evaluate`, your own functions, are called once, watched and undone:
--- the wrong mode, a forgotten zero_grad, parameters that no optimiser has.
---
--- The result has `fault` (of the first finding, "none", or "error" where the pass failed), `findings` (each with fault, title,
--- evidence, try), `hint` (where nothing is wrong, but the loss would fall at least 8 times faster at a higher
--- rate: times, rate; or steps hundreds of times as long do no harm: room, rate) and `seen` (the numbers). The same net, data and
--- clues get the same answer.
--- > gradus.seed(1);
--- > layers = {}
--- > for i = 1, 9 do layers[2 * i - 1], layers[2 * i] = nn.Linear(32, 32), nn.ReLU() end
--- > net = nn.Sequential(table.unpack(layers))
--- > d = lab.why(net, tensor.randn(100, 32))
--- > d.fault, #d.findings
--- vanishing	1
--- > lab.why(nn.init.apply(net, "kaiming_normal", {nonlinearity = "relu"}), tensor.randn(100, 32)).fault
--- none
function M.why(net, set, given)
  local o
  set, o = asked.read(net, set, given, 2)
  if set.y then o.loss = o.loss or require("gradus.train.task").loss(set) end
  local random <close> = setmetatable({core.random_state()}, {__close = function(t)
    core.random_state(t[1])
  end})
  assert(random)
  core.seed(SEED)
  local x, y = look.batch(set, o.batch)
  local seen, batches
  notice.hush(function()
    seen = look.net(net, x, y, o.loss, set.y)
    add_paths(net, seen)
    seen.data, seen.run = look.data(set.x), read_run(o.history)
    seen.loss_kind = seen.loss_kind or type(o.loss) == "table" and o.loss.kind and o.loss:kind() or
      o.loss == require("gradus.nn").cross_entropy and "CrossEntropyLoss" or nil
    seen.scale = scale_of(seen, y)
    seen.broken_targets = set.y and not look.is_finite(set.y)
    if not (seen.bad or seen.error or seen.broken_targets) then measure_overfit(net, set, o, seen) end
    batches = try_things(net, set, o, seen)
  end)
  rules.prepare(seen)
  local findings = judge(seen)
  if #findings == 0 then
    try_speed(net, o, seen, batches)
    findings = judge(seen)
  end
  local fault = seen.error and "error" or findings[1] and findings[1].fault or "none"
  return setmetatable({findings = findings, fault = fault,
    hint = hint(seen, findings), fine = healthy_sentences(seen), seen = seen}, Diagnosis)
end

-- As wide as the terminal, and 100 columns at most.
local function columns()
  local terminal = require("gradus.terminal")
  return terminal.is_terminal(1) and math.min(100, (terminal.size())) or 100
end

local function wrap(text, indent)
  local lines, line, width = {}, indent, columns()
  for word in text:gmatch("%S+") do
    if #line + #word + 1 > width and line ~= indent then
      lines[#lines + 1], line = line, indent
    end
    line = line == indent and line .. word or line .. " " .. word
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n")
end

local function sentence(text)
  return text:sub(1, 1):upper() .. text:sub(2) .. "."
end

function Diagnosis:__tostring()
  local lines = {}
  if self.seen.error then lines[1] = wrap("The pass failed: " .. self.seen.error, "") end
  for i, f in ipairs(self.findings) do
    lines[#lines + 1] = (i == 1 and "" or "also: ") .. (i == 1 and sentence(f.title) or f.title .. ".")
    lines[#lines + 1] = wrap(sentence(f.evidence), "  ")
    lines[#lines + 1] = wrap("Try: " .. f.try, "  ")
  end
  if #lines == 0 then
    lines[1] = "Nothing is wrong that one can see here."
    for _, text in ipairs(self.fine) do lines[#lines + 1] = wrap(sentence(text), "  ") end
    if self.hint then lines[#lines + 1] = wrap("But " .. self.hint.text .. ".", "  ") end
  end
  return table.concat(lines, "\n")
end

return M
