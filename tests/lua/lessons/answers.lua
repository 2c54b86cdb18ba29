-- SPDX-License-Identifier: GPL-3.0-or-later
-- Each check of the shipped lessons: three right answers written differently pass, and a wrong
-- one that is on no list of mistakes does not.
local Runner = require("gradus.lesson.runner")
local World = require("gradus.lesson.world")
local batch = require("gradus.lesson.batch")
local grade = require("gradus.lesson.grade")
local reader = require("gradus.lesson.reader")
local shelf = require("gradus.lesson.shelf")

local answers = {
  ["01-first-steps"] = {
    {right = {"tensor.sum(x)", "x[1] + x[2] + x[3] + x[4]", "x:sum():item()"}, wrong = "x:numel()"},
    {right = {"z = w:dot(x) + b", "z = (x * w + 0):sum() + 0.1", "z = 2.15"},
      wrong = "z = (w + x):sum() + b"},
    {right = {"Z = tensor.matmul(X, W:t())", "Z = W:matmul(X:t()):t()", "Z = X:matmul(W:transpose(1, 2))"},
      wrong = "Z = X:matmul(W:t()) + 1"},
    {right = {"layer = function(X, W, b) return (X:matmul(W:t()) + b):relu() end",
      "function layer(a, c, d) local o = a:matmul(c:t()):add(d) o:relu_() return o end",
      "function layer(a, c, d) return tensor.clamp(a:matmul(c:t()) + d, 0) end"},
      wrong = "function layer(X, W, b) return (X:matmul(W:t()) - b):relu() end"},
  },
  ["02-first-weights"] = {
    {right = {"calibrated = function(a, c) return tensor.randn(a, c) * (1 / a) ^ 0.5 end",
      "function calibrated(n, m) return tensor.zeros(n, m):normal_(0, n ^ -0.5) end",
      "function calibrated(n, m) return (tensor.rand(n, m) * 2 - 1) * math.sqrt(3 / n) end"},
      wrong = "function calibrated(n, m) return tensor.randn(n, m) end"},
    {right = {"relu_rms(20, (2 / 64) ^ 0.5)", "relu_rms(20, 0.1768)", "relu_rms(20, 0.125 * math.sqrt(2))"},
      wrong = "relu_rms(20, 1)"},
  },
}

local function verdicts(name, run, step, expected)
  local kept = run.world:snapshot()
  for _, code in ipairs(expected.right) do
    local v = grade.verdict(run, step, code, kept)
    if not v.ok then print(name, code, v.error or v.why) end
  end
  local v = grade.verdict(run, step, expected.wrong, kept)
  if v.ok or v.mistake or v.error then print(name, expected.wrong, "should be wrong", v.error) end
end

local count = 0
for _, path in ipairs(shelf.files()) do
  local name, n = shelf.name(path), 0
  local lesson = reader.read(path)
  local run = Runner.new{lesson = lesson, world = World.new{}, seed = 3}
  run:start()
  while not run.done do
    local step = run:step()
    if step.kind == "ask" or step.kind == "fix" then
      n, count = n + 1, count + 1
      local expected = answers[name] and answers[name][n]
      if expected then verdicts(name, run, step, expected) else print(name, n, "has no answers here") end
    end
    run:feed(batch.answer(run))
  end
end
print(count > 5) -- expect: true
