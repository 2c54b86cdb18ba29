-- SPDX-License-Identifier: GPL-3.0-or-later
-- Gradients against finite differences.

local core = require("gradus.core")
local options = require("gradus.options")

local recording_again = setmetatable({}, {__close = function() core.recording(true) end})

local Report = {__name = "gradcheck"}
Report.__index = Report

-- sum(f(inputs) * weights): one number, so that one backward checks every output.
local function scalar(fn, inputs, weights)
  local y = fn(table.unpack(inputs))
  if not core.is_tensor(y) then
    error("autograd.gradcheck: the function should return a tensor; got " .. type(y), 0)
  end
  return (y * weights):sum()
end

local function check_inputs(inputs)
  for i, t in ipairs(inputs) do
    if core.is_tensor(t) and not t:is_contiguous() then
      error(("autograd.gradcheck: input %d is a view with strides. Hint: x:detach():clone()"):format(i), 3)
    end
    if not core.is_tensor(t) then
      error(("autograd.gradcheck: input %d should be a tensor; got %s"):format(i, type(t)), 3)
    elseif t.requires_grad and t:dtype() ~= "float64" then
      error(("autograd.gradcheck: input %d is %s; finite differences need float64. Hint: {dtype = " ..
        "\"float64\", requires_grad = true}"):format(i, t:dtype()), 3)
    end
  end
end

-- Weights that differ for each output, so that no two errors cancel.
local function weights_for(y)
  local n = math.max(1, y:numel())
  local w = core.arange(n):to("float64") / n + 0.5
  return w:reshape(y:size())
end

-- (f(x + eps) - f(x - eps)) / (2 eps) for each element of one input.
local function numeric(fn, inputs, k, weights, eps)
  local flat, n = inputs[k]:detach():reshape(-1), inputs[k]:numel()
  local out = {}
  for i = 1, n do
    local x = flat[i]:item()
    flat[i] = x + eps
    local above = scalar(fn, inputs, weights):item()
    flat[i] = x - eps
    local below = scalar(fn, inputs, weights):item()
    flat[i] = x
    out[i] = (above - below) / (2 * eps)
  end
  return out
end

local function compare(self, k, analytic, found)
  for i, expected in ipairs(found) do
    local got = analytic and analytic:_at(i) or 0
    local error_size = math.abs(got - expected)
    self.checked = self.checked + 1
    if error_size == error_size then self.worst = math.max(self.worst, error_size) end
    if not (error_size <= self.atol + self.rtol * math.abs(expected)) then
      self.ok = false
      self.failures[#self.failures + 1] = {input = k, element = i, analytic = got,
        numeric = expected}
    end
  end
end

function Report:__tostring()
  if self.ok then
    return ("gradcheck: %d derivatives agree with finite differences (largest difference %.1e)")
      :format(self.checked, self.worst)
  end
  local lines = {("gradcheck: %d of %d derivatives differ from finite differences"):format(
    #self.failures, self.checked)}
  for i = 1, math.min(5, #self.failures) do
    local f = self.failures[i]
    lines[#lines + 1] = ("  input %d, element %d: backward gives %.6g, differences give %.6g"):format(
      f.input, f.element, f.analytic, f.numeric)
  end
  if #self.failures > 5 then lines[#lines + 1] = ("  and %d more"):format(#self.failures - 5) end
  return table.concat(lines, "\n")
end

--- autograd.gradcheck(fn: function, inputs: {tensor, ...}, {eps: number = 1e-6, atol: number = 1e-5, rtol: number = 1e-3, raise: boolean = false}) -> report
--- Compares the gradients of fn(inputs...) with central differences, element by element, for inputs
--- that require a gradient; they must be float64. report.ok says whether all agree, print(report)
--- shows where not; `raise` makes a disagreement an error.
--- > x = tensor({1, 2}, {dtype = "float64", requires_grad = true})
--- > autograd.gradcheck(function(v) return v:tanh() end, {x}).ok
--- true
return function(fn, inputs, given)
  local o = options.read("autograd.gradcheck", given,
    {eps = 1e-6, atol = 1e-5, rtol = 1e-3, raise = false})
  if core.is_tensor(inputs) then inputs = {inputs} end
  local mt = type(fn) == "table" and getmetatable(fn)
  if type(fn) ~= "function" and not (mt and mt.__call) or type(inputs) ~= "table" then
    error(("autograd.gradcheck: a function and a list of tensors expected; got %s and %s"):format(type(fn),
      type(inputs)), 2)
  end
  check_inputs(inputs)
  local weights = weights_for(fn(table.unpack(inputs)))
  local before = {}
  for k, t in ipairs(inputs) do
    before[k], t.grad = t.grad or false, nil
  end
  scalar(fn, inputs, weights):backward()
  local self = setmetatable({ok = true, checked = 0, worst = 0, failures = {}, atol = o.atol,
    rtol = o.rtol}, Report)
  local closing <close> = core.recording(false) and recording_again or nil -- luacheck: ignore 211
  for k, t in ipairs(inputs) do
    if t.requires_grad then compare(self, k, t.grad, numeric(fn, inputs, k, weights, o.eps)) end
    t.grad = before[k] or nil
  end
  if o.raise and not self.ok then error(tostring(self), 2) end
  return self
end
