-- SPDX-License-Identifier: GPL-3.0-or-later
local fans = require("gradus.nn.initialise.fans")
local options = require("gradus.options")
local tensor = require("gradus.tensor")

local M = {}

-- The rows of a matrix (n, m), n <= m, made orthonormal one after another (Gram-Schmidt). Each is
-- freed of the earlier ones twice: once is not enough where rounding spoils a nearly parallel row.
local function orthonormal_rows(a)
  local n = a:size(1)
  for k = 1, n do
    local row = a:narrow(1, k, 1)
    for _ = 1, k > 1 and 2 or 0 do
      local above = a:narrow(1, 1, k - 1)
      local shares = tensor.linear(row, above) -- (1, k - 1): the inner products
      row:copy_(row - tensor.linear(shares, above:permute({2, 1})))
    end
    row:copy_(row / row:square():sum():sqrt())
  end
  return a
end

--- nn.init.orthogonal_(w: tensor, gain: number = 1) -> tensor
--- A random matrix with orthonormal rows or columns, times gain (Saxe et al. 2014): it changes no
--- length, so that deep linear nets keep signal and gradient exactly. Dimensions behind the first
--- count as one. With ReLU take gain sqrt(2).
--- > w = nn.init.orthogonal_(tensor.zeros(3, 5))
--- > (tensor.linear(w, w) - tensor.eye(3)):abs():sum():item() < 1e-5
--- true
function M.orthogonal_(w, ...)
  local gain = options.arguments("nn.init.orthogonal_", {"gain"}, {gain = 1}, 3, ...).gain
  local t = fans.check("orthogonal_", w, 2)
  local rows = t:size(1)
  local columns = t:numel() // math.max(1, rows)
  local long, short = math.max(rows, columns), math.min(rows, columns)
  local q = orthonormal_rows(tensor.randn(short, long, {dtype = "float64"}))
  if rows > columns then q = q:permute({2, 1}) end
  t:copy_((q * gain):reshape(t:size()))
  return w
end

return M
