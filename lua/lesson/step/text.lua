-- SPDX-License-Identifier: GPL-3.0-or-later
-- text [[...]]: words to read.

local M = {free = true}

function M.present(run, step)
  run:say{kind = "text", text = step.body}
  return false
end

return M
