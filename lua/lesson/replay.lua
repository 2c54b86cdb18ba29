-- SPDX-License-Identifier: GPL-3.0-or-later
-- Types a record again, with its seed, and compares what comes out: bit for bit where the
-- machine is the same, within a tolerance elsewhere. What the student typed runs as a guest.

local record = require("gradus.lesson.record")
local Runner = require("gradus.lesson.runner")
local World = require("gradus.lesson.world")

local M = {}

--- The tolerance for numbers on another machine, relative to the larger one.
M.tolerance = 1e-3

local function close(a, b)
  if type(a) ~= "number" or type(b) ~= "number" then return a == b end
  return a == b or math.abs(a - b) <= M.tolerance * math.max(1e-6, math.abs(a), math.abs(b))
end

local function numbers_agree(a, b)
  if #a ~= #b then return false end
  for i = 1, #a do
    if not close(a[i], b[i]) then return false end
  end
  return true
end

-- "same" | "near" | "other"
local function agreement(then_, now)
  if not then_ or not now then return then_ == now and "same" or "other" end
  if then_.error or now.error then return (then_.error and now.error) and "same" or "other" end
  if then_.bits == now.bits then return "same" end
  return #now.numbers > 0 and numbers_agree(then_.numbers, now.numbers) and "near" or "other"
end

-- The events that can differ: results of code, verdicts, scores.
local function comparable(event)
  return event.event == "code" or event.event == "input" or event.event == "verdict"
    or event.event == "predict"
end

local typed = {input = true, predict = true}
local commands = {hint = true, solution = true, skip = true, next = true, back = true}

local function feed(run, event)
  if typed[event.event] then return run:feed(event.text or "") end
  if commands[event.event] then run:command(event.event, "") end
end

local function play(lesson, events, seed)
  local seen = {}
  local run = Runner.new{lesson = lesson, seed = seed, world = World.new{folder = lesson.folder},
    record = function(event)
      if comparable(event) then seen[#seen + 1] = event end
    end}
  run:start()
  for _, event in ipairs(events) do
    local ok, why = pcall(feed, run, event)
    if not ok then seen[#seen + 1] = {event = "error", why = why} end
  end
  return seen
end

local function same_fingerprint(a)
  local here = record.fingerprint()
  for k, v in pairs(here) do
    if a == nil or a[k] ~= v then return false end
  end
  return true
end

local function describe(event)
  return event.text and ("step %s, `%s`"):format(event.step, event.text)
    or ("step %s"):format(tostring(event.step))
end

local function compare_events(before, now, report)
  for i = 1, math.max(#before, #now) do
    local a, b = before[i], now[i]
    if not a or not b or a.event ~= b.event or a.step ~= b.step then
      report.other[#report.other + 1] = ("from %s on the replay takes another way")
        :format(describe(a or b))
      return
    end
    if a.event == "verdict" then
      report.compared = report.compared + 1
      if a.right ~= b.right then
        report.other[#report.other + 1] = ("%s: judged %s then, %s now"):format(describe(a),
          a.right and "right" or "wrong", b.right and "right" or "wrong")
      end
    elseif a.result or b.result then
      report.compared = report.compared + 1
      local how = agreement(a.result, b.result)
      if how == "near" then report.near = report.near + 1 end
      if how == "other" then
        report.other[#report.other + 1] = describe(a) .. ": the numbers differ"
      end
    end
  end
end

-- The runs in a record; each begins with an event "start".
local function runs_of(events)
  local list = {}
  for _, event in ipairs(events) do
    if event.event == "start" then list[#list + 1] = {start = event} end
    local run = list[#list]
    if run then run[#run + 1] = event end
  end
  return list
end

M.runs_of = runs_of

--- replay.run(lesson, events) -> {compared, near, other, same_machine, edited}
--- Replays one run: how many results were compared, how many are near but not equal in every
--- bit, and a list of sentences about those that differ.
function M.run(lesson, events)
  local start = events[1]
  local before = {}
  for _, event in ipairs(events) do
    if comparable(event) then before[#before + 1] = event end
  end
  local report = {compared = 0, near = 0, other = {}, title = start.title,
    same_machine = same_fingerprint(start.fingerprint), edited = start.hash ~= lesson.hash}
  compare_events(before, play(lesson, events, start.seed), report)
  return report
end

--- replay.verdict(report) -> string
--- The report in a few lines.
function M.verdict(r)
  local lines = {}
  if r.edited then lines[1] = "The lesson was changed since the record was made." end
  lines[#lines + 1] = r.same_machine and "Same machine, version and threads as the record."
    or ("Another machine, version or number of threads: numbers may differ by %g.")
      :format(M.tolerance)
  for _, text in ipairs(r.other) do lines[#lines + 1] = "  " .. text end
  local equal = r.compared - r.near
  if #r.other > 0 then
    lines[#lines + 1] = ("NOT the same: %d of %d results differ."):format(#r.other, r.compared)
  elseif r.near > 0 then
    lines[#lines + 1] = ("Agrees: %d of %d results bit for bit, %d within %g.")
      :format(equal, r.compared, r.near, M.tolerance)
  else
    lines[#lines + 1] = ("Agrees: all %d results bit for bit."):format(r.compared)
  end
  return table.concat(lines, "\n")
end

return M
