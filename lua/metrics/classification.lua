-- SPDX-License-Identifier: GPL-3.0-or-later
-- Metrics of labels against labels. For class c, with counts over the samples:
--   tp  true c, predicted c       fp  not c, predicted c
--   fn  true c, predicted other   support  tp + fn
-- precision = tp / (tp + fp), recall = tp / (tp + fn),
-- F_beta = (1 + beta^2) P R / (beta^2 P + R).

local core = require("gradus.core")
local labels = require("gradus.metrics.labels")
local notice = require("gradus.notice")
local options = require("gradus.options")

local M = {}

-- An undefined value (0 / 0) counts as 0, with one remark a session.
local function divide(a, b)
  if b ~= 0 then return a / b end
  notice.say("undefined", "metrics: a class without samples or without predictions: its " ..
    "precision, recall or F is undefined and counts as 0", "class")
  return 0.0
end

-- Counts per class: {classes, tp, fp, fn, support, n, right}.
local function count(who, truth, given, classes)
  truth = labels.classes(who, truth, "truth")
  given = labels.classes(who, given, "prediction", truth)
  labels.pair(who, truth, given)
  local c = {classes = classes or labels.union(truth, given), tp = {}, fp = {}, fn = {},
    support = {}, n = #truth, right = 0}
  for _, name in ipairs(c.classes) do
    c.tp[name], c.fp[name], c.fn[name], c.support[name] = 0, 0, 0, 0
  end
  for i, t in ipairs(truth) do
    local g = given[i]
    if t == g then
      c.right = c.right + 1
      if c.tp[t] then c.tp[t] = c.tp[t] + 1 end
    else
      if c.fn[t] then c.fn[t] = c.fn[t] + 1 end
      if c.fp[g] then c.fp[g] = c.fp[g] + 1 end
    end
    if c.support[t] then c.support[t] = c.support[t] + 1 end
  end
  return c
end

--- metrics.confusion(truth: tensor|table, given: tensor|table, {normalise: string = "none", classes: integer?}) -> tensor
--- The confusion matrix: row = true class, column = predicted class, counted.
--- `normalise` is "none", "true" (each row sums to 1), "pred" (each column) or "all".
--- Scores (N, C) may stand in place of predictions.
--- > metrics.confusion({1, 1, 2}, {1, 2, 2})
--- tensor{{1, 1},
---        {0, 1}}  -- float64 (2, 2)
function M.confusion(truth, given, o)
  local who = "metrics.confusion"
  o = options.read(who, o, {normalise = "none"}, {"classes"})
  truth = labels.classes(who, truth, "truth")
  given = labels.classes(who, given, "prediction", truth)
  labels.pair(who, truth, given)
  local names = labels.union(truth, given)
  local n = math.max(o.classes or 0, math.tointeger(names[#names]) or 0)
  if math.tointeger(names[1]) == nil or names[1] < 1 then
    error(("%s: labels count from 1; got %s. Hint: add 1 to labels that count from 0"):format(who,
      names[1]), 2)
  end
  local rows = {}
  for i = 1, n do
    rows[i] = {}
    for j = 1, n do rows[i][j] = 0 end
  end
  for i, t in ipairs(truth) do
    local row, g = rows[math.tointeger(t)], math.tointeger(given[i])
    if not row or not g then error(who .. ": labels are whole numbers", 2) end
    row[g] = row[g] + 1
  end
  local m = core.tensor(rows, {dtype = "float64"})
  if o.normalise == "none" then return m end
  local sums
  if o.normalise == "true" then sums = m:sum(2, true)
  elseif o.normalise == "pred" then sums = m:sum(1, true)
  elseif o.normalise == "all" then sums = m:sum()
  else
    error(("%s: normalise is \"none\", \"true\", \"pred\" or \"all\"; got %s"):format(who,
      tostring(o.normalise)), 2)
  end
  return m / core.maximum(sums, 1)
end

--- metrics.accuracy(truth: tensor|table, given: tensor|table) -> number
--- The share of samples whose predicted class is the true one.
--- > metrics.accuracy({1, 2, 3, 3}, {1, 2, 3, 1})
--- 0.75
function M.accuracy(truth, given)
  local c = count("metrics.accuracy", truth, given)
  return c.right / c.n
end

-- Precision, recall and F of a class. Each is undefined for a reason of its own: F = (1 + b^2) tp /
-- ((1 + b^2) tp + b^2 fn + fp), which is what P and R give, only of a class that never occurs.
local ratios = {
  function(tp, fp) return divide(tp, tp + fp) end,
  function(tp, _, fn) return divide(tp, tp + fn) end,
  function(tp, fp, fn, beta)
    local b = beta * beta
    return divide((1 + b) * tp, (1 + b) * tp + b * fn + fp)
  end,
}

local function score_of(c, name, beta, which)
  return ratios[which](c.tp[name], c.fp[name], c.fn[name], beta)
end

local averages = {}

function averages.macro(c, which, beta)
  local sum = 0
  for _, name in ipairs(c.classes) do sum = sum + score_of(c, name, beta, which) end
  return sum / #c.classes
end

function averages.weighted(c, which, beta)
  local sum, weight = 0, 0
  for _, name in ipairs(c.classes) do
    sum = sum + c.support[name] * score_of(c, name, beta, which)
    weight = weight + c.support[name]
  end
  return divide(sum, weight)
end

function averages.micro(c, which, beta)
  local all = {tp = {0}, fp = {0}, fn = {0}}
  for _, name in ipairs(c.classes) do
    for key, total in pairs(all) do total[1] = total[1] + c[key][name] end
  end
  return score_of(all, 1, beta, which)
end

function averages.none(c, which, beta)
  local list = {}
  for i, name in ipairs(c.classes) do list[i] = score_of(c, name, beta, which) end
  return list
end

function averages.binary(c, which, beta, positive, who)
  if #c.classes > 2 then
    error(("%s: %d classes need an average: \"macro\", \"micro\", \"weighted\" or \"none\""):format(
      who, #c.classes), 0)
  end
  if not c.tp[positive] then
    c.tp[positive], c.fp[positive], c.fn[positive] = 0, 0, 0
  end
  return score_of(c, positive, beta, which)
end

-- One of precision, recall and F, with the average asked for.
local function score(who, which, truth, given, o, beta)
  o = options.read(who, o, {average = "binary"}, {"positive", "classes"})
  local c = count(who, truth, given, o.classes)
  local average = averages[o.average]
  if not average then
    error(("%s: average is \"binary\", \"macro\", \"micro\", \"weighted\" or \"none\"; got %s")
      :format(who, tostring(o.average)), 3)
  end
  local positive = o.positive or c.classes[#c.classes]
  if not o.positive and positive ~= 1 and c.classes[1] == 0 then positive = 1 end
  return average(c, which, beta, positive, who)
end

--- metrics.precision(truth: tensor|table, given: tensor|table, {average: string = "binary", positive: number?, classes: table?}) -> number
--- tp / (tp + fp): how many of those called positive are. The positive class is the largest
--- label; averages over classes are "macro", "micro", "weighted", or "none" for a list.
--- > metrics.precision({0, 0, 1, 1}, {0, 1, 1, 1})
--- 0.66666666666667
function M.precision(truth, given, o)
  return score("metrics.precision", 1, truth, given, o, 1)
end

--- metrics.recall(truth: tensor|table, given: tensor|table, {average: string = "binary", positive: number?, classes: table?}) -> number
--- tp / (tp + fn): how many of the positives are found.
--- > metrics.recall({0, 0, 1, 1}, {0, 1, 1, 0})
--- 0.5
function M.recall(truth, given, o)
  return score("metrics.recall", 2, truth, given, o, 1)
end

--- metrics.f1(truth: tensor|table, given: tensor|table, {average: string = "binary", positive: number?, classes: table?}) -> number
--- The harmonic mean of precision and recall.
--- > metrics.f1({0, 0, 1, 1}, {0, 1, 1, 0})
--- 0.5
function M.f1(truth, given, o)
  return score("metrics.f1", 3, truth, given, o, 1)
end

--- metrics.fbeta(truth: tensor|table, given: tensor|table, beta: number, {average: string = "binary", positive: number?, classes: table?}) -> number
--- F with recall weighted beta times as much as precision.
--- > metrics.fbeta({0, 0, 1, 1}, {0, 1, 1, 1}, 2)
--- 0.90909090909091
function M.fbeta(truth, given, beta, o)
  if type(beta) ~= "number" or beta <= 0 then
    error("metrics.fbeta: beta should be a number above 0; got " .. tostring(beta), 2)
  end
  return score("metrics.fbeta", 3, truth, given, o, beta)
end

--- metrics.mcc(truth: tensor|table, given: tensor|table) -> number
--- Matthews' correlation of truth and prediction: 1 perfect, 0 like chance, for any number of
--- classes and any balance between them.
--- > metrics.mcc({1, 1, 2, 2}, {1, 1, 2, 2})
--- 1.0
function M.mcc(truth, given)
  local c = count("metrics.mcc", truth, given)
  local s, right = c.n, c.right
  local tp_, t2, p2 = 0, 0, 0
  for _, name in ipairs(c.classes) do
    local t, p = c.support[name], c.tp[name] + c.fp[name]
    tp_, t2, p2 = tp_ + t * p, t2 + t * t, p2 + p * p
  end
  local below = math.sqrt((s * s - p2) * (s * s - t2))
  if below == 0 then return 0.0 end
  return (right * s - tp_) / below
end

--- metrics.report(truth: tensor|table, given: tensor|table, {names: table?}) -> Report
--- Precision, recall, F1 and support of every class, with averages: a table that prints as one.
--- > metrics.report({1, 1, 2}, {1, 2, 2}).accuracy
--- 0.66666666666667
function M.report(truth, given, o)
  local who = "metrics.report"
  o = options.read(who, o, {}, {"names"})
  local c = count(who, truth, given)
  local report = {classes = {}, accuracy = c.right / c.n, n = c.n}
  for i, name in ipairs(c.classes) do
    local whole = math.tointeger(name)
    report.classes[i] = {name = o.names and whole and o.names[whole] or ("%g"):format(name),
      precision = score_of(c, name, 1, 1), recall = score_of(c, name, 1, 2),
      f1 = score_of(c, name, 1, 3), support = c.support[name]}
  end
  for _, average in ipairs{"macro", "weighted"} do
    local a = averages[average]
    report[average] = {name = average .. " average", precision = a(c, 1, 1),
      recall = a(c, 2, 1), f1 = a(c, 3, 1), support = c.n}
  end
  return setmetatable(report, M._report)
end

M._report = {__name = "Report"}

function M._report.__tostring(report)
  local wide = 16
  for _, row in ipairs(report.classes) do wide = math.max(wide, #row.name) end
  local head = ("%%%ds %%9s %%9s %%9s %%9s"):format(wide)
  local line = ("%%%ds %%9.3f %%9.3f %%9.3f %%9d"):format(wide)
  local function row(r) return line:format(r.name, r.precision, r.recall, r.f1, r.support) end
  local lines = {head:format("", "precision", "recall", "f1", "support")}
  for _, r in ipairs(report.classes) do lines[#lines + 1] = row(r) end
  lines[#lines + 1] = ""
  lines[#lines + 1] = (("%%%ds %%29.3f %%9d"):format(wide)):format("accuracy", report.accuracy,
    report.n)
  lines[#lines + 1] = row(report.macro)
  lines[#lines + 1] = row(report.weighted)
  return table.concat(lines, "\n")
end

return M
