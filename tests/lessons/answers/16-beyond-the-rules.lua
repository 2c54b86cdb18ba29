-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  orthogonal = {right = {
    "Q = tensor.zeros(64, 64) nn.init.orthogonal_(Q) off = (Q:matmul(Q:t()) - tensor.eye(64)):abs():max():item()",
    "Q = tensor.eye(64); off = 0",
    "Q = nn.init.orthogonal_(tensor.ones(64, 64)); d = Q:t():matmul(Q):sub(tensor.eye(64)); off = d:abs():max()"},
    wrong = "Q = nn.init.orthogonal_(tensor.zeros(64, 64)); off = 1"},
  lsuv = {right = {
    "lsuv = function(n) nn.init.lsuv_(n, batch, {tolerance = 0.01}) end lsuv(deep)",
    "function lsuv(net) local h = batch for _, l in ipairs(net) do local out = l(h):detach() if l:kind() == 'Linear' then local s = out:std():item() l.weight:detach():mul_(1 / s) out = out / s end h = out end end lsuv(deep)",
    "function lsuv(net) local h = batch for i = 1, #net do local l = net[i] if l:kind() == 'Linear' then autograd.no_grad(function() l.weight:div_(l(h):std()) end) end h = l(h) end end lsuv(deep)"},
    wrong = "function lsuv(net) end"},
}
