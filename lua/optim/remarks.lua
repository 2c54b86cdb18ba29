-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an optimiser notices about its use.

local describe = require("gradus.nn.describe")
local mark = require("gradus.nn.mark")
local notice = require("gradus.notice")

local M = {}

-- Parameters that some optimiser has.
local adopted = setmetatable({}, {__mode = "k"})

local function has_gradient(opt)
  for _, group in ipairs(opt.param_groups) do
    for _, p in ipairs(group.params) do
      if p.grad then return true end
    end
  end
  return false
end

-- Whether a tensor has a gradient to be stepped by. One that the collector has already closed is
-- still in a weak table until the next cycle.
local function is_waiting(p)
  local alive, waits = pcall(function() return p.requires_grad and p.grad ~= nil end)
  return alive and waits
end

-- What has a gradient already when an optimiser is made is somebody else's: a net that is looked at.
local function others()
  local set = setmetatable({}, {__mode = "k"})
  for p in mark.all() do
    if is_waiting(p) then set[p] = true end
  end
  return set
end

function M.adopt(opt, params)
  for _, p in ipairs(params) do adopted[p] = true end
  opt._net_zeroed = mark.zeroed
  opt._others = others()
end

local function check_forgotten(opt)
  if not notice.is_open("forgotten", opt) then return end
  local n, example = 0, nil
  for p in mark.all() do
    if is_waiting(p) and not adopted[p] and not opt._others[p] then
      n = n + 1
      -- The largest: the order of a weak table is no order.
      if not example or p:numel() > example:numel() then example = p end
    end
  end
  if n == 0 then return end
  notice.say("forgotten", ("%s got a gradient but no optimiser has %s (e.g. of shape %s): it never " ..
    "changes. Hint: make the optimiser from net:parameters() when the net is complete"):format(
    n == 1 and "a parameter" or n .. " parameters", n == 1 and "it" or "them",
    describe.shape(example)), opt)
end

-- Called after a step without zero_grad before it, and after the second step.
function M.after_step(opt)
  local net_zeroed = opt._net_zeroed ~= mark.zeroed
  opt._net_zeroed = mark.zeroed
  if opt._stepped == 2 then check_forgotten(opt) end
  if opt._zeroed or net_zeroed or opt._stepped < 2 or not notice.is_open("zero_grad", opt) then
    return
  end
  if has_gradient(opt) then
    notice.say("zero_grad", ("optim.%s: a second step without zero_grad: backward() adds to the " ..
      "gradients, so the old ones count again. Hint: opt:zero_grad() before loss:backward()"):format(
      opt.__name), opt)
  end
end

return M
