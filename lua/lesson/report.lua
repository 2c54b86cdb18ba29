-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sums up many records for a teacher: a table with one line a step (reached, right, tries,
-- hints, seconds), where people stopped, the commonest wrong answers; and two pictures.

local record = require("gradus.lesson.record")
local replay = require("gradus.lesson.replay")

local M = {}

local function step_of(sum, id)
  local s = sum.steps[id]
  if not s then
    s = {id = id, reached = 0, right = 0, tries = 0, hints = 0, skipped = 0, seconds = {},
      stopped = 0, wrong = {}}
    sum.steps[id] = s
    sum.order[#sum.order + 1] = s
  end
  return s
end

local count = {}

function count.at(sum, event)
  local s = step_of(sum, event.step)
  s.text, s.free = event.text, event.asks == false
end

function count.verdict(sum, event, state)
  if event.again then return end -- it was answered before
  local s = step_of(sum, event.step)
  s.tries = s.tries + 1
  if event.right then
    s.right = s.right + 1
    s.seconds[#s.seconds + 1] = event.seconds
  elseif state.text then
    local key = event.mistake and ("%s  (%s)"):format(state.text, event.mistake) or state.text
    s.wrong[key] = (s.wrong[key] or 0) + 1
  end
end

function count.predict(sum, event)
  if event.again then return end
  local s = step_of(sum, event.step)
  s.tries, s.right = s.tries + 1, s.right + 1
  s.seconds[#s.seconds + 1] = event.seconds
end

function count.hint(sum, event)
  local s = step_of(sum, event.step)
  s.hints = s.hints + 1
end

function count.skip(sum, event)
  local s = step_of(sum, event.step)
  s.skipped = s.skipped + 1
end

function count.input(_, event, state)
  state.text = event.text
end

local function add_run(sum, events)
  local state, seen, last, ended = {}, {}, nil, false
  for _, event in ipairs(events) do
    if event.step and event.event ~= "code" then
      last = event.step
      if not seen[last] then
        seen[last] = true
        local s = step_of(sum, last)
        s.reached = s.reached + 1
      end
    end
    if count[event.event] then count[event.event](sum, event, state) end
    if event.event == "end" then ended = true end
  end
  sum.runs = sum.runs + 1
  if ended then sum.ended = sum.ended + 1 elseif last then
    local s = step_of(sum, last)
    s.stopped = s.stopped + 1
  end
end

-- 2 < 10 and 3 < 3.1 < 3.2
local function by_place(a, b)
  local pa, pb = {}, {}
  for n in a.id:gmatch("%d+") do pa[#pa + 1] = tonumber(n) end
  for n in b.id:gmatch("%d+") do pb[#pb + 1] = tonumber(n) end
  for i = 1, math.max(#pa, #pb) do
    local x, y = pa[i] or 0, pb[i] or 0
    if x ~= y then return x < y end
  end
  return false
end

-- The runs of a record; none, and why, where it cannot be read.
local function runs_in(path)
  local ok, events = pcall(record.read, path)
  if not ok then return {}, events end
  return replay.runs_of(events)
end

--- report.sum(paths: {string, ...}) -> {[title] = sum}, {title, ...}, {string, ...}
--- The sums over all runs in some records, one for each lesson; and what is wrong with the records
--- that had to be left out.
function M.sum(paths)
  local sums, titles, faults = {}, {}, {}
  for _, path in ipairs(paths) do
    local runs, fault = runs_in(path)
    faults[#faults + 1] = fault
    for _, run in ipairs(runs) do
      local title = run.start.title or "?"
      if not sums[title] then
        sums[title] = {title = title, runs = 0, ended = 0, steps = {}, order = {}}
        titles[#titles + 1] = title
      end
      add_run(sums[title], run)
    end
  end
  for _, sum in pairs(sums) do table.sort(sum.order, by_place) end
  return sums, titles, faults
end

local function median(list)
  if #list == 0 then return nil end
  local sorted = {table.unpack(list)}
  table.sort(sorted)
  return sorted[(#sorted + 1) // 2]
end

local function commonest(wrong)
  local list = {}
  for text, n in pairs(wrong) do list[#list + 1] = {text, n} end
  table.sort(list, function(a, b)
    if a[2] ~= b[2] then return a[2] > b[2] end
    return a[1] < b[1]
  end)
  return list
end

local function shortened(text)
  local most = utf8.offset(text, 35)
  return most and text:sub(1, most - 1):gsub("[ .]+$", "") .. "..." or text
end

--- report.text(sum) -> string
--- The table for one lesson.
function M.text(sum)
  local lines = {sum.title, ("%d runs, %d to the end"):format(sum.runs, sum.ended), "",
    "step   reached  right  tries  hints  skipped  stopped  median s"}
  for _, s in ipairs(sum.order) do
    local function asked(n) return s.free and "-" or ("%d"):format(n) end -- not of a pause
    lines[#lines + 1] = ("%-6s %7d %6s %6s %6s %8s %8d %9s  %s"):format(s.id, s.reached, asked(s.right),
      asked(s.tries), asked(s.hints), asked(s.skipped), s.stopped, median(s.seconds) or "-",
      shortened(s.text or "")):gsub(" +$", "")
  end
  local head = false
  for _, s in ipairs(sum.order) do
    for i, w in ipairs(commonest(s.wrong)) do
      if i > 3 then break end
      if not head then
        lines[#lines + 1], lines[#lines + 2] = "", "Commonest wrong answers"
        head = true
      end
      lines[#lines + 1] = ("  step %-6s %3d x  %s"):format(s.id, w[2], (w[1]:gsub("\n", " / ")))
    end
  end
  return table.concat(lines, "\n")
end

--- report.figures(sum) -> figure, figure
--- Where people stop, and the median seconds a step.
function M.figures(sum)
  local bars = require("gradus.lesson.figure").bars
  local stopped, seconds = {}, {}
  for i, s in ipairs(sum.order) do
    stopped[i] = {s.id, s.stopped}
    if not s.free then seconds[#seconds + 1] = {s.id, median(s.seconds) or 0} end
  end
  return bars("Where people stop: " .. sum.title, stopped, "runs that ended here",
    ("%d of %d runs came to the end"):format(sum.ended, sum.runs)),
    bars("Time a step: " .. sum.title, seconds, "median seconds")
end

return M
