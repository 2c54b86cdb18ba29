-- SPDX-License-Identifier: GPL-3.0-or-later
-- Inputs that do not lie in order, and inputs repeated by expand, give what copies of them give.
local rows = dofile(arg[0]:match("^(.*)/") .. "/lib/rows.lua")

-- The same values, dimensions stored in reverse order; a vector with gaps.
local function scattered(t)
  local n = t:dim()
  if n == 0 then return t end
  if n == 1 then
    local wide = tensor.zeros(t:size(1), 2, {dtype = t:dtype()})
    wide:select(2, 2):copy_(t)
    return wide:select(2, 2)
  end
  local back = {}
  for d = 1, n do back[d] = n - d + 1 end
  return t:permute(back):contiguous():permute(back)
end

-- The first entry of dimension 1 in all places.
local function repeated(t)
  if t:dim() == 0 or t:size(1) == 0 then return t end
  return t:narrow(1, 1, 1):expand(t:size())
end

local function compare(case, change)
  local odd = case:with(function(t) return change(t:detach()) end)
  local plain = odd:with(function(t) return t:clone() end)
  local function track(t, kind) return kind == "" and t:detach():requires_grad_() or t end
  odd, plain = odd:with(track), plain:with(track)
  local ok1, g1, out1 = pcall(plain.gradients, plain)
  local ok2, g2, out2 = pcall(odd.gradients, odd)
  if not ok1 or not ok2 then -- equal rows make a matrix singular, in both
    if ok1 ~= ok2 or g1 ~= g2 then return tostring(ok1 and g2 or g1) end
    return
  end
  if not rows.agree(out1, out2, 1e-6) then return "outputs differ" end
  if not rows.agree(g1, g2, 1e-6) then return "gradients differ" end
end

local function with(change)
  return function(case) return compare(case, change) end
end

rows.run(rows.cases(), with(scattered)) -- expect: 0 failures
rows.run(rows.cases(), with(repeated)) -- expect: 0 failures
