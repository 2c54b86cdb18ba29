-- SPDX-License-Identifier: GPL-3.0-or-later
-- A training broken off and gone on with ends in the same weights, bit for bit.
local function make()
  gradus.seed(5)
  local S = {x = tensor.rand(50, 4), y = tensor.randint(1, 2, {50}), classes = {"a", "b"}}
  local net = nn.Sequential(nn.Linear(4,8),nn.BatchNorm1d(8),nn.ReLU(),nn.Dropout(0.3),nn.Linear(8,2))
  local opt = optim.Adam(net:parameters(),{lr=0.01})
  return S, net, opt, optim.lr_scheduler.StepLR(opt, 2)
end
local S,net,opt,sch = make()
train.fit(net,{data=S,opt=opt,scheduler=sch,epochs=6,batch=16,progress="none"})
local S2,net2,opt2,sch2 = make()
train.fit(net2,{data=S2,opt=opt2,scheduler=sch2,epochs=3,batch=16,progress="none",checkpoint="run.safetensors"})
gradus.seed(99)
local net3 = nn.Sequential(nn.Linear(4,8),nn.BatchNorm1d(8),nn.ReLU(),nn.Dropout(0.3),nn.Linear(8,2))
local opt3 = optim.Adam(net3:parameters(),{lr=0.01})
local sch3 = optim.lr_scheduler.StepLR(opt3, 2)
local h=train.fit(net3,{data=S2,opt=opt3,scheduler=sch3,epochs=6,batch=16,progress="none",resume="run.safetensors"})
local a,b=net:state_dict(),net3:state_dict()
local same = 0
for _, name in ipairs(a) do
  same = same + ((a[name] - b[name]):abs():max():item() == 0 and 1 or 0)
end
print(#a, same, #h.epochs) -- expect: 9	9	6
local ok, why = pcall(train.fit, net, {data = S, resume = "missing.safetensors", progress = "none"})
print(ok, why:match("cannot open.*"))
-- expect: false	cannot open 'missing.safetensors': No such file or directory
