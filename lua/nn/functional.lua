-- SPDX-License-Identifier: GPL-3.0-or-later
-- Losses as functions, under PyTorch's names.

local tensor = require("gradus.tensor")

local M = {}

-- The engine's operation, and what the loss's module says of its input, its value and its labels.
local function looked(name, class)
  local op, module = tensor[name], nil
  return function(x, target, ...)
    module = module or require("gradus.nn." .. class)()
    local ok, loss = pcall(op, x, target, ...)
    if not ok then
      pcall(module.remark, module, x, target)
      error(loss, 2)
    end
    return module:_look(x, loss, class == "BCEWithLogitsLoss" and target)
  end
end

--- nn.mse_loss(x: tensor, target: tensor, {reduction: string = "mean"}) -> tensor
--- The mean of (x - target)^2; see nn.MSELoss.
--- > nn.mse_loss(tensor{1, 2}, tensor{1, 4}):item()
--- 2.0
M.mse_loss = looked("mse_loss", "MSELoss")

--- nn.l1_loss(x: tensor, target: tensor, {reduction: string = "mean"}) -> tensor
--- The mean of |x - target|; see nn.L1Loss.
--- > nn.l1_loss(tensor{1, 2}, tensor{1, 4}):item()
--- 1.0
M.l1_loss = looked("l1_loss", "L1Loss")

--- nn.smooth_l1_loss(x: tensor, target: tensor, {reduction: string = "mean", beta: number = 1}) -> tensor
--- A parabola that goes on as a line; see nn.SmoothL1Loss.
--- > nn.smooth_l1_loss(tensor{1, 2}, tensor{1, 5}):item()
--- 1.25
M.smooth_l1_loss = looked("smooth_l1_loss", "SmoothL1Loss")

--- nn.huber_loss(x: tensor, target: tensor, {reduction: string = "mean", delta: number = 1}) -> tensor
--- A parabola that goes on as a line; see nn.HuberLoss.
--- > nn.huber_loss(tensor{1, 2}, tensor{1, 5}):item()
--- 1.25
M.huber_loss = looked("huber_loss", "HuberLoss")

--- nn.cross_entropy(x: tensor, target: tensor, weight?: tensor, {reduction: string = "mean", label_smoothing: number = 0, ignore_index: integer = -100}) -> tensor
--- -log softmax(x)[label] for scores and labels 1..C; see nn.CrossEntropyLoss.
--- > nn.cross_entropy(tensor{{0, 0}}, tensor{2}):item()
--- 0.6931471824646
M.cross_entropy = looked("cross_entropy", "CrossEntropyLoss")

--- nn.nll_loss(x: tensor, target: tensor, weight?: tensor, {reduction: string = "mean", ignore_index: integer = -100}) -> tensor
--- -x[label] for logarithms of probabilities; see nn.NLLLoss.
--- > nn.nll_loss(tensor{{-1, -2}}, tensor{2}):item()
--- 2.0
M.nll_loss = looked("nll_loss", "NLLLoss")

--- nn.binary_cross_entropy(x: tensor, target: tensor, weight?: tensor, {reduction: string = "mean"}) -> tensor
--- For probabilities and targets 0 or 1; see nn.BCELoss.
--- > nn.binary_cross_entropy(tensor{0.5}, tensor{1}):item()
--- 0.6931471824646
M.binary_cross_entropy = looked("binary_cross_entropy", "BCELoss")

--- nn.binary_cross_entropy_with_logits(x: tensor, target: tensor, weight?: tensor, pos_weight?: tensor, {reduction: string = "mean"}) -> tensor
--- For scores and targets 0 or 1; see nn.BCEWithLogitsLoss.
--- > nn.binary_cross_entropy_with_logits(tensor{0}, tensor{1}):item()
--- 0.6931471824646
M.binary_cross_entropy_with_logits = looked("binary_cross_entropy_with_logits", "BCEWithLogitsLoss")

--- nn.kl_div(x: tensor, target: tensor, {reduction: string = "mean", log_target: boolean = false}) -> tensor
--- The Kullback-Leibler divergence; see nn.KLDivLoss.
--- > nn.kl_div(tensor{0}, tensor{1}):item()
--- 0.0
M.kl_div = looked("kl_div", "KLDivLoss")

--- nn.multi_margin_loss(x: tensor, target: tensor, weight?: tensor, {reduction: string = "mean", p: integer = 1, margin: number = 1}) -> tensor
--- The hinge of several classes; see nn.MultiMarginLoss.
--- > nn.multi_margin_loss(tensor{{1, 3}}, tensor{1}):item()
--- 1.5
M.multi_margin_loss = looked("multi_margin_loss", "MultiMarginLoss")

return M
