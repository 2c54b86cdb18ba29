-- SPDX-License-Identifier: GPL-3.0-or-later
-- The clinic's patients: what is said to give a fault away is there for the one who has it, and for
-- none of the others. And every fault is drawn sooner or later.
--   gradus clinic_test.lua LESSON.lua

local World = require("gradus.lesson.world")
local Runner = require("gradus.lesson.runner")
local reader = require("gradus.lesson.reader")
local markup = require("gradus.lesson.markup")

local signs = {
  gain = "p.build()[1].weight:std():item() > 0.5",
  zero_grad = [[
    p.opt:zero_grad()
    p.step()
    local one, many = p.net[1].weight.grad:norm():item(), 0
    for _ = 1, 9 do p.step() end
    many = p.net[1].weight.grad:norm():item()
    return many > 3 * one
  ]],
  leak = "(p.scaler.mean - p.raw_taught:mean(1)):abs():max():item() > 1e-3",
  softmax = "p.net[#p.net]:kind() == 'Softmax'",
  mode = "p.ask(p.unseen) ~= p.ask(p.unseen) or p.ask(p.unseen) ~= p.ask(p.unseen)",
  folds = "(p.folds[1].valid.y:max() - p.folds[1].valid.y:min()):item() < 5",
  rate = "p.opt.param_groups[1].lr > 1 and p.losses[#p.losses] ~= p.losses[#p.losses]",
  dead = "net = p.build() return net[2](net[1](p.unseen.x)):ne(0):sum(1):gt(0):mean():item() < 0.5",
  constant = "p.build()[1].weight:std():item() < 1e-4",
  labels = "p.ask(p.taught) > 90 and p.ask(p.unseen) < 10",
}

local faults = require("gradus.options").keys(signs)
local lesson = reader.read(arg[1])
local problems = 0

local function problem(text, ...)
  problems = problems + 1
  print(text:format(...))
end

local function run(world, code)
  local outcome = world:evaluate(code)
  if not outcome.ok then error(outcome.message, 0) end
  return outcome[1]
end

-- The first step that is code builds the hospital.
local function hospital()
  for _, step in ipairs(lesson.steps) do
    if step.kind == "code" then return markup.dedent(step.body) end
  end
end

local world = World.new{folder = lesson.folder}
run(world, hospital())
for _, patient in ipairs{"healthy", table.unpack(faults)} do
  for _, fault in ipairs(faults) do
    run(world, ("p = admit(%q)"):format(patient))
    local seen = run(world, signs[fault])
    if seen ~= (patient == fault) then
      problem("the patient with %s %s the sign of %s", patient, seen and "shows" or "lacks", fault)
    end
  end
end

-- Which faults come under a seed, read from the quiet code that admits them.
local drawn = {}
for seed = 1, 30 do
  local r = Runner.new{lesson = lesson, world = World.new{folder = lesson.folder}, seed = seed}
  for _, step in ipairs(r.steps) do
    local fault = step.kind == "code" and step.quiet and step.body:match('^p = admit%("([%w_]+)"%)$')
    if fault then drawn[fault] = true end
  end
end
for _, fault in ipairs(faults) do
  if not drawn[fault] then problem("no seed from 1 to 30 brings a patient with %s", fault) end
end

print(("%d faults, %d problems"):format(#faults, problems))
if problems > 0 then error("the clinic is not in order", 0) end
