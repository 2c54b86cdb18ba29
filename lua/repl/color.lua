-- SPDX-License-Identifier: GPL-3.0-or-later
-- Colours of the prompt, off unless the terminal and the environment allow them.

local M = {enabled = false}

local codes = {
  error = "31", warning = "33", note = "2", prompt = "1", string = "32", keyword = "35",
  number = "36", comment = "2", name = "1", caret = "1;31",
}

--- color.decide(no_color: boolean?) -> boolean
--- Turns colours on if standard output is a terminal that has them and nobody objects.
function M.decide(no_color)
  local term, objects = os.getenv("TERM") or "dumb", os.getenv("NO_COLOR")
  M.enabled = not no_color and not (objects and objects ~= "") and term ~= "dumb"
    and require("gradus.terminal").is_terminal(1)
  return M.enabled
end

--- color.paint(kind: string, text: string) -> string
--- The text in the colour of its kind (error, warning, note, ...), or as it is.
function M.paint(kind, text)
  if not M.enabled or not codes[kind] or text == "" then return text end
  return ("\27[%sm%s\27[0m"):format(codes[kind], text)
end

--- color.source(text: string) -> string
--- Lua source with its keywords, strings, numbers and comments coloured.
function M.source(text)
  if not M.enabled then return text end
  local parts, last = {}, 0
  for _, token in ipairs(require("gradus.repl.lexer").tokens(text)) do
    parts[#parts + 1] = text:sub(last + 1, token.from - 1)
    local kind = token.kind ~= "name" and token.kind or nil
    parts[#parts + 1] = (token.text:gsub("[^\n]+", function(s) return M.paint(kind, s) end))
    last = token.to
  end
  return table.concat(parts) .. text:sub(last + 1)
end

return M
