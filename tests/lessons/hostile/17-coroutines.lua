-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: it was stopped because it took too long
-- says: it was stopped because it took too long
-- says: C stack overflow
-- says: it was stopped because it took too long
-- says: it was stopped because it took too long
-- says: a lesson has no __gc
-- says: it was stopped because it took too long
-- says: The end: Hostile
lesson "Hostile" {topic = "coroutines, closing and finalisers", minutes = 1}
text "Begin."
code [[ local co; co = coroutine.create(function() while true do coroutine.yield() end end)
  while true do coroutine.resume(co) end ]] {seconds = 0.5}
code [[ while true do local co = coroutine.create(function() local x <close> =
  setmetatable({}, {__close = function() while true do end end}) coroutine.yield() end)
  coroutine.resume(co) coroutine.close(co) end ]] {seconds = 0.5}
code [[
  local function nest(n)
    local co = coroutine.create(function()
      local x <close> = setmetatable({}, {__close = function() if n > 0 then nest(n - 1) end end})
      coroutine.yield()
    end)
    coroutine.resume(co)
    assert(coroutine.close(co))
  end
  nest(40000)
]]
code [[ local co = coroutine.create(function() local x <close> =
  setmetatable({}, {__close = function() while true do end end}) while true do end end)
  pcall(coroutine.resume, co) pcall(coroutine.close, co) ]] {seconds = 0.5}
code [[ coroutine.wrap(function() local x <close> =
  setmetatable({}, {__close = function() while true do end end}) while true do end end)() ]] {seconds = 0.5}
code [[ setmetatable({}, {__gc = function() while true do end end}) ]] {seconds = 0.5}
code [[ xpcall(function() while true do end end, function() while true do end end) ]] {seconds = 0.5}
text "The end."
