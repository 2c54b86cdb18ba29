-- SPDX-License-Identifier: GPL-3.0-or-later
-- What people write who come from Python or C gets Lua's form.
local compile = require("gradus.repl.compile")

local function said(text)
  local _, failure = compile.load(text, "=input")
  local message = failure and failure.message or "runs"
  print((message:gsub("^.-%. ", "")))
end

-- expect: Lua writes a function as: function f(v) return v end
said("def neuron(v):")
-- expect: no colon behind the brackets: function f(v) return v end
said("function neuron(v):")
-- expect: Lua writes a loop as: for i = 1, n do ... end
said("for i in range(3):")
-- expect: a product of matrices is A:matmul(B)
said("X @ W")
-- expect: commands begin with a colon: :lesson NAME
said("lesson 01-first-steps")
-- expect: runs
said("x = 'a @ b'")
-- expect: runs
said("s = \"x != y\"")
-- expect: `function` in line 1 waits for its `end`
print(compile.open("function f(v)\nreturn v"))
-- expect: `(` in line 2 waits for its `)`
print(compile.open("x = 1\ny = f(x"))
