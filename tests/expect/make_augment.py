#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/lua/data/augment.txt: images changed by SciPy and PyTorch by
fixed amounts, as Lua tables. Run by hand with python3-scipy and python3-torch
(Debian 12: 1.10 and 1.13); the tests themselves need no Python packages."""
import os

import numpy as np
import torch
from scipy import ndimage

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(3)


def lua(value):
    if isinstance(value, np.ndarray):
        return "{" + ", ".join(lua(v) for v in value) + "}"
    return repr(float(value))


def rotate(x, degrees):
    """About the centre; a turn by 90 agrees with np.rot90(x, -1)."""
    a = np.radians(degrees)
    matrix = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    centre = (np.array(x.shape) - 1) / 2
    return ndimage.affine_transform(x, matrix, centre - matrix @ centre,
                                    order=1, mode="grid-constant")


def smooth(x):
    kernel = torch.tensor([[1., 2, 1], [2, 4, 2], [1, 2, 1]],
                          dtype=torch.float64) / 16
    wide = torch.nn.functional.pad(torch.tensor(x)[None, None], (1, 1, 1, 1),
                                   mode="replicate")
    return torch.nn.functional.conv2d(wide, kernel[None, None])[0, 0].numpy()


square, wide = rng.rand(6, 6), rng.rand(5, 8)
assert np.allclose(rotate(square, 90), np.rot90(square, -1))
cases = []
for x in (square, wide):
    for degrees in (0, 30, -45, 90, 200):
        cases.append(("rotate", degrees, x, rotate(x, degrees)))
    for pixels in (2, -1, 0.25, -1.6, 9):
        cases.append(("shift", pixels, x, ndimage.shift(
            x, (pixels, pixels), order=1, mode="grid-constant")))
    for a in (0.5, 1):
        cases.append(("blur", a, x, (1 - a) * x + a * smooth(x)))
        cases.append(("sharpen", a, x, (1 + a) * x - a * smooth(x)))
    cases.append(("flip", 1, x, x[:, ::-1]))
    cases.append(("flip", 0, x, x))
    cases.append(("brightness", -0.25, x, x - 0.25))
    cases.append(("contrast", 0.5, x, x.mean() + 1.5 * (x - x.mean())))

with open(os.path.join(here, "../lua/data/augment.txt"), "w") as file:
    file.write("return {\n")
    for name, amount, x, wanted in cases:
        file.write(f'  {{"{name}", {amount}, {lua(x)},\n    {lua(wanted)}}},\n')
    file.write("}\n")
