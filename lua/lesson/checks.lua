-- SPDX-License-Identifier: GPL-3.0-or-later
-- How an answer is checked. A check first *measures* what a command did (its value, a variable,
-- what a function returns) and then tests the measurement, mostly against the same
-- measurement of the author's solution. Because a known mistake is measured in the same way, it
-- is recognised however it was typed.
--
-- A check is a table with
--   measure(attempt)           a frozen value, nil if there is nothing to measure
--   test(got, want, attempt)   true, or false and a sentence; `want` is the solution's measure
--   value                      the value of the command counts
--   names                      the variables that count
--   calls                      the functions whose calls count
-- and an attempt with .n and [1..n] (the values), .vars (the student's variables by name),
-- .changed (name -> frozen value of what the command changed), .value (the first value, frozen),
-- .calls (name -> count), .world.

local compare = require("gradus.lesson.compare")

local M = {}

-- --- what to say ------------------------------------------------------------------------

local function is_plain(v) return type(v) == "number" or type(v) == "string" end

-- Says how two values differ in kind or shape without telling the right one.
local function difference(got, want)
  if got == nil then return "There is no value yet." end
  local is_tensor = compare.is_tensor
  if is_tensor(want) and is_tensor(got) then
    local have, need = compare.shape_text(got), compare.shape_text(want)
    if have ~= need and want:dim() == 0 then
      return ("One number is wanted; this has the shape %s."):format(have)
    end
    if have ~= need then return ("The shape is %s, it should be %s."):format(have, need) end
    return "The shape is right, the numbers are not."
  end
  if is_tensor(want) ~= is_tensor(got) and not (is_plain(got) or is_plain(want)) then
    return ("It is %s, not %s."):format(is_tensor(got) and "a tensor" or "a " .. type(got),
      is_tensor(want) and "a tensor" or "a " .. type(want))
  end
  return ("Yours is %s; that is not it yet."):format(compare.describe(got))
end

local function against(got, want, tolerance)
  if compare.same(got, want, tolerance) then return true end
  return false, difference(got, want)
end

-- --- checks -----------------------------------------------------------------------------

-- A lesson gets handles. Checks are tested with nothing locked, so that no function or metamethod of
-- a guest's may be in them, now or later.
local handles = setmetatable({}, {__mode = "k"}) -- handle -> check
local genuine = setmetatable({}, {__mode = "k"}) -- check -> true

local function is_check(c) return genuine[c] or false end

local function handle_of(check)
  local handle = setmetatable({}, {__metatable = false})
  handles[handle], genuine[check] = check, true
  return handle
end

--- checks.plain(v: any) -> any
--- What a lesson gives, as plain data: copied without metatables, checks for their handles.
function M.plain(v)
  return compare.freeze(v, handles)
end

local function pass_on(ok, ...)
  if not ok then error(..., 2) end
  return handle_of(...)
end

-- A constructor as a lesson sees it.
local function given_out(make)
  return function(...)
    local given = table.pack(...)
    for i = 1, given.n do given[i] = M.plain(given[i]) end
    return pass_on(pcall(make, table.unpack(given, 1, given.n)))
  end
end

local function options_of(who, given, defaults)
  return require("gradus.options").read(who, given, defaults)
end

--- lesson check: equals(value: any, {tolerance: number = 1e-4}) -> check
--- The command's value agrees with the given one, however it was written.
function M.equals(value, given)
  local o = options_of("equals", given, {tolerance = 1e-4})
  return {kind = "equals", value = true,
    measure = function(attempt) return compare.freeze(attempt[1]) end,
    test = function(got) return against(got, value, o.tolerance) end}
end

--- lesson check: same({tolerance: number = 1e-4}) -> check
--- The command does what the solution does: its value is the same or, where the solution has
--- no value, the variables it sets. This is the check of a step that names none.
function M.same(given)
  local o = options_of("same", given, {tolerance = 1e-4})
  return {kind = "same", value = true, like_solution = true, needs_solution = true,
    measure = function(attempt)
      return {n = attempt.n, value = compare.freeze(attempt[1]), changed = attempt.changed}
    end,
    test = function(got, want)
      if want.n > 0 then return against(got.value, want.value, o.tolerance) end
      for name, value in pairs(want.changed) do
        local ok, why = against(got.changed[name], value, o.tolerance)
        if not ok then return false, ("`%s`: %s"):format(name, why) end
      end
      return true
    end}
end

--- lesson check: variable(name: string, what: check | any?) -> check
--- A variable exists and agrees with the solution's, with a given value, or passes a check.
function M.variable(name, what)
  if type(name) ~= "string" then error("variable needs the name of a variable", 2) end
  local inner = what
  if what ~= nil and not is_check(what) then
    inner = type(what) == "function" and M.that(what) or M.equals(what)
  end
  inner = inner or M.solution_value()
  local function as_value(attempt)
    return setmetatable({n = 1, attempt.vars[name]}, {__index = attempt})
  end
  return {kind = "variable", names = {name}, needs_solution = inner.needs_solution,
    calls = inner.calls,
    measure = function(attempt)
      if attempt.vars[name] == nil then return nil end
      return {inner.measure(as_value(attempt))}
    end,
    test = function(got, want, attempt)
      if got == nil then return false, ("There is no variable `%s` yet."):format(name) end
      local ok, why = inner.test(got[1], want and want[1], as_value(attempt))
      return ok, not ok and ("`%s`: %s"):format(name, why or "it is not right.") or nil
    end}
end

-- The value itself against the solution's.
function M.solution_value(given)
  local o = options_of("solution", given, {tolerance = 1e-4})
  return {kind = "solution_value", value = true, needs_solution = true,
    measure = function(attempt) return compare.freeze(attempt[1]) end,
    test = function(got, want) return against(got, want, o.tolerance) end}
end

local function statistics(v)
  if type(v) == "number" then return {shape = {}, mean = v, std = 0, min = v, max = v} end
  if not compare.is_tensor(v) then return nil end
  local shape = {}
  for d = 1, v:dim() do shape[d] = v:size(d) end
  v = v:detach()
  return {shape = shape, mean = v:mean():item(), min = v:min():item(), max = v:max():item(),
    std = v:numel() > 1 and v:std():item() or 0}
end

local order = {"shape", "mean", "std", "min", "max"}
local defaults = {mean = 0.1, std = 0.1}

--- lesson check: looks_like({shape, mean, std, min, max, tolerance: number = 0.1}?) -> check
--- The value is a tensor with the same shape and statistics: those given or, if none is
--- given, the shape, mean and standard deviation of the solution's value. For random numbers.
function M.looks_like(given)
  local o = require("gradus.options").read("looks_like", given, {tolerance = 0.1},
    {"shape", "mean", "std", "min", "max"})
  local asked = o.shape or o.mean or o.std or o.min or o.max
  return {kind = "looks_like", value = true, needs_solution = not asked,
    measure = function(attempt) return statistics(attempt[1]) end,
    test = function(got, want)
      if not got then return false, "It should be a tensor." end
      local aim = asked and o or {shape = want.shape, mean = want.mean, std = want.std}
      for _, name in ipairs(order) do
        if aim[name] ~= nil and not compare.same(got[name], aim[name], o.tolerance) then
          return false, ("The %s is %s, it should be %s%s."):format(name,
            compare.describe(got[name]), defaults[name] and "about " or "",
            compare.describe(aim[name]))
        end
      end
      return true
    end}
end


local function merged(kind, list)
  local result = {kind = kind, names = {}, calls = {}}
  for _, check in ipairs(list) do
    if not is_check(check) then error(kind .. " takes a list of checks", 3) end
    result.value = result.value or check.value
    result.needs_solution = result.needs_solution or check.needs_solution
    for _, n in ipairs(check.names or {}) do table.insert(result.names, n) end
    for _, n in ipairs(check.calls or {}) do table.insert(result.calls, n) end
  end
  function result.measure(attempt)
    local all = {}
    for i, check in ipairs(list) do all[i] = {check.measure(attempt)} end
    return all
  end
  return result
end

local function nth(t, i) return t and t[i] and t[i][1] end

--- lesson check: any_of{check, ...} -> check
--- One of several checks passes.
function M.any_of(list)
  local check = merged("any_of", list)
  function check.test(got, want, attempt)
    local ok, why, first
    for i, one in ipairs(list) do
      ok, why = one.test(nth(got, i), nth(want, i), attempt)
      if ok then return true end
      first = first or why
    end
    return false, first
  end
  return check
end

--- lesson check: all_of{check, ...} -> check
--- Every one of several checks passes.
function M.all_of(list)
  local check = merged("all_of", list)
  function check.test(got, want, attempt)
    for i, one in ipairs(list) do
      local ok, why = one.test(nth(got, i), nth(want, i), attempt)
      if not ok then return false, why end
    end
    return true
  end
  return check
end

--- lesson check: uses(name: string) -> check
--- The command calls a function while it runs: `uses "nn.Linear"`, or a method in any way of
--- writing it: `uses "mean"` is passed by x:mean() and by tensor.mean(x).
function M.uses(name)
  if type(name) ~= "string" then error("uses needs the name of a function", 2) end
  return {kind = "uses", calls = {name},
    measure = function(attempt) return (attempt.calls[name] or 0) > 0 end,
    test = function(got)
      return got, not got and ("Use `%s` for this."):format(name) or nil
    end}
end

local function results_of(attempt, f, samples)
  local all = {}
  for i, sample in ipairs(samples) do
    local arguments = type(sample) == "table" and sample or {sample}
    local outcome = attempt.world:call(f, table.unpack(compare.freeze(arguments)))
    all[i] = outcome.ok and {compare.freeze(outcome[1])} or {error = outcome.message}
  end
  return all
end

local function arguments_text(sample)
  local list = type(sample) == "table" and sample or {sample}
  local parts = {}
  for i, v in ipairs(list) do parts[i] = compare.describe(v) end
  return table.concat(parts, ", ")
end

--- lesson check: behaves(name: string, samples: {{argument, ...}, ...}, {tolerance}) -> check
--- A function of the student's gives what the solution's function gives, for each sample of
--- arguments: `behaves("relu", {{-1}, {0}, {2.5}})`.
function M.behaves(name, samples, given)
  local o = options_of("behaves", given, {tolerance = 1e-4})
  if type(samples) ~= "table" or #samples == 0 then
    error("behaves needs a list of samples like {{1, 2}, {3, 4}}", 2)
  end
  return {kind = "behaves", names = {name}, needs_solution = true,
    measure = function(attempt)
      local f = attempt.vars[name]
      return f ~= nil and results_of(attempt, f, samples) or nil
    end,
    test = function(got, want)
      if not got then return false, ("There is no function `%s` yet."):format(name) end
      for i, sample in ipairs(samples) do
        local call = ("`%s(%s)`"):format(name, arguments_text(sample))
        if got[i].error then return false, ("%s fails: %s"):format(call, got[i].error) end
        local ok, why = against(got[i][1], want[i][1], o.tolerance)
        if not ok then return false, ("%s: %s"):format(call, why) end
      end
      return true
    end}
end

--- lesson check: trains{loss: string | function, below: number} -> check
--- A loss, computed by code or a function after the command, is below a bound.
function M.trains(given)
  local o = options_of("trains", given, {loss = false, below = false})
  if not o.loss or type(o.below) ~= "number" then
    error("trains needs a loss (code or a function) and a number `below`", 2)
  end
  return {kind = "trains", value = false,
    measure = function(attempt)
      local world = attempt.world
      local outcome = type(o.loss) == "string" and world:evaluate(o.loss) or world:call(o.loss)
      if not outcome.ok then return {error = outcome.message} end
      return {loss = compare.freeze(outcome[1])}
    end,
    test = function(got)
      if got.error then return false, "The loss cannot be computed: " .. got.error end
      local loss = compare.is_tensor(got.loss) and got.loss:item() or got.loss
      if type(loss) ~= "number" then return false, "The loss is no number." end
      if loss < o.below then return true end
      return false, ("The loss is %.4g, it should be below %.4g."):format(loss, o.below)
    end}
end

-- An error while an author's test ran, without the author's line in it.
local function failure(outcome)
  if outcome.stopped then return outcome.message end
  return "It stops with an error: " .. outcome.message:gsub("^%S*%.lua:%d+: ", "")
end

--- lesson check: that(test: function(answer) -> (boolean, string?)) -> check
--- An own test. It receives the answer, with .value (the command's value) and .vars (the
--- student's variables by name), and returns true, or false and a sentence, and perhaps
--- what it measured. "part" and a sentence keeps what was typed: the rest is to come. An answer is recognised as a listed mistake if it does the same to the
--- variables, or else if the test measures, or at least says, the same.
function M.that(test)
  if type(test) ~= "function" then error("that needs a function", 2) end
  return {kind = "that", custom = true,
    measure = function(attempt)
      local world = attempt.world
      local hidden = world:hides(attempt, attempt.n)
      if hidden then return {ok = false, why = "A lesson does not see this value: " .. hidden .. "."} end
      local answer = {value = attempt[1], values = {table.unpack(attempt, 1, attempt.n)},
        vars = world:shown_names(), source = attempt.source}
      local outcome = world:call(test, answer)
      local part = outcome.ok and outcome[1] == "part"
      return {ok = outcome.ok and outcome[1] and not part or false, part = part,
        why = outcome.ok and outcome[2] or not outcome.ok and failure(outcome) or nil,
        own = outcome.ok and compare.freeze(outcome[3]) or nil,
        value = compare.freeze(attempt[1]), changed = attempt.changed}
    end,
    test = function(got)
      return got.ok, not got.ok and type(got.why) == "string" and got.why or nil
    end}
end

--- checks.of(given: any) -> check
--- Makes a check of what stands in a step's `check` field: a check, a function, or a value.
function M.of(given)
  if given == nil then return M.same() end
  if is_check(given) then return given end
  if type(given) == "function" then return M.that(given) end
  return M.equals(given)
end

-- --- is it this mistake? ----------------------------------------------------------------

local function did_something(measured)
  return measured.n and measured.n > 0 or next(measured.changed) ~= nil
end

-- Two commands did the same, for checks whose measure holds value and changes.
local function same_deed(a, b)
  if not did_something(b) then return false end
  if b.value ~= nil then return compare.same(a.value, b.value, 1e-6) end
  return compare.same(a.changed, b.changed, 1e-6)
end

local function deed(attempt)
  return {n = attempt.n, value = attempt.value, changed = attempt.changed}
end

-- The test of the author fails in the same way for both.
local function same_failure(got, mistake)
  if type(got) ~= "table" or type(mistake) ~= "table" then return false end
  if got.ok or mistake.ok then return false end
  if mistake.own ~= nil then return compare.same(got.own, mistake.own, 1e-6) end
  return type(mistake.why) == "string" and got.why == mistake.why
end

--- checks.matches(check, got: any, mistake: any, attempt, mistake_attempt) -> boolean
--- True if a wrong answer did what a listed mistake does.
function M.matches(check, got, mistake, attempt, other)
  if check.custom and got and mistake and got.own ~= nil and mistake.own ~= nil then
    return same_failure(got, mistake) -- what the author measured tells more than the value
  end
  if check.like_solution or check.custom then
    return same_deed(deed(attempt), deed(other)) or check.custom and same_failure(got, mistake)
  end
  if got ~= nil and mistake ~= nil and compare.same(got, mistake, 1e-6) then
    return check.kind ~= "uses" and check.kind ~= "trains"
      or same_deed(deed(attempt), deed(other))
  end
  return got == nil and mistake == nil and same_deed(deed(attempt), deed(other))
end

--- checks.vocabulary() -> table
--- The checks a lesson file sees, by name.
function M.vocabulary()
  local words = {}
  for name in ("equals same variable looks_like any_of all_of uses behaves trains that"):gmatch("%S+") do
    words[name] = given_out(M[name])
  end
  return words
end

return M
