-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every op against PyTorch 1.13 (tests/expect/make_ops.py): float64 to 1e-10, float32 to 1e-5 of
-- the reference's largest magnitude, outputs and gradients.
local core = require("gradus.core")
local here = arg[0]:match("^(.*)/")
local cases = dofile(here .. "/../../expect/ops.lua")

-- Ops without a line: their results are random.
local random = {dropout = true, dropout2d = true, alpha_dropout = true}

local function make(t, dtype)
  return tensor({table.unpack(t)}, {dtype = dtype}):reshape(t.shape)
end

local function weights(out)
  local list = {}
  for i = 1, out:numel() do list[i] = math.sin(i * 1.7) + 1.3 end
  return make({shape = out:size(), table.unpack(list)}, out:dtype())
end

local function run(case, dtype)
  local env = setmetatable({}, {__index = function(_, name)
    return rawget(tensor, name) or core[name]
  end})
  for _, input in ipairs(case.inputs) do
    local t = make(input.value, dtype)
    if input.gradient then t:requires_grad_() end
    env[input.name] = t
  end
  local outputs = table.pack(assert(load("return " .. case.call, case.call, "t", env))())
  local loss
  for i = 1, outputs.n do
    if outputs[i].requires_grad then
      local part = (outputs[i] * weights(outputs[i])):sum()
      loss = loss and loss + part or part
    end
  end
  if loss then loss:backward() end
  return outputs, env
end

-- nil where `got` agrees with the reference, else a sentence.
local function differs(expected, got, share)
  if table.concat(expected.shape, ",") ~= table.concat(got:size(), ",") then
    return ("shape {%s}, expected {%s}"):format(table.concat(got:size(), ", "),
      table.concat(expected.shape, ", "))
  end
  local most = 0
  for _, v in ipairs(expected) do
    if v == v and math.abs(v) < math.huge then most = math.max(most, math.abs(v)) end
  end
  for i, v in ipairs(expected) do
    local x = got:_at(i)
    local same = x == v or (x ~= x and v ~= v) or math.abs(x - v) <= share * math.max(most, 1e-3)
    if not same then return ("element %d is %.17g, expected %.17g"):format(i, x, v) end
  end
end

local function check(case, dtype, share)
  local outputs, env = run(case, dtype)
  if outputs.n ~= #case.outputs then return ("%d outputs"):format(outputs.n) end
  for i, expected in ipairs(case.outputs) do
    local complaint = differs(expected, outputs[i], share)
    if complaint then return "output " .. i .. ": " .. complaint end
  end
  for _, input in ipairs(case.inputs) do
    local gradient = env[input.name].grad
    if input.gradient and not gradient then return "no gradient for " .. input.name end
    local complaint = input.gradient and differs(input.gradient, gradient, share)
    if complaint then return "gradient of " .. input.name .. ": " .. complaint end
  end
end

local covered, failures = {}, 0
for _, case in ipairs(cases) do
  for name in case.call:gmatch("[%w_]+%f[(]") do covered[name] = true end
  for _, setting in ipairs{{"float64", 1e-10}, {"float32", 1e-5}} do
    local ok, complaint = pcall(check, case, setting[1], setting[2])
    if complaint or not ok then
      failures = failures + 1
      print(case.call, setting[1], complaint)
    end
  end
end
for _, row in ipairs(core.ops) do
  if not covered[row.name] and not random[row.name] then
    print(row.name .. ": add a line to tests/expect/make_ops.py")
  end
end
print(#cases > 150, failures) -- expect: true	0
