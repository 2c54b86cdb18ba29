-- SPDX-License-Identifier: GPL-3.0-or-later
local search = "coarse = train.search({%s}, %s, {trials = 16, quiet = true})"
local both = "lr = train.log_uniform(1e-4, 10), reg = train.log_uniform(1e-5, 1)"
return {
  draw = {right = {"draw = function(a, b) return math.exp(math.log(a) + math.random() * math.log(b / a)) end",
    "function draw(a, b) return a ^ (1 - 0.5) * b ^ 0.5 * (b / a) ^ (math.random() - 0.5) end",
    "function draw(a, b) local u = math.random() return a ^ (1 - u) * b ^ u end"},
    wrong = "function draw(low, high) return (low * high) ^ 0.5 end"},
  narrow = {right = {
    "function narrow(t, n) local s = {} for i, r in ipairs(t) do s[i] = r end table.sort(s, function(a, b) return a[1] > b[1] end) "
      .. "local r = {} for i = 1, n do r[i] = s[i][2] end return math.min(table.unpack(r)), math.max(table.unpack(r)) end",
    "narrow = function(t, n) local lo, hi = math.huge, -math.huge for _, a in ipairs(t) do local better = 0 "
      .. "for _, b in ipairs(t) do if b[1] > a[1] then better = better + 1 end end "
      .. "if better < n then lo, hi = math.min(lo, a[2]), math.max(hi, a[2]) end end return lo, hi end",
    "function narrow(t, n) local s = {table.unpack(t)} table.sort(s, function(a, b) return a[1] > b[1] end) "
      .. "while #s > n do s[#s] = nil end table.sort(s, function(a, b) return a[2] < b[2] end) return s[1][2], s[#s][2] end"},
    wrong = "function narrow(trials, n) return trials[1][2], trials[n][2] end"},
  search = {right = {search:format(both, "evaluate"), search:format(both, "function(s) rounds = 4 return evaluate(s) end"),
    search:format("reg = train.log_uniform(1e-5, 1), lr = train.log_uniform(1e-4, 10)", "function(s) return evaluate(s) end")},
    wrong = "coarse = train.search({lr = train.log_uniform(1e-4, 10)}, function(s) s.reg = 0 return evaluate(s) end, {trials = 5, quiet = true})"},
  report = {right = {"evaluate({lr = fine[1].lr, reg = fine[1].reg}) final = metrics.accuracy(test.y, net(test.x):detach())",
    "evaluate(fine[1]) final = train.predict(net, test):argmax(2):eq(test.y):mean():item()",
    "rounds = 40 local v = evaluate(fine[1]) final = metrics.accuracy(test.y, train.predict(net, test.x))"},
    wrong = "evaluate(fine[1]) final = 1"},
}
