-- SPDX-License-Identifier: GPL-3.0-or-later
-- What every experiment owes: one call with no more than options gives a table (also csv), figures with
-- bands over the seeds, claims with a verdict over at least five of them, and words that end in what to look at; the same
-- seeds give the same numbers.
local small = dofile(arg[0]:match("^(.*)/lab/") .. "/small.lua")
local csv = require("gradus.core").csv

local known = {}
for _, entry in ipairs(small) do known[entry[1]] = true end
local docs = require("gradus.help.docs")
for _, name in ipairs(lab._names()) do
  if docs.find("lab." .. name).signature:find("-> result", 1, true) and not known[name] then
    print("no small options for lab." .. name)
  end
end

local function call(name, given, more)
  local o = {}
  for k, v in pairs(given) do o[k] = v end
  for k, v in pairs(more) do o[k] = v end
  return lab[name](o)
end

-- Whether a figure, or one of its panels, shows how far seeds lie apart.
local function has_spread(fig)
  for _, panel in ipairs(fig.grid or {}) do if has_spread(panel) then return true end end
  for _, mark in ipairs(fig.marks or {}) do
    if mark.kind == "band" or mark.lo and mark.hi then return true end
  end
  return false
end

-- What the file gives back for a cell, and what the row holds.
local function same(found, v)
  if v == nil then return found == "" or found ~= found end
  if type(found) == "string" then return found == tostring(v) end
  local number = tonumber(v)
  if not number then return false end
  return found == number or found ~= found and number ~= number or
    math.abs(found - number) <= 1e-8 * math.abs(number)
end

-- The file has the columns that the result names, and a line for each row with what it holds.
local function reads_back(r, path)
  r:csv(path)
  local file = csv.load(path, {separator = ",", header = true})
  if file.rows ~= #r.rows then return ("%d lines in csv"):format(#r.rows) end
  if #file.columns ~= #r.columns then return ("%d columns in csv"):format(#r.columns) end
  local numbers = file.numbers and file.numbers:totable()
  for j, column in ipairs(file.columns) do
    if column.name ~= r.columns[j] then return "the column " .. r.columns[j] end
    local filled = false
    for i, row in ipairs(r.rows) do
      local v = row[column.name]
      filled = filled or v ~= nil
      if not same(column.text and column.text[i] or not column.text and numbers[column.number][i], v) then
        return ("'%s' of row %d in csv"):format(column.name, i)
      end
    end
    if not filled then return "anything in the column " .. column.name end
  end
end

local text
local function lacks(r)
  if #r.rows == 0 then return "rows" end
  if #r.claims == 0 then return "claims" end
  for _, c in ipairs(r.claims) do
    if c.of < 5 or #c.effects ~= c.of then return ("five seeds in '%s'"):format(c.text) end
  end
  if #r.figures.order == 0 then return "figures" end
  local spread = false
  for _, name in ipairs(r.figures.order) do
    if #r.figures[name]:text() < 200 then return "a picture in " .. name end
    spread = spread or has_spread(r.figures[name])
  end
  if not spread then return "bands" end
  text = tostring(r)
  local _, claims = text:gsub("\n  Claim: ", "")
  local _, verdicts = text:gsub("\n    Verdict: holds in %d of 5 seeds, effect ", "")
  if claims ~= #r.claims or verdicts ~= #r.claims then return "verdicts" end
  if not text:find("\n  Look at: %w") then return "what to look at" end
end

for _, entry in ipairs(small) do
  local name, given = entry[1], entry[2]
  local r = call(name, given, {})
  local missing = lacks(r) or reads_back(r, name .. ".csv")
  if missing then print(name .. " lacks " .. missing) end
  -- The same again from another state of the session, and other seeds, other numbers.
  gradus.seed(99)
  if call(name, given, {}):csv() ~= r:csv() then print(name .. " differs from run to run") end
end
-- expect: 21
print(#small)
