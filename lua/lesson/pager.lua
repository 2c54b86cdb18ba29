-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keeps a page of a lesson from running off a small terminal: before something is written that
-- would push out what nobody has read yet, Enter is waited for.

local terminal = require("gradus.terminal")
local output = require("gradus.plot.output")
local screen = require("gradus.plot.screen")

local M = {
  LEAST_PICTURE = 15, -- lines; a picture made smaller than that is hard to read
  BELOW_CODE = 12, -- lines; but one stays on the page of its code, even if it gets as small as that
  CAPTION = 3, -- lines that stay free below a picture
}
M.WITH_CAPTION = M.LEAST_PICTURE + M.CAPTION

local Pager = {}
Pager.__index = Pager


local function count(text)
  local _, n = text:gsub("\n", "")
  return n
end

--- pager.new(session, paint: function) -> Pager
--- Counts what a session writes, from now on.
function M.new(session, paint)
  local sink = session.sink
  local pager = setmetatable({session = session, sink = sink, paint = paint, lines = 0}, Pager)
  session.sink = function(text)
    pager.lines = pager.lines + count(text)
    sink(text)
  end
  return pager
end

--- Pager:close()
--- Lets the session write as before.
function Pager:close()
  self.session.sink = self.sink
end

--- Pager:top()
--- The student has read all there is: what follows has the screen to itself.
function Pager:top()
  self.lines = 0
end

-- What was typed instead of Enter is kept for the prompt.
local function wait(self)
  local line, why = terminal.read(self.paint("-- Enter goes on "))
  if line and line:find("%S") then self.session.typed_ahead = line end
  if not line and why ~= "interrupt" then self.over = true end
  if why == "eof" then self.session:quit(0) end
  self:top()
end

--- Pager:room(lines: integer)
--- Waits for Enter if so many lines more do not fit.
function Pager:room(lines)
  if self.over or self.session.typed_ahead or self.lines == 0 then return end
  local _, rows = terminal.size()
  if self.lines + lines > rows - 2 then wait(self) end
end

--- Pager:filled()
--- A picture was shown on this screen that fills a terminal.
function Pager:filled()
  local name = screen.now()
  if screen.is_window(name) or screen.is_file(name) or name == "none" then return end
  self.lines = select(2, terminal.size())
end

--- Pager:picture(figure)
--- Shows a figure; one drawn with characters as large as the rest of the page allows.
function Pager:picture(figure)
  if screen.now() ~= "text" then
    figure:show()
    return self:filled()
  end
  local _, rows = terminal.size()
  self:room(M.BELOW_CODE + M.CAPTION)
  local spare = math.max(0, math.min(self.lines + M.CAPTION, rows - 2 - M.BELOW_CODE))
  self.session:write(output.terminal_text(figure, spare) .. "\n")
end

return M
