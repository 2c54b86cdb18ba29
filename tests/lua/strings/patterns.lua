-- SPDX-License-Identifier: GPL-3.0-or-later
-- The patterns that Ctrl-C can stop are Lua's: both give the same for patterns drawn at random. Ours
-- may refuse a malformed one that Lua's has not looked at yet.
local ours, lua = string, {}
for _, name in ipairs{"find", "match", "gmatch", "gsub", "rep"} do
  lua[name] = require("gradus.core").testing.of_lua(name)
  if lua[name] == ours[name] then print("not replaced:", name) end
end
math.randomseed(7)

local items = {"a", "b", ".", "%a", "%d", "%s", "%z", "[%Z]", "[ab]", "[^a]", "[a-c]", "[%w_]", "%.", "%%", "(",
  ")", "()", "%1", "%2", "%b()", "%f[%w]", "%f[%W]", "$", "^", "]", "-", "[]a]", "[^]a]", "[a-]",
  "[%a-z]", "%S", "%", "[", "[^"}
local repeats = {"", "", "", "*", "+", "-", "?"}
local bytes = {"a", "b", "c", "z", "(", ")", " ", "1", ".", "%", "]", "^", "-", "\0", "ab", "_", "\xe9"}
local replacements = {"<%0>", "x", "%1%%", {a = "1", b = false}, function(...) return select("#", ...) end}

local function pick(list) return list[math.random(#list)] end
local function text(list, most, after)
  local parts = {}
  for i = 1, math.random(0, most) do parts[i] = pick(list) .. (after and pick(after) or "") end
  return table.concat(parts)
end

local function all(gmatch, ...)
  local found = {}
  for a, b in gmatch(...) do found[#found + 1] = tostring(a) .. ":" .. tostring(b) end
  return table.concat(found, ",")
end

local function result(f, ...)
  local values = table.pack(pcall(f, ...))
  if not values[1] then return nil end
  for i = 1, values.n do values[i] = tostring(values[i]) end
  return table.concat(values, "|")
end

local compared, different = 0, 0
local function compare(theirs, own, ...)
  local a, b = result(theirs, ...), result(own, ...)
  if a == nil and b == nil then return end
  compared = compared + 1
  if b ~= nil and a ~= b then
    different = different + 1
    print(("%q %q: %s, not %s"):format((select(1, ...)), (select(2, ...)), b, a))
  end
end

for _ = 1, 10000 do
  local pattern = (math.random(4) == 1 and "^" or "") .. text(items, 6, repeats)
  local subject = text(bytes, 10)
  local init = math.random(3) == 1 and math.random(-5, 12) or nil
  compare(lua.find, ours.find, subject, pattern, init)
  compare(lua.find, ours.find, subject, pattern, init, true)
  compare(lua.match, ours.match, subject, pattern, init)
  compare(lua.gsub, ours.gsub, subject, pattern, pick(replacements),
    math.random(4) == 1 and math.random(0, 3) or nil)
  compare(function(...) return all(lua.gmatch, ...) end, function(...) return all(ours.gmatch, ...) end,
    subject, pattern, init)
end
print(compared > 10000, different)                                      -- expect: true	0
print(pcall(ours.find, "x", ("x-"):rep(300) .. "y"))  -- expect: false	pattern too complex
print(pcall(ours.find, "x", ("()"):rep(33)))          -- expect: false	too many captures
print(pcall(ours.gsub, "x", "x", "%2"))  -- expect: false	invalid capture index %2
print(pcall(ours.gsub, "x", "x", "%q"))  -- expect: false	invalid use of '%' in replacement string
print(pcall(ours.gsub, "x", "x", function() return {} end))  -- expect: false	invalid replacement value (a table)
print(#ours.gsub(("x"):rep(300), ("x"):rep(200), "y"))  -- expect: 101

-- rep with and without a separator, short and in several pieces.
different = 0
for _, unit in ipairs{"", "a", "abc", ("xyz"):rep(70000)} do
  for _, separator in ipairs{"", ",", "<->"} do
    for _, n in ipairs{-1, 0, 1, 2, 3, 17, 400000} do
      if #unit * n < 1e7 and ours.rep(unit, n, separator) ~= lua.rep(unit, n, separator) then
        different = different + 1
      end
    end
  end
end
print(different, ours.rep("ab", 3), #ours.rep("", 1 << 60))  -- expect: 0	ababab	0
print(pcall(ours.rep, "ab", math.maxinteger))  -- expect: false	resulting string too large
print(pcall(ours.rep, {}, 2))  -- expect: false	bad argument #1 to 'string.rep' (string expected, got table)
