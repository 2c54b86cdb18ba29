-- SPDX-License-Identifier: GPL-3.0-or-later
-- pause(): waits for the Enter key or `:next`.

local M = {free = true, stops = true}

function M.present(run, step)
  local text = step.body ~= "" and step.body or "Enter goes on."
  run:say{kind = "pause", text = text}
  return true
end

function M.take(run, _, text)
  if text:find("%S") then return false end
  run:next()
  return true
end

function M.right() return ":next" end

return M
