-- SPDX-License-Identifier: GPL-3.0-or-later
-- A part of the library whose names are loaded when they are first used.

local options = require("gradus.options")

local M = {}

-- "Linear" is a module, "passes.mc" the field mc of one.
local function load(folder, place)
  local file, field = place:match("^(.-)%.(.+)$")
  local found = require(folder .. "." .. (file or place))
  return field and found[field] or found
end

--- lazy.missing(title: string, name: any, names: {string, ...})
--- The error that a part has no such name, with the nearest of those it has; nothing for private
--- names, which begin with "_". Called by the part's `__index`.
--- > pcall(require("gradus.lazy").missing, "optim", "Adm", {"Adam"})
--- ...
function M.missing(title, name, names)
  if type(name) ~= "string" or name:sub(1, 1) == "_" then return nil end
  local elsewhere = require("gradus.elsewhere")
  local instead = elsewhere.member(title, name)
  if instead then return error(("`%s.%s` is not defined; %s"):format(title, name, instead), 3) end
  local near = elsewhere.nearest(name, names)
  return error(("`%s.%s` is not defined%s"):format(title, name,
    near and ("; did you mean `%s.%s`?"):format(title, near) or ""), 3)
end

--- lazy.part(part: table, title: string, places: {[string]: string}, live: {[string]: function}?) -> table
--- Gives `part`, which is `title` at the prompt and `gradus.title` inside of the library, the names
--- in `places`: each is a module in its folder, or, as in "passes.mc", a field of one. Names in
--- `live` are computed whenever they are asked for. Any other name is an error that shows the
--- nearest; `part._find(name)` gives nil then, and `part._names()` lists all there are.
--- > part = require("gradus.lazy").part({}, "optim", {Adam = "Adam"})
--- > part.Adam == optim.Adam, part._names()[1]
--- true	Adam
function M.part(part, title, places, live)
  function part._names()
    local names = options.keys(places)
    for _, name in ipairs(options.keys(part)) do
      if name:sub(1, 1) ~= "_" and not places[name] then names[#names + 1] = name end
    end
    for name in pairs(live or {}) do names[#names + 1] = name end
    table.sort(names)
    return names
  end
  function part._find(name) return places[name] and part[name] or rawget(part, name) end
  return setmetatable(part, {__index = function(t, name)
    if places[name] then
      rawset(t, name, load("gradus." .. title, places[name]))
      return rawget(t, name)
    end
    if live and live[name] then return live[name]() end
    local result = M.missing(title, name, part._names())
    return result -- no tail call: the error counts functions
  end})
end

return M
