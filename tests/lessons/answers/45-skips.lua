-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  skip = {right = {
    "Skip = nn.class('Skip') function Skip:init(f) self.f = f end function Skip:forward(x) return self.f(x) + x end",
    "function Skip(inner) return nn.Residual(inner) end",
    "Skip = nn.class('Skip') Skip.init = function(s, inner) s.inner = inner end "
      .. "Skip.forward = function(s, x) return tensor.add(x, s.inner(x)) end"},
    wrong = "Skip = nn.class('Skip') function Skip:init(inner) self.inner = inner end function Skip:forward(x) return x - self.inner(x) end"},
  learn = {right = {"local f = both h_both = learn(f)", "h_both = learn(function() return both() end)",
    "h_both = learn(both) right()"}, wrong = "h_both = learn(function() return nn.Residual(plain()) end)"},
}
