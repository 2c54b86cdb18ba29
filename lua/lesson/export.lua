-- SPDX-License-Identifier: GPL-3.0-or-later
-- A lesson as a handout: one Markdown or HTML file with its pictures inside, made from a batch
-- run. Questions are numbered; their answers stand at the end.

local batch = require("gradus.lesson.batch")
local guest = require("gradus.guest")
local markup = require("gradus.lesson.markup")

local M = {}

local base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function base64(bytes)
  local parts = {}
  for i = 1, #bytes, 3 do
    local a, b, c = bytes:byte(i, i + 2)
    local n = a << 16 | (b or 0) << 8 | (c or 0)
    for k = 0, 3 do
      local d = n >> (18 - 6 * k) & 63
      local empty = k == 2 and not b or k == 3 and not c
      parts[#parts + 1] = empty and "=" or base64_digits:sub(d + 1, d + 1)
    end
  end
  return table.concat(parts)
end

local function picture_bytes(figure, kind, o)
  local path = os.tmpname()
  local file = path .. "." .. kind
  local ok, why = pcall(figure.save, figure, file, o)
  local handle = ok and io.open(file, "rb")
  local bytes = handle and handle:read("a")
  if handle then handle:close() end
  os.remove(file)
  os.remove(path)
  return bytes, why
end

-- The figure as the source of an image, or nil where gnuplot is missing. A figure that has a size
-- of its own keeps its shape: several rows of panels need the height.
local function image_source(figure)
  local width, height = rawget(figure, "width"), rawget(figure, "height")
  local shape = width and height and height / width or 0.56
  local bytes = picture_bytes(figure, "png", {width = 1000, height = math.floor(1000 * shape)})
  return bytes and "data:image/png;base64," .. base64(bytes)
end

local function text_of(values)
  return require("gradus.lesson.show").values(values, 80)
end

-- Blocks that open a new part of the page; what comes between a typed answer and the next of
-- these belongs to the answer.
local opens = {text = true, code = true, question = true, try = true, title = true}
local dropped = {pause = true, ["end"] = true, wrong = true, hint = true}

local function answer_block(block, number)
  if block.kind == "typed" then return {kind = "typed", text = block.text, number = number} end
  if block.kind == "right" or block.kind == "explain" then
    return block.text and block.text ~= "" and {kind = "explain", text = block.text} or nil
  end
  return block
end

-- Runs the lesson; returns its blocks, with the questions numbered and the answers apart.
local function gather(lesson, o)
  local page, answers, number, asked = {}, {}, 0, false
  local function out(block)
    if dropped[block.kind] then return end
    if block.kind == "figure" then block.source = image_source(block.figure) end
    if block.kind == "question" then
      number = number + 1
      block.number = number
    end
    if block.kind == "typed" then asked = true end
    if opens[block.kind] and not block.after then asked = false end
    if asked then
      answers[#answers + 1] = answer_block(block, number)
    else
      page[#page + 1] = block
    end
  end
  batch.run(lesson, {seed = o.seed, trust = o.trust, out = out})
  return page, answers
end

-- --- HTML ------------------------------------------------------------------------------------

local style = [[
@page { size: A4; margin: 18mm 20mm; }
* { box-sizing: border-box; }
body { font: 11pt/1.5 Georgia, "DejaVu Serif", serif; color: #1c1c1c; max-width: 46em;
  margin: 2em auto; padding: 0 1.5em; }
header { border-bottom: 2px solid #1c1c1c; margin-bottom: 1.5em; }
h1 { font-size: 20pt; margin: 0 0 .15em; }
h2 { font-size: 14pt; margin: 1.4em 0 .4em; }
header p { margin: 0 0 .7em; color: #555; }
p { margin: .6em 0; }
code { font: .92em "DejaVu Sans Mono", Menlo, Consolas, monospace; background: #f1f3f5;
  padding: .05em .25em; border-radius: 3px; }
pre { font: 9.5pt/1.45 "DejaVu Sans Mono", Menlo, Consolas, monospace; margin: .5em 0;
  padding: .55em .9em; white-space: pre-wrap; break-inside: avoid; }
pre.code { background: #f1f3f5; border-left: 3px solid #0072b2; }
pre.result { border-left: 3px solid #bbb; color: #333; margin-top: -.3em; }
pre.result + pre.result { margin-top: -1.1em; padding-top: 0; }
pre.formula { text-align: left; padding-left: 3em; font-size: 10.5pt; }
figure { margin: 1em 0; text-align: center; break-inside: avoid; }
figure img { max-width: 100%; }
figcaption { font-size: 10pt; color: #555; }
.question { border: 1px solid #c9ced3; border-radius: 6px; padding: .5em 1em .8em; margin: 1.1em 0;
  break-inside: avoid; }
.question .n { font-weight: bold; }
.question .space { border-bottom: 1px dotted #999; height: 2.2em; }
.question .sketch { border: solid #555; border-width: 0 0 1px 1px; height: 13em; margin: .8em 2em .2em; }
.question .axes { margin: 0 2em; color: #555; font-size: 10pt; }
.question ol { list-style: none; padding-left: .3em; margin: .4em 0; }
.question ol li::before { content: "\2610\00a0\00a0"; }
.try { border-left: 3px solid #e69f00; padding-left: 1em; margin: 1.1em 0; }
.caption { margin: .6em 0 0; font-size: 10pt; color: #555; }
.answers { border-top: 2px solid #1c1c1c; margin-top: 2.5em; break-before: page; }
.answers h3 { font-size: 11pt; margin: 1em 0 .2em; }
]]

local function escape(text) return markup.escape(text) end

local function pre(class, text)
  return ('<pre class="%s">%s</pre>'):format(class, escape(text))
end

local html = {}

function html.title() return "" end
function html.text(b) return markup.html(b.text) end
function html.output(b) return pre("result", b.text) end
function html.result(b) return pre("result", text_of(b)) end
function html.error(b) return pre("result", "error: " .. b.text) end
function html.note(b) return markup.html(b.text) end
function html.answer(b) return markup.html(b.text) end
function html.explain(b) return markup.html(b.text) end
function html.typed(b) return pre("code", b.text) end
function html.reveal() return "" end

function html.variant(b)
  return '<p class="caption">Another way:</p>' .. pre("code", markup.dedent(b.variant))
end
function html.hint() return "" end

function html.code(b)
  local caption = b.caption and ('<p class="caption">%s</p>'):format(escape(b.caption)) or ""
  return caption .. pre("code", b.source)
end

function html.figure(b)
  local picture = b.source
    and ('<img src="%s" alt="%s">'):format(b.source, escape(b.caption or ""))
    or pre("result", b.figure:text{columns = 80, rows = 24})
  return ("<figure>%s<figcaption>%s</figcaption></figure>"):format(picture,
    escape(b.caption or ""))
end

-- Axes to draw into.
local function sketch_box(axes)
  local o = type(axes) == "table" and axes or {}
  return ('<div class="sketch"></div>\n<div class="axes">across: %s; up: %s</div>'):format(
    escape(tostring(o.x or "x")), escape(tostring(o.y or "y")))
end

function html.question(b)
  local parts = {('<div class="question"><span class="n">Question %d.</span>'):format(b.number),
    markup.html(b.text)}
  if b.choices then
    parts[#parts + 1] = "<ol>"
    for _, c in ipairs(b.choices) do
      local text = markup.html(c.text):gsub("^<p>", ""):gsub("</p>$", "")
      parts[#parts + 1] = "<li>" .. text .. "</li>"
    end
    parts[#parts + 1] = "</ol>"
  elseif b.sketch then
    parts[#parts + 1] = sketch_box(b.sketch)
  else
    parts[#parts + 1] = '<div class="space"></div>'
  end
  parts[#parts + 1] = "</div>"
  return table.concat(parts, "\n")
end

function html.try(b)
  local parts = {'<div class="try">', markup.html(b.text)}
  for _, code in ipairs(b.suggest) do parts[#parts + 1] = pre("code", code) end
  parts[#parts + 1] = "</div>"
  return table.concat(parts, "\n")
end

local function about(lesson)
  local parts = {}
  if lesson.topic then parts[#parts + 1] = lesson.topic end
  if lesson.minutes then parts[#parts + 1] = ("about %d minutes"):format(lesson.minutes) end
  if #lesson.needs > 0 then parts[#parts + 1] = "needs " .. table.concat(lesson.needs, ", ") end
  return table.concat(parts, " · ")
end

local function append(parts, table_of, blocks, heading)
  local last
  for _, b in ipairs(blocks) do
    if heading and b.number and b.number ~= last then
      parts[#parts + 1] = heading(b.number)
      last = b.number
    end
    local f = table_of[b.kind]
    if f then parts[#parts + 1] = f(b) end
  end
end

local function make_html(lesson, page, answers)
  local parts = {"<!DOCTYPE html>", '<html lang="en"><head><meta charset="utf-8">',
    ("<title>%s</title>"):format(escape(lesson.title)), "<style>\n" .. style .. "</style>",
    "</head><body>", ("<header><h1>%s</h1><p>%s</p></header>"):format(escape(lesson.title),
      escape(about(lesson)))}
  append(parts, html, page)
  if #answers > 0 then
    parts[#parts + 1] = '<section class="answers"><h2>Answers</h2>'
    append(parts, html, answers, function(n) return ("<h3>Question %d</h3>"):format(n) end)
    parts[#parts + 1] = "</section>"
  end
  parts[#parts + 1] = "</body></html>\n"
  return table.concat(parts, "\n")
end

-- --- Markdown --------------------------------------------------------------------------------

local function fence(text, language)
  return "```" .. (language or "") .. "\n" .. text .. "\n```"
end

local markdown = {}

function markdown.text(b) return markup.markdown(b.text) end
function markdown.output(b) return fence(b.text) end
function markdown.result(b) return fence(text_of(b)) end
function markdown.error(b) return fence("error: " .. b.text) end
function markdown.note(b) return markup.markdown(b.text) end
function markdown.answer(b) return markup.markdown(b.text) end
function markdown.explain(b) return markup.markdown(b.text) end
function markdown.typed(b) return fence(b.text, "lua") end

function markdown.code(b)
  return (b.caption and b.caption .. "\n\n" or "") .. fence(b.source, "lua")
end

function markdown.figure(b)
  if not b.source then return fence(b.figure:text{columns = 80, rows = 24}) end
  return ("![%s](%s)"):format((b.caption or ""):gsub("[%[%]]", ""), b.source)
end

function markdown.question(b)
  local parts = {("**Question %d.** %s"):format(b.number, markup.markdown(b.text))}
  for _, c in ipairs(b.choices or {}) do parts[#parts + 1] = "- [ ] " .. c.text end
  return table.concat(parts, "\n\n", 1, 1) .. (#parts > 1 and "\n\n" or "")
    .. table.concat(parts, "\n", 2)
end

function markdown.try(b)
  local parts = {"> " .. markup.markdown(b.text):gsub("\n", "\n> ")}
  for _, code in ipairs(b.suggest) do parts[#parts + 1] = fence(code, "lua") end
  return table.concat(parts, "\n\n")
end

function markdown.variant(b)
  return "Another way:\n\n" .. fence(markup.dedent(b.variant), "lua")
end

local function make_markdown(lesson, page, answers)
  local parts = {"# " .. lesson.title, about(lesson)}
  append(parts, markdown, page)
  if #answers > 0 then
    parts[#parts + 1] = "## Answers"
    append(parts, markdown, answers, function(n) return ("### Question %d"):format(n) end)
  end
  return table.concat(parts, "\n\n") .. "\n"
end

local makers = {html = make_html, htm = make_html, md = make_markdown, markdown = make_markdown}

--- export.write(lesson, path: string, {seed, trust})
--- Writes the handout; the ending of the path says in which form: .html or .md.
function M.write(lesson, path, given)
  local make = makers[(path:match("%.(%w+)$") or ""):lower()]
  if not make then error(("'%s': a handout ends in .html or .md"):format(path), 0) end
  guest.check("export", path, "write")
  local text = make(lesson, gather(lesson, given or {}))
  local file, why = io.open(path, "wb")
  if not file then error(("cannot write '%s': %s"):format(path, why), 0) end
  local ok = file:write(text)
  ok = file:close() and ok
  if not ok then error(("cannot write '%s': no space left?"):format(path), 0) end
end

return M
