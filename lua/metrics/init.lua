-- SPDX-License-Identifier: GPL-3.0-or-later
-- metrics: how good are predictions? Names, defaults and edge cases follow
-- scikit-learn. Truth comes first, prediction second; both may be tensors or
-- tables.

local M = {}

for _, name in ipairs{"classification", "ranking", "regression", "importance"} do
  for key, value in pairs(require("gradus.metrics." .. name)) do M[key] = value end
end

return M
