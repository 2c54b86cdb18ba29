-- SPDX-License-Identifier: GPL-3.0-or-later
-- Splits Lua source into tokens, tolerant of what is unfinished: for the caret under a syntax
-- error, for completion inside strings and tables, and for colouring source.

local M = {}

local keywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or
    repeat return then true until while]]):gmatch("%a+") do keywords[word] = true end
M.keywords = keywords

-- The end of a long bracket that begins at `i`, or nil; second result: whether it is closed.
local function long_bracket(text, i)
  local level = text:match("^%[(=*)%[", i)
  if not level then return nil end
  local _, last = text:find("]" .. level .. "]", i, true)
  return last or #text, last ~= nil
end

local function string_end(text, i)
  local quote, at = text:sub(i, i), i + 1
  while at <= #text do
    local c = text:sub(at, at)
    if c == quote then return at, true end
    if c == "\n" then return at - 1, false end
    at = at + (c == "\\" and 2 or 1)
  end
  return #text, false
end

local function comment_end(text, i)
  local last, closed = long_bracket(text, i + 2)
  if last then return last, closed end
  return (text:find("\n", i, true) or #text + 1) - 1, true
end

-- The last character of the token at i, its kind and whether it is finished.
local function token(text, i)
  local c = text:sub(i, i)
  if c:find("[%a_]") then
    local word = text:match("^[%w_]+", i)
    return i + #word - 1, keywords[word] and "keyword" or "name", true
  end
  if c:find("%d") or text:find("^%.%d", i) then
    local number = text:match("^0[xX][%x%.]*[pP]?[+-]?%x*", i)
      or text:match("^[%d%.]+[eE][+-]?%d*", i) or text:match("^[%d%.]+", i)
    return i + #number - 1, "number", true
  end
  if c == '"' or c == "'" then
    local last, closed = string_end(text, i)
    return last, "string", closed
  end
  if text:find("^%-%-", i) then
    local last, closed = comment_end(text, i)
    return last, "comment", closed
  end
  local last, closed = long_bracket(text, i)
  if last then return last, "string", closed end
  local operator = text:match("^%.%.%.", i) or text:match("^%.%.", i) or text:match("^::", i)
    or text:match("^[=~<>]=", i) or text:match("^//", i) or text:match("^<<", i)
    or text:match("^>>", i) or c
  return i + #operator - 1, "operator", true
end

--- lexer.tokens(text: string) -> {{kind: string, text: string, from: integer, to: integer}, ...}
--- The tokens of Lua source. Kinds are name, keyword, number, string, comment and operator; a
--- string or comment that does not end has `open = true`.
--- > #require("gradus.repl.lexer").tokens("x = 1 + f('a') -- sum")
--- 9
function M.tokens(text)
  local list, i = {}, text:find("%S")
  while i do
    local last, kind, finished = token(text, i)
    list[#list + 1] = {kind = kind, text = text:sub(i, last), from = i, to = last,
      open = not finished or nil}
    i = text:find("%S", last + 1)
  end
  return list
end

return M
