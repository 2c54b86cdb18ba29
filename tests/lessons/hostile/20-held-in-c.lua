-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: a lesson cannot change the library; it was put back
-- says: The end: Hostile
-- leaves: spied hooked pass batches add make fill spoil fresh_graph throw student_object mine sorter
-- then: pcall(spied.backward, spied)
-- then: pcall(hooked.backward, hooked)
-- then: pcall(pass)
-- then: pcall(function() for x in batches do end end)
-- then: for i = 1, 100 do pcall(add, "a", i) end
-- then: pcall(later)
-- then: pcall(make) pcall(evil)
-- then: pcall(function() make()() end)
-- then: t = {} pcall(fill, t) pcall(t.f) pcall(function() return t.x end) pcall(function() return #t end)
-- then: pcall(spoil) pcall(tensor.zeros, 2) pcall(plot.curve, {1, 2})
-- then: pcall(function() plot.live({screen = "none"}):add("a", 1) end)
-- then: pcall(function() nn.Conv2d(1, 1, 1)(tensor.ones(1, 1, 2, 2)) end)
-- then: pcall(function() fresh_graph():backward() end)
-- then: pcall(function() throw() end) pcall(function() local ok, e = pcall(throw) return tostring(e) end)
-- then: pcall(function() student_object:run() end)
-- then: pcall(mine, "student_opens('$CANARY')") pcall(function() mine("student_opens('$CANARY')")() end)
-- then: pcall(sorter, {3, 1, 2})
lesson "Hostile" {topic = "guests' functions that something else holds when the lesson's code has ended", minutes = 1}
text "Begin."
code [[
  local f = student_opens
  local function attack() pcall(f, "$CANARY") end
  local Spy = autograd.Function("Spy")
  function Spy.forward(ctx, x) return x * 1 end
  function Spy.backward(ctx, g) return g end
  spied = Spy(tensor({1, 2}, {requires_grad = true})):sum()
  function Spy.backward(ctx, g) attack() return g end
  hooked = tensor({1, 2}, {requires_grad = true})
  hooked:register_hook(function(g) attack() return g end)
  hooked = hooked:sum();
]]
code [[
  local f = student_opens
  local function attack() pcall(f, "$CANARY") end
  batches = data.batches(data.iris(), 8)
  batches.augment = function(x) attack() return x end
  pass = batches:pass()
  for x in batches do break end
  local live = plot.live({screen = "none", figure = function() attack() return plot.curve({1, 2}) end, clock = function() attack() return 1 end})
  add = live.add
]]
code [[
  local f = student_opens
  function make()
    evil = function() f("$CANARY") end
    return function() f("$CANARY") end
  end
  function fill(t)
    t.f = function() f("$CANARY") end
    setmetatable(t, {__index = function() f("$CANARY") end, __len = function() f("$CANARY") return 1 end})
  end
  function spoil()
    tensor.zeros = function() f("$CANARY") end
    plot.curve = pass
    local live = getmetatable(plot.live({screen = "none"})) or plot.live({screen = "none"}).__index
    if live then live.add = function() f("$CANARY") end end
  end
  function fresh_graph()
    local Spy = autograd.Function("Spy")
    function Spy.forward(ctx, x) return x * 1 end
    function Spy.backward(ctx, g) f("$CANARY") return g end
    return Spy(tensor({1, 2}, {requires_grad = true})):sum()
  end
  function throw() error(setmetatable({}, {__tostring = function() f("$CANARY") return "" end})) end
  student_object = student_object or {}
  student_object.run = function() f("$CANARY") end
  mine = load
  sorter = function(t) table.sort(t, function(a, b) f("$CANARY") return a < b end) end
]]
code [[
  local f = student_opens
  nn.Conv2d.forward = function(self, x) f("$CANARY") return x end
]]
code [[
  local f = student_opens
  local live = plot.live({screen = "none"})
  local class = live.__index
  if class then class.add = function() f("$CANARY") end end
]]
text "The end."
