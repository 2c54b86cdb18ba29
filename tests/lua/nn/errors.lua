-- SPDX-License-Identifier: GPL-3.0-or-later
-- What goes wrong names the layer by its path.
local function why(f, ...)
  local ok, text = pcall(f, ...)
  print(ok and "no error" or (text:gsub("^[^\n]-%.lua:%d+: ", "")))
end
net = nn.Sequential(nn.Flatten(), nn.Residual(nn.Linear(4, 4), nn.Linear(5, 6)), nn.Linear(4, 2))
why(net, tensor.zeros(3, 2, 2))
-- expect: net[2].inner[2] Linear(5 -> 6): input is (3, 4); expected (*, 5). Hint: nn.Linear(4, 6) would fit
why(nn.Linear(784, 10), tensor.zeros(32, 28, 28))
-- expect: Linear(784 -> 10): input is (32, 28, 28); expected (*, 784). Hint: nn.Flatten() before it
why(nn.Linear(4, 3), tensor.zeros(5, 3))
-- expect: Linear(4 -> 3): input is (5, 3); expected (*, 4). Hint: nn.Linear(in, out): are the two the wrong way round?
why(nn.Conv2d(3, 8, 3), tensor.zeros(2, 1, 8, 8))
-- expect: Conv2d(3 -> 8, kernel 3x3, stride 1, padding 0): input is (2, 1, 8, 8); expected 3 channels in dimension 2
why(nn.Sequential(nn.BatchNorm1d(3)), tensor.zeros(1, 3))
-- expect: net[1] BatchNorm1d(3): input is (1, 3): one value per channel has no variance. Hint: a larger batch, or net:eval()
why(nn.BatchNorm2d(3), tensor.zeros(5, 3))
-- expect: BatchNorm2d(3): input is (5, 3); expected (N, 3, height, width)
why(function() return nn.Liner(2, 3) end)            -- expect: `nn.Liner` is not defined; did you mean `nn.Linear`?
why(function() return net:paramters() end)           -- expect: modules have no field or method 'paramters'. Did you mean 'parameters'?
why(nn.Linear, 3, 2, {bais = false})                 -- expect: nn.Linear: unknown option 'bais'. Did you mean 'bias'? Options: bias, in_features, out_features
why(nn.Sequential, nn.Linear(2, 2), nn.ReLU)         -- expect: nn.Sequential: entry 2 should be a layer; got table. Hint: call the class, as in nn.ReLU()
why(nn.Dropout, 1.5)                                 -- expect: nn.Dropout: p, the share dropped, is a number from 0 to 1; got 1.5
why(function() nn.Linear(2, 2):load_state_dict(nn.Linear(3, 2, {bias = false}):state_dict()) end)
-- expect: load_state_dict: the names or shapes differ from this Linear's:
-- expect:   other shape weight: the net has (2, 2), the file (2, 3)
-- expect:   missing     bias (2)
why(nn.CrossEntropyLoss, tensor.zeros(2, 3), tensor{1, 2})
-- expect: nn.CrossEntropyLoss makes a loss from options; the output and the target come later. Hint: criterion = nn.CrossEntropyLoss(); loss = criterion(output, target)
why(nn.MSELoss, tensor.zeros(2))
-- expect: nn.MSELoss makes a loss from options; the output and the target come later. Hint: criterion = nn.MSELoss(); loss = criterion(output, target)
why(nn.CrossEntropyLoss, tensor.ones(3))             -- expect: no error
-- An error inside a layer of one's own keeps its place in the file.
Bad = nn.class("Bad")
function Bad:forward(x) return x.nothing_here end
local ok, text = pcall(nn.Sequential(nn.ReLU(), Bad()), tensor{1})
print(ok, text:match("net%[2%] Bad"), text:match("errors.lua:%d+") ~= nil)  -- expect: false	net[2] Bad	true
-- After an error, and after one caught inside a layer, paths are right again.
Careful = nn.class("Careful")
function Careful:init() self.a, self.b = nn.Linear(2, 2), nn.Linear(3, 3) end
function Careful:forward(x) pcall(self.b, x); return self.b(self.a(x)) end
why(Careful(), tensor.zeros(1, 2))
-- expect: net.b Linear(3 -> 3): input is (1, 2); expected (*, 3). Hint: nn.Linear(2, 3) would fit
why(net, tensor.zeros(3, 2, 2))
-- expect: net[2].inner[2] Linear(5 -> 6): input is (3, 4); expected (*, 5). Hint: nn.Linear(4, 6) would fit
