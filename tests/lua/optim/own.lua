-- SPDX-License-Identifier: GPL-3.0-or-later
-- An optimiser in ten lines of Lua works everywhere a built-in one does.
Momentum = optim.class("Momentum", {lr = 0.1, momentum = 0.9})
function Momentum:update(p, g, state, group)
  local u = state.u and state.u * group.momentum + g or g:clone()
  state.u = u
  p:sub_(u * group.lr)
end

local function run(make)
  local w = tensor({1, -2, 3}, {dtype = "float64", requires_grad = true})
  local opt = make({w})
  local schedule = optim.lr_scheduler.ExponentialLR(opt, 0.9)
  for _ = 1, 20 do
    opt:zero_grad()
    local loss = (w ^ 2):sum()
    loss:backward()
    optim.clip_grad_norm_({w}, 2)
    opt:step()
    schedule:step()
  end
  return w, opt
end
local o = {lr = 0.05, momentum = 0.9, weight_decay = 0.1, l1 = 0.01}
local a, mine = run(function(p) return Momentum(p, o) end)
local b = run(function(p) return optim.SGD(p, o) end)
print((a - b):abs():max():item() < 1e-12)            -- expect: true
print(mine:state_of(a).u:size(1))                    -- expect: 3

-- The state goes on bit for bit: an optimiser of each kind, stopped and resumed.
local names = {"Momentum", table.unpack(optim.classes)}
local wrong = {}
for _, name in ipairs(names) do
  local class = name == "Momentum" and Momentum or optim[name]
  local options = name == "SGD" and {lr = 0.005, momentum = 0.9} or {lr = 0.005}
  local w = tensor({1, -2, 3}, {requires_grad = true})
  local opt, kept, start
  opt = class({w}, options)
  local function steps(optimizer, weight)
    for _ = 1, 5 do
      optimizer:zero_grad()
      local loss = (weight ^ 4):sum()
      loss:backward()
      optimizer:step()
    end
  end
  steps(opt, w)
  kept, start = opt:state_dict(), w:detach():clone():requires_grad_()
  steps(opt, w)
  local again = class({start}, {lr = 1})
  again:load_state_dict(kept)
  steps(again, start)
  if (w - start):abs():sum():item() ~= 0 then wrong[#wrong + 1] = name end
end
print(#names, #wrong)                                -- expect: 11	0

-- Momentum as a true average: u = beta u + (1 - beta) g from 0.
local w = tensor({0}, {requires_grad = true})
local opt = optim.SGD({w}, {lr = 1, momentum = 0.5, average = true})
for _ = 1, 2 do
  opt:zero_grad()
  w:sum():backward()
  opt:step()
end
print(w:item())                                      -- expect: -1.25
-- L1, L2 and both.
for _, pair in ipairs {{{l1 = 0.5}, -0.5}, {{weight_decay = 0.5}, -1.0}, {{l1 = 0.5, weight_decay = 0.5}, -1.5}} do
  local p = tensor({2}, {requires_grad = true})
  local options = pair[1]
  options.lr = 1
  local sgd = optim.SGD({p}, options)
  local nothing = (p * 0):sum()
  nothing:backward()
  sgd:step()
  print(p:item() - 2 == pair[2])
end
-- expect: true
-- expect: true
-- expect: true
-- Groups with options of their own.
local p, q = tensor({1}, {requires_grad = true}), tensor({1}, {requires_grad = true})
local two = optim.SGD({{params = {p}}, {params = {q}, lr = 0.5}}, {lr = 0.25})
local total = (p + q):sum()
total:backward()
two:step()
print(p:item(), q:item())                            -- expect: 0.75	0.5
print(two)
-- expect: SGD(average = false, dampening = 0, l1 = 0, lr = 0.25, maximize = false, momentum = 0, nesterov = false, weight_decay = 0): 1 tensor, 1 number
-- expect: SGD(average = false, dampening = 0, l1 = 0, lr = 0.5, maximize = false, momentum = 0, nesterov = false, weight_decay = 0): 1 tensor, 1 number
-- A schedule with a function for each group (PyTorch gives 0.05 and 0.25, then 0.025 and 1 / 6).
local S = optim.lr_scheduler
local pair = optim.SGD({{params = {p}, lr = 0.1}, {params = {q}, lr = 0.5}}, {lr = 1})
local each = S.LambdaLR(pair, {function(t) return 0.5 ^ t end, function(t) return 1 / (1 + t) end})
each:step()
print(table.unpack(each:get_last_lr()))              -- expect: 0.05	0.25
each:step()
print(pair.param_groups[1].lr, pair.param_groups[2].lr * 6, each:lr_at(2, 0.5, 2) * 6) -- expect: 0.025	1.0	1.0
-- The same behind a warm-up.
local warm = S.WarmupLR(pair, 1, {after = S.LambdaLR(pair, each.lr_lambda)})
warm:step()
warm:step()
print(table.unpack(warm:get_last_lr()))              -- expect: 0.05	0.25
local function why(...) print((select(2, pcall(...)):gsub("^[^\n]-%.lua:%d+: ", ""))) end
why(optim.SGD, {p}, {momentun = 1})
-- expect: optim.SGD: unknown option 'momentun'. Did you mean 'momentum'? Options: average, dampening, l1, lr, maximize, momentum, nesterov, weight_decay
why(optim.SGD, {p}, {lr = -1})                       -- expect: optim.SGD: lr should be 0 or more; got -1
why(optim.Adam, {p}, {betas = {0.9, 1}})             -- expect: optim.Adam: betas are two numbers from 0 to below 1, as in {0.9, 0.999}
why(optim.Adam, nn.Linear(2, 2))                     -- expect: optim.Adam: expected parameters; got a module. Hint: optim.Adam(net:parameters(), ...)
why(optim.Adam, {p * 2})                             -- expect: optim.Adam: parameter 1 was computed from others; only leaves can be optimised. Hint: x:detach():requires_grad_()
why(optim.SGD, {p}, {nesterov = true})               -- expect: optim.SGD: nesterov needs a momentum and no dampening
why(function() return optim.Adm end)                 -- expect: `optim.Adm` is not defined; did you mean `optim.Adam`?
why(S.LambdaLR, pair, {math.sqrt})                   -- expect: optim.lr_scheduler.LambdaLR: expected a function for each group, 2; got 1
why(S.LambdaLR, pair, 0.5)                           -- expect: optim.lr_scheduler.LambdaLR: expected a function of the step, or a list of them; got a number
