-- SPDX-License-Identifier: GPL-3.0-or-later
-- The rows of the op table as test material: each row's sample calls with
-- tensors ready for a check.

local core = require("gradus.core")

local M = {}

M.testing = core.testing

-- "x w? stride:pair=1" -> {{name = "x", kind = ""}, ...}
local function parameters(signature)
  local list = {}
  for name, kind in signature:gmatch("([%w_]+):?([^%s?=]*)[^%s]*") do
    list[#list + 1] = {name = name, kind = kind}
  end
  return list
end

local function trim(text) return (text:gsub("^%s+", ""):gsub("%s+$", "")) end

-- "a ;; b" -> {"a", "b"}
local function samples(text)
  local list = {}
  for one in (text .. ";;"):gmatch("(.-);;") do
    if trim(one) ~= "" then list[#list + 1] = trim(one) end
  end
  return list
end

local function values(...) return {n = select("#", ...), ...} end

-- The arguments of a sample, always the same ones. Options named in a table
-- stay as they are.
local function arguments(text)
  local env = setmetatable({tensor = tensor}, {__index = function(_, name)
    return rawget(tensor, name) or _G[name]
  end})
  gradus.seed(11)
  return values(assert(load("return " .. text, "=sample", "t", env))())
end

local Case = {}
Case.__index = Case

--- A row, one of its samples and the arguments. change(t, k, kind) may replace tensor argument
--- k; kind is "" for differentiable ones and "data" for the others.
local function new_case(row, text)
  local case = setmetatable({row = row, text = text}, Case)
  case.label = ("%s(%s)"):format(row.name, text)
  case.kinds = parameters(row.signature)
  case.args = arguments(text)
  return case
end

local function map(list, change)
  local out = {}
  for i, v in ipairs(list) do out[i] = change(v, i) end
  return out
end

function Case:with(change)
  local new = setmetatable({}, {__index = self})
  setmetatable(new, {__index = self})
  new.args = {n = self.args.n}
  for i = 1, self.args.n do
    local value, kind = self.args[i], self.kinds[i] and self.kinds[i].kind or ""
    if tensor.is_tensor(value) then
      value = change(value, kind == "data" and "data" or "")
    elseif kind == "tensors" then
      value = map(value, function(t) return change(t, "") end)
    end
    new.args[i] = value
  end
  return new
end

--- The differentiable tensors among the arguments.
function Case:inputs()
  local list = {}
  self:with(function(t, kind)
    if kind == "" then list[#list + 1] = t end
    return t
  end)
  return list
end

--- Calls the op; returns its outputs as a table.
function Case:call()
  return values(core[self.row.name](table.unpack(self.args, 1, self.args.n)))
end

local function leaf(t) return t:detach():clone():requires_grad_() end

--- The same in float64, differentiable inputs being leaves.
function Case:as_double()
  return self:with(function(t, kind)
    return kind == "" and leaf(t:to("float64")) or t
  end)
end

function Case:as_leaves()
  return self:with(function(t, kind) return kind == "" and leaf(t) or t end)
end

-- Fixed weights, so that every element of an output counts differently.
local function weights(shape, dtype)
  local n = 1
  for _, size in ipairs(shape) do n = n * size end
  local list = {}
  for i = 1, n do list[i] = math.sin(i * 1.7) + 1.3 end
  return core.tensor(list, {dtype = dtype}):reshape(shape)
end

--- A single number that depends on all outputs that have a gradient; nil where none has.
function Case:loss(outputs)
  local loss
  for i = 1, outputs.n do
    local out = outputs[i]
    if out.requires_grad then
      local part = (out * weights(out:size(), out:dtype())):sum()
      loss = loss and loss + part or part
    end
  end
  return loss
end

--- Gradients of the loss for all inputs, as tensors.
function Case:gradients()
  local outputs = self:call()
  local loss = self:loss(outputs)
  if not loss then return {}, outputs end
  loss:backward()
  local list = {}
  for i, t in ipairs(self:inputs()) do list[i] = t.grad or false end
  return list, outputs
end

--- The largest |a - b|, and the largest |a|; nan against nan counts as equal.
function M.distance(a, b)
  local far, most = 0, 0
  for i = 1, a:numel() do
    local x, y = a:_at(i), b:_at(i)
    if x == x or y == y then
      local d = x == y and 0 or math.abs(x - y)
      if d ~= d then d = math.huge end
      far, most = math.max(far, d), math.max(most, math.abs(x))
    end
  end
  return far, most
end

function M.same_shape(a, b)
  return table.concat(a:size(), "x") == table.concat(b:size(), "x")
end

--- Whether all of two lists of tensors agree within `share` of the largest magnitude.
function M.agree(a, b, share)
  if (a.n or #a) ~= (b.n or #b) then return false end
  for i = 1, a.n or #a do
    if not a[i] or not b[i] then return a[i] == b[i] end
    if not M.same_shape(a[i], b[i]) then return false end
    local far, most = M.distance(a[i], b[i])
    if far > share * math.max(most, 1) then return false end
  end
  return true
end

-- The loss at the case's inputs, without a graph.
local function value_of(case)
  local outputs = case:call()
  local total = 0
  for i = 1, outputs.n do
    if case.counts[i] then
      local out = outputs[i]
      total = total + (out * weights(out:size(), out:dtype())):sum():item()
    end
  end
  return total
end

--- Compares gradients with differences in float64; nil where they agree, else a sentence.
function Case:gradcheck()
  local case = self:as_double()
  local gradients, outputs = case:gradients()
  case.counts = {}
  local any = false
  for i = 1, outputs.n do
    case.counts[i] = outputs[i].requires_grad
    any = any or outputs[i].requires_grad
  end
  if not any then return "no output has a gradient" end
  local plain = case:with(function(t, kind) return kind == "" and t:detach():clone() or t end)
  plain.counts = case.counts
  for k, input in ipairs(plain:inputs()) do
    local gradient = gradients[k]
    if not gradient then return ("input %d got no gradient"):format(k) end
    local flat = input:reshape(-1)
    for i = 1, input:numel() do
      local x, eps = input:_at(i), 1e-6
      flat[i] = x + eps
      local above = value_of(plain)
      flat[i] = x - eps
      local below = value_of(plain)
      flat[i] = x
      local expected, got = (above - below) / (2 * eps), gradient:_at(i)
      if not (math.abs(expected - got) <= 1e-6 + 1e-4 * math.abs(expected)) then
        return ("input %d, element %d: the slope is %.9g, backward says %.9g")
          :format(k, i, expected, got)
      end
    end
  end
end

--- All cases, or those of rows that pass `choose`.
function M.cases(choose)
  local list = {}
  for _, row in ipairs(core.ops) do
    if not choose or choose(row) then
      for _, text in ipairs(samples(row.sample)) do
        list[#list + 1] = new_case(row, text)
      end
    end
  end
  return list
end

--- Runs check(case) for each case. What it returns, or its error, is a complaint, printed; at the
--- end the number of complaints.
function M.run(cases, check)
  local failures = 0
  for _, case in ipairs(cases) do
    local ok, complaint = pcall(check, case)
    if complaint or not ok then
      failures = failures + 1
      print(case.label .. ": " .. tostring(complaint))
    end
  end
  print(("%d failures"):format(failures))
end

return M
