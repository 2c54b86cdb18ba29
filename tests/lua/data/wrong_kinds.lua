-- SPDX-License-Identifier: GPL-3.0-or-later
-- Arguments of another kind get a sentence, not an error inside of the library.
local function say(f, ...) print((select(2, pcall(f, ...)):gsub("^.-:%d+: ", ""))) end

say(data.set, 3)
-- expect: data.set: expected a table such as {x = tensor, y = tensor}; got number
say(data.save_safetensors, "x.safetensors")
-- expect: data.save_safetensors: a path and a table {name = tensor} expected; got nil
say(autograd.gradcheck, 3)
-- expect: autograd.gradcheck: a function and a list of tensors expected; got number and nil
say(plot.schedule, function() end)
-- expect: plot.schedule: the rate of epoch 0 is no number but a nil
