-- SPDX-License-Identifier: GPL-3.0-or-later
-- Principal components: with S = (x - mean)^T (x - mean) / (N - 1) = V L V^T,
-- z = (x - mean) V_k, whose columns are uncorrelated with variances L_1 >= L_2
-- >= ... Each column of V has its largest entry positive, so that signs do not
-- depend on the solver.

local core = require("gradus.core")
local Transform = require("gradus.data.transform.Transform")

local PCA = Transform.class("PCA")

--- data.PCA(components: integer?, {whiten: boolean = false}) -> Transform
--- Rotates the features so that they are uncorrelated, the widest first, and keeps the first
--- `components` (all by default). `whiten` scales each to variance 1. After fit:
--- `variance`, `ratio` (share of all variance), `basis` (D, components), `mean`.
--- > p = data.PCA(1):fit(tensor{{1, 1}, {2, 2}, {3, 3}})
--- > ("%.3f"):format(p.ratio:item())
--- 1.000
function PCA.new(components, o)
  o = require("gradus.options").read("data.PCA", o, {whiten = false})
  if components ~= nil and (math.type(components) ~= "integer" or components < 1) then
    error("data.PCA: components should be a whole number from 1; got " .. tostring(components), 2)
  end
  return setmetatable({components = components, whiten = o.whiten}, PCA)
end

-- Eigenvalues (falling) and vectors (columns) of the covariance of x.
local function principal(x)
  local centred = x:to("float64") - x:to("float64"):mean(1)
  local covariance = centred:t():matmul(centred) / math.max(x:size(1) - 1, 1)
  local values, vectors = core.eigh(covariance)
  values, vectors = values:flip(1), vectors:flip(2)
  local signs = {}
  for j, column in ipairs(vectors:t():totable()) do
    local most = 0
    for _, v in ipairs(column) do
      if math.abs(v) > math.abs(most) + 1e-12 then most = v end
    end
    signs[j] = most < 0 and -1 or 1
  end
  return values:clamp(0, math.huge), vectors * core.tensor(signs, {dtype = "float64"})
end

PCA._principal = principal

function PCA:_fit(x)
  local most = math.min(x:size(1), x:size(2))
  local k = self.components or most
  if k > most then
    error(("data.PCA: %d components of (%d, %d) data; at most %d"):format(k, x:size(1), x:size(2),
      most), 3)
  end
  local values, vectors = principal(x)
  local dtype = x:dtype()
  self.mean = x:mean(1)
  self.variance = values:narrow(1, 1, k):to(dtype):clone()
  self.ratio = (values:narrow(1, 1, k) / values:sum()):to(dtype)
  self.basis = vectors:narrow(2, 1, k):to(dtype):contiguous()
end

function PCA:_apply(x)
  local z = (x - self.mean):matmul(self.basis)
  return self.whiten and z / self.variance:sqrt() or z
end

function PCA:_invert(z)
  if self.whiten then z = z * self.variance:sqrt() end
  return z:matmul(self.basis:t()) + self.mean
end

return PCA
