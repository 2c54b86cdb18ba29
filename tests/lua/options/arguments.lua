-- SPDX-License-Identifier: GPL-3.0-or-later
-- Values in order, keywords in a last table, or both; errors are blamed on the caller.
local options = require("gradus.options")
local function f(...)
  local o = options.arguments("f", {"a", "b", "c"}, {b = 2, c = false, d = 4}, 3, ...)
  return ("%s %s %s %s"):format(o.a, o.b, o.c, o.d)
end
print(f(1))                                          -- expect: 1 2 false 4
print(f(1, nil, 3))                                  -- expect: 1 2 3 4
print(f(1, {c = 7, d = 5}))                          -- expect: 1 2 7 5
print(f{a = 1, b = false})                           -- expect: 1 false false 4
print(f(1, {}))                                      -- expect: 1 2 false 4
print((f({10, 20}):gsub("table: %S+", "list")))      -- expect: list 2 false 4
local function in_line(text) return text:match("arguments.lua:%d+: (.*)") end
local ok, text = pcall(function() local v = f(); return v end)
print(ok, in_line(text))                             -- expect: false	f: 'a' is missing. Arguments: a, b, c, d
ok, text = pcall(function() local v = f(1, 2, 3, 4); return v end)
print(ok, in_line(text))                             -- expect: false	f: at most 3 values and options like {c = ...}; got 4
ok, text = pcall(function() local v = f(1, {a = 2}); return v end)
print(ok, in_line(text))                             -- expect: false	f: 'a' is given twice
ok, text = pcall(function() local v = f(1, {e = 2}); return v end)
print(ok, in_line(text))                             -- expect: false	f: unknown option 'e'. Options: a, b, c, d
-- A layer, an initialiser, a schedule: the line of whoever wrote it.
for _, make in ipairs {
  function() local v = nn.Linear(3, 4, {bais = 1}); return v end,
  function() local v = nn.Conv2d(3, 4); return v end,
  function() local v = nn.init.xavier_normal_(tensor.zeros(2, 2), {gian = 1}); return v end,
  function() local v = optim.lr_scheduler.StepLR(0.1); return v end,
  function() local v = nn.MSELoss{reductoin = 1}; return v end,
} do
  local line = debug.getinfo(make, "S").linedefined
  text = select(2, pcall(make))
  print(tonumber(text:match("arguments.lua:(%d+):")) == line, text:match(": (.*)"))
end
-- expect: true	nn.Linear: unknown option 'bais'. Did you mean 'bias'? Options: bias, in_features, out_features
-- expect: true	nn.Conv2d: 'kernel_size' is missing. Arguments: in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias
-- expect: true	nn.init.xavier_normal_: unknown option 'gian'. Did you mean 'gain'? Options: gain
-- expect: true	optim.lr_scheduler.StepLR: 'step_size' is missing. Arguments: step_size, gamma, base_lr
-- expect: true	nn.MSELoss: unknown option 'reductoin'. Did you mean 'reduction'? Options: reduction
