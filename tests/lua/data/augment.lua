-- SPDX-License-Identifier: GPL-3.0-or-later
-- Changed images against SciPy's and PyTorch's (tests/expect/make_augment.py).
local cases = assert(loadfile(arg[0]:match("^(.*)/") .. "/augment.txt", "t"))()
local bad = 0
for _, c in ipairs(cases) do
  local name, amount, image, wanted = table.unpack(c)
  local change = data.augment{{name, {amount, amount}}}
  local x, y = tensor(image, {dtype = "float64"}), tensor(wanted, {dtype = "float64"})
  local batch = tensor.stack({x, x}, 1)
  for _, z in ipairs{change(batch)[1], change(batch)[2], change(batch:unsqueeze(2))[2][1],
    change(batch:to("float32"))[1]:to("float64")} do
    if not z:allclose(y, {rtol = 1e-5, atol = 1e-6}) then
      bad = bad + 1
      print(name, amount, z, y)
    end
  end
end
print(#cases, bad) -- expect: 36	0

-- A crop of a ramp is a ramp again, less steep; it stays within the image.
gradus.seed(2)
local ramp = (tensor.arange(9):unsqueeze(2) + tensor.zeros(1, 9)):unsqueeze(1)
local crop = data.augment{{"crop", {0.25, 0.25}}}
for _ = 1, 3 do
  local z = crop(ramp)[1]
  local steps = z:narrow(1, 2, 8) - z:narrow(1, 1, 8)
  print(steps:allclose(tensor.full({8, 9}, 0.75), {atol = 1e-5}), z:min():item() >= 0.999,
    z:max():item() <= 9.001)
end
-- expect: true	true	true
-- expect: true	true	true
-- expect: true	true	true

-- Amounts: a single number is a bound (of shares: from 0), drawn for each image.
local flat = tensor.zeros(2000, 4, 4)
local function spread(step)
  local z = data.augment{step}(flat):select(2, 1):select(2, 1)
  return ("%.1f %.1f %.1f"):format(z:min():item(), z:max():item(), z:std():item())
end
gradus.seed(1)
print(spread{"brightness", 0.6}) -- expect: -0.6 0.6 0.3
print(spread{"brightness", {0.2, 0.4}}) -- expect: 0.2 0.4 0.1
print(math.abs(data.augment{{"noise", 0.5}}(flat):std():item() - 0.5) < 0.01) -- expect: true
local halves = (tensor.arange(4):reshape(1, 1, 4) + tensor.zeros(2000, 4, 1))
local share = data.augment{{"flip", 0.3}}(halves):select(2, 1):select(2, 1):eq(4):mean():item()
print(math.abs(share - 0.3) < 0.04) -- expect: true

-- Composed, the same for a seed, cut, without a graph; a data set stays one.
local digits = data.digits()
digits.x = (digits.x / 16):reshape(-1, 8, 8)
local few = data.subset(digits, {1, 2, 3, 4, 5})
local all = data.augment({"shift", "rotate", "flip", "crop", "noise", "contrast", "brightness", "blur",
  "sharpen"}, {low = 0, high = 1})
gradus.seed(5)
local one = all(few)
gradus.seed(5)
print(one.x:eq(all(few.x)):all(), one.x:min():item() >= 0, one.x:max():item() <= 1, #one,
  one.classes[3], one.x:eq(few.x):all())
-- expect: true	true	true	5	2	false
few.x.requires_grad = true
print(all(few.x).requires_grad, (few.x * 2).requires_grad) -- expect: false	true
print(all(few.x:narrow(1, 1, 0)):size(1)) -- expect: 0
print(all)
-- expect: Augment(shift -1 to 1, rotate -15 to 15, flip 0.5, crop 0 to 0.2, noise 0.1, contrast -0.3 to 0.3, brightness -0.2 to 0.2, blur 0 to 1, sharpen 0 to 1)
for x, y in data.batches(digits, 1797, {augment = all, shuffle = false}) do
  print(x:size(2), x:eq(digits.x):all(), y:eq(digits.y):all()) -- expect: 8	false	true
end
plot.images(one.x):save("images.png")

local function fails(...) print((select(2, pcall(data.augment, ...)))) end
fails{"rotat"}
-- expect: data.augment: no step 'rotat'. Did you mean 'rotate'? Steps: blur, brightness, contrast, crop, flip, noise, rotate, sharpen, shift
fails{{"rotate", "far"}}
-- expect: data.augment: the amount of 'rotate' should be a number or a range {low, high}
fails{}
-- expect: data.augment: expected a list of steps like {"flip", {"rotate", 10}}
print((select(2, pcall(all, tensor.zeros(3, 4))):gsub("^.-: data", "data")))
-- expect: data.augment: images are (3, 4); expected (N, H, W) or (N, C, H, W)
