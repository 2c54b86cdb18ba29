-- SPDX-License-Identifier: GPL-3.0-or-later
-- The rules of `why`, causes before effects: data that are not normalised saturate units, and
-- saturated units make gradients vanish, so the first rule that speaks names the fault.
--
-- A rule looks at what was seen and returns nil, or {fault, title, evidence, try}. `seen` has the
-- fields of look.net (rows, loss, entropy, ...), and data, run (the recorded losses), rates,
-- step, evaluated, valid_loss.

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
  rise = 1.1, bounce = 0.05, standstill = 0.05, enough = 0.05, progress = 0.3,       -- of the loss
  gap = 0.25,                                           -- of the loss of knowing nothing
}

local function name_of(row)
  return ("%s (%s)"):format(row.path, row.kind)
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
  if seen.data.finite then return end
  return {"nan", "the data hold NaN or infinity",
    "x has numbers that are not finite before any layer is run, so nothing after it can be",
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
  local where = bad.layer and ("in %s, by the operation '%s'"):format(name_of(bad.layer), bad.op) or
    ("in the loss, by the operation '%s'"):format(bad.op)
  local op = bad.op
  local try = (op == "log" or op == "sqrt" or op == "pow" or op == "div") and
    "keep its input away from 0 and below, as in (x + 1e-6), or use the loss that works on scores" or
    "look at what goes into that layer; nn.first_nan(net, x) names it, too"
  return {"nan", "NaN or infinity begins " .. where,
    "all inputs of that operation are finite, its output is not", try}
end

-- --- the data ---------------------------------------------------------------------------------

local function raw_data(seen)
  local d = seen.data
  if not d.finite or d.n < 8 or takes_any_scale(seen) then return end
  local text
  if d.std > limits.scale or d.std < limits.small then
    text = ("x runs from %.3g to %.3g with std %.3g"):format(d.low, d.high, d.std)
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
        ("%s has %d units but only %d different one%s (weights %s); equal units get equal gradients " ..
          "and stay equal"):format(name_of(row), w.units, w.distinct, w.distinct == 1 and "" or "s",
          weights.text(row)),
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

-- What theory says of these weights, for wide layers.
local function theory(seen)
  local w = seen.middle and seen.middle.weights
  if not (w and seen.activation) or w.gain > 1e6 then return "" end
  local t = require("gradus.lab.theory").theory(seen.activation, {depth = 6, w = w.gain})
  local ratio = t.forward[6] / t.forward[5]
  return ("; with %s theory says %.2g forward and %.2g backward a layer"):format(seen.activation,
    ratio, math.sqrt(t.chi[5]))
end

local function why_weights(seen)
  local row = seen.middle
  return row and ("; the weights of %s are %s%s"):format(name_of(row), weights.text(row),
    theory(seen)) or ""
end

local function dead_rows(seen, limit)
  local worst
  for _, row in ipairs(seen.carriers) do
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
        "them"):format(100 * row.dead, row.units, name_of(row)),
      "nn.LeakyReLU(0.1) in its place, biases of 0 and " .. weights.command("relu") ..
        "; after training, a smaller rate"}
  end
end

local function saturated(seen)
  if seen.learns then return end
  local worst
  for _, row in ipairs(seen.carriers) do
    if row.saturated and row.saturated > math.max(limits.saturated, worst and worst.saturated or 0)
    then worst = row end
  end
  if not worst then return end
  return {"saturated", "units are saturated",
    ("%.0f %% of the outputs of %s lie at their limits, where the slope is almost 0%s"):format(
      100 * worst.saturated, name_of(worst), why_weights(seen)),
    weights.command(seen.activation)}
end

-- Forward, backward, or only towards the output.
local function exploding(seen)
  if seen.learns then return end
  local step, all, first, last = across(seen.carriers, "std")
  local back, whole = across(seen.carriers, "gradient")
  local forward = step and all > limits.grow
  local backward = back and whole < 1 / limits.gradient
  local blown = seen.loss and seen.scale and seen.output_std and seen.output_std > limits.grow and
    seen.loss > 3 * seen.scale
  if not (forward or backward or blown) then return end
  local text = forward and ("the std grows by %.2g at each layer, from %.3g after %s to %.3g after %s")
    :format(step, first.std, name_of(first), last.std, name_of(last)) or
    backward and ("on its way back the gradient grows by %.2g at each layer"):format(1 / back) or
    ("the outputs have std %.3g and the loss is %.3g, where knowing nothing costs %.3g"):format(
      seen.output_std, seen.loss, seen.scale)
  return {"exploding", "the signal explodes", text .. why_weights(seen),
    weights.command(seen.activation)}
end

local function vanishing(seen)
  if seen.learns then return end
  local step, all, first, last = across(seen.carriers, "std")
  local back, whole = across(seen.carriers, "gradient")
  local forward = step and all < limits.fade
  local backward = back and whole > limits.gradient
  if not (forward or backward) then return end
  local text = forward and ("the std shrinks to %.2g of itself at each layer, from %.3g after %s to " ..
    "%.3g after %s"):format(step, first.std, name_of(first), last.std, name_of(last)) or
    ("on its way back the gradient shrinks to %.2g of itself at each layer"):format(1 / back)
  return {"vanishing", forward and "the signal vanishes" or "the gradient vanishes",
    text .. why_weights(seen), weights.command(seen.activation)}
end

-- --- the loop ---------------------------------------------------------------------------------

local function mode(seen)
  local s, e = seen.step, seen.evaluated
  if s and s.eval > 0 then
    return {"mode", "the net trains in evaluation mode",
      ("%s was called in eval mode during the step: dropout does nothing, batch norm learns no " ..
        "averages"):format(s.kind), "net:train() before the training loop"}
  elseif e and e.train > 0 then
    return {"mode", "the net is measured in training mode",
      ("%s was called in train mode during the evaluation: outputs are noisy, and batch norm " ..
        "depends on the batch"):format(e.kind), "net:eval() before measuring, net:train() after"}
  end
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

-- The record ends far above its beginning.
local function blew_up(seen)
  local run = seen.run
  if not run or run.n < 4 or finite(run.last) and run.last < 2 * limits.rise * run.first then return end
  return {"rate_high", "the rate is too high",
    ("the recorded loss went from %.3g to %.3g in %d steps"):format(run.first, run.last, run.n) ..
      (seen.lr and (" at a rate of %.3g"):format(seen.lr) or ""),
    "a tenth of the rate, or train.find_lr(net, data); the weights are spoilt: make the net anew"}
end

-- Steps at this rate raise the loss, shorter ones lower it.
local function rate_high(seen)
  local r = seen.rates
  if not r or finite(r.after[3]) and
    r.after[3] < limits.rise * r.before + limits.bounce * (seen.scale or 0) then return end
  local shorter = math.huge
  for i = 1, 2 do if finite(r.after[i]) then shorter = math.min(shorter, r.after[i]) end end
  if shorter >= r.before then return end
  return {"rate_high", "the rate is too high",
    ("%d steps at %.3g took the loss from %.3g to %.3g; at a tenth or a hundredth of it the loss " ..
      "falls to %.3g"):format(r.steps, seen.lr, r.before, r.after[3], shorter),
    "a tenth of the rate, or train.find_lr(net, data)"}
end

-- Steps hardly change the loss, ten times as long ones are better, a hundred times as long ones better
-- still, and these or ones yet longer lower it at last.
local function rate_low(seen)
  local r = seen.rates
  if not r or not (seen.scale and r.before > 0.2 * seen.scale) then return end
  if seen.learns then return end
  local now, ten, hundred = r.after[3], r.after[4], r.after[5]
  local best = finite(r.after[6]) and math.min(hundred, r.after[6]) or hundred
  if not (hundred < ten and ten < now and best < (1 - limits.enough) * r.before) then return end
  local fall = (r.before - now) / r.before
  if fall > limits.standstill then return end
  return {"rate_low", "the rate is too low",
    ("%d steps at %.3g lower the loss by %.2g %%, steps %s times as long by %.2g %%"):format(
      r.steps, seen.lr, 100 * fall, best < hundred and "a thousand" or "a hundred",
      100 * (r.before - best) / r.before),
    ("a rate of %.3g, or train.find_lr(net, data)"):format(seen.lr * 100)}
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
  if not (train and valid and seen.scale) then return end
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
  broken_data, raw_data, mode, kept_gradients, left_out, softmax_twice, blew_up, not_finite, symmetric,
  dead(limits.all_dead), saturated, exploding, vanishing, dead(limits.dead), rate_high, overfit, bias,
  rate_low,
}

--- What follows from `seen` for all rules: whether the recorded loss fell, the carriers, the activation between the layers, one layer
--- of the middle to speak of, and what the loss of knowing nothing is.
function M.prepare(seen)
  local list = weighted(seen)
  local run = seen.run
  seen.learns = run and finite(run.last) and run.last < (1 - limits.progress) * run.first
  seen.carriers = #list > 0 and carriers(seen) or {}
  seen.middle = list[math.max(1, #list // 2)]
  for _, row in ipairs(seen.carriers) do
    seen.activation = seen.activation or look.activations[row.kind]
  end
  if seen.output then seen.output_std = seen.output:numel() > 1 and seen.output:stats().std or 0 end
end

return M
