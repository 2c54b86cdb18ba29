-- SPDX-License-Identifier: GPL-3.0-or-later
-- Holding gradients back before a step.

local core = require("gradus.core")
local options = require("gradus.options")

local M = {}

local function list_of(who, params)
  if core.is_tensor(params) then return {params} end
  if type(params) == "table" and type(params.parameters) == "function" then
    return params:parameters()
  end
  if type(params) == "table" then return params end
  error(("optim.%s: expected parameters; got %s"):format(who, type(params)), 3)
end

--- optim.clip_grad_norm_(params: {tensor, ...}, max_norm: number, norm_type: number = 2, error_if_nonfinite: boolean = false) -> number
--- Scales all gradients by one factor so that their common norm is at most max_norm; the direction
--- stays. Returns the norm before. Right against rare huge steps. norm_type 1/0 is the largest element.
--- > w = tensor({3, 4}, {requires_grad = true})
--- > (w * w):sum():backward()
--- > optim.clip_grad_norm_({w}, 1)
--- 10.0
--- > w.grad
--- tensor{0.6000, 0.8000}  -- float32 (2)
function M.clip_grad_norm_(params, ...)
  local o = options.arguments("optim.clip_grad_norm_", {"max_norm", "norm_type", "error_if_nonfinite"},
    {norm_type = 2, error_if_nonfinite = false}, 3, ...)
  local list = list_of("clip_grad_norm_", params)
  local norm = core.update.norm(list, o.norm_type)
  if o.error_if_nonfinite and norm - norm ~= 0 then
    error(("optim.clip_grad_norm_: the norm of the gradients is %s"):format(norm), 2)
  end
  local factor = o.max_norm / (norm + 1e-6)
  if factor < 1 or factor ~= factor then core.update.scale(list, factor) end
  return norm
end

--- optim.clip_grad_value_(params: {tensor, ...}, clip_value: number)
--- Holds every element of the gradients within [-clip_value, clip_value]; the direction changes.
--- > w = tensor({3, -4}, {requires_grad = true})
--- > (w * w):sum():backward()
--- > optim.clip_grad_value_({w}, 7)
--- > w.grad
--- tensor{6, -7}  -- float32 (2)
function M.clip_grad_value_(params, ...)
  local o = options.arguments("optim.clip_grad_value_", {"clip_value"}, {}, 3, ...)
  core.update.clamp(list_of("clip_grad_value_", params), o.clip_value)
end

return M
