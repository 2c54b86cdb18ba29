-- SPDX-License-Identifier: GPL-3.0-or-later
-- Runs a lesson from start to end without a student, answering with its own solutions, and
-- hands the blocks to whoever shows them: a transcript, an export, the author's check.

local Runner = require("gradus.lesson.runner")
local World = require("gradus.lesson.world")

local M = {}

--- batch.answer(run) -> string?
--- What a student who knows everything types at the present step; nil at the end.
function M.answer(run)
  local step = run:step()
  return step and run.kinds[step.kind].right(run, step)
end

local function type_block(run, step, text)
  if run.kinds[step.kind].asks then run:say{kind = "typed", text = text} end
end

-- A step must be left by its own solution.
local function answer_step(run, on_stuck)
  local step = run:step()
  local text = M.answer(run)
  type_block(run, step, text)
  run:feed(text)
  if run:step() ~= step then return true end
  on_stuck(run, step)
  run:command("skip", "")
  return run:step() ~= step
end

--- batch.run(lesson, {seed, out, trust, on_stuck, world}) -> Runner
--- The finished run. `on_stuck(run, step)` hears of a step that its solution did not pass.
function M.run(lesson, given)
  local o = require("gradus.options").read("batch", given, {seed = 1, trust = false},
    {"out", "on_stuck", "world", "record"})
  local world = o.world
    or World.new{folder = lesson.folder, trust = o.trust, vars = o.trust and _G or nil}
  local run = Runner.new{lesson = lesson, world = world, seed = o.seed, out = o.out,
    record = o.record}
  run:start()
  while not run.done do
    if not answer_step(run, o.on_stuck or function() end) then break end
  end
  return run
end

return M
