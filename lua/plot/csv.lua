-- SPDX-License-Identifier: GPL-3.0-or-later
-- The numbers of a figure as comma-separated text, one row a point.

local M = {}

-- What of each kind of mark goes into which column.
local columns = {"panel", "kind", "name", "x", "y", "z", "lo", "hi", "text"}

local fields = {
  line = {x = "x", y = "y"},
  points = {x = "x", y = "y"},
  band = {x = "x", lo = "lo", hi = "hi"},
  bars = {at = "x", height = "y", lo = "lo", hi = "hi"},
  words = {x = "x", y = "y", text = "text"},
}

local function quoted(value)
  if type(value) == "number" then
    return ("%.9g"):format(value)
  end
  local s = tostring(value)
  if s:find('[",\r\n]') then s = '"' .. s:gsub('"', '""') .. '"' end
  return s
end

local function add_row(rows, row)
  local cells = {}
  for i, name in ipairs(columns) do cells[i] = row[name] ~= nil and quoted(row[name]) or "" end
  rows[#rows + 1] = table.concat(cells, ",")
end

local function add_cells(rows, panel, mark)
  local x, y = mark.x or {1, 1}, mark.y or {1, 1}
  for i, line in ipairs(mark.z) do
    for j, v in ipairs(line) do
      add_row(rows, {panel = panel, kind = mark.kind, name = mark.name, x = x[1] + (j - 1) * x[2],
        y = y[1] + (i - 1) * y[2], z = v})
    end
  end
end

local function add_mark(rows, panel, mark)
  for _, plane in ipairs(mark.kind == "rgb" and {"r", "g", "b"} or {}) do
    add_cells(rows, panel, {kind = "rgb", name = plane, z = mark[plane]})
  end
  if mark.z then return add_cells(rows, panel, mark) end
  local map = fields[mark.kind]
  if not map then return end
  local n = #(mark.x or mark.at)
  for i = 1, n do
    local row = {panel = panel, kind = mark.kind, name = mark.name}
    for from, to in pairs(map) do row[to] = mark[from] and mark[from][i] end
    add_row(rows, row)
  end
end

--- csv.text(fig) -> string, with a line of column names.
function M.text(fig)
  local rows = {table.concat(columns, ",")}
  for panel, one in ipairs(fig.grid or {fig}) do
    for _, mark in ipairs(one.marks) do add_mark(rows, fig.grid and panel or nil, mark) end
  end
  return table.concat(rows, "\n") .. "\n"
end

return M
