-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  channels = {right = {"t = tensor.zeros{2, 16, 16, 32} bn = nn.BatchNorm2d(32) y = bn(t:permute(1, 4, 2, 3))",
    "t = tensor.zeros(2, 16, 16, 32) bn = nn.BatchNorm2d(t:size(4)) local u = t:permute(1, 4, 2, 3) y = bn(u)",
    "t = tensor.zeros(2, 16, 16, 32) bn = nn.BatchNorm2d(32, {momentum = 0.2}) y = bn(t:permute(1, 4, 2, 3))"},
    wrong = "t = tensor.zeros(2, 16, 16, 32) bn = nn.BatchNorm2d(16) y = bn(t)"},
  train = {right = {"local net = cnn(true) normed, right_normed = learn(net)", "normed, right_normed = learn(cnn(true, nil))",
    "normed, right_normed = learn(cnn(true, false))"}, wrong = "normed = learn(cnn(true))"},
  orders = {right = {[[usual = "conv norm relu drop" vision = "conv drop relu norm"]],
    [[usual, vision = "conv, norm, relu, drop", "conv, drop, relu, norm"]],
    [[vision, usual = "conv drop relu norm", "conv norm relu drop"]]},
    wrong = [[usual, vision = "conv norm relu drop", "conv norm relu drop"]]},
}
