-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every public name of a part has a doc with an example (which examples.lua runs). Run by gradus
-- with the part's name: `gradus check.lua tensor`. Public names are the fields of the part that
-- do not begin with _, those of its inner tables and the methods of its classes. A method that a
-- class only overrides (forward, say) may be documented at any class, and methods need no
-- example of their own.

local docs = require("gradus.help.docs")
local part_name = arg[1]

local problems = 0

local function problem(text, ...)
  problems = problems + 1
  print(text:format(...))
end

-- Names ---------------------------------------------------------------------------------------

local function public(t)
  local names = {}
  for name in next, t do
    if type(name) == "string" and name:sub(1, 1) ~= "_" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

local method_docs = {} -- names after a colon that are documented anywhere
for name in pairs(docs.index()) do
  local method = name:match(":([%w_]+)$")
  if method then method_docs[method] = true end
end

local function is_class(t)
  local mt = getmetatable(t)
  return rawget(t, "__index") ~= nil or (type(mt) == "table" and rawget(mt, "__call") ~= nil)
end

-- What is missing for a name, or nil.
local function missing(full, class)
  local doc = docs.find(full)
  if not doc and not class then return "doc" end
  if class then
    local method = full:match("([%w_]+)$")
    local known = doc or method_docs[method] or docs.find(class .. ":" .. method)
    return not known and "doc" or nil
  end
  return #docs.examples(doc) == 0 and "example" or nil
end

local function check_names(t, prefix, class, depth, seen)
  if seen[t] then return end
  seen[t] = true
  for _, name in ipairs(public(t)) do
    local value, full = rawget(t, name), prefix .. "." .. name
    local kind = type(value)
    local inner = kind == "table" and getmetatable(value) == nil and not is_class(value)
    if kind == "function" or kind == "table" and not (inner and depth < 2) then
      local lack = missing(full, class)
      if lack then problem("no %s: %s", lack, full) end
    end
    if kind == "table" and depth < 2 and (is_class(value) or inner) then
      check_names(value, full, is_class(value) and name or nil, depth + 1, seen)
    end
  end
end

check_names(require("gradus." .. part_name), part_name, nil, 0, {[_G] = true})
if part_name == "tensor" then
  check_names(require("gradus.core").methods, "tensor", "tensor", 2, {})
end
print(("%s: %d problems"):format(part_name, problems))
os.exit(problems == 0 and 0 or 1, true)
