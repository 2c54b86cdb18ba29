-- SPDX-License-Identifier: GPL-3.0-or-later
-- Finds the doc comments: in the Lua library's files and, for C functions, in the table
-- `docs` of gradus.core. A comment block whose first line is `--- name(...) -> type` or
-- `--- name: type` documents that name; methods are named `Class:method`.

local options = require("gradus.options")
local terminal = require("gradus.terminal")

local M = {}

local index -- name -> {name, signature, text (lines), path, line}, made at first use

-- The name a signature documents, or nil if the line is no signature.
local function name_of(signature)
  local name = signature:match("^([%a_][%w_.:]*)%s*[%(%{]")
    or signature:match("^([%a_][%w_.:]*):%s") or signature:match("^([%a_][%w_.:]*)%s*$")
  local is_path = name and not name:gsub("[.:][%a_][%w_]*", ""):find("[.:]")
  return is_path and name or nil
end

local function add(lines, path, line)
  local name = name_of(lines[1])
  if not name or not (name:find("[.:]") or lines[1]:find("%(")) then return end
  index[name] = index[name] or {name = name, signature = lines[1], path = path, line = line,
    lines = table.move(lines, 2, #lines, 1, {})}
end

local function scan_file(path)
  local file <close> = io.open(path, "r")
  if not file then return end
  local block, n = nil, 0
  for text in file:lines() do
    n = n + 1
    local doc = text:match("^%s*%-%-%- ?(.*)$")
    if doc then
      block = block or {}
      block[#block + 1] = doc
    elseif block then
      add(block, path, n)
      block = nil
    end
  end
end

local function scan_folder(folder)
  local names = terminal.list(folder) or {}
  table.sort(names)
  for _, name in ipairs(names) do
    if name:sub(-1) == "/" then
      scan_folder(folder .. "/" .. name:sub(1, -2))
    elseif name:find("%.lua$") then
      scan_file(folder .. "/" .. name)
    end
  end
end

local function add_core()
  local docs = require("gradus.core").docs or {}
  for _, name in ipairs(options.keys(docs)) do
    local lines = {}
    for line in (docs[name]:gsub("\n$", "") .. "\n"):gmatch("(.-)\n") do
      lines[#lines + 1] = line
    end
    if not name_of(lines[1] or "") then table.insert(lines, 1, name .. "(...)") end
    index[name] = {name = name, signature = lines[1],
      lines = table.move(lines, 2, #lines, 1, {})}
  end
end

--- docs.index() -> table
--- All docs by name: `signature`, `lines` below it, `path` and `line` of the code if it is Lua.
function M.index()
  if not index then
    index = {}
    add_core()
    scan_folder(terminal.library_folder())
  end
  return index
end

--- docs.is_public(doc: table) -> boolean
--- Whether a doc is of interest to students: of a part, a tensor or a net, not of inner modules.
--- > require("gradus.help.docs").is_public({name = "tensor.zeros"})
--- true
function M.is_public(doc)
  local first = doc.name:match("^[%a_][%w_]*")
  return require("gradus.init").is_part[first] or first == "Module" or first == "figure" or false
end

local function find(name)
  local all = M.index()
  return all[name] or all[(name:gsub("[.:]([%w_]+)$", ":%1"))] or all[(name:gsub(":", "."))]
end

-- An operation's in-place form is explained by the operation.
local function in_place(name)
  local base = name:match("^tensor[.:]([%w_]+)_$")
  local doc = base and find("tensor." .. base)
  if not doc or not require("gradus.core").methods[base .. "_"] then return nil end
  local inside = doc.signature:match("%((.*)%)%s*%->") or doc.signature:match("%((.*)%)") or ""
  local rest = inside:gsub("^[^,]*,?%s*", "")
  local lines = {("In place: x becomes x:%s(%s) and is returned."):format(base,
    rest ~= "" and "..." or ""), ""}
  return {name = "tensor:" .. base .. "_", lines = table.move(doc.lines, 1, #doc.lines, 3, lines),
    signature = ("tensor:%s_(%s) -> tensor"):format(base, rest)}
end

--- docs.find(name: string) -> table?
--- The doc of a name; `x.method` finds `x:method` and the other way round.
function M.find(name)
  return find(name) or in_place(name)
end

--- docs.summary(doc: table) -> string
--- The first sentence of a doc.
function M.summary(doc)
  local text = {}
  for _, line in ipairs(doc.lines) do
    if line == "" or line:find("^> ") then break end
    text[#text + 1] = line
  end
  local all = table.concat(text, " ")
  return all:match("^(.-%.)%s") or all
end

--- docs.examples(doc: table) -> {{input: string, expected: {string, ...}}, ...}
--- The examples of a doc: each input (lines after `>> ` belong to it) with the lines expected.
function M.examples(doc)
  local list = {}
  for _, line in ipairs(doc.lines) do
    local input, more = line:match("^> (.*)$"), line:match("^>> (.*)$")
    local last = list[#list]
    if more and last then
      last.input = last.input .. "\n" .. more
    elseif input then
      list[#list + 1] = {input = input, expected = {}}
    elseif #list > 0 and line ~= "" then
      table.insert(list[#list].expected, line)
    end
  end
  return list
end

--- docs.option_keys(signature: string) -> {{name: string, text: string}, ...}
--- The keyword arguments in a signature's braces, in their order.
--- > require("gradus.help.docs").option_keys("f(x, {lr: number = 1, bias = true})")[2].name
--- bias
function M.option_keys(signature)
  local list = {}
  for inside in signature:gmatch("%b{}") do
    -- commas in inner braces do not part options
    inside = inside:sub(2, -2):gsub("%b{}", function(inner) return (inner:gsub(",", "\0")) end)
    for part in (inside .. ","):gmatch("%s*(.-)%s*,") do
      local name = part:match("^([%a_][%w_]*)%??%s*[:=]")
      if name then list[#list + 1] = {name = name, text = (part:gsub("%z", ","))} end
    end
  end
  return list
end

return M
