-- SPDX-License-Identifier: GPL-3.0-or-later
-- File names that complete a word.

local terminal = require("gradus.terminal")

local M = {}

--- files.names(word: string) -> {string, ...}
--- The paths that begin with `word`, sorted; folders end in a slash, hidden files only on request.
function M.names(word)
  local folder, start = word:match("^(.*/)([^/]*)$")
  folder, start = folder or "", start or word
  local real = folder == "" and "." or folder:gsub("^~/", (os.getenv("HOME") or "~") .. "/")
  local names = {}
  for _, name in ipairs(terminal.list(real) or {}) do
    local hidden = name:sub(1, 1) == "." and start:sub(1, 1) ~= "."
    if name:sub(1, #start) == start and not hidden then names[#names + 1] = folder .. name end
  end
  table.sort(names)
  return names
end

return M
