-- SPDX-License-Identifier: GPL-3.0-or-later
-- Classroom mode: a lesson on the wall. Every step is a page of its own, keys turn the pages,
-- pictures fill the screen, and answers are hidden until they are asked for.

local Runner = require("gradus.lesson.runner")
local show = require("gradus.lesson.show")
local markup = require("gradus.lesson.markup")
local World = require("gradus.lesson.world")

local M = {}

local help = "space next   b back   s solution   h hint   r again   q quit   : type Lua"

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
    text = text:gsub("^\n+", "")
    if text == "" then return end
    local plain = block.kind == "code" or block.kind == "figure" or block.kind == "result"
    write((plain and "    " .. text:gsub("\n", "\n    ") or spaced(text)) .. "\n\n")
  end
end

local function clear(write, o)
  write(o.clears and "\27[2J\27[3J\27[H" or "\n" .. ("-"):rep(72) .. "\n")
end

-- What a key does: space, Enter, arrows and the keys of a presenter's remote control turn pages.
local keys = {[" "] = "next", n = "next", ["\r"] = "next", ["\n"] = "next", ["\27[C"] = "next",
  ["\27OC"] = "next", ["\27[6~"] = "next", ["\27[B"] = "next", b = "back", p = "back",
  ["\27[D"] = "back", ["\27OD"] = "back", ["\27[5~"] = "back", ["\27[A"] = "back",
  ["\127"] = "back", ["\8"] = "back", s = "solution", h = "hint", r = "restart", q = "quit",
  ["\4"] = "quit", [":"] = "type", [">"] = "type"}

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

local acts = {}

function acts.next(run, o)
  clear(o.write, o)
  turn(run)
end

function acts.back(run, o)
  clear(o.write, o)
  run:command("back", "")
end

function acts.restart(run, o)
  clear(o.write, o)
  run:command("restart", "")
end

-- For a prediction that is what comes out.
function acts.solution(run)
  local step, kind = run:step(), run:kind()
  if step.kind ~= "predict" then return run:command("solution", "") end
  if not run:answer(step).right then kind.skip(run, step) end
  run:answer(step).right = true
end

function acts.hint(run) run:command("hint", "") end

-- A line of Lua or an answer, on the wall as at the prompt.
function acts.type(run, o)
  o.write("> ")
  local line = o.line()
  if line and line:find("%S") then run:feed(line) end
end

--- present.run(lesson, {key, line, write, colour, clears, seed, trust, figure})
--- Pages through a lesson; `key()` gives the bytes of a key and `line()` a line, nil at the end.
function M.run(lesson, o)
  local world = World.new{vars = o.trust and _G or nil, folder = lesson.folder, trust = o.trust}
  local run = Runner.new{lesson = lesson, world = world, seed = o.seed or 1, present = true,
    out = drawer(o.write, o)}
  clear(o.write, o)
  run:start()
  while not run.done do
    o.write(markup.paint("dim", ("[%d/%d] %s"):format(run.at, #run.steps, help), o.colour) .. " ")
    local key = o.key()
    local name = keys[key]
    o.write("\n")
    if not key or name == "quit" then break end
    if acts[name] then acts[name](run, o) end
  end
  return run
end

return M
