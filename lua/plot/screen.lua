-- SPDX-License-Identifier: GPL-3.0-or-later
-- Where pictures are shown: a window, sixel in the terminal, text in the
-- terminal, or a file. Asked for once, and never guessed by gnuplot itself.

local gnuplot = require "gradus.gnuplot"
local near = require("gradus.options").nearest

local M = {}

local windows = {qt = true, wxt = true, x11 = true}
local files = {png = true, svg = true, pdf = true, gif = true, txt = true}
local other = {sixel = true, text = true, dumb = true, none = true, auto = true}

M.names = {"auto", "qt", "wxt", "x11", "sixel", "text", "dumb", "png", "svg", "pdf", "gif", "txt",
  "none"}

-- chosen: by the user; found: what `auto` came to; terminals: what gnuplot can do.
local state = {chosen = nil, found = nil, terminals = nil, told = {}}

--- Says a sentence once a session, to standard error.
function M.tell(sentence)
  if state.told[sentence] then return end
  state.told[sentence] = true
  io.stderr:write(sentence, "\n")
end

--- True if there is a gnuplot that starts; a sentence otherwise.
function M.has_gnuplot()
  if state.terminals then return true end
  local ok, reply = pcall(gnuplot.run, "print GPVAL_TERMINALS", 5)
  if not ok then
    if reply:find("interrupted", 1, true) then error(reply, 0) end
    return false, "gnuplot is not there, so pictures are drawn as text. Hint: sudo apt install " ..
      "gnuplot-nox (" .. reply .. ")"
  end
  state.terminals = {}
  for name in reply:gmatch("%S+") do state.terminals[name] = true end
  return true
end

--- True if gnuplot was built with a terminal.
function M.has_terminal(name)
  return M.has_gnuplot() and state.terminals[name] == true
end

--- The name by which gnuplot knows a window or a kind of file, the better one first.
local builds = {sixel = {"sixelgd"}, png = {"pngcairo", "png"}, pdf = {"pdfcairo", "pdf"}}

function M.terminal_of(name)
  for _, terminal in ipairs(builds[name] or {name}) do
    if M.has_terminal(terminal) then return terminal end
  end
  return nil
end

function M.size()
  local s = gnuplot.screen()
  return s
end

-- How long an answer of the terminal is waited for: over a slow line it may take longer.
local function milliseconds()
  return math.floor(math.min(tonumber(os.getenv("GRADUS_WAIT")) or 200, 1e6))
end

-- Asked where the system does not know: once, for the answer takes its time.
local function ask_cell(s)
  if state.cell == nil and s.rows > 0 and s.columns > 0 then
    local width, height = gnuplot.pixels(milliseconds())
    state.cell = width and {width / s.columns, height / s.rows} or false
  end
  return state.cell
end

--- screen.pixels() -> width, height
--- The pixels of the terminal, 0 and 0 where nobody knows.
function M.pixels()
  local s = M.size()
  if s.width > 0 and s.height > 0 then return s.width, s.height end
  local cell = ask_cell(s)
  if not cell then return 0, 0 end
  return math.floor(cell[1] * s.columns), math.floor(cell[2] * s.rows)
end

--- The colours that text may use: nil (none), "16", "256", "true".
function M.mode()
  local term = os.getenv("TERM") or "dumb"
  local no_color = os.getenv("NO_COLOR")
  if state.no_color or (no_color and no_color ~= "") or term == "dumb" then return nil end
  if not gnuplot.screen().output then return nil end
  local depth = os.getenv("COLORTERM") or ""
  if depth:match("truecolor") or depth:match("24bit") then return "true" end
  return term:match("256") and "256" or "16"
end

--- True where only ASCII can be shown: a locale that says so, or the Linux console, whose
--- letters have no braille.
function M.ascii()
  local locale = os.getenv("LC_ALL") or ""
  if locale == "" then locale = os.getenv("LC_CTYPE") or "" end
  if locale == "" then locale = os.getenv("LANG") or "" end
  if os.getenv("TERM") == "linux" then return true end
  if locale == "" then return false end
  return not locale:lower():match("utf%-?8")
end

--- Colours off, for --no-color.
function M.no_color(off)
  state.no_color = off
end

-- Asked once for all kinds of windows: a display that is silent takes a third of a second.
local function display_answers()
  local now = gnuplot.clock()
  if not state.asked or now - state.asked > 1 then
    state.answers = gnuplot.display(350)
    state.asked = gnuplot.clock()
  end
  return state.answers
end

local function usable_window(name)
  return not state.silent and M.has_terminal(name) and display_answers()
end

--- A window did not come up in time: windows are not tried again in this session.
function M.window_failed()
  state.silent, state.found = true, nil
end

local function find()
  if not gnuplot.screen().output then return "file" end
  local there, why = M.has_gnuplot()
  if not there then
    M.tell(why)
    return "text"
  end
  if os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY") then
    for _, name in ipairs {"qt", "wxt", "x11"} do
      if usable_window(name) then return name end
    end
  end
  if not M.mode() or not M.has_terminal("sixelgd") then return "text" end
  local sixel, asked = gnuplot.sixel(milliseconds())
  if not asked then return "text", true end
  return sixel and "sixel" or "text"
end

-- Found once; not kept when the terminal could not be asked.
local function automatic()
  if state.found then return state.found end
  local found, again = find()
  if not again then state.found = found end
  return found
end

-- What a wish comes to: a window needs a display, pictures need gnuplot.
local function grant(wish)
  if wish == "auto" or wish == "file" then return automatic() end
  if wish == "text" or wish == "txt" or wish == "none" then return wish end
  local there, why = M.has_gnuplot()
  if not there then
    M.tell(why)
    return gnuplot.screen().output and "text" or "txt"
  end
  if windows[wish] and not usable_window(wish) then
    local package = "gnuplot-" .. (wish == "wxt" and "x11" or wish)
    local reason = M.has_terminal(wish) and "no display answers" or
      ("this gnuplot has no '%s'. Hint: sudo apt install %s"):format(wish, package)
    M.tell(("no window: %s. The picture is shown in another way"):format(reason))
    return automatic()
  end
  if not windows[wish] and not M.terminal_of(wish) then
    M.tell(("this gnuplot has no '%s'. The picture is drawn as text"):format(wish))
    return "text"
  end
  return wish
end

-- GNUTERM may carry options: "qt size 800,600".
local function from_environment()
  local name = (os.getenv("GNUTERM") or ""):match("^%a%w*")
  if name == "sixelgd" then name = "sixel" end
  if name == "pngcairo" then name = "png" end
  if name == "pdfcairo" then name = "pdf" end
  return (windows[name] or files[name] or other[name]) and name or nil
end

--- The screen of the next picture: "qt", "wxt", "x11", "sixel", "text", "dumb", "none", or a
--- kind of file.
function M.now()
  local name = grant(state.chosen or from_environment() or "auto")
  if name ~= "file" then return name end
  local there, why = M.has_gnuplot()
  if there then return M.terminal_of("png") and "png" or "svg" end
  M.tell(why)
  return "txt"
end

function M.is_window(name)
  return windows[name] == true
end

function M.is_file(name)
  return files[name] == true
end

--- Sets the screen; nil or "auto" to choose by itself.
function M.choose(name)
  if name == nil then
    return
  end
  if type(name) ~= "string" or not (windows[name] or files[name] or other[name]) then
    local guess = type(name) == "string" and near(name, M.names)
    error(("plot.terminal: no screen is called '%s'.%s Screens: %s"):format(tostring(name),
      guess and (" Did you mean '%s'?"):format(guess) or "", table.concat(M.names, ", ")), 3)
  end
  state.chosen = name ~= "auto" and name or nil
  state.found = nil
end

--- Forgets what was found out, for tests and after gnuplot was installed.
function M.forget()
  state.found, state.terminals, state.silent, state.asked, state.told = nil, nil, nil, nil, {}
  state.cell = nil
end

return M
