-- SPDX-License-Identifier: GPL-3.0-or-later
-- Data: sets that come along, generators, files, splits, batches, transforms.

local M = {}

local Dataset = require("gradus.data.dataset")
M.set = Dataset.new

for _, part in ipairs{"sets", "generators", "files", "split", "batches", "augment"} do
  for name, value in pairs(require("gradus.data." .. part)) do M[name] = value end
end
for _, name in ipairs{"Standardize", "MinMax", "PCA", "Whiten", "OneHot"} do
  M[name] = require("gradus.data.transform." .. name).new
end

return M
