-- SPDX-License-Identifier: GPL-3.0-or-later
-- predict "What will happen?" { run = [[...]], reveal = "expression" }: the student states a
-- number, or with `sketch` a curve by a few points, before the code runs. The guess is scored,
-- never refused.

local compare = require("gradus.lesson.compare")
local markup = require("gradus.lesson.markup")
local words = require("gradus.lesson.words")

local M = {asks = true, stops = true}

function M.present(run, step)
  if step.run then
    run:say{kind = "code", source = markup.dedent(step.run), caption = "About to run:"}
  end
  local how = step.sketch and "Sketch the curve by points, like (1, 0.5) (10, 2)."
    or step.unit and ("Type your guess (%s)."):format(step.unit) or "Type your guess."
  run:say{kind = "question", text = step.body, how = how, sketch = step.sketch}
  return true
end

-- --- reading a guess --------------------------------------------------------------------

local number_pattern = "[+-]?[%d.]+[eE]?[+-]?%d*"

local function read_points(text)
  local points = {}
  local n = number_pattern
  for a, b in text:gmatch("%(%s*(" .. n .. ")%s*,%s*(" .. n .. ")%s*%)") do
    local x, y = tonumber(a), tonumber(b)
    if not x or not y then return nil end
    points[#points + 1] = {x, y}
  end
  table.sort(points, function(p, q) return p[1] < q[1] end)
  return #points > 0 and points or nil
end

-- A sum in numbers alone, such as 32*8 or 1/3.
local function read_sum(text)
  if not text:find("%d") or text:find("[^%d%s.+*/^()eE-]") then return nil end
  local f = load("return " .. text, "=guess", "t", {})
  local ok, x = pcall(f or error)
  return ok and type(x) == "number" and x or nil
end

local function read_number(step, text)
  text = text:gsub("^%s*~", ""):gsub("^%s*[Aa]bout%f[%A]", "")
  local digits, rest = text:match("^%s*(" .. number_pattern .. ")%s*(.-)%s*$")
  local x = digits and tonumber(digits)
  if x and (rest == "" or step.unit and rest:lower() == step.unit:lower()) then return x end
  return read_sum(text)
end

-- --- the truth and the score ------------------------------------------------------------

local function as_list(v)
  if compare.is_tensor(v) then v = v:reshape(-1):totable() end
  return v
end

-- The curve {x = {...}, y = {...}} in a value: a list of y, or a table with x and y.
local function as_curve(v)
  if type(v) == "table" and rawget(v, "y") ~= nil then
    return {x = as_list(v.x), y = as_list(v.y)}
  end
  local y, x = as_list(v), {}
  if type(y) ~= "table" then return nil end
  for i = 1, #y do x[i] = i end
  return {x = x, y = y}
end

local function at(curve, x)
  local xs, ys = curve.x, curve.y
  if x <= xs[1] then return ys[1] end
  for i = 2, #xs do
    if x <= xs[i] then
      return ys[i - 1] + (ys[i] - ys[i - 1]) * (x - xs[i - 1]) / (xs[i] - xs[i - 1])
    end
  end
  return ys[#ys]
end

local function range(list)
  local low, high = math.huge, -math.huge
  for _, y in ipairs(list) do
    if y == y then low, high = math.min(low, y), math.max(high, y) end
  end
  return high > low and high - low or math.max(math.abs(high), 1)
end

-- 100 for a perfect guess, 50 where it is off by `within` (a share), near 0 far away.
local function points_for(error_share, within)
  return math.floor(100 * 0.5 ^ (error_share / within) + 0.5)
end

local function score_number(guess, truth, within)
  if guess == truth then return 100 end
  if guess * truth > 0 then -- off by a factor counts the same in both directions
    return points_for(math.abs(math.log(guess / truth)), math.log(1 + within))
  end
  local scale = truth ~= 0 and math.abs(truth) or 1 -- beside 0 nothing is a share: `within` itself
  return points_for(math.abs(guess - truth) / scale, within)
end

local function score_curve(points, curve, within)
  local sum, span = 0, range(curve.y)
  for _, p in ipairs(points) do sum = sum + ((p[2] - at(curve, p[1])) / span) ^ 2 end
  return points_for(math.sqrt(sum / #points), within)
end

--- step.predict.score(guess, truth, within: number) -> integer
--- 0 to 100 points for a guess: a number, or a list of points against a curve.
--- > require("gradus.lesson.step.predict").score(2, 2, 0.2)
--- 100
--- > require("gradus.lesson.step.predict").score(0.2, 0, 0.2)
--- 50
function M.score(guess, truth, within)
  if type(guess) == "number" then return score_number(guess, truth, within) end
  return score_curve(guess, truth, within)
end

-- --- the reveal -------------------------------------------------------------------------

local function truth_of(step, outcome)
  if not outcome.ok then return nil end
  if step.sketch then return as_curve(outcome[1]) end
  local v = outcome[1]
  if compare.is_tensor(v) and v:numel() == 1 then v = v:item() end
  return type(v) == "number" and v or nil
end

--- step.predict.truth(run, step) -> truth?, string?
--- Runs the code and computes what was to be predicted.
function M.truth(run, step)
  local name = ("step %s"):format(step.id)
  if step.run then
    local outcome = run.world:evaluate(markup.dedent(step.run), name)
    if not outcome.ok then return nil, outcome.message end
    run:show(outcome)
  end
  local outcome = run.world:evaluate(step.reveal, name)
  local truth = truth_of(step, outcome)
  if truth == nil then return nil, outcome.message or "there is nothing to compare with" end
  return truth
end

-- Your points over the true curve.
local function figure_of(step, points, curve)
  local xs, ys = {}, {}
  for i, p in ipairs(points) do xs[i], ys[i] = p[1], p[2] end
  local labels = type(step.sketch) == "table" and step.sketch or {}
  return require("gradus.lesson.figure").guess(curve, {x = xs, y = ys}, labels)
end

local function reveal(run, step, guess)
  local truth, why = M.truth(run, step)
  if truth == nil then return run:say{kind = "error", text = why} end
  local score = guess and M.score(guess, truth, step.within or 0.2)
  run:say{kind = "reveal", guess = guess, truth = truth, unit = step.unit, score = score}
  if step.sketch then
    run:say{kind = "figure", figure = figure_of(step, guess or {}, truth),
      caption = "Your points over the true curve"}
  end
  return score, truth
end

-- What was typed is no guess: says so, unless it is Lua.
local function explain(run, step, text)
  local note
  if step.sketch and (text:find("^%s*%(") or words.is_prose(text, run.world)) then
    note = "A point is two numbers in brackets: (1, 0.5) (10, 2)."
  elseif words.is_prose(text, run.world) then
    note = ("Your guess is wanted as a number in digits%s."):format(words.in_unit(step.unit))
  end
  if note then run:say{kind = "note", text = note} end
  return note ~= nil
end

function M.take(run, step, text)
  local guess
  if step.sketch then guess = read_points(text) else guess = read_number(step, text) end
  if not guess then return explain(run, step, text) end
  local a = run:answer(step)
  local again = a.right
  local score = reveal(run, step, guess)
  if not again then -- the first guess counts
    a.tries, a.right, a.value, a.score = a.tries + 1, true, guess, score
    a.seconds, a.skipped = os.time() - a.since, nil
  end
  run.record{event = "predict", step = step.id, text = text, score = score, seconds = a.seconds,
    again = again}
  if step.after then run:say{kind = "text", text = step.after, after = true} end
  run:commit(step)
  run:advance()
  return true
end

function M.solution()
  return {kind = "note", text = "A prediction has no solution; `:skip` runs it and shows."}
end

function M.skip(run, step)
  reveal(run, step)
  if step.after then run:say{kind = "text", text = step.after, after = true} end
end

local function points_on(curve)
  local n, parts = #curve.y, {}
  for k = 0, 3 do
    local i = 1 + math.floor(k * (n - 1) / 3 + 0.5)
    parts[#parts + 1] = ("(%.6g, %.6g)"):format(curve.x[i], curve.y[i])
  end
  return table.concat(parts, " ")
end

--- step.predict.right(run, step) -> string
--- The guess of somebody who knows: found by running the code and putting everything back.
function M.right(run, step)
  local kept, muted = run.world:snapshot(), run.muted
  run.muted = true
  local truth, why = M.truth(run, step)
  run.muted = muted
  kept:restore()
  if truth == nil then error(why, 0) end
  return step.sketch and points_on(truth) or ("%.6g"):format(truth)
end

return M
