-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  xavier = {right = {"xavier = function(w, gain) return nn.init.xavier_uniform_(w, gain) end",
    "function xavier(w, g) local n, m = w.shape[2], w.shape[1] local k = g * (6 / (n + m)) ^ 0.5 w:uniform_(-k, k) return w end",
    "function xavier(w, gain) return w:uniform_(-1, 1):mul_(gain * math.sqrt(6 / (w:size(1) + w:size(2)))) end"},
    wrong = "function xavier(w, gain) return w:uniform_(-1, 1) end"},
  gain = {right = {
    "gain_of = function(f) return (f(tensor.randn(50000)) ^ 2):mean():item() ^ -0.5 end",
    "function gain_of(g) local h = g(tensor.randn(100000)) return math.sqrt(h:numel() / (h * h):sum():item()) end",
    "function gain_of(f) local z = tensor.randn(300, 300) return 1 / f(z):square():mean():sqrt() end"},
    wrong = "function gain_of(f) return 1.59 end"},
}
