-- SPDX-License-Identifier: GPL-3.0-or-later
-- Initialisers that look at nothing but their numbers. All change the tensor in place and return it.

local fans = require("gradus.nn.initialise.fans")
local options = require("gradus.options")
local tensor = require("gradus.tensor")

local M = {}

--- nn.init.uniform_(w: tensor, a: number = 0, b: number = 1) -> tensor
--- Fills w from U(a, b): mean (a + b) / 2, variance (b - a)^2 / 12. Right where the range is known
--- for a reason; in deep nets the variance must fit the fan-in.
--- > w = nn.init.uniform_(tensor.zeros(100), -1, 1)
--- > w:abs():le(1):sum():item()
--- 100.0
function M.uniform_(w, ...)
  local o = options.arguments("nn.init.uniform_", {"a", "b"}, {a = 0, b = 1}, 3, ...)
  fans.check("uniform_", w):uniform_(o.a, o.b)
  return w
end

--- nn.init.normal_(w: tensor, mean: number = 0, std: number = 1) -> tensor
--- Fills w from N(mean, std^2). With std 1 and n inputs a layer multiplies the signal by sqrt(n):
--- activations explode with depth.
--- > nn.init.normal_(tensor.zeros(3), 5, 0)
--- tensor{5, 5, 5}  -- float32 (3)
function M.normal_(w, ...)
  local o = options.arguments("nn.init.normal_", {"mean", "std"}, {mean = 0, std = 1}, 3, ...)
  fans.check("normal_", w):normal_(o.mean, o.std)
  return w
end

--- nn.init.trunc_normal_(w: tensor, mean: number = 0, std: number = 1, a: number = -2, b: number = 2) -> tensor
--- Fills w from N(mean, std^2) without what lies outside [a, b], which is drawn again. Right where
--- a few huge weights would do harm.
--- > nn.init.trunc_normal_(tensor.zeros(1000)):abs():le(2):sum():item()
--- 1000.0
function M.trunc_normal_(w, ...)
  local o = options.arguments("nn.init.trunc_normal_", {"mean", "std", "a", "b"},
    {mean = 0, std = 1, a = -2, b = 2}, 3, ...)
  local mean, std, a, b = o.mean, o.std, o.a, o.b
  local t = fans.check("trunc_normal_", w)
  t:normal_(mean, std)
  for _ = 1, 10000 do
    local outside = t:lt(a) + t:gt(b)
    if outside:sum():item() == 0 then return w end
    local again = tensor.zeros(t:size(), {dtype = t:dtype()}):normal_(mean, std)
    t:copy_(t * (1 - outside) + again * outside)
  end
  error(("nn.init.trunc_normal_: hardly anything of N(%g, %g^2) lies in [%g, %g]"):format(
    mean, std, a, b), 2)
end

--- nn.init.constant_(w: tensor, val: number) -> tensor
--- Fills w with one value. Right for biases and for the factors of norms; as weights it leaves all
--- units of a layer equal for ever, since they get equal gradients.
--- > nn.init.constant_(tensor.zeros(2), 0.5)
--- tensor{0.5000, 0.5000}  -- float32 (2)
function M.constant_(w, ...)
  fans.check("constant_", w):fill_(options.arguments("nn.init.constant_", {"val"}, {}, 3, ...).val)
  return w
end

--- nn.init.ones_(w: tensor) -> tensor
--- Fills w with ones: the factors of a norm.
--- > nn.init.ones_(tensor.zeros(2))
--- tensor{1, 1}  -- float32 (2)
function M.ones_(w) return M.constant_(w, 1) end

--- nn.init.zeros_(w: tensor) -> tensor
--- Fills w with zeros: right for biases.
--- > nn.init.zeros_(tensor.ones(2))
--- tensor{0, 0}  -- float32 (2)
function M.zeros_(w) return M.constant_(w, 0) end

--- nn.init.eye_(w: tensor) -> tensor
--- Makes a matrix the identity: a layer that begins by passing on what it gets.
--- > nn.init.eye_(tensor.zeros(2, 2)):sum():item()
--- 2.0
function M.eye_(w)
  local t = fans.check("eye_", w)
  if t:dim() ~= 2 then
    error("nn.init.eye_: expected a matrix; got " .. t:dim() .. " dimensions", 2)
  end
  t:copy_(tensor.eye(t:size(1), t:size(2)))
  return w
end

--- nn.init.sparse_(w: tensor, sparsity: number, std: number = 0.01) -> tensor
--- N(0, std^2) with a share `sparsity` of zeros in every column (Martens 2010): each input feeds few
--- units, so units differ without being small. For matrices.
--- > nn.init.sparse_(tensor.zeros(10, 3), 0.8):eq(0):sum(1)
--- tensor{8, 8, 8}  -- float32 (3)
function M.sparse_(w, ...)
  local o = options.arguments("nn.init.sparse_", {"sparsity", "std"}, {std = 0.01}, 3, ...)
  local t = fans.check("sparse_", w)
  if t:dim() ~= 2 then
    error("nn.init.sparse_: expected a matrix; got " .. t:dim() .. " dimensions", 2)
  end
  local rows, columns = t:size(1), t:size(2)
  local zeros = math.ceil(o.sparsity * rows)
  t:normal_(0, o.std)
  for c = 1, columns do
    local kept = tensor.randperm(rows):gt(zeros):to(t:dtype())
    t[{{}, c}] = t[{{}, c}] * kept
  end
  return w
end

return M
