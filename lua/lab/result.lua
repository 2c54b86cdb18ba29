-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an experiment gives back: rows of numbers, figures, claims, and sentences. Printed it is the
-- sentences; `result.figures` holds the pictures by name and, in `order`, their names;
-- `result.claims[i]` has text, threshold, held (seeds that bear it out), of (all seeds), effects (by
-- seed), their mean and spread, unit, evidence and otherwise (why, where seeds fail).

local Result = {__name = "lab.result"}
Result.__index = Result
require("gradus.strict").class(Result, "results")

local M = {}

--- result.new{name =, columns = {...}, rows = {{...}, ...}, figures = {...}, notes = {...}, ...}
function M.new(fields)
  return setmetatable(fields, Result)
end

local function cell(v)
  if v == nil then return "" end
  if type(v) == "number" then return ("%.9g"):format(v) end
  v = tostring(v)
  return v:find('[",\n]') and '"' .. v:gsub('"', '""') .. '"' or v
end

--- result:csv(path?: string) -> string
--- The rows as comma-separated text with a line of names; with a path also written there.
--- > r = lab.init_variance{depth = 2, width = 8, seeds = 1, init = {"xavier_normal"}, progress = false}
--- > r:csv():match("^[^,]*,[^,]*,[^,]*")
--- init,seed,layer
function Result:csv(path)
  local lines = {table.concat(self.columns, ",")}
  for _, row in ipairs(self.rows) do
    local cells = {}
    for i, name in ipairs(self.columns) do cells[i] = cell(row[name]) end
    lines[#lines + 1] = table.concat(cells, ",")
  end
  local text = table.concat(lines, "\n") .. "\n"
  if path then
    local file = assert(io.open(path, "w"))
    assert(file:write(text))
    assert(file:close())
  end
  return text
end

--- result:show()
--- Shows the experiment's figures one after the other.
function Result:show()
  for i, name in ipairs(self.figures.order) do self.figures[name]:show({window = i}) end
end

--- result:save(prefix: string, {width: integer, height: integer}) -> {string, ...}
--- Writes every figure to prefix-NAME.png and the rows to prefix.csv; returns the names.
function Result:save(prefix, given)
  local names = {}
  for _, name in ipairs(self.figures.order) do
    names[#names + 1] = prefix .. "-" .. name .. ".png"
    self.figures[name]:save(names[#names], given)
  end
  names[#names + 1] = prefix .. ".csv"
  self:csv(names[#names])
  return names
end

--- result:report(name: string, folder: string = "experiments", quiet: boolean = false) -> result
--- Prints the result (unless quiet) and writes it into a folder, made if it is not there: NAME.txt
--- (what was printed), NAME-FIGURE.png and NAME.csv.
function Result:report(name, folder, quiet)
  folder = folder or "experiments"
  require("gradus.guest").check("result:report", folder, "write")
  require("gradus.sandbox").make_folder(folder)
  if not quiet then print(self) end
  self:save(folder .. "/" .. name)
  local file = assert(io.open(folder .. "/" .. name .. ".txt", "w"))
  assert(file:write(tostring(self), "\n"))
  assert(file:close())
  return self
end

function Result:__tostring()
  local lines = {self.name}
  for _, note in ipairs(self.notes) do lines[#lines + 1] = "  " .. note end
  if #self.figures.order > 0 then
    lines[#lines + 1] = ("  figures: %s; see r:show(), r:save(prefix), r:csv()"):format(
      table.concat(self.figures.order, ", "))
  end
  return table.concat(lines, "\n")
end

--- A list of seeds from a list or a count; an error is blamed on the caller `level` functions up.
function M.seeds(who, given, level)
  if math.type(given) == "integer" and given >= 1 then
    local list = {}
    for i = 1, given do list[i] = i end
    return list
  end
  local fine = type(given) == "table" and #given > 0
  for _, seed in ipairs(fine and given or {}) do fine = fine and math.type(seed) == "integer" end
  if fine then return given end
  error(("%s: seeds is a count of at least 1 or a list of whole numbers; got %s"):format(who,
    type(given) == "table" and "a table" or tostring(given)), level or 3)
end

--- A progress bar on a terminal: call it with done and total; nothing elsewhere.
function M.progress(on)
  local ok, terminal = pcall(require, "gradus.terminal")
  if not (on and ok and terminal.is_terminal(1)) then return function() end end
  return function(done, total)
    local filled = math.floor(20 * done / total)
    io.stdout:write(("\r\27[K[%s%s] %d/%d"):format(("#"):rep(filled), ("."):rep(20 - filled),
      done, total), done == total and "\r\27[K" or "")
    io.stdout:flush()
  end
end

return M
