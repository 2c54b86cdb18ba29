-- SPDX-License-Identifier: GPL-3.0-or-later
-- A data set is no list of labels: it has a length, but no numbers.
local set = data.iris()
print((select(2, pcall(metrics.accuracy, set, set.y)):gsub("^.*%d: ", "")))
-- expect: metrics.accuracy: truth is a data set; expected its labels. Hint: set.y
print((select(2, pcall(metrics.mse, set.y, set)):gsub("^.*%d: ", "")))
-- expect: metrics.mse: prediction is a data set; expected its labels. Hint: set.y
