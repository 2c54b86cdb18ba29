-- SPDX-License-Identifier: GPL-3.0-or-later
-- No elements: an op either works or says what it expects; functions of one and of two elements
-- work, and their gradients are empty.
local rows = dofile(arg[0]:match("^(.*)/") .. "/lib/rows.lua")

local function nothing(t, dim)
  if t:dim() == 0 or (dim < 0 and t:size(dim) == 1) then return t end
  return t:narrow(dim, 1, 0)
end

rows.run(rows.cases(), function(case)
  local empty = case:with(function(t, kind)
    local none = nothing(t:detach(), case.row.broadcasts and -1 or 1):clone()
    return kind == "" and none:requires_grad_() or none
  end)
  local ok, message = pcall(empty.gradients, empty)
  if ok then return end
  if case.row.inplace or case.row.broadcasts then return message end
  if not tostring(message):find(case.row.name, 1, true) then
    return "the message does not name the op: " .. tostring(message)
  end
end)
-- expect: 0 failures

-- A sum of nothing is 0, and so is a product over nothing.
print(tensor.conv2d(tensor.zeros(1, 0, 18, 18), tensor.zeros(2, 0, 3, 3), tensor{1, 2}):sum():item())
-- expect: 768.0
print(tensor.conv2d(tensor.zeros(1, 0, 5, 5), tensor.zeros(2, 0, 3, 3)):abs():max():item()) -- expect: 0.0
local x, w = tensor.ones(4, 3, {requires_grad = true}), tensor.ones(0, 3, {requires_grad = true})
tensor.linear(x, w):sum():backward()
print(x.grad:abs():max():item(), w.grad:numel()) -- expect: 0.0	0
