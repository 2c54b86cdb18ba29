-- SPDX-License-Identifier: GPL-3.0-or-later
-- Arguments of the wrong kind: the message names the op and the argument.
local core = require("gradus.core")
local rows = dofile(arg[0]:match("^(.*)/") .. "/lib/rows.lua")

local function message_of(row, ...)
  local ok, message = pcall(core[row.name], ...)
  return not ok and message or "no error"
end

-- The first parameter, and how many follow it.
local function first(row) return row.signature:match("^([%w_]+)") end

local function check(row)
  local list = row.signature:find("^[%w_]+:tensors")
  local none = message_of(row)
  local expected = list and row.name .. ": '" .. first(row) .. "' should be a table of tensors"
    or row.name .. ": '" .. first(row) .. "' is missing; expected a tensor"
  if not none:find(expected, 1, true) then return "without arguments: " .. none end
  local text = message_of(row, "word")
  local wanted = row.name .. ": '" .. first(row) .. "' should be a"
  if not (text:find(wanted, 1, true) and text:find("got string", 1, true)) then
    return "with a string: " .. text
  end
end

local failures = 0
for _, row in ipairs(core.ops) do
  local complaint = check(row)
  if complaint then
    print(row.name .. ": " .. complaint)
    failures = failures + 1
  end
end
print(failures) -- expect: 0

-- One argument too many, and an option that is none.
rows.run(rows.cases(), function(case)
  if case.row.signature:find("sizes") or case.row.signature:find("dims") then return end
  if type(case.args[case.args.n]) == "table" then return end
  local args = {table.unpack(case.args, 1, case.args.n)}
  args[case.args.n + 1] = {no_such_option = 1}
  local text = message_of(case.row, table.unpack(args))
  if not text:find(case.row.name .. ": unknown option 'no_such_option'", 1, true) then
    return text
  end
end)
-- expect: 0 failures
