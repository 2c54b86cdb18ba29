-- SPDX-License-Identifier: GPL-3.0-or-later
-- Nobody was called positive: precision is 0 / 0, recall is not, and is not remarked on.
local truth, given = {0, 1, 1}, {0, 0, 0}
print(metrics.recall(truth, given))
-- expect: 0.0
print(metrics.f1(truth, given))
-- expect: 0.0
io.stderr = {write = function(_, text) print(text:match("^note: metrics: [^:]*")) end}
print(metrics.precision(truth, given))
-- expect: note: metrics: a class without samples or without predictions
-- expect: 0.0
