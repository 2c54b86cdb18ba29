-- SPDX-License-Identifier: GPL-3.0-or-later
-- Changing a net as a whole: its mode, its gradients, its type.

local call = require("gradus.nn.call")
local core = require("gradus.core")
local mark = require("gradus.nn.mark")
local notice = require("gradus.notice")

local function check_function(who, fn)
  if type(fn) ~= "function" then error(who .. ": expected a function; got " .. type(fn), 3) end
end

return function(M)
  --- Module:train(mode: boolean = true) -> Module
  --- Puts the module and all below it in training mode: dropout drops, batch norm uses the
  --- batch. Returns the module.
  --- > nn.Sequential(nn.Linear(3, 10), nn.Dropout()):train().training
  --- true
  function M:train(mode)
    if mode == nil then mode = true end
    if type(mode) ~= "boolean" then
      error("train: expected true or false; got " .. type(mode), 2)
    end
    for _, module in ipairs(self:modules()) do module.training = mode end
    return self
  end

  --- Module:eval() -> Module
  --- Puts the module in evaluation mode: dropout lets all pass, batch norm uses its running
  --- averages. Returns the module, which the prompt prints.
  --- > nn.Sequential(nn.Linear(3, 10), nn.Dropout(), nn.Linear(10, 3)):eval()
  --- Sequential (eval)
  ---   [1]: Linear(3 -> 10)
  ---   [2]: Dropout(p = 0.5)
  ---   [3]: Linear(10 -> 3)
  function M:eval() return self:train(false) end

  --- Module:apply(fn: function(module)) -> Module
  --- Calls fn for every child, then for the module itself.
  --- > nn.Sequential(nn.ReLU(), nn.Tanh()):apply(function(m) print(m:kind()) end);
  --- ReLU
  --- Tanh
  --- Sequential
  function M:apply(fn)
    check_function("apply", fn)
    for _, child in self:_children() do child:apply(fn) end
    fn(self)
    return self
  end

  --- Module:kind() -> string
  --- The name of the module's class.
  --- > nn.Linear(2, 3):kind()
  --- Linear
  function M:kind() return getmetatable(self).__name end

  --- Module:zero_grad()
  --- Sets the gradients of all parameters to zero. backward() adds to them, so this comes before
  --- each backward.
  --- > net = nn.Linear(1, 1)
  --- > net(tensor.ones(1, 1)):sum():backward()
  --- > net:zero_grad()
  --- > net.bias.grad:item()
  --- 0.0
  function M:zero_grad()
    for _, p in ipairs(self:parameters()) do p:zero_grad() end
    mark.zeroed = (mark.zeroed or 0) + 1
  end

  --- Module:requires_grad_(on: boolean = true) -> Module
  --- Freezes (false) or frees all parameters.
  --- > nn.Linear(2, 3):requires_grad_(false).weight.requires_grad
  --- false
  function M:requires_grad_(on)
    for _, p in ipairs(self:parameters()) do p:requires_grad_(on ~= false) end
    return self
  end

  --- Module:to(dtype: string) -> Module
  --- Converts parameters and buffers to "float32" or "float64". They are new tensors: make the
  --- optimiser afterwards.
  --- > nn.Linear(2, 3):to("float64").weight:dtype()
  --- float64
  function M:to(dtype)
    local made = {}
    for _, entry in ipairs(self:_saved()) do
      local _, t, owner, key = table.unpack(entry)
      if t:dtype() ~= dtype and not made[t] then
        local new = t:detach():to(dtype)
        made[t] = mark.is_buffer(t) and mark.Buffer(new) or mark.Parameter(new, t.requires_grad)
      end
      owner[key] = made[t] or t
    end
    return self
  end

  --- Module:double() -> Module
  --- Converts to float64.
  --- > nn.Linear(2, 3):double().weight:dtype()
  --- float64
  function M:double() return self:to("float64") end

  --- Module:float() -> Module
  --- Converts to float32.
  --- > nn.Linear(2, 3):float().weight:dtype()
  --- float32
  function M:float() return self:to("float32") end

  -- For layers that differ between the modes: says once that predicting happens in training mode.
  function M:_remark_on_mode()
    if core.recording() or mark.quiet_mode or not notice.is_open("train_mode") then return end
    notice.say("train_mode", ("%s computes without gradients but in training mode: its outputs " ..
      "are noisy%s. Hint: net:eval() before predicting, net:train() before training"):format(
      self:kind(), rawget(self, "running_mean") and " and its running averages change" or ""))
  end

  -- Whether a forward is going on (for layers that look at themselves).
  M._depth = call.depth
end
