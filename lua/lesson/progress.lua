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

--- progress.file(path: string) -> string
--- The file in which the progress of a lesson is kept.
function M.file(path)
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

-- --- reading ------------------------------------------------------------------------------

local fields = {version = "number", path = "string", title = "string", hash = "string",
  at = "number", of = "number", done = "boolean", time = "number", passed = "table",
  journal = "table"}

local counts = {tries = "number", misses = "number", hints = "number", right = "boolean",
  skipped = "boolean", first = "boolean"}

local function are_counts(answers)
  if type(answers) ~= "table" then return answers == nil end
  for _, a in pairs(answers) do
    if type(a) ~= "table" then return false end
    for name, v in pairs(a) do
      if type(v) ~= counts[name] then return false end
    end
  end
  return true
end

local function is_journal(list)
  for _, entry in ipairs(list) do
    if type(entry) ~= "table" or type(entry.step) ~= "string" or type(entry.text) ~= "string" then
      return false
    end
  end
  return true
end

-- Whether a file that was read holds what `save` writes: it may have been damaged.
local function is_state(state)
  if type(state) ~= "table" then return false end
  for name, kind in pairs(fields) do
    if type(state[name]) ~= kind then return false end
  end
  for _, signature in ipairs(state.passed) do
    if type(signature) ~= "string" then return false end
  end
  state.seed, state.at, state.of = math.tointeger(state.seed), math.tointeger(state.at),
    math.tointeger(state.of)
  return state.seed and state.at and state.of and state.version == 1
    and is_journal(state.journal) and are_counts(state.answers)
end

-- The state in a file; nil if there is none, nil and true if it cannot be read.
local function read_state(file_name)
  local file = io.open(file_name, "rb")
  if not file then return nil end
  local text = file:read("a")
  file:close()
  local ok, state = pcall(json.decode, text or "")
  if ok and is_state(state) then return state end
  return nil, true
end

local function is_running(pid)
  local file = io.open(("/proc/%s/stat"):format(pid))
  if file then file:close() end
  return file ~= nil
end

--- progress.tidy(path: string)
--- Removes what a gradus that was killed while it wrote has left beside the file.
function M.tidy(path)
  local name = M.file(path):match("[^/]*$")
  for _, other in ipairs(sandbox.list_folder(M.folder())) do
    local pid = other:sub(1, #name + 1) == name .. "." and other:match("%.(%d+)$")
    if pid and not is_running(pid) then os.remove(M.folder() .. "/" .. other) end
  end
end

--- progress.load(path: string) -> state?
--- What is known of a lesson; nil if nothing is, or if the file is no progress.
function M.load(path)
  return (read_state(M.file(path)))
end

--- progress.open(path: string) -> state?, string?
--- As `load`, to begin the lesson. A file that cannot be read is set aside, and a sentence says so.
function M.open(path)
  local file = M.file(path)
  local state, damaged = read_state(file)
  if not damaged then return state end
  local aside = file .. ".damaged"
  os.rename(file, aside)
  return nil, ("The progress that was saved for this lesson cannot be read; it is set aside as %s."):format(aside)
end

-- --- writing ------------------------------------------------------------------------------

-- Names this process in what it writes.
local session_name = ("%d %s"):format(os.time(), tostring({}):match("%x+$"))

-- Two windows may take the same lesson; each writes the whole file, so that the last one counts.
local function warn_of_another(run, file)
  if run.shared then return end
  local there = run.saved and read_state(file)
  run.saved = true
  if not there or there.by == session_name then return end
  run.shared = true
  run:say{kind = "note", text = "Another gradus takes this lesson, too: the place of the one that moved "
    .. "last is kept."}
end

--- progress.save(run)
--- Keeps where a run stands. A disk that cannot be written is no reason to stop a lesson.
function M.save(run)
  local step = run:step()
  local at, all = run:place()
  local state = {version = 1, path = shelf.called(run.lesson.path), title = run.lesson.title,
    hash = run.lesson.hash, seed = run.seed, at = at, of = all,
    done = run.done or false, passed = signatures(run), journal = run.journal,
    here = step and run:signature(step) or nil, answers = states(run), time = os.time(),
    by = session_name}
  local file = M.file(run.lesson.path)
  warn_of_another(run, file)
  local ok, why = pcall(function()
    sandbox.make_folder(M.folder())
    sandbox.replace(file, json.encode(state) .. "\n")
  end)
  if not ok and not run.warned then
    run.warned = true
    run:say{kind = "note", text = "Progress cannot be saved: " .. tostring(why):gsub("^%S*%.lua:%d+: ", "")}
  end
end

-- --- the lesson that was left last ------------------------------------------------------

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
  os.remove(M.file(path))
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

-- Nothing is shown, saved or recorded until this is closed, by Ctrl-C or at the end.
local function silenced(run)
  local save, record = run.on_step, run.record
  run.on_step, run.record, run.quiet = function() end, function() end, true
  return setmetatable({}, {__close = function(_, why)
    run.on_step, run.record, run.quiet = save, record, false
    if why ~= nil then run.broken_off = "resume" end
  end})
end

-- Runs the code of the steps and the student's own inputs again, without showing them. Steps are
-- recognised by their contents; the first one that was not passed before ends the walk.
local function walk(run, state, announce)
  local passed, entries = {}, by_step(state.journal)
  for _, signature in ipairs(state.passed) do passed[signature] = true end
  local loud <close> = silenced(run) -- luacheck: ignore 211
  announce()
  run:start()
  while run:step() and passed[run:signature(run:step())] do
    local step = run:step()
    retype(run, entries[run:signature(step)])
    leave(run, step)
  end
  local here = run:step() and run:signature(run:step())
  if here and here == state.here then retype(run, entries[here]) end
  restore_counts(run, state)
end

--- progress.resume(run, state, announce: function?)
--- Brings a fresh run to where the saved one stood, and shows the page; `announce` is called before.
function M.resume(run, state, announce)
  walk(run, state, announce or function() end)
  run:show_page()
end

return M
