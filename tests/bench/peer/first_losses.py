#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""first_losses.py W1..W7|W5tanh|W5relu FILE: PyTorch's initial weights, data,
minibatches and first 20 losses of a workload, as a safetensors file for
agree.py. The models and optimisers are those of torch_bench.py, but for
dropout, which lets all pass. `own` is how far PyTorch's losses in float32 are
from its own in float64: what rounding alone does to this training."""
import json
import struct
import sys

import torch
from torch import nn
from torch.nn import functional as F

STEPS, MANY = 20, 1000  # losses; samples, of which minibatches are drawn


def save(path, tensors):
    header, blob = {}, b""
    for name, t in tensors.items():
        raw = t.detach().to(torch.float32).contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(t.shape),
                        "data_offsets": [len(blob), len(blob) + len(raw)]}
        blob += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + blob)


def mlp(widths, norm=False):
    layers = []
    for i, (a, b) in enumerate(zip(widths, widths[1:])):
        layers.append(nn.Linear(a, b))
        if i < len(widths) - 2:
            layers += [nn.BatchNorm1d(b)] if norm else []
            layers += [nn.ReLU()]
            layers += [nn.Dropout(0)] if norm else []
    return layers


def lenet():
    return [nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            *mlp([400, 120, 84, 10])]


def adam(p):
    return torch.optim.Adam(p, 1e-3)


def momentum(p):
    return torch.optim.SGD(p, 0.01, momentum=0.9)


# layers, optimiser, batch, shape of a sample, classes (0: the sample itself)
NETS = {
    "W1": (lambda: mlp([2, 64, 64, 3]), adam, 64, (2,), 3),
    "W2": (lambda: mlp([784, 512, 256, 10]), momentum, 128, (784,), 10),
    "W3": (lambda: mlp([784, 512, 256, 10], True), adam, 128, (784,), 10),
    "W4": (lenet, momentum, 64, (1, 28, 28), 10),
    "W7": (lambda: mlp([784, 256, 64, 256, 784]), adam, 128, (784,), 0),
}


def train(name, dtype):
    layers, optimiser, batch, shape, classes = NETS[name]
    net = nn.Sequential(*layers())
    x = torch.rand(MANY, *shape)
    y = torch.randint(0, max(classes, 1), (MANY,))
    index = torch.randint(0, MANY, (STEPS, batch))
    net, x = net.to(dtype), x.to(dtype)
    out = {"net." + key: value.clone()
           for key, value in net.state_dict().items()}
    out |= {"x": x, "index": index + 1}
    if classes:
        out["y"] = y + 1  # gradus counts labels from 1
    opt, losses = optimiser(net.parameters()), []
    for rows in index:
        target = y[rows] if classes else x[rows]
        loss = (F.cross_entropy if classes else F.mse_loss)(net(x[rows]),
                                                            target)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.detach())
    return out | {"losses": torch.stack(losses)}


def experiment(kind, dtype):
    out, forward, back = {"x": torch.randn(1024, 256).to(dtype)}, [], []
    h = out["x"]
    for layer in range(1, 51):
        w = torch.empty(256, 256)
        if kind == "tanh":
            nn.init.xavier_normal_(w)
        else:
            nn.init.kaiming_normal_(w, nonlinearity="relu")
        out[f"w{layer}"] = w = w.to(dtype)
        h = getattr(torch, kind)(F.linear(h, w.clone().requires_grad_()))
        h.register_hook(lambda g: back.append(g.std()))
        forward.append(h.detach().std())
    (h * h).mean().backward()
    return out | {"losses": torch.stack(forward[:20] + back[:20])}


def valley(dtype):
    x = torch.tensor(-1.2).to(dtype).requires_grad_()
    y = torch.tensor(1.0).to(dtype).requires_grad_()
    opt, losses = adam([x, y]), []
    for _ in range(STEPS):
        loss = (1 - x) ** 2 + 100 * (y - x * x) ** 2
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.detach())
    return {"losses": torch.stack(losses)}


def run(name, dtype):
    torch.manual_seed(1)
    if name == "W6":
        return valley(dtype)
    if name.startswith("W5"):
        return experiment(name[2:], dtype)
    return train(name, dtype)


def main():
    name, path = sys.argv[1:]
    torch.set_num_threads(1)
    out = run(name, torch.float32)
    exact = run(name, torch.float64)["losses"]
    own = ((out["losses"] - exact) / exact).abs().max()
    save(path, out | {"own": own.reshape(1)})


if __name__ == "__main__":
    main()
