-- SPDX-License-Identifier: GPL-3.0-or-later
-- Operations with forward and backward in Lua.
Square = autograd.Function("Square")
function Square.forward(ctx, x) ctx:save_for_backward(x); return x * x end
function Square.backward(ctx, g) local x = ctx:saved(); return g * 2 * x end
local f64 = {dtype = "float64", requires_grad = true}
local x = tensor({1, 2, 3}, f64)
print(autograd.gradcheck(Square, {x}).ok)            -- expect: true
Square(x * 2):sum():backward()
print(x.grad:_at(1), x.grad:_at(3))                  -- expect: 8.0	24.0

-- Several inputs, some no tensors; several outputs.
Mix = autograd.Function("Mix")
function Mix.forward(ctx, a, k, b)
  ctx.k = k
  ctx:save_for_backward(a, b)
  return a * b * k, a + b
end
function Mix.backward(ctx, g, h)
  local a, b = ctx:saved()
  g, h = g or a * 0, h or a * 0
  return g * b * ctx.k + h, nil, g * a * ctx.k + h
end
local a, b = tensor({1, 2}, f64), tensor({3, 4}, f64)
print(autograd.gradcheck(function(u, v) local p, q = Mix.apply(u, 5, v); return p * q end, {a, b}).ok)  -- expect: true
print(autograd.gradcheck(function(u, v) return (Mix.apply(u, 5, v)) end, {a, b}).ok)  -- expect: true
print(autograd.no_grad(function() return Mix.apply(a, 5, b).requires_grad end))       -- expect: false

-- A wrong backward is shown, readably.
Wrong = autograd.Function("Wrong")
function Wrong.forward(_, v) return v * 3 end
function Wrong.backward(_, g) return g * 2 end
print(autograd.gradcheck(Wrong, {tensor({1, 2}, f64)}))
-- expect: gradcheck: 2 of 2 derivatives differ from finite differences
-- expect:   input 1, element 1: backward gives 2, differences give 3
-- expect:   input 1, element 2: backward gives 3, differences give 4.5
local function why(f, ...)
  local ok, text = pcall(f, ...)
  print(ok, (tostring(text):gsub("[^%s]-%.lua:%d+: ", "")))
end
function Wrong.backward(_, g) return g:sum() end
why(function() Wrong(x):sum():backward() end)        -- expect: false	backward: the gradient of input 1 is (); the input (3)
function Wrong.backward() error("my own") end
why(function() Wrong(x):sum():backward() end)        -- expect: false	my own
function Wrong.backward() return "no" end
why(function() Wrong(x):sum():backward() end)        -- expect: false	backward: result 1 should be the gradient of input 1; got string
Changed = autograd.Function("Changed")
function Changed.forward(ctx, v) local y = v * 1; ctx:save_for_backward(y); return y end
Changed.backward = Square.backward
why(function() local y = Changed(x); y:detach():fill_(7); y:sum():backward() end)
-- expect: false	saved tensor 1 was changed in place after forward
why(autograd.gradcheck, Square, {tensor({1}, {requires_grad = true})})
-- expect: false	autograd.gradcheck: input 1 is float32; finite differences need float64. Hint: {dtype = "float64", requires_grad = true}

-- Nothing stays behind: 5,000 graphs of 80 KB, with and without a backward, that save their outputs.
Kept = autograd.Function("Kept")
function Kept.forward(ctx, v) local y = v:exp(); ctx:save_for_backward(y); return y end
function Kept.backward(ctx, g) return g * ctx:saved() end
local core = require("gradus.core")
local before = core.memory().live
for i = 1, 5000 do
  local v = tensor.ones(10000, {requires_grad = true})
  local y = Kept(v)
  if i % 2 == 0 then y:sum():backward() end
end
collectgarbage()
collectgarbage()
print(core.memory().live - before < 1000000)         -- expect: true
