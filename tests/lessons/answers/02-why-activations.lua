-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  collapse = {right = {
    "W, b = tensor.matmul(second.weight, first.weight), second(first.bias)",
    "W = (first.weight:t():matmul(second.weight:t())):t(); b = second.weight:matmul(first.bias) + second.bias",
    "b = second(first(tensor.zeros(2))); W = second.weight:detach():matmul(first.weight:detach())"},
    wrong = "W = second.weight:matmul(first.weight); b = first.bias:sum() + second.bias"},
  bent = {right = {
    "bent = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 2)); print(learn(bent))",
    "bent = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 2)); learn(bent)",
    "bent = nn.Sequential(nn.Linear(2, 24), nn.ELU(), nn.Linear(24, 2)) learn(bent) learn(bent)"},
    wrong = "bent = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 3))"},
}
