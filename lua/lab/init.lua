-- SPDX-License-Identifier: GPL-3.0-or-later
-- lab: experiments. Each is one call: it gives a table with figures, which printed says what to look
-- at. An experiment is loaded when it is first used.

local M = {}

local places = {
  init_variance = "init_variance", theory = "theory", scale_depth = "scale_depth",
  constant_init = "constant_init", race = "race", glorot = "glorot", he = "he",
  batchnorm = "batchnorm", dropout = "dropout", lsuv = "lsuv", depth_skip = "depth_skip",
  regularise = "regularise", ema = "ema", rates = "rates", batch_size = "batch_size",
  norms = "norms", order = "order", mc_dropout = "mc_dropout", pretrain = "pretrain",
  augment = "augment", importance = "importance",
  why = "why", patient = "patient", seeds = "experiment",
}

-- For help and completion: every name there is.
function M._names()
  return require("gradus.options").keys(places)
end

return setmetatable(M, {__index = function(t, name)
  local part = places[name]
  if part then
    rawset(t, name, require("gradus.lab." .. part)[name])
    return rawget(t, name)
  end
  if type(name) ~= "string" or name:sub(1, 1) == "_" then return nil end
  local near = require("gradus.options").nearest(name, M._names())
  error(("`lab.%s` is not defined%s"):format(name,
    near and ("; did you mean `lab.%s`?"):format(near) or ""), 2)
end})
