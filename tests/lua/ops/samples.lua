-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every row has a sample that runs, and a doc with an example.
local core = require("gradus.core")
local rows = dofile(arg[0]:match("^(.*)/") .. "/lib/rows.lua")

local with_case = {}
for _, case in ipairs(rows.cases()) do with_case[case.row.name] = true end
for _, row in ipairs(core.ops) do
  if not with_case[row.name] then print(row.name .. ": no sample") end
  local doc = core.docs["tensor." .. row.name]
  if not row.hidden and not (doc and doc:find("\n> ", 1, true)) then
    print(row.name .. ": no example in its help")
  end
end

rows.run(rows.cases(), function(case)
  local outputs = case:call()
  for i = 1, outputs.n do
    if not tensor.is_tensor(outputs[i]) then return "an output is no tensor" end
  end
end)
-- expect: 0 failures
