-- SPDX-License-Identifier: GPL-3.0-or-later
-- lab.why on 40 nets and loops, with and without a fault, and on 20 healthy ones; their seeds were not
-- looked at while its rules were written. With an argument it writes the confusion matrix there:
--
--     gradus tests/lua/experiments/why_graded.lua tests/expect/why.txt

local FIRST, NETS, HEALTHY = 7001, 40, 20

local function ask(p)
  return why(p.net, p.data, p.clues).fault
end

local names, place, truth, said, right = {}, {}, {}, {}, 0
local function number(name)
  if not place[name] then names[#names + 1], place[name] = name, #names + 1 end
  return place[name]
end

for seed = FIRST, FIRST + NETS - 1 do
  local p = lab.patient(seed)
  truth[#truth + 1], said[#said + 1] = p.fault, ask(p)
  number(p.fault)
  if said[#said] == p.fault then right = right + 1 end
end
for _, name in ipairs(said) do number(name) end
table.sort(names)
for i, name in ipairs(names) do place[name] = i end

local count = {}
for i, t in ipairs(truth) do
  local key = t .. ">" .. said[i]
  count[key] = (count[key] or 0) + 1
end
local lines = {("%-14s %s"):format("true \\ said", table.concat(names, " "))}
for _, t in ipairs(names) do
  local row = {("%-14s"):format(t)}
  for _, s in ipairs(names) do
    row[#row + 1] = (("%%%dd"):format(#s)):format(count[t .. ">" .. s] or 0)
  end
  lines[#lines + 1] = table.concat(row, " ")
end

local alarms = {}
for seed = FIRST + 1000, FIRST + 1000 + HEALTHY - 1 do
  local fault = ask(lab.patient(seed, {fault = "none"}))
  if fault ~= "none" then alarms[#alarms + 1] = fault .. " at " .. seed end
end
lines[#lines + 1] = ("%d of %d right; %d false alarms on %d healthy nets"):format(right, NETS, #alarms,
  HEALTHY)
if arg and arg[1] then
  local file = assert(io.open(arg[1], "w"))
  assert(file:write(table.concat(lines, "\n"), "\n"))
  assert(file:close())
end
-- expect: true
print(right >= 36 or table.concat(lines, "\n"))
-- expect: no false alarm
print(#alarms == 0 and "no false alarm" or table.concat(alarms, ", "))
