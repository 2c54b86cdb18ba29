-- SPDX-License-Identifier: GPL-3.0-or-later
-- A misspelt name of an object of the library is an error that names the nearest; what may be
-- absent is nil.
local function says(f)
  local ok, why = pcall(f)
  print(ok and "fine" or (why:gsub("^.-:%d+: ", "")))
end

local net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
local opt = optim.SGD(net:parameters(), {lr = 0.1})
local schedule = optim.lr_scheduler.StepLR(opt, 2)
local set = data.moons(20)
local history = train.fit(net, {data = set, epochs = 1, loss = nn.CrossEntropyLoss(), progress = "none"})

says(function() return net.foo end)          -- expect: modules have no field or method 'foo'
says(function() return net:paramters() end)  -- expect: modules have no field or method 'paramters'. Did you mean 'parameters'?
says(function() return net[1]:evl() end)     -- expect: modules have no field or method 'evl'. Did you mean 'eval'?
says(function() return net[1].foo end)       -- expect: modules have no field or method 'foo'
says(function() return opt:zerograd() end)   -- expect: optimisers have no field or method 'zerograd'. Did you mean 'zero_grad'?
says(function() return schedule:stepp() end) -- expect: schedulers have no field or method 'stepp'. Did you mean 'step'?
says(function() return set.lables end)       -- expect: data sets have no field or method 'lables'
says(function() return set.clases end)       -- expect: data sets have no field or method 'clases'. Did you mean 'classes'?
says(function() return plot.curve({1, 2}).titel end)  -- expect: figures have no field or method 'titel'. Did you mean 'title'?
says(function() return plot.curve({1, 2}):sav("x") end)  -- expect: figures have no field or method 'sav'. Did you mean 'save'?
says(function() return history.stoped end)   -- expect: histories have no field or method 'stoped'. Did you mean 'stopped'?

print(net._private, plot.curve({1, 2}).legend, history.stopped, net[3])  -- expect: nil	nil	nil	nil
print(rawget(net, "foo"), require("gradus.strict").find(net, "foo"))     -- expect: nil	nil

-- A layer of one's own: what init leaves nil has to be false, or be asked for with rawget.
local Own = nn.class("Own")
function Own:init(scale) self.scale = scale or false end
function Own:forward(x) return self.scale and x * self.scale or x end
print(Own()(tensor{1, 2}), Own(2)(tensor{1, 2}))  -- expect: tensor{1, 2}  -- float32 (2)	tensor{2, 4}  -- float32 (2)
