-- SPDX-License-Identifier: GPL-3.0-or-later
local treat = [[
  function treat(net, set, unseen)
    local opt = optim.SGD(net:parameters(), {lr = 0.1})
    for step = 1, 40 do
      %s
    end
    %s
  end
]]
local loss = "nn.CrossEntropyLoss()(net(set.x), set.y):backward() "
return {
  dead = {right = {"dead = function(h) return h:abs():sum(1):eq(0):mean():item() end",
    "function dead(h) local n = 0 for j = 1, h:size(2) do if h[{{}, j}]:ne(0):sum():item() == 0 then n = n + 1 end end return n / h:size(2) end",
    "function dead(h) return 1 - (h * h):max(1):gt(0):mean():item() end"},
    wrong = "function dead(h) return 0 end"},
  operation = {right = {
    treat:format("net:zero_grad() " .. loss .. "opt:step()",
      "net:eval() return metrics.accuracy(unseen.y, net(unseen.x):detach())"),
    treat:format(loss .. "opt:step() opt:zero_grad()", "return metrics.accuracy(unseen.y, train.predict(net, unseen))"),
    treat:format("opt:zero_grad() local out = net(set.x) local l = nn.CrossEntropyLoss()(out, set.y) l:backward() opt:step()",
      "net:train(false) local share = metrics.accuracy(unseen.y, net(unseen.x):detach()) net:train() return share")},
    wrong = treat:format("opt:zero_grad() " .. loss, "net:eval() return metrics.accuracy(unseen.y, net(unseen.x):detach())")},
}
