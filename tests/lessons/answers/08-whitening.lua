-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  covariance = {right = {
    "cov = function(x) local c = x - x:mean(1) return c:t():matmul(c) / (#x - 1) end",
    "function cov(x) local n = x:size(1) local m = x:mean(1):reshape(1, -1) return (x:t():matmul(x) - m:t():matmul(m) * n) / (n - 1) end",
    "function cov(a) a = a - a:mean(1, true) return tensor.matmul(a:t(), a):div(a:size(1) - 1) end"},
    wrong = "function cov(x) return tensor.eye(2) end"},
  decorrelate = {right = {"Z = P:apply(X)", "Z = tensor.matmul(X, P.basis)", "Z = P.basis:t():matmul(X:t()):t()"},
    wrong = "Z = X * 2"},
  whiten = {right = {"white = Z / P.variance ^ 0.5", "white = Z / Z:std(1)",
    "white = data.PCA(2, {whiten = true}):fit(X):apply(X)"}, wrong = "white = Z * 2"},
}
