-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every layer against PyTorch: outputs, input gradients, parameter gradients, running statistics.
nn.quiet()
local folder = arg[0]:match("^(.*)/lua/") .. "/expect/"

local function with_shape(t)
  local flat = {table.unpack(t)}
  return tensor(flat, {dtype = "float64"}):reshape(t.shape)
end

local count, worst, bad = 0, 0, {}
local function compare(what, got, wanted)
  for i, w in ipairs(wanted) do
    local d = math.abs(got:_at(i) - w) / math.max(1, math.abs(w))
    count, worst = count + 1, math.max(worst, d)
    if not (d < 1e-8) then bad[what] = ("%s: element %d is %.12g, not %.12g"):format(what, i, got:_at(i), w) end
  end
  if got:numel() ~= #wanted then bad[what] = what .. ": other size" end
end

local cases = dofile(folder .. "layers.data")
for n, case in ipairs(cases) do
  local layer = load("return " .. case.code)():double()
  local state = {}
  for _, entry in ipairs(case.state) do state[entry[1]] = with_shape(entry[2]) end
  layer:load_state_dict(state)
  local x = with_shape(case.x)
  if case.gx then x:requires_grad_() end
  local y = layer(x)
  local name = n .. " " .. case.code
  compare(name .. " y", y:detach(), case.y)
  if table.concat(y:size(), ",") ~= table.concat(case.y.shape, ",") then bad[name] = name .. ": other shape" end
  local weights = tensor.arange(y:numel(), {dtype = "float64"}) / y:numel() + 0.5
  ;(y * weights:reshape(y:size())):sum():backward()
  if case.gx then compare(name .. " gx", x.grad, case.gx) end
  local parameters = layer:parameters()
  if #parameters ~= #case.grads then bad[name] = name .. ": number of parameters" end
  for i, p in ipairs(parameters) do compare(name .. " gradient " .. i, p.grad, case.grads[i]) end
  local after = layer:state_dict()
  for _, entry in ipairs(case.after) do compare(name .. " " .. entry[1], after[entry[1]], entry[2]) end
end
for _, text in pairs(bad) do print(text) end
print(#cases, count > 4000, worst < 1e-8)            -- expect: 83	true	true
-- No class is left out: what is not here is a loss or only holds others.
local elsewhere = {ModuleList = true, Lambda = true}
for _, class in ipairs(nn.classes) do
  local found = elsewhere[class] or class:find("Loss$")
  for _, case in ipairs(cases) do found = found or case.code:find("nn." .. class .. "[({]") end
  if not found then print("no case for " .. class) end
end
