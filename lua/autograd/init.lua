-- SPDX-License-Identifier: GPL-3.0-or-later
-- autograd: what students meet of it. The graph itself is the engine's (src/engine/autograd.h).

local core = require("gradus.core")
local options = require("gradus.options")

local M = {}

-- Put recording back as it was, also after an error or Ctrl-C.
local back = {
  [true] = setmetatable({}, {__close = function() core.recording(true) end}),
  [false] = setmetatable({}, {__close = function() core.recording(false) end}),
}

local function with_recording(on, who, fn, ...)
  if type(fn) ~= "function" then
    error(("autograd.%s: expected a function, as in autograd.%s(function() ... end); got %s"):format(
      who, who, type(fn)), 3)
  end
  local closing <close> = back[core.recording(on)] -- luacheck: ignore 211
  return fn(...)
end

--- autograd.no_grad(fn: function, ...) -> ...
--- Calls fn without recording a graph: for predicting, for measuring, for changing parameters.
--- > w = tensor({1, 2}, {requires_grad = true})
--- > autograd.no_grad(function() return (w * 2).requires_grad end)
--- false
function M.no_grad(fn, ...)
  return with_recording(false, "no_grad", fn, ...)
end

--- autograd.enable_grad(fn: function, ...) -> ...
--- Calls fn with recording, inside of no_grad.
--- > w = tensor({1}, {requires_grad = true})
--- > autograd.no_grad(function() return autograd.enable_grad(function() return (w * 2).requires_grad end) end)
--- true
function M.enable_grad(fn, ...)
  return with_recording(true, "enable_grad", fn, ...)
end

--- autograd.is_grad_enabled() -> boolean
--- Whether operations are being recorded.
--- > autograd.is_grad_enabled()
--- true
function M.is_grad_enabled() return core.recording() end

-- Names of tensors by identity: those of a net's parameters and those given.
local function names_of(o)
  local names = {}
  if o.net then
    for name, p in o.net:named_parameters() do names[core.tensor_id(p)] = name end
  end
  for name, t in pairs(o.names or {}) do names[core.tensor_id(t)] = name end
  return names
end

--- autograd.graph(t: tensor, {net: Module, names: table, values: integer = 4096}) -> {node, ...}
--- How t was computed, as data: leaves first, then in the order of computation, t last. A node has
--- op ("leaf" or an operation), shape, inputs (numbers of earlier nodes), value and grad where the
--- engine still has them (a tensor of at most `values` elements), and a name where `net`'s parameters
--- or `names` give one. plot.graph draws it.
--- > w = tensor({3}, {requires_grad = true})
--- > g = autograd.graph((w * 2):sum(), {names = {w = w}})
--- > for i, node in ipairs(g) do print(i, #node.inputs, node.name or node.op) end
--- 1	0	w
--- 2	0	leaf
--- 3	2	mul
--- 4	1	sum
function M.graph(t, given)
  local o = options.read("autograd.graph", given, {values = 4096}, {"net", "names"})
  local nodes, names = core.graph(t), names_of(o)
  for _, node in ipairs(nodes) do
    node.name, node.id = names[node.id], nil
    for _, key in ipairs {"value", "grad"} do
      if node[key] and node[key]:numel() > o.values then node[key] = nil end
    end
  end
  return nodes
end

M.Function = require("gradus.autograd.Function")
M.gradcheck = require("gradus.autograd.gradcheck")

return M
