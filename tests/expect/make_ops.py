#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes ops.lua: what PyTorch 1.13 makes of small inputs, for tests/lua/torch.

    python3 make_ops.py          (needs python3-torch; run by hand)

One line of CASES is one call: the call as Lua code of gradus, the same as a
function of PyTorch, and the inputs by name. Inputs made by n() and u() get
gradients; those made by data() are passed on as they are. To cover a new op,
add a line. All numbers are worked out in float64.
"""
import math
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)


def n(*shape):
    """Normal numbers, with a gradient."""
    return torch.randn(shape).requires_grad_()


def u(lo, hi, *shape):
    """Uniform numbers, with a gradient."""
    return (torch.rand(shape) * (hi - lo) + lo).requires_grad_()


def data(values):
    """Labels, masks, weights: no gradient."""
    return torch.tensor(values, dtype=torch.float64)


def label(t):
    return t.long() - 1


def place(t):
    """Positions as gradus counts them."""
    return t.to(torch.float64) + 1


def pair(values_and_places):
    return values_and_places[0], place(values_and_places[1])


CASES = []


def case(call, function, **inputs):
    CASES.append((call, function, inputs))


# --- arithmetic
for name, f in [("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("div", torch.div),
                ("maximum", torch.maximum), ("minimum", torch.minimum), ("atan2", torch.atan2)]:
    case(f"{name}(A, B)", f, A=n(3, 1, 5), B=n(7, 1))
for name in ["gt", "ge", "lt", "le", "eq", "ne"]:
    case(f"{name}(A, B)", lambda A, B, f=getattr(torch, name): f(A, B).double(),
         A=data([[1, 2, 3], [3, 2, 1]]), B=data([2, 2, 2]))
case("pow(A, B)", torch.pow, A=u(0.5, 2, 3, 5), B=n(5))
case("pow(A, 3)", lambda A: A ** 3, A=n(7))
case("pow(A, -2)", lambda A: A ** -2, A=u(0.5, 2, 7))
case("fmod(A, B)", torch.fmod, A=data([[-5.5, 3.3], [7.1, -2.2]]), B=data([2, -1.5]))
case("remainder(A, B)", torch.remainder, A=data([[-5.5, 3.3], [7.1, -2.2]]), B=data([2, -1.5]))

# --- functions of one element
for name in ["neg", "abs", "exp", "square", "relu", "sigmoid", "tanh", "sin", "cos", "atan", "sinh",
             "cosh", "expm1", "erf"]:
    case(f"{name}(A)", getattr(torch, name), A=n(3, 7))
for name in ["log", "sqrt", "log1p", "log2", "log10", "reciprocal", "rsqrt"]:
    case(f"{name}(A)", getattr(torch, name), A=u(0.1, 5, 3, 7))
for name in ["asin", "acos", "tan"]:
    case(f"{name}(A)", getattr(torch, name), A=u(-0.9, 0.9, 3, 7))
for name in ["floor", "ceil", "round", "trunc"]:
    case(f"{name}(A)", getattr(torch, name), A=data([-2.5, -1.2, -0.5, 0, 0.5, 1.5, 2.7]))
case("sign(A)", torch.sign, A=data([-2.5, 0, 3]))
for name in ["isnan", "isinf", "isfinite"]:
    case(f"{name}(A)", lambda A, f=getattr(torch, name): f(A).double(),
         A=data([1, math.inf, -math.inf, math.nan]))

# --- activations
case("leaky_relu(A, 0.2)", lambda A: F.leaky_relu(A, 0.2), A=n(3, 7))
case("elu(A, 0.7)", lambda A: F.elu(A, 0.7), A=n(3, 7))
for name in ["selu", "gelu", "silu", "mish", "logsigmoid", "softsign", "relu6"]:
    case(f"{name}(A)", getattr(F, name), A=n(3, 7))
case("relu6(A)", F.relu6, A=u(-8, 8, 3, 7))
# (PyTorch's own backward has 1/6 in float32.)
case("hardsigmoid(A)", lambda A: F.relu6(A + 3) / 6, A=u(-5, 5, 3, 7))
case("gelu(A, 'tanh')", lambda A: F.gelu(A, approximate="tanh"), A=n(3, 7))
case("softplus(A, 2, 3)", lambda A: F.softplus(A, 2, 3), A=n(3, 7))
case("hardtanh(A, -0.6, 0.8)", lambda A: F.hardtanh(A, -0.6, 0.8), A=n(3, 7))
case("prelu(A, B)", F.prelu, A=n(3, 5, 2), B=u(0, 0.5, 5))
case("prelu(A, B)", F.prelu, A=n(3, 5), B=u(0, 0.5, 1))
case("maxout(A, 2)", lambda A: A.reshape(3, 4, 2).max(-1)[0], A=n(3, 8))
case("softmax(A, 2)", lambda A: F.softmax(A, 1), A=n(3, 7))
case("softmax(A, 1)", lambda A: F.softmax(A, 0), A=n(3, 2, 5))
case("softmin(A, -1)", lambda A: F.softmin(A, -1), A=n(3, 7))
case("log_softmax(A, -1)", lambda A: F.log_softmax(A, -1), A=n(3, 41))
case("log_softmax(A, 2)", lambda A: F.log_softmax(A, 1), A=n(3, 5, 2))

# --- shape
case("contiguous(transpose(A, 1, 2))", lambda A: A.t(), A=n(3, 5))
case("to(A, 'float64')", lambda A: A * 1, A=n(3))
case("clone(A)", torch.clone, A=n(3, 2))
case("reshape(A, 5, -1)", lambda A: A.reshape(5, -1), A=n(3, 1, 5))
case("expand(A, 2, 3, 5)", lambda A: A.expand(2, 3, 5), A=n(3, 1))
case("permute(A, {3, 1, 2})", lambda A: A.permute(2, 0, 1), A=n(3, 2, 5))
case("transpose(A, 1, -1)", lambda A: A.transpose(0, -1), A=n(3, 2, 5))
case("select(A, 2, -2)", lambda A: A.select(1, -2), A=n(3, 5))
case("narrow(A, 2, 2, 3)", lambda A: A.narrow(1, 1, 3), A=n(3, 5))
case("squeeze(A, 2)", lambda A: A.squeeze(1), A=n(3, 1, 2))
case("unsqueeze(A, 2)", lambda A: A.unsqueeze(1), A=n(3, 2))
case("flip(A, {1, 3})", lambda A: A.flip(0, 2), A=n(3, 2, 5))
case("cat({A, B, C}, 2)", lambda A, B, C: torch.cat([A, B, C], 1), A=n(3, 2), B=n(3, 1), C=n(3, 5))
case("stack({A, B}, 2)", lambda A, B: torch.stack([A, B], 1), A=n(3, 2), B=n(3, 2))
case("tile(A, 2, 3)", lambda A: A.tile(2, 3), A=n(3, 2))
case("tril(A)", torch.tril, A=n(3, 5))
case("triu(A, 1)", lambda A: A.triu(1), A=n(5, 3))
case("diag(A)", torch.diag, A=n(5))
case("diag(A)", torch.diag, A=n(3, 5))
case("trace(A)", torch.trace, A=n(5, 5))

# --- reductions
for name in ["sum", "mean"]:
    f = getattr(torch, name)
    case(f"{name}(A)", f, A=n(3, 7))
    case(f"{name}(A, {{1, 3}})", lambda A, f=f: f(A, (0, 2)), A=n(3, 7, 2))
    case(f"{name}(A, 2, true)", lambda A, f=f: f(A, 1, True), A=n(3, 7, 2))
case("sum_to(A, 7, 1)", lambda A: A.sum(0).sum(1, keepdim=True), A=n(3, 7, 2))
for name in ["var", "std"]:
    f = getattr(torch, name)
    case(f"{name}(A)", f, A=n(3, 7))
    case(f"{name}(A, 1)", lambda A, f=f: f(A, 0), A=n(3, 7))
    case(f"{name}(A, {{1, 3}}, {{unbiased = false}})",
         lambda A, f=f: f(A, (0, 2), unbiased=False), A=n(3, 7, 2))
case("norm(A)", torch.norm, A=n(3, 7))
case("norm(A, 1)", lambda A: A.norm(1), A=n(3, 7))
case("norm(A, 2, 2)", lambda A: A.norm(2, 1), A=n(3, 7))
case("logsumexp(A, 2)", lambda A: A.logsumexp(1), A=n(3, 7))
case("prod(A)", torch.prod, A=n(5))
case("prod_dim(A, 2)", lambda A: A.prod(1), A=n(3, 5))
case("prod_dim(A, 1)", lambda A: A.prod(0), A=torch.tensor([[2.0, 0, 3], [4, 5, 0]]).requires_grad_())
case("cumsum(A, 2)", lambda A: A.cumsum(1), A=n(3, 7, 2))
case("max(A)", torch.max, A=n(3, 7))
case("min(A)", torch.min, A=n(3, 7))
case("max_dim(A, 2)", lambda A: pair(A.max(1)), A=n(3, 7, 2))
case("min_dim(A, 1)", lambda A: pair(A.min(0)), A=n(3, 7))
case("argmax_dim(A, 2)", lambda A: place(A.argmax(1)), A=data([[1, 9, 3], [7, 2, 3]]))
case("argmin_dim(A, 1)", lambda A: place(A.argmin(0)), A=data([[1, 9, 3], [7, 2, 4]]))
case("sort(A, 2)", lambda A: pair(A.sort(1)), A=n(3, 7))
case("sort(A, 1, true)", lambda A: pair(A.sort(0, descending=True)), A=n(7, 2))
case("topk(A, 3)", lambda A: pair(A.topk(3)), A=n(2, 7))

# --- choosing
case("index_select(A, 2, I)", lambda A, I: A.index_select(1, label(I)), A=n(3, 5), I=data([5, 1, 1]))
case("gather(A, 2, I)", lambda A, I: A.gather(1, label(I)), A=n(3, 5),
     I=data([[1, 1], [5, 2], [3, 4]]))
case("where(M, A, B)", lambda M, A, B: torch.where(M > 0, A, B), M=data([[1, 0, 1]]), A=n(2, 3),
     B=n(3))
case("masked_fill(A, M, 7)", lambda A, M: A.masked_fill(M > 0, 7), A=n(2, 3), M=data([1, 0, 1]))
case("clamp(A, -0.5, 0.7)", lambda A: A.clamp(-0.5, 0.7), A=n(3, 7))
case("embedding(I, W)", lambda I, W: F.embedding(label(I), W), I=data([[1, 4], [4, 2]]), W=n(4, 3))

# --- products
for a, b in [((5,), (5,)), ((5,), (5, 3)), ((3, 5), (5,)), ((3, 5), (5, 2)), ((2, 3, 5), (5, 4)),
             ((2, 1, 3, 5), (4, 5, 2)), ((2, 3, 5), (5,)), ((5,), (2, 5, 3))]:
    case("matmul(A, B)", torch.matmul, A=n(*a), B=n(*b))
case("dot(A, B)", torch.dot, A=n(7), B=n(7))
case("outer(A, B)", torch.outer, A=n(3), B=n(5))
case("linear(A, B, C)", F.linear, A=n(3, 5), B=n(7, 5), C=n(7))
case("linear(A, B)", F.linear, A=n(2, 3, 5), B=n(7, 5))

# --- decompositions; gradus makes the largest element of a vector positive

def positive(columns, *others):
    largest = columns.abs().argmax(0)
    signs = columns[largest, torch.arange(columns.shape[1])].sign()
    return tuple(t * signs for t in (columns, *others))


def eigh(A):
    """Reads the lower triangle alone, and so gives gradients to it alone."""
    w, v = torch.linalg.eigh(A.tril() + A.tril(-1).t())
    return w, positive(v)[0]


def svd(A):
    a, s, b = torch.linalg.svd(A, full_matrices=False)
    a, b = positive(a, b.t())
    return a, s, b


SYMMETRIC = (lambda a: a + a.t())(torch.randn(5, 5))
case("eigh(A)", eigh, A=SYMMETRIC.requires_grad_())
for shape in [(3, 5), (5, 3), (4, 4)]:
    case("svd(A)", svd, A=n(*shape))
    case("qr(A)", torch.linalg.qr, A=n(*shape))
case("solve(A, B)", torch.linalg.solve, A=n(5, 5), B=n(5, 3))
case("solve(A, B)", torch.linalg.solve, A=n(5, 5), B=n(5))
case("inverse(A)", torch.linalg.inv, A=n(5, 5))

# --- losses
T5 = data([1, 3, 2, 3, 1])
W3 = data([0.5, 2, 1])
for r in ["mean", "sum", "none"]:
    o = f"{{reduction = '{r}'}}"
    case(f"cross_entropy(A, T, W, {o})",
         lambda A, T, W, r=r: F.cross_entropy(A, label(T), W, reduction=r), A=n(5, 3), T=T5, W=W3)
    case(f"nll_loss(A, T, W, {o})",
         lambda A, T, W, r=r: F.nll_loss(A, label(T), W, reduction=r), A=n(5, 3), T=T5, W=W3)
    case(f"multi_margin_loss(A, T, {o})",
         lambda A, T, r=r: F.multi_margin_loss(A, label(T), reduction=r), A=n(5, 3), T=T5)
    for name in ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"]:
        case(f"{name}(A, B, {o})", lambda A, B, f=getattr(F, name), r=r: f(A, B, reduction=r),
             A=n(3, 5), B=n(3, 5))
    case(f"binary_cross_entropy(A, B, {o})",
         lambda A, B, r=r: F.binary_cross_entropy(A, B, reduction=r), A=u(0.1, 0.9, 3, 5),
         B=u(0, 1, 3, 5).detach())
    case(f"binary_cross_entropy_with_logits(A, B, {o})",
         lambda A, B, r=r: F.binary_cross_entropy_with_logits(A, B, reduction=r), A=n(3, 5),
         B=u(0, 1, 3, 5))
    case(f"kl_div(A, B, {o})", lambda A, B, r=r: F.kl_div(A, B, reduction=r), A=n(3, 5),
         B=u(0.1, 1, 3, 5))
case("cross_entropy(A, T, W, {label_smoothing = 0.1})",
     lambda A, T, W: F.cross_entropy(A, label(T), W, label_smoothing=0.1), A=n(5, 3), T=T5, W=W3)
case("cross_entropy(A, T, {ignore_index = 2})",
     lambda A, T: F.cross_entropy(A, label(T), ignore_index=1), A=n(5, 3), T=T5)
case("cross_entropy(A, T)", lambda A, T: F.cross_entropy(A, label(T)), A=n(2, 3, 2),
     T=data([[1, 3], [2, 2]]))
case("cross_entropy(A, T, {label_smoothing = 0.2})",
     lambda A, T: F.cross_entropy(A, T, label_smoothing=0.2), A=n(2, 3),
     T=data([[0.2, 0.3, 0.5], [1, 0, 0]]))
case("multi_margin_loss(A, T, W, {p = 2, margin = 0.7})",
     lambda A, T, W: F.multi_margin_loss(A, label(T), p=2, margin=0.7, weight=W), A=n(5, 3), T=T5,
     W=W3)
case("smooth_l1_loss(A, B, {beta = 0.6})", lambda A, B: F.smooth_l1_loss(A, B, beta=0.6), A=n(9),
     B=n(9))
case("huber_loss(A, B, {delta = 0.6})", lambda A, B: F.huber_loss(A, B, delta=0.6), A=n(9), B=n(9))
case("binary_cross_entropy(A, B)", F.binary_cross_entropy,
     A=data([0, 1, 0, 1]), B=data([0, 1, 1, 0]))
case("binary_cross_entropy_with_logits(A, B, W, P)",
     lambda A, B, W, P: F.binary_cross_entropy_with_logits(A, B, W, pos_weight=P), A=n(3, 5),
     B=u(0, 1, 3, 5).detach(), W=data([[1], [2], [0.5]]), P=data([1, 2, 3, 0.5, 1]))
case("kl_div(A, B, {reduction = 'batchmean', log_target = true})",
     lambda A, B: F.kl_div(A, B, reduction="batchmean", log_target=True), A=n(3, 5), B=n(3, 5))

# --- normalisation, in training
case("batch_norm(A, nil, nil, W, B, {training = true})",
     lambda A, W, B: F.batch_norm(A, None, None, W, B, True), A=n(7, 3), W=n(3), B=n(3))
case("batch_norm(A, nil, nil, W, B, {training = true})",
     lambda A, W, B: F.batch_norm(A, None, None, W, B, True), A=n(3, 2, 3, 2), W=n(2), B=n(2))
case("batch_norm(A, M, V, W, B)", lambda A, M, V, W, B: F.batch_norm(A, M, V, W, B), A=n(5, 3),
     M=data([0.1, -0.2, 0.3]), V=data([1, 0.5, 2]), W=n(3), B=n(3))
case("layer_norm(A, W, B)", lambda A, W, B: F.layer_norm(A, (5,), W, B), A=n(3, 5), W=n(5), B=n(5))
case("group_norm(A, W, B, 2)", lambda A, W, B: F.group_norm(A, 2, W, B), A=n(3, 4, 5), W=n(4),
     B=n(4))
case("instance_norm(A, W, B)", lambda A, W, B: F.instance_norm(A, weight=W, bias=B),
     A=n(2, 3, 3, 2), W=n(3), B=n(3))

# --- pictures
case("conv2d(A, W, B)", F.conv2d, A=n(2, 3, 5, 4), W=n(2, 3, 3, 2), B=n(2))
case("conv2d(A, W, B, {stride = {2, 1}, padding = {1, 2}})",
     lambda A, W, B: F.conv2d(A, W, B, (2, 1), (1, 2)), A=n(1, 2, 5, 4), W=n(3, 2, 3, 3), B=n(3))
case("conv2d(A, W, nil, {dilation = 2, padding = 1})",
     lambda A, W: F.conv2d(A, W, None, 1, 1, 2), A=n(1, 2, 6, 5), W=n(2, 2, 2, 3))
case("conv2d(A, W, B, {groups = 2})", lambda A, W, B: F.conv2d(A, W, B, groups=2),
     A=n(2, 4, 3, 4), W=n(2, 2, 2, 2), B=n(2))
case("max_pool2d(A, 2)", lambda A: F.max_pool2d(A, 2), A=n(2, 2, 5, 4))
case("max_pool2d(A, {3, 2}, {2, 1}, {1, 1})",
     lambda A: F.max_pool2d(A, (3, 2), (2, 1), (1, 1)), A=n(1, 2, 5, 4))
case("avg_pool2d(A, 2)", lambda A: F.avg_pool2d(A, 2), A=n(2, 2, 5, 4))
case("avg_pool2d(A, 3, 2, 1)", lambda A: F.avg_pool2d(A, 3, 2, 1), A=n(1, 2, 5, 4))
case("avg_pool2d(A, 3, 2, 1, false)",
     lambda A: F.avg_pool2d(A, 3, 2, 1, count_include_pad=False), A=n(1, 2, 5, 4))
case("adaptive_avg_pool2d(A, {2, 3})", lambda A: F.adaptive_avg_pool2d(A, (2, 3)), A=n(1, 2, 5, 7))
case("masked_linear(A, B, C, D)", lambda A, B, C, D: F.linear(A, B * C, D),
     A=n(3, 5), B=n(2, 5), C=data([[1, 0, 1, 0, 1], [0, 2, 1, 1, 0]]), D=n(2))


# --- writing

def number(x):
    if math.isnan(x):
        return "0/0"
    if math.isinf(x):
        return "1/0" if x > 0 else "-1/0"
    return "%.15g" % x if abs(float("%.15g" % x) - x) <= 1e-15 * abs(x) else "%.17g" % x


def tensor_text(t):
    shape = ", ".join(map(str, t.shape))
    values = ", ".join(number(v) for v in t.detach().flatten().tolist())
    return f"{{shape = {{{shape}}}, {values}}}"


def weights(t):
    """Fixed weights of the outputs in the loss; tests/lua has the same."""
    w = [math.sin(i * 1.7) + 1.3 for i in range(1, t.numel() + 1)]
    return torch.tensor(w).reshape(t.shape)


def write_case(out, call, function, inputs):
    outputs = function(*inputs.values())
    outputs = tuple(outputs) if isinstance(outputs, tuple) else (outputs,)
    # One seed tensor may stand in several cases.
    inputs_text = []
    tracked = [t for t in inputs.values() if t.requires_grad]
    parts = [(o * weights(o)).sum() for o in outputs if o.requires_grad]
    gradients = dict()
    if parts:
        found = torch.autograd.grad(sum(parts), tracked)
        gradients = {id(t): g for t, g in zip(tracked, found)}
    for name, t in inputs.items():
        gradient = gradients.get(id(t))
        text = f"\n    {{name = \"{name}\", value = {tensor_text(t)}"
        if gradient is not None:
            text += f",\n     gradient = {tensor_text(gradient)}"
        inputs_text.append(text + "}")
    out.write(f"  {{call = [[{call}]],\n   inputs = {{{','.join(inputs_text)}}},\n   outputs = {{\n    "
              + ",\n    ".join(tensor_text(o) for o in outputs) + "}},\n")


def main():
    path = pathlib.Path(__file__).with_name("ops.lua")
    with path.open("w", encoding="ascii") as out:
        out.write("-- SPDX-License-Identifier: GPL-3.0-or-later\n"
                  f"-- Made by make_ops.py with PyTorch {torch.__version__}.\nreturn {{\n")
        for call, function, inputs in CASES:
            write_case(out, call, function, inputs)
        out.write("}\n")
    print(f"{len(CASES)} cases, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
