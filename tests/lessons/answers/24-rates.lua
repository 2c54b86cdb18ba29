-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  good = {right = {"good = fit(0.6)", "good = fit(1.0)", "local h = fit(0.7) good = h"}, wrong = "good = fit(0.05)"},
  factor = {right = {
    "factor = function(t) return t < 4 and 0.25 * (t + 1) or 0.5 + 0.5 * math.cos((t - 4) / 16 * math.pi) end",
    "function factor(t) if t <= 3 then return (1 + t) * 0.25 else return math.cos(math.pi * (t - 4) / 32) ^ 2 end end",
    "local warm = {0.25, 0.5, 0.75, 1} function factor(t) return warm[t + 1] or (1 + math.cos(math.pi * (t - 4) / 16)) / 2 end"},
    wrong = "function factor(t) return 1 end"},
  ["per-epoch"] = {right = {
    "function my_fit(net, opt, scheduler, epochs) for e = 1, epochs do for x, y in data.batches(digits, 32) do opt:zero_grad() local loss = nn.cross_entropy(net(x), y) loss:backward() opt:step() end scheduler:step() end end",
    "my_fit = function(n, o, s, k) while k > 0 do for x, y in data.batches(digits, 64) do n:zero_grad() nn.cross_entropy(n(x), y):backward() o:step() end s:step() k = k - 1 end end",
    "function my_fit(net, opt, scheduler, epochs) for e = 1, epochs do local count = 0 for x, y in data.batches(digits, 32) do if count == 0 and e > 1 then scheduler:step() end count = count + 1 opt:zero_grad() nn.cross_entropy(net(x), y):backward() opt:step() end end scheduler:step() end"},
    wrong = "function my_fit(net, opt, scheduler, epochs) for e = 1, epochs do scheduler:step() end end"},
}
