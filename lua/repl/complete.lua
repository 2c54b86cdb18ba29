-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a TAB does: names along raw tables and __index tables (no metamethod is ever run),
-- methods after `:`, option keys inside a constructor's table, file names in strings, commands.
-- A second TAB lists the choices with their signatures. A part of the library is loaded only
-- when the line names it.

local command = require("gradus.repl.command")
local lexer = require("gradus.repl.lexer")
local options = require("gradus.options")
local terminal = require("gradus.terminal")

local M = {}

local MAX_ROWS = 400 -- longer lists are cut to the screen anyway

local function docs()
  return require("gradus.help.docs")
end

-- Candidates: names that begin with a word ------------------------------------------------

local function is_wanted(name, word)
  return type(name) == "string" and name:sub(1, #word) == word
    and (name:sub(1, 1) ~= "_" or word:sub(1, 1) == "_")
end

-- The tables that indexing a value looks into, without running anything. An __index function
-- is asked for its upvalues: the tables in them hold the methods it looks up.
local function tables_of(value)
  local list, seen = {}, {}
  local function add(v, depth)
    if type(v) ~= "table" and depth > 0 and not debug.getmetatable(v) then return end
    if v == nil or seen[v] or depth > 12 then return end
    seen[v] = true
    if type(v) == "table" then list[#list + 1] = v end
    local mt = debug.getmetatable(v)
    local index = type(mt) == "table" and rawget(mt, "__index")
    if type(index) == "table" then add(index, depth + 1) end
    if type(index) ~= "function" then return end
    for i = 1, 20 do
      local name, upvalue = debug.getupvalue(index, i)
      if not name then break end
      local holds = type(upvalue) == "table" and upvalue ~= _G and name ~= "_ENV"
      if holds then add(upvalue, depth + 1) end
    end
  end
  add(value, 0)
  return list
end

local function fields(value, word, only_functions)
  local found = {}
  for _, t in ipairs(tables_of(value)) do
    for name, field in next, t do
      local fits = not only_functions or type(field) == "function"
      if fits and is_wanted(name, word) and name:find("^[%a_][%w_]*$") then found[name] = true end
    end
  end
  return found
end

local function globals(word)
  local found = {}
  for name in next, _G do
    if is_wanted(name, word) then found[name] = true end
  end
  for name in pairs(require("gradus.init").is_part) do
    if is_wanted(name, word) then found[name] = true end
  end
  for name in pairs(lexer.keywords) do
    if is_wanted(name, word) and word ~= "" then found[name] = true end
  end
  return found
end

-- Adds the names that the input itself declares: after `local` and `for`, and as parameters.
local function add_declared(found, tokens, word)
  local declares, inside = false, 0
  for i, token in ipairs(tokens) do
    local text, before = token.text, i > 1 and tokens[i - 1].text
    if text == "local" or text == "for" then
      declares = true
    elseif text == "function" then
      inside, declares = 1, before == "local"
    elseif inside == 1 and text == "(" then
      inside, declares = 2, true
    elseif token.kind ~= "name" and text ~= "," or inside == 2 and text == ")" then
      inside, declares = inside == 1 and 1 or 0, false
    elseif declares and token.kind == "name" and is_wanted(text, word) then
      found[text] = true
    end
  end
  return found
end

local function documented(class, word)
  local found = {}
  if class == "tensor" then found = fields(require("gradus.core").methods, word, true) end
  for name in pairs(docs().index()) do
    local method = name:match("^" .. class:gsub("%p", "%%%0") .. ":([%w_]+)$")
    if method and is_wanted(method, word) then found[method] = true end
  end
  return found
end

-- Names of a part that are loaded only when they are used.
local function add_documented(found, path, word)
  for full in pairs(docs().index()) do
    local name = full:sub(1, #path + 1) == path .. "." and full:match("^([%w_]+)", #path + 2)
    if name and is_wanted(name, word) then found[name] = true end
  end
end

-- Where the cursor is ---------------------------------------------------------------------

local function raw_field(value, key)
  for _, t in ipairs(tables_of(value)) do
    local found = rawget(t, key)
    if found ~= nil then return found end
  end
  return nil
end

local function global_value(name)
  return require("gradus.help").raw_global(name, true)
end

local function literal(token)
  if token.kind == "number" then return math.tointeger(tonumber(token.text)) end
  return token.kind == "string" and token.text:match("^[\"'](.*)[\"']$") or nil
end

-- The index of the bracket that the one at `i` closes.
local function opener(tokens, i)
  local depth = 0
  while i >= 1 do
    local t = tokens[i].text
    if t == ")" or t == "]" or t == "}" then depth = depth + 1 end
    if t == "(" or t == "[" or t == "{" then depth = depth - 1 end
    if depth == 0 then return i end
    i = i - 1
  end
  return nil
end

-- The first token of the path (names, fields, indices, calls) that ends with token `last`.
local function path_start(tokens, last)
  local i = last
  while i >= 1 do
    local token = tokens[i]
    if token.text == ")" or token.text == "]" then
      i = opener(tokens, i)
      if not i or i == 1 then return i end
      local before = tokens[i - 1]
      if before.kind ~= "name" and before.text ~= ")" and before.text ~= "]" then return i end
      i = i - 1
    elseif token.kind == "name" or token.kind == "string" then
      local before = tokens[i - 1]
      if not before or (before.text ~= "." and before.text ~= ":") then return i end
      i = i - 2
    else
      return nil
    end
  end
  return nil
end

local function class_of_call(name)
  local doc = docs().find(name)
  local class = doc and doc.signature:match("%->%s*([%a_][%w_.]*)")
  return class
end

-- What a path means: a value (raw), or the class that a documented call returns.
local function resolve(tokens, first, last)
  local token, i, class = tokens[first], first + 1, nil
  local quoted = token.text == "(" and tokens[first + 1].kind == "string"
  if token.kind == "string" or quoted then return "", "string", nil end
  if token.kind ~= "name" then return nil end
  local value, name = global_value(token.text), token.text
  while i <= last do
    local text = tokens[i].text
    if text == "." or text == ":" then
      local key = tokens[i + 1].text
      if value ~= nil then
        local found = require("gradus.help").raw_field(value, key, name)
        if found == nil then found = raw_field(value, key) end
        value = found
      end
      name = (class or name) .. text .. key
      class = nil
      i = i + 2
    elseif text == "[" then
      local key = tokens[i + 2] and tokens[i + 2].text == "]" and literal(tokens[i + 1])
      if not key or value == nil then return nil end
      value, name, i = raw_field(value, key), name .. "[]", i + 3
    else -- a call
      class, value = class_of_call(name), nil
      local depth = 0
      repeat
        local t = tokens[i].text
        if t == "(" or t == "{" then depth = depth + 1 end
        if t == ")" or t == "}" then depth = depth - 1 end
        i = i + 1
      until depth == 0 or i > last
    end
  end
  return value, name, class
end

-- Index of the bracket that is open at the end of the tokens.
local function open_bracket(tokens)
  local depth = 0
  for i = #tokens, 1, -1 do
    local t = tokens[i].kind == "operator" and tokens[i].text
    if t == ")" or t == "]" or t == "}" then depth = depth + 1 end
    if t == "(" or t == "[" or t == "{" then
      if depth == 0 then return i end
      depth = depth - 1
    end
  end
  return nil
end

-- The documented name of the call whose "(" or "{" is token `i`.
local function called_name(tokens, i)
  if not tokens[i - 1] or (tokens[i - 1].kind ~= "name") then return nil end
  local first = path_start(tokens, i - 1)
  if not first then return nil end
  local value, name = resolve(tokens, first, i - 1)
  return name, value
end

-- Inside `f(..., {` or `f{`, before a key: the call's name.
local function options_call(tokens)
  local i = open_bracket(tokens)
  if not i or tokens[i].text ~= "{" then return nil end
  local last = tokens[#tokens].text
  if last ~= "{" and last ~= "," and last ~= ";" then return nil end
  local name = called_name(tokens, i)
  if name then return name end
  local outer = open_bracket(table.move(tokens, 1, i - 1, 1, {}))
  return outer and tokens[outer].text == "(" and (called_name(tokens, outer)) or nil
end

-- The doc of a call: under its name, or for a method of a variable under its class.
local function doc_of(name, value)
  local doc = docs().find(name)
  if doc then return doc end
  if value ~= nil and type(value) == "function" then
    local found = require("gradus.help").name_of(value)
    return found and docs().find(found)
  end
  local method = name:match("[.:]([%w_]+)$")
  return method and docs().find("tensor:" .. method) or nil
end

local function option_keys(tokens, word)
  local name = options_call(tokens)
  local doc = name and doc_of(name)
  if not doc then return nil end
  local found, any, texts = {}, false, {}
  for _, key in ipairs(docs().option_keys(doc.signature)) do
    if key.name:sub(1, #word) == word then
      found[key.name], any, texts[key.name] = true, true, key.text
    end
  end
  return any and found or nil, texts
end

-- Words -----------------------------------------------------------------------------------

local function common(names)
  local prefix = names[1] or ""
  for _, name in ipairs(names) do
    while name:sub(1, #prefix) ~= prefix do prefix = prefix:sub(1, -2) end
  end
  return prefix
end

-- The line that lists a candidate: its signature and summary if it is documented.
local function row(owner, name, texts)
  if texts and texts[name] then return texts[name] end
  local doc = owner and (docs().find(owner .. "." .. name) or docs().find(owner .. ":" .. name))
    or not owner and docs().find(name)
  return doc and (doc.signature .. "  " .. docs().summary(doc)) or name
end

local function cut(text, width)
  if #text < width then return text end
  return text:sub(1, width - 4) .. "..."
end

local function columns(names, width, height)
  local widest = 0
  for _, name in ipairs(names) do widest = math.max(widest, #name) end
  local count = math.max(1, (width - 1) // (widest + 2))
  local rows = math.ceil(#names / count)
  local lines = {}
  for r = 1, math.min(rows, height) do
    local cells = {}
    for c = 0, count - 1 do
      local name = names[r + c * rows]
      cells[#cells + 1] = name and name .. (" "):rep(widest + 2 - #name)
    end
    lines[r] = table.concat(cells):gsub("%s+$", "")
  end
  if rows > height then lines[#lines + 1] = ("... %d in all"):format(#names) end
  return table.concat(lines, "\n") .. "\n"
end

local function list(names, owner, texts)
  local width, height = terminal.size()
  height = math.max(4, height - 3)
  if #names > math.min(height, MAX_ROWS) or not (owner or texts) then
    return columns(names, width, height)
  end
  local lines = {}
  for i, name in ipairs(names) do lines[i] = cut(row(owner, name, texts), width) end
  return table.concat(lines, "\n") .. "\n"
end

-- Turns a set of names that begin with `word` into what Readline does.
local function offer(found, word, again, owner, texts, suffix)
  local names = options.keys(found)
  if #names == 0 then return nil end
  local text = common(names)
  if #names == 1 then text = text .. (suffix or "") end
  local result = {remove = #word, insert = text}
  if text == word then result.remove, result.insert = 0, nil end
  if again and not result.insert then result.show = list(names, owner, texts) end
  if not again and not result.insert and #names > 1 then result.insert = nil end
  return result
end

local function signature(tokens)
  local i = open_bracket(tokens)
  if not i then return nil end
  local name, value = called_name(tokens, i)
  local doc = name and doc_of(name, value)
  if doc then return {show = doc.signature .. "\n  " .. docs().summary(doc) .. "\n"} end
  if type(value) == "function" then
    return {show = require("gradus.help").describe_function(value) .. "\n"}
  end
  return nil
end

-- Contexts --------------------------------------------------------------------------------

local function complete_file(word, again)
  local found = {}
  for _, name in ipairs(require("gradus.repl.files").names(word)) do found[name] = true end
  return offer(found, word, again)
end

local function usages(found)
  local texts = {}
  for name in pairs(found) do
    local ok, definition = pcall(command.find, name)
    if ok and definition then texts[name] = definition.usage .. "  " .. definition.doc end
  end
  return texts
end

local function complete_command(before, again)
  local name, rest = before:match("^%s*:(%a[%w_]*)%s+(.*)$")
  local found = {}
  if not name then
    local word = before:match("^%s*:(%w*)$")
    for _, known in ipairs(command.names()) do
      if is_wanted(known, word) then found[known] = true end
    end
    return offer(found, word, again, nil, again and usages(found), " ")
  end
  local definition = command.find(name)
  local word = rest:match("%S*$")
  if not definition or not definition.complete then
    return name == "time" or name == "bench" and M.answer(rest, "", again) or nil
  end
  for _, candidate in ipairs(definition.complete(word, rest) or {}) do
    if candidate:sub(1, #word) == word then found[candidate] = true end
  end
  return offer(found, word, again)
end

local function split(before)
  local tokens = {}
  for _, token in ipairs(lexer.tokens(before)) do
    if token.kind ~= "comment" or token.open then tokens[#tokens + 1] = token end
  end
  local last = tokens[#tokens]
  local word = ""
  if last and last.to == #before and (last.kind == "name" or last.kind == "keyword") then
    word = last.text
    tokens[#tokens] = nil
  end
  return tokens, word
end

local function complete_path(tokens, word, again)
  local mark = tokens[#tokens].text
  local first = path_start(tokens, #tokens - 1)
  if not first then return nil end
  local value, name, class = resolve(tokens, first, #tokens - 1)
  local found = value ~= nil and fields(value, word, mark == ":") or {}
  if value == nil and class then
    for method in pairs(documented(class, word)) do found[method] = true end
  end
  local owner = class or name
  local mt = value ~= nil and debug.getmetatable(value)
  local kind = type(mt) == "table" and rawget(mt, "__name")
  if mark == "." and type(value) == "table" then add_documented(found, name, word) end
  if mark == ":" and type(kind) == "string" then
    for method in pairs(documented(kind, word)) do found[method] = true end
  end
  if type(value) == "userdata" then owner = "tensor" end
  return offer(found, word, again, owner)
end

local function indent(before)
  return before:find("^%s*$") or before:find("\n%s*$")
end

--- complete.answer(before: string, after: string, again: boolean) -> table?
--- What a TAB between `before` and `after` does: {remove = bytes, insert = text, show = text}.
--- > require("gradus.repl.complete").answer("string.le", "", false).insert
--- len
function M.answer(before, _, again)
  if before:find("^%s*:%a?[%w_]*") and not before:find("^%s*::") and not before:find("\n") then
    return complete_command(before, again)
  end
  if indent(before) then return {insert = "  "} end
  local query = before:match("^%s*%?%??%s*([%w_.:]*)$")
  local tokens, word = split(query or before)
  local last = tokens[#tokens]
  if last and last.kind == "comment" then return nil end
  if last and last.open then
    return complete_file(last.text:gsub("^[\"']", ""):gsub("^%[=*%[", ""), again)
  end
  if last and (last.text == "." or last.text == ":") then
    return complete_path(tokens, word, again)
  end
  local keys, texts = nil, nil
  if last then keys, texts = option_keys(tokens, word) end
  if keys then return offer(keys, word, again, nil, texts, " = ") end
  if word == "" and again and last then
    local shown = signature(tokens)
    if shown then return shown end
  end
  if word == "" and last and last.text == "(" and not again then return nil end
  return offer(add_declared(globals(word), tokens, word), word, again, nil)
end

--- complete.known(path: string) -> {string, ...}
--- The names that may follow a path which ends in a dot or a colon, such as `net[1]:`.
--- > #require("gradus.repl.complete").known("string.") > 10
--- true
function M.known(path)
  local tokens = split(path .. "_")
  local first = path_start(tokens, #tokens - 1)
  if not first then return {} end
  local value, name = resolve(tokens, first, #tokens - 1)
  if value == nil then return {} end
  local found = fields(value, "", false)
  local mt = debug.getmetatable(value)
  local kind = type(mt) == "table" and rawget(mt, "__name")
  if type(kind) == "string" then
    for method in pairs(documented(kind, "")) do found[method] = true end
  end
  if type(value) == "table" then add_documented(found, name, "") end
  return options.keys(found)
end

return M
