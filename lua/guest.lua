-- SPDX-License-Identifier: GPL-3.0-or-later
-- Is guest code running, the code of a lesson? Functions of the library that read or write
-- files or start programs ask here first:
--
--     require("gradus.guest").check("fig:save", path, "write")
--
-- A guest may read the files beside its lesson and the data sets of the library, and write none.

local M = {depth = 0, folder = nil}

--- guest.keep(f: function) -> function
--- What C keeps of a function that it is given to call later, a gradient's or a hook's: of a guest's,
--- one that runs as a guest whoever calls it. Lessons put theirs in its place.
--- > require("gradus.guest").keep(print) == print
--- true
function M.keep(f) return f end

--- guest.origin(f: function) -> function, string?
--- The function a lesson has written, where `f` is what the student got for it; and the code it
--- stands in. To be looked at, not called.
--- > require("gradus.guest").origin(print) == print
--- true
function M.origin(f) return f end

-- Where data.digits() and the like find their files.
local sets = debug.getinfo(1, "S").source:match("^@(.*)guest%.lua$") .. "data/sets"

-- The path inside the lesson's folder or of a data set of the library, or an error.
local function inside(who, path)
  local real_path = require("gradus.sandbox").real_path
  local known, given = real_path(sets), real_path(path)
  if known and given and given:sub(1, #known + 1) == known .. "/" then return given end
  local folder = M.folder and real_path(M.folder)
  local file = folder and (path:sub(1, 1) == "/" and path or folder .. "/" .. path)
  local real = file and real_path(file)
  if real and real:sub(1, #folder + 1) == folder .. "/" then return real end
  error(("%s: a lesson reads only the files in its own folder, not '%s'"):format(who, path), 3)
end

--- guest.check(who: string, path: string, purpose: "read" | "write") -> string
--- The path to use. While a lesson's code runs, reading is confined to the lesson's folder
--- and writing refused; otherwise the path comes back as it is.
--- > require("gradus.guest").check("f", "x.csv", "read")
--- x.csv
function M.check(who, path, purpose)
  if M.depth == 0 then return path end
  if purpose == "read" and type(path) == "string" then return inside(who, path) end
  error(("%s: a lesson writes no files"):format(who), 3)
end

return M
