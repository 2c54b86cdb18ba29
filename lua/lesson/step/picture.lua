-- SPDX-License-Identifier: GPL-3.0-or-later
-- picture "What it shows" { code = [[...]] }: a figure, made by code in the student's session.

local markup = require("gradus.lesson.markup")

local M = {free = true}

--- step.picture.figure(run, step) -> figure?, string?
--- The figure, or nil and why there is none.
function M.figure(run, step)
  local outcome = run.world:evaluate(markup.dedent(step.code), ("step %s"):format(step.id), true)
  if not outcome.ok then return nil, outcome.message end
  local figure = outcome[1]
  local Figure = require("gradus.plot").Figure
  if type(figure) ~= "table" or not rawequal(getmetatable(figure), Figure) then
    return nil, "the code of the picture gives no figure"
  end
  for name in next, figure do
    if rawget(Figure, name) ~= nil then
      return nil, ("this figure has a '%s' of its own"):format(tostring(name))
    end
  end
  return figure
end

function M.present(run, step)
  local figure, why = M.figure(run, step)
  run:say{kind = "code", source = markup.dedent(step.code), before_figure = figure ~= nil}
  run:answer(step).failed = why
  if figure then
    run:say{kind = "figure", figure = figure, caption = step.body}
  else
    run:say{kind = "error", text = why}
  end
  return false
end

return M
