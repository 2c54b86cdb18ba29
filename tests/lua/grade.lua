-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the two gradings of `why` (experiments/why_graded.lua and why_by_hand.lua) have in common: a
-- case has truth, net, data and clues.

local M = {}

-- What why says of draw(seed, kind) for seeds first to last, as {truth, said, seed, case, answer}.
function M.ask(draw, first, last, kind)
  local results = {}
  for seed = first, last do
    local case = draw(seed, kind)
    local answer = why(case.net, case.data, case.clues)
    results[#results + 1] = {truth = case.truth, said = answer.fault, hint = answer.hint ~= nil,
      seed = seed, case = case, answer = answer}
    collectgarbage()
  end
  return results
end

-- Rows are what is wrong, columns what why says first.
function M.matrix(results)
  local rows, columns, count = {}, {}, {}
  for _, r in ipairs(results) do
    if not count[r.truth] then
      count[r.truth], rows[#rows + 1] = {}, r.truth
    end
    if not columns[r.said] then columns[r.said], columns[#columns + 1] = true, r.said end
    count[r.truth][r.said] = (count[r.truth][r.said] or 0) + 1
  end
  table.sort(rows)
  table.sort(columns)
  local lines = {"true \\ said    " .. table.concat(columns, " ")}
  for _, truth in ipairs(rows) do
    local cells = {}
    for i, said in ipairs(columns) do
      cells[i] = ("%" .. #said .. "d"):format(count[truth][said] or 0)
    end
    lines[#lines + 1] = ("%-14s %s"):format(truth, table.concat(cells, " "))
  end
  return table.concat(lines, "\n")
end

-- How many answers are right, of how many, and the others as text.
function M.share(results)
  local right, wrong = 0, {}
  for _, r in ipairs(results) do
    if r.said == r.truth then right = right + 1
    else wrong[#wrong + 1] = ("%s at %d"):format(r.said, r.seed) end
  end
  return right, #results, table.concat(wrong, ", ")
end

-- Of rates: called too low, or only a faster one named in a hint, or nothing, or something else.
function M.rates(results)
  local c = {rate_low = 0, none = 0, hint = 0, other = 0}
  for _, r in ipairs(results) do
    local said = r.hint and "hint" or c[r.said] and r.said or "other"
    c[said] = c[said] + 1
  end
  return c
end

-- The text that stands in tests/expect: the matrix, healthy nets, rates that are a little too low, and more
-- healthy ones.
function M.text(results, healthy, low, more)
  local right, all = M.share(results)
  local fine, sound = M.share(healthy)
  local text = M.matrix(results) .. ("\n%d of %d right; %d false alarms on %d healthy nets\n"):format(right, all,
    sound - fine, sound)
  for _, row in ipairs {{"rates 10 to 30 times too low", low}, {"healthy", more}} do
    local c = M.rates(row[2])
    text = text .. ("%-29s said to be too low %2d, a faster one named %2d, nothing %2d, something else %2d\n"):format(
      row[1] .. ":", c.rate_low, c.hint, c.none, c.other)
  end
  return text
end

function M.write(path, text)
  local file = assert(io.open(path, "w"))
  assert(file:write(text))
  assert(file:close())
end

return M
