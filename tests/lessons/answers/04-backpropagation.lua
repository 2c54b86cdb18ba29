-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  numeric = {right = {"numeric = function(f, v) return (f(v + 0.001) - f(v - 0.001)) * 500 end",
    "function numeric(g, at) local a, b = g(at - 1e-5), g(at + 1e-5) return (b - a) / 2e-5 end",
    "function numeric(f, v) local h = 1e-6 return (f(v + h) - f(v)) / h end"},
    wrong = "function numeric(f, v) return f(v + 1) - f(v) end"},
  softmax = {right = {"g = -(y - s)", "g = s:detach() - y", "g = z.grad"}, wrong = "g = s"},
  sigmoid = {right = {"h = -(t - p)", "h = u:detach():sigmoid() - t", "h = ((1 - t) / (1 - p) - t / p) * p * (1 - p)"},
    wrong = "h = p"},
  weights = {right = {"dW = tensor.matmul(X:t(), G)", "dW = X:t():matmul(G + Y) - X:t():matmul(Y)",
    "dW = X:transpose(1, 2):matmul(G)"}, wrong = "dW = X:t():matmul(Y)"},
  inputs = {right = {"dV = tensor.matmul(D, layer.weight)", "dV = D:matmul(layer.weight:detach())",
    "dV = V.grad:clone()"}, wrong = "dV = tensor.zeros(5, 4)"},
  whole = {right = {
    "dW = tensor.matmul(H:t(), G); dU = X:t():matmul(G:matmul(W:t()) * A:gt(0))",
    "dW = H:t():matmul(G) dH = (W:matmul(G:t())):t() dA = A:gt(0) * dH dU = (dA:t():matmul(X)):t()",
    "dW = W.grad; dU = U.grad"},
    wrong = "dW = H:t():matmul(G); dU = X:t():matmul(G)"},
}
