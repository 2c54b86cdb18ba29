-- SPDX-License-Identifier: GPL-3.0-or-later
-- Classroom mode: a lesson on the wall. Every step is a page of its own, keys turn the pages,
-- pictures fill the screen, and answers are hidden until they are asked for.

local Runner = require("gradus.lesson.runner")
local show = require("gradus.lesson.show")
local markup = require("gradus.lesson.markup")
local World = require("gradus.lesson.world")

local M = {}

local help = "Enter next   b back   s solution   h hint   r run again   q quit   "
  .. "or type an answer or Lua"

-- Wider spacing: an empty line between the lines of the page, and a margin.
local function spaced(text)
  local lines = {}
  for line in text:gmatch("[^\n]+") do lines[#lines + 1] = "    " .. line end
  return table.concat(lines, "\n\n")
end

local function drawer(write, o)
  return function(block)
    if block.kind == "variant" then return end
    if block.kind == "figure" and o.figure then return o.figure(block) end
    local text = show.block(block, {width = 64, colour = o.colour, figure = o.figure})
    if text == "" then return end
    local plain = block.kind == "code" or block.kind == "figure" or block.kind == "result"
    write((plain and "    " .. text:gsub("\n", "\n    ") or spaced(text)) .. "\n\n")
  end
end

local function clear(write, o)
  write(o.colour and "\27[2J\27[H" or "\n" .. ("-"):rep(72) .. "\n")
end

local keys = {b = "back", s = "solution", h = "hint", r = "restart", [""] = "next", n = "next"}

-- The next page, also past a question nobody has answered.
local function turn(run)
  local step = run:step()
  if not step then return end
  local kind = run.kinds[step.kind]
  if not kind.asks then return run:next() end
  run.muted = true
  if kind.skip and not run:answer(step).right then kind.skip(run, step) end
  run.muted = false
  run:advance()
end

local function act(run, line, write, o)
  local name = keys[line] or line:match("^:(%a+)$")
  if name == "next" then
    clear(write, o)
    return turn(run)
  end
  if name == "back" then clear(write, o) end
  if name then
    local ok, why = pcall(run.command, run, name, "")
    if not ok then write(tostring(why) .. "\n") end
  else
    run:feed(line)
  end
end

--- present.run(lesson, {read, write, colour, seed, trust, figure})
--- Pages through a lesson; `read()` gives a line, nil at the end.
function M.run(lesson, o)
  local world = World.new{vars = o.trust and _G or nil, folder = lesson.folder, trust = o.trust}
  local run = Runner.new{lesson = lesson, world = world, seed = o.seed or 1, present = true,
    out = drawer(o.write, o)}
  clear(o.write, o)
  run:start()
  while not run.done do
    o.write(markup.paint("dim", ("[%d/%d] %s"):format(run.at, #run.steps, help), o.colour) .. " ")
    local line = o.read()
    if not line or line == "q" or line == ":quit" then break end
    act(run, line, o.write, o)
  end
  return run
end

return M
