-- SPDX-License-Identifier: GPL-3.0-or-later
-- train: the training loop and what goes with it. `??train.fit` shows the loop.

local M = {}

for _, name in ipairs{"fit", "measure", "early", "find_lr", "ranges", "search", "validate", "pretrain"} do
  for key, value in pairs(require("gradus.train." .. name)) do
    if type(value) == "function" and key:sub(1, 1) ~= "_" then M[key] = value end
  end
end

-- No part of the library's face: used by train.fit alone.
M.new, M.valid, M.metrics, M.rate, M.penalty = nil, nil, nil, nil, nil

--- train.history() -> History
--- An empty history, to be filled by a loop of one's own.
--- > tostring(train.history())
--- History: no epochs yet
M.history = require("gradus.train.history").new

--- train.last: History
--- The history of the last train.fit, also of one that Ctrl-C ended.
return setmetatable(M, {__index = function(_, name)
  if name == "last" then return require("gradus.train.run").last_history() end
end})
