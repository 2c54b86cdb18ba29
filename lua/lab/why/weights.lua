-- SPDX-License-Identifier: GPL-3.0-or-later
-- Weights in words: which initialisation they look like.

local M = {}

local function near(a, b, share) return math.abs(a - b) <= share * math.abs(b) end

-- The variance of weights that lie evenly between -bound and bound is bound^2 / 3.
local function is_uniform(w)
  return w.bound <= 1.03 * math.sqrt(3 * w.var)
end

--- Whether all weights of a layer are the same number.
function M.are_equal(w) return w.std < 1e-9 * math.max(1e-30, w.bound) end

local laws = {
  {2, "Kaiming's, n Var(W) = 2"},
  {1, "LeCun's (between equal widths also Xavier's), n Var(W) = 1"},
}

--- weights.text(row) -> string
--- "the default U(-1/sqrt(n), 1/sqrt(n)) of Linear" and the like, for the weights of one layer.
function M.text(row)
  local w, uniform = row.weights, is_uniform(row.weights)
  if M.are_equal(w) then return ("all %.3g"):format(w.mean) end
  if math.abs(w.mean) > 0.5 * w.std then
    return ("of mean %.3g and standard deviation %.3g, n Var(W) = %.3g"):format(w.mean, w.std, w.gain)
  end
  if uniform and near(w.bound, 1 / math.sqrt(w.inputs), 0.05) then
    return ("the default of %s, U(-1/sqrt(n), 1/sqrt(n)), where n Var(W) = 1/3"):format(row.kind)
  end
  for _, law in ipairs(laws) do
    if near(w.gain, law[1], 0.15) then return law[2] end
  end
  local law = uniform and ("U(-%.3g, %.3g)"):format(w.bound, w.bound) or
    ("of standard deviation %.3g"):format(w.std)
  return ("%s, n Var(W) = %.3g"):format(law, w.gain)
end

--- The initialisation for a kind of activation, as a command; `row` has the weights as they are.
function M.command(activation, row)
  if activation == "tanh" or activation == "softsign" or activation == "hardtanh" then
    return "nn.init.apply(net, 'xavier_normal', {gain = nn.init.calculate_gain('tanh')})"
  elseif activation == "sigmoid" and row and near(row.weights.gain, 1, 0.15) then
    return "nn.Tanh() or nn.ReLU() between the layers: the slope of a sigmoid is at most 1/4"
  elseif activation == "sigmoid" then
    return "nn.init.apply(net, 'xavier_normal'), or nn.Tanh() or nn.ReLU() between the layers"
  elseif activation == "selu" then
    return "nn.init.apply(net, 'lecun_normal')"
  end
  return "nn.init.apply(net, 'kaiming_normal', {nonlinearity = 'relu'})"
end

return M
