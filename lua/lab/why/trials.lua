-- SPDX-License-Identifier: GPL-3.0-or-later
-- What only shows when something is tried: other rates, on copies; and the user's own step and
-- evaluation, watched and then undone.

local core = require("gradus.core")
local look = require("gradus.lab.why.look")
local notice = require("gradus.notice")

local M = {}

-- The optimiser of a copy: the same class, options and memory, its rate multiplied.
local function same_optimiser(opt, net, copy, factor)
  local place, params = {}, copy:parameters()
  for i, p in ipairs(net:parameters()) do place[p] = params[i] end
  local groups = {}
  for i, group in ipairs(opt.param_groups) do
    local new = {params = {}}
    for k, v in pairs(group) do
      if k ~= "params" and opt._options[k] ~= nil then new[k] = v end
    end
    for _, p in ipairs(group.params) do new.params[#new.params + 1] = place[p] end
    if #new.params < #group.params then return nil end -- of some other net
    groups[i] = new
  end
  local own = getmetatable(opt)(groups, opt._options)
  own:load_state_dict(opt:state_dict())
  for _, group in ipairs(own.param_groups) do group.lr = group.lr * factor end
  return own
end

-- The mean loss of the batches after `steps` steps over them in turn (the first `done` are made already), and the
-- highest on the way.
local function descend(net, opt, batches, loss, steps, done)
  local peak = -math.huge
  for i = 1 + (done or 0), steps + (done or 0) do
    local x, y = table.unpack(batches[(i - 1) % #batches + 1])
    local value = loss(net(x), y)
    opt:zero_grad()
    value:backward()
    opt:step()
    peak = math.max(peak, value:item())
  end
  local total = 0
  for _, batch in ipairs(batches) do
    total = total + require("gradus.autograd").no_grad(function() return loss(net(batch[1]), batch[2]):item() end)
  end
  return total / #batches, peak
end

--- trials.rates(net, opt, batches, loss, {factor, ...}, steps) -> before, {after, ...}, {peak, ...}
--- The mean loss of the batches before, and after some steps at each multiple of the rate, and the
--- highest loss on the way.
function M.rates(net, opt, batches, loss, factors, steps)
  local after, peaks, before = {}, {}, nil
  for i, factor in ipairs(factors) do
    local copy = look.calm(net:clone())
    before = before or (descend(copy, nil, batches, loss, 0))
    local own = same_optimiser(opt, net, copy, factor)
    if not own then return nil end
    local ok, value, peak = pcall(descend, copy, own, batches, loss, steps)
    after[i], peaks[i] = ok and value or 0 / 0, ok and peak or 0 / 0
  end
  return before, after, peaks
end

-- The loss by step, as the mean over one turn through the m batches: list[m] to list[steps]. Stops where `stop(i, mean)`
-- says so, or the loss is no number.
local function curve(net, opt, batches, loss, steps, stop)
  local m, sum, window, list = #batches, 0, {}, {}
  for i = 1, steps do
    local x, y = table.unpack(batches[(i - 1) % m + 1])
    local value = loss(net(x), y)
    opt:zero_grad()
    value:backward()
    opt:step()
    window[i] = value:item()
    sum = sum + window[i] - (window[i - m] or 0)
    if sum ~= sum or sum == math.huge then break end
    if i >= m then
      list[i] = sum / m
      if stop and stop(i, sum / m) then break end
    end
  end
  return list
end

-- After how many steps a curve first is at a level, between two steps by a straight line; one turn at least.
local function arrival(list, level, m)
  local i = m
  while list[i] > level do i = i + 1 end
  return i == m and m or i - 1 + (list[i - 1] - level) / (list[i - 1] - list[i])
end

--- trials.speed(net, opt, batches, loss, {factor, ...}, steps) -> {before, after, steps, times, factor, arrival}
--- How much sooner the loss is where `steps` steps at this rate bring it: `times` as soon at `factor` times the rate,
--- after `arrival` steps. Other rates count only if the loss is no higher than that after as many steps, too. The
--- lowest rate is named that gains half of what the best one gains. nil where the loss does not fall.
function M.speed(net, opt, batches, loss, factors, steps)
  local function run(factor, stop)
    local copy = look.calm(net:clone())
    local own = same_optimiser(opt, net, copy, factor)
    local ok, list = pcall(curve, copy, own, batches, loss, steps, stop)
    return ok and list or {}
  end
  local base, best, found, m = run(1), 1, {}, #batches
  local level = base[steps]
  if not (level and level < base[m]) then return nil end
  for _, factor in ipairs(factors) do
    local reached = false
    local list = run(factor, function(i, mean) -- too late to be worth more steps
      reached = reached or mean <= level
      return not reached and i > 2 * steps / best
    end)
    local at = list[steps] and list[steps] <= level and arrival(list, level, m)
    if at then
      found[#found + 1] = {factor = factor, times = steps / at, arrival = at}
      best = math.max(best, steps / at)
    end
  end
  for _, f in ipairs(found) do
    if f.times >= best / 2 then
      f.before, f.after, f.steps, f.best = base[m], level, steps, best
      return f
    end
  end
end

-- The mean loss of the batches after marks[1], marks[2], ... steps, and before any.
local function watch_marks(net, opt, batches, loss, marks)
  local before, list, step = descend(net, opt, batches, loss, 0), {}, 0
  for i, mark in ipairs(marks) do
    list[i] = (descend(net, opt, batches, loss, mark - step, step))
    step = mark
    if list[i] ~= list[i] then break end
  end
  return list, before
end

--- trials.edge(net, opt, batches, loss, {factor, ...}, {steps, ...}) -> {edge, at, before, own, losses, factors, steps}
--- How far the rate is from where steps begin to do harm: at[i] is the highest multiple of the rate (1 if none)
--- at which the loss after steps[i] steps is no higher than at the rate itself, and `edge` the lowest
--- of them. own[i] are the losses at the rate, losses[k][i] those at the k-th multiple.
function M.edge(net, opt, batches, loss, factors, marks)
  local function run(factor)
    local copy = look.calm(net:clone())
    local own = same_optimiser(opt, net, copy, factor)
    if not own then return nil end
    local ok, list, before = pcall(watch_marks, copy, own, batches, loss, marks)
    return ok and list or {}, before
  end
  local own, before = run(1)
  if not (own and own[#marks]) then return nil end
  local found = {at = {}, own = own, before = before, losses = {}, factors = factors, steps = marks}
  for k, factor in ipairs(factors) do found.losses[k] = run(factor) end
  for i in ipairs(marks) do
    found.at[i] = 1
    for k, factor in ipairs(factors) do
      local v = found.losses[k][i]
      if v and v <= own[i] then found.at[i] = factor end
    end
    found.edge = math.min(found.edge or math.huge, found.at[i])
  end
  return found
end

-- Everything that a step may change, and the function that puts it back.
local function remember(net, opt)
  local tensors, modes, kept = {}, {}, {}
  for _, list in ipairs {net:parameters(), net:buffers()} do
    for _, t in ipairs(list) do tensors[#tensors + 1] = {t, t:detach():clone()} end
  end
  for _, p in ipairs(net:parameters()) do kept[#kept + 1] = {p, p.grad and p.grad:clone()} end
  for _, m in ipairs(net:modules()) do modes[#modes + 1] = {m, m.training} end
  local memory, random = opt and opt:state_dict(), core.random_state()
  return function()
    for _, pair in ipairs(tensors) do pair[1]:detach():copy_(pair[2]) end
    for _, pair in ipairs(kept) do pair[1].grad = pair[2] end
    for _, pair in ipairs(modes) do pair[1].training = pair[2] end
    if opt then opt:load_state_dict(memory) end
    core.random_state(random)
  end
end

-- Whether a net computes something else in training: its forward may ask for self.training, and
-- have no layer that has modes.
local function differs(net, x)
  local copy, state, out = net:clone(), core.random_state(), {}
  local ok = pcall(require("gradus.autograd").no_grad, function()
    for i, mode in ipairs {"train", "eval"} do
      core.random_state(state)
      out[i] = copy[mode](copy)(x)
    end
  end)
  core.random_state(state)
  return ok and (out[1] - out[2]):abs():max():item() > 0
end

--- Whether two passes in evaluation mode differ: something is drawn whatever the mode is.
function M.is_random(net, x)
  local copy, state, out = net:clone():eval(), core.random_state(), {}
  local ok = pcall(require("gradus.autograd").no_grad, function()
    for i = 1, 2 do out[i] = copy(x) end
  end)
  core.random_state(state)
  return ok and (out[1] - out[2]):abs():max():item() > 0
end

-- The layers that have modes; where there are none, the net, if its forward asks for the mode.
local function with_modes(net, x)
  local list = {}
  for _, m in ipairs(net:modules()) do
    if look.has_modes(m) then list[#list + 1] = m end
  end
  if #list == 0 and differs(net, x) then list[1] = net end
  return list
end

-- Hooks that note in which mode they are called.
local function watch_modes(net, x)
  local hooks, seen = {}, {train = 0, eval = 0}
  for _, m in ipairs(with_modes(net, x)) do
    do
      hooks[#hooks + 1] = m:register_forward_pre_hook(function(self)
        local mode = self.training and "train" or "eval"
        seen[mode], seen.kind = seen[mode] + 1, self:kind()
      end)
    end
  end
  return hooks, seen
end

-- Calls f(x, y) as often as there are batches, watched, and undoes what it did.
local function watched(net, opt, batches, f, before, after)
  local undo = remember(net, opt)
  local hooks, seen = watch_modes(net, batches[1][1])
  local ok, message = pcall(notice.hush, function()
    for i, batch in ipairs(batches) do
      if before then before(i) end
      f(batch[1], batch[2])
      if after then after(i, seen) end
    end
  end)
  for _, hook in ipairs(hooks) do hook:remove() end
  undo()
  if not ok then seen.error = tostring(message) end
  return seen
end

local function gradients(params)
  local list = {}
  for i, p in ipairs(params) do list[i] = p.grad and p.grad:detach():clone() or false end
  return list
end

-- The parameters that the user's zero_grad is to reset.
local function trained(net, opt)
  if not opt then return net:parameters() end
  local list = {}
  for _, group in ipairs(opt.param_groups) do
    table.move(group.params, 1, #group.params, #list + 1, list)
  end
  return list
end

-- Gradients from before the step, larger by far than those it makes.
local function poison(params, usual)
  local size = 1
  for _, g in ipairs(usual) do
    if g then size = math.max(size, 1000 * g:abs():max():item()) end
  end
  for _, p in ipairs(params) do
    require("gradus.autograd").enable_grad(function() (p * size):sum():backward() end)
  end
  return size
end

-- Where the poison is still in a gradient, nothing was reset.
local function is_poisoned(params, usual, size)
  for i, p in ipairs(params) do
    if p.grad and usual[i] and (p.grad - usual[i]):abs():mean():item() > size / 2 then return true end
  end
  return false
end

-- Parameters with a gradient that the optimiser does not have and the step did not change.
local function left_out(net, opt, old)
  local has, still, list = {}, {}, net:parameters()
  for _, p in ipairs(opt and trained(net, opt) or {}) do has[p] = true end
  for i, p in ipairs(list) do
    if not has[p] and p.grad and p.grad:abs():max():item() > 1e-6 and (p:detach() - old[i]):eq(0):all()
    then still[#still + 1] = i end
  end
  return still, #list
end

--- trials.step(net, opt, batches, step) -> {train, eval, kind, kept, still, all, error}
--- Calls the user's step(x, y) twice and undoes it: in which modes layers were called, whether old
--- gradients were kept, and which parameters did not move although they have a gradient.
function M.step(net, opt, batches, step)
  local old, params, usual, size = {}, trained(net, opt), nil, nil
  local seen = watched(net, opt, {batches[1]}, step, function()
    for i, p in ipairs(net:parameters()) do old[i] = p:detach():clone() end
    for _, p in ipairs(net:parameters()) do p.grad = nil end
  end, function(_, s)
    usual = gradients(params)
    s.still, s.all = left_out(net, opt, old)
  end)
  if seen.error then return seen end
  local second = watched(net, opt, {batches[1]}, step, function()
    for _, p in ipairs(net:parameters()) do p.grad = nil end
    size = poison(params, usual)
  end, function(_, s) s.kept = is_poisoned(params, usual, size) end)
  seen.kept = second.kept
  return seen
end

--- trials.evaluate(net, batches, evaluate) -> {train, eval, kind, error}
--- Calls the user's evaluate(x, y) and undoes it: in which modes layers were called.
function M.evaluate(net, batches, evaluate)
  return watched(net, nil, {batches[1]}, evaluate)
end

return M
