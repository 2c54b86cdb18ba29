#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""torch peer. usage: torch_bench.py W1..W8|W5tanh|W5relu [--threads N] [--secs S] [--v flag,flag...]
flags: foreach (foreach optimizer), none (zero_grad(set_to_none=True)), trace (jit.trace of the model), script (jit.script of the
whole loss), perm (minibatch = slice of a shuffled index instead of randint), slice (contiguous minibatch, no gather),
scalars (W6: two scalar leaves instead of one 2-vector), flush (flush denormals), foreach0 (foreach=False)."""
import argparse, time, sys, math
ap = argparse.ArgumentParser(); ap.add_argument('w'); ap.add_argument('--threads', type=int, default=1); ap.add_argument('--secs', type=float, default=2.0)
ap.add_argument('--v', default='none'); ap.add_argument('--rounds', type=int, default=1); a = ap.parse_args()
import torch, torch.nn as nn, torch.nn.functional as F
from common import *
if a.threads: torch.set_num_threads(a.threads)
torch.manual_seed(0) ; V = set(a.v.split(','))
if 'flush' in V: torch.set_flush_denormal(True)
fe = True if 'foreach' in V else (False if 'foreach0' in V else None); stn = 'none' in V
peer = 'torch:' + a.v
def data(N, *sh, classes=10):
    return torch.rand(N, *sh), torch.randint(0, classes, (N,))
def spiral(n=100):
    X, Y = [], []
    for c in range(3):
        r = torch.linspace(0, 1, n); t = torch.linspace(c*4, (c+1)*4, n) + torch.randn(n)*0.2
        X.append(torch.stack([r*torch.sin(t), r*torch.cos(t)], 1)); Y.append(torch.full((n,), c))
    return torch.cat(X), torch.cat(Y)
def mlp(w, bn=False, do=0., act=nn.ReLU):
    L = []
    for i, (p, q) in enumerate(zip(w, w[1:])):
        L.append(nn.Linear(p, q))
        if i < len(w)-2:
            if bn: L.append(nn.BatchNorm1d(q))
            L.append(act())
            if do: L.append(nn.Dropout(do))
    return nn.Sequential(*L)
def trainer(model, X, Y, B, opt, lossf):
    N = X.shape[0]; state = dict(i=0, perm=torch.randperm(N))
    if 'trace' in V: model = torch.jit.trace(model, X[:B])
    if 'script' in V: model = torch.jit.script(model)
    def step():
        if 'perm' in V or 'slice' in V:
            i = state['i']
            if i + B > N: i = 0; state['perm'] = torch.randperm(N)
            state['i'] = i + B
            idx = slice(i, i+B) if 'slice' in V else state['perm'][i:i+B]
        else: idx = torch.randint(0, N, (B,))
        xb = X[idx]; yb = xb if Y is None else Y[idx]
        loss = lossf(model(xb), yb)
        opt.zero_grad(set_to_none=stn); loss.backward(); opt.step()
    return step
w = a.w
if w == 'W1':
    X, Y = spiral(); m = mlp([2, 64, 64, 3]); o = torch.optim.Adam(m.parameters(), 1e-3, foreach=fe)
    emit(peer, w, a.threads, timeit(trainer(m, X, Y, 64, o, F.cross_entropy), a.secs), 64, mlp_flops(64, [2, 64, 64, 3]))
elif w in ('W2', 'W3'):
    X, Y = data(60000, 784); W = [784, 512, 256, 10]
    if w == 'W2': m = mlp(W); o = torch.optim.SGD(m.parameters(), .01, momentum=.9, foreach=fe)
    else: m = mlp(W, True, .5); o = torch.optim.Adam(m.parameters(), 1e-3, foreach=fe)
    emit(peer, w, a.threads, timeit(trainer(m, X, Y, 128, o, F.cross_entropy), a.secs), 128, mlp_flops(128, W))
elif w == 'W4':
    X, Y = data(20000, 1, 28, 28)
    m = nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), *mlp([400, 120, 84, 10]))
    if 'nhwc' in V: m = m.to(memory_format=torch.channels_last)
    if 'nomkldnn' in V: torch.backends.mkldnn.flags(enabled=False).__enter__()
    o = torch.optim.SGD(m.parameters(), .01, momentum=.9, foreach=fe)
    emit(peer, w, a.threads, timeit(trainer(m, X, Y, 64, o, F.cross_entropy), a.secs), 64, lenet_flops(64))
elif w == 'W7':
    X, _ = data(60000, 784); W = [784, 256, 64, 256, 784]; m = mlp(W); o = torch.optim.Adam(m.parameters(), 1e-3, foreach=fe)
    emit(peer, w, a.threads, timeit(trainer(m, X, None, 128, o, F.mse_loss), a.secs), 128, mlp_flops(128, W))
elif w in ('W5tanh', 'W5relu'):
    act = torch.tanh if w == 'W5tanh' else torch.relu; X = torch.randn(1024, 256); L = 50
    fine = {}
    def experiment():
        Ws = []
        for _ in range(L):
            p = torch.empty(256, 256)
            (nn.init.xavier_normal_ if w == 'W5tanh' else lambda t: nn.init.kaiming_normal_(t, nonlinearity='relu'))(p)
            Ws.append(p.requires_grad_())
        h = X; acts = []; stats = []; gst = []
        for p in Ws:
            h = act(h @ p.t()) if 'mm' in V else act(F.linear(h, p))
            h.register_hook(lambda g: gst.append((g.std().item(), torch.histc(g, 64))))
            d = h.detach(); stats.append((d.mean().item(), d.std().item(), torch.histc(d, 64)))
        (h*h).mean().backward()
        assert len(gst) == L
    t = timeit(experiment, a.secs, warm=0.01, min_blocks=5)
    fl = 2*1024*256*256*L*3 - 2*1024*256*256
    emit(peer, w, a.threads, t, flops=fl, s_per_experiment=round(t['s'], 4))
elif w == 'W6':
    if 'scalars' in V:
        x = torch.tensor(-1.2, requires_grad=True); y = torch.tensor(1., requires_grad=True); ps = [x, y]
        f = lambda: (1-x)**2 + 100*(y-x*x)**2
    else:
        p = torch.tensor([-1.2, 1.], requires_grad=True); ps = [p]
        f = lambda: (1-p[0])**2 + 100*(p[1]-p[0]**2)**2
    if 'script' in V:
        @torch.jit.script
        def rb(x: torch.Tensor, y: torch.Tensor): return (1-x)**2 + 100*(y-x*x)**2
        f = (lambda: rb(x, y)) if 'scalars' in V else (lambda: rb(p[0], p[1]))
    o = torch.optim.Adam(ps, 1e-3, foreach=fe)
    def run():
        loss = f(); o.zero_grad(set_to_none=stn); loss.backward(); o.step()
    def whole():
        for _ in range(2000): run()
    t = timeit(whole, a.secs, warm=.2, min_blocks=5); t['s'] /= 2000; t['s_min'] /= 2000
    emit(peer, w, a.threads, t)
elif w == 'W8':
    x = torch.empty(10_000_000); t = timeit(lambda: x.normal_(), a.secs, min_blocks=5)
    emit(peer, w, a.threads, t, melem_per_s=round(10/t['s'], 1))
elif w == 'W8u':
    x = torch.empty(10_000_000); t = timeit(lambda: x.uniform_(), a.secs, min_blocks=5)
    emit(peer, w, a.threads, t, melem_per_s=round(10/t['s'], 1))
