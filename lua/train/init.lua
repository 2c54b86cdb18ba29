-- SPDX-License-Identifier: GPL-3.0-or-later
-- train: the training loop and what goes with it. `??train.fit` shows the loop.

-- Where the names come from: train.choice is the field `choice` of ranges.lua.
local files = {
  fit = "fit", measure = "predict evaluate", early = "EarlyStopping", find_lr = "find_lr",
  ranges = "uniform log_uniform choice", search = "search", results = "merge",
  validate = "cross_validate learning_curve validation_curve",
  pretrain = "autoencoder stack corrupt",
}
local places = {}
for file, names in pairs(files) do
  for name in names:gmatch("%S+") do places[name] = file .. "." .. name end
end

--- train.history() -> History
--- An empty history, to be filled by a loop of one's own.
--- > tostring(train.history())
--- History: no epochs yet
places.history = "history.new"

--- train.last: History
--- The history of the last train.fit, also of one that Ctrl-C ended.
local live = {last = function() return require("gradus.train.run").last_history() end}

return require("gradus.lazy").part({}, "train", places, live)
