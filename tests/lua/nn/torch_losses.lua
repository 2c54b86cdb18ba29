-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every loss with its options against PyTorch: values and gradients, as modules and as functions.
nn.quiet()
local folder = arg[0]:match("^(.*)/lua/") .. "/expect/"
local function with_shape(t)
  return tensor({table.unpack(t)}, {dtype = "float64"}):reshape(t.shape)
end

local worst, bad, cases = 0, {}, dofile(folder .. "losses.data")
for n, case in ipairs(cases) do
  local x = with_shape(case.x):requires_grad_()
  local y = load("return " .. case.code)()(x, with_shape(case.target))
  local weights = tensor.arange(y:numel(), {dtype = "float64"}) / y:numel() + 0.5
  ;(y * weights:reshape(y:size())):sum():backward()
  for _, pair in ipairs {{y:detach(), case.y}, {x.grad, case.gx}} do
    for i, w in ipairs(pair[2]) do
      local d = math.abs(pair[1]:_at(i) - w) / math.max(1, math.abs(w))
      worst = math.max(worst, d)
      if not (d < 1e-8) then bad[n] = ("%d %s: element %d is %.12g, not %.12g"):format(n, case.code, i, pair[1]:_at(i), w) end
    end
  end
end
for _, text in pairs(bad) do print(text) end
print(#cases, worst < 1e-8)                          -- expect: 83	true
-- Every loss with each of its options.
for _, class in ipairs(nn.classes) do
  if class:find("Loss$") then
    for name in pairs(nn[class]._defaults or {}) do
      local found
      for _, case in ipairs(cases) do found = found or case.code:find(class .. "%(.*" .. name) end
      if not found then print(("no case for %s{%s}"):format(class, name)) end
    end
    for _, name in ipairs(nn[class]._tensors or {}) do
      local found
      for _, case in ipairs(cases) do found = found or case.code:find(class .. "%(.*" .. name) end
      if not found then print(("no case for %s{%s}"):format(class, name)) end
    end
  end
end

local a, b = tensor{1, 2}, tensor{1, 4}
print(nn.mse_loss(a, b):item(), nn.MSELoss()(a, b):item())   -- expect: 2.0	2.0
print(nn.cross_entropy(tensor{{0, 0}}, tensor{2}):item() == nn.CrossEntropyLoss()(tensor{{0, 0}}, tensor{2}):item())  -- expect: true
