#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what PyTorch 1.13 computes for layers, losses, optimisers, schedules and a training, as Lua
tables that tests/lua/nn and tests/lua/optim read: layers.data, optim.data, schedules.data,
training.data. Run by hand: /usr/bin/python3 tests/expect/make_nn.py"""
import math
import os
import warnings
from collections import OrderedDict

import torch
from torch import nn, optim

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
warnings.filterwarnings("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))


def flat(t):
    return "{" + ", ".join("%.11g" % v for v in t.detach().reshape(-1).tolist()) + "}"


def tensor(t):
    return "{shape = {%s}, %s}" % (", ".join(map(str, t.shape)), flat(t)[1:-1])


def write(name, lines):
    with open(os.path.join(HERE, name), "w") as f:
        f.write("-- Made by make_nn.py from PyTorch %s.\nreturn {\n" % torch.__version__)
        f.write("\n".join(lines) + "\n}\n")


def weights_for(y):
    n = max(1, y.numel())
    return (torch.arange(1, n + 1) / n + 0.5).reshape(y.shape)


def randomise(module):
    for p in module.parameters():
        with torch.no_grad():
            p.copy_(torch.rand(p.shape) * 1.6 - 0.8)


# Lua code, the PyTorch module, shapes of the input.
LAYERS = [
    ("nn.Linear(4, 3)", nn.Linear(4, 3), [(5, 4), (2, 3, 4)]),
    ("nn.Linear(4, 3, {bias = false})", nn.Linear(4, 3, bias=False), [(5, 4)]),
    ("nn.Conv2d(2, 3, 3)", nn.Conv2d(2, 3, 3), [(2, 2, 5, 6)]),
    ("nn.Conv2d(2, 4, {3, 2}, {stride = {2, 1}, padding = {1, 2}, groups = 2})",
     nn.Conv2d(2, 4, (3, 2), stride=(2, 1), padding=(1, 2), groups=2), [(2, 2, 5, 4)]),
    ("nn.Conv2d(1, 2, 2, 1, 1, 2, 1, false)", nn.Conv2d(1, 2, 2, 1, 1, 2, 1, False), [(2, 1, 5, 4)]),
    ("nn.MaxPool2d(2)", nn.MaxPool2d(2), [(2, 2, 4, 5)]),
    ("nn.MaxPool2d(3, 2, 1)", nn.MaxPool2d(3, 2, 1), [(1, 2, 5, 5)]),
    ("nn.AvgPool2d(2)", nn.AvgPool2d(2), [(2, 2, 4, 5)]),
    ("nn.AvgPool2d(3, 2, 1)", nn.AvgPool2d(3, 2, 1), [(1, 2, 5, 5)]),
    ("nn.AvgPool2d(3, 2, 1, {count_include_pad = false})",
     nn.AvgPool2d(3, 2, 1, count_include_pad=False), [(1, 2, 5, 5)]),
    ("nn.Flatten()", nn.Flatten(), [(2, 3, 2, 2)]),
    ("nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))",
     nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), [(4, 3)]),
    ("nn.Identity()", nn.Identity(), [(2, 3)]),
    ("nn.BatchNorm1d(3)", nn.BatchNorm1d(3), [(6, 3), (4, 3, 5)]),
    ("nn.BatchNorm1d(3, {affine = false, momentum = 0.3, eps = 1e-3})",
     nn.BatchNorm1d(3, affine=False, momentum=0.3, eps=1e-3), [(6, 3)]),
    ("nn.BatchNorm1d(3, {momentum = false})", nn.BatchNorm1d(3, momentum=None), [(6, 3)]),
    ("nn.BatchNorm1d(3, {track_running_stats = false})",
     nn.BatchNorm1d(3, track_running_stats=False), [(6, 3)]),
    ("nn.BatchNorm1d(3):eval()", nn.BatchNorm1d(3).eval(), [(6, 3)]),
    ("nn.BatchNorm2d(2)", nn.BatchNorm2d(2), [(3, 2, 3, 2)]),
    ("nn.LayerNorm(4)", nn.LayerNorm(4), [(3, 4)]),
    ("nn.LayerNorm({3, 4})", nn.LayerNorm((3, 4)), [(2, 3, 4)]),
    ("nn.GroupNorm(2, 4)", nn.GroupNorm(2, 4), [(3, 4, 2, 3)]),
    ("nn.InstanceNorm2d(3)", nn.InstanceNorm2d(3), [(2, 3, 3, 2)]),
    ("nn.InstanceNorm2d(3, {affine = true})", nn.InstanceNorm2d(3, affine=True), [(2, 3, 3, 2)]),
    ("nn.Dropout(0.5):eval()", nn.Dropout(0.5).eval(), [(2, 3)]),
    ("nn.AlphaDropout(0.5):eval()", nn.AlphaDropout(0.5).eval(), [(2, 3)]),
    ("nn.ReLU()", nn.ReLU(), [(3, 4)]),
    ("nn.LeakyReLU()", nn.LeakyReLU(), [(3, 4)]),
    ("nn.LeakyReLU(0.2)", nn.LeakyReLU(0.2), [(3, 4)]),
    ("nn.PReLU()", nn.PReLU(), [(3, 4)]),
    ("nn.PReLU(3)", nn.PReLU(3), [(2, 3, 2)]),
    ("nn.ELU()", nn.ELU(), [(3, 4)]),
    ("nn.ELU(0.5)", nn.ELU(0.5), [(3, 4)]),
    ("nn.SELU()", nn.SELU(), [(3, 4)]),
    ("nn.GELU()", nn.GELU(), [(3, 4)]),
    ("nn.GELU({approximate = \"tanh\"})", nn.GELU(approximate="tanh"), [(3, 4)]),
    ("nn.SiLU()", nn.SiLU(), [(3, 4)]),
    ("nn.Mish()", nn.Mish(), [(3, 4)]),
    ("nn.Sigmoid()", nn.Sigmoid(), [(3, 4)]),
    ("nn.Tanh()", nn.Tanh(), [(3, 4)]),
    ("nn.Hardtanh()", nn.Hardtanh(), [(3, 4)]),
    ("nn.Hardtanh(-0.5, 0.7)", nn.Hardtanh(-0.5, 0.7), [(3, 4)]),
    ("nn.Softplus()", nn.Softplus(), [(3, 4)]),
    ("nn.Softplus(2, 1)", nn.Softplus(2, 1), [(3, 4)]),
    ("nn.Softsign()", nn.Softsign(), [(3, 4)]),
    ("nn.Softmax(2)", nn.Softmax(1), [(3, 4), (2, 3, 2)]),
    ("nn.LogSoftmax(-1)", nn.LogSoftmax(-1), [(3, 4)]),
    ("nn.Conv2d(2, 3, {2, 3}, {dilation = {2, 1}, padding = {0, 2}, bias = false})",
     nn.Conv2d(2, 3, (2, 3), dilation=(2, 1), padding=(0, 2), bias=False), [(2, 2, 5, 4)]),
    ("nn.MaxPool2d({kernel_size = {2, 3}, stride = {1, 2}, padding = {0, 1}})",
     nn.MaxPool2d((2, 3), (1, 2), (0, 1)), [(2, 2, 4, 5)]),
    ("nn.AvgPool2d({3, 2}, {stride = {2, 1}, padding = {1, 0}, count_include_pad = false})",
     nn.AvgPool2d((3, 2), (2, 1), (1, 0), count_include_pad=False), [(2, 2, 5, 4)]),
    ("nn.Flatten(1, 2)", nn.Flatten(0, 1), [(2, 3, 2, 2)]),
    ("nn.Flatten{start_dim = 3}", nn.Flatten(2), [(2, 3, 2, 2)]),
    ('nn.Sequential({{"first", nn.Linear(3, 4)}, {"act", nn.ReLU()}, {"last", nn.Linear(4, 2)}})',
     nn.Sequential(OrderedDict(first=nn.Linear(3, 4), act=nn.ReLU(), last=nn.Linear(4, 2))), [(4, 3)]),
    ("nn.BatchNorm1d(3, 1e-2, 0.2, false, true)", nn.BatchNorm1d(3, 1e-2, 0.2, False, True), [(6, 3)]),
    ("nn.BatchNorm1d(3, {track_running_stats = false}):eval()",
     nn.BatchNorm1d(3, track_running_stats=False).eval(), [(6, 3)]),
    ("nn.BatchNorm2d(2, {affine = false, momentum = 0.3, eps = 1e-3})",
     nn.BatchNorm2d(2, affine=False, momentum=0.3, eps=1e-3), [(3, 2, 3, 2)]),
    ("nn.BatchNorm2d(2, {momentum = false})", nn.BatchNorm2d(2, momentum=None), [(3, 2, 3, 2)]),
    ("nn.BatchNorm2d(2):eval()", nn.BatchNorm2d(2).eval(), [(3, 2, 3, 2)]),
    ("nn.LayerNorm(4, {eps = 1e-2, elementwise_affine = false})",
     nn.LayerNorm(4, eps=1e-2, elementwise_affine=False), [(3, 4)]),
    ("nn.GroupNorm(2, 4, {eps = 1e-2, affine = false})", nn.GroupNorm(2, 4, 1e-2, False), [(3, 4, 2, 3)]),
    ("nn.GroupNorm(1, 4)", nn.GroupNorm(1, 4), [(3, 4)]),
    ("nn.InstanceNorm2d(3, {eps = 1e-2})", nn.InstanceNorm2d(3, eps=1e-2), [(2, 3, 3, 2)]),
    ("nn.InstanceNorm2d(3, 1e-5, 0.3, true, true)", nn.InstanceNorm2d(3, 1e-5, 0.3, True, True),
     [(2, 3, 3, 2)]),
    ("nn.InstanceNorm2d(3, {affine = true, track_running_stats = true}):eval()",
     nn.InstanceNorm2d(3, affine=True, track_running_stats=True).eval(), [(2, 3, 3, 2)]),
    ("nn.Dropout(0)", nn.Dropout(0), [(2, 3)]),
    ("nn.Dropout2d(0.5):eval()", nn.Dropout2d(0.5).eval(), [(2, 3, 2, 2)]),
    ("nn.AlphaDropout(0)", nn.AlphaDropout(0), [(2, 3)]),
    ("nn.PReLU{init = 0.1}", nn.PReLU(init=0.1), [(3, 4)]),
    ("nn.PReLU(2)", nn.PReLU(2), [(3, 2, 2, 2)]),
    ("nn.Softmax(1)", nn.Softmax(0), [(3, 4)]),
    ("nn.Softmax()", nn.Softmax(-1), [(3, 4)]),
    ("nn.LogSoftmax(2)", nn.LogSoftmax(1), [(2, 3, 2)]),
]


class Maxout(nn.Module):
    def __init__(self, i, o, pieces):
        super().__init__()
        self.o, self.pieces, self.linear = o, pieces, nn.Linear(i, o * pieces)

    def forward(self, x):
        return self.linear(x).reshape(-1, self.o, self.pieces).max(2).values


class Residual(nn.Module):
    def __init__(self, inner, shortcut=None):
        super().__init__()
        self.inner, self.shortcut = inner, shortcut or nn.Identity()

    def forward(self, x):
        return self.shortcut(x) + self.inner(x)


LAYERS += [
    ("nn.Maxout(4, 3, 2)", Maxout(4, 3, 2), [(5, 4)]),
    ("nn.Residual(nn.Linear(3, 3), nn.Tanh())",
     Residual(nn.Sequential(nn.Linear(3, 3), nn.Tanh())), [(4, 3)]),
    ("nn.Residual(nn.Linear(3, 2), {shortcut = nn.Linear(3, 2, {bias = false})})",
     Residual(nn.Linear(3, 2), nn.Linear(3, 2, bias=False)), [(4, 3)]),
    ("nn.Maxout{in_features = 3, out_features = 2, pieces = 4}", Maxout(3, 2, 4), [(5, 3)]),
    ("nn.DropConnect(4, 3):eval()", nn.Linear(4, 3), [(5, 4)]),
    ("nn.DropConnect(4, 3, {p = 0, bias = false})", nn.Linear(4, 3, bias=False), [(5, 4)]),
]


def layer_cases():
    for code, module, shapes in LAYERS:
        randomise(module)
        for name, b in module.named_buffers():
            if name == "running_mean" and not module.training:
                b.copy_(torch.rand(b.shape))
            if name == "running_var" and not module.training:
                b.copy_(torch.rand(b.shape) + 0.5)
        for shape in shapes:
            before = {k: v.clone() for k, v in module.state_dict().items()}
            x = (torch.randn(shape) * 1.2).requires_grad_()
            module.zero_grad()
            y = module(x)
            (y * weights_for(y)).sum().backward()
            state = ", ".join('{"%s", %s}' % (k, tensor(v.double())) for k, v in before.items())
            after = ", ".join('{"%s", %s}' % (k, tensor(v.double()))
                              for k, v in module.state_dict().items()
                              if k.startswith("running") or k.startswith("num"))
            grads = ", ".join("%s" % flat(p.grad) for p in module.parameters())
            yield ("{code = %r, state = {%s}, x = %s, y = %s, gx = %s, grads = {%s}, after = {%s}},"
                   % (code, state, tensor(x), tensor(y), flat(x.grad), grads, after))


def embedding_case(index):
    m = nn.Embedding(5, 3)
    y = m(index)
    (y * weights_for(y)).sum().backward()
    yield ('{code = "nn.Embedding(5, 3)", state = {{"weight", %s}}, x = %s, y = %s, grads = {%s}, '
           "after = {}}," % (tensor(m.weight), tensor(index + 1), tensor(y), flat(m.weight.grad)))


def loss_cases():
    w3, W3 = torch.tensor([0.5, 2.0, 1.5]), 'weight = tensor({0.5, 2, 1.5}, {dtype = "float64"})'
    scores, labels = torch.randn(6, 3), torch.tensor([0, 2, 1, 2, 0, 0])
    images = torch.randn(2, 3, 2), torch.tensor([[0, 2], [1, 1]])
    logs = torch.log_softmax(torch.randn(6, 3), 1)
    a, b, p, t = torch.randn(4, 3) * 2, torch.randn(4, 3), torch.rand(4, 3) * .98 + .01, \
        torch.randint(0, 2, (4, 3)).double()
    q = torch.rand(4, 3) + 0.1
    cases = []
    for lua, r in (("", "mean"), ('reduction = "sum"', "sum"), ('reduction = "none"', "none")):
        def add(name, cls, x, y, extra="", **kw):
            options = ", ".join(o for o in (extra, lua) if o)
            cases.append(("nn.%s({%s})" % (name, options), cls(reduction=r, **kw), x, y))
        add("MSELoss", nn.MSELoss, a, b)
        add("L1Loss", nn.L1Loss, a, b)
        add("SmoothL1Loss", nn.SmoothL1Loss, a, b)
        add("SmoothL1Loss", nn.SmoothL1Loss, a, b, "beta = 0.4", beta=0.4)
        add("HuberLoss", nn.HuberLoss, a, b)
        add("HuberLoss", nn.HuberLoss, a, b, "delta = 0.4", delta=0.4)
        add("CrossEntropyLoss", nn.CrossEntropyLoss, scores, labels)
        add("CrossEntropyLoss", nn.CrossEntropyLoss, *images)
        add("CrossEntropyLoss", nn.CrossEntropyLoss, scores, torch.softmax(scores.flip(0), 1))
        add("CrossEntropyLoss", nn.CrossEntropyLoss, scores, labels,
            "weight = tensor({0.5, 2, 1.5}, {dtype = \"float64\"}), label_smoothing = 0.1",
            weight=w3, label_smoothing=0.1)
        add("CrossEntropyLoss", nn.CrossEntropyLoss, scores, labels, "ignore_index = 1", ignore_index=0)
        add("CrossEntropyLoss", nn.CrossEntropyLoss, *images, "label_smoothing = 0.2", label_smoothing=0.2)
        add("CrossEntropyLoss", nn.CrossEntropyLoss, scores, torch.softmax(scores.flip(0), 1), W3,
            weight=w3)
        add("NLLLoss", nn.NLLLoss, logs, labels, "ignore_index = 3", ignore_index=2)
        add("NLLLoss", nn.NLLLoss, logs, labels)
        add("NLLLoss", nn.NLLLoss, logs, labels,
            "weight = tensor({0.5, 2, 1.5}, {dtype = \"float64\"})", weight=w3)
        add("BCELoss", nn.BCELoss, p, t)
        add("BCELoss", nn.BCELoss, p, t, W3, weight=w3)
        add("BCEWithLogitsLoss", nn.BCEWithLogitsLoss, a, t)
        add("BCEWithLogitsLoss", nn.BCEWithLogitsLoss, a, t, W3, weight=w3)
        add("BCEWithLogitsLoss", nn.BCEWithLogitsLoss, a, t, W3 + ", pos_" + W3, weight=w3, pos_weight=w3)
        add("MultiMarginLoss", nn.MultiMarginLoss, scores, labels, W3, weight=w3)
        add("BCEWithLogitsLoss", nn.BCEWithLogitsLoss, a, t,
            "pos_weight = tensor({0.5, 2, 1.5}, {dtype = \"float64\"})", pos_weight=w3)
        add("KLDivLoss", nn.KLDivLoss, logs[:4], q)
        add("KLDivLoss", nn.KLDivLoss, logs[:4], b, "log_target = true", log_target=True)
        add("MultiMarginLoss", nn.MultiMarginLoss, scores, labels)
        add("MultiMarginLoss", nn.MultiMarginLoss, scores, labels, "p = 2, margin = 0.7", p=2,
            margin=0.7)
    cases.append(('nn.KLDivLoss({reduction = "batchmean"})', nn.KLDivLoss(reduction="batchmean"),
                  logs[:4], q))
    zero = torch.tensor([[0.0, 1.0, 0.5]])
    cases.append(("nn.BCELoss()", nn.BCELoss(), zero, torch.tensor([[1.0, 0.0, 1.0]])))
    for code, module, x, y in cases:
        x = x.clone().requires_grad_()
        value = module(x, y)
        (value * weights_for(value)).sum().backward()
        target = y + 1 if y.dtype == torch.int64 else y
        yield ("{code = %r, x = %s, target = %s, y = %s, gx = %s}," %
               (code, tensor(x), tensor(target), tensor(value), flat(x.grad)))


# Every optimiser plain, with each of its options alone (options: Lua, PyTorch), and with several at once.
# `l1` is gradus's own, here a term of the loss.
COMMON = [("weight_decay = 0.1", dict(weight_decay=0.1)), ("l1 = 0.2", dict(l1=0.2)),
          ("maximize = true", dict(maximize=True))]
EPS, BETAS = ("eps = 0.1", dict(eps=0.1)), ("betas = {0.5, 0.9}", dict(betas=(0.5, 0.9)))
OPTIMIZERS = {
    "SGD": COMMON + [
        ("momentum = 0.9", dict(momentum=0.9)),
        ("momentum = 0.9, nesterov = true", dict(momentum=0.9, nesterov=True)),
        ("momentum = 0.9, dampening = 0.5", dict(momentum=0.9, dampening=0.5)),
        ("momentum = 0.5, weight_decay = 0.1, l1 = 0.1, maximize = true",
         dict(momentum=0.5, weight_decay=0.1, l1=0.1, maximize=True)),
        ("momentum = 0.5, nesterov = true, weight_decay = 0.1",
         dict(momentum=0.5, nesterov=True, weight_decay=0.1))],
    "Adagrad": COMMON + [
        EPS, ("lr_decay = 0.1", dict(lr_decay=0.1)),
        ("initial_accumulator_value = 0.3", dict(initial_accumulator_value=0.3)),
        ("initial_accumulator_value = 0.3, lr_decay = 0.1, weight_decay = 0.1, maximize = true",
         dict(initial_accumulator_value=0.3, lr_decay=0.1, weight_decay=0.1, maximize=True))],
    "RMSprop": COMMON + [
        EPS, ("alpha = 0.9", dict(alpha=0.9)), ("momentum = 0.9", dict(momentum=0.9)),
        ("centered = true", dict(centered=True)),
        ("centered = true, momentum = 0.5, weight_decay = 0.1, eps = 1e-3",
         dict(centered=True, momentum=0.5, weight_decay=0.1, eps=1e-3))],
    "Adadelta": COMMON + [EPS, ("rho = 0.5", dict(rho=0.5)),
                          ("rho = 0.5, eps = 1e-3, weight_decay = 0.1, maximize = true",
                           dict(rho=0.5, eps=1e-3, weight_decay=0.1, maximize=True))],
    "Adam": COMMON + [
        EPS, BETAS, ("amsgrad = true", dict(amsgrad=True)),
        ("amsgrad = true, betas = {0.5, 0.6}", dict(amsgrad=True, betas=(0.5, 0.6))),
        ("amsgrad = true, betas = {0.5, 0.6}, eps = 0.1, weight_decay = 0.1, maximize = true",
         dict(amsgrad=True, betas=(0.5, 0.6), eps=0.1, weight_decay=0.1, maximize=True))],
    "AdamW": COMMON + [
        EPS, BETAS, ("amsgrad = true, betas = {0.5, 0.6}", dict(amsgrad=True, betas=(0.5, 0.6))),
        ("weight_decay = 0.3, l1 = 0.1, maximize = true", dict(weight_decay=0.3, l1=0.1, maximize=True))],
    "Adamax": COMMON + [EPS, BETAS, ("betas = {0.5, 0.9}, weight_decay = 0.1, maximize = true",
                                     dict(betas=(0.5, 0.9), weight_decay=0.1, maximize=True))],
    "NAdam": COMMON + [EPS, BETAS, ("momentum_decay = 0.1", dict(momentum_decay=0.1)),
                       ("momentum_decay = 0.1, betas = {0.5, 0.9}, weight_decay = 0.1",
                        dict(momentum_decay=0.1, betas=(0.5, 0.9), weight_decay=0.1))],
    "RAdam": COMMON + [EPS, BETAS, ("betas = {0.5, 0.9}, weight_decay = 0.1",
                                    dict(betas=(0.5, 0.9), weight_decay=0.1))],
    "Rprop": [("l1 = 0.2", dict(l1=0.2)), ("maximize = true", dict(maximize=True)),
              ("etas = {0.3, 1.5}", dict(etas=(0.3, 1.5))),
              ("step_sizes = {1e-3, 0.1}", dict(step_sizes=(1e-3, 0.1))),
              ("etas = {0.3, 1.5}, step_sizes = {1e-3, 0.1}",
               dict(etas=(0.3, 1.5), step_sizes=(1e-3, 0.1)))],
}


def make_optimizer(name, parameters, options):
    """PyTorch's optimiser, and whether the loss has to be turned round for it."""
    own = {k: v for k, v in options.items() if k != "l1"}
    if name in ("NAdam", "RAdam"):  # they have no maximize; NAdam is right in this path only
        own.pop("maximize", None)
        return getattr(optim, name)(parameters, foreach=name == "NAdam", **own), False
    return getattr(optim, name)(parameters, **own), bool(options.get("maximize"))


def optimizer_path(name, options):
    w = torch.tensor([1.0, -2.0, 0.3], requires_grad=True)
    v = torch.tensor([[0.5, -0.1]], requires_grad=True)
    optimizer, turned = make_optimizer(name, [w, v], dict(dict(lr=0.05), **options))
    a, path = torch.tensor([0.5, 1.0, 3.0]), []
    for _ in range(25):
        optimizer.zero_grad()
        loss = (a * w ** 2).sum() + 0.1 * (w ** 4).sum() + ((v - w[:2]) ** 2).sum()
        if turned:  # then -g goes into the rule, and l1 onto -g
            loss = -loss
        penalty = options.get("l1", 0) * (w.abs().sum() + v.abs().sum())
        (loss - penalty if turned else loss + penalty).backward()
        optimizer.step()
        path.append(torch.cat([w.detach(), v.detach().reshape(-1)]))
    return path


def averaged_path(beta=0.9):
    """Momentum as a true average, which PyTorch lacks, from its formula."""
    w = torch.tensor([1.0, -2.0, 0.3], requires_grad=True)
    v = torch.tensor([[0.5, -0.1]], requires_grad=True)
    a, path, u = torch.tensor([0.5, 1.0, 3.0]), [], None
    for _ in range(25):
        loss = (a * w ** 2).sum() + 0.1 * (w ** 4).sum() + ((v - w[:2]) ** 2).sum()
        g = torch.autograd.grad(loss, [w, v])
        u = [beta * m + (1 - beta) * x for m, x in zip(u or [0, 0], g)]
        with torch.no_grad():
            w -= 0.05 * u[0]
            v -= 0.05 * u[1]
        path.append(torch.cat([w.detach(), v.detach().reshape(-1)]))
    return path


def optimizer_cases():
    for name, cases in OPTIMIZERS.items():
        for lua, options in [("", {})] + cases:
            yield "{name = %r, options = {lr = 0.05%s}, maximize = %s, path = %s}," % (
                name, lua and ", " + lua, "true" if options.get("maximize") else "false",
                flat(torch.stack(optimizer_path(name, options))))
    yield "{name = 'SGD', options = {lr = 0.05, momentum = 0.9, average = true}, path = %s}," % flat(
        torch.stack(averaged_path()))


def schedule_cases():
    s = optim.lr_scheduler
    cases = [
        ("LambdaLR(opt, function(t) return 0.9 ^ t end)", lambda o: s.LambdaLR(o, lambda t: 0.9 ** t)),
        ("StepLR(opt, 7)", lambda o: s.StepLR(o, 7)),
        ("StepLR(opt, 7, 0.5)", lambda o: s.StepLR(o, 7, 0.5)),
        ("MultiStepLR(opt, {3, 20}, 0.3)", lambda o: s.MultiStepLR(o, [3, 20], 0.3)),
        ("ConstantLR(opt)", s.ConstantLR), ("ConstantLR(opt, 0.5, 9)", lambda o: s.ConstantLR(o, 0.5, 9)),
        ("LinearLR(opt)", s.LinearLR),
        ("LinearLR(opt, {start_factor = 0.1, end_factor = 0.7, total_iters = 13})",
         lambda o: s.LinearLR(o, 0.1, 0.7, 13)),
        ("ExponentialLR(opt, 0.93)", lambda o: s.ExponentialLR(o, 0.93)),
        ("PolynomialLR(opt, 30, 2)", lambda o: s.PolynomialLR(o, 30, 2)),
        ("PolynomialLR(opt)", s.PolynomialLR),
        ("CosineAnnealingLR(opt, 40)", lambda o: s.CosineAnnealingLR(o, 40)),
        ("CosineAnnealingLR(opt, 15, 0.01)", lambda o: s.CosineAnnealingLR(o, 15, 0.01)),
        ("CosineAnnealingWarmRestarts(opt, 5, 2, 0.01)",
         lambda o: s.CosineAnnealingWarmRestarts(o, 5, 2, 0.01)),
        ("CosineAnnealingWarmRestarts(opt, 9)", lambda o: s.CosineAnnealingWarmRestarts(o, 9)),
        ("OneCycleLR(opt, 0.5, 41)", lambda o: s.OneCycleLR(o, 0.5, 41)),
        ("OneCycleLR(opt, 0.5, 41, {anneal_strategy = 'linear', three_phase = true, pct_start = 0.2})",
         lambda o: s.OneCycleLR(o, 0.5, 41, anneal_strategy="linear", three_phase=True, pct_start=0.2)),
        ("OneCycleLR(opt, 0.5, {epochs = 5, steps_per_epoch = 9, div_factor = 10, final_div_factor = 50})",
         lambda o: s.OneCycleLR(o, 0.5, epochs=5, steps_per_epoch=9, div_factor=10, final_div_factor=50)),
        ("CyclicLR(opt, 0.01, 0.2, 6)", lambda o: s.CyclicLR(o, 0.01, 0.2, 6)),
        ("CyclicLR(opt, 0.01, 0.2, 4, 7, 'triangular2')",
         lambda o: s.CyclicLR(o, 0.01, 0.2, 4, 7, "triangular2")),
        ("CyclicLR(opt, 0.01, 0.2, 4, {mode = 'exp_range', gamma = 0.95})",
         lambda o: s.CyclicLR(o, 0.01, 0.2, 4, mode="exp_range", gamma=0.95)),
        ("CyclicLR(opt, 0.01, 0.2, 4, {scale_fn = function(x) return 0.8 ^ x end, cycle_momentum = false})",
         lambda o: s.CyclicLR(o, 0.01, 0.2, 4, scale_fn=lambda x: 0.8 ** x, cycle_momentum=False)),
        ("CyclicLR(opt, 0.01, 0.2, 4, {scale_fn = function(x) return 0.9 ^ x end, scale_mode = 'iterations', "
         "base_momentum = 0.5, max_momentum = 0.7})",
         lambda o: s.CyclicLR(o, 0.01, 0.2, 4, scale_fn=lambda x: 0.9 ** x, scale_mode="iterations",
                              base_momentum=0.5, max_momentum=0.7)),
        ("OneCycleLR(opt, 0.5, 41, {cycle_momentum = false})",
         lambda o: s.OneCycleLR(o, 0.5, 41, cycle_momentum=False)),
        ("OneCycleLR(opt, {max_lr = 0.5, total_steps = 41, base_momentum = 0.5, max_momentum = 0.7})",
         lambda o: s.OneCycleLR(o, 0.5, 41, base_momentum=0.5, max_momentum=0.7)),
        ("OneCycleLR(opt, 0.5, 41, false, false, 0.2, 'linear')",
         lambda o: s.OneCycleLR(o, 0.5, 41, pct_start=0.2, anneal_strategy="linear")),
        ("InverseTimeLR(opt, 0.3)", lambda o: s.LambdaLR(o, lambda t: 1 / (1 + 0.3 * t))),
        ("InverseTimeLR(opt)", lambda o: s.LambdaLR(o, lambda t: 1 / (1 + 0.1 * t))),
        ("WarmupLR(opt)", lambda o: s.LambdaLR(o, lambda t: min(1, t / 5))),
        ("WarmupLR(opt, 10, 0.2)", lambda o: s.LambdaLR(o, lambda t: min(1, 0.2 + 0.8 * t / 10))),
        ("WarmupLR(opt, 4, {after = S.CosineAnnealingLR(0.1, 36)})", lambda o: s.LambdaLR(
            o, lambda t: t / 4 if t < 4 else (1 + math.cos(math.pi * (t - 4) / 36)) / 2)),
        ("SequentialLR(opt, {S.ConstantLR(opt, 0.1, 2), S.ExponentialLR(opt, 0.9)}, {6})",
         lambda o: s.SequentialLR(o, [s.ConstantLR(o, 0.1, 2), s.ExponentialLR(o, 0.9)], [6])),
        ("ReduceLROnPlateau(opt)", lambda o: s.ReduceLROnPlateau(o)),
        ("ReduceLROnPlateau(opt, 'max', 0.5, 2, {cooldown = 1, min_lr = 0.01, threshold = 0.1})",
         lambda o: s.ReduceLROnPlateau(o, "max", 0.5, 2, cooldown=1, min_lr=0.01, threshold=0.1)),
        ("ReduceLROnPlateau(opt, 'min', 0.9, 0, 1e-4, 'rel', 0, 0.02, 0.004)",
         lambda o: s.ReduceLROnPlateau(o, "min", 0.9, 0, 1e-4, "rel", 0, 0.02, 0.004)),
        ("ReduceLROnPlateau(opt, {mode = 'max', patience = 1, threshold_mode = 'abs', threshold = 0.02})",
         lambda o: s.ReduceLROnPlateau(o, "max", patience=1, threshold_mode="abs", threshold=0.02)),
        ("ReduceLROnPlateau(opt, {patience = 3, threshold_mode = 'abs', threshold = 0.02})",
         lambda o: s.ReduceLROnPlateau(o, patience=3, threshold_mode="abs", threshold=0.02)),
    ]
    for code, make in cases:
        opt = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)
        schedule, rates, momenta = make(opt), [], []
        for t in range(40):
            rates.append(opt.param_groups[0]["lr"])
            momenta.append(opt.param_groups[0]["momentum"])
            opt.step()
            if "Plateau" in code:
                schedule.step(1 / (1 + t) if t < 12 else 0.08)
            else:
                schedule.step()
        yield "{code = %r, rates = %s, momenta = %s}," % (
            code, flat(torch.tensor(rates)), flat(torch.tensor(momenta)))


def training():
    net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 6), nn.ReLU(), nn.Linear(6, 3))
    randomise(net)
    x, y = torch.randn(12, 4), torch.randint(0, 3, (12,))
    state = ", ".join('{"%s", %s}' % (k, tensor(v)) for k, v in net.state_dict().items())
    opt, losses = optim.SGD(net.parameters(), lr=0.1, momentum=0.9), []
    for _ in range(20):
        opt.zero_grad()
        loss = nn.CrossEntropyLoss()(net(x), y)
        loss.backward()
        opt.step()
        losses.append(loss.detach())
    yield "state = {%s}, x = %s, y = %s, losses = %s," % (
        state, tensor(x), tensor(y + 1), flat(torch.stack(losses)))
    gains = ["%s = %.15g" % (n, nn.init.calculate_gain(n))
             for n in ("linear", "conv1d", "conv2d", "conv3d", "sigmoid", "tanh", "relu", "leaky_relu",
                       "selu")]
    yield "gains = {%s, leaky_3 = %.15g}," % (", ".join(gains),
                                             nn.init.calculate_gain("leaky_relu", 3))


# Lua code for the initialiser of w, PyTorch's.
INITS = [
    ("uniform_(w)", nn.init.uniform_), ("uniform_(w, -1, 3)", lambda w: nn.init.uniform_(w, -1, 3)),
    ("normal_(w)", nn.init.normal_), ("normal_(w, {mean = 1, std = 0.3})", lambda w: nn.init.normal_(w, 1, .3)),
    ("trunc_normal_(w)", nn.init.trunc_normal_),
    ("trunc_normal_(w, {std = 2, a = -1, b = 3})", lambda w: nn.init.trunc_normal_(w, 0, 2, -1, 3)),
    ("constant_(w, 0.3)", lambda w: nn.init.constant_(w, 0.3)), ("ones_(w)", nn.init.ones_),
    ("zeros_(w)", nn.init.zeros_), ("eye_(w)", nn.init.eye_),
    ("xavier_uniform_(w)", nn.init.xavier_uniform_),
    ("xavier_uniform_(w, {gain = 5 / 3})", lambda w: nn.init.xavier_uniform_(w, 5 / 3)),
    ("xavier_normal_(w)", nn.init.xavier_normal_),
    ("xavier_normal_(w, 2)", lambda w: nn.init.xavier_normal_(w, 2)),
    ("orthogonal_(w)", nn.init.orthogonal_), ("orthogonal_(w, 2)", lambda w: nn.init.orthogonal_(w, 2)),
    ("sparse_(w, 0.3)", lambda w: nn.init.sparse_(w, 0.3)),
    ("sparse_(w, {sparsity = 0.85, std = 2})", lambda w: nn.init.sparse_(w, 0.85, 2)),
] + [("kaiming_%s_(w)" % kind, f) for kind, f in (("uniform", nn.init.kaiming_uniform_),
                                                    ("normal", nn.init.kaiming_normal_))] + [
    ("kaiming_%s_(w, {a = %g, mode = '%s', nonlinearity = '%s'})" % (kind, a, mode, nonlinearity),
     lambda w, f=f, a=a, m=mode, n=nonlinearity: f(w, a, m, n))
    for kind, f in (("uniform", nn.init.kaiming_uniform_), ("normal", nn.init.kaiming_normal_))
    for mode in ("fan_in", "fan_out")
    for a, nonlinearity in ((0, "relu"), (0.3, "leaky_relu"), (0, "tanh"), (0, "selu"), (0, "linear"))
]


def init_cases():
    """What a large sample of each initialiser looks like in PyTorch, at three shapes."""
    for code, fill in INITS:
        flat_only = "eye" in code or "sparse" in code
        for shape in (200, 300), (300, 100), ((120, 400) if flat_only else (64, 32, 3, 3)):
            w = fill(torch.zeros(shape))
            zeros = (w == 0).double().reshape(shape[0], -1).sum(0)
            yield ("{code = %r, shape = {%s}, mean = %.6g, std = %.6g, low = %.6g, high = %.6g, "
                   "zeros = {%g, %g}, distinct = %d}," % (
                       code, ", ".join(map(str, shape)), w.mean(), w.std(unbiased=False), w.min(),
                       w.max(), zeros.min(), zeros.max(), min(3, len(w.unique()))))


write("init.data", list(init_cases()))
write("layers.data", list(layer_cases()) + list(embedding_case(torch.tensor([[1, 4], [1, 0]]))) +
      list(embedding_case(torch.tensor([3, 0, 3]))))
write("losses.data", list(loss_cases()))
write("optim.data", list(optimizer_cases()))
write("schedules.data", list(schedule_cases()))
write("training.data", list(training()))
