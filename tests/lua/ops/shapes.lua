-- SPDX-License-Identifier: GPL-3.0-or-later
-- Shapes that do not fit: each tensor but the first is made larger in every dimension, in turn. The
-- message names the op and shows a shape or a size; nothing is computed in silence.
local rows = dofile(arg[0]:match("^(.*)/") .. "/lib/rows.lua")

-- Ops that such an argument fits, too, by what it means there.
local fits = {gather = "an index may be smaller or larger along its dimension",
  index_select = "an index may have any length", embedding = "indices and tables of any size"}

local function grown(t)
  local sizes = t:size()
  if #sizes == 0 then return tensor.ones(5, 5, {dtype = t:dtype()}) end
  for d = 1, #sizes do sizes[d] = sizes[d] + 7 end
  return tensor.ones(sizes, {dtype = t:dtype()})
end

local function check(case, k)
  local at = 0
  local changed = case:with(function(t)
    at = at + 1
    return at == k and grown(t) or t:detach()
  end)
  local ok, message = pcall(changed.call, changed)
  message = tostring(message)
  if fits[case.row.name] then return end
  if ok then return ("tensor %d may have any shape"):format(k) end
  if not message:find(case.row.name .. ": ", 1, true) then return "no name of an op: " .. message end
  if not message:find("%(%d*[%d, ]*%)") and not message:find("%d") then return "no shape: " .. message end
end

local checked = 0
rows.run(rows.cases(), function(case)
  local count = 0
  case:with(function(t) count = count + 1 return t end)
  for k = 2, count do
    local complaint = check(case, k)
    if complaint then return complaint end
    checked = checked + 1
  end
end)
-- expect: 0 failures
print(checked > 60) -- expect: true

-- Dimensions that are not there, in every op that takes one.
local dims = 0
rows.run(rows.cases(), function(case)
  for k, parameter in ipairs(case.kinds) do
    if parameter.kind == "dim" and case.args[k] then
      local args = {table.unpack(case.args, 1, case.args.n)}
      args[k] = 9
      local ok, message = pcall(require("gradus.core")[case.row.name], table.unpack(args, 1, case.args.n))
      dims = dims + 1
      if ok or not message:find(case.row.name .. ": no dimension 9 in a tensor of", 1, true) then
        return tostring(message)
      end
    end
  end
end)
-- expect: 0 failures
print(dims > 15) -- expect: true
