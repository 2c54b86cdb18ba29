-- SPDX-License-Identifier: GPL-3.0-or-later
-- The wall of a classroom: what one step of a lesson says, laid out in pages that fit the terminal. Text
-- stands in the middle with wide spacing; a picture has a page of its own and fills it. What
-- comes while the last page is on the wall is written there at once; what begins a new page waits
-- for the key that turns to it.

local figures = require("gradus.lesson.figure")
local markup = require("gradus.lesson.markup")
local show = require("gradus.lesson.show")

local WIDEST, MARGIN = 72, 4 -- columns of text, and the least that stays free beside them

local Wall = {}
Wall.__index = Wall

--- wall.new{write, clears, colour, size, figure} -> Wall
--- `size()` gives columns and rows, `figure(figure, spare)` shows a picture that leaves so many
--- lines free. Without `clears` nothing is cleared or placed.
function Wall.new(o)
  return setmetatable({o = o, pages = {}, at = 0}, Wall)
end

local function count(text)
  return select(2, text:gsub("\n", "")) + 1
end

-- --- how large a page is -------------------------------------------------------------------

function Wall:width()
  local columns = self.o.size()
  return math.max(24, math.min(WIDEST, columns - 2 * MARGIN))
end

-- The lines a page has for its text: the last two are for the keys.
function Wall:room()
  if not self.o.clears then return math.huge end
  local _, rows = self.o.size()
  return math.max(6, rows - 2)
end

local function widest(text)
  local most = 0
  for line in text:gsub("\27%[[%d;]*m", ""):gmatch("[^\n]+") do
    most = math.max(most, utf8.len(line) or #line)
  end
  return most
end

-- In the middle, as far as the widest line allows.
function Wall:centred(text)
  local columns = self.o.size()
  local left = math.max(MARGIN, (columns - self:width()) // 2)
  left = math.max(0, math.min(left, columns - 1 - widest(text)))
  return ((" "):rep(left) .. text:gsub("\n", "\n" .. (" "):rep(left))):gsub(" +\n", "\n")
end

-- --- text ------------------------------------------------------------------------------

local tight = {code = true, result = true, output = true, error = true, title = true, ["end"] = true}

-- An empty line between all lines, where a page has room for that.
local function spaced(text, room)
  local wide = text:gsub("\n+", "\n\n")
  return count(wide) <= room and wide or text
end

-- The page for n lines more: the last one, or a new one.
function Wall:page_for(n)
  local page = self.pages[#self.pages]
  if page and not page.figure and not page.closed and page.lines + n < self:room() then return page end
  page = {lines = 0}
  self.pages[#self.pages + 1] = page
  return page
end

-- An empty line above it, except between what a program prints line by line.
function Wall:put(page, text, kind)
  if #page > 0 and not (kind == "output" and page.kind == "output") then text = "\n" .. text end
  page.kind = kind
  page[#page + 1] = text
  page.lines = page.lines + count(text)
  if page == self.pages[self.at] then self.o.write(text .. "\n") end
end

-- What does not fit on any page is cut into pieces that do.
local function pieces(text, room)
  local list, piece = {}, {}
  for line in (text .. "\n"):gmatch("(.-)\n") do
    if #piece >= room - 2 then
      list[#list + 1] = table.concat(piece, "\n")
      piece = {}
    end
    piece[#piece + 1] = line
  end
  list[#list + 1] = table.concat(piece, "\n")
  return list
end

function Wall:text(block)
  local text = show.block(block, {width = self:width(), colour = self.o.colour})
  text = text:gsub("^\n+", ""):gsub("\n+$", "")
  if text == "" then return end
  local room = self:room()
  if not tight[block.kind] then text = spaced(text, room - 2) end
  text = self:centred(text)
  -- A program that goes on printing does so on the page it began on.
  local last = self.pages[#self.pages]
  if block.kind == "output" and last and not last.figure and self.at == #self.pages then
    self:put(last, text, block.kind)
  else
    for _, piece in ipairs(pieces(text, room)) do
      self:put(self:page_for(count(piece)), piece, block.kind)
    end
  end
  if self.at == 0 then self:show(1) end
end

-- --- pictures --------------------------------------------------------------------------

function Wall:picture(figure, caption)
  self.pages[#self.pages + 1] = {figure = figure, caption = caption or "", lines = 0}
  if self.at == 0 then self:show(1) end
end

function Wall:draw(page)
  local caption = ""
  if page.caption ~= "" then
    caption = self:centred(markup.terminal(page.caption, {width = self:width(), colour = self.o.colour}))
  end
  self.o.figure(page.figure, (caption ~= "" and count(caption) or 0) + 2)
  if caption ~= "" then self.o.write(caption .. "\n") end
end

-- --- turning ---------------------------------------------------------------------------

--- Wall:add(block)
--- Puts a block of a run on the wall.
function Wall:add(block)
  if block.kind == "variant" then return end
  if block.kind == "end" then block.score = {asked = 0} end -- nobody is marked here
  local figure = figures.of(block)
  if figure then return self:picture(figure, block.caption) end
  self:text(block)
end

--- Wall:show(n: integer)
--- Shows the n-th page.
function Wall:show(n)
  local page = self.pages[n]
  self.at = n
  self.o.write(self.o.clears and "\27[2J\27[3J\27[H" or "\n" .. ("-"):rep(72) .. "\n")
  if page.figure then return self:draw(page) end
  if self.o.clears then self.o.write("\n") end
  for _, text in ipairs(page) do self.o.write(text .. "\n") end
end

--- Wall:turn(by: integer) -> boolean
--- Turns to the next page (1) or the one before (-1); false where there is none.
function Wall:turn(by)
  if not self.pages[self.at + by] then return false end
  self:show(self.at + by)
  return true
end

--- Wall:last() -> boolean
--- Whether no page waits behind the one on the wall.
function Wall:last()
  return self.at >= #self.pages
end

--- Wall:clear()
--- Takes all pages down.
function Wall:clear()
  self.pages, self.at = {}, 0
end

--- Wall:close_page()
--- What comes next begins a new page; below a title there is room.
function Wall:close_page()
  local page = self.pages[#self.pages]
  if page and page.kind ~= "title" then page.closed = true end
end

--- Wall:status(text: string)
--- A line at the very bottom; what is said next goes on where the page ended.
function Wall:status(text)
  local columns, rows = self.o.size()
  if self.o.clears then text = text:sub(1, columns - 1) end
  text = markup.paint("dim", text, self.o.colour)
  if not self.o.clears then return self.o.write("\n" .. text .. " ") end
  self.o.write(("\n\27[A\0277\27[%d;1H\27[K%s"):format(rows, text))
end

--- Wall:go_on()
--- Takes the line at the bottom away.
function Wall:go_on()
  self.o.write(self.o.clears and "\r\27[K\0278\27[J" or "\n")
end

--- Wall:typed()
--- A line was typed on the page.
function Wall:typed()
  local page = self.pages[self.at]
  if page then page.lines, page.kind = page.lines + 1, "typed" end
end

return Wall
