-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  forward = {right = {
    "mu = u:sum(1) / M; var = ((u - mu) ^ 2):sum(1) / 6; hat = (u - mu) / (var + eps) ^ 0.5; z = hat * gamma + beta",
    "mu, var = u:mean(1), u:var(1) * (M - 1) / M hat = (u - mu) * (var + eps) ^ -0.5 z = gamma * hat + beta",
    "mu = u:mean(1, true):reshape(2); var = (u - mu):square():mean(1); hat = (u - mu) / (var + eps):sqrt(); z = beta + gamma * hat"},
    wrong = "mu = u:mean(1); var = u:mean(1); hat = u - mu; z = hat"},
  parameters = {right = {"dgamma, dbeta = (hat * e):sum(1), e:sum(1)",
    "dbeta = e:mean(1) * M; dgamma = (e * hat):mean(1) * M",
    "dgamma = tensor.sum(e * hat, 1) dbeta = tensor.sum(e, 1)"},
    wrong = "dgamma, dbeta = e:sum(1), (e * hat):sum(1)"},
  variance = {right = {
    "dhat = e * gamma; dvar = (dhat * (u - mu)):sum(1) * -0.5 / (var + eps) ^ 1.5",
    "dhat = gamma * e; dvar = -(dhat * hat):sum(1) / (var + eps) / 2",
    "dhat = e:mul(gamma) local s = (var + eps):sqrt() dvar = (dhat * (u - mu) / (s * s * s)):sum(1) / -2"},
    wrong = "dhat = e; dvar = (dhat * (u - mu) * -0.5 * (var + eps) ^ -1.5):sum(1)"},
  input = {right = {
    "dmu = -dhat:sum(1) / (var + eps):sqrt(); du = dhat / (var + eps):sqrt() + dvar * 2 / M * (u - mu) + dmu / M",
    "s = (var + eps):sqrt() dmu = (dhat * -1 / s):sum(1) du = (dhat - dhat:mean(1) - hat * (dhat * hat):mean(1)) / s",
    "dmu = (dhat * (var + eps) ^ -0.5):sum(1) * -1; du = dhat * (var + eps) ^ -0.5 + (dvar * 2 * (u - mu) + dmu) / 6"},
    wrong = "dmu = dhat:sum(1); du = dhat + dmu"},
  gradcheck = {right = {
    "function Norm.backward(ctx, e) local d, s, c = ctx:saved() local h = d / s local g = e * c return (g - g:mean(1) - h * (g * h):mean(1)) / s, (e * h):sum(1), e:sum(1) end",
    "Norm.backward = function(ctx, e) local d, s, c = ctx:saved() local n, g = d:size(1), e * c local v = -(g * d):sum(1) / (2 * s ^ 3) return g / s + v * 2 * d / n - (g / s):sum(1) / n, (e * d / s):sum(1), e:sum(1) end",
    "Norm.backward = function(ctx, e) local d, s, c = ctx:saved() local g = e * c / s local first = g - g:mean(1) return first - d * (g * d):mean(1) / s ^ 2, (e * d / s):sum(1), e:sum(1) end"},
    wrong = "function Norm.backward(ctx, e) local d, s, c = ctx:saved() return e, (e * d / s):sum(1), e:sum(1) end"},
}
