-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  own = {right = {
    "my_dropout = function(x, p) return nn.Dropout(p)(x) end",
    "function my_dropout(x, p) local keep = tensor.rand(x:size()):lt(1 - p) return x * keep * (1 / (1 - p)) end",
    "function my_dropout(x, p) return x * tensor.zeros(x:size()):bernoulli_(1 - p) / (1 - p) end"},
    wrong = "function my_dropout(x, p) return x * 2.5 end"},
  layer = {right = {
    "function Gap:forward(x) if self.training then return my_dropout(x, self.p) end return x end",
    "function Gap:forward(x) return self.training and my_dropout(x, self.p) or x end",
    "Gap = nn.class('Gap') function Gap:init(p) self.inner = nn.Dropout(p) end function Gap:forward(x) return self.inner(x) end"},
    wrong = "function Gap:forward(x) return my_dropout(x, 0.9) end"},
  anneal = {right = {"anneal = function(p, e, n) return p - p * e / n end",
    "function anneal(p, e, n) return (n - e) * p / n end", "function anneal(p, e, n) return p * (n - e) / n end"},
    wrong = "function anneal(p, e, n) return p end"},
}
