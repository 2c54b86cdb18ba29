-- SPDX-License-Identifier: GPL-3.0-or-later
-- A copy of the world to return to keeps the objects and puts back their contents.
local World = require("gradus.lesson.world")
local world = World.new{}
local vars = world.vars

vars.x = tensor{1, 2, 3}
vars.view = vars.x:reshape(3, 1)
vars.w = tensor{1, 2, requires_grad = true}
vars.box = {inner = {1, 2}, own = vars.x}
vars.box.self = vars.box
local count = 0
vars.counter = function() count = count + 1 return count end
vars.loss = (vars.w * vars.w):sum()
setmetatable(vars.box, {__index = {method = 1}})
local x, box, inner, metatable = vars.x, vars.box, vars.box.inner, getmetatable(vars.box)
local version = x:_version()

local kept = world:snapshot()
local noise = tensor.randn(3)
local number = math.random()
print(next(kept:changed()))                       -- expect: nil
vars.x:mul_(10)
vars.view[1] = 7
vars.box.inner[1], vars.box.extra, vars.box.own = 9, true, nil
vars.new, vars.counter = 1, vars.counter
vars.counter()
vars.loss:backward()
setmetatable(vars.box, nil)
local names = {}
for name in pairs(kept:changed()) do names[#names + 1] = name end
table.sort(names)
print(table.concat(names, " "))                   -- expect: box counter new view x
kept:restore()

print(vars.x == x, vars.box == box, box.inner == inner)   -- expect: true	true	true
print(x[1]:item(), vars.view[{3, 1}]:item())      -- expect: 1.0	3.0
print(x:_version() == version)                    -- expect: true
print(inner[1], box.extra, box.own == x, vars.new)  -- expect: 1	nil	true	nil
print(count, getmetatable(box) == metatable)      -- expect: 0	true
print(vars.w.grad)                                -- expect: nil
print((tensor.randn(3) - noise):abs():sum():item(), math.random() == number) -- expect: 0.0	true

-- A net that was called or trained stays the student's, though the library remembers it.
local nets = World.new{}
nets:evaluate([[
  net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
  h = train.fit(net, {data = {x = tensor.randn(8, 2), y = tensor.randint(1, 2, {8})}, epochs = 1,
    progress = "none"})
]])
require("gradus.nn.nan")                          -- another module makes the library count anew
local before = nets:snapshot()
nets:evaluate("net:eval() h.mine = 1")
print(nets.vars.net.training, rawget(nets.vars.h, "mine"))   -- expect: false	1
before:restore()
print(nets.vars.net.training, rawget(nets.vars.h, "mine"))   -- expect: true	nil
