-- SPDX-License-Identifier: GPL-3.0-or-later
-- A training with dropout, stopped and resumed from net, optimiser, schedule and generator, goes on bit
-- for bit.
local function make()
  local net = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 3))
  local opt = optim.Adam(net:parameters(), {lr = 0.01})
  return net, opt, optim.lr_scheduler.CosineAnnealingLR(opt, 30)
end
local x, y = tensor.randn(20, 4), tensor.randint(1, 3, {20})
local function train(net, opt, schedule, steps)
  local losses = {}
  for i = 1, steps do
    opt:zero_grad()
    local loss = nn.cross_entropy(net(x), y)
    loss:backward()
    opt:step()
    schedule:step()
    losses[i] = ("%a"):format(loss:item())
  end
  return table.concat(losses, " ")
end
local net, opt, schedule = make()
train(net, opt, schedule, 10)
nn.save_checkpoint("run.safetensors", {net = net, opt = opt, schedule = schedule, epoch = 10,
  history = {1.5, 1 / 3, 0 / 0, -1 / 0}, extra = {[3] = "three", t = x}})
local whole, number = train(net, opt, schedule, 10), math.random()
-- In a process of its own nothing would be left: other weights, other draws, other options.
local net2, opt2, schedule2 = make()
opt2.param_groups[1].lr = 7
tensor.randn(100)
local rest = nn.load_checkpoint("run.safetensors", {net = net2, opt = opt2, schedule = schedule2})
print(train(net2, opt2, schedule2, 10) == whole, math.random() == number)  -- expect: true	true
for name, p in net:named_parameters() do
  if (net2:state_dict()[name] - p):abs():sum():item() ~= 0 then print(name) end
end
print(rest.epoch, rest.history[2] == 1 / 3, rest.history[3] ~= rest.history[3], rest.history[4], rest.extra[3], (rest.extra.t - x):abs():sum():item())
-- expect: 10	true	true	-inf	three	0.0
print(math.type(rest.epoch), rest.net, rest.generator)  -- expect: integer	nil	nil

-- Every optimiser, and one written in Lua, with a parameter that has no gradient yet.
Signs = optim.class("Signs", {lr = 0.1})
function Signs:update(p, g, state, group) state.n = (state.n or 0) + 1; p:sub_((g:gt(0) - g:lt(0)) * (group.lr / state.n)) end
local wrong = {}
for _, name in ipairs {"Signs", table.unpack(optim.classes)} do
  local class = name == "Signs" and Signs or optim[name]
  local function start()
    local m = nn.Module()
    m.idle = tensor({1}, {requires_grad = true})
    m.w = tensor({1, -2, 3}, {requires_grad = true})
    return m, class({{params = {m.idle}}, {params = {m.w}, lr = 0.01}}, {lr = 0.1})
  end
  local function steps(m, o)
    for _ = 1, 5 do
      o:zero_grad()
      ;(m.w ^ 4):sum():backward()
      o:step()
    end
  end
  local a, of_a = start()
  steps(a, of_a)
  nn.save_checkpoint("o.safetensors", {m = a, o = of_a})
  local b, of_b = start()
  nn.load_checkpoint("o.safetensors", {m = b, o = of_b})
  steps(a, of_a)
  steps(b, of_b)
  if (a.w - b.w):abs():sum():item() ~= 0 then wrong[#wrong + 1] = name end
end
print(#wrong, table.concat(wrong, " "))              -- expect: 0
local function why(...) print((select(2, pcall(...)):gsub("^[^\n]-%.lua:%d+: ", ""))) end
why(nn.save_checkpoint, "f", {f = {g = print}})      -- expect: nn.save_checkpoint: f.g is a function, which cannot be saved
local ring = {}
ring.ring = ring
why(nn.save_checkpoint, "f", {ring = ring})          -- expect: nn.save_checkpoint: ring.ring holds itself
why(nn.load_checkpoint, "o.safetensors", {net = net})  -- expect: nn.load_checkpoint: 'o.safetensors' holds no 'net'. It holds: m, o
net:save("plain.safetensors")
why(nn.load_checkpoint, "plain.safetensors", {net = net})  -- expect: nn.load_checkpoint: 'plain.safetensors' was not written by nn.save_checkpoint
why(nn.load_checkpoint, "none.safetensors", {net = net})  -- expect: cannot open 'none.safetensors': No such file or directory

-- In another process, from nothing but the file.
local script = [[
gradus.seed(%d)
net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 1))
opt = optim.RMSprop(net:parameters(), {lr = 0.01, momentum = 0.9})
local function steps(n)
  for i = 1, n do
    opt:zero_grad()
    loss = nn.mse_loss(net(tensor.randn(16, 4)), tensor.randn(16, 1))
    loss:backward()
    opt:step()
  end
end
%s
print(("%%a"):format(loss:item()))
]]
local function run(seed, body)
  local file = io.open("step.lua", "w")
  file:write(script:format(seed, body))
  file:close()
  local pipe = io.popen(("'%s' step.lua"):format(arg[-1]))
  local text = pipe:read("a")
  pipe:close()
  return text
end
local straight = run(1, "steps(20)")
run(1, "steps(10) nn.save_checkpoint('ten.safetensors', {net = net, opt = opt})")
print(run(2, "nn.load_checkpoint('ten.safetensors', {net = net, opt = opt}) steps(10)") == straight, #straight > 5)  -- expect: true	true
