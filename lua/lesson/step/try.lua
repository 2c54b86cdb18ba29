-- SPDX-License-Identifier: GPL-3.0-or-later
-- try "What to play with" { suggest = {"...", ...} }: free play until `:next`.

local M = {free = true, stops = true}

function M.present(run, step)
  run:say{kind = "try", text = step.body, suggest = step.suggest}
  return true
end

function M.right() return ":next" end

return M
