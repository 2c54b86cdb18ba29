-- SPDX-License-Identifier: GPL-3.0-or-later
-- ask "What to do" { solution = ..., check = ... }: a question answered by a command.

local grade = require("gradus.lesson.grade")
local markup = require("gradus.lesson.markup")

local M = {asks = true, stops = true, judge = grade.judge}

function M.present(run, step)
  run:say{kind = "question", text = step.body, how = "Type Lua."}
  return true
end

function M.solution(_, step)
  return {kind = "code", source = markup.dedent(step.solution), caption = "The solution:"}
end

--- step.ask.skip(run, step)
--- Shows the solution and runs it.
function M.skip(run, step)
  run:say(M.solution(run, step))
  run:show(run.world:evaluate(markup.dedent(step.solution), ("step %s"):format(step.id)))
end

function M.right(_, step) return markup.dedent(step.solution) end

return M
