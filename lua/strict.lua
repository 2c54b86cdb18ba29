-- SPDX-License-Identifier: GPL-3.0-or-later
-- Objects of the library whose misspelt names are errors rather than nil:
--
--     local Figure = {__name = "Figure"}
--     Figure.__index = Figure
--     strict.class(Figure, "figures", {"caption"})   -- fields that may be absent
--
-- A name is looked up in the object, its class and its parents as always; only one that is
-- nowhere costs something. Names that begin with "_" are private and may be absent.

local options = require("gradus.options")

local M = {}

local function public_names(class, optional)
  local names = {}
  for name in next, class do
    if type(name) == "string" and name:sub(1, 1) ~= "_" then names[#names + 1] = name end
  end
  for name in next, optional do names[#names + 1] = name end
  table.sort(names)
  return names
end

--- strict.index(what: string, class: table, optional: {string, ...}?) -> function
--- An `__index` for the metatable of a class, which raises an error that names the nearest of the
--- class's names. `what` stands in the message; the names in `optional` may be absent.
--- > strict = require("gradus.strict")
--- > Box = setmetatable({}, {__index = strict.index("boxes", {open = true}, {"lid"})})
--- > Box.lid, Box._inside
--- nil	nil
--- > pcall(function() return Box.opne end)
--- ...
function M.index(what, class, optional)
  local known = {}
  for _, name in ipairs(optional or {}) do known[name] = true end
  return function(_, key)
    if type(key) ~= "string" or known[key] or key:sub(1, 1) == "_" then return nil end
    local near = options.nearest(key, public_names(class, known))
    error(("%s have no field or method '%s'%s"):format(what, key,
      near and (". Did you mean '%s'?"):format(near) or ""), 2)
  end
end

--- strict.class(class: table, what: string, optional: {string, ...}?) -> table
--- Gives a class that has no parent such an `__index`; returns the class.
--- > Box = require("gradus.strict").class({open = true}, "boxes")
--- > Box.open
--- true
function M.class(class, what, optional)
  local metatable = getmetatable(class) or {}
  metatable.__index = M.index(what, class, optional)
  return setmetatable(class, metatable)
end

--- strict.find(object: table, name: string) -> any
--- object[name], or nil where there is none: along tables, without asking an `__index` function.
--- > require("gradus.strict").find(nn.ReLU(), "weight")
--- nil
function M.find(object, name)
  while type(object) == "table" do
    local found = rawget(object, name)
    if found ~= nil then return found end
    local metatable = getmetatable(object)
    object = type(metatable) == "table" and rawget(metatable, "__index") or nil
  end
  return nil
end

return M
