-- SPDX-License-Identifier: GPL-3.0-or-later
-- The frame of an experiment: its options, arms and seeds, its progress bar, what it claims, and
-- what came out.
--
--     local e = experiment.new("lab.rates", given, {steps = 200})
--     local runs = e:run(arms, function(arm, seed) ... return what_was_seen end)
--     e:claim {text, threshold, unit, each = function(k) return effect, holds end}
--     return e:finish {name, columns, look}
--
-- The recipe of an experiment (sizes, rates, the threshold from which on a seed counts as bearing
-- the claim out) is written before its first run and stays: a claim that fails is reported as
-- failed, with a sentence that says why.

local checks = require("gradus.lab.checks")
local notice = require("gradus.notice")
local options = require("gradus.options")
local result = require("gradus.lab.result")
local seeded = require("gradus.seeded")

local E = {__name = "lab.experiment"}
E.__index = E

local M = {}

local default = 5 -- seeds of experiments that are not told theirs: a count or a list

--- lab.seeds(seeds?: integer|{integer, ...}) -> {integer, ...}
--- The seeds of experiments that are given none: a number n for 1 to n, or a list. Without an
--- argument tells them; at the beginning they are 1 to 5.
--- > lab.seeds()
--- {1, 2, 3, 4, 5}
--- > lab.seeds{101, 102};
--- > #lab.ema().claims[1].effects
--- 2
--- > lab.seeds(5);
function M.seeds(given)
  if given ~= nil then
    result.seeds("lab.seeds", given, 3)
    default = given
  end
  return result.seeds("lab.seeds", default)
end

--- experiment.new(who, given, defaults, {optional, ...}) -> experiment
--- Reads the options; `seeds` and `progress` every experiment has. Fields: o, seeds, rows.
function M.new(who, given, defaults, optional)
  local all = {seeds = default, progress = true}
  for k, v in pairs(defaults) do all[k] = v end
  local o = options.read(who, given, all, optional, 4)
  checks.options(who, o, 4)
  return setmetatable({who = who, o = o, seeds = result.seeds(who, o.seeds, 4), rows = {},
    claims = {}, notes = {}, figures = {order = {}}}, E)
end

--- e:run(arms, f) -> runs
--- runs[i][k] = f(arms[i], seed k, k). All arms of a seed begin with the generator in the same
--- state, so that they can be compared seed by seed. Nothing is remarked on: nets that go astray belong to it.
function E:run(arms, f)
  local bar, runs = result.progress(self.o.progress), {}
  for i, arm in ipairs(arms) do
    runs[i] = {}
    for k, seed in ipairs(self.seeds) do
      runs[i][k] = seeded.run(seed, notice.hush, f, arm, seed, k)
      bar((i - 1) * #self.seeds + k, #arms * #self.seeds)
    end
  end
  return runs
end

--- A row of the table.
function E:row(row)
  self.rows[#self.rows + 1] = row
end

--- A sentence that is no claim.
function E:note(text, ...)
  self.notes[#self.notes + 1] = text:format(...)
end

function E:figure(name, fig)
  self.figures.order[#self.figures.order + 1] = name
  self.figures[name] = fig
end

--- experiment.moments(list) -> mean, standard deviation
--- Of the finite numbers of a list; nan if there are none.
function M.moments(list)
  local sum, n = 0, 0
  for _, v in ipairs(list) do
    if v == v and math.abs(v) < math.huge then sum, n = sum + v, n + 1 end
  end
  local mean, squares = sum / n, 0
  for _, v in ipairs(list) do
    if v == v and math.abs(v) < math.huge then squares = squares + (v - mean) ^ 2 end
  end
  return mean, n > 1 and math.sqrt(squares / (n - 1)) or 0
end

--- "0.93 +- 0.01" of a field (or a function) of each run.
function M.spread(runs, field, form)
  local list = M.column(runs, field)
  local mean, std = M.moments(list)
  return ((form or "%.3g") .. " +- " .. (form or "%.2g")):format(mean, std)
end

--- One number of each run: a field's name or a function of the run.
function M.column(runs, field)
  local list = {}
  for k, run in ipairs(runs) do
    list[k] = type(field) == "function" and field(run) or run[field]
  end
  return list
end

-- Rounding errors are no effect.
local function clean(v) return math.abs(v) < 1e-12 and 0 or v end

local function verdict(c)
  local text = ("Verdict: holds in %d of %d seeds"):format(c.held, c.of)
  if c.mean ~= c.mean then return text .. ", effect not measurable in any." end
  text = ("%s, effect %.3g +- %.2g %s."):format(text, clean(c.mean), c.spread, c.unit)
  return (text:gsub("%s+%.$", "."))
end

--- e:claim{text, threshold, unit, each = function(k, seed), evidence, otherwise} -> claim
--- What is claimed; from where on a seed bears it out; `each` returns the effect under the k-th
--- seed and whether it is beyond the threshold; `evidence` is what was measured, in words;
--- `otherwise` says why seeds do not bear it out, and is shown if there are such.
function E:claim(c)
  c.effects, c.held, c.of = {}, 0, #self.seeds
  for k, seed in ipairs(self.seeds) do
    local effect, holds = c.each(k, seed)
    c.effects[k] = effect
    if holds then c.held = c.held + 1 end
  end
  c.mean, c.spread = M.moments(c.effects)
  c.unit, c.each = c.unit or "", nil
  self.claims[#self.claims + 1] = c
  return c
end

-- What to show where an experiment has no words for what was measured: the effect under each seed.
local function by_seed(c)
  local list = {}
  for k, v in ipairs(c.effects) do list[k] = v ~= v and "nan" or ("%.3g"):format(clean(v)) end
  return "by seed " .. table.concat(list, ", ")
end

local function lines_of(c)
  local lines = {("Claim: %s."):format(c.text), ("  A seed counts if %s."):format(c.threshold)}
  lines[#lines + 1] = ("  Measured: %s."):format(c.evidence or by_seed(c))
  lines[#lines + 1] = "  " .. verdict(c)
  if c.held < c.of and c.otherwise then lines[#lines + 1] = ("  Why: %s."):format(c.otherwise) end
  return lines
end

--- e:finish{name, columns, look, ...} -> result
--- The result: claims with evidence and verdict, notes, what to look at, rows, figures.
function E:finish(fields)
  local notes = {}
  for _, c in ipairs(self.claims) do
    for _, line in ipairs(lines_of(c)) do notes[#notes + 1] = line end
  end
  table.move(self.notes, 1, #self.notes, #notes + 1, notes)
  if fields.look then notes[#notes + 1] = "Look at: " .. fields.look end
  fields.notes, fields.rows, fields.claims = notes, self.rows, self.claims
  fields.figures, fields.look = self.figures, nil
  return result.new(fields)
end

return M
