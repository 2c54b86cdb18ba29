-- SPDX-License-Identifier: GPL-3.0-or-later
-- The gnuplot text and the drawing with characters of every picture, exactly as in golden/. To
-- write them anew after a wanted change: `WRITE_GOLDEN=1 gradus tests/plot/golden.lua`, then read the diff.

local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
local pictures = dofile(folder .. "pictures.lua")

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read("a") or ""
  if file then file:close() end
  return text
end

local function first_difference(a, b)
  local n, lines = 0, {}
  for line in (b .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
  for line in (a .. "\n"):gmatch("(.-)\n") do
    n = n + 1
    if line ~= lines[n] then return n, line, lines[n] or "(end)" end
  end
  return n, "(end)", lines[n + 1]
end

local wrong = 0
for _, picture in ipairs(pictures) do
  local name, fig = picture[1], picture[2]
  local text = fig:script() .. "\n" .. fig:text{columns = 72, rows = 20} .. "\n\n" ..
    fig:text{columns = 60, rows = 16, ascii = true} .. "\n"
  local path = folder .. "golden/" .. name .. ".txt"
  if os.getenv("WRITE_GOLDEN") then
    local file = assert(io.open(path, "wb"))
    file:write(text)
    file:close()
  elseif read(path) ~= text then
    wrong = wrong + 1
    print(("%s: line %d: got '%s', expected '%s'"):format(name, first_difference(text, read(path))))
  end
end
print(#pictures, wrong)
-- expect: 53	0
-- Units and axis names are always there: every panel that has axes names both.
for _, picture in ipairs(pictures) do
  for i, panel in ipairs(picture[2].grid or {picture[2]}) do
    if not panel.bare and not (panel.x.label and panel.y.label) then
      print(("%s: panel %d has an axis without a name"):format(picture[1], i))
    end
  end
end
-- No picture is left out.
local source = read(folder .. "pictures.lua")
local no_pictures = {terminal = true, theme = true, size = true, live = true, animate = true, close = true}
for name, value in pairs(plot) do
  if type(value) == "function" and not no_pictures[name] and not source:find("plot." .. name .. "(", 1, true) then
    print("no picture by plot." .. name)
  end
end
