-- SPDX-License-Identifier: GPL-3.0-or-later
-- A wrong answer that trained a net for a while is undone: weights, batch norm's buffers, modes,
-- gradients, what Adam and a schedule remember, tensors changed in place, both generators. What
-- follows is the same in every bit as if it had never been typed.
local Runner = require("gradus.lesson.runner")
local World = require("gradus.lesson.world")
local reader = require("gradus.lesson.reader")

local lesson = reader.read("rollback.lua", {text = [==[
lesson "Rollback" {topic = "t", minutes = 1}
code [[
  gradus.seed(5)
  x, y = tensor.randn(16, 3), tensor.randn(16, 1)
  net = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.ReLU(), nn.Linear(8, 1))
  opt = optim.Adam(net:parameters(), {lr = 0.1})
  schedule = optim.lr_scheduler.StepLR(opt, 2)
  average = nn.Buffer and tensor.zeros(3)
  function step()
    local loss = nn.MSELoss()(net(x), y)
    opt:zero_grad()
    loss:backward()
    opt:step()
    schedule:step()
    return loss:item()
  end
  step()
]]
ask "Train one step." {solution = "step()", hints = "h",
  mistakes = {{"for i = 1, 3 do last = step() end return last", "Three steps are too many."}}}
ask "What is the loss?" {solution = "step()", hints = "h"}
]==]})

local function start()
  local said = {}
  local run = Runner.new{lesson = lesson, world = World.new{}, seed = 9, out = function(b)
    if b.kind == "right" or b.kind == "wrong" or b.kind == "note" then
      said[#said + 1] = b.kind .. (b.recognised and " recognised" or "")
    end
  end}
  run:start()
  return run, said
end

-- Everything that a step leaves behind, as numbers.
local function state(run)
  local vars, list = run.world.vars, {}
  local function add(name, v) list[#list + 1] = ("%s %s"):format(name, v) end
  local function tensor_bits(name, t)
    if not t then return add(name, "none") end
    local flat = t:detach():reshape(-1):totable()
    for i, v in ipairs(flat) do flat[i] = ("%a"):format(v) end
    add(name, table.concat(flat, " "))
  end
  local weights = vars.net:state_dict()
  for _, name in ipairs(require("gradus.options").keys(weights)) do
    tensor_bits(name, weights[name])
  end
  for i, p in ipairs(vars.net:parameters()) do tensor_bits("gradient " .. i, p.grad) end
  local remembered = vars.opt:state_dict()
  local function walk(path, t)
    local keys = {}
    for key in pairs(t) do keys[#keys + 1] = key end
    table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
    for _, key in ipairs(keys) do
      local v, name = t[key], path .. tostring(key)
      if tensor.is_tensor(v) then tensor_bits(name, v)
      elseif type(v) == "table" then walk(name .. ".", v)
      else add(name, tostring(v)) end
    end
  end
  walk("opt ", remembered)
  add("rate", vars.opt.param_groups and vars.opt.param_groups[1].lr or vars.opt.lr)
  add("training", tostring(vars.net.training) .. tostring(vars.net[2].training))
  tensor_bits("x", vars.x)
  local generator = require("gradus.core").random_state()
  add("generator", table.concat(generator, " "))
  return table.concat(list, "\n"), #list
end

local run, said = start()
local before, n = state(run)
print(n > 30, before:find("running_mean") ~= nil)               -- expect: true	true
local wrong = {
  "for i = 1, 3 do last = step() end return last",              -- on the list
  "step() return step()",
  "net:eval() x:mul_(2) y:zero_() net(x):sum():backward() return 5",
  "net[1].weight = net[1].weight:detach() * 2; tensor.randn(1000); return math.random()",
  "opt.param_groups = nil; schedule = nil; net = nil; x = 1; return 1",
  "net[2].running_mean:fill_(7) net[2].num_batches_tracked = nil; net:requires_grad_(false) return 3",
  "optim.clip_grad_norm_(net:parameters(), 1e-3) return 6",
  "optim.clip_grad_value_(net:parameters(), 1e-3) return 6",
  "nn.MSELoss()(net(x), y):backward() nn.MSELoss()(net(x), y):backward() return 7",
  "opt:zero_grad() return 8",
  "net[1].weight.grad:fill_(3) return 9",
  "optim.SGD(net:parameters(), {lr = 1, momentum = 0.9}):step() return 10",
  "nn.init.ones_(net[1].weight) net[1].weight:detach():zero_() return 11",
  "net:load_state_dict(nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.ReLU(), nn.Linear(8, 1)):state_dict()) return 12",
  "net:append(nn.ReLU()) return 13",
  "gradus.seed(1) return 14",
  "setmetatable(net, nil) rawset(opt, 'step', print) rawset(net, 1, 'gone') return 4",
}
for _, code in ipairs(wrong) do
  run:feed(code)
  if state(run) ~= before then
    print("not undone: " .. code)
    local now = {}
    for line in state(run):gmatch("[^\n]+") do now[line] = true end
    for line in before:gmatch("[^\n]+") do if not now[line] then print(line:sub(1, 60)) end end
  end
end
print(table.concat(said, ", "))
-- expect: wrong recognised, wrong, wrong, note, wrong, wrong, wrong, wrong, wrong, wrong, wrong, wrong, wrong, wrong, wrong, wrong, wrong, wrong
run:feed("step()")
run:feed("step()")
local other = start()
other:feed("step()")
other:feed("step()")
print(run.done, other.done, state(run) == state(other), state(run) ~= before) -- expect: true	true	true	true
