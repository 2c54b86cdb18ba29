-- SPDX-License-Identifier: GPL-3.0-or-later
-- What newcomers write instead of a method, and where a name is found when its part is left out.
local x, a, b = tensor{1, 2}, tensor.ones(2, 4), tensor.ones(3, 4)
local slips = {
  function() return sum(x) end, -- luacheck: ignore
  function() return zeros(2) end, -- luacheck: ignore
  function() return Linear(2, 3) end, -- luacheck: ignore
  function() return nothing_of_that_name end, -- luacheck: ignore
  function() return (x.sum()) end,
  function() return a * b end,
  function() return a + b end,
}
for _, slip in ipairs(slips) do
  local _, message = pcall(slip)
  print((message:gsub("^[^ ]*:%d+: ", "")))
end
-- expect: `sum` is not defined; tensors have the method, x:sum()
-- expect: `zeros` is not defined; did you mean `tensor.zeros`?
-- expect: `Linear` is not defined; did you mean `nn.Linear`?
-- expect: `nothing_of_that_name` is not defined
-- expect: sum: 'x' is missing; expected a tensor. Hint: a method needs a colon, x:sum()
-- expect: mul: shapes (2, 4) and (3, 4) do not broadcast: 2 and 3 clash in dimension -2. Hint: sizes must be equal, or one of them 1; a:matmul(b) multiplies matrices
-- expect: add: shapes (2, 4) and (3, 4) do not broadcast: 2 and 3 clash in dimension -2. Hint: sizes must be equal, or one of them 1

-- Options among the numbers.
print(tensor{1, dtype = "float64"})              -- expect: tensor{1}  -- float64 (1)
print(select(2, pcall(tensor, {1, 2, requires_gard = true})))
-- expect: tensor: unknown field 'requires_gard' among the numbers. Options: dtype, requires_grad
