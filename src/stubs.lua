-- SPDX-License-Identifier: GPL-3.0-or-later
-- Writes LuaCATS stubs for editors, made from the doc comments that `?name` shows:
--     gradus stubs.lua FILE
-- A signature is `name(arg: type, arg?: type, {key: type = default}) -> type`, where a
-- method is `Class:name(...)` and a value is `name: type`.

local docs = require("gradus.help.docs")
local options = require("gradus.options")

local reserved = {["end"] = true, ["function"] = true, ["repeat"] = true, ["in"] = true,
  ["not"] = true, ["nil"] = true, ["true"] = true, ["false"] = true, ["for"] = true}

-- The parts of a list between the commas that stand in no brackets.
local function split(list)
  local parts, depth, from = {}, 0, 1
  for i = 1, #list do
    local c = list:sub(i, i)
    if c:find("[%(%[{<]") then
      depth = depth + 1
    elseif c:find("[%)%]}]") or (c == ">" and list:sub(i - 1, i - 1) ~= "-") then
      depth = depth - 1
    elseif c == "," and depth == 0 then
      parts[#parts + 1] = list:sub(from, i - 1)
      from = i + 1
    end
  end
  if list:sub(from):find("%S") then parts[#parts + 1] = list:sub(from) end
  return parts
end

local function trim(text)
  return text:match("^%s*(.-)%s*$")
end

local plain = {number = "number", integer = "integer", string = "string", boolean = "boolean",
  table = "table", any = "any", ["function"] = "function", ["nil"] = "nil", tensor = "tensor",
  userdata = "userdata", thread = "thread"}

-- The LuaCATS type of a type as the docs write it; classes are known names.
local function type_of(text, classes)
  text = trim(text or "")
  local optional = text:match("^(.*)%?$")
  if optional then return type_of(optional, classes) .. "?" end
  if text:find("^{") then
    local inner = text:match("^{([%w_.]+)[,}]")
    return inner and type_of(inner, classes) .. "[]" or "table"
  end
  if text:find("|", 1, true) then
    local list = {}
    for part in text:gmatch("[^|]+") do list[#list + 1] = type_of(part, classes) end
    return table.concat(list, "|")
  end
  if text:find("^function") then return "function" end
  return plain[text] or (classes[text] and text) or "any"
end

-- The fields of an option table as one table type.
local function option_type(text, classes)
  local fields = {}
  for _, part in ipairs(split(text:match("^{(.*)}%??$") or "")) do
    local key, rest = trim(part):match("^([%a_][%w_]*)%??%s*[:=]?%s*(.-)$")
    if key then
      local kind = trim(part):find("^[%w_]+%??%s*:") and rest:match("^([^=]*)") or "any"
      fields[#fields + 1] = ("%s?: %s"):format(key, type_of(kind, classes))
    end
  end
  return #fields > 0 and "{" .. table.concat(fields, ", ") .. "}" or "table"
end

-- One parameter of a signature: its name, its type, whether it may be left out.
local function parameter(text, number, classes)
  text = trim(text)
  if text:find("^{") then return "options", option_type(text, classes), true end
  if text:find("^%.%.%.") then return "...", type_of(text:match(":%s*(.*)$"), classes), false end
  local name, mark, kind = text:match("^([%a_][%w_]*)(%??)%s*:?%s*(.*)$")
  name = name or "argument" .. number
  if reserved[name] then name = name .. "_" end
  local optional = mark == "?" or kind:find("?%s*$") or kind:find("=")
  return name, type_of(kind and kind:gsub("%s*=.*$", ""):gsub("%?$", ""), classes), optional
end

local function returned(signature, classes)
  local list = {}
  for _, part in ipairs(split(signature:match("%)%s*%->%s*(.+)$") or "")) do
    list[#list + 1] = type_of(part, classes)
  end
  return list
end

-- The lines of one function.
local function function_stub(doc, out, classes)
  local names = {}
  local list = doc.signature:match("^[%w_.:]+%s*%((.*)%)%s*%->") or
    doc.signature:match("^[%w_.:]+%s*%((.*)%)") or ""
  for i, part in ipairs(split((list:gsub("%[", ""):gsub("%]", "")))) do
    local name, kind, optional = parameter(part, i, classes)
    out[#out + 1] = ("---@param %s%s %s"):format(name, optional and "?" or "", kind)
    names[#names + 1] = name
    if name == "..." then break end
  end
  for _, kind in ipairs(returned(doc.signature, classes)) do
    out[#out + 1] = "---@return " .. kind
  end
  out[#out + 1] = ("function %s(%s) end"):format(doc.name, table.concat(names, ", "))
end

local function describe(doc, out)
  out[#out + 1] = "---`" .. doc.signature .. "`"
  out[#out + 1] = "---"
  local in_example = false
  for _, line in ipairs(doc.lines) do
    local example = line:find("^> ") ~= nil
    if example and not in_example then
      out[#out + 1] = "---```lua"
      in_example = true
    elseif in_example and line == "" then
      out[#out + 1] = "---```"
      in_example = false
    end
    out[#out + 1] = "---" .. line
  end
  if in_example then out[#out + 1] = "---```" end
end

-- The tables that names stand in: "nn.init.zeros_" needs `nn` and `nn.init`.
local function owners(all)
  local found = {}
  for name in pairs(all) do
    local prefix = name:match("^(.*)[.:]")
    while prefix do
      found[prefix] = true
      prefix = prefix:match("^(.*)%.")
    end
  end
  return found
end

-- Names used as types anywhere: `Module`, `tensor`, ...
local function class_names(all)
  local classes = {tensor = true}
  for name in pairs(all) do
    local class = name:match("^([%a_][%w_]*):")
    if class then classes[class] = true end
  end
  return classes
end

-- What a user meets: the parts of the library and the classes; modules that
-- the library keeps to itself are left out.
local function public(all)
  local parts, found = {gradus = true}, {}
  for _, part in ipairs(require("gradus.init").parts) do parts[part] = true end
  for name, doc in pairs(all) do
    if parts[name:match("^[%w_]+")] or name:find("^%u") then found[name] = doc end
  end
  return found
end

local function is_function(doc)
  return doc.signature:find("^[%w_.:]+%s*%(") ~= nil
end

local function stubs()
  local all = public(docs.index())
  local classes, out = class_names(all), {"---@meta gradus",
    "-- Made from the doc comments of gradus; do not edit.", ""}
  local owner = owners(all)
  for _, name in ipairs(options.keys(owner)) do
    if not (all[name] and is_function(all[name])) then
      out[#out + 1] = "---@class " .. name
      out[#out + 1] = name .. " = {}"
      out[#out + 1] = ""
    end
  end
  for _, name in ipairs(options.keys(all)) do
    local doc = all[name]
    describe(doc, out)
    if is_function(doc) then
      function_stub(doc, out, classes)
      -- A class that is called and has methods is both.
      if owner[name] then out[#out + 1] = ("---@class %s\n%s = {}"):format(name, name) end
    elseif not owner[name] then
      local kind = type_of(doc.signature:match("^[%w_.]+:%s*(.*)$"), classes)
      out[#out + 1] = ("---@type %s\n%s = nil"):format(kind, (name:gsub(":", ".")))
    end
    out[#out + 1] = ""
  end
  return table.concat(out, "\n")
end

local text = stubs()
assert(load(text, "=stubs", "t"))
local path = assert(arg[1], "usage: gradus stubs.lua FILE [DEPFILE]")
local file <close> = assert(io.open(path, "w"))
assert(file:write(text, "\n"))

-- For the build: made again when a file of the library changes or goes.
if arg[2] then
  local folder = require("gradus.terminal").library_folder()
  local found <close> = assert(io.popen(("find '%s' -name '*.lua'"):format(folder)))
  local depfile <close> = assert(io.open(arg[2], "w"))
  depfile:write(path, ": ", (found:read("a"):gsub("\n", " ")), "\n")
end
