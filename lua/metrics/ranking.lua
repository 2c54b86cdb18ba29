-- SPDX-License-Identifier: GPL-3.0-or-later
-- Metrics of scores against binary truth: what every threshold would do.

local core = require("gradus.core")
local labels = require("gradus.metrics.labels")
local notice = require("gradus.notice")
local options = require("gradus.options")

local M = {}

-- Truth as 0 and 1, with scores, sorted by falling score; ties stay together.
-- Returns the list of {threshold, tp, fp} after each distinct score, and the
-- numbers of positives and negatives.
local function sweep(who, truth, scores, positive)
  truth = labels.known(who, labels.numbers(who, truth, "truth"), "truth")
  scores = labels.numbers(who, scores, "scores")
  labels.pair(who, truth, scores)
  local names = labels.union(truth)
  if #names > 2 then error(who .. ": the truth has more than two classes", 0) end
  if not positive then
    local largest = names[#names]
    positive = (#names == 1 and largest == 0) and 1 or largest
  end
  local order, p, n = {}, 0, 0
  for i, t in ipairs(truth) do
    if scores[i] ~= scores[i] then error(("%s: score %d is nan"):format(who, i), 0) end
    order[i] = i
    if t == positive then p = p + 1 else n = n + 1 end
  end
  table.sort(order, function(a, b)
    if scores[a] ~= scores[b] then return scores[a] > scores[b] end
    return a < b
  end)
  local points, tp, fp = {}, 0, 0
  for k, i in ipairs(order) do
    if truth[i] == positive then tp = tp + 1 else fp = fp + 1 end
    local after = order[k + 1]
    if not after or scores[after] ~= scores[i] then
      points[#points + 1] = {threshold = scores[i], tp = tp, fp = fp}
    end
  end
  return points, p, n
end

-- A curve over the thresholds: `rates` gives the two numbers of a point, and
-- `first` is the point above all scores.
local function curve(who, truth, scores, o, first, rates)
  o = options.read(who, o, {}, {"positive"}, 4)
  local points, p, n = sweep(who, truth, scores, o.positive)
  local x, y = first[1], first[2]
  local c = {[x] = {first[3]}, [y] = {first[4]}, thresholds = {math.huge}}
  for i, point in ipairs(points) do
    c[x][i + 1], c[y][i + 1] = rates(point, p, n)
    c.thresholds[i + 1] = point.threshold
  end
  return c, p, n
end

local function undefined(who, what, value)
  notice.say("undefined", ("%s: no %s samples; what is undefined is %s"):format(who, what, value),
    "curve")
end

--- metrics.roc(truth: tensor|table, scores: tensor|table, {positive: number?}) -> table
--- The ROC curve: fields fpr, tpr and thresholds, from (0, 0) to (1, 1), one point for each
--- distinct score. The positive class is the larger of the two labels. Without positives tpr is
--- nan, without negatives fpr, with a remark.
--- > table.concat(metrics.roc({0, 0, 1, 1}, {0.1, 0.4, 0.35, 0.8}).tpr, " ")
--- 0.0 0.5 0.5 1.0 1.0
function M.roc(truth, scores, o)
  local who = "metrics.roc"
  local c, p, n = curve(who, truth, scores, o, {"fpr", "tpr", 0.0, 0.0},
    function(point, p, n) return point.fp / n, point.tp / p end)
  for name, count in pairs{tpr = p, fpr = n} do
    if count == 0 then
      c[name][1] = 0 / 0
      undefined(who, name == "tpr" and "positive" or "negative", "nan")
    end
  end
  return c
end

--- metrics.auc(truth: tensor|table, scores: tensor|table, {positive: number?}) -> number
--- The area under the ROC curve: the chance that a positive scores above a negative, ties
--- counting half. It is nan, with a remark, if one of the two classes is missing.
--- > metrics.auc({0, 0, 1, 1}, {0.1, 0.4, 0.35, 0.8})
--- 0.75
function M.auc(truth, scores, o)
  local c = M.roc(truth, scores, o)
  local area = 0.0
  for i = 2, #c.fpr do
    area = area + (c.fpr[i] - c.fpr[i - 1]) * (c.tpr[i] + c.tpr[i - 1]) / 2
  end
  return area
end

--- metrics.precision_recall(truth: tensor|table, scores: tensor|table, {positive: number?}) -> table
--- The precision-recall curve: fields precision, recall and thresholds, from the highest
--- threshold down; it starts at precision 1 and recall 0. Without positives recall is 1
--- everywhere else, with a remark.
--- > table.concat(metrics.precision_recall({0, 1, 1}, {0.1, 0.4, 0.8}).recall, " ")
--- 0.0 0.5 1.0 1.0
function M.precision_recall(truth, scores, o)
  local who = "metrics.precision_recall"
  local c, p = curve(who, truth, scores, o, {"precision", "recall", 1.0, 0.0},
    function(point, p)
      return point.tp / (point.tp + point.fp), p > 0 and point.tp / p or 1.0
    end)
  if p == 0 then undefined(who, "positive", "1") end
  return c
end

--- metrics.average_precision(truth: tensor|table, scores: tensor|table, {positive: number?}) -> number
--- The mean precision over the steps of recall: sum of (R_k - R_k-1) P_k.
--- > metrics.average_precision({0, 1, 1}, {0.1, 0.4, 0.8})
--- 1.0
function M.average_precision(truth, scores, o)
  local c = M.precision_recall(truth, scores, o)
  local area = 0.0
  for i = 2, #c.recall do
    area = area + (c.recall[i] - c.recall[i - 1]) * c.precision[i]
  end
  return area
end

-- The probabilities given to the true classes, as far from 0 and 1 as `least`.
local function of_true_class(who, truth, rows, least)
  local list = {}
  for i, row in ipairs(rows) do
    local t, p = math.tointeger(truth[i])
    if type(row) == "table" and #row > 1 then
      local total = 0
      for _, v in ipairs(row) do total = total + v end
      p = row[t] and row[t] / total
      if not p then
        error(("%s: label %s of sample %d is not in 1..%d"):format(who, truth[i], i, #row), 3)
      end
    elseif t == 0 or t == 1 then
      local v = type(row) == "table" and row[1] or row
      p = t == 1 and v or 1 - v
    else
      error(("%s: with one probability a sample the labels are 0 and 1; sample %d has %s"):format(
        who, i, truth[i]), 3)
    end
    list[i] = math.min(math.max(p, least), 1 - least)
  end
  return list
end

--- metrics.log_loss(truth: tensor|table, probabilities: tensor|table) -> number
--- The mean of -log of the probability given to the true class. Probabilities are (N, C) with
--- labels 1..C, or one number a sample for the positive of two classes 0 and 1. They are held as
--- far from 0 and 1 as their type can tell (2.2e-16, float32 1.2e-7).
--- > ("%.4f"):format(metrics.log_loss({1, 0}, {0.9, 0.2}))
--- 0.1643
function M.log_loss(truth, probabilities)
  local who, is_tensor = "metrics.log_loss", core.is_tensor(probabilities)
  local t = labels.numbers(who, truth, "truth")
  if not is_tensor and type(probabilities) ~= "table" then
    error(("%s: probabilities should be a tensor or a table; got %s"):format(who,
      type(probabilities)), 2)
  end
  local rows = is_tensor and probabilities:detach():totable() or probabilities
  labels.pair(who, t, rows)
  local single = is_tensor and probabilities:dtype() == "float32"
  local sum = 0.0
  for _, p in ipairs(of_true_class(who, t, rows, single and 2.0 ^ -23 or 2.0 ^ -52)) do
    sum = sum - math.log(p)
  end
  return sum / #rows
end

return M
