-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which tensors are parameters and which are buffers.

local core = require("gradus.core")

local M = {}

local parameters = setmetatable({}, {__mode = "k"})
local buffers = setmetatable({}, {__mode = "k"})

-- Marks a tensor, so that it stays a parameter while it is frozen.
function M.parameter(t)
  parameters[t] = true
end

function M.is_parameter(t)
  if not core.is_tensor(t) then return false end
  if parameters[t] then return true end
  if buffers[t] or not (t.requires_grad and t:is_leaf()) then return false end
  parameters[t] = true
  return true
end

function M.is_buffer(t)
  return buffers[t] == true
end

-- What a tensor is marked as, to be put back by M.restore.
function M.of(t)
  return parameters[t], buffers[t]
end

function M.restore(t, parameter, buffer)
  parameters[t], buffers[t] = parameter, buffer
end

-- For `local done <close> = mark.at_exit(fn)`: fn runs however the block is left, Ctrl-C included.
function M.at_exit(fn)
  return setmetatable({}, {__close = function() fn() end})
end

-- Runs fn while a net is only looked at: buffers and the random numbers are put back as they were,
-- and nothing is said about modes. An error passes through.
function M.without_marks(net, fn)
  local kept = {}
  for i, b in ipairs(net:buffers()) do kept[i] = {b, b:clone()} end
  local random, quiet = core.random_state(), M.quiet_mode
  local done <close> = M.at_exit(function() -- luacheck: ignore 211
    M.quiet_mode = quiet
    core.random_state(random)
    for _, pair in ipairs(kept) do pair[1]:copy_(pair[2]) end
  end)
  M.quiet_mode = true
  fn()
end

--- nn.Parameter(t: tensor, requires_grad: boolean = true) -> tensor
--- Makes a tensor a parameter: assigned to a field of a module it is trained and saved. A leaf
--- tensor that requires a gradient is one without this call.
--- > layer = nn.class("Scale")()
--- > layer.factor = nn.Parameter(tensor.ones(3))
--- > #layer:parameters()
--- 1
function M.Parameter(t, requires_grad)
  if not core.is_tensor(t) then
    error("nn.Parameter: expected a tensor; got " .. type(t), 2)
  end
  if not t:is_leaf() then t = t:detach() end
  t:requires_grad_(requires_grad ~= false)
  parameters[t] = true
  return t
end

--- nn.Buffer(t: tensor) -> tensor
--- Makes a tensor a buffer: assigned to a field of a module it is saved but not trained, like the
--- running averages of batch norm.
--- > layer = nn.class("Counter")()
--- > layer.count = nn.Buffer(tensor.zeros(1))
--- > #layer:buffers()
--- 1
--- > #layer:parameters()
--- 0
function M.Buffer(t)
  if not core.is_tensor(t) then error("nn.Buffer: expected a tensor; got " .. type(t), 2) end
  buffers[t] = true
  return t
end

return M
