-- SPDX-License-Identifier: GPL-3.0-or-later
-- From typed text to a function: an expression returns its values, a statement runs, an input
-- that is not finished asks for more, a wrong one tells where the parser stopped.

local hint = require("gradus.repl.hint")
local lexer = require("gradus.repl.lexer")

local M = {}

-- Looking for the expression at the end of a pasted block stops after so many lines.
local LAST_LINES = 40

-- Looking for it behind a semicolon stops after so many tokens.
local LAST_TOKENS = 200

-- A line end is added first: without it `x = "abc` would look unfinished.
local function load_text(prefix, text, name)
  return load(prefix .. text .. "\n", name, "t")
end

local function is_unfinished(message)
  return message:find("<eof>$") ~= nil
end

-- How far the parser came: the index of the token it stopped at, found as the first token of
-- the message's line and text whose end the parser does not survive.
local function stopped_at(prefix, text, message, tokens)
  local line, near = message:match(":(%d+): .-near (.*)$")
  near = near and near:match("^'(.*)'$") or near
  near = near and near:gsub("^<\\(%d+)>$", function(byte) return string.char(byte) end)
  for i, token in ipairs(tokens) do
    local _, breaks = text:sub(1, token.from):gsub("\n", "")
    if near and breaks + 1 == tonumber(line) and token.text:sub(1, #near) == near then
      local _, m = load_text(prefix, text:sub(1, token.to), "=x")
      if m and not is_unfinished(m) then return i end
    end
  end
  return nil
end

local function code_tokens(text)
  local list = {}
  for _, token in ipairs(lexer.tokens(text)) do
    if token.kind ~= "comment" then list[#list + 1] = token end
  end
  return list
end

-- The more helpful of two errors is the one of the parser that came further.
local function describe(text, as_expression, as_statement)
  local tokens = code_tokens(text)
  local expression = stopped_at("return ", text, as_expression, tokens) or 0
  local statement = stopped_at("", text, as_statement, tokens) or 0
  local message = expression > statement and as_expression or as_statement
  local token = tokens[math.max(expression, statement)]
  local line = tonumber(message:match(":(%d+): "))
  message = message:gsub("^.-:%d+: ", "", 1)
  local letter = token and text:match("^[\xC2-\xF4][\x80-\xBF]+", token.from)
  if letter then message = ("'%s' cannot be part of a name; a-z, 0-9 and _ can"):format(letter) end
  local at = math.max(expression, statement)
  local form = token and hint.syntax(text, tokens, at, message) or hint.habit(text, true)
  if form then message = ("%s. %s"):format(message, (form:gsub("^%l", string.upper))) end
  return {
    message = message, line = line, token = token,
    column = token and token.from - #(text:sub(1, token.from):match("^.*\n") or ""),
  }
end

-- A block whose last lines are an expression: statements, then `return` before those lines.
local function load_block(text, name)
  local starts = {}
  for at in text:gmatch("()[^\n]*\n?") do starts[#starts + 1] = at end
  for i = #starts, math.max(2, #starts - LAST_LINES), -1 do
    local head, rest = text:sub(1, starts[i] - 1), text:sub(starts[i])
    if rest:find("%S") and not rest:find("^%s*return%f[%W]") and load_text("return ", rest, "=x") then
      local chunk = load_text("", head .. "return " .. rest, name)
      if chunk then return chunk, head, rest end
    end
  end
  return nil
end

-- Statements and behind a last `;` an expression: `x = 2; x`.
local function load_after_semicolon(text, name)
  local tokens = code_tokens(text)
  for i = #tokens - 1, math.max(1, #tokens - LAST_TOKENS), -1 do
    if tokens[i].text == ";" and tokens[i].kind == "operator" then
      local head, rest = text:sub(1, tokens[i].to), text:sub(tokens[i].to + 1)
      local is_expression = not rest:find("^%s*return%f[%W]") and load_text("return ", rest, "=x")
      local chunk = is_expression and load_text("", head .. " return" .. rest, name)
      if chunk and load_text("", head, name) then return chunk, head, rest end
    end
  end
  return nil
end

-- `x:sum` alone: Lua would wait for the brackets in the next line, where nobody types them.
local function method_without_brackets(text)
  local object, method = text:match("([%a_][%w_.]*):([%a_][%w_]*)%s*$")
  if not object or text:find("\n") then return nil end
  if not (load_text("return ", text .. "()", "=x") or load_text("", text .. "()", "=x")) then
    return nil
  end
  return {line = 1, column = #text:gsub("%s+$", "") + 1,
    message = ("a method is called with brackets: %s:%s(); a field has a dot: %s.%s"):format(
      object, method, object, method)}
end

--- compile.load(text: string, name: string) -> function?, table?
--- The function of an input. Otherwise nil and a table: `unfinished = true`, or a syntax error
--- with `message`, `line`, `column` and the `token` the parser stopped at.
--- > require("gradus.repl.compile").load("1 + 1", "=input")()
--- 2
--- > select(2, require("gradus.repl.compile").load("for i = 1, 3 do", "=input")).unfinished
--- true
function M.load(text, name)
  local chunk, as_expression = load_text("return ", text, name)
  if chunk then return chunk end
  chunk = load_after_semicolon(text, name) or text:find("\n") and load_block(text, name)
  if chunk then return chunk end
  local as_statement
  chunk, as_statement = load_text("", text, name)
  if chunk then return chunk end
  if is_unfinished(as_statement) or is_unfinished(as_expression) then
    local failure = method_without_brackets(text)
    if failure then return nil, failure end
    local form = hint.habit(text)
    if form then
      return nil, {line = 1, column = #text + 1, message = "this is no Lua. " .. form:gsub("^%l", string.upper)}
    end
    return nil, {unfinished = true, message = "this is not finished"}
  end
  return nil, describe(text, as_expression, as_statement)
end

-- An expression as a statement that keeps its results as the prompt does. A comment at its end
-- must not swallow the bracket.
local function as_statement(expression, silent)
  expression = expression:gsub("^%s+", ""):gsub("[;%s]+$", "")
  local comment = expression:find("%-%-") and "\n" or ""
  return ("%s(%s%s)"):format(silent and "keep" or "show", expression, comment)
end

--- compile.script_head: string
--- What a saved script begins with: the functions that keep results in _ and _1, _2, ...
M.script_head = [[
local function keep(...)
  if select("#", ...) > 0 then _G._ = ... end
  for i = 1, select("#", ...) do _G["_" .. i] = (select(i, ...)) end
end
local function show(...)
  keep(...)
  if select("#", ...) > 0 then print(...) end
end
]]

--- compile.for_script(text: string) -> string
--- An input that worked as lines of a script that do the same, below `script_head`.
--- > require("gradus.repl.compile").for_script("1 + 1, 2")
--- show(1 + 1, 2)
function M.for_script(text)
  local silent = M.is_silent(text)
  if load_text("return ", text, "=x") then
    return code_tokens(text)[1] and as_statement(text, silent) or text
  end
  local _, head, rest = load_after_semicolon(text, "=x")
  if not head then _, head, rest = load_block(text, "=x") end
  if head then text = head .. " " .. as_statement(rest, silent) end
  if #M.locals(text) > 0 then return "do\n" .. text .. "\nend" end
  return text
end

--- compile.is_silent(text: string) -> boolean
--- Whether an input ends in `;`, which keeps its results unprinted.
--- > require("gradus.repl.compile").is_silent("f(); -- quietly")
--- true
function M.is_silent(text)
  local tokens = code_tokens(text)
  return #tokens > 0 and tokens[#tokens].text == ";"
end

--- compile.locals(text: string) -> {string, ...}
--- The names that a `local` at the beginning of an input declares.
--- > table.concat(require("gradus.repl.compile").locals("local a, b = 1, 2"), " ")
--- a b
function M.locals(text)
  local names, tokens = {}, code_tokens(text)
  if not tokens[1] or tokens[1].text ~= "local" then return names end
  local i = tokens[2] and tokens[2].text == "function" and 3 or 2
  while tokens[i] and tokens[i].kind == "name" do
    names[#names + 1] = tokens[i].text
    i = i + 1
    if tokens[i] and tokens[i].text == "<" then i = i + 3 end
    if not tokens[i] or tokens[i].text ~= "," then break end
    i = i + 1
  end
  return names
end

local openers = {["do"] = 1, ["then"] = 1, ["function"] = 1, ["repeat"] = 1, ["{"] = 1, ["("] = 1,
  ["["] = 1, ["end"] = -1, ["until"] = -1, ["}"] = -1, [")"] = -1, ["]"] = -1, ["elseif"] = -1}

--- compile.indentation(text: string) -> string
--- The blanks that the next line of an unfinished input begins with.
--- > #require("gradus.repl.compile").indentation("if x then")
--- 2
function M.indentation(text)
  local depth, line = 0, {}
  for _, token in ipairs(code_tokens(text)) do
    if token.open then return "" end
    local step = token.kind ~= "string" and openers[token.text] or 0
    local _, breaks = text:sub(1, token.from):gsub("\n", "")
    line[breaks] = (line[breaks] or 0) + step
  end
  local _, last = text:gsub("\n", "")
  for i = 0, last do -- several brackets opened on one line indent once
    local step = line[i] or 0
    depth = math.max(0, depth + (step > 0 and 1 or step < 0 and -1 or 0))
  end
  return ("  "):rep(depth)
end

--- compile.open_text(text: string) -> string?
--- For an input that ends inside of a long string or comment: what it waits for, in words.
--- > require("gradus.repl.compile").open_text("x = [[one\ntwo")
--- the text that begins with `[[` in line 1 waits for its `]]`
function M.open_text(text)
  local tokens = lexer.tokens(text)
  local last = tokens[#tokens]
  local mark = last and last.open and last.text:match("^%-?%-?%[=*%[")
  if not mark then return nil end
  local _, breaks = text:sub(1, last.from):gsub("\n", "")
  return ("the %s that begins with `%s` in line %d waits for its `%s`"):format(
    last.kind == "comment" and "comment" or "text", mark, breaks + 1,
    (mark:gsub("%[", "]"):gsub("^%-%-", "")))
end

--- compile.open(text: string) -> string
--- What an unfinished input waits for, in words.
--- > require("gradus.repl.compile").open("function f(v)")
--- `function` in line 1 waits for its `end`
function M.open(text)
  local text_open = M.open_text(text)
  if text_open then return text_open end
  local closing = {["("] = ")", ["{"] = "}", ["["] = "]", ["repeat"] = "until"}
  local stack = hint.open(code_tokens(text))
  local last = stack[#stack]
  if not last then return "something is missing at the end" end
  local _, breaks = text:sub(1, last.from):gsub("\n", "")
  return ("`%s` in line %d waits for its `%s`"):format(last.text, breaks + 1, closing[last.text] or "end")
end

local closers = {["end"] = true, ["until"] = true, ["else"] = true, ["elseif"] = true,
  ["}"] = true, [")"] = true}

--- compile.dedent(line: string, given: string) -> string
--- A line typed after the blanks `given`, two blanks less if it closes the block.
--- > require("gradus.repl.compile").dedent("  end", "  ")
--- end
function M.dedent(line, given)
  local word = line:match("^%s*(%a+)") or line:match("^%s*([})])")
  if closers[word] and line:match("^ *") == given then return (line:gsub("^  ", "")) end
  return line
end

return M
