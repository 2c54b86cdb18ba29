-- SPDX-License-Identifier: GPL-3.0-or-later
-- Classroom mode: a lesson on the wall. Every step is a page of its own, keys turn the pages,
-- pictures fill the screen, and answers are hidden until they are asked for.

local Runner = require("gradus.lesson.runner")
local Wall = require("gradus.lesson.wall")
local World = require("gradus.lesson.world")

local M = {}

local help = "space next  b back  s solution  h hint  r again  q quit  : type Lua"

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
  local a = run:answer(step)
  if kind.skip and not a.right then kind.skip(run, step) end
  run.muted, a.skipped = false, not a.right
  run:advance()
end

local acts = {}

-- First the pages of this step, then the next one.
function acts.next(run, wall)
  if wall:turn(1) then return end
  wall:clear()
  turn(run)
end

function acts.back(run, wall)
  if wall:turn(-1) then return end
  wall:clear()
  run:command("back", "")
end

function acts.restart(run, wall)
  wall:clear()
  run:command("restart", "")
end

-- What is said on this page; where it needs another one, that is turned to. The next step waits for
-- its key.
local function on_the_page(run, wall, f, ...)
  local pages, step = #wall.pages, run:step()
  f(...)
  if run:step() == step and wall.at == pages then wall:turn(1) end
end

-- For a prediction that is what comes out.
local function solve(run)
  local step, kind = run:step(), run:kind()
  if not step or step.kind ~= "predict" then return run:command("solution", "") end
  if not run:answer(step).right then kind.skip(run, step) end
  run:answer(step).right = true
end

function acts.solution(run, wall) on_the_page(run, wall, solve, run) end

function acts.hint(run, wall) on_the_page(run, wall, run.command, run, "hint", "") end

-- A line of Lua or an answer, on the wall as at the prompt.
function acts.type(run, wall, o)
  o.write("> ")
  local line = o.line()
  wall:typed()
  if line and line:find("%S") then on_the_page(run, wall, run.feed, run, line) end
end

local function prompt_of(run, wall)
  local page = #wall.pages > 1 and ("page %d of %d  "):format(wall.at, #wall.pages) or ""
  local at, all = run:place()
  return ("[%d/%d] %s%s"):format(at, all, page, help)
end

-- Runs what a key asks for. Ctrl-C stops that, and the page stays.
local function act(run, o, f, ...)
  local ok, why = o.call(f, ...)
  if ok then return end
  run.broken_off = nil -- what follows is a page of its own anyway
  run:say{kind = "error", text = tostring(why)}
  run:after_interrupt()
end

-- The name of the next key, nil to leave. The first Ctrl-C beside no running code only says how to
-- leave; a second one does.
local function next_key(run, wall, o)
  local presses = 0
  repeat
    wall:status(presses > 0 and "q leaves the lesson; Ctrl-C once more does, too" or prompt_of(run, wall))
    local key = o.key()
    wall:go_on()
    if key then return keys[key] or "none" end
    if not o.pressed() then return nil end
    presses = presses + 1
  until presses == 2
  return nil, true
end

--- present.run(lesson, {key, line, call, pressed, write, size, figure, colour, clears, seed, trust})
--- Pages through a lesson; `key()` gives the bytes of a key and `line()` a line, nil at the end;
--- `size()` the columns and rows, and `figure(figure, spare)` shows a picture. `call` is a pcall that
--- Ctrl-C stops; `pressed()` says whether Ctrl-C was pressed meanwhile. Returns the run, and whether
--- it was left by Ctrl-C.
function M.run(lesson, o)
  local world = World.new{vars = o.trust and _G or nil, folder = lesson.folder, trust = o.trust}
  local wall = Wall.new(o)
  local run = Runner.new{lesson = lesson, world = world, seed = o.seed or 1, present = true,
    out = function(block) wall:add(block) end, on_step = function() wall:close_page() end}
  act(run, o, run.start, run)
  while not (run.done and wall:last()) do
    local name, interrupted = next_key(run, wall, o)
    if not name or name == "quit" then return run, interrupted end
    if acts[name] then act(run, o, acts[name], run, wall, o) end
  end
  return run
end

return M
