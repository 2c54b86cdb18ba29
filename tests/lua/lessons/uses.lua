-- SPDX-License-Identifier: GPL-3.0-or-later
-- `uses` sees functions and methods however they are called, also those of the library's and the
-- student's classes; what the library calls for its own ends is no use of it.
local Runner = require("gradus.lesson.runner")
local World = require("gradus.lesson.world")
local reader = require("gradus.lesson.reader")

local lesson = reader.read("uses.lua", {text = [==[
lesson "Uses" {topic = "t", minutes = 1}
code [[
  x = tensor{1, 2, 3}
  net = nn.Sequential(nn.Linear(3, 2), nn.ReLU())
  opt = optim.SGD(net:parameters(), {lr = 0.1})
  Counter = {}
  Counter.__index = Counter
  function Counter:more() self.n = self.n + 1 end
  c = setmetatable({n = 0}, Counter)
  Pair = nn.class("Pair")
  function Pair:init() self.inner = nn.Linear(3, 1) end
  function Pair:forward(v) return self:half(v) end
  function Pair:half(v) return self.inner(v) end
  pair = Pair()
]]
ask "1" {solution = "opt:step()", check = uses "step", hints = "h"}
ask "2" {solution = "net:eval()", check = uses "eval", hints = "h"}
ask "3" {solution = "c:more()", check = uses "more", hints = "h"}
ask "4" {solution = "pair(x)", check = uses "half", hints = "h"}
ask "5" {solution = "x:mean()", check = uses "mean", hints = "h"}
ask "6" {solution = "nn.Linear(1, 1)", check = uses "nn.Linear", hints = "h"}
ask "7" {solution = "table.concat({1})", check = uses "concat", hints = "h"}
]==]})
local said
local run = Runner.new{lesson = lesson, world = World.new{}, out = function(b)
  if b.kind == "right" or b.kind == "wrong" then said = b.kind .. (b.text and " " .. b.text or "") end
end}
local function feed(text)
  said = "-"
  run:feed(text)
  print(said)
end
run:start()
feed("1 + 1")                         -- expect: wrong Use `step` for this.
feed("net(x):sum():backward() local o = opt o.step(o)")  -- expect: right
feed("net.training = false")          -- expect: wrong Use `eval` for this.
feed("for _, n in ipairs{net} do n.eval(n) end")  -- expect: right
feed("c.n = c.n + 1")                 -- expect: wrong Use `more` for this.
feed("Counter.more(c)")               -- expect: right
feed("pair.inner(x)")                 -- expect: wrong Use `half` for this.
feed("y = pair:half(x)")              -- expect: right
feed("y = nn.MSELoss()(x, x * 2) z = y + 1")  -- expect: wrong Use `mean` for this.
feed("y = select(2, pcall(x.mean, x))")  -- expect: right
feed("nn.ReLU()")                     -- expect: wrong Use `nn.Linear` for this.
feed("local L = nn.Linear; l = L(2, 2)")  -- expect: right
feed("'1'")                           -- expect: wrong Use `concat` for this.
feed("table.concat({'1'})")           -- expect: right
print(run.done)  -- expect: true
