-- SPDX-License-Identifier: GPL-3.0-or-later
-- A syntax error gets a hint where one is sure, and none elsewhere.
local compile = require("gradus.repl.compile")

local function said(text)
  local _, failure = compile.load(text, "=input")
  if not failure then return print("runs") end
  print(failure.unfinished and "unfinished" or failure.message:match("near.-'%. (.*)$") or "no hint")
end

-- A value where a statement has to be.
said("function f(x) x * 2 end")                  -- expect: Is `return` missing? return x * 2
said("f = function(x) x^2 + g(x, 1) end")        -- expect: Is `return` missing? return x^2 + g(x, 1)
said("function f(x) 'a' end")                    -- expect: Is `return` missing? return 'a'
said("function f(x) if x > 0 then x else -x end end")  -- expect: Is `return` missing? return x
said("function g(a) local b = a * 2 b end")      -- expect: Is `return` missing? return b
said("function f(x)\n  local y = x\n  y - 1\nend")     -- expect: Is `return` missing? return y - 1
said("for i = 1, 3 do i * 2 end")                -- expect: A value by itself is no statement; print(i * 2) shows it
said("x = 1 x * 2")                              -- expect: An expression stands behind a semicolon: ; x * 2
-- Brackets and commas.
said("for i = 1, 3 do print(i end")              -- expect: Is a `)` missing before `end`? It closes `print(`
said("x[1 = 3")                                  -- expect: Is a `]` missing before `=`? It closes `x[`
said("if (x == 1 then print(1) end")             -- expect: Is a `)` missing before `then`? It closes `(`
said("y = f({1, 2)")                             -- expect: Is a `}` missing before `)`? It closes `{`
said("print((1 + 2) * 3))")                      -- expect: This `)` closes nothing
said("x = 3 end")                                -- expect: This `end` closes nothing
said("x.y(3 4)")                                 -- expect: Is a comma missing before `4`?
said("t = {1, 2 3}")                             -- expect: Is a comma missing before `3`?
-- One sign or two.
said("if x = 1 then print(1) end")               -- expect: One `=` sets a value, two compare: ==
said("while x = 1 do end")                       -- expect: One `=` sets a value, two compare: ==
said("function f(x) y == 2 end")                 -- expect: Two `==` compare, one sets a value: =
-- Nothing is sure.
said("function f(x) x = = 2 end")                -- expect: no hint
said("a b")                                      -- expect: no hint
said("x = 3 + * 2")                              -- expect: no hint
said("function f(a) a + = 1 end")                -- expect: no hint
said("x = 'a) end'")                             -- expect: runs
said("print(f(1)")                               -- expect: unfinished

-- What others call it.
local function near(f) print(select(2, pcall(f)):match("[Dd]id you mean (.-)%?")) end
local x = tensor{1, 2}
near(function() return x:avg() end)              -- expect: 'mean'
near(function() return x:astype("float64") end)  -- expect: 'to'
near(function() return x:len() end)              -- expect: 'numel'
near(function() return x:copy() end)             -- expect: 'clone'
near(function() return x:maen() end)             -- expect: 'mean'
near(function() return tensor.concatenate{x} end) -- expect: `tensor.cat`

local function instead(f) print((select(2, pcall(f)):gsub("^.-%d+: ", ""))) end
instead(function() return plot.imshow end)       -- expect: `plot.imshow` is not defined; did you mean `plot.image`?
instead(function() return data.DataLoader end)   -- expect: `data.DataLoader` is not defined; did you mean `data.batches`?
instead(function() return plot.savefig end)      -- expect: `plot.savefig` is not defined; a figure is saved by fig:save("a.png")
instead(function() return tensor.manual_seed end)  -- expect: `tensor.manual_seed` is not defined; gradus.seed(1) does it
