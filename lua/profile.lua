-- SPDX-License-Identifier: GPL-3.0-or-later
-- Where the time of a piece of code goes: by op and by layer.

local call = require("gradus.nn.call")
local core = require("gradus.core")
local describe = require("gradus.nn.describe")

local M = {}

local Profile = {__name = "Profile"}
Profile.__index = Profile

-- The layers that were called, by the labels that the engine counts under.
local function new_labels()
  local labels, names, calls = {}, {}, {}
  local profiler = core.profiler

  local function restore(before, ...)
    profiler.label(before)
    return ...
  end

  local function around(module, forward, ...)
    local label = labels[module]
    if not label then
      label = #names + 1
      labels[module], names[label], calls[label] = label, describe.line(module), 0
    end
    calls[label] = calls[label] + 1
    return restore(profiler.label(label), forward(module, ...))
  end

  return names, calls, around
end

local function whole(row) return row.forward + row.backward end

local function by_time(a, b)
  if whole(a) ~= whole(b) then return whole(a) > whole(b) end
  return a.name < b.name
end

-- Rows {name, calls, forward, backward, seconds}, what took longest first.
local function sorted(rows)
  for _, row in ipairs(rows) do row.seconds = whole(row) end
  table.sort(rows, by_time)
  return rows
end

local function run(f, around)
  local profiler = core.profiler
  call.watch(around)
  profiler.start()
  local began = core.clock()
  local ok, message = pcall(f)
  local seconds = core.clock() - began
  profiler.stop()
  call.watch(false)
  if not ok then error(message, 0) end
  return seconds
end

function M.profile(f)
  if type(f) ~= "function" then
    error("gradus.profile: expected a function; got " .. type(f) ..
      ". Hint: gradus.profile(function() ... end)", 2)
  end
  local names, calls, around = new_labels()
  local seconds = run(f, around)
  local ops, layers = core.profiler.read()
  for _, row in ipairs(layers) do
    row.calls = calls[row.label] or row.calls
    row.name, row.label = names[row.label] or "(outside of layers)", nil
  end
  local self = setmetatable({seconds = seconds, ops = sorted(ops), layers = sorted(layers)}, Profile)
  self.rest = seconds
  for _, row in ipairs(ops) do self.rest = self.rest - row.seconds end
  return self
end

local function line(name, calls, forward, backward, share)
  return ("%-34s %8s %10s %10s %6s"):format(name, calls, forward, backward, share)
end

local function section(lines, title, rows, total)
  lines[#lines + 1] = line(title, "calls", "forward", "backward", "share")
  for _, row in ipairs(rows) do
    lines[#lines + 1] = line(row.name:sub(1, 34), row.calls, ("%.3f"):format(row.forward * 1e3),
      ("%.3f"):format(row.backward * 1e3), ("%.0f %%"):format(100 * row.seconds / total))
  end
end

function Profile:__tostring()
  local lines = {("%.3f ms in all; times in ms"):format(self.seconds * 1e3)}
  section(lines, "op", self.ops, self.seconds)
  lines[#lines + 1] = line("Lua and the rest", "", ("%.3f"):format(self.rest * 1e3), "",
    ("%.0f %%"):format(100 * self.rest / self.seconds))
  if #self.layers > 0 then
    lines[#lines + 1] = ""
    section(lines, "layer", self.layers, self.seconds)
  end
  return table.concat(lines, "\n")
end

return M
