-- SPDX-License-Identifier: GPL-3.0-or-later
-- Labels count from 1; what is wrong with one is said with its place.
local x = tensor.zeros(3, 4)
local function message(f, ...)
  local ok, text = pcall(f, ...)
  print(ok and "no error" or (text:gsub("^.-:%d+: ", "")))
end
message(tensor.cross_entropy, x, tensor{1, 0, 2})
-- expect: cross_entropy: label 2 is 0, but labels count from 1 to 4. Hint: if yours count from 0, use labels + 1
message(tensor.cross_entropy, x, tensor{1, 2, 5})
-- expect: cross_entropy: label 3 is 5; expected a whole number from 1 to 4, the number of classes. Hint: is the last layer one output short?
message(tensor.nll_loss, x, tensor{1.5, 2, 3})
-- expect: nll_loss: label 1 is 1.5; expected a whole number from 1 to 4, the number of classes
message(tensor.multi_margin_loss, x, tensor{1, 2})
-- expect: multi_margin_loss: input is (3, 4) and target is (2); expected one label for each row, (N)
message(tensor.cross_entropy, x, tensor{{1}, {2}, {3}})
-- expect: cross_entropy: input is (3, 4) and target is (3, 1); expected one label for each row, (N). Hint: target:reshape(-1) makes the column a list
message(tensor.cross_entropy, x, tensor{1, 2, 3}, tensor{1, 2})
-- expect: cross_entropy: weight is (2); expected (4), one for each class
message(tensor.mse_loss, tensor.zeros(3, 1), tensor.zeros(3))
-- expect: mse_loss: input is (3, 1) and target is (3); expected equal shapes. Hint: reshape one of them; to broadcast would pair every row with every other
message(tensor.binary_cross_entropy, tensor{0.5, 1.5}, tensor{0, 1})
-- expect: binary_cross_entropy: 1 of 2 inputs lie outside 0 to 1. Hint: give probabilities (a sigmoid's output), or give the scores to binary_cross_entropy_with_logits
message(tensor.embedding, tensor{0}, x)
-- expect: embedding: index 1 is 0; expected a whole number from 1 to 3, the rows of the weight. Hint: in Lua the first is 1
message(tensor.batch_norm, tensor.zeros(1, 4), {training = true})
-- expect: batch_norm: input is (1, 4): one value a channel has no variance. Hint: train with batches of 2 or more, or switch with net:eval()
message(tensor.conv2d, tensor.zeros(2, 9), tensor.zeros(1, 1, 3, 3))
-- expect: conv2d: input is (2, 9); expected (N, 1, height, width). Hint: x:reshape(N, channels, height, width)
-- A row that is left out counts neither for the sum nor for the mean.
print(tensor.cross_entropy(x, tensor{1, -100, 2}):item() == tensor.cross_entropy(x, tensor{1, 1, 2}):item())
-- expect: true
