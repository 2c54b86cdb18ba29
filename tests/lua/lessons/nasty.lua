-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a wrong answer may do to the world, one thing a case: views and shared storage, graphs that a
-- backward uses up, hooks, histories, closed handles, iterators, upvalues, metatables, modes,
-- generators. Afterwards a probe sees what it would have seen before.
local Runner = require("gradus.lesson.runner")
local World = require("gradus.lesson.world")
local reader = require("gradus.lesson.reader")

local function start(setup, solution)
  local said = {}
  local lesson = reader.read("nasty.lua", {text = ([[
    lesson "Nasty" {topic = "t", minutes = 1}
    code [==[ gradus.seed(3) %s ]==]
    ask "Q" {solution = [==[ %s ]==], hints = "h"}
    ask "E" {solution = "1", hints = "h"}]]):format(setup, solution)})
  local run = Runner.new{lesson = lesson, world = World.new{}, out = function(b)
    if b.kind == "error" or b.kind == "wrong" or b.kind == "right" then said[#said + 1] = b.kind end
  end}
  run:start()
  return run, said
end

local function probed(run, probe)
  local outcome = run.world:evaluate(probe, "probe")
  return outcome.ok and tostring(outcome[1]) or "error: " .. outcome.message
end

-- A world in which nothing was typed is what the other one is compared with.
local function undone(name, setup, wrong, probe)
  local run, said = start(setup, "-12345")
  run:feed(wrong)
  local seen, expected = probed(run, probe), probed(start(setup, "-12345"), probe)
  if table.concat(said, " ") ~= "wrong" then print(name, "was said:", table.concat(said, " ")) end
  if seen ~= expected then print(name, "now", seen, "before", expected) end
end

local w = "w = tensor({1, 2}, {requires_grad = true}) "

undone("a view", "x = tensor.zeros(4) v = x[{{2, 3}}]", "v:fill_(9) return 1", "x")
undone("views that overlap", "local x = tensor.arange(6) a = x[{{1, 4}}] b = x[{{3, 6}}]",
  "a:fill_(9) b:mul_(2) return 1", "tostring(a) .. tostring(b)")
undone("one number seen often", "base = tensor.ones(3, 1) e = base:expand(3, 4)", "base:zero_() return 1",
  "tostring(e) .. tostring(base)")
undone("a transposed view", "x = tensor.arange(6):reshape(2, 3) y = x:t()", "y:zero_() return 1",
  "tostring(x) .. tostring(y)")
undone("a graph that is used up", w .. "loss = (w * w):sum()", "loss:backward() return 1",
  "loss:backward() return w.grad")
undone("a part of a graph", w .. "h = w * w a = h:sum() b = (h * h):sum()", "a:backward() return 1",
  "a:backward({retain_graph = true}) b:backward() return w.grad")
undone("a graph twice", w .. "loss = w:exp():sum()",
  "loss:backward() local ok = pcall(loss.backward, loss) return ok and 2 or 1",
  "loss:backward() return w.grad")
undone("a graph that was used up before", w .. "loss = (w * w):sum() loss:backward()",
  "return pcall(loss.backward, loss) and 2 or 1", "pcall(loss.backward, loss) or w.grad")
undone("a history in place", w .. "x = tensor.zeros(2)", "x:add_(w) return 1",
  "tostring(x) .. tostring(x.requires_grad)")
undone("another history", w .. "x = w * 2", "x:mul_(w) x:exp_() return 1",
  "x:sum():backward() return tostring(x) .. tostring(w.grad)")
undone("a number with a history", w .. "x = tensor.zeros(2)", "x[1] = w[1] return 1",
  "tostring(x) .. tostring(x.requires_grad)")
undone("a result that keeps its gradient", w .. "h = w * 2", "h:retain_grad() return 1",
  "(h * h):sum():backward() return h.grad")
undone("a mark", "net = nn.Linear(2, 2) x = tensor.ones(2)", "nn.Parameter(x) return 1",
  "net.extra = x return #net:parameters()")
undone("a hook", w, "w:register_hook(function(g) return g * 0 end) return 1",
  "(w * w):sum():backward() return w.grad")
undone("a hook on a result", w .. "x = w * 2", "x:register_hook(function(g) return g * 0 end) return 1",
  "x:sum():backward() return w.grad")
undone("a closed handle", "x = tensor.ones(2)", "do local y <close> = x end return 1", "x")
undone("gradients", w .. "; (w * w):sum():backward(); g = w.grad", "g:zero_() w.grad = tensor{7, 7} return 1",
  "tostring(w.grad) .. tostring(g)")
undone("no gradient", w .. "; (w * w):sum():backward()", "w.grad = nil return 1", "w.grad")
undone("a leaf no more", w, "w:requires_grad_(false) w:add_(1) return 1", "tostring(w) .. tostring(w.requires_grad)")
undone("an iterator", "pass = data.batches(data.iris(), 50, {shuffle = true}):pass()", "pass() pass() return 1",
  "local x = pass() return x[1]")
undone("a batch in place", "loader = data.batches(data.iris(), 50)", "for x in loader do x:zero_() end return 1",
  "local s = 0 for x in loader do s = s + x:sum():item() end return s")
undone("an upvalue", "local n = 0 function count() n = n + 1 return n end", "count() count() return 1", "count()")
undone("an upvalue of two", "local n = 0 function count() n = n + 1 end function get() return n end",
  "count() return 1", "get()")
undone("a metatable's fields", "t = setmetatable({}, {__index = {a = 1}, n = {1}})",
  "getmetatable(t).n[1] = 5 getmetatable(t).__index.a = 7 return 1", "t.a + getmetatable(t).n[1]")
undone("a new metatable", "t = {}", "setmetatable(t, {__index = function() return 9 end}) return 1", "t.a")
undone("a table that writes elsewhere",
  "log = {} t = setmetatable({}, {__newindex = function(_, k, v) log[#log + 1] = k end})",
  "t.a = 1 t.b = 2 return 1", "#log")
undone("a tensor as a key", "t = {[tensor.ones(2)] = 1}", "next(t):zero_() return 1", "next(t)")
undone("modes", "net = nn.Sequential(nn.Dropout(0.5), nn.Sequential(nn.BatchNorm1d(3)))", "net:eval() return 1",
  "tostring(net.training) .. tostring(net[2][1].training)")
undone("batch norm", "bn = nn.BatchNorm1d(2) bn(tensor.randn(4, 2))", "bn(tensor.randn(4, 2)) return 1",
  "tostring(bn.running_mean) .. tostring(bn.num_batches_tracked)")
undone("a layer's hook", "net = nn.Linear(2, 2)",
  "net:register_forward_hook(function(m, i, o) return o * 0 end) return 1", "net(tensor.ones(1, 2))")
undone("an optimiser before its first step", [[net = nn.Linear(3, 1) opt = optim.Adam(net:parameters(), {lr = 0.1})
  function step() local l = net(tensor.ones(1, 3)):sum() opt:zero_grad() l:backward() opt:step() end]],
  "step() step() return 1", "step() return tostring(net.weight) .. tostring(net.bias)")
undone("a schedule", [[opt = optim.SGD(nn.Linear(3, 1):parameters(), {lr = 0.1})
  s = optim.lr_scheduler.CosineAnnealingLR(opt, 10)]], "for i = 1, 4 do s:step() end return 1",
  "s:step() return opt.param_groups[1].lr")
undone("a schedule that waits", [[opt = optim.SGD(nn.Linear(3, 1):parameters(), {lr = 0.1})
  s = optim.lr_scheduler.ReduceLROnPlateau(opt, {patience = 0})]], "for i = 1, 4 do s:step(1) end return 1",
  "s:step(1) return opt.param_groups[1].lr")
undone("a training", "net = nn.Linear(4, 3)",
  "train.fit(net, {data = data.iris(), epochs = 1, progress = 'none'}) return 1",
  "tostring(net.weight) .. tostring(net.weight.grad) .. tostring(tensor.randn(1))")
undone("a figure", "f = plot.curve({1, 2, 3})", "f.marks[1].y[1] = 100 f.title = 'no' return 1", "f:text()")
undone("the generators", "", "gradus.seed(99) tensor.randn(3) math.random() return 1",
  "tostring(tensor.randn(2)) .. math.random()")
undone("a deep list", "t = {} local u = t for i = 1, 20000 do u.n = {} u = u.n end u.v = 1",
  "local u = t while u.n do u = u.n end u.v = 2 return 1",
  "local u = t while u.n do u = u.n end return u.v")

-- A right answer stays as it was given, whatever the author's solution did meanwhile.
local function stays(name, setup, answer, probe, expected)
  local run, said = start(setup, answer)
  run:feed(answer)
  local seen = probed(run, probe)
  if said[1] ~= "right" or seen ~= expected then print(name, table.concat(said, " "), seen) end
end

stays("a backward", w .. "loss = (w * w):sum()", "loss:backward() return w.grad",
  "pcall(loss.backward, loss) and 1 or w.grad[2]:item()", "4.0")
stays("a hook", w, "w:register_hook(function(g) return g * 10 end) return 7",
  "(w * w):sum():backward() return w.grad[2]:item()", "40.0")
stays("a history", w .. "x = tensor.zeros(2)", "x:add_(w) return 7", "x:sum():backward() return w.grad[2]:item()", "1.0")
stays("an iterator", "local n = 0 function count() n = n + 1 return n end", "count() return 7", "count()", "2")
print("done")  -- expect: done
