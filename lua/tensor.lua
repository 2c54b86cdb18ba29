-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tensors as students meet them: the engine's functions under one name, and
-- how a tensor prints. The work is done by the engine (gradus.core).

local core = require("gradus.core")
local options = require("gradus.options")

local M = {}

local hidden = {tensor = true, tensor_call = true, memory = true, threads = true, cpu = true,
  recording = true, seed = true, random_state = true, clock = true, record_custom = true, graph = true,
  op_of = true, tensor_id = true, profiler = true}
for _, row in ipairs(core.ops) do hidden[row.name] = row.hidden or hidden[row.name] end
for name, value in pairs(core) do
  if type(value) == "function" and not hidden[name] and name:sub(1, 1) ~= "_" then
    M[name] = value
  end
end

-- Functions made of others are methods too.
for name, value in pairs(require("gradus.composite")) do
  if name:sub(1, 1) ~= "_" then M[name] = value end
  if not name:find("_like$") and name ~= "stack" then core.methods[name] = value end
end

function core.methods._missing(name)
  local near = require("gradus.elsewhere").nearest(name, options.keys(core.methods))
  error(("tensors have no field or method '%s'.%s"):format(name,
    near and (" Did you mean '%s'?"):format(near) or ""), 3)
end

return setmetatable(M, {
  __call = core.tensor_call,
  __name = "tensor library",
})
