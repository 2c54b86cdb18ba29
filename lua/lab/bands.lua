-- SPDX-License-Identifier: GPL-3.0-or-later
-- Curves over several seeds: the mean as a line, all seeds within a band.

local M = {}

-- Over the seeds that are finite there: mean (geometric on a log axis), smallest, largest.
local function at(lists, i, log)
  local sum, n, lo, hi = 0, 0, math.huge, -math.huge
  for _, list in ipairs(lists) do
    local v = list[i]
    if v and v == v and math.abs(v) < math.huge and (not log or v > 0) then
      sum, n, lo, hi = sum + (log and math.log(v) or v), n + 1, math.min(lo, v), math.max(hi, v)
    end
  end
  if n == 0 then return 0 / 0, 0 / 0, 0 / 0 end
  return log and math.exp(sum / n) or sum / n, lo, hi
end

--- bands.curve({{name, x, {list, ...}}, ...}, options of plot.curve) -> figure
--- A line and a band for each: x is a list, and each seed has a list as long.
function M.curve(entries, o)
  local lines, bands = {}, {}
  for i, entry in ipairs(entries) do
    local name, x, lists = table.unpack(entry)
    local mean, lo, hi = {}, {}, {}
    for j = 1, #x do mean[j], lo[j], hi[j] = at(lists, j, o.ylog) end
    lines[i] = {name, x, mean}
    if #lists > 1 then bands[#bands + 1] = {kind = "band", x = x, lo = lo, hi = hi, color = i} end
  end
  local fig = require("gradus.plot").curve(lines, o)
  table.move(fig.marks, 1, #fig.marks, #bands + 1)
  table.move(bands, 1, #bands, 1, fig.marks)
  return fig
end

--- bands.columns({run, ...}, field) -> {list, ...}
--- A field, a list, of each run, or what a function makes of a run.
function M.columns(runs, field)
  local lists = {}
  for k, run in ipairs(runs) do
    lists[k] = type(field) == "function" and field(run) or run[field]
  end
  return lists
end

--- bands.steps(n, every) -> {0, every, 2 every, ...}
--- n places along the steps of a training.
function M.steps(n, every, first)
  local x = {}
  for i = 1, n do x[i] = (first or 0) + (i - 1) * (every or 1) end
  return x
end

--- bands.smooth(list, beta) -> list
--- The moving average that plot.loss uses, with its bias taken out.
function M.smooth(list, beta)
  return require("gradus.plot.picture.loss").smooth(list, beta)
end

return M
