-- SPDX-License-Identifier: GPL-3.0-or-later
-- The rules of `why`, causes before effects: data that are not normalised saturate units, and
-- saturated units make gradients vanish, so the first rule that speaks names the fault.
--
-- A rule looks at what was seen and returns nil, or {fault, title, evidence, try}. `seen` has the
-- fields of look.net (rows, loss, entropy, ...), and data, run (the recorded losses), rates,
-- speed, step, evaluated, valid_loss.

local look = require("gradus.lab.why.look")
local weights = require("gradus.lab.why.weights")

local M = {}

-- From where on something counts as a fault. Healthy nets stay clear of these by far.
local limits = {
  scale = 4, small = 0.02, offset = 5, spread = 30,     -- of the data
  distinct = 0.5,                                       -- share of units that differ
  fade = 0.05, grow = 20, gradient = 50,                -- across the hidden layers
  dead = 0.6, all_dead = 0.9, saturated = 0.5,          -- shares of a layer
  surplus = 0.1,                                        -- nats that a wrong prior costs
  rise = 1.1, bounce = 0.05, jump = 10, enough = 0.05, progress = 0.3,    -- of the loss
  low = 0.4, storm = 50,                                -- of the loss after many steps, on the way there
  standstill = 0.2,                                     -- of what a better rate gains
  faster = 22, halved = 0.5,                            -- times, and of the loss
  edge = 300, still = 0.85,                             -- times the rate; of the loss after a hundred steps
  bias = 3,                                             -- mean size of a layer's biases
  gap = 0.25,                                           -- of the loss of knowing nothing
}

local function name_of(row)
  return row.op and row.path or ("%s (%s)"):format(row.path, row.kind)
end

-- The outputs that carry the signal: activations, or weighted layers where there are none; the last
-- weighted layer makes the output and is no carrier.
local function carriers(seen)
  local list, plain, last = {}, {}, nil
  for i, row in ipairs(seen.rows) do if row.weights then last = i end end
  for i, row in ipairs(seen.rows) do
    if look.activations[row.kind] and i < last then list[#list + 1] = row end
    if row.weights and i < last then plain[#plain + 1] = row end
  end
  return #list > 0 and list or plain
end

local function weighted(seen)
  local list = {}
  for _, row in ipairs(seen.rows) do if row.weights then list[#list + 1] = row end end
  return list
end

-- Batch norm takes any scale, and an embedding takes indices.
local function takes_any_scale(seen)
  local first = seen.rows[1]
  return first and (first.kind:find("Norm") ~= nil or first.kind == "Embedding")
end

-- --- numbers that are none ----------------------------------------------------------------

local function broken_data(seen)
  if seen.data.finite and not seen.broken_targets then return end
  if seen.data.finite then
    return {"nan", "the targets hold NaN or infinity",
      "not all numbers of y are finite, and no loss that is computed from those that are not can be",
      "y:ne(y):sum() counts the NaN; leave those samples out"}
  end
  return {"nan", "the data hold NaN or infinity",
    "not all numbers of x are finite before any layer has run, so nothing after it can be",
    "x:ne(x):sum() counts the NaN; data.Standardize divides by a std of 0 where a feature is constant"}
end

local function not_finite(seen)
  local bad = seen.bad
  if not bad then return end
  if bad.parameter then
    return {"nan", "a parameter is no longer finite",
      ("'%s' holds NaN or infinity before the pass: an earlier step blew up"):format(bad.parameter),
      "make the net anew and train with a smaller rate, or optim.clip_grad_norm_(net:parameters(), 1)"}
  end
  local op = bad.op
  local where = bad.before and "before " .. name_of(bad.layer) or bad.layer and "in " ..
    name_of(bad.layer) or bad.after and "after the last layer" or "in the loss"
  if op then where = where .. (", by the operation '%s'"):format(op) end
  local try = (op == "log" or op == "sqrt" or op == "pow") and
    "keep its input above 0 (clamp it to at least 1e-6), or use the loss that works on scores" or
    op == "div" and "keep the divisor away from 0, as in x / (s + 1e-6)" or
    "look at what goes into that layer; nn.first_nan(net, x) names it, too"
  return {"nan", "NaN or infinity begins " .. where, op and
    "all inputs of that operation are finite, its output is not" or
    "the data are finite, what reaches that layer is not", try}
end

-- --- the data ---------------------------------------------------------------------------------

local function raw_data(seen)
  local d = seen.data
  if not d.finite or d.n < 8 or takes_any_scale(seen) then return end
  local text
  if d.std > limits.scale or d.std < limits.small then
    text = ("the values of x run from %.3g to %.3g with std %.3g"):format(d.low, d.high, d.std)
  elseif math.abs(d.mean) > limits.offset * d.std then
    text = ("the mean of x is %.3g, its std only %.3g"):format(d.mean, d.std)
  elseif d.biggest > limits.offset and d.biggest > limits.spread * d.middle then
    text = ("feature %d has std %.3g, the median of all features is %.3g"):format(d.feature,
      d.biggest, d.middle)
  else
    return
  end
  return {"raw_data", "the data are not normalised",
    text .. "; initialisers and rates are made for mean 0 and std 1",
    "t = data.Standardize():fit(train.x); x = t:apply(train.x), and the same t for other data"}
end

-- --- the weights ------------------------------------------------------------------------------

local function symmetric(seen)
  if seen.bad then return end
  local list = weighted(seen)
  for i, row in ipairs(list) do
    local w = row.weights
    if i < #list and w.units >= 4 and w.distinct <= limits.distinct * w.units then
      return {"symmetric", "units are copies of each other",
        ("%s has %d units but only %d different one%s%s; equal units get equal gradients and stay " ..
          "equal"):format(name_of(row), w.units, w.distinct, w.distinct == 1 and "" or "s",
          weights.are_equal(w) and (" (weights %s)"):format(weights.text(row)) or ""),
        weights.command(seen.activation)}
    end
  end
end

-- The geometric mean of the ratios of a field from the first to the last carrier, and the whole.
local function across(list, field)
  local first, last = list[1], list[#list]
  local a, b = first and first[field], last and last[field]
  if #list < 3 or not a or not b or a <= 0 then return end
  return (b / a) ^ (1 / (#list - 1)), b / a, first, last
end

-- What theory says of these weights, for a plain chain of wide layers.
local function theory(seen)
  local w = seen.middle and seen.middle.weights
  if not (w and seen.activation) or w.gain > 1e6 or math.abs(w.mean) > 0.5 * w.std then return end
  local t = require("gradus.lab.theory").theory(seen.activation, {depth = 6, w = w.gain})
  return t.forward[6] / t.forward[5], math.sqrt(t.chi[5])
end

-- The weighted layer right before an activation.
local function feeding(seen, row)
  if row.before then return row.before end
  local found
  for _, r in ipairs(seen.rows) do
    if r == row then return found end
    if r.weights then found = r end
  end
end

-- What of the layer before it puts a unit to sleep: biases that are large, or else its weights.
local function why_layer(seen, row)
  local from = feeding(seen, row)
  if not (from and from.weights) then return "" end
  if from.weights.bias > limits.bias then
    return ("; the biases of %s are %.3g in size on average"):format(name_of(from), from.weights.bias)
  end
  return ("; the weights of %s are %s"):format(name_of(from), weights.text(from))
end

local function why_weights(seen)
  local row = seen.middle
  if not row then return "" end
  local forward, backward = theory(seen)
  return ("; the weights of %s are %s%s"):format(name_of(row), weights.text(row),
    forward and ("; with %s theory says %.2g forward and %.2g backward a layer"):format(
    seen.activation, forward, backward) or "")
end

-- A signal that grows although its weights alone would keep it: sums, as skips make them, do that.
local function grows_by_sums(seen, step)
  local forward = theory(seen)
  if not (forward and step and forward < 1.1 and step > 1.1 * forward) then return end
  return ("; the weights alone (those of %s are %s) would let it grow by %.2g, so it is the sums " ..
    "of the skips that make it grow"):format(name_of(seen.middle), weights.text(seen.middle), forward),
    "nn.LayerNorm at the beginning of each block, or its last weights and biases 0 at first"
end

-- Activations, be they layers or functions.
local function activations(seen)
  local list = {}
  for _, rows in ipairs {seen.carriers, seen.functional or {}} do
    table.move(rows, 1, #rows, #list + 1, list)
  end
  return list
end

local function dead_rows(seen, limit)
  local worst
  for _, row in ipairs(activations(seen)) do
    if row.kind == "ReLU" and row.dead > limit and row.dead > (worst and worst.dead or 0) then
      worst = row
    end
  end
  return worst
end

-- Training itself puts units to sleep; in a net that learns only nearly all of them are a fault.
local function dead(limit)
  return function(seen)
    local row = dead_rows(seen, limit)
    if not row or limit < limits.all_dead and seen.learns then return end
    return {"dead", "units are dead",
      ("%.0f %% of the %d units of %s are 0 for every sample: their gradient is 0, and no step wakes " ..
        "them%s"):format(100 * row.dead, row.units, name_of(row), why_layer(seen, row)),
      "nn.LeakyReLU(0.1) in its place, biases of 0 and " .. weights.command("relu") ..
        "; after training, a smaller rate"}
  end
end

local function saturated(seen)
  if seen.learns then return end
  local worst
  for _, row in ipairs(activations(seen)) do
    if row.saturated and row.saturated > math.max(limits.saturated, worst and worst.saturated or 0)
    then worst = row end
  end
  if not worst then return end
  return {"saturated", "units are saturated",
    ("%.0f %% of the outputs of %s lie at their limits, where the slope is almost 0%s"):format(
      100 * worst.saturated, name_of(worst), why_layer(seen, worst)),
    weights.command(seen.activation)}
end

-- Behind a norm the scale of weights is free, and gradients grow from layer to layer without harm.
local function gradient_limit(seen)
  for _, row in ipairs(seen.rows) do
    if row.kind:find("Norm") then return limits.gradient * 100 end
  end
  return limits.gradient
end

-- Forward, backward, or only towards the output.
local function exploding(seen)
  if seen.learns then return end
  local step, all, first, last = across(seen.carriers, "std")
  local back, whole = across(seen.carriers, "gradient")
  local forward = step and all > limits.grow
  local backward = back and whole < 1 / gradient_limit(seen)
  local blown = seen.loss and seen.scale and seen.output_std and seen.output_std > limits.grow and
    seen.loss > 3 * seen.scale
  if not (forward or backward or blown) then return end
  local text = forward and ("the std grows by %.2g at each layer, from %.3g after %s to %.3g after %s")
    :format(step, first.std, name_of(first), last.std, name_of(last)) or
    backward and ("on its way back the gradient grows by %.2g at each layer"):format(1 / back) or
    ("the outputs have std %.3g and the loss is %.3g, where knowing nothing costs %.3g"):format(
      seen.output_std, seen.loss, seen.scale)
  local why, try = grows_by_sums(seen, forward and step)
  if not (forward or backward) then why = "" end -- of a few layers theory has nothing to say
  return {"exploding", "the signal explodes", text .. (why or why_weights(seen)),
    try or weights.command(seen.activation)}
end

local function vanishing(seen)
  if seen.learns then return end
  local step, all, first, last = across(seen.carriers, "std")
  local back, whole = across(seen.carriers, "gradient")
  local forward = step and all < limits.fade
  local backward = back and whole > gradient_limit(seen)
  if not (forward or backward) then return end
  local text = forward and ("the std shrinks to %.2g of itself at each layer, from %.3g after %s to " ..
    "%.3g after %s"):format(step, first.std, name_of(first), last.std, name_of(last)) or
    ("on its way back the gradient shrinks to %.2g of itself at each layer"):format(1 / back)
  return {"vanishing", forward and "the signal vanishes" or "the gradient vanishes",
    text .. why_weights(seen), weights.command(seen.activation, seen.middle)}
end

-- --- the loop ---------------------------------------------------------------------------------

-- What a layer does in the wrong mode.
local function in_eval(kind)
  return kind:find("Drop") and "drops nothing" or kind:find("Norm") and "learns no averages" or
    "leaves out what its forward does in training mode only"
end

local function in_train(kind)
  return kind:find("Norm") and "depends on the batch" or "makes the outputs noisy"
end

local function mode(seen)
  local s, e = seen.step, seen.evaluated
  if s and s.eval > 0 then
    return {"mode", "the net trains in evaluation mode",
      ("%s was called in eval mode during the step: it %s"):format(s.kind, in_eval(s.kind)),
      "net:train() before the training loop"}
  elseif e and e.train > 0 then
    return {"mode", "the net is measured in training mode",
      ("%s was called in train mode during the evaluation: it %s"):format(e.kind, in_train(e.kind)),
      "net:eval() before measuring, net:train() after"}
  end
end

local function random_always(seen)
  if not seen.random then return end
  return {"mode", "the net is random in evaluation mode, too",
    "two passes over the same samples in eval mode differ: something in forward is drawn whatever " ..
      "the mode is", "nn.Dropout, or x:dropout(p, self.training) in forward"}
end

local function kept_gradients(seen)
  if not (seen.step and seen.step.kept) then return end
  return {"zero_grad", "old gradients are kept",
    "a gradient from before the step was still in it afterwards: backward adds to what is there",
    "opt:zero_grad() before each loss:backward()"}
end

local function left_out(seen)
  local s = seen.step
  if not (s and s.still and #s.still > 0) then return end
  return {"left_out", "parameters do not move",
    ("%d of %d parameters have a gradient and did not change in a step"):format(#s.still, s.all),
    "optim.SGD(net:parameters(), {lr = 0.1}): made from the net as it is now, with all its parameters"}
end

local twice = {Softmax = true, LogSoftmax = true, Sigmoid = true}

local function softmax_twice(seen)
  local last = seen.rows[#seen.rows]
  if not (last and twice[last.kind]) then return end
  local kind = seen.loss_kind
  if (kind == "CrossEntropyLoss" and last.kind ~= "Sigmoid") or
    (kind == "BCEWithLogitsLoss" and last.kind == "Sigmoid") then
    return {"softmax_twice", "the loss squashes what is squashed already",
      ("the net ends with %s, and nn.%s does the same again: gradients are small and the loss " ..
        "cannot reach 0"):format(last.kind, kind), "take the last layer out of the net"}
  end
end

-- --- the rate ---------------------------------------------------------------------------------

local function finite(v) return v == v and math.abs(v) < math.huge end

-- A loss in words; C would write some NaN as "-nan".
local function number(v) return v == v and ("%.3g"):format(v) or "nan" end

-- The record was once far above what knowing nothing costs, and ends above that.
local function came_down(seen, run, start)
  local level = math.max(start, seen.scale or math.huge)
  return run.last > limits.rise * level and run.highest > limits.storm * level
end

-- The record ends far above its beginning, or above it and has been still higher. Below the loss of knowing nothing it
-- has not blown up, be its beginning as low as it may.
local function blew_up(seen)
  local run = seen.run
  if not run or run.n < 4 then return end
  local start = math.min(run.first, run.start) -- the first loss of all is from before any step
  if start ~= start then start = run.start end
  local peak = finite(run.last) and came_down(seen, run, start) and (", by way of %.3g"):format(run.highest)
  local low = run.last < math.max(2 * limits.rise * start, seen.scale or 0)
  if not peak and finite(run.last) and low then return end
  return {"rate_high", "the rate is too high",
    ("the recorded loss went from %.3g to %s in %d steps%s"):format(start, number(run.last), run.n, peak or "") ..
      (seen.lr and (" at a rate of %.3g"):format(seen.lr) or ""),
    "a tenth of the rate, or train.find_lr(net, data); the weights are spoilt: make the net anew"}
end

-- After a hundred steps the loss is below where it was, and the rate as good as a tenth of it or the loss low: the
-- first steps only looked for their way. But not by way of fifty times what knowing nothing costs: even where data are so
-- simple that a net fits them after that, such steps are too long.
local function recovers(seen)
  local r = seen.rates
  local late, start = r.later, math.max(r.before, seen.scale or 0)
  if not (late and finite(late[3]) and late[3] < r.before and r.peaks[3] < limits.storm * start) then return false end
  return late[3] <= late[2] or late[3] < limits.low * start
end

-- The lowest loss after few steps at a tenth or a hundredth of the rate; with `patient` after many where few do not
-- lower it. And how many.
local function gentler(r, patient)
  local function least(list)
    local v = math.huge
    for i = 1, 2 do if list and finite(list[i]) then v = math.min(v, list[i]) end end
    return v
  end
  local few = least(r.after)
  if few < r.before or not patient then return few, r.steps end
  return least(r.later), r.long_steps
end

-- Steps at this rate raise the loss, at the end or on the way; shorter ones lower it.
local function rate_high(seen)
  local r = seen.rates
  if not r or recovers(seen) then return end
  local now, peak = r.after[3], r.peaks[3]
  local rises = not finite(now) or now > limits.rise * r.before + limits.bounce * (seen.scale or 0)
  local jumps = finite(peak) and seen.scale and peak > limits.jump * math.max(r.before, seen.scale)
  if not (rises or jumps) then return end
  local shorter, steps = gentler(r, rises)
  if shorter >= r.before or not rises and shorter > 0.9 * now then return end
  local text = rises and ("take the loss from %.3g to %s"):format(r.before, number(now)) or
    ("take the loss from %.3g to %.3g, by way of %.3g"):format(r.before, now, peak)
  return {"rate_high", "the rate is too high",
    ("%d steps at %.3g %s; at a tenth or a hundredth of the rate it falls to %.3g%s"):format(r.steps,
      seen.lr, text, shorter, steps > r.steps and (" in %d steps"):format(steps) or ""),
    "a tenth of the rate, or train.find_lr(net, data)"}
end

-- The shortest of the longer steps that gains half of what the best of them gains.
local function better(r)
  local best = r.before
  for _, v in ipairs(r.others) do if finite(v) then best = math.min(best, v) end end
  for i, v in ipairs(r.others) do
    if finite(v) and v < r.before and r.before - v >= 0.5 * (r.before - best) then
      return r.longer[i], r.before - v
    end
  end
end

-- Whether steps may be hundreds of times as long and do no harm, be it after ten of them or after a hundred: good
-- rates lie within ten to a hundred times of where harm begins. A net that is slow for other reasons has no such room.
local function far_from_edge(seen)
  local e = seen.rates and seen.rates.edge
  return e and e.edge >= limits.edge
end

-- A hundred steps gain little of what can be gained in as many; and steps must be a hundred times as
-- long or more to gain half of it, or may even be a thousand times as long: many healthy runs have a
-- better rate at ten times theirs, none at a thousand times.
local function rate_low(seen)
  local r = seen.rates
  if not (r and r.others and far_from_edge(seen)) or seen.learns then return end
  if not (seen.scale and r.before > 0.2 * seen.scale) then return end
  local factor, gain = better(r)
  local fall = r.before - r.long
  if not factor or fall > limits.standstill * gain or gain < limits.enough * r.before then return end
  local far = finite(r.far) and r.before - r.far > 0.3 * gain and r.after[3] > 0.95 * r.before
  if factor < 100 and not far then return end
  return {"rate_low", "the rate is too low",
    ("%d steps at %.3g take the loss from %.4g to %.4g, as many at %.3g take it to %.4g"):format(
      r.long_steps, seen.lr, r.before, r.long, seen.lr * factor, r.before - gain),
    ("a rate of %.3g, or train.find_lr(net, data)"):format(seen.lr * factor)}
end

--- rules.faster(seen, speed) -> string
--- What another rate would gain, in words.
function M.faster(seen, speed)
  return ("the loss would fall %.0f times faster at a rate of %.3g: %d steps at %.3g take it from %.4g to "
    .. "%.4g, and there %d are enough"):format(speed.times, seen.lr * speed.factor, speed.steps, seen.lr,
    speed.before, speed.after, math.ceil(speed.arrival))
end

-- Some hundred steps do not halve the loss, and at a higher rate a small part of them would do as much. Many healthy
-- runs could go ten times faster, but those get somewhere: of them it is only said how much faster.
local function rate_slow(seen)
  local s = seen.speed
  if not (s and seen.scale and s.before > 0.2 * seen.scale) then return end
  if s.best < limits.faster or s.after < limits.halved * s.before or not far_from_edge(seen) then return end
  return {"rate_low", "the rate is too low", M.faster(seen, s),
    ("a rate of %.3g, or train.find_lr(net, data)"):format(seen.lr * s.factor)}
end

-- The first of the higher rates that gains nine tenths of what the best of all gains in as many steps; nil where the rate
-- itself gains half.
local function higher(e)
  local n, best = #e.own, e.own[#e.own]
  for _, list in ipairs(e.losses) do best = math.min(best, list[n] or math.huge) end
  if e.before - e.own[n] >= 0.5 * (e.before - best) then return end
  for k, list in ipairs(e.losses) do
    if list[n] and e.before - list[n] >= 0.9 * (e.before - best) then return k, list[n] end
  end
end

--- rules.room(seen) -> {room, rate, text, ...}
--- Where steps hundreds of times as long do no harm and the loss is not low, nor soon will be: what a higher rate gains.
function M.room(seen)
  local e = seen.rates and seen.rates.edge
  if not (e and seen.scale and far_from_edge(seen)) then return end
  if math.min(e.before, e.own[3]) < 0.2 * seen.scale then return end
  local n, lr = #e.own, seen.lr
  local k, reached = higher(e)
  local text = ("even at %.3g, %.0f times the rate, the loss is no higher after %d steps"):format(lr * e.at[n], e.at[n],
    e.steps[n])
  if k then
    text = ("%d steps at %.3g take the loss from %.4g to %.4g, as many at %.3g take it to %.4g; %s"):format(e.steps[n],
      lr, e.before, e.own[n], lr * e.factors[k], reached, text)
  end
  return {room = e.edge, rate = lr * (k and e.factors[k] or 10), text = text,
    gains = k ~= nil and e.own[n] > limits.low * seen.scale and e.own[n] > limits.still * e.before}
end

-- Far from the edge, the loss hardly moves and stays where it says little, and a higher rate gains twice as much. A net
-- that loses a sixth of its loss in a hundred steps learns: there a higher rate is only named.
local function rate_short(seen)
  local room = M.room(seen)
  if not (room and room.gains) then return end
  return {"rate_low", "the rate is too low", room.text,
    ("a rate of %.3g, or train.find_lr(net, data)"):format(room.rate)}
end

-- --- the outputs ------------------------------------------------------------------------------

-- What the mean prediction costs beyond the shares of the classes: the KL divergence.
local function surplus(seen)
  local sum = 0
  for c, share in ipairs(seen.shares) do
    if share > 0 then sum = sum + share * math.log(share / math.max(seen.predicted[c], 1e-12)) end
  end
  return sum
end

local function list_of(shares)
  local text = {}
  for c, v in ipairs(shares) do
    if c > 5 then
      text[#text + 1] = "..."
      break
    end
    text[#text + 1] = ("%.2g"):format(v)
  end
  return table.concat(text, ", ")
end

local function bias(seen)
  if not (seen.shares and seen.loss) then return end
  local uneven = math.log(#seen.shares) - seen.entropy
  if uneven < limits.surplus or seen.loss < seen.entropy or surplus(seen) < limits.surplus then return end
  return {"bias", "the output does not know how frequent the classes are",
    ("their shares are %s, the net predicts %s on average: the loss is %.3g where the shares alone " ..
      "give %.3g"):format(list_of(seen.shares), list_of(seen.predicted), seen.loss, seen.entropy),
    "nn.init.log_prior_(last.bias, data.y), where last is the net's last Linear"}
end

local function overfit(seen)
  local train, valid = seen.train_loss, seen.valid_loss
  if not (train and valid and seen.scale and finite(train) and finite(valid)) then return end
  if valid < 1.5 * train or valid - train < limits.gap * seen.scale then return end
  local run = seen.run
  local rose = run and run.best_valid and run.best_valid < 0.9 * valid and
    (" (it was %.3g after epoch %d)"):format(run.best_valid, run.best_epoch) or ""
  return {"overfit", "the net learns its training data by heart",
    ("the loss is %.3g on the training data but %.3g on the validation data%s"):format(train, valid,
      rose),
    "early_stop = true in train.fit, weight_decay, nn.Dropout, fewer units, or more data (data.augment)"}
end

-- In the order of causes.
M.list = {
  broken_data, raw_data, mode, random_always, kept_gradients, left_out, softmax_twice, blew_up, not_finite, symmetric,
  dead(limits.all_dead), saturated, exploding, vanishing, dead(limits.dead), rate_high, overfit, bias,
  rate_low, rate_short, rate_slow,
}

--- What follows from `seen` for all rules: whether the recorded loss fell, the carriers, the activation between the layers, one layer
--- of the middle to speak of, and what the loss of knowing nothing is.
function M.prepare(seen)
  local list = weighted(seen)
  local run = seen.run
  seen.learns = run and finite(run.last) and run.last < (1 - limits.progress) * run.first
  seen.carriers = #list > 0 and carriers(seen) or {}
  seen.middle = list[math.max(1, #list // 2)]
  for _, row in ipairs(activations(seen)) do
    seen.activation = seen.activation or look.activations[row.kind]
  end
  if seen.output then seen.output_std = seen.output:numel() > 1 and seen.output:stats().std or 0 end
end

return M
