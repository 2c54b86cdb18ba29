-- SPDX-License-Identifier: GPL-3.0-or-later
-- code [[...]]: code that is shown and run in the student's session.

local digest = require("gradus.lesson.digest")
local markup = require("gradus.lesson.markup")

local M = {free = true}

--- step.code.source(step) -> string
--- The code without the indentation it has in the lesson file.
function M.source(step)
  return markup.dedent(step.body)
end

function M.present(run, step)
  local source = M.source(step)
  if not step.quiet then run:say{kind = "code", source = source, caption = step.caption} end
  local outcome = run.world:evaluate(source, ("step %s"):format(step.id), true)
  run:show(outcome)
  run:answer(step).failed = not outcome.ok and outcome.message or nil
  run.record{event = "code", step = step.id, result = digest.of(outcome)}
  return false
end

return M
