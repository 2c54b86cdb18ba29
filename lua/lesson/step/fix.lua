-- SPDX-License-Identifier: GPL-3.0-or-later
-- fix "What is wrong" { broken = ..., solution = ... }: broken code is shown and run, and the
-- student repairs it.

local ask = require("gradus.lesson.step.ask")
local markup = require("gradus.lesson.markup")

local how = "Type the repaired code; the up arrow brings the broken one."

local M = setmetatable({}, {__index = ask})

--- step.fix.ask_again(run, step)
--- Shows the question without running the broken code.
function M.ask_again(run, step)
  run:say{kind = "question", text = step.body, how = how}
  run:say{kind = "code", source = markup.dedent(step.broken), caption = "Broken:",
    to_history = true}
end

function M.present(run, step)
  local source = markup.dedent(step.broken)
  M.ask_again(run, step)
  run:show(run.world:evaluate(source, ("step %s"):format(step.id), true))
  return true
end

M.asks, M.stops, M.judge = ask.asks, ask.stops, ask.judge
M.solution, M.skip, M.right = ask.solution, ask.skip, ask.right

return M
