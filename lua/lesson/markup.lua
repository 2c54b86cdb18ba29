-- SPDX-License-Identifier: GPL-3.0-or-later
-- The light markup of lesson texts. Paragraphs are separated by empty lines; `# ` begins a
-- heading, `- ` an item; a line indented by four or more is a formula and kept as it is.
-- Inside a paragraph *stars* give emphasis and `backquotes` code.
--
-- A text is first parsed into blocks {kind = "p" | "h" | "li" | "pre", ...}, whose spans are
-- {kind = "plain" | "em" | "code", text = ...}; terminal, Markdown and HTML are made from them.

local M = {}

-- Removes the indentation that all lines share, and empty lines at both ends.
local function dedent(text)
  text = text:gsub("\r", ""):gsub("\t", "  "):gsub("^[ ]*\n", ""):gsub("%s+$", "")
  local least
  for line in (text .. "\n"):gmatch("(.-)\n") do
    if line:find("%S") then
      local n = #line:match("^ *")
      least = math.min(least or n, n)
    end
  end
  if not least or least == 0 then return text end
  local prefix = (" "):rep(least)
  return ("\n" .. text):gsub("\n" .. prefix, "\n"):sub(2)
end

--- markup.dedent(text: string) -> string
--- The text without the indentation that all its lines share.
M.dedent = dedent

local function spans(text)
  local result, at = {}, 1
  local function add(kind, piece)
    if piece ~= "" then result[#result + 1] = {kind = kind, text = piece} end
  end
  while at <= #text do
    local from = text:find("[`*]", at)
    if not from then break end
    local mark = text:sub(from, from)
    local stop = text:find(mark, from + 1, true)
    local opens = mark == "`" or text:find("^%*%S", from) and not text:find("^[%w)]", from - 1)
    if from == 1 and mark == "*" then opens = text:find("^%*%S", from) end
    local closes = stop and stop > from + 1 and (mark == "`" or text:find("^%S", stop - 1))
    if opens and closes then
      add("plain", text:sub(at, from - 1))
      add(mark == "`" and "code" or "em", text:sub(from + 1, stop - 1))
      at = stop + 1
    else
      add("plain", text:sub(at, from))
      at = from + 1
    end
  end
  add("plain", text:sub(at))
  return result
end

local function kind_of(line)
  if line:find("^    ") then return "pre", line:sub(5) end
  local heading = line:match("^#+%s+(.*)")
  if heading then return "h", heading end
  local item = line:match("^%-%s+(.*)")
  if item then return "li", item end
  return "p", line:match("^%s*(.*)")
end

local joins = {p = {p = true, li = true}, pre = {pre = true}}

--- markup.parse(text: string) -> {block, ...}
--- Splits a text into blocks.
function M.parse(text)
  local blocks, open = {}, nil
  for line in (dedent(text) .. "\n"):gmatch("(.-)\n") do
    local kind, body = kind_of(line)
    if not line:find("%S") then
      if open and open.kind == "pre" then open.gap = true else open = nil end
    elseif open and joins[kind] and joins[kind][open.kind] then
      open.text = open.text .. (kind == "pre" and (open.gap and "\n\n" or "\n") or " ") .. body
      open.gap = nil
    else
      open = {kind = kind, text = body}
      blocks[#blocks + 1] = open
    end
  end
  for _, block in ipairs(blocks) do
    block.spans = block.kind == "pre" and {{kind = "plain", text = block.text}} or spans(block.text)
  end
  return blocks
end

-- --- terminal ---------------------------------------------------------------------------

local on = {em = "\27[1m", code = "\27[36m", h = "\27[1;4m", pre = "\27[36m", dim = "\27[2m",
  good = "\27[32m", bad = "\27[33m"}
local off = "\27[0m"

--- markup.paint(style: string, text: string, colour: boolean) -> string
--- The text in one of the styles em, code, h, pre, dim, good, bad, if colour is wanted.
function M.paint(style, text, colour)
  return colour and on[style] and on[style] .. text .. off or text
end

-- What stands on the screen for a span: without colour its marks stay.
local function visible(span, colour)
  if colour or span.kind == "plain" then return span.text end
  local mark = span.kind == "code" and "`" or "*"
  return mark .. span.text .. mark
end

-- Words with their width, styled; code is one word, and a word may be made of several spans.
local function words(list, colour)
  local result, glue = {}, false
  local function add(shown, width)
    local last = result[#result]
    if glue and last then
      last.shown, last.width = last.shown .. shown, last.width + width
    else
      result[#result + 1] = {shown = shown, width = width}
    end
  end
  for _, span in ipairs(list) do
    local text = visible(span, colour)
    glue = glue and not text:find("^%s")
    for word in text:gmatch(span.kind == "code" and ".+" or "%S+") do
      add(M.paint(span.kind, word, colour), utf8.len(word) or #word)
      glue = false
    end
    glue = span.kind == "code" or not text:find("%s$")
  end
  return result
end

local function fill(list, width, first, rest)
  local lines, line, used = {}, first, #first
  local empty = true
  for _, word in ipairs(list) do
    if not empty and used + 1 + word.width > width then
      lines[#lines + 1] = line
      line, used, empty = rest, #rest, true
    end
    line = line .. (empty and "" or " ") .. word.shown
    used = used + (empty and 0 or 1) + word.width
    empty = false
  end
  lines[#lines + 1] = line
  return lines
end

local shapes = {p = {"", ""}, li = {"  - ", "    "}, h = {"", ""}}

local function block_lines(block, width, colour, lines)
  if block.kind == "pre" then
    for line in (block.text .. "\n"):gmatch("(.-)\n") do
      lines[#lines + 1] = line == "" and "" or "    " .. M.paint("pre", line, colour)
    end
    return
  end
  local list = block.kind == "h" and {{shown = M.paint("h", block.text, colour),
    width = utf8.len(block.text) or #block.text}} or words(block.spans, colour)
  local shape = shapes[block.kind]
  for _, line in ipairs(fill(list, width, shape[1], shape[2])) do lines[#lines + 1] = line end
end

--- markup.terminal(text: string, {width: integer = 80, colour: boolean = false}) -> string
--- The text in lines of at most `width` columns.
--- > require("gradus.lesson.markup").terminal("a *b* `c d`", {width = 20})
--- a *b* `c d`
function M.terminal(text, given)
  local o = given or {}
  local lines = {}
  local previous
  for _, block in ipairs(M.parse(text)) do
    if previous and not (previous == "li" and block.kind == "li") then lines[#lines + 1] = "" end
    block_lines(block, o.width or 80, o.colour, lines)
    previous = block.kind
  end
  return table.concat(lines, "\n")
end

-- --- Markdown and HTML ------------------------------------------------------------------

local entities = {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;"}

--- markup.escape(text: string) -> string
--- The text with HTML's special characters replaced.
--- > require("gradus.lesson.markup").escape("a < b")
--- a &lt; b
function M.escape(text)
  return (text:gsub('[&<>"]', entities))
end

local tags = {em = "em", code = "code"}

local function inline_html(list)
  local parts = {}
  for i, span in ipairs(list) do
    local tag, body = tags[span.kind], M.escape(span.text)
    parts[i] = tag and ("<%s>%s</%s>"):format(tag, body, tag) or body
  end
  return table.concat(parts)
end

local html = {
  p = function(b) return "<p>" .. inline_html(b.spans) .. "</p>" end,
  h = function(b) return "<h2>" .. M.escape(b.text) .. "</h2>" end,
  li = function(b) return "<li>" .. inline_html(b.spans) .. "</li>" end,
  pre = function(b) return '<pre class="formula">' .. M.escape(b.text) .. "</pre>" end,
}

--- markup.html(text: string) -> string
--- The text as HTML paragraphs.
--- > require("gradus.lesson.markup").html("a *b*")
--- <p>a <em>b</em></p>
function M.html(text)
  local parts, inside = {}, false
  for _, block in ipairs(M.parse(text)) do
    local item = block.kind == "li"
    if item ~= inside then parts[#parts + 1] = item and "<ul>" or "</ul>" end
    inside = item
    parts[#parts + 1] = html[block.kind](block)
  end
  if inside then parts[#parts + 1] = "</ul>" end
  return table.concat(parts, "\n")
end

local markdown = {
  p = function(b) return b.text end,
  h = function(b) return "## " .. b.text end,
  li = function(b) return "- " .. b.text end,
  pre = function(b) return "```\n" .. b.text .. "\n```" end,
}

--- markup.markdown(text: string) -> string
--- The text as Markdown.
--- > require("gradus.lesson.markup").markdown("# Title")
--- ## Title
function M.markdown(text)
  local parts, previous = {}, nil
  for _, block in ipairs(M.parse(text)) do
    local close = previous == "li" and block.kind == "li"
    if previous then parts[#parts + 1] = close and "\n" or "\n\n" end
    parts[#parts + 1] = markdown[block.kind](block)
    previous = block.kind
  end
  return table.concat(parts)
end

return M
