-- SPDX-License-Identifier: GPL-3.0-or-later
-- The commands that every session has.

local command = require("gradus.repl.command")
local compile = require("gradus.repl.compile")
local options = require("gradus.options")
local show = require("gradus.repl.show")
local terminal = require("gradus.terminal")
local wrap = require("gradus.repl.wrap")

local M = {}

command.load_from("gradus.lesson.session",
  {"lesson", "next", "back", "hint", "solution", "skip", "restart", "where"})

local intro = [[
Type Lua; an expression prints its value, `;` at the end keeps quiet, _ is the last result.
?name explains, ??name shows source, ?*word* searches, TAB completes, TAB TAB shows signatures.
]]

local LONG_USAGE = 26 -- columns; a longer one has its line to itself

local function help_text(screen)
  local lines, width = {wrap.lines(intro, screen)}, 0
  local usages = {}
  for _, name in ipairs(command.names()) do
    local ok, definition = pcall(command.find, name)
    if ok and definition then usages[#usages + 1] = definition end
  end
  for _, d in ipairs(usages) do
    if #d.usage <= LONG_USAGE then width = math.max(width, #d.usage) end
  end
  for _, d in ipairs(usages) do
    local head = d.usage
    if #head > width then lines[#lines + 1], head = "  " .. head, "" end
    lines[#lines + 1] = wrap.lines(("  %s  %s"):format(head .. (" "):rep(width - #head),
      d.doc:match("^(.-%.)%s") or d.doc), screen, width + 4)
  end
  return table.concat(lines, "\n")
end

local function help(rest, session)
  local definition = rest ~= "" and command.find(rest:gsub("^:", ""))
  if definition then
    session:write_words(definition.usage .. "\n" .. definition.doc)
  elseif rest ~= "" then
    session:write(require("gradus.help").answer("?" .. rest) .. "\n")
  else
    session:write(help_text((terminal.size())) .. "\n")
  end
end

-- :who ------------------------------------------------------------------------------------

local function bytes_text(n)
  if n < 1024 then return ("%d B"):format(n) end
  if n < 1024 ^ 2 then return ("%.1f KB"):format(n / 1024) end
  if n < 1024 ^ 3 then return ("%.1f MB"):format(n / 1024 ^ 2) end
  return ("%.2f GB"):format(n / 1024 ^ 3)
end

local function tensor_row(value)
  local wide = value:dtype() == "float64" and 8 or 4
  return {"tensor", table.concat(value:size(), "x"), value:dtype(),
    bytes_text(value:numel() * wide)}
end

-- A net counts its parameters.
local function net_row(value)
  local mt = getmetatable(value)
  if type(value) ~= "table" or type(mt) ~= "table" then return nil end
  local ok, parameters = pcall(function() return value:parameters() end)
  if not ok or type(parameters) ~= "table" then return nil end
  local elements, bytes = 0, 0
  for _, p in ipairs(parameters) do
    elements = elements + p:numel()
    bytes = bytes + p:numel() * (p:dtype() == "float64" and 8 or 4)
  end
  local kind = rawget(mt, "__name") or tostring(value):match("^[%w_.]+") or "object"
  return {kind, ("%d parameters"):format(elements), "", bytes_text(bytes)}
end

local function row_of(value)
  local core = package.loaded["gradus.core"]
  if core and core.is_tensor(value) then return tensor_row(value) end
  local net = net_row(value)
  if net then return net end
  local kind = type(value)
  if kind == "string" then return {kind, ("%d bytes"):format(#value), "", ""} end
  if kind == "function" then return {kind, "", "", ""} end
  local text = show.brief(value)
  local mt = debug.getmetatable(value)
  local name = kind == "table" and type(mt) == "table" and rawget(mt, "__name")
  if #text > 40 then text = text:sub(1, 37) .. "..." end
  return {type(name) == "string" and name or kind, (text:gsub("^table, ", "")), "", ""}
end

--- The rows of :who as text in columns; nil if there are no variables.
local function table_of(variables)
  local rows, widths = {}, {0, 0, 0, 0, 0}
  for _, name in ipairs(options.keys(variables)) do
    local row = {name, table.unpack(row_of(variables[name]))}
    for i = 1, 5 do widths[i] = math.max(widths[i], #row[i]) end
    rows[#rows + 1] = row
  end
  for i, row in ipairs(rows) do
    local cells = {}
    for j = 1, 5 do cells[j] = row[j] .. (" "):rep(widths[j] - #row[j]) end
    rows[i] = table.concat(cells, "  "):gsub("%s+$", "")
  end
  return rows[1] and table.concat(rows, "\n")
end

local function who(_, session)
  session:write((table_of(session:variables()) or "no variables yet") .. "\n")
end

-- :time and :bench ------------------------------------------------------------------------

local function seconds_text(s)
  if s < 1e-6 then return ("%.0f ns"):format(s * 1e9) end
  if s < 1e-3 then return ("%.1f us"):format(s * 1e6) end
  if s < 1 then return ("%.2f ms"):format(s * 1e3) end
  return ("%.2f s"):format(s)
end

local function time(rest, session)
  if rest == "" then error("usage: :time CODE", 0) end
  local outcome = session:evaluate(rest)
  session:keep(outcome)
  session:show(outcome)
  if outcome.ok then session:write(seconds_text(outcome.seconds) .. "\n") end
end

local function run_times(chunk, n)
  local started = terminal.seconds()
  for _ = 1, n do chunk() end
  return (terminal.seconds() - started) / n
end

-- As many calls as fill about 20 ms, 15 times or as often as fits into two seconds.
local function measure(chunk)
  local once = run_times(chunk, 1)
  local n = math.max(1, math.floor(0.02 / math.max(once, 1e-8)))
  n = math.max(1, math.floor(0.02 / math.max(run_times(chunk, math.min(n, 1000)), 1e-8)))
  local times, limit = {}, terminal.seconds() + 2
  repeat
    times[#times + 1] = run_times(chunk, n)
  until #times >= 15 or (terminal.seconds() > limit and #times >= 3)
  table.sort(times)
  return times, n
end

local function bench(rest, session)
  if rest == "" then error("usage: :bench CODE", 0) end
  local chunk, failure = compile.load(rest, "=" .. session:next_input(rest))
  if not chunk then error(failure.message, 0) end
  local times, n = measure(chunk)
  session:write(("median %s, fastest %s, slowest %s (%d x %d runs)\n"):format(
    seconds_text(times[(#times + 1) // 2]), seconds_text(times[1]),
    seconds_text(times[#times]), #times, n))
end

-- Files -----------------------------------------------------------------------------------

local function expand(path)
  local home = os.getenv("HOME")
  return home and path:gsub("^~%f[/%z]", (home:gsub("%%", "%%%%"))) or path
end

local function open(path, mode)
  local file, why = io.open(path, mode)
  if not file then error(why, 0) end
  return file
end

local function read_all(path)
  local file <close> = open(path, "r")
  local text, why = file:read("a")
  if not text then error(("%s: %s"):format(path, why), 0) end
  return (text:gsub("^#[^\n]*", ""))
end

local function load_file(rest, session)
  if rest == "" then error("usage: :load FILE", 0) end
  local path = expand(rest)
  local text = read_all(path)
  session.sources[path] = text
  local chunk, why = load(text, "@" .. path, "t")
  if not chunk then error(why, 0) end
  chunk()
  session.worked[#session.worked + 1] = ("dofile(%q)"):format(path)
end

local function script_of(session)
  local parts = {}
  for i, text in ipairs(session.worked) do parts[i] = compile.for_script(text) end
  local body = table.concat(parts, "\n") .. "\n"
  local shows = ("\n" .. body):find("[\n ]show%(") or ("\n" .. body):find("[\n ]keep%(")
  return "#!/usr/bin/env gradus\n" .. (shows and compile.script_head or "") .. body
end

local function save(rest, session)
  if rest == "" then error("usage: :save FILE", 0) end
  local path = expand(rest)
  do
    local file <close> = open(path, "w")
    file:write(script_of(session))
  end
  session:write(("%d inputs saved as %s\n"):format(#session.worked, rest))
end

local function editor_of()
  for _, variable in ipairs{"VISUAL", "EDITOR"} do
    local value = os.getenv(variable)
    if value and value:find("%S") then return value end
  end
  return "vi"
end

local function run_editor(path)
  local editor = editor_of()
  local quoted = "'" .. path:gsub("'", [['\'']]) .. "'"
  local ok, _, code = os.execute(editor .. " " .. quoted)
  if not ok then error(("%s ended with code %s"):format(editor, tostring(code)), 0) end
end

local function edit(rest, session)
  if rest ~= "" then
    run_editor(expand(rest))
    return load_file(rest, session)
  end
  local path = os.tmpname()
  do
    local file <close> = open(path, "w")
    file:write(session.worked[#session.worked] or "", "\n")
  end
  local ok, why = pcall(run_editor, path)
  local text = ok and read_all(path):gsub("%s+$", "")
  os.remove(path)
  if not ok then error(why, 0) end
  session:write(text .. "\n")
  if session.interactive and text ~= "" then terminal.add_history(text) end
  session:process(text)
end

local function log_off(session)
  session.log = nil
  terminal.copy_to(nil)
end

local function log(rest, session)
  if rest == "off" then return log_off(session) end
  local name = rest:match("^on%s+(.+)$")
  if not name then error("usage: :log on FILE, :log off", 0) end
  log_off(session)
  terminal.copy_to(expand(name))
  session.log = true
end

-- Settings --------------------------------------------------------------------------------

local function reset(_, session)
  for name in pairs(session:variables()) do rawset(_G, name, nil) end
  for name, value in pairs(session.baseline) do rawset(_G, name, value) end
  for i = 1, session.kept or 0 do rawset(_G, "_" .. i, nil) end
  rawset(_G, "_", nil)
  session.worked = {}
  collectgarbage()
end

local function number_setting(name)
  return function(rest, session)
    local settings = require("gradus.gradus")
    local n = math.tointeger(tonumber(rest))
    if rest ~= "" and not n then error(("usage: :%s [N], a whole number"):format(name), 0) end
    session:write(tostring(settings[name](n)) .. "\n")
    if n then session.worked[#session.worked + 1] = ("gradus.%s(%d)"):format(name, n) end
  end
end

local function plot_terminal(rest, session)
  local plot = require("gradus.plot")
  if rest == "" then error("usage: :plot TERMINAL, for example :plot text", 0) end
  local answer = plot.terminal(rest)
  if answer then session:write(tostring(answer) .. "\n") end
end

local function quit(_, session)
  session:quit(0)
end

local function file_names(word)
  return require("gradus.repl.files").names(word)
end

-- name, usage, doc, run, complete
local rows = {
  {"help", ":help [NAME]", "Lists the commands, or explains one. Also explains a name like ?name.",
    help, function() return command.names() end},
  {"who", ":who", "Your variables with kind, shape, type and size.", who},
  {"time", ":time CODE", "Runs code once and says how long it took.", time},
  {"bench", ":bench CODE", "Runs code many times and says the median time of one run.", bench},
  {"load", ":load FILE", "Runs a Lua file in this session.", load_file, file_names},
  {"edit", ":edit [FILE]", "Opens the last input, or a file, in $VISUAL or $EDITOR, then runs it.",
    edit, file_names},
  {"save", ":save FILE", "Writes the inputs that worked as a script that runs.", save, file_names},
  {"log", ":log on FILE | off", "Keeps a transcript of the session in a file. What other programs "
    .. "print, started by os.execute, is not in it.", log, file_names},
  {"reset", ":reset", "Forgets all your variables. The seed and the settings stay.", reset},
  {"seed", ":seed [N]", "Starts the random numbers anew from a seed, or tells it.",
    number_setting("seed")},
  {"threads", ":threads [N]", "Sets or tells the number of threads of the kernels.",
    number_setting("threads")},
  {"plot", ":plot TERMINAL", "Chooses where pictures go, such as text, sixel or qt.",
    plot_terminal},
  {"quit", ":quit", "Leaves gradus. Ctrl-D does, too.", quit},
}

for _, row in ipairs(rows) do
  command.define{name = row[1], usage = row[2], doc = row[3], run = row[4], complete = row[5]}
end

return M
