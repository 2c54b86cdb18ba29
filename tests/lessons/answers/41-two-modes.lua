-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  mode = {right = {"net.training == true", "(net.training)", "net[1].training"}, wrong = "not net.training"},
  switch = {right = {"net.eval(net)", "net:train(false)", "net:eval() right(unseen)",
    "net = net:eval()"}, wrong = "net[4]:eval()"},
  honest = {right = {
    "honest = function(n, f) local m = n.training n:eval() local r = metrics.accuracy(f.y, n(f.x)) "
      .. "if m then n:train() end return r end",
    "function honest(n, f) local m = n.training n:train(false) local p = n(f.x):argmax(2) n:train(m) "
      .. "return p:eq(f.y):mean():item() end",
    "function honest(n, f) return metrics.accuracy(f.y, train.predict(n, f.x)) end"},
    wrong = "function honest(n, f) local m = n.training n:eval() n(f.x) n:train(m) return 0.5 end"},
}
