-- SPDX-License-Identifier: GPL-3.0-or-later
-- JSON in one line, for records, progress and checkpoints. Numbers keep all their bits; NaN and the
-- infinities, which JSON lacks, are written as the strings "nan", "inf" and "-inf".

local M = {}

local escapes = {['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r"}

local function quote(text)
  return '"' .. text:gsub('[%c"\\]', function(c)
    return escapes[c] or ("\\u%04x"):format(c:byte())
  end) .. '"'
end

local function number(x)
  if math.type(x) == "integer" then return ("%d"):format(x) end
  if x ~= x then return '"nan"' end
  if x == math.huge then return '"inf"' elseif x == -math.huge then return '"-inf"' end
  local digits = ("%.17g"):format(x)
  return digits:find("[.e]") and digits or digits .. ".0" -- stays a float when read
end

local encode

local function array(t)
  local parts = {}
  for i, v in ipairs(t) do parts[i] = encode(v) end
  return "[" .. table.concat(parts, ",") .. "]"
end

local function object(t)
  local names, parts = {}, {}
  for k in pairs(t) do names[#names + 1] = tostring(k) end
  table.sort(names)
  for i, k in ipairs(names) do
    local v = t[k]
    if v == nil then v = t[math.tointeger(tonumber(k))] end
    parts[i] = quote(k) .. ":" .. encode(v)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

encode = function(v)
  local kind = type(v)
  if kind == "string" then return quote(v) end
  if kind == "number" then return number(v) end
  if kind == "table" then return (#v > 0 or next(v) == nil) and array(v) or object(v) end
  return kind == "boolean" and tostring(v) or "null"
end

--- json.encode(value: any) -> string
--- Writes plain data (strings, numbers, booleans, tables) as one line of JSON.
--- > require("gradus.json").encode{a = 1, b = {true, "x"}}
--- {"a":1,"b":[true,"x"]}
M.encode = encode

local unescape = {b = "\b", f = "\f", n = "\n", r = "\r", t = "\t"}

local function fail(text, at, what)
  error(("not JSON: %s expected at byte %d, found '%s'"):format(what, at, text:sub(at, at + 9)), 0)
end

local function skip(text, at)
  return text:find("[^ \t\r\n]", at) or #text + 1
end

local function read_string(text, at)
  local parts, from = {}, at + 1
  while true do
    local stop = text:find('["\\]', from) or fail(text, at, "the end of a string")
    parts[#parts + 1] = text:sub(from, stop - 1)
    if text:sub(stop, stop) == '"' then return table.concat(parts), stop + 1 end
    local c = text:sub(stop + 1, stop + 1)
    from = stop + 2
    if c == "u" then
      local code = tonumber(text:sub(from, from + 3), 16) or fail(text, from, "four hex digits")
      c, from = utf8.char(code), from + 4
    end
    parts[#parts + 1] = unescape[c] or c
  end
end

local value

-- The members between `at` and `close`; `member` reads one into the result.
local function members(text, at, close, member)
  local result = {}
  at = skip(text, at + 1)
  if text:sub(at, at) == close then return result, at + 1 end
  while true do
    at = skip(text, member(result, at))
    local c = text:sub(at, at)
    if c == close then return result, at + 1 end
    if c ~= "," then fail(text, at, "',' or '" .. close .. "'") end
    at = skip(text, at + 1)
  end
end

local function read_object(text, at, depth)
  return members(text, at, "}", function(result, from)
    if text:sub(from, from) ~= '"' then fail(text, from, "a name") end
    local key
    key, from = read_string(text, from)
    from = skip(text, from)
    if text:sub(from, from) ~= ":" then fail(text, from, "':'") end
    result[key], from = value(text, skip(text, from + 1), depth)
    return from
  end)
end

local function read_array(text, at, depth)
  return members(text, at, "]", function(result, from)
    result[#result + 1], from = value(text, from, depth)
    return from
  end)
end

local words = {{"true", true}, {"false", false}, {"null", nil}}

value = function(text, at, depth)
  if depth > 60 then fail(text, at, "less than 60 levels") end
  local c = text:sub(at, at)
  if c == '"' then return read_string(text, at) end
  if c == "{" then return read_object(text, at, depth + 1) end
  if c == "[" then return read_array(text, at, depth + 1) end
  for _, word in ipairs(words) do
    if text:sub(at, at + #word[1] - 1) == word[1] then return word[2], at + #word[1] end
  end
  local digits = text:match("^-?%d+%.?%d*[eE]?[+-]?%d*", at) or fail(text, at, "a value")
  local whole = digits:match("^-?%d+$") and math.tointeger(tonumber(digits))
  return whole or tonumber(digits) or fail(text, at, "a number"), at + #digits
end

--- json.decode(text: string) -> any
--- Reads one JSON value; raises an error that says where the text stops being JSON.
--- > require("gradus.json").decode('{"a": [1, 2.5]}').a[2]
--- 2.5
function M.decode(text)
  local result, at = value(text, skip(text, 1), 0)
  at = skip(text, at)
  if at <= #text then fail(text, at, "nothing more") end
  return result
end

return M
