-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an optimiser notices about its use.

local call = require("gradus.nn.call")
local describe = require("gradus.nn.describe")
local mark = require("gradus.nn.mark")
local notice = require("gradus.notice")

local M = {}

-- Parameters that some optimiser has.
local adopted = setmetatable({}, {__mode = "k"})

function M.adopt(opt, params)
  for _, p in ipairs(params) do adopted[p] = true end
  opt._net_zeroed, opt._net_calls = mark.zeroed, call.last_net.calls
end

local function has_gradient(opt)
  for _, group in ipairs(opt.param_groups) do
    for _, p in ipairs(group.params) do
      if p.grad then return true end
    end
  end
  return false
end

-- Looks at the net that was called since the optimiser was made: others may have gradients that are only looked at.
local function check_forgotten(opt)
  local net, before = call.last_net.module, opt._net_calls
  if not net or before == call.last_net.calls or not notice.is_open("forgotten", opt) then return end
  local n, example = 0, nil
  for _, p in ipairs(net:parameters()) do
    if p.requires_grad and p.grad and not adopted[p] then
      n = n + 1
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
