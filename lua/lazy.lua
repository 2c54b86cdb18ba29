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

--- lazy.part(part: table, title: string, places: {[string]: string}) -> table
--- Gives `part`, which is `title` at the prompt and `gradus.title` inside of the library, the names
--- in `places`: each is a module in its folder, or, as in "passes.mc", a field of one. Any other
--- name is an error that shows the nearest; `part._find(name)` gives nil then, and `part._names()`
--- lists all there are.
--- > part = require("gradus.lazy").part({}, "optim", {Adam = "Adam"})
--- > part.Adam == optim.Adam, part._names()[1]
--- true	Adam
function M.part(part, title, places)
  function part._names()
    local names = options.keys(places)
    for _, name in ipairs(options.keys(part)) do
      if name:sub(1, 1) ~= "_" and not places[name] then names[#names + 1] = name end
    end
    table.sort(names)
    return names
  end
  function part._find(name) return places[name] and part[name] or rawget(part, name) end
  return setmetatable(part, {__index = function(t, name)
    if places[name] then
      rawset(t, name, load("gradus." .. title, places[name]))
      return rawget(t, name)
    end
    if type(name) ~= "string" or name:sub(1, 1) == "_" then return nil end
    local near = options.nearest(name, part._names())
    error(("`%s.%s` is not defined%s"):format(title, name,
      near and ("; did you mean `%s.%s`?"):format(title, near) or ""), 2)
  end})
end

return M
