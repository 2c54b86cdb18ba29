-- SPDX-License-Identifier: GPL-3.0-or-later
-- What people write who come from Python or C gets Lua's form.
local compile = require("gradus.repl.compile")

local function said(text)
  local _, failure = compile.load(text, "=input")
  local message = failure and failure.message or "runs"
  print((message:gsub("^.-%. ", "", 1)))
end

-- expect: Lua writes a function as: function f(v) return v end
said("def neuron(v):")
-- expect: No colon behind the brackets: function f(v) return v end
said("function neuron(v):")
-- expect: Lua writes a loop as: for i = 1, n do ... end
said("for i in range(3):")
-- expect: A product of matrices is A:matmul(B)
said("X @ W")
-- expect: Commands begin with a colon: :lesson NAME
said("lesson 01-first-steps")
-- expect: runs
said("x = 'a @ b'")
-- expect: runs
said("s = \"x != y\"")
-- expect: `function` in line 1 waits for its `end`
print(compile.open("function f(v)\nreturn v"))
-- expect: `(` in line 2 waits for its `)`
print(compile.open("x = 1\ny = f(x"))

-- Where the parser has given up, more is seen.
-- expect: A list is {1, 2, 3}, and a tensor tensor{1, 2, 3}
said("x = tensor([1, 2])")
-- expect: A range of indices is x[{{1, 3}}]
said("x[1:2]")
-- expect: Lua writes: if x > 0 then ... end
said("if x > 3:")
-- expect: Lua writes: if x > 0 then ... end
said("if x is None: pass")
-- expect: Lua writes: while x > 0 do ... end
said("while True:")
-- expect: Lua writes: z and a or b
said("x = y if z else w")
-- expect: Lua writes: function(x) return x + 1 end
said("f = lambda x: x + 1")
-- expect: Lua has no ++: x = x + 1
said("x++")
-- expect: Lua catches an error with pcall: ok, message = pcall(f)
said("try:")
-- expect: A function is called with brackets: print(x)
said("print x")
-- expect: A comment begins with --
said("# a comment")
local function unfinished(text) print(select(2, compile.load(text, "=input")).unfinished) end
unfinished("f = function() if a then return 1 else")      -- expect: true
unfinished("if x:dim() == 1 then")                        -- expect: true
unfinished("for k, v in pairs(t:totable())")              -- expect: true
unfinished("x = {1, -- a list: [1, 2]")                   -- expect: true
-- What an input waits for that ends inside of a text.
-- expect: the text that begins with `[[` in line 2 waits for its `]]`
print(compile.open("x = 1\ny = [[one\ntwo"))
-- expect: the comment that begins with `--[==[` in line 1 waits for its `]==]`
print(compile.open("--[==[ one\ntwo"))

-- Words of other languages, in a message of their own.
local function undefined(name) print((select(2, pcall(function() return _G[name] end)):gsub("^.-; ", ""))) end
undefined("True")                                         -- expect: Lua writes true
undefined("np")                                           -- expect: what numpy does, tensors do: tensor.zeros(3)
undefined("len")                                          -- expect: the length of x is #x
