-- SPDX-License-Identifier: GPL-3.0-or-later
-- Metrics of scores against binary truth: what every threshold would do.

local labels = require("gradus.metrics.labels")
local options = require("gradus.options")

local M = {}

-- Truth as 0 and 1, with scores, sorted by falling score; ties stay together.
-- Returns the list of {threshold, tp, fp} after each distinct score, and the
-- numbers of positives and negatives.
local function sweep(who, truth, scores, positive)
  truth = labels.numbers(who, truth, "truth")
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

--- metrics.roc(truth: tensor|table, scores: tensor|table, {positive: number?}) -> table
--- The ROC curve: fields fpr, tpr and thresholds, from (0, 0) to (1, 1), one point for each
--- distinct score. The positive class is the larger of the two labels.
--- > table.concat(metrics.roc({0, 0, 1, 1}, {0.1, 0.4, 0.35, 0.8}).tpr, " ")
--- 0.0 0.5 0.5 1.0 1.0
function M.roc(truth, scores, o)
  local who = "metrics.roc"
  o = options.read(who, o, {}, {"positive"})
  local points, p, n = sweep(who, truth, scores, o.positive)
  if p == 0 or n == 0 then
    error(("%s: %d positive and %d negative samples; both kinds are needed"):format(who, p, n), 2)
  end
  local curve = {fpr = {0.0}, tpr = {0.0}, thresholds = {math.huge}}
  for i, point in ipairs(points) do
    curve.fpr[i + 1], curve.tpr[i + 1] = point.fp / n, point.tp / p
    curve.thresholds[i + 1] = point.threshold
  end
  return curve
end

--- metrics.auc(truth: tensor|table, scores: tensor|table, {positive: number?}) -> number
--- The area under the ROC curve: the chance that a positive scores above a negative, ties
--- counting half.
--- > metrics.auc({0, 0, 1, 1}, {0.1, 0.4, 0.35, 0.8})
--- 0.75
function M.auc(truth, scores, o)
  local curve = M.roc(truth, scores, o)
  local area = 0.0
  for i = 2, #curve.fpr do
    area = area + (curve.fpr[i] - curve.fpr[i - 1]) * (curve.tpr[i] + curve.tpr[i - 1]) / 2
  end
  return area
end

--- metrics.precision_recall(truth: tensor|table, scores: tensor|table, {positive: number?}) -> table
--- The precision-recall curve: fields precision, recall and thresholds, from the highest
--- threshold down; it starts at precision 1 and recall 0.
--- > table.concat(metrics.precision_recall({0, 1, 1}, {0.1, 0.4, 0.8}).recall, " ")
--- 0.0 0.5 1.0 1.0
function M.precision_recall(truth, scores, o)
  local who = "metrics.precision_recall"
  o = options.read(who, o, {}, {"positive"})
  local points, p = sweep(who, truth, scores, o.positive)
  if p == 0 then error(who .. ": no positive samples", 2) end
  local curve = {precision = {1.0}, recall = {0.0}, thresholds = {math.huge}}
  for i, point in ipairs(points) do
    curve.precision[i + 1] = point.tp / (point.tp + point.fp)
    curve.recall[i + 1] = point.tp / p
    curve.thresholds[i + 1] = point.threshold
  end
  return curve
end

--- metrics.average_precision(truth: tensor|table, scores: tensor|table, {positive: number?}) -> number
--- The mean precision over the steps of recall: sum of (R_k - R_k-1) P_k.
--- > metrics.average_precision({0, 1, 1}, {0.1, 0.4, 0.8})
--- 1.0
function M.average_precision(truth, scores, o)
  local curve = M.precision_recall(truth, scores, o)
  local area = 0.0
  for i = 2, #curve.recall do
    area = area + (curve.recall[i] - curve.recall[i - 1]) * curve.precision[i]
  end
  return area
end

--- metrics.log_loss(truth: tensor|table, probabilities: tensor|table) -> number
--- The mean of -log of the probability given to the true class. Probabilities are (N, C) with
--- labels 1..C, or one number a sample for the positive of two classes 0 and 1.
--- > ("%.4f"):format(metrics.log_loss({1, 0}, {0.9, 0.2}))
--- 0.1643
function M.log_loss(truth, probabilities)
  local who = "metrics.log_loss"
  local t = labels.numbers(who, truth, "truth")
  local rows = type(probabilities) == "table" and probabilities or probabilities:totable()
  labels.pair(who, t, rows)
  local least, sum = 2.220446049250313e-16, 0.0
  for i, row in ipairs(rows) do
    local p
    if type(row) == "table" and #row > 1 then
      local total = 0
      for _, v in ipairs(row) do total = total + v end
      p = row[math.tointeger(t[i])]
      if not p then error(("%s: label %s of sample %d is not in 1..%d"):format(who, t[i], i, #row), 2) end
      p = p / total
    else
      local v = type(row) == "table" and row[1] or row
      p = t[i] == 1 and v or 1 - v
    end
    sum = sum - math.log(math.min(math.max(p, least), 1 - least))
  end
  return sum / #rows
end

return M
