-- SPDX-License-Identifier: GPL-3.0-or-later
-- Run once when the program starts: makes the library's parts globals. A part
-- is loaded when it is first used, so that the prompt is there at once.

local M = {}

--- The parts of the library, in the order in which help lists them.
M.parts = {
  "tensor", "nn", "optim", "autograd", "data", "metrics", "train", "plot",
  "lab", "lesson", "help",
}

--- The same names as keys, and `gradus` itself.
M.is_part = {gradus = true}
for _, name in ipairs(M.parts) do M.is_part[name] = true end
--- `why` is lab.why: the one function so often asked for that it has a name of its own.
M.is_part.why = true

--- Names that a `local` declared in an earlier input of the prompt, for the guard's message.
M.lost_locals = {}

-- `_` and `_1`, `_2`, ... are nil until there is a result.
local function is_result(name)
  return type(name) ~= "string" or name:find("^_%d*$") ~= nil
end

local function known_names()
  local names = {table.unpack(M.parts)}
  for name in next, _G do
    if type(name) == "string" and name:sub(1, 1) ~= "_" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

local function kind_of(where, name)
  local ok, found = pcall(function() return where()[name] end)
  return ok and type(found)
end

-- Newcomers write sum(x) for x:sum(), and leave out the part before a name.
local function elsewhere(name)
  if kind_of(function() return tensor{0} end, name) == "function" then
    return ("; tensors have the method, x:%s()"):format(name)
  end
  for _, part in ipairs{"tensor", "nn", "optim"} do
    local kind = kind_of(function() return _G[part] end, name)
    if kind == "function" or kind == "table" then
      return ("; did you mean `%s.%s`?"):format(part, name)
    end
  end
end

local function undefined(name)
  local word = require("gradus.elsewhere").word(name)
  if word then return error(("`%s` is not defined; %s"):format(name, word), 3) end
  if M.lost_locals[name] then
    return error(("`%s` is not defined; it was local to an earlier input, "
      .. "write %s = ... without local to keep it"):format(name, name), 3)
  end
  local near = not elsewhere(name) and require("gradus.options").nearest(name, known_names())
  return error(("`%s` is not defined%s"):format(name,
    elsewhere(name) or near and ("; did you mean `%s`?"):format(near) or ""), 3)
end

-- A misspelt name in a part is an error, too.
local function guard_part(part, part_name)
  if type(part) ~= "table" then return end
  local mt = getmetatable(part) or setmetatable(part, {}) and getmetatable(part)
  if type(mt) ~= "table" or rawget(mt, "__index") ~= nil then return end
  mt.__index = function(_, name)
    local result = require("gradus.lazy").missing(part_name, name,
      require("gradus.options").keys(part))
    return result -- no tail call: the error counts functions
  end
end

setmetatable(_G, {
  __index = function(globals, name)
    if not M.is_part[name] then
      return not is_result(name) and undefined(name) or nil
    end
    local part = require("gradus." .. name)
    guard_part(part, name)
    rawset(globals, name, part)
    return part
  end,
})

-- --- print ------------------------------------------------------------------------------

local plain_print = print

-- What print writes for a value: tables without a text of their own as the prompt shows them.
function M.text(v)
  if type(v) == "table" and getmetatable(v) == nil then return require("gradus.repl.show").value(v) end
  return tostring(v)
end

-- Replaced, since `table: 0x55d0c8a3e2b0` says nothing.
function print(...) -- luacheck: globals print
  local values = table.pack(...)
  for i = 1, values.n do values[i] = M.text(values[i]) end
  plain_print(table.unpack(values, 1, values.n))
end

return M
