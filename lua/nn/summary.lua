-- SPDX-License-Identifier: GPL-3.0-or-later
-- net:summary(input): what each layer gives out and costs.
local autograd = require("gradus.autograd")
local core = require("gradus.core")
local describe = require("gradus.nn.describe")
local mark = require("gradus.nn.mark")
local tensor = require("gradus.tensor")

local Summary = {__name = "summary"}
Summary.__index = Summary
require("gradus.strict").class(Summary, "summaries", {"error"})

local function count(list)
  local n = 0
  for _, t in ipairs(list) do n = n + t:numel() end
  return n
end

-- Products in one forward: every weight of a linear layer is used once a row, of a convolution once
-- a position.
local function multiply_adds(module, y)
  local w = rawget(module, "weight")
  if not w or w:dim() < 2 or module:kind() == "Embedding" or not core.is_tensor(y) then return 0 end
  local outputs = y:numel()
  return w:numel() // math.max(1, w:size(1)) * outputs
end

-- Every module once, with the path a user writes: "[1]", "[2].inner", "fc1".
local function walk(module, path, visit, seen)
  if seen[module] then return end
  seen[module] = true
  visit(path, module)
  for key, child in module:_children() do
    local below = (path .. describe.step(module, key)):gsub("^%.", "")
    walk(child, below, visit, seen)
  end
end

local function rows_of(net)
  local rows, by_module = {}, {}
  walk(net, "", function(name, module)
    local row = {path = name, module = module, children = #module:children(), parameters = 0,
      multiply_adds = 0, shape = false, layer = describe.line(module), training = module.training}
    for _, value in module:_fields() do
      if mark.is_parameter(value) then row.parameters = row.parameters + value:numel() end
    end
    rows[#rows + 1], by_module[module] = row, row
  end, {})
  return rows, by_module
end

local function run(net, x, by_module)
  local hooks = {}
  for module, row in pairs(by_module) do
    hooks[#hooks + 1] = module:register_forward_hook(function(m, _, y)
      row.shape, row.multiply_adds = core.is_tensor(y) and y:size(), multiply_adds(m, y)
    end)
  end
  local done <close> = mark.at_exit(function() -- luacheck: ignore 211
    for _, hook in ipairs(hooks) do hook:remove() end
  end)
  return pcall(mark.without_marks, net, function()
    autograd.no_grad(function() net(x) end)
  end)
end

local function new_summary(net, input)
  local x = core.is_tensor(input) and input or tensor.zeros(input)
  local rows, by_module = rows_of(net)
  local ok, why = run(net, x, by_module)
  local self = setmetatable({rows = rows, input = x:size(), parameters = count(net:parameters()),
    multiply_adds = 0, kind = net:kind(), mode = net.training and "train" or "eval"}, Summary)
  for _, row in ipairs(rows) do self.multiply_adds = self.multiply_adds + row.multiply_adds end
  self.trainable = 0
  for _, p in ipairs(net:parameters()) do
    if p.requires_grad then self.trainable = self.trainable + p:numel() end
  end
  if not ok then self.error = tostring(why):gsub("^[^\n:]+:%d+: ", "") end
  return self
end

-- "Conv2d(1 -> 32, kernel 3x3, stride 1)" with room for 24 letters: "Conv2d(1 -> 32, ...)"
local function shorten(text, room)
  while #text > room do
    local shorter = text:gsub(", %.%.%.%)$", ")"):gsub(",[^,]*%)$", ", ...)")
    if #shorter >= #text then break end
    text = shorter
  end
  return text
end

local function widths(list)
  local width = {}
  for _, line in ipairs(list) do
    for c, text in ipairs(line) do width[c] = math.max(width[c] or 0, #text) end
  end
  return width
end

-- Lines of at most 80 letters: what layers say of themselves gives way.
local function fit(list)
  local width, rest = widths(list), 80
  for c, w in ipairs(width) do rest = rest - (c == 2 and 0 or w) - (c > 1 and 2 or 0) end
  if width[2] <= rest then return width end
  for _, line in ipairs(list) do line[2] = shorten(line[2], math.max(rest, 20)) end
  return widths(list)
end

local function columns(list)
  local width, out = fit(list), {}
  for i, line in ipairs(list) do
    local parts = {}
    for c, text in ipairs(line) do
      local pad = (" "):rep(width[c] - #text)
      parts[c] = (c == 4 or c == 5) and pad .. text or text .. pad
    end
    out[i] = table.concat(parts, "  "):gsub("%s+$", "")
  end
  return out
end

function Summary:__tostring()
  local list = {{"path", "layer", "output", "parameters", "multiply-adds", "mode"}}
  for _, row in ipairs(self.rows) do
    local single = #self.rows == 1
    if (row.children == 0 and row.path ~= "" or single) and (row.shape or not self.error) then
      list[#list + 1] = {row.path, row.layer, row.shape and describe.shape(row.shape) or "not used",
        tostring(row.parameters), tostring(row.multiply_adds), row.training and "train" or "eval"}
    end
  end
  local lines = columns(list)
  local frozen = self.trainable < self.parameters and (" (%d trainable)"):format(self.trainable) or ""
  lines[#lines + 1] = ("%s, input %s: %d parameters%s, %d multiply-adds"):format(self.kind,
    describe.shape(self.input), self.parameters, frozen, self.multiply_adds)
  if self.error then lines[#lines + 1] = "stopped here: " .. self.error end
  return table.concat(lines, "\n")
end

return new_summary
