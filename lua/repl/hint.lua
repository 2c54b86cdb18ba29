-- SPDX-License-Identifier: GPL-3.0-or-later
-- What may have been meant by an input that is no Lua: habits of other languages, a `return` or a
-- bracket that is missing. A hint is given only where it is sure: with the change, the parser goes on.

local M = {}

-- What people write who come from Python or C, as patterns, and Lua's form. With `error`, only where
-- the parser has given up: the same may stand in an input that is not finished.
local habits = {
  {"^%s*def%s+[%w_]+%s*%(", "Lua writes a function as: function f(v) return v end"},
  {"^%s*function%s+[%w_.:]+%s*%b()%s*:", "no colon behind the brackets: function f(v) return v end"},
  {"^%s*for%s+[%w_]+%s+in%s+range%s*%(", "Lua writes a loop as: for i = 1, n do ... end"},
  {"^%s*for%s+[%w_, ]+%s+in%s+[^\n]-:%s*$", "Lua writes a loop over a list as: for i, v in ipairs(t) do ... end"},
  {"^%s*if%s+[^\n]-:%s*$", "Lua writes: if x > 0 then ... end"},
  {"^%s*if%s+[^\n]-:%s+[%a_]", "Lua writes: if x > 0 then ... end"},
  {"^%s*while%s+[^\n]-:%s*$", "Lua writes: while x > 0 do ... end"},
  {"^%s*try%s*:", "Lua catches an error with pcall: ok, message = pcall(f)"},
  {"^%s*class%s+[%w_]+%s*[:({]", "Lua has no classes of its own; ?nn.class makes layers"},
  {"%f[%w_]lambda%f[^%w_][%w_, ]*:", "Lua writes: function(x) return x + 1 end", error = true},
  {"^%s*[%w_.]+%s*=%s*[^\n]-%f[%w_]if%f[^%w_][^\n]-%f[%w_]else%f[^%w_]", "Lua writes: z and a or b",
    error = true},
  {"^%s*#%s*%a", "a comment begins with --", error = true},
  {"^%s*//", "a comment begins with --", error = true},
  {"^%s*del%s+[%a_]", "a variable goes with: x = nil", error = true},
  {"^%s*print%s+[%a_]", "a function is called with brackets: print(x)", error = true},
  {"^%s*[%w_.]+%s*%+%+", "Lua has no ++: x = x + 1", error = true},
  {"^[^\"'\n]-[%w_%])]%[[%w_%s+-]*:[%w_%s+-]*[%],]", "a range of indices is x[{{1, 3}}]", error = true},
  {"[=(,{]%s*%[%s*[-%d\"'%[]", "a list is {1, 2, 3}, and a tensor tensor{1, 2, 3}", error = true},
  {"^%s*import%s+[%w_]+", "nothing is to be imported: nn, optim, data and plot are there"},
  {"^[^\"']-[%w_)%]]%s*@%s*[%w_(]", "a product of matrices is A:matmul(B)"},
  {"^%s*[%w_.]+%s*[-+*/]=", "Lua has no += and its kin: x = x + 1"},
  {"^[^\"']-!=", "Lua writes \"not equal\" as ~="},
  {"^%s*lesson%s+[%w-]+%s*$", "commands begin with a colon: :lesson NAME"},
}

--- hint.habit(text: string, is_error: boolean = false) -> string?
--- Lua's form of what an input looks like, if it is no Lua. `is_error`: the parser has given up.
--- > require("gradus.repl.hint").habit("import numpy")
--- nothing is to be imported: nn, optim, data and plot are there
function M.habit(text, is_error)
  for _, h in ipairs(habits) do
    if (is_error or not h.error) and text:find(h[1]) then return h[2] end
  end
  return nil
end

local pairs_of = {["("] = ")", ["["] = "]", ["{"] = "}"}
local blocks = {["function"] = true, ["do"] = true, ["then"] = true, ["repeat"] = true}
local ends = {["end"] = true, ["until"] = true}
local closers = {[")"] = true, ["]"] = true, ["}"] = true}

--- hint.open(tokens: table, last: integer?) -> {table, ...}
--- The tokens up to `last` that open a block or a bracket and have nothing that closes them,
--- outermost first.
--- > tokens = require("gradus.repl.lexer").tokens("f(function() x")
--- > #require("gradus.repl.hint").open(tokens)
--- 2
function M.open(tokens, last)
  local stack = {}
  for i = 1, last or #tokens do
    local text = tokens[i].kind ~= "string" and tokens[i].text
    if pairs_of[text] or blocks[text] then
      stack[#stack + 1] = tokens[i]
    elseif closers[text] or ends[text] or text == "elseif" then
      stack[#stack] = nil
    end
  end
  return stack
end

-- Whether the parser takes a text as a whole, or as the beginning of one.
local function parses(text)
  local chunk, why = load(text .. "\n", "=x", "t")
  return chunk ~= nil or why:find("<eof>$") ~= nil
end

local function insert(text, at, what)
  return text:sub(1, at - 1) .. what .. text:sub(at)
end

-- The longest expression that begins with token `i`.
local function expression(text, tokens, i)
  local found
  for j = i, math.min(#tokens, i + 40) do
    local part = text:sub(tokens[i].from, tokens[j].to)
    if load("return " .. part .. "\n", "=x", "t") then found = part end
  end
  return found
end

-- An expression where a statement has to be: the `return` in front of it was left out, or, outside
-- of a function, the `print`, or the `;` behind which the prompt takes an expression.
local function bare_expression(text, tokens, at)
  local is_end = ends[tokens[at].text] or tokens[at].text:find("^else")
  if is_end then text = text:sub(1, tokens[at].to) end -- what is wrong behind it does not matter
  for i = at, math.max(1, at - 40), -1 do
    local found = parses(insert(text, tokens[i].from, " return ")) and expression(text, tokens, i)
    if found and not found:find("\n") and #found < 60 then
      local stack, inside = M.open(tokens, i - 1), false
      for _, token in ipairs(stack) do inside = inside or token.text == "function" end
      if inside then return ("Is `return` missing? return %s"):format(found) end
      if #stack > 0 then return ("A value by itself is no statement; print(%s) shows it"):format(found) end
      local apart = i > 1 and tokens[i - 1].to + 1 < tokens[i].from
      if apart then return ("An expression stands behind a semicolon: ; %s"):format(found) end
    end
  end
  return nil
end

-- One `=` where two compare, two where one sets; a comma that is missing.
local function sign(text, tokens, at, message)
  local here, before = tokens[at], M.open(tokens, at - 1)
  if here.text == "=" and message:find("^'[td][ho]e?n?' expected") then
    return "One `=` sets a value, two compare: =="
  elseif here.text == "==" and message:find("^syntax error") then
    return "Two `==` compare, one sets a value: ="
  elseif pairs_of[before[#before] and before[#before].text] and parses(insert(text, here.from, ", ")) then
    return ("Is a comma missing before `%s`?"):format(here.text)
  end
  return nil
end

-- A bracket that was opened and not closed, or closed and not opened.
local function bracket(text, tokens, at, message)
  local wanted = message:match("^'([%)%]}])' expected")
  local stack = M.open(tokens, at - 1)
  local top = stack[#stack]
  if wanted and top and pairs_of[top.text] == wanted and parses(insert(text, tokens[at].from, wanted)) then
    local before = text:sub(1, top.from):match("[%w_.:]*.$")
    return ("Is a `%s` missing before `%s`? It closes `%s`"):format(wanted, tokens[at].text, before)
  end
  local extra = tokens[at].text
  if (closers[extra] or ends[extra]) and #stack == 0
      and parses(text:sub(1, tokens[at].from - 1) .. text:sub(tokens[at].to + 1)) then
    return ("This `%s` closes nothing"):format(extra)
  end
  return nil
end

--- hint.syntax(text: string, tokens: table, at: integer, message: string) -> string?
--- A hint for a syntax error at token `at`, where one is sure.
--- > compile = require("gradus.repl.compile")
--- > select(2, compile.load("function f(x) 2 * x end", "=input")).message
--- unexpected symbol near '2'. Is `return` missing? return 2 * x
function M.syntax(text, tokens, at, message)
  return M.habit(text, true) or bracket(text, tokens, at, message)
    or sign(text, tokens, at, message) or bare_expression(text, tokens, at)
end

return M
