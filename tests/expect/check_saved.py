#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A net saved by gradus is loaded by PyTorch, strictly, and gives the same outputs. Run by hand:
/usr/bin/python3 tests/expect/check_saved.py build/src/gradus"""
import json
import os
import struct
import subprocess
import sys
import tempfile

import torch
from torch import nn

SCRIPT = """
local net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
  nn.Linear(36, 10), nn.PReLU(), nn.LayerNorm(10), nn.Linear(10, 3))
net(tensor.randn(8, 1, 8, 8))
net:eval():save("net.safetensors")
local x = tensor.randn(5, 1, 8, 8)
require("gradus.core").safetensors.save("pair.safetensors",
  {{name = "x", tensor = x}, {name = "y", tensor = net(x):detach()}})
"""
NET = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                    nn.Linear(36, 10), nn.PReLU(), nn.LayerNorm(10), nn.Linear(10, 3)).eval()
TYPES = {"F32": torch.float32, "F64": torch.float64}


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


with tempfile.TemporaryDirectory() as folder:
    subprocess.run([os.path.abspath(sys.argv[1]), "-e", SCRIPT], cwd=folder, check=True)
    state = load(os.path.join(folder, "net.safetensors"))
    pair = load(os.path.join(folder, "pair.safetensors"))
assert list(state) == list(NET.state_dict()), "names in another order"
NET.load_state_dict(state, strict=True)
difference = (NET(pair["x"]) - pair["y"]).abs().max().item()
assert difference < 1e-5, difference
print("PyTorch loads it strictly; largest difference of the outputs %.1e" % difference)
