#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nets saved by gradus are loaded by PyTorch, strictly, and give the same outputs; and the other way
round. The few lines of `load` and `save` are all the reader and writer of the format that it takes.

    saved_test.py GRADUS

Needs PyTorch (Debian: python3-torch), which is no dependency of gradus: without it the test is
skipped (code 77)."""
import json
import os
import struct
import subprocess
import sys
import tempfile

try:
    import torch
    from torch import nn
except Exception as error:  # one that is there and does not load is none
    DEBIANS = "/usr/bin/python3"
    if os.path.exists(DEBIANS) and os.path.realpath(sys.executable) != os.path.realpath(DEBIANS):
        os.execv(DEBIANS, [DEBIANS] + sys.argv)
    print(f"skipped: no PyTorch ({error}). Hint: sudo apt install python3-torch")
    sys.exit(77)

# Lua code of a net, the same in PyTorch, the shape of its input, whether the input holds labels.
NETS = [
    ("nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3, {bias = false}))",
     lambda: nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3, bias=False)), (5, 4), False),
    ("nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), "
     "nn.Linear(36, 10), nn.PReLU(), nn.LayerNorm(10), nn.Linear(10, 3))",
     lambda: nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                           nn.Linear(36, 10), nn.PReLU(), nn.LayerNorm(10), nn.Linear(10, 3)),
     (5, 1, 8, 8), False),
    ("nn.Sequential({{'conv', nn.Conv2d(2, 4, {3, 2}, {groups = 2, bias = false})}, "
     "{'norm', nn.GroupNorm(2, 4)}, {'act', nn.ELU()}, {'each', nn.InstanceNorm2d(4, {affine = true, "
     "track_running_stats = true})}, {'pool', nn.AvgPool2d(2)}})",
     lambda: nn.Sequential(Named(conv=nn.Conv2d(2, 4, (3, 2), groups=2, bias=False),
                                 norm=nn.GroupNorm(2, 4), act=nn.ELU(),
                                 each=nn.InstanceNorm2d(4, affine=True, track_running_stats=True),
                                 pool=nn.AvgPool2d(2))), (3, 2, 8, 8), False),
    ("nn.Sequential(nn.Embedding(6, 5), nn.Flatten(), nn.BatchNorm1d(15), nn.Dropout(0.5), "
     "nn.Sequential(nn.Linear(15, 4), nn.GELU()), nn.LogSoftmax(2))",
     lambda: nn.Sequential(nn.Embedding(6, 5), nn.Flatten(), nn.BatchNorm1d(15), nn.Dropout(0.5),
                           nn.Sequential(nn.Linear(15, 4), nn.GELU()), nn.LogSoftmax(1)), (7, 3), True),
]
TYPES = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}

# A forward in training mode moves the running averages before the net is saved.
SAVE = """
local core, net = require("gradus.core").safetensors, %s
local function input() return %s end
net(input())
net:eval():save("net.safetensors")
local x = input()
core.save("pair.safetensors", {{name = "x", tensor = x}, {name = "y", tensor = net(x):detach()}})
"""
LOAD = """
local core, net = require("gradus.core").safetensors, %s
net:load("theirs.safetensors"):eval()
local pair = {}
for _, entry in ipairs((core.load("pair.safetensors"))) do pair[entry.name] = entry.tensor end
print((net(pair.x) - pair.y):abs():max():item())
"""


def Named(**layers):  # pylint: disable=invalid-name
    from collections import OrderedDict
    return OrderedDict(layers)


def load(path):
    with open(path, "rb") as f:
        data = f.read()
    length = struct.unpack("<Q", data[:8])[0]
    out = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            raw = bytearray(data[8 + length + begin:8 + length + end])
            out[name] = torch.frombuffer(raw, dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
    return out


def save(path, tensors):
    header, raw = {}, b""
    for name, t in tensors.items():
        kind = next(k for k, v in TYPES.items() if v == t.dtype)
        some = t.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": kind, "shape": list(t.shape),
                        "data_offsets": [len(raw), len(raw) + len(some)]}
        raw += some
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + raw)


def run(gradus, code, folder):
    return subprocess.run([gradus, "-e", code], cwd=folder, check=True, capture_output=True, text=True,
                          timeout=60).stdout


def there(gradus, code, net, shape, labels, folder):
    """gradus saves, PyTorch loads."""
    sizes = ", ".join(map(str, shape))
    source = "tensor.randint(1, 6, {%s})" % sizes if labels else "tensor.randn(%s)" % sizes
    run(gradus, SAVE % (code, source), folder)
    state = load(os.path.join(folder, "net.safetensors"))
    pair = load(os.path.join(folder, "pair.safetensors"))
    assert list(state) == list(net.state_dict()), "names in another order"
    net.load_state_dict(state, strict=True)
    x = pair["x"].long() - 1 if labels else pair["x"]
    return (net(x) - pair["y"]).abs().max().item()


def back(gradus, code, net, shape, labels, folder):
    """PyTorch saves, gradus loads."""
    x = torch.randint(0, 6, shape) if labels else torch.randn(shape)
    net.train()(x)
    save(os.path.join(folder, "theirs.safetensors"), net.eval().state_dict())
    save(os.path.join(folder, "pair.safetensors"), {"x": (x + 1).float() if labels else x, "y": net(x)})
    return float(run(gradus, LOAD % code, folder))


def main():
    gradus = os.path.abspath(sys.argv[1])
    torch.manual_seed(1)
    for code, make, shape, labels in NETS:
        net = make().eval()
        with tempfile.TemporaryDirectory() as folder:
            for way in (there, back):
                difference = way(gradus, code, net, shape, labels, folder)
                assert difference < 1e-5, (way.__name__, code, difference)
                print("%-5s %.1e  %s" % (way.__name__, difference, code[:70]))


main()
