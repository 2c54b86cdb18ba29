-- SPDX-License-Identifier: GPL-3.0-or-later
-- 40 epochs of every schedule, rate and momentum, against PyTorch; lr_at tells the same without steps.
local folder = arg[0]:match("^(.*)/lua/") .. "/expect/"
local S = optim.lr_scheduler
local function close(a, b) return math.abs(a - b) <= 1e-9 end
local bad, cases = {}, dofile(folder .. "schedules.data")
for _, case in ipairs(cases) do
  local opt = optim.SGD({tensor({0}, {requires_grad = true})}, {lr = 0.1, momentum = 0.9})
  local s = load("local S, opt = ... return S." .. case.code)(S, opt)
  local plateau = case.code:find("Plateau")
  for t = 0, 39 do
    local group = opt.param_groups[1]
    if not close(group.lr, case.rates[t + 1]) then bad[#bad + 1] = ("%s: lr at %d is %.9g, not %.9g"):format(case.code, t, group.lr, case.rates[t + 1]) end
    if not close(group.momentum, case.momenta[t + 1]) then bad[#bad + 1] = case.code .. ": momentum at " .. t end
    if not plateau and not close(s:lr_at(t), case.rates[t + 1]) then bad[#bad + 1] = case.code .. ": lr_at " .. t end
    if plateau then s:step(t < 12 and 1 / (1 + t) or 0.08) else s:step() end
  end
end
for i = 1, math.min(#bad, 10) do print(bad[i]) end
print(#cases, #bad)                                  -- expect: 37	0
-- Every schedule with each of its options, by name or in order.
for _, name in ipairs(S.classes) do
  local places = {}
  for i, option in ipairs(S[name].arguments) do places[option] = i end
  for option in pairs(S[name].defaults) do places[option] = places[option] or 99 end
  for option, place in pairs(places) do
    local found
    for _, case in ipairs(cases) do
      local inside = case.code:match("^" .. name .. "(%b())")
      local _, commas = (inside or ""):gsub("%b{}", ""):gsub(",", "")
      found = found or inside and (inside:find("[{ ]" .. option .. " =") or commas >= place)
    end
    if not found then print(("no case for %s{%s}"):format(name, option)) end
  end
end
