-- SPDX-License-Identifier: GPL-3.0-or-later
-- What happened in a training run, as data. `plot.loss` draws it.

local History = {__name = "History"}
History.__index = History
require("gradus.strict").class(History, "histories", {"stopped", "best", "seed", "seconds"})

local M = {History = History}

--- history.new(o: table) -> History
--- An empty history; `steps` lists losses of batches, `epochs` rows of numbers.
function M.new()
  return setmetatable({steps = {}, epochs = {}, train = {}, valid = {}}, History)
end

function History:add_step(loss)
  self.steps[#self.steps + 1] = loss
end

function History:add_epoch(row)
  self.epochs[#self.epochs + 1] = row
  self.train[#self.train + 1] = row.loss
  self.valid[#self.valid + 1] = row.valid_loss
end

--- History:column(name: string) -> {number, ...}
--- One field of every epoch, as a list.
--- > h = setmetatable({epochs = {{loss = 2}, {loss = 1}}}, getmetatable(train.history()))
--- > table.concat(h:column("loss"), " ")
--- 2 1
function History:column(name)
  local list = {}
  for i, row in ipairs(self.epochs) do list[i] = row[name] end
  return list
end

-- Columns in the order in which they are shown.
local first = {"epoch", "loss", "valid_loss"}
local hidden = {epoch = true, loss = true, valid_loss = true, lr = true, seconds = true}

function History.columns(row)
  local names = {}
  for _, name in ipairs(first) do
    if row[name] ~= nil then names[#names + 1] = name end
  end
  local rest = {}
  for name in pairs(row) do
    if not hidden[name] then rest[#rest + 1] = name end
  end
  table.sort(rest)
  table.move(rest, 1, #rest, #names + 1, names)
  if row.lr then names[#names + 1] = "lr" end
  return names
end

local function cell(v)
  if math.type(v) == "integer" then return ("%d"):format(v) end
  if type(v) ~= "number" then return tostring(v) end
  if v ~= v then return "nan" end -- C writes some as "-nan"
  return ("%.4g"):format(v)
end

-- At most the first three and the last five epochs.
function History:__tostring()
  local n = #self.epochs
  if n == 0 then return "History: no epochs yet" end
  local names, lines = History.columns(self.epochs[n]), {}
  local line = {}
  for i, name in ipairs(names) do line[i] = ("%12s"):format(name) end
  lines[1] = table.concat(line, " ")
  for e, row in ipairs(self.epochs) do
    if n <= 10 or e <= 3 or e > n - 5 then
      for i, name in ipairs(names) do line[i] = ("%12s"):format(cell(row[name])) end
      lines[#lines + 1] = table.concat(line, " ")
    elseif e == 4 then
      lines[#lines + 1] = ("%12s"):format("...")
    end
  end
  if self.stopped then lines[#lines + 1] = "stopped: " .. self.stopped end
  if self.best then lines[#lines + 1] = ("best weights: epoch %d"):format(self.best) end
  return table.concat(lines, "\n")
end

return M
