-- SPDX-License-Identifier: GPL-3.0-or-later
-- 25 steps of every optimiser with each of its options, against PyTorch.
local folder = arg[0]:match("^(.*)/lua/") .. "/expect/"
local worst, bad, cases = 0, {}, dofile(folder .. "optim.data")
for n, case in ipairs(cases) do
  local f64 = {dtype = "float64", requires_grad = true}
  local w, v = tensor({1, -2, 0.3}, f64), tensor({{0.5, -0.1}}, f64)
  local opt = optim[case.name]({w, v}, case.options)
  local a = tensor({0.5, 1, 3}, {dtype = "float64"})
  for step = 1, 25 do
    opt:zero_grad()
    local loss = (a * w ^ 2):sum() + 0.1 * (w ^ 4):sum() + ((v - w[{{1, 2}}]) ^ 2):sum()
    if case.maximize then loss = -loss end
    loss:backward()
    opt:step()
    for i = 1, 5 do
      local got = i <= 3 and w:_at(i) or v:_at(i - 3)
      local wanted = case.path[(step - 1) * 5 + i]
      local d = math.abs(got - wanted) / math.max(1, math.abs(wanted))
      worst = math.max(worst, d)
      if not (d < 1e-8) and not bad[n] then
        bad[n] = ("%d %s: step %d, element %d is %.12g, not %.12g"):format(n, tostring(opt), step, i, got, wanted)
      end
    end
  end
end
for _, text in pairs(bad) do print(text) end
print(#cases, worst < 1e-8)                          -- expect: 79	true
-- Every optimiser with each of its options.
for _, name in ipairs(optim.classes) do
  local options = {"l1", "maximize"}
  if name ~= "Rprop" then options[3] = "weight_decay" end -- PyTorch's Rprop has none
  for option in pairs(optim[name].defaults) do options[#options + 1] = option end
  for _, option in ipairs(options) do
    local found
    for _, case in ipairs(cases) do found = found or case.name == name and case.options[option] ~= nil end
    if not found then print(("no case for %s{%s}"):format(name, option)) end
  end
end
