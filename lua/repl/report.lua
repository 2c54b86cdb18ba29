-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the prompt says about an error: the message, the lines of the student's own code that
-- led to it, and for a syntax error a caret where the parser stopped.

local color = require("gradus.repl.color")
local terminal = require("gradus.terminal")

local M = {}

local MAX_FRAMES = 8

local AGAIN = "  and so on" -- for the frames of a function that calls itself

local library = terminal.library_folder()

local function is_own(info)
  local source = info.source
  if info.what == "C" then return false end
  if source:sub(1, 1) == "@" then return source:sub(2, #library + 1) ~= library end
  return source:find("^=input %d") or source == "=stdin" or source == "=-e"
end

local function frame_of(info)
  return {place = info.short_src, line = info.currentline, name = info.name,
    main = info.what == "main"}
end

--- report.handler(value: any) -> table
--- A message handler: keeps the error value with the student's frames, innermost first.
function M.handler(value)
  if type(value) == "table" and rawget(value, "gradus_error") then return value end
  local frames, level = {}, 2
  while #frames < MAX_FRAMES do
    local info = debug.getinfo(level, "Sln")
    if not info then break end
    if is_own(info) then frames[#frames + 1] = frame_of(info) end
    level = level + 1
  end
  return {gradus_error = true, value = value, frames = frames}
end

-- Error positions that Lua puts before a message: "input 3:1: ", "/path/file.lua:12: ".
local function without_position(message)
  local place, line, rest = message:match("^([^\n:]+):(%d+): (.*)$")
  if not place then return message end
  local own = place:find("^input %d+$") or place == "stdin" or place == "-e"
  if own or place:sub(1, #library) == library or place:find("^%.%.%.") then
    return rest, place, tonumber(line)
  end
  return message
end

-- A way out for messages of Lua's own that show none: what is put behind them.
local ways_out = {
  -- `net.eval()`, as Python would write it: the method misses its object.
  ["^attempt to index a nil value %(local 'self'%)$"] = "a method is called with a colon: net:eval()",
  ["^attempt to call a table value %(for iterator"] = "a list is walked with: for i, v in ipairs(list) do",
  ["^bad argument #%d+ to '(%w+)' %(number expected, got tensor%)$"] = function(name)
    local method = require("gradus.core").methods[name]
    return method and ("tensors have their own: x:%s()"):format(name) or "x:item() gives a tensor's one number"
  end,
}

local function with_way_out(message)
  for pattern, way in pairs(ways_out) do
    local found = message:match(pattern)
    if found then return message .. "; " .. (type(way) == "string" and way or way(found)) end
  end
  return message
end

-- Lua lists every file it has looked for.
local function without_list(message)
  local name = message:match("^module '([^\n']*)' not found:\n")
  if not name then return message end
  if name:find("^torch") or name:find("^numpy") or require("gradus.init").is_part[name] then
    return ("module '%s' is not there. Nothing is to be required: tensor, nn, optim, data and plot are there")
      :format(name)
  end
  return ("module '%s' is not there: no %s.lua in this folder or in those of package.path"):format(
    name, (name:gsub("%.", "/")))
end

--- report.message(value: any) -> string
--- An error value as one text, without the position that Lua puts before it.
function M.message(value)
  if value == nil then return "an error without a message" end
  if type(value) == "string" then -- coroutine.wrap puts a second position before the first
    return without_list(with_way_out((without_position((without_position(value))))))
  end
  local mt = debug.getmetatable(value)
  if type(value) == "table" and not (mt and mt.__tostring) then
    return "error value: " .. require("gradus.repl.show").value(value, 70)
  end
  local ok, text = pcall(tostring, value)
  return ok and text or "an error whose __tostring fails"
end

local function line_of(sources, frame)
  local n = 0
  for line in ((sources[frame.place] or "") .. "\n"):gmatch("(.-)\n") do
    n = n + 1
    if n == frame.line then return line end
  end
  return nil
end

local function source_line(sources, frame)
  local line = line_of(sources, frame)
  return line and ": " .. line:match("^%s*(.-)%s*$") or ""
end

-- The name that a message says is missing, behind a dot or a colon.
local function missing_name(message)
  if message:find("[Dd]id you mean") then return nil end
  return message:match("nil value %(method '([%w_]+)'%)") or message:match("nil value %(field '([%w_]+)'%)")
    or message:match("no field or method '([%w_]+)'")
end

--- report.nearest(line: string, name: string) -> string?
--- For `name` behind a dot or colon in a line of code: the nearest name that exists there, as far
--- as globals lead.
--- > require("gradus.repl.report").nearest("y = math.sine(2)", "sine")
--- sin
function M.nearest(line, name)
  for path, mark in line:gmatch("([%a_\"'%(][%w_%.:%[%]\"'%)]*)([.:])" .. name .. "%f[^%w_]") do
    local known = require("gradus.repl.complete").known(path .. mark)
    local near = require("gradus.options").nearest(name, known)
    if near then return near end
  end
  return nil
end

-- `t:sum()` for a table of numbers.
local function with_tensor(message, line)
  local method = message:match("^attempt to call a nil value %(method '([%w_]+)'%)$")
  local name = method and line:match("([%a_][%w_]*):" .. method .. "%f[^%w_]")
  local value = name and rawget(_G, name)
  if type(value) ~= "table" or getmetatable(value) or type(value[1]) ~= "number" then return message end
  local ok, found = pcall(function() return tensor{0}[method] end)
  return ok and found and ("%s; a table has no methods, a tensor has: tensor(%s):%s()"):format(
    message, name, method) or message
end

local function with_nearest(message, sources, frame)
  message = message:gsub("field 'integer index'", "an entry by its number")
  local name = frame and missing_name(message)
  local line = name and line_of(sources, frame)
  local ok, near = pcall(M.nearest, line or "", name or "")
  if line and ok and near then return ("%s; did you mean `%s`?"):format(message, near) end
  return with_tensor(message, line or "")
end

local function frame_text(sources, frame)
  local where = frame.name and not frame.main and (" in function '%s'"):format(frame.name) or ""
  return ("  %s:%d%s%s"):format(frame.place, frame.line, where, source_line(sources, frame))
end

--- report.runtime(failure: table, sources: table) -> string
--- The text for an error that `handler` has kept. `sources` maps places to their text.
function M.runtime(failure, sources)
  local message = with_nearest(M.message(failure.value), sources, failure.frames[1])
  local lines = {color.paint("error", message)}
  local before
  for _, frame in ipairs(failure.frames) do
    local text = frame_text(sources, frame)
    if text ~= before then
      lines[#lines + 1] = color.paint("note", text)
    elseif lines[#lines] ~= AGAIN then
      lines[#lines + 1] = AGAIN
    end
    before = text
  end
  return table.concat(lines, "\n")
end

-- The blanks that put a caret below byte column `column` of a line.
local function below(line, column)
  local before = line:sub(1, column - 1)
  local width = utf8.len(before) or #before
  return (" "):rep(width)
end

--- report.syntax(failure: table, text: string, place: string) -> string
--- The text for an input the parser refuses, with the line and a caret.
function M.syntax(failure, text, place)
  local lines = {color.paint("error", failure.message)}
  local n = 0
  for line in (text .. "\n"):gmatch("(.-)\n") do
    n = n + 1
    if n == failure.line and #line <= 400 then
      line = line:gsub("\t", " ")
      local head = ("  %s:%d: "):format(place, n)
      lines[2] = color.paint("note", head) .. line
      if failure.column then
        lines[3] = (" "):rep(#head) .. below(line, failure.column) .. color.paint("caret", "^")
      end
    end
  end
  return table.concat(lines, "\n")
end

return M
