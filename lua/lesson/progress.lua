-- SPDX-License-Identifier: GPL-3.0-or-later
-- Progress: one small file a lesson in the user's state folder, replaced whole at every step.
-- It holds the seed, what the student typed with effect, and the contents of the steps
-- passed, so that a lesson that was edited meanwhile resumes where its steps still agree.

local json = require("gradus.json")
local sandbox = require("gradus.sandbox")
local shelf = require("gradus.lesson.shelf")

local M = {}

--- progress.folder() -> string
--- Where progress is kept: $XDG_STATE_HOME/gradus/lessons.
function M.folder()
  local state = os.getenv("XDG_STATE_HOME")
  if not state or state:sub(1, 1) ~= "/" then
    state = (os.getenv("HOME") or "/tmp") .. "/.local/state"
  end
  return state .. "/gradus/lessons"
end

local function file_of(path)
  local real = sandbox.real_path(path) or path
  local name = path:match("([^/]*)$"):gsub("%.lua$", ""):gsub("[^%w_-]", "_")
  return ("%s/%s-%s.json"):format(M.folder(), name, sandbox.fingerprint(real):sub(1, 8))
end

local function signatures(run)
  local list = {}
  for i = 1, math.min(run.at - 1, #run.steps) do list[i] = run:signature(run.steps[i]) end
  return list
end

local function states(run)
  local list = {}
  for id, a in pairs(run.answers) do
    if a.tries > 0 or a.hints > 0 or a.skipped then
      list[id] = {tries = a.tries, misses = a.misses, hints = a.hints, right = a.right,
        skipped = a.skipped, first = a.first}
    end
  end
  return next(list) and list or nil
end

--- progress.save(run)
--- Keeps where a run stands. A disk that cannot be written is no reason to stop a lesson.
function M.save(run)
  local step = run:step()
  local at, all = run:place()
  local state = {version = 1, path = shelf.called(run.lesson.path), title = run.lesson.title,
    hash = run.lesson.hash, seed = run.seed, at = at, of = all,
    done = run.done or false, passed = signatures(run), journal = run.journal,
    here = step and run:signature(step) or nil, answers = states(run), time = os.time()}
  local ok, why = pcall(function()
    sandbox.make_folder(M.folder())
    sandbox.replace(file_of(run.lesson.path), json.encode(state) .. "\n")
  end)
  if not ok and not run.warned then
    run.warned = true
    run:say{kind = "note", text = "Progress cannot be saved: " .. tostring(why)}
  end
end

local function read_state(file_name)
  local file = io.open(file_name, "rb")
  if not file then return nil end
  local text = file:read("a")
  file:close()
  local ok, state = pcall(json.decode, text or "")
  if not ok or type(state) ~= "table" or type(state.seed) ~= "number"
    or type(state.journal) ~= "table" or type(state.passed) ~= "table" then
    return nil
  end
  return state
end

--- progress.load(path: string) -> state?
--- What is known of a lesson; nil if nothing is, or if the file is no progress.
function M.load(path)
  return read_state(file_of(path))
end

--- progress.newest() -> state?
--- The lesson that was left last before its end.
function M.newest()
  local newest
  for _, name in ipairs(sandbox.list_folder(M.folder())) do
    local state = name:find("%.json$") and read_state(M.folder() .. "/" .. name)
    if state and not state.done and (not newest or (state.time or 0) > (newest.time or 0)) then
      newest = state
    end
  end
  return newest
end

--- progress.forget(path: string)
--- Begins a lesson anew.
function M.forget(path)
  os.remove(file_of(path))
end

-- Types again what was typed at a step with these contents.
local function retype(run, entries)
  local step = run:step()
  for _, entry in ipairs(entries or {}) do
    if run:step() ~= step then return end
    pcall(run.feed, run, entry.text)
  end
end

local function by_step(journal)
  local found = {}
  for _, entry in ipairs(journal) do
    if type(entry) == "table" and entry.step and type(entry.text) == "string" then
      found[entry.step] = found[entry.step] or {}
      table.insert(found[entry.step], entry)
    end
  end
  return found
end

-- Leaves a step that the student had left and whose inputs no longer lead on.
local function leave(run, step)
  if run:step() ~= step then return end
  if run.kinds[step.kind].asks then run:command("skip", "") else run:next() end
end

local function restore_counts(run, state)
  if state.hash ~= run.lesson.hash then return end
  for id, a in pairs(state.answers or {}) do
    local known = run.answers[id] or {tries = 0, misses = 0, hints = 0, since = os.time()}
    run.answers[id] = known
    for key, v in pairs(a) do known[key] = v end
  end
end

--- progress.resume(run, state)
--- Brings a fresh run to where the saved one stood: runs the code of the steps and the
--- student's own inputs again, without showing them, and then shows the page. Steps are
--- recognised by their contents; the first one that was not passed before ends the walk.
function M.resume(run, state)
  local passed, entries = {}, by_step(state.journal)
  for _, signature in ipairs(state.passed) do passed[signature] = true end
  local save, record = run.on_step, run.record
  run.on_step, run.record, run.quiet = function() end, function() end, true
  run:start()
  while run:step() and passed[run:signature(run:step())] do
    local step = run:step()
    retype(run, entries[run:signature(step)])
    leave(run, step)
  end
  local here = run:step() and run:signature(run:step())
  if here and here == state.here then retype(run, entries[here]) end
  restore_counts(run, state)
  run.on_step, run.record, run.quiet = save, record, false
  run:show_page()
end

return M
