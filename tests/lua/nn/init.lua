-- SPDX-License-Identifier: GPL-3.0-or-later
-- Statistics of every initialiser by closed form, at three shapes.
local shapes = {{400, 300}, {60, 500}, {64, 32, 3, 3}}
local function stats(w)
  local n, mean = w:numel(), w:mean():item()
  return mean, math.sqrt((w - mean):square():mean():item()), w:abs():max():item(), n
end
local bad = {}
local function check(name, shape, w, std, bound, mean)
  local m, s, most, n = stats(w:detach())
  local function wrong(what, got, wanted) bad[#bad + 1] = ("%s (%s): %s %g, not %g"):format(name, table.concat(shape, "x"), what, got, wanted) end
  if math.abs(m - (mean or 0)) > 5 * std / math.sqrt(n) then wrong("mean", m, mean or 0) end
  if math.abs(s / std - 1) > 5 / math.sqrt(n) then wrong("std", s, std) end
  if bound and (most > bound or most < 0.99 * bound) then wrong("bound", most, bound) end
end
for _, shape in ipairs(shapes) do
  local field = (shape[3] or 1) * (shape[4] or 1)
  local fan_in, fan_out = shape[2] * field, shape[1] * field
  local w, I = tensor.zeros(shape), nn.init
  local fans = {fan_in = fan_in, fan_out = fan_out, fan_avg = (fan_in + fan_out) / 2}
  check("uniform", shape, I.uniform_(w, -1, 1), 1 / math.sqrt(3), 1)
  check("uniform 0 1", shape, I.uniform_(w), 1 / math.sqrt(12), 1, 0.5)
  check("normal", shape, I.normal_(w, 3, 2), 2, nil, 3)
  check("trunc", shape, I.trunc_normal_(w), 0.87962566, 2)
  local g = 1.7
  local s = g * math.sqrt(2 / (fan_in + fan_out))
  check("xavier_normal", shape, I.xavier_normal_(w, g), s)
  check("xavier_uniform", shape, I.xavier_uniform_(w, g), s, math.sqrt(3) * s)
  check("lecun_normal", shape, I.lecun_normal_(w), 1 / math.sqrt(fan_in))
  check("lecun_uniform", shape, I.lecun_uniform_(w), 1 / math.sqrt(fan_in), math.sqrt(3 / fan_in))
  for mode, fan in pairs(fans) do
    s = math.sqrt(2 / fan)
    check("kaiming_normal " .. mode, shape, I.kaiming_normal_(w, {mode = mode, nonlinearity = "relu"}), s)
    check("kaiming_uniform " .. mode, shape, I.kaiming_uniform_(w, 0, mode, "relu"), s, math.sqrt(3) * s)
    s = math.sqrt(2 / (1 + 0.3 ^ 2) / fan)
    check("kaiming slope " .. mode, shape, I.kaiming_normal_(w, 0.3, mode), s)
  end
  check("Linear", shape, nn.Linear(fan_in, 200).weight, 1 / math.sqrt(3 * fan_in), 1 / math.sqrt(fan_in))
  I.orthogonal_(w, 2)
  local flat = w:reshape(shape[1], -1)
  if flat:size(1) > flat:size(2) then flat = flat:permute({2, 1}) end
  local product = tensor.linear(flat, flat)
  if (product - 4 * tensor.eye(flat:size(1))):abs():max():item() > 1e-5 then bad[#bad + 1] = "orthogonal" end
end
local w = nn.init.sparse_(tensor.zeros(100, 50), 0.3, 0.5)
local zeros = w:eq(0):sum(1)
print(zeros:eq(30):sum():item())                     -- expect: 50.0
print(math.abs(w:square():sum():item() / 3500 - 0.25) < 0.03)  -- expect: true
print(nn.init.constant_(tensor.zeros(2), 3):sum():item(), nn.init.ones_(tensor.zeros(2)):sum():item(), nn.init.zeros_(tensor.ones(2)):sum():item(), nn.init.eye_(tensor.ones(2, 3)):sum():item())  -- expect: 6.0	2.0	0.0	2.0
for _, text in ipairs(bad) do print(text) end

-- Data-dependent: unit variance after every layer, 30 deep.
local layers = {}
for i = 1, 30 do layers[2 * i - 1], layers[2 * i] = nn.Linear(40, 40), nn.Tanh() end
local net, batch = nn.Sequential(layers), tensor.randn(200, 40)
local far = 0
for _, pair in ipairs(nn.init.lsuv_(net, batch)) do
  if math.abs(pair[2] - 1) > 0.1 then far = far + 1 end
end
print(far)                                           -- expect: 0

-- The output bias as log prior: the first loss is the entropy of the labels.
local labels = tensor{1, 1, 1, 1, 1, 1, 2, 2, 2, 3}
local bias = nn.init.log_prior_(tensor.zeros(3), labels)
local loss = nn.cross_entropy(tensor.zeros(10, 3) + bias, labels):item()
local entropy = -(0.6 * math.log(0.6) + 0.3 * math.log(0.3) + 0.1 * math.log(0.1))
print(math.abs(loss - entropy) < 1e-6)               -- expect: true

nn.init.apply(net, "xavier_uniform", {gain = 5 / 3})
print(math.abs(net[1].weight:detach():abs():max():item() / (5 / 3 * math.sqrt(6 / 80)) - 1) < 0.01, net[1].bias:detach():abs():sum():item())  -- expect: true	0.0
nn.init.apply(net, function(v) nn.init.constant_(v, 2) end, {bias = 1})
print(net[3].weight:detach():mean():item(), net[3].bias:detach():mean():item())  -- expect: 2.0	1.0
print(select(2, pcall(nn.init.apply, net, "xavier_norml")):match("no initialiser.*Known"))  -- expect: no initialiser 'xavier_norml'. Did you mean 'xavier_normal_'? Known
print(select(2, pcall(nn.init.xavier_normal_, tensor.zeros(3))):match("nn.init.*"))  -- expect: nn.init.xavier_normal_: a tensor of 1 dimension has no fan-in and fan-out; expected a weight (out, in, ...). Hint: biases begin with zeros_
