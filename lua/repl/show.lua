-- SPDX-License-Identifier: GPL-3.0-or-later
-- How the prompt prints values: tables as Lua with sorted keys, limited in depth and length,
-- safe with cycles; functions with their signature; objects as they print themselves.

local M = {}

--- The limits of printing; a learner may change them.
M.limits = {depth = 4, items = 60, text = 2000, all = 300}

local ELLIPSIS = "..."

local order = {number = 1, string = 2, boolean = 3}

local function key_before(a, b)
  local ta, tb = type(a), type(b)
  if ta ~= tb then
    local oa, ob = order[ta] or 9, order[tb] or 9
    return oa < ob or (oa == ob and ta < tb)
  end
  if ta == "number" or ta == "string" then return a < b end
  return tostring(a) < tostring(b)
end

local function sorted_keys(t, length)
  local keys = {}
  for k in next, t do
    if math.type(k) ~= "integer" or k < 1 or k > length then keys[#keys + 1] = k end
  end
  table.sort(keys, key_before)
  return keys
end

local escapes = {["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ['"'] = '\\"', ["\\"] = "\\\\"}

local function quoted(s)
  if #s > M.limits.text then
    s = s:sub(1, utf8.offset(s, 0, M.limits.text + 1) - 1) .. ELLIPSIS
  end
  local text = s:gsub('[%c"\\]', function(c) return escapes[c] or ("\\%03d"):format(c:byte()) end)
  return '"' .. text .. '"'
end

local keywords = require("gradus.repl.lexer").keywords

local function key_text(k)
  if type(k) == "string" then
    if k:find("^[%a_][%w_]*$") and not keywords[k] then return k end
    return "[" .. quoted(k) .. "]"
  end
  return "[" .. tostring(k) .. "]"
end

local function metafield(value, name)
  local mt = debug.getmetatable(value)
  return type(mt) == "table" and rawget(mt, name) or nil
end

-- What an object's own __tostring says; an error in it must not end the prompt.
local function own_text(value)
  local ok, text = pcall(tostring, value)
  if ok then return text end
  return ("<%s whose __tostring fails: %s>"):format(type(value), tostring(text))
end

local function is_tensor(value)
  local core = package.loaded["gradus.core"]
  return type(value) == "userdata" and core and core.is_tensor and core.is_tensor(value)
end

--- show.brief(value: any) -> string
--- One short line for a value: a tensor's shape and type, an object's first line.
--- > require("gradus.repl.show").brief({1, 2, x = 3})
--- table, 3 entries
function M.brief(value)
  if is_tensor(value) then
    return ("tensor(%s, %s)"):format(table.concat(value:size(), "x"), value:dtype())
  elseif type(value) == "table" and not metafield(value, "__tostring") then
    local n = 0
    for _ in next, value do n = n + 1 end
    return ("table, %d %s"):format(n, n == 1 and "entry" or "entries")
  elseif type(value) == "function" then
    return "function"
  end
  local text = own_text(value)
  local first = text:match("^[^\n]*")
  return #first < #text and first .. " " .. ELLIPSIS or first
end

local format -- below; needs the ones above and is needed by them

local function join(parts, indent, width)
  local flat = "{" .. table.concat(parts, ", ") .. "}"
  if #flat + #indent <= width and not flat:find("\n") then return flat end
  local inner = indent .. "  "
  return "{\n" .. inner .. table.concat(parts, ",\n" .. inner) .. ",\n" .. indent .. "}"
end

-- A table's entries count for `state.left` before those of the tables in it: what is nearer to the
-- top is shown rather.
local function items(t, state, indent)
  local parts, length, left = {}, rawlen(t), M.limits.items
  local deeper, keys = indent .. "  ", sorted_keys(t, rawlen(t))
  state.left = state.left - math.min(left, length + #keys)
  for i = 1, math.min(length, left) do
    parts[i] = format(rawget(t, i), state, deeper)
  end
  left = left - #parts
  for i = 1, math.min(#keys, left) do
    local k = keys[i]
    parts[#parts + 1] = key_text(k) .. " = " .. format(rawget(t, k), state, deeper)
  end
  local hidden = length + #keys - #parts
  if hidden > 0 then parts[#parts + 1] = ("%s %d more"):format(ELLIPSIS, hidden) end
  return parts
end

local function table_text(t, state, indent)
  if state.open[t] then return "<cycle>" end
  if next(t) == nil then return "{}" end
  if state.depth >= M.limits.depth or state.left <= 0 then return "{" .. ELLIPSIS .. "}" end
  state.open[t], state.depth = true, state.depth + 1
  local parts = items(t, state, indent)
  state.open[t], state.depth = nil, state.depth - 1
  return join(parts, indent, state.width)
end

function format(value, state, indent)
  local kind = type(value)
  if kind == "string" then return quoted(value) end
  if kind == "table" and not metafield(value, "__tostring") then
    return table_text(value, state, indent)
  end
  if kind == "function" or kind == "userdata" or kind == "table" then return M.brief(value) end
  return tostring(value)
end

--- show.value(value: any, width: integer?) -> string
--- A value as the prompt prints it.
--- > require("gradus.repl.show").value({1, {2, "three"}, x = {y = true}})
--- {1, {2, "three"}, x = {y = true}}
function M.value(value, width)
  local kind = type(value)
  if kind == "string" then return value end
  if kind == "function" then return require("gradus.help").describe_function(value) end
  if kind == "table" and not metafield(value, "__tostring") then
    return table_text(value, {open = {}, depth = 0, left = M.limits.all, width = width or 80}, "")
  end
  return own_text(value)
end

local plain = {number = true, string = true, boolean = true, ["nil"] = true}

--- show.results(results: table, width: integer?) -> string
--- Several results (`n` of them): numbers and short texts on one line between tabs; if there is
--- anything larger, such as a tensor, or the line is too wide, each on a line of its own.
--- > require("gradus.repl.show").results({n = 3, 1, nil, "x"})
--- 1	nil	x
--- > require("gradus.repl.show").results({n = 2, false, "why not"}, 10)
--- false
--- why not
function M.results(results, width)
  local texts, long = {}, false
  for i = 1, results.n do
    texts[i] = M.value(results[i], width)
    long = long or not plain[type(results[i])] or texts[i]:find("\n") ~= nil
  end
  local line = table.concat(texts, "\t")
  long = long or width and #line > width
  return long and table.concat(texts, "\n") or line
end

return M
