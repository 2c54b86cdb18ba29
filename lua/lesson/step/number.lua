-- SPDX-License-Identifier: GPL-3.0-or-later
-- number "How many?" { answer = 64, tolerance = 0, unit = "..." }: a question answered by a
-- number, typed with or without its unit, or computed.

local compare = require("gradus.lesson.compare")
local words = require("gradus.lesson.words")

local M = {asks = true, stops = true}

function M.present(run, step)
  run:say{kind = "question", text = step.body,
    how = step.unit and ("Type a number (%s)."):format(step.unit) or "Type a number."}
  return true
end

local function as_number(v)
  if compare.is_tensor(v) and v:numel() == 1 then v = v:item() end
  return type(v) == "number" and v or nil
end

-- A number of the author's: given, or computed by code and the world put back.
local function author_number(run, given)
  if type(given) == "number" then return given end
  local kept, outer = run.world:snapshot(), run.pending
  run.pending = outer or kept
  local outcome = run.world:evaluate(given, "answer")
  kept:restore()
  run.pending = outer
  if not outcome.ok then error(outcome.message, 0) end
  return as_number(outcome[1]) or error("the answer of this step is no number", 0)
end

--- step.number.answer(run, step) -> number
--- The right answer.
function M.answer(run, step)
  return author_number(run, step.answer)
end

local function slack(step, value)
  if step.tolerance then return step.tolerance end
  return (step.relative or 1e-6) * math.max(1, math.abs(value))
end

local function near(step, x, value)
  if value ~= value then return x ~= x end
  return x == value or math.abs(x - value) <= slack(step, value)
end

--- step.number.verdict(run, step, x: number) -> boolean, mistake?
--- Is a number right, and if not, which listed mistake is it?
function M.verdict(run, step, x)
  if near(step, x, M.answer(run, step)) then return true end
  for _, mistake in ipairs(step.mistakes) do
    if near(step, x, author_number(run, mistake.code)) then return false, mistake end
  end
  return false
end

local function settle(run, step, x)
  local ok, mistake = M.verdict(run, step, x)
  if ok then
    run:accept(step, x)
  else
    run:refuse(step, ("%g is not it."):format(x), mistake)
  end
  return ok
end

-- "64", "64 ms", "0.5%": a number and what is written behind it; nil if it begins otherwise.
local function split(text)
  local digits, rest = text:match("^%s*([+-]?[%d.][%w.]*[eE]?[+-]?%d*)%s*(.-)%s*$")
  local x = digits and tonumber(digits)
  if not x then
    digits, rest = text:match("^%s*([+-]?[%d.]+)%s*(.-)%s*$")
    x = digits and tonumber(digits)
  end
  return x, rest, digits
end

-- What was typed is no number: says so, unless it is Lua.
local function explain(run, step, text, digits)
  if not words.is_prose(text, run.world) then return false end
  local note = ("A number is wanted here, in digits%s."):format(words.in_unit(step.unit))
  if digits then
    note = step.unit and ("The answer is wanted in %s: is it `%s`, or another number?"):format(
      step.unit, digits) or ("A number by itself is wanted: `%s`."):format(digits)
  end
  run:say{kind = "note", text = note}
  return true
end

function M.take(run, step, text)
  local x, rest, digits = split(text)
  if not x or rest ~= "" and not words.is_unit(rest, step.unit) then
    return explain(run, step, text, x and digits)
  end
  run.record{event = "input", step = step.id, text = text}
  settle(run, step, x)
  return true
end

-- `n = 8` keeps a number; it does not give it as the answer.
local function explain_assignment(run, source)
  local name = source:match("^%s*([%a_][%w_]*)%s*=%s*[%d.]+%s*$")
  if name then
    run:say{kind = "note", text = ("That is kept in `%s`; the answer is a number by itself."):format(name)}
  end
end

function M.judge(run, step, attempt, outcome)
  if not outcome.ok then
    run.kept:restore()
    return "failed"
  end
  local x = as_number(attempt[1])
  local look = attempt.source:find("^%s*[%a_][%w_%.]*%s*$")
  if not x then explain_assignment(run, attempt.source) end
  if not x or (look and not M.verdict(run, step, x)) then return "kept" end
  return settle(run, step, x) and "right" or "wrong"
end

local function answer_text(run, step)
  local x = M.answer(run, step)
  local shown = ("%.10g"):format(x)
  return step.unit and shown .. " " .. step.unit or shown
end

function M.solution(run, step)
  local source = step.solution and "-- " .. answer_text(run, step) .. "\n" .. step.solution
  return {kind = "code", source = source or answer_text(run, step), caption = "The answer:"}
end

function M.skip(run, step)
  run:say(M.solution(run, step))
end

function M.right(run, step)
  local x = M.answer(run, step)
  local short = ("%.10g"):format(x)
  return tonumber(short) == x and short or ("%.17g"):format(x)
end

return M
