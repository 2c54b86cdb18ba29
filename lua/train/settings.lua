-- SPDX-License-Identifier: GPL-3.0-or-later
-- The options of train.fit, checked and filled in.

local measure = require("gradus.train.measure")
local options = require("gradus.options")
local task = require("gradus.train.task")
local Batches = require("gradus.data.batches")

local M = {}

local optional = {"data", "valid", "loss", "opt", "scheduler", "metrics", "early_stop", "clip",
  "seed", "checkpoint", "resume", "progress", "on_step", "on_epoch"}

local function batches_of(o)
  if getmetatable(o.data) == Batches._batches then return o.data, o.data.set end
  return Batches.batches(o.data, o.batch, {shuffle = o.shuffle}), o.data
end

-- resume = true: from the checkpoint, if there is one yet.
local function resume_of(o)
  if o.resume ~= true then return o.resume or nil end
  if not o.checkpoint then
    error("train.fit: resume = true needs a checkpoint. Hint: checkpoint = \"run.safetensors\"", 4)
  end
  local file = io.open(o.checkpoint, "rb")
  if file then file:close() end
  return file and o.checkpoint
end

-- Metrics as a list of {name, f}, in the order they were given in.
local function metrics_of(list)
  local found = {}
  local library = require("gradus.metrics")
  for _, name in ipairs(list or {}) do
    local f = library[name]
    if type(f) ~= "function" then
      local near = options.nearest(tostring(name), options.keys(library))
      error(("train.fit: no metric '%s'.%s"):format(tostring(name),
        near and (" Did you mean '%s'?"):format(near) or ""), 4)
    end
    found[#found + 1] = {name, f}
  end
  for _, name in ipairs(options.keys(list or {})) do found[#found + 1] = {name, list[name]} end
  return found
end

--- settings.read(net: Module, o: table) -> table
--- Checks the options of train.fit and puts defaults in.
function M.read(net, o)
  if type(net) ~= "table" or not net.parameters then
    error("train.fit: the first argument should be a net; got " .. type(net), 3)
  end
  o = options.read("train.fit", o, {epochs = 10, batch = 32, l1 = 0, l2 = 0, live = false,
    shuffle = true}, optional, 4)
  if not o.data then error("train.fit: no data. Hint: train.fit(net, {data = set})", 3) end
  if math.type(o.epochs) ~= "integer" or o.epochs < 0 then
    error("train.fit: epochs should be a whole number; got " .. tostring(o.epochs), 3)
  end
  local given = getmetatable(o.data) == Batches._batches and o.data.set or o.data
  task.check("train.fit: data", given, 3)
  if o.valid then task.check("train.fit: valid", o.valid, 3) end
  local set
  o.batches, set = batches_of(o)
  o.loss = o.loss or task.loss(set)
  o.opt = o.opt or require("gradus.optim").Adam(net:parameters())
  o.resume = resume_of(o)
  o.metrics = metrics_of(o.metrics)
  if o.l1 > 0 or o.l2 > 0 then
    o.penalty = function(module) return measure.penalty(module, o.l1, o.l2) end
  end
  o.set = set
  return o
end

return M
