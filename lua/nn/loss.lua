-- SPDX-License-Identifier: GPL-3.0-or-later
-- What all losses share: their options, and the remarks on what a loss is given.
local core = require("gradus.core")
local notice = require("gradus.notice")
local options = require("gradus.options")

local Loss = require("gradus.nn.Module").class("Loss")

local reductions = {mean = true, sum = true, none = true}

-- nn.MSELoss(output, target): what the loss is called with, given to what makes the loss.
local function check_no_batch(self, who, given, more)
  local is_weight = self._tensors and core.is_tensor(given) and given:dim() == 1
  if more ~= nil or core.is_tensor(given) and not is_weight then
    error(("%s makes a loss from options; the output and the target come later. Hint: criterion = %s(); " ..
      "loss = criterion(output, target)"):format(who, who), 4)
  end
end

-- Reads options over the class's defaults; tensors among them become buffers-to-be.
function Loss:init(given, more)
  local who, defaults = "nn." .. self:kind(), {reduction = "mean"}
  for k, v in pairs(self._defaults or {}) do defaults[k] = v end
  check_no_batch(self, who, given, more)
  if core.is_tensor(given) then given = {weight = given} end
  local o = options.read(who, given, defaults, self._tensors, 4)
  if not reductions[o.reduction] and not (self._reductions or reductions)[o.reduction] then
    error(("%s: reduction is mean, sum or none; got '%s'"):format(who, tostring(o.reduction)), 3)
  end
  for _, name in ipairs(options.keys(o)) do self[name] = o[name] end
  for _, name in ipairs(self._tensors or {}) do
    if o[name] == nil then self[name] = false end
  end
end

function Loss:extra_repr()
  return self.reduction == "mean" and "" or ("reduction = %q"):format(self.reduction)
end

local function remark_on_input(self, x)
  local op = core.op_of and core.op_of(x)
  if not op or not self._spoilt_by[op] then return end
  notice.say("softmax", ("the input of nn.%s comes from a %s; the loss does that itself, so it is " ..
    "done twice and learning is slow. Hint: take the %s out of the net, or use it only to predict")
    :format(self:kind(), op, op))
end

-- Targets outside 0 to 1, where a loss can be computed all the same. Looked for in the first batch.
local function remark_on_target(self, target)
  self._target_seen = true
  local n = (target:gt(1) + target:lt(0)):sum():item()
  if n == 0 then return end
  notice.say("labels", ("%d of %d targets of nn.%s lie outside 0 to 1: the loss has no least value. " ..
    "Hint: if the labels are 1 and 2, use labels - 1"):format(n, target:numel(), self:kind()))
end

-- Labels among 1..classes, how many are not, and the ends of their range; ignore_index is none.
local function count_labels(self, classes, labels)
  local ignore = rawget(self, "ignore_index")
  local ignored = ignore and labels:eq(ignore) or labels * 0
  local outside = (labels:lt(1) + labels:gt(classes)) * (1 - ignored)
  local kept = labels * (1 - ignored) + ignored
  return outside:sum():item(), labels:numel() - ignored:sum():item(), kept:min():item(),
    kept:max():item()
end

-- Called when the loss has failed. A label that names no class has no loss, so the engine's error stays;
-- this adds, once, what the whole batch looks like.
function Loss:remark(x, labels)
  if not self._has_labels or not notice.is_open("labels") or x:dim() < 1 then return end
  local classes = x:size(x:dim() > 1 and 2 or 1)
  local bad, all, least, most = count_labels(self, classes, labels)
  if bad == 0 then return end
  local hint = least == 0 and most < classes and "the labels count from 0: use y + 1" or
    least >= 1 and ("the last layer needs %g outputs"):format(most) or
    ("labels are whole numbers from 1 to %d"):format(classes)
  notice.say("labels", ("%g of %g labels of nn.%s lie outside 1 to %d: they run from %g to %g. Hint: %s")
    :format(bad, all, self:kind(), classes, least, most, hint))
end

-- Looks at a loss that was just computed. Cheap: one number is read.
function Loss:_look(x, loss, target)
  if self._spoilt_by and notice.is_open("softmax") then remark_on_input(self, x) end
  if target and not rawget(self, "_target_seen") then remark_on_target(self, target) end
  if loss:numel() == 1 then
    local value = loss:item()
    if value ~= value and notice.is_open("nan") then
      require("gradus.nn.nan").remark()
    elseif value < 0 and self._never_negative then
      notice.say("labels", ("nn.%s gives a negative loss: its input should hold logarithms of " ..
        "probabilities, which are at most 0. Hint: nn.LogSoftmax() before it, or " ..
        "nn.CrossEntropyLoss"):format(self:kind()))
    end
  end
  return loss
end

return Loss
