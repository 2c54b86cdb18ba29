-- SPDX-License-Identifier: GPL-3.0-or-later
-- The record of a run, kept only when it is asked for: one JSON object a line with what was
-- typed, how it was judged, hints, and seconds. A teacher sums records up (report.lua) or
-- replays them (replay.lua).

local json = require("gradus.json")
local notice = require("gradus.notice")

-- Of the program; a test may run the library without one.
local version = debug.getregistry()["gradus.version"] or "unknown"

local M = {}

local Record = {}
Record.__index = Record

--- record.fingerprint() -> table
--- What numbers depend on beside the seed: the machine, the library's version, the threads.
function M.fingerprint()
  local core = package.loaded["gradus.core"]
  return {lua = _VERSION, cpu = core and core.cpu and core.cpu() or "unknown",
    threads = core and core.threads and core.threads() or 1,
    version = version}
end

--- record.open(path: string) -> Record
--- Begins a record; lines are added to a file that exists.
function M.open(path)
  local file, why = io.open(path, "ab")
  if not file then error(("cannot write the record '%s': %s"):format(path, why), 0) end
  return setmetatable({file = file, path = path, began = os.time()}, Record)
end

function Record:write(event)
  event.time = os.time() - self.began
  if event.event == "start" then
    event.fingerprint = M.fingerprint()
    event.date = os.date("!%Y-%m-%dT%H:%M:%SZ")
  end
  local written, why = self.file:write(json.encode(event), "\n")
  if written then written, why = self.file:flush() end
  if written or self.failed then return end
  self.failed = true -- said once; a disk that is full is no reason to stop a lesson
  notice.tell(("The record '%s' cannot be written: %s"):format(self.path, why))
end

function Record:close()
  self.file:close()
end

--- record.read(path: string) -> {event, ...}
--- The events of a record; raises an error that names the line that is none. A last line that was
--- cut off in the middle, when the machine stopped or the disk was full, is left out.
function M.read(path)
  local file = io.open(path, "rb")
  if not file then error(("there is no record '%s'"):format(path), 0) end
  local events, n = {}, 0
  for line in file:lines("L") do
    n = n + 1
    if line:find("%S") then
      local ok, event = pcall(json.decode, line)
      if not ok and line:sub(-1) ~= "\n" then break end
      if not ok or type(event) ~= "table" or type(event.event) ~= "string" then
        file:close()
        error(("%s:%d: this line is no event of a record"):format(path, n), 0)
      end
      events[#events + 1] = event
    end
  end
  file:close()
  return events
end

return M
