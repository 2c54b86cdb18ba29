-- SPDX-License-Identifier: GPL-3.0-or-later
-- The course plan of lessons/README.md names every lesson with its minutes, and no other.
--
--     gradus plan_test.lua FOLDER

local folder = arg[1]

local function read(path)
  local file = assert(io.open(path))
  local text = file:read("a")
  file:close()
  return text
end

local planned, faults = {}, {}
for name, minutes in read(folder .. "/README.md"):gmatch("\n| (%d%d%-[%w-]+) | (%d+) |") do
  planned[name] = tonumber(minutes)
end

local list = assert(io.popen(("ls '%s'"):format(folder)))
for file in list:lines() do
  local name = file:match("^(%d%d%-[%w-]+)%.lua$")
  if name then
    local minutes = tonumber(read(folder .. "/" .. file):match("minutes = (%d+)"))
    if not planned[name] then
      faults[#faults + 1] = name .. " is not in the plan"
    elseif planned[name] ~= minutes then
      faults[#faults + 1] = ("%s: %d minutes in the plan, %d in the lesson"):format(name,
        planned[name], minutes)
    end
    planned[name] = nil
  end
end
list:close()
for name in pairs(planned) do faults[#faults + 1] = name .. " is planned, but not there" end

table.sort(faults)
for _, fault in ipairs(faults) do print(fault) end
os.exit(#faults == 0)
