-- SPDX-License-Identifier: GPL-3.0-or-later
-- Help at the prompt: ?name, ??name, ?*word*; in scripts help("name").

local docs = require("gradus.help.docs")
local guest = require("gradus.guest")
local options = require("gradus.options")

local M = {}

local MAX_FOUND = 40
local MAX_SOURCE = 200 -- lines

local function color()
  return require("gradus.repl.color")
end

local by_value = setmetatable({}, {__mode = "k"})
local known = 0 -- parts whose functions are in by_value

-- Functions of the parts that are loaded; nothing is loaded for this.
local function index_values()
  local parts = {}
  for _, part in ipairs(require("gradus.init").parts) do
    if package.loaded["gradus." .. part] then parts[#parts + 1] = part end
  end
  if #parts == known then return end
  known = #parts
  for name in pairs(docs.index()) do
    local value = M.raw_value(name, false)
    if type(value) == "function" or type(value) == "table" then by_value[value] = name end
  end
end

local function is_known(path)
  local all = docs.index()
  if all[path] then return true end
  for name in pairs(all) do
    if name:sub(1, #path + 1) == path .. "." then return true end
  end
  return false
end

--- help.raw_field(value: any, key: string, path: string?) -> any
--- value[key] along tables, without running a metamethod; except that documented names of a
--- part of the library, at `path`, are loaded when they are asked for.
--- > help.raw_field(setmetatable({}, {__index = {a = 1}}), "a")
--- 1
function M.raw_field(value, key, path)
  local at = value
  while type(at) == "table" do
    local found = rawget(at, key)
    if found ~= nil then return found end
    local mt = debug.getmetatable(at)
    at = type(mt) == "table" and rawget(mt, "__index") or nil
  end
  local part = path and path:match("^[^.]+")
  if type(value) ~= "table" or not part or not require("gradus.init").is_part[part]
      or not is_known(path .. "." .. key) then
    return nil
  end
  local ok, found = pcall(function() return value[key] end)
  return ok and found or nil
end

--- help.raw_global(name: string, load: boolean) -> any
--- A global without asking the guard; a part is loaded if `load` says so.
--- > help.raw_global("string") == string
--- true
function M.raw_global(name, load)
  local value = rawget(_G, name)
  if value ~= nil or not require("gradus.init").is_part[name] then return value end
  return package.loaded["gradus." .. name] or load and require("gradus." .. name) or nil
end

--- help.raw_value(name: string, load: boolean) -> any
--- What a dotted name means without running any metamethod; parts are loaded if `load` says so.
--- > help.raw_value("string.rep") == string.rep
--- true
function M.raw_value(name, load)
  local value, path
  for word in name:gmatch("[^.:]+") do
    if not path then
      value, path = M.raw_global(word, load), word
    else
      value, path = M.raw_field(value, word, load and path), path .. "." .. word
    end
    if value == nil then return nil end
  end
  return value
end

-- Parameters of a Lua function as "(a, b, ...)".
local function parameters(f)
  f = guest.origin(f)
  local info = debug.getinfo(f, "u")
  local names = {}
  for i = 1, info.nparams do names[i] = debug.getlocal(f, i) end
  if info.isvararg then names[#names + 1] = "..." end
  return "(" .. table.concat(names, ", ") .. ")"
end

-- The text a function was made from: a file, or an input of the session.
local function text_of(source)
  if source:sub(1, 1) == "@" then
    local file <close> = io.open(source:sub(2), "r")
    return file and file:read("a")
  end
  local session = require("gradus.init").session
  return session and session.sources[source:sub(2)]
end

local function lines_of(text)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
  return lines
end

-- The source of a Lua function with the comment above it.
local function source_of(f)
  local own, text = guest.origin(f)
  local info = debug.getinfo(own, "S")
  text = text or info.what ~= "C" and text_of(info.source)
  if not text then return nil end
  local lines, from = lines_of(text), info.linedefined
  while from > 1 and lines[from - 1]:find("^%s*%-%-") do from = from - 1 end
  return lines, from, info.lastlinedefined, info
end

-- The name of one of Lua's own functions, such as string.rep.
local function library_name(f)
  for _, library in ipairs{"string", "table", "math", "io", "os", "coroutine", "utf8", "debug",
      "package", "_G"} do
    for name, value in next, package.loaded[library] do
      if value == f and type(name) == "string" and not name:find("^_") then
        return library == "_G" and name or library .. "." .. name
      end
    end
  end
  return nil
end

local function first_comment(f)
  local lines, from, _, info = source_of(f)
  if not lines or from == info.linedefined then return nil end
  return lines[from]:match("^%s*%-%-+%s*(.*)$")
end

--- help.name_of(value: function | table) -> string?
--- The documented name of a function or class of the parts that are loaded.
--- > help.name_of(string.rep)
--- nil
function M.name_of(value)
  index_values()
  return by_value[value]
end

--- help.describe_function(f: function) -> string
--- Signature and first sentence of a function, as the prompt prints it.
--- > help.describe_function(function(a, b) return a + b end):match("^[^\n]*")
--- function(a, b)
function M.describe_function(f)
  index_values()
  local doc = by_value[f] and docs.find(by_value[f])
  if doc then
    return doc.signature .. "\n  " .. color().paint("note", docs.summary(doc))
  end
  local info = debug.getinfo(guest.origin(f), "S")
  if info.what == "C" then
    local name = library_name(f)
    return name and ("function: %s, of Lua itself"):format(name) or tostring(f)
  end
  local comment = first_comment(f)
  local where = ("%s:%d"):format(info.short_src, info.linedefined)
  return ("function%s"):format(parameters(f)) .. "\n  "
    .. color().paint("note", comment or where)
end

local function doc_text(doc)
  return color().paint("name", doc.signature) .. "\n" .. table.concat(doc.lines, "\n")
end

-- What can be said about a name without a doc: the value itself.
local function value_text(name)
  local value = M.raw_value(name, true)
  if value == nil then return nil end
  if type(value) == "function" then return M.describe_function(value) end
  local doc = by_value[value] and docs.find(by_value[value])
  if doc then return doc_text(doc) end
  local core = require("gradus.core")
  if core.is_tensor(value) then
    return ("%s is a %s; ?tensor lists what tensors can do"):format(name,
      require("gradus.repl.show").brief(value))
  end
  if type(value) ~= "table" then
    return ("%s is a %s: %s"):format(name, type(value), require("gradus.repl.show").brief(value))
  end
  return nil
end

local function names_in(prefix)
  local list = {}
  for name, doc in pairs(docs.index()) do
    local rest = name:sub(1, #prefix) == prefix and name:sub(#prefix + 1)
    if rest and rest:find("^[.:]") then list[#list + 1] = doc end
  end
  table.sort(list, function(a, b) return a.name < b.name end)
  return list
end

local function screen_width()
  return (require("gradus.terminal").size())
end

local function cut(text, width)
  if #text <= width then return text end
  local last = utf8.offset(text, 0, width - 3) or width - 3
  return text:sub(1, last - 1) .. "..."
end

-- Names without the part's, as many a line as fit.
local function name_columns(found, title)
  local lines, line, width = {title}, " ", screen_width()
  for _, doc in ipairs(found) do
    local name = doc.name:match("^[^.:]+[.:](.+)$")
    if #line + #name + 1 >= width then lines[#lines + 1], line = line, " " end
    line = line .. " " .. name
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n")
end

local function listing(found, title)
  local screen = screen_width()
  local lines, width = {title}, 0
  for i = 1, math.min(#found, MAX_FOUND) do width = math.max(width, #found[i].name) end
  for i = 1, math.min(#found, MAX_FOUND) do
    local doc = found[i]
    lines[#lines + 1] = cut(("  %s  %s"):format(doc.name .. (" "):rep(width - #doc.name),
      docs.summary(doc)), screen)
  end
  if #found > MAX_FOUND then
    lines[#lines + 1] = ("  ... %d more; ask for a longer word"):format(#found - MAX_FOUND)
  end
  return table.concat(lines, "\n")
end

-- A name that ends like `word` with another part in front, as sum in tensor:sum.
local function same_ending(word)
  local list = {}
  for name, doc in pairs(docs.index()) do
    if name:match("[%w_]+$") == word and docs.is_public(doc) then list[#list + 1] = doc end
  end
  table.sort(list, function(a, b) return a.name < b.name end)
  return list
end

local function near_names(name)
  local all, last = {}, name:match("[%w_]+$") or name
  for known_name, doc in pairs(docs.index()) do
    if docs.is_public(doc) then all[#all + 1] = known_name end
  end
  table.sort(all)
  local near = options.nearest(name, all)
  if near then return near end
  local endings, full = {}, {}
  for _, known_name in ipairs(all) do
    local ending = known_name:match("[%w_]+$")
    endings[#endings + 1], full[ending] = ending, full[ending] or known_name
  end
  return full[options.nearest(last, endings)]
end

local function nothing(name)
  local near = near_names(name)
  error(("there is no help for '%s'.%s"):format(name, near and
    (" Did you mean %s?"):format(near) or (" Try ?*%s*"):format(name)), 0)
end

-- A variable of the student's that is an object is explained by its class.
local function class_text(name)
  local value = M.raw_value(name, false)
  local mt = value ~= nil and debug.getmetatable(value)
  local class = type(mt) == "table" and rawget(mt, "__name")
  local doc = class and (docs.find(class) or docs.find("nn." .. class))
  if doc then return ("%s is a %s\n\n"):format(name, class) .. doc_text(doc) end
  local methods = class and names_in(class)
  if methods and #methods > 0 then return listing(methods, ("%s is a %s"):format(name, class)) end
  return nil
end

-- `x:sum`, where x is a tensor or a net of the student's: the method of its class.
local function method_text(name)
  local object, method = name:match("^([%a_][%w_]*)[:.]([%a_][%w_]*)$")
  local value = object and M.raw_global(object, false)
  local mt = value ~= nil and debug.getmetatable(value)
  local class = type(mt) == "table" and rawget(mt, "__name")
  if require("gradus.core").is_tensor(value) then class = "tensor" end
  for _, part in ipairs(class and {class, "nn." .. class, "Module", "optim." .. class} or {}) do
    local doc = docs.find(part .. "." .. method) or docs.find(part .. ":" .. method)
    if doc then return doc_text(doc) end
  end
  return nil
end

-- The comment at the head of a part's file says what the part is.
local function part_intro(part)
  local folder = require("gradus.terminal").library_folder()
  local file <close> = io.open(("%s/%s/init.lua"):format(folder, part))
    or io.open(("%s/%s.lua"):format(folder, part))
  local lines = {}
  for line in (file or {lines = function() return function() end end}):lines() do
    local text = line:match("^%-%- ?(.*)$")
    if not text or line:find("^%-%-%-") then break end
    if not text:find("^SPDX") then lines[#lines + 1] = text end
  end
  return table.concat(lines, "\n")
end

local function explain_part(name, inside)
  local intro = part_intro(name)
  if #inside > MAX_FOUND then
    return name_columns(inside, intro .. "\n") .. ("\n\n?%s.NAME explains one"):format(name)
  end
  return listing(inside, intro .. "\n")
end

local function explain(name)
  local doc = docs.find(name)
  local inside = names_in(name)
  local is_part = require("gradus.init").is_part[name]
  if is_part and not doc and #inside > 0 then return explain_part(name, inside) end
  if doc and #inside > 0 then return doc_text(doc) .. "\n\n" .. listing(inside, "Contains") end
  if doc then return doc_text(doc) end
  local text = value_text(name) or class_text(name) or method_text(name)
  if text then return text end
  if #inside > 0 then return listing(inside, name) end
  local same = same_ending(name)
  if #same == 1 then return doc_text(same[1]) end
  if #same > 1 then return listing(same, name .. " may be") end
  return nothing(name)
end

local function matches(doc, word)
  if not docs.is_public(doc) then return false end
  return doc.name:lower():find(word, 1, true)
    or table.concat(doc.lines, "\n"):lower():find(word, 1, true)
end

local function search(word)
  word = word:gsub("%*", ""):lower()
  local found = {}
  for _, doc in pairs(docs.index()) do
    if matches(doc, word) then found[#found + 1] = doc end
  end
  if #found == 0 then nothing(word) end
  table.sort(found, function(a, b)
    local x, y = a.name:lower():find(word, 1, true), b.name:lower():find(word, 1, true)
    if (x ~= nil) ~= (y ~= nil) then return x ~= nil end
    return a.name < b.name
  end)
  return listing(found, ("%d found"):format(#found))
end

-- A class is shown whole, by its constructor's file.
local function function_for_source(name)
  local value = M.raw_value(name, true)
  if type(value) == "function" then return value end
  if type(value) ~= "table" then return nil end
  local mt = debug.getmetatable(value)
  return rawget(value, "forward") or rawget(value, "new")
    or type(mt) == "table" and rawget(mt, "__call") or nil
end

local function numbered(lines, from, to)
  local shown = math.min(to, from + MAX_SOURCE - 1)
  local text = color().source(table.concat(lines, "\n", from, shown))
  return shown < to and text .. ("\n... %d more lines"):format(to - shown) or text
end

-- The definition below a doc comment: lines until they are a whole chunk.
local function source_at(doc)
  local file <close> = io.open(doc.path, "r")
  local lines = lines_of(file:read("a"))
  local from, to = doc.line, doc.line
  while from > 1 and lines[from - 1]:find("^%s*%-%-") do from = from - 1 end
  while to < math.min(#lines, doc.line + MAX_SOURCE)
      and not load(table.concat(lines, "\n", doc.line, to), "=x", "t") do
    to = to + 1
  end
  local title = ("-- %s:%d"):format(doc.path, from)
  return color().paint("note", title) .. "\n" .. numbered(lines, from, to)
end

local function source_text(name)
  local f = function_for_source(name)
  local doc = docs.find(name)
  local lines, from, to, info
  if f then lines, from, to, info = source_of(f) end
  if lines then
    local title = ("-- %s:%d"):format(info.source:sub(2), from)
    return color().paint("note", title) .. "\n" .. numbered(lines, from, to)
  end
  if doc and doc.path then return source_at(doc) end
  if f or doc then
    return ("%s is written in C: there is no Lua source to show.\n%s"):format(name,
      doc and doc_text(doc) or "")
  end
  return nothing(name)
end

-- The whole file of a class, since its methods belong together.
local function class_source(name)
  local doc, value = docs.find(name), M.raw_value(name, true)
  if type(value) ~= "table" or not doc or not doc.path then return nil end
  local file <close> = io.open(doc.path, "r")
  local lines = file and lines_of(file:read("a"):gsub("\n$", ""))
  return lines and color().paint("note", "-- " .. doc.path) .. "\n"
    .. numbered(lines, 1, #lines)
end

--- help.answer(query: string) -> string
--- The answer to "?name", "??name" or "?*word*".
--- > help.answer("?options.keys"):match("^[^\n]*")
--- options.keys(t: table) -> {string, ...}
function M.answer(query)
  local marks, name = query:match("^(%?%??)%s*(.-)%s*$")
  if not marks then marks, name = "?", query end
  name = name:gsub("%(%s*%)$", "")
  if name == "" then
    return "?name explains a name, ??name shows its source, ?*word* searches; :help lists commands"
  end
  if name:find("*", 1, true) then return search(name) end
  if marks == "??" then return class_source(name) or source_text(name) end
  return explain(name)
end

-- As the prompt shows ?name: a terminal gets its lines broken between words.
local function fitting(text)
  local terminal = require("gradus.terminal")
  if not terminal.is_terminal(1) then return text end
  return require("gradus.repl.wrap").lines(text, (terminal.size()))
end

return setmetatable(M, {
  __call = function(_, name)
    if type(name) ~= "string" and name ~= nil then name = M.name_of(name) or tostring(name) end
    print(fitting(M.answer("?" .. (name or ""))))
  end,
  __tostring = function() return M.answer("?") end,
})
