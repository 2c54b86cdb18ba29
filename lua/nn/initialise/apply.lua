-- SPDX-License-Identifier: GPL-3.0-or-later
local autograd = require("gradus.autograd")
local options = require("gradus.options")

-- What an initialiser takes beside its options, in order.
local argument_names = {
  uniform_ = {"a", "b"}, normal_ = {"mean", "std"}, trunc_normal_ = {"mean", "std", "a", "b"},
  constant_ = {"val"}, sparse_ = {"sparsity", "std"}, orthogonal_ = {"gain"},
  xavier_uniform_ = {"gain"}, xavier_normal_ = {"gain"},
  lecun_uniform_ = {"gain"}, lecun_normal_ = {"gain"},
  kaiming_uniform_ = {"a", "mode", "nonlinearity"}, kaiming_normal_ = {"a", "mode", "nonlinearity"},
  ones_ = {}, zeros_ = {}, eye_ = {},
}

local function find(name)
  local full = name:sub(-1) == "_" and name or name .. "_"
  if argument_names[full] then return full end
  local names = options.keys(argument_names)
  local near = options.nearest(full, names)
  error(("nn.init.apply: no initialiser '%s'.%s Known: %s"):format(name,
    near and (" Did you mean '%s'?"):format(near) or "", table.concat(names, ", ")), 3)
end

-- Makes a function of one weight from a name and options.
local function bind(M, name, given)
  local full, arguments = find(name), {}
  local known = {}
  for _, n in ipairs(argument_names[full]) do known[#known + 1] = n end
  known[#known + 1] = "bias"
  local o = options.read("nn.init.apply " .. name, given, {}, known)
  for i, n in ipairs(argument_names[full]) do arguments[i] = o[n] end
  local count = #argument_names[full]
  return function(w) return M[full](w, table.unpack(arguments, 1, count)) end
end

return function(M)
  --- nn.init.apply(net: Module, initialiser: string|function(w), {bias: number|boolean = 0, ...}) -> Module
  --- Initialises all weights of linear and convolution layers of a net, by name or by a function of
  --- the weight, which fills it in place, and sets their biases to a number (`bias = false` leaves
  --- them). Other options go to the initialiser.
  --- > net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
  --- > nn.init.apply(net, "kaiming_normal", {nonlinearity = "relu"});
  --- > net[1].bias:abs():sum():item()
  --- 0.0
  --- > nn.init.apply(net, function(w) w:fill_(3) end)[3].weight[1][1]:item()
  --- 3.0
  function M.apply(net, initialiser, given)
    local fill = type(initialiser) == "string" and bind(M, initialiser, given) or initialiser
    local bias = given and given.bias
    if bias == nil then bias = 0 end
    for _, layer in ipairs(net:modules()) do
      local w, b = rawget(layer, "weight"), rawget(layer, "bias")
      if w and w:dim() >= 2 and layer:kind() ~= "Embedding" then
        autograd.no_grad(fill, w)
        if b and bias then M.constant_(b, bias) end
      end
    end
    return net
  end
end
