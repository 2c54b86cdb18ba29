-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whitening: after it the covariance is the unit matrix. With covariance V L V^T,
--   PCA   z = (x - mean) V (L + eps)^(-1/2)         rotated axes
--   ZCA   z = (x - mean) V (L + eps)^(-1/2) V^T     as near to x as possible

local PCA = require("gradus.data.transform.PCA")
local Transform = require("gradus.data.transform.Transform")

local Whiten = Transform.class("Whiten")

--- data.Whiten(kind: string = "zca", {eps: number = 1e-5}) -> Transform
--- Decorrelates the features and brings each to variance 1; kind is "pca" or "zca". `eps` is
--- added to the variances, so that directions without any do not blow up.
--- > w = data.Whiten("pca"):fit(tensor{{1, 0}, {-1, 0}, {0, 2}, {0, -2}})
--- > w:apply(tensor{{0, 0}}):sum():item()
--- 0.0
function Whiten.new(kind, o)
  o = require("gradus.options").read("data.Whiten", o, {eps = 1e-5})
  kind = kind or "zca"
  if kind ~= "pca" and kind ~= "zca" then
    error(('data.Whiten: kind is "pca" or "zca"; got %s'):format(tostring(kind)), 2)
  end
  return setmetatable({kind = kind, eps = o.eps}, Whiten)
end

function Whiten:_fit(x)
  local values, vectors = PCA._principal(x)
  local scale = (values + self.eps):sqrt()
  local forward, back = vectors / scale, (vectors * scale):t()
  if self.kind == "zca" then
    forward, back = forward:matmul(vectors:t()), vectors:matmul(back)
  end
  self.mean = x:mean(1)
  self.matrix = forward:to(x:dtype()):contiguous()
  self.inverse = back:to(x:dtype()):contiguous()
end

function Whiten:_apply(x)
  return (x - self.mean):matmul(self.matrix)
end

function Whiten:_invert(z)
  return z:matmul(self.inverse) + self.mean
end

return Whiten
