-- SPDX-License-Identifier: GPL-3.0-or-later
-- Judges a command that answers a question: measures what it did, measures what the author's
-- solution does from the same starting point, and compares. A wrong answer is compared with
-- the listed mistakes, and undone.

local checks = require("gradus.lesson.checks")
local compare = require("gradus.lesson.compare")

local M = {}

local function attempt_of(run, world, kept, outcome, counts, source)
  local attempt = {n = outcome.n, calls = counts, vars = world:names(), world = world,
    ok = outcome.ok, message = outcome.message, run = run, source = source}
  for i = 1, outcome.n do attempt[i] = outcome[i] end
  attempt.changed, attempt.value = compare.freeze(kept:changed()), compare.freeze(outcome[1])
  return attempt
end

--- grade.trial(run, step, code: string, kept: Snapshot) -> {measured, attempt}
--- What a piece of the author's code does to the world as it was in `kept`, to which it is
--- put back afterwards.
function M.trial(run, step, code, kept)
  local world = run.world
  local counts, stop = require("gradus.lesson.calls").watch(step.check.calls, world, kept.tables)
  run.stop_counting = stop
  local muted = run.muted
  run.muted = true
  local outcome = world:evaluate(code, ("step %s"):format(step.id))
  stop()
  run.stop_counting = nil
  local attempt = attempt_of(run, world, kept, outcome, counts, code)
  local measured = outcome.ok and step.check.measure(attempt) or nil
  run.muted = muted
  kept:restore()
  return {measured = measured, attempt = attempt}
end

local function find_mistake(run, step, got, attempt, kept)
  for _, mistake in ipairs(step.mistakes) do
    local trial = M.trial(run, step, mistake.code, kept)
    if trial.attempt.ok and checks.matches(step.check, got, trial.measured, attempt, trial.attempt)
    then
      return mistake
    end
  end
end

--- grade.verdict(run, step, code: string, kept: Snapshot) -> {ok, why, mistake, error}
--- How an answer would be judged, without any trace: for the author's check.
function M.verdict(run, step, code, kept)
  local trial = M.trial(run, step, code, kept)
  if not trial.attempt.ok then return {error = trial.attempt.message} end
  local want = step.check.needs_solution and M.trial(run, step, step.solution, kept)
  if want and not want.attempt.ok then return {error = want.attempt.message} end
  local ok, why = step.check.test(trial.measured, want and want.measured, trial.attempt)
  local mistake = not ok and find_mistake(run, step, trial.measured, trial.attempt, kept) or nil
  return {ok = ok, why = why, mistake = mistake}
end

-- A bare name looks at something; it is no answer unless it is right.
local function is_look(source)
  return source:find("^%s*[%a_][%w_%.]*%s*$") ~= nil
end

-- Did the command touch what the question is about?
local function is_answer(step, attempt, got, before, want)
  local check = step.check
  if is_look(attempt.source) then return false end
  if check.like_solution and want.n == 0 then
    for name in pairs(want.changed) do
      if attempt.changed[name] ~= nil then return true end
    end
    return false
  end
  if check.value and attempt.n > 0 then return true end
  if check.names then return not compare.same(got, before, 0) end
  if check.value then return false end
  return attempt.n > 0 or next(attempt.changed) ~= nil
end

-- A line of an answer that is typed line by line: it made something new beside the solution's
-- variables, or some of these as the solution makes them, and others are still to come.
local function is_part(kept, attempt, made)
  local some, missing = false, false
  for name, v in pairs(attempt.changed) do
    local right = made[name]
    if right == nil and kept.names[name] ~= nil then return false end
    if right ~= nil and type(right) ~= "function" and not compare.same(v, right) then return false end
    some = true
  end
  for name in pairs(made) do missing = missing or attempt.changed[name] == nil end
  return some and missing
end

local function part_of_answer(run, step, attempt, got, kept)
  if type(got) == "table" and got.part then return true end
  if attempt.n > 0 then return false end
  local solution = M.trial(run, step, step.solution, kept)
  return solution.attempt.ok and is_part(kept, attempt, solution.attempt.changed)
end

local function before_measure(run, step, kept)
  if not step.check.names then return nil end
  local attempt = attempt_of(run, run.world, kept, {ok = true, n = 0}, {})
  local measured = step.check.measure(attempt)
  kept:restore()
  return measured
end

-- --- what holds already ------------------------------------------------------------------

-- The names that code assigns to: `y = ...`, `a, b = ...`, `function f(...)`.
local function assigned(code)
  local names = {}
  for list in (" " .. code):gmatch("([%a_][%w_,%s.:]*)=[^=]") do
    for name in list:gmatch("[%a_][%w_]*") do names[name] = true end
  end
  for name in code:gmatch("function%s+([%a_][%w_]*)") do names[name] = true end
  return names
end

local function mentions(source, names)
  for word in source:gmatch("[%a_][%w_]*") do
    if names[word] then return true end
  end
  return false
end

-- Does the command deal with what the solution changes?
local function touches(run, step, attempt, kept)
  local names = assigned(step.solution)
  for _, name in ipairs(step.check.names or {}) do names[name] = true end
  if mentions(attempt.source, names) then return true end
  if next(attempt.changed) == nil then return false end
  for name in pairs(M.trial(run, step, step.solution, kept).attempt.changed) do
    if attempt.changed[name] ~= nil then return true end
  end
  return false
end

-- The author's own test wants variables that the solution sets, and the command set none and
-- names none of these: it looked at something.
local function looks_only(step, attempt)
  if not step.check.custom or next(attempt.changed) ~= nil then return false end
  local sets = step.solution:find("^%s*function%s") or step.solution:find("^%s*[%a_][%w_,%s]*=[^=]")
  return sets ~= nil and not mentions(attempt.source, assigned(step.solution))
end

-- A check that looks at variables may hold before anything is typed, when the student has gone
-- back: then a command that has nothing to do with them is no answer.
local function holds_anyway(run, step, attempt, want, kept)
  local check = step.check
  if check.value and attempt.n > 0 and not check.names or touches(run, step, attempt, kept) then
    return false
  end
  local nothing = attempt_of(run, run.world, kept, {ok = true, n = 0}, {})
  nothing.source = ""
  local ok = check.test(check.measure(nothing), want and want.measured, nothing)
  kept:restore()
  return ok
end

-- The command failed: an error, a runaway, ^C. It counts as no answer.
local function failed(run, kept)
  kept:restore()
  run:say{kind = "note", text = "That did not run to its end; your variables are as before."}
  return "failed"
end

-- The world is such that not even the solution runs: a variable was lost.
local function unsolvable(run, done, message)
  done:restore()
  run:say{kind = "note", text = ("The solution of this step does not run here either (%s). "
    .. "Has a variable been lost? `:back` runs the code before it again."):format(message)}
  return "kept"
end

--- grade.judge(run, step, attempt, outcome) -> "right" | "wrong" | "kept" | "failed"
--- Judges a command and leaves the world as it should be: after a wrong answer as before it.
function M.judge(run, step, attempt, outcome)
  local kept, check = run.kept, step.check
  if not outcome.ok then return failed(run, kept) end
  local done = run.world:snapshot()
  local got = check.measure(attempt)
  kept:restore()
  local want = check.needs_solution and M.trial(run, step, step.solution, kept)
  if want and not want.attempt.ok then return unsolvable(run, done, want.attempt.message) end
  local ok, why = check.test(got, want and want.measured, attempt)
  if ok and holds_anyway(run, step, attempt, want, kept) then
    done:restore()
    return "kept"
  end
  if ok then
    done:restore()
    run:accept(step, compare.freeze(attempt[1]), attempt)
    return "right"
  end
  if looks_only(step, attempt) then
    done:restore()
    return "kept"
  end
  local mistake = find_mistake(run, step, got, attempt, kept)
  local before = before_measure(run, step, kept)
  if not mistake and not is_answer(step, attempt, got, before, want and want.measured) then
    done:restore()
    return "kept"
  end
  if not mistake and part_of_answer(run, step, attempt, got, kept) then
    done:restore()
    run:say{kind = "note", text = "Kept; go on. " .. (why or "")}
    return "kept"
  end
  run:refuse(step, why, mistake)
  return "wrong"
end

return M
