-- SPDX-License-Identifier: GPL-3.0-or-later
-- The graph of a computation: what was computed from what, with values and gradients.
--
-- It is read from autograd.graph(loss), or given as a list of nodes in the order of computation:
-- {op = "mul", name = "w * x", shape = {2}, value = 3, grad = 1, inputs = {1, 2}}.

local make = require "gradus.plot.picture.make"
local quote = require "gradus.plot.quote"
local values = require "gradus.plot.values"
local strict = require "gradus.strict"

local M = {}

-- The longest way from a leaf to each node: its column.
local function levels(nodes)
  local level, most = {}, 1
  for i, node in ipairs(nodes) do
    level[i] = 1
    for _, k in ipairs(node.inputs or {}) do
      if k >= i then error("plot.graph: a node's inputs come before it", 0) end
      level[i] = math.max(level[i], level[k] + 1)
    end
    most = math.max(most, level[i])
  end
  -- A leaf stands just before the first node that uses it.
  for i, node in ipairs(nodes) do
    if #(node.inputs or {}) == 0 then
      local first
      for j, user in ipairs(nodes) do
        for _, k in ipairs(user.inputs or {}) do
          if k == i then first = math.min(first or level[j], level[j]) end
        end
      end
      if first then level[i] = first - 1 end
    end
  end
  return level, most
end

-- The place of each node: columns by level, rows near the mean of its inputs.
local function places(nodes, level, most)
  local columns, y = {}, {}
  for c = 1, most do columns[c] = {} end
  for i = 1, #nodes do table.insert(columns[level[i]], i) end
  for c = 1, most do
    local want = {}
    for k, i in ipairs(columns[c]) do
      local sum, n = 0, 0
      for _, j in ipairs(nodes[i].inputs or {}) do
        if y[j] then sum, n = sum + y[j], n + 1 end
      end
      want[i] = n > 0 and sum / n or k
    end
    table.sort(columns[c], function(a, b)
      if want[a] ~= want[b] then return want[a] < want[b] end
      return a < b
    end)
    local n = #columns[c]
    for k, i in ipairs(columns[c]) do y[i] = (k - 0.5) / n end
  end
  return y
end

local function shape_text(shape)
  if not shape or #shape == 0 then return nil end
  return "(" .. table.concat(shape, ", ") .. ")"
end

local function number_text(v)
  if v == nil then return nil end
  if values.is_tensor(v) then
    if v:numel() ~= 1 then return nil end
    v = v:item()
  end
  if type(v) == "table" then
    if #v ~= 1 or type(v[1]) ~= "number" then return nil end
    v = v[1]
  end
  return type(v) == "number" and values.show(v, 3) or nil
end

-- "std 0.2" for what is no single number.
local function spread_text(v)
  if v == nil or type(v) == "number" then return nil end
  local list = values.list("plot.graph", v, "value")
  local _, std = make.moments(list)
  return "std " .. values.show(std, 3)
end

local function lines_of(node)
  local name = node.name and node.op and node.op ~= "leaf" and node.name .. " = " .. node.op or
    node.name or node.op or "?"
  local shape = shape_text(node.shape)
  local value = number_text(node.value) or (node.value ~= nil and spread_text(node.value)) or nil
  local grad = number_text(node.grad) or (node.grad ~= nil and spread_text(node.grad)) or nil
  return name .. (shape and " " .. shape or ""), value, grad
end

-- As text: the nodes in order, what each is made of, its value and its gradient.
local function text_rows(nodes, title)
  return function()
    local lines = {title and quote.clean(title)}
    for i, node in ipairs(nodes) do
      local name, value, grad = lines_of(node)
      local from = {}
      for k, j in ipairs(node.inputs or {}) do from[k] = "#" .. j end
      lines[#lines + 1] = ("#%-3d %-26s %-14s%s%s"):format(i, name, table.concat(from, " "),
        value and " value " .. value or "", grad and "   grad " .. grad or "")
      lines[#lines] = quote.clean(lines[#lines])
    end
    return lines
  end
end

local function arrows(nodes, x, y, half)
  local mark = {kind = "arrows", x = {}, y = {}, to_x = {}, to_y = {}, color = "dim"}
  for i, node in ipairs(nodes) do
    for _, j in ipairs(node.inputs or {}) do
      table.insert(mark.x, x[j] + half)
      table.insert(mark.y, y[j])
      table.insert(mark.to_x, x[i] - half)
      table.insert(mark.to_y, y[i])
    end
  end
  return mark
end

local function nodes_of(given)
  if values.is_tensor(given) then
    given = require("gradus.autograd").graph(given)
  end
  local nodes = strict.find(values.record("plot.graph", given, "a tensor that was computed, or a list of nodes,"),
    "nodes") or given
  if type(nodes) ~= "table" or #nodes == 0 then
    error("plot.graph: a tensor that was computed, or a list of nodes, expected", 0)
  end
  for i, node in ipairs(nodes) do
    values.record("plot.graph: entry " .. i, node, "a node like {op = \"add\", inputs = {1, 2}}")
  end
  return nodes
end

--- plot.graph(loss: tensor, {title: string}) -> figure
--- The computation graph that ends in a tensor: each operation with its shape, its value and,
--- after backward(), its gradient (in the second line of a box). Also of the data that
--- autograd.graph returns.
--- > w, x = {name = "w", value = 2, grad = 3}, {name = "x", value = 3}
--- > fig = plot.graph({w, x, {op = "mul", value = 6, grad = 1, inputs = {1, 2}}})
--- > #fig.marks[1].x
--- 2
function M.graph(given, o)
  o = make.options("plot.graph", o, {title = "Computation graph"})
  local nodes = nodes_of(given)
  if #nodes > 60 then
    error(("plot.graph: %d operations do not fit a picture; 60 do. Hint: a smaller net"):format(
      #nodes), 0)
  end
  local level, most = levels(nodes)
  local y = places(nodes, level, most)
  local crowd, counts = 1, {}
  for i = 1, #nodes do
    counts[level[i]] = (counts[level[i]] or 0) + 1
    crowd = math.max(crowd, counts[level[i]])
  end
  local x, half, tall = {}, 0.38, math.min(0.11, 0.42 / crowd)
  local boxes = {kind = "boxes", x0 = {}, x1 = {}, y0 = {}, y1 = {}, fill = {}, edge = "axis"}
  local names = {kind = "words", x = {}, y = {}, text = {}, times = 0.8, bold = true}
  local facts = {kind = "words", x = {}, y = {}, text = {}, times = 0.72, color = "dim"}
  for i, node in ipairs(nodes) do
    x[i] = level[i]
    boxes.x0[i], boxes.x1[i] = x[i] - half, x[i] + half
    boxes.y0[i], boxes.y1[i] = y[i] - tall, y[i] + tall
    boxes.fill[i] = #(node.inputs or {}) == 0 and "leaf" or "grid"
    local name, value, grad = lines_of(node)
    names.x[i], names.y[i], names.text[i] = x[i], y[i] + tall * 0.45, name
    facts.x[i], facts.y[i] = x[i], y[i] - tall * 0.42
    facts.text[i] = (value or "") .. (grad and (value and ", " or "") .. "grad " .. grad or "")
  end
  local marks = {arrows(nodes, x, y, half), boxes, names, facts}
  local fig = make.figure(o, {marks = marks, bare = true, nogrid = true,
    x = {range = {0.5, most + 0.5}}, y = {range = {-0.03, 1.03}}, width = math.max(1280, most * 190)})
  fig.rows_of_text = text_rows(nodes, o.title)
  return fig
end

return M
