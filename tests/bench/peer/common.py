# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared timing: warm up, then time blocks of steps until `secs` has passed; the median block gives the figure."""
import time, json, statistics as st, resource, os, sys
def timeit(step, secs=2.0, warm=0.3, block_s=0.02, min_blocks=7, max_blocks=400):
    t0 = time.perf_counter(); n = 0
    while True:
        step(); n += 1
        if time.perf_counter() - t0 > warm and n >= 2: break
    per = (time.perf_counter() - t0) / n
    b = max(1, int(block_s / per)); r = []; t0 = time.perf_counter()
    while (time.perf_counter() - t0 < secs or len(r) < min_blocks) and len(r) < max_blocks:
        a = time.perf_counter()
        for _ in range(b): step()
        r.append((time.perf_counter() - a) / b)
    r.sort()
    return dict(s=st.median(r), s_min=r[0], s_p90=r[int(len(r)*.9)], blocks=len(r), per_block=b)
def emit(peer, wl, threads, t, batch=0, flops=0, **kw):
    d = dict(peer=peer, workload=wl, threads=threads, us_per_step=round(t['s']*1e6, 2), steps_per_s=round(1/t['s'], 2),
             us_min=round(t['s_min']*1e6, 2), blocks=t['blocks'], per_block=t['per_block'])
    if batch: d['samples_per_s'] = round(batch/t['s'])
    if flops: d['gflops'] = round(flops/t['s']*1e-9, 2)
    d['rss_mb'] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/1024)
    d.update(kw); print(json.dumps(d), flush=True)
# FLOPs of one train step (fwd + dW + dX of all but the first layer), from the layer widths
def mlp_flops(batch, w):
    f = sum(a*b for a, b in zip(w, w[1:])); return 2*batch*(3*f - w[0]*w[1])
def lenet_flops(batch):  # 28x28, 5x5x6 pad 2, pool, 5x5x16, pool, 400-120-84-10
    c1 = 25*6*28*28; c2 = 25*6*16*100; fc = 400*120+120*84+84*10
    return 2*batch*(3*(c1+c2+fc) - c1)
