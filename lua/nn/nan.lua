-- SPDX-License-Identifier: GPL-3.0-or-later
-- Where a NaN began: the net that was called last is run again, layer by layer.
local autograd = require("gradus.autograd")
local call = require("gradus.nn.call")
local core = require("gradus.core")
local mark = require("gradus.nn.mark")
local notice = require("gradus.notice")

local M = {}

--- nan.is_finite(x: any) -> boolean
--- Whether all of a tensor is finite, as all else is: x - x is 0 for finite x only.
local function is_finite(x)
  return not core.is_tensor(x) or x:numel() == 0 or (x - x):eq(0):sum():item() == x:numel()
end

M.is_finite = is_finite

local function bad_parameter(net)
  for name, p in net:named_parameters() do
    if not is_finite(p:detach()) then return name end
  end
end

-- The first layer, in the order of computation, whose output is not finite.
local function bad_layer(net, x, ...)
  local found, hooks = nil, {}
  for name, module in net:named_modules() do
    if #module:children() == 0 then
      hooks[#hooks + 1] = module:register_forward_hook(function(m, _, y)
        if not found and not is_finite(y) then found = {name, m} end
      end)
    end
  end
  local done <close> = mark.at_exit(function() -- luacheck: ignore 211
    for _, hook in ipairs(hooks) do hook:remove() end
  end)
  local more = {...}
  pcall(mark.without_marks, net, function()
    autograd.no_grad(function() net:forward(x, table.unpack(more)) end)
  end)
  return found
end

--- nn.first_nan(net: Module, x: tensor, ...) -> string?
--- Says where the first number that is not finite comes from: the input, a parameter, or the layer
--- that makes one of finite inputs; nil where there is none.
--- > nn.first_nan(nn.Linear(1, 1), tensor{{0 / 0}})
--- the input holds NaN or infinity
function M.first_nan(net, x, ...)
  if not is_finite(x) then return "the input holds NaN or infinity" end
  local name = bad_parameter(net)
  if name then
    return ("the parameter '%s' is not finite: an earlier step blew up"):format(name)
  end
  local layer = bad_layer(net, x, ...)
  if not layer then return nil end
  return ("layer '%s' %s is the first whose output is not finite"):format(layer[1],
    tostring(layer[2]))
end

-- Said once, for the net that was called last.
function M.remark()
  local net, x, second = call.last_net.module, call.last_net.input, call.last_net.second
  local where
  if net and x then
    local ok, text = pcall(M.first_nan, net, x, second)
    where = ok and text
  end
  notice.say("nan", "the loss is not a number" .. (where and ": " .. where or "") ..
    ". Hint: a smaller learning rate, normalised data, optim.clip_grad_norm_")
end

return M
