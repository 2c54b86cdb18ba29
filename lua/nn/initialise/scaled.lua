-- SPDX-License-Identifier: GPL-3.0-or-later
-- Initialisers that choose the variance so that a signal keeps its size from layer to layer. For a
-- layer of n inputs Var(y) = n Var(w) Var(x), so n Var(w) = 1 keeps it. A uniform U(-l, l) has the
-- variance l^2 / 3, hence the sqrt(3) in each bound.

local fans = require("gradus.nn.initialise.fans")
local options = require("gradus.options")

local M = {}

local function uniform(t, std)
  local bound = math.sqrt(3) * std
  t:uniform_(-bound, bound)
end

local function xavier_std(who, w, ...)
  local fan_in, fan_out = fans.of(w)
  local o = options.arguments("nn.init." .. who, {"gain"}, {gain = 1}, 4, ...)
  return o.gain * math.sqrt(2 / (fan_in + fan_out))
end

local function kaiming_std(who, w, ...)
  local o = options.arguments("nn.init." .. who, {"a", "mode", "nonlinearity"},
    {a = 0, mode = "fan_in", nonlinearity = "leaky_relu"}, 4, ...)
  return fans.calculate_gain(o.nonlinearity, o.a) / math.sqrt(fans.by_mode(who, w, o.mode))
end

local function lecun_std(who, w, ...)
  local o = options.arguments("nn.init." .. who, {"gain"}, {gain = 1}, 4, ...)
  return o.gain / math.sqrt((fans.of(w)))
end

--- nn.init.xavier_uniform_(w: tensor, gain: number = 1) -> tensor
--- U(-l, l) with l = gain sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010). A compromise
--- between keeping activations (fan_in) and gradients (fan_out); right for tanh, sigmoid, linear.
--- > nn.init.xavier_uniform_(tensor.zeros(2, 4)):abs():le(1):sum():item()
--- 8.0
function M.xavier_uniform_(w, ...)
  local t = fans.check("xavier_uniform_", w, 2)
  uniform(t, xavier_std("xavier_uniform_", w, ...))
  return w
end

--- nn.init.xavier_normal_(w: tensor, gain: number = 1) -> tensor
--- N(0, std^2) with std = gain sqrt(2 / (fan_in + fan_out)) (Glorot and Bengio 2010). Right for tanh,
--- sigmoid and linear layers; a ReLU net shrinks with it by sqrt(2) a layer.
--- > nn.init.xavier_normal_(tensor.zeros(50, 50)):mean():abs():item() < 0.02
--- true
function M.xavier_normal_(w, ...)
  local t = fans.check("xavier_normal_", w, 2)
  t:normal_(0, xavier_std("xavier_normal_", w, ...))
  return w
end

--- nn.init.kaiming_uniform_(w: tensor, a: number = 0, mode: string = "fan_in", nonlinearity: string = "leaky_relu") -> tensor
--- U(-l, l) with l = gain sqrt(3 / fan) (He et al. 2015). See kaiming_normal_; a is the slope of a
--- leaky ReLU. The arguments may be options: {mode = "fan_out", nonlinearity = "relu"}.
--- > nn.init.kaiming_uniform_(tensor.zeros(2, 6), {nonlinearity = "relu"}):abs():le(1):sum():item()
--- 12.0
function M.kaiming_uniform_(w, ...)
  local t = fans.check("kaiming_uniform_", w, 2)
  uniform(t, kaiming_std("kaiming_uniform_", w, ...))
  return w
end

--- nn.init.kaiming_normal_(w: tensor, a: number = 0, mode: string = "fan_in", nonlinearity: string = "leaky_relu") -> tensor
--- N(0, std^2) with std = gain / sqrt(fan) (He et al. 2015). ReLU throws half of the signal away, its
--- gain sqrt(2) makes up for it: right for ReLU and its kin. mode is fan_in (keeps activations),
--- fan_out (keeps gradients) or fan_avg.
--- > nn.init.kaiming_normal_(tensor.zeros(50, 50), {nonlinearity = "relu"}):mean():abs():item() < 0.02
--- true
function M.kaiming_normal_(w, ...)
  local t = fans.check("kaiming_normal_", w, 2)
  t:normal_(0, kaiming_std("kaiming_normal_", w, ...))
  return w
end

--- nn.init.lecun_normal_(w: tensor, gain: number = 1) -> tensor
--- N(0, std^2) with std = gain / sqrt(fan_in) (LeCun et al. 1998). Keeps activations of linear layers;
--- right for SELU, which is made for it.
--- > nn.init.lecun_normal_(tensor.zeros(50, 50)):mean():abs():item() < 0.02
--- true
function M.lecun_normal_(w, ...)
  local t = fans.check("lecun_normal_", w, 2)
  t:normal_(0, lecun_std("lecun_normal_", w, ...))
  return w
end

--- nn.init.lecun_uniform_(w: tensor, gain: number = 1) -> tensor
--- U(-l, l) with l = gain sqrt(3 / fan_in): lecun_normal_'s variance.
--- > nn.init.lecun_uniform_(tensor.zeros(2, 3)):abs():le(1):sum():item()
--- 6.0
function M.lecun_uniform_(w, ...)
  local t = fans.check("lecun_uniform_", w, 2)
  uniform(t, lecun_std("lecun_uniform_", w, ...))
  return w
end

return M
