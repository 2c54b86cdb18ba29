-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Along which axes? Batch, layer, instance and group norm" {
  topic = "normalisation: four choices of axes, one formula",
  minutes = 16,
  needs = {"40-batch-norm"},
  rows = {30},
}

text [[
  Batch norm, layer norm, instance norm, group norm: four names, four papers. All of them
  subtract a mean and divide by a standard deviation. They differ in a single thing: *which*
  numbers are averaged together.

  Images come as tensors with four dimensions. Here are 8 images with 6 channels of 5 rows and 5
  columns; each channel of each image has a level of its own.
]]

code [[
  gradus.seed(1)
  x = tensor.randn(8, 6, 5, 5) * (tensor.rand(8, 6, 1, 1) * 3 + 0.5) + tensor.randn(8, 6, 1, 1) * 2
  x:size()
]]

predict "`x:mean({3, 4})` averages over dimensions 3 and 4, rows and columns: those that are named disappear. How many means does it leave?" {
  name = "left",
  reveal = "x:mean({3, 4}):numel()",
  unit = "means",
  after = "One for each of 6 channels of each of 8 images: a result of shape (8, 6).",
}

predict "Batch norm for images has one mean for each *channel*. Over how many numbers is each of them taken?" {
  reveal = "8 * 5 * 5",
  unit = "numbers",
  after = "8 images of 25 pixels. `x:mean({1, 3, 4})` computes the six means: all dimensions but the channels are named.",
}

ask "Layer norm has one mean for each *image*, over everything in it. Compute the eight means." {
  name = "layer means",
  solution = "x:mean({2, 3, 4})",
  hints = {
    "Name the dimensions that should disappear.",
    "The images are dimension 1: it stays. The others go.",
  },
  mistakes = {
    {"x:mean(1)", "That averages over the images, and leaves one image."},
    {"x:mean({1, 3, 4})", "These are the six means of batch norm, one a channel."},
    {"x:mean()", "That is one mean for all. Each image should have its own."},
  },
}

text [[
  Now a single function for all four. With `keepdim = true` the dimensions that disappear are kept
  with size 1, so that `x - mean` fits:

      x:mean(dims, true)        x:var(dims, {unbiased = false, keepdim = true})
]]

ask [[
  Write `normalise(x, dims)`: subtract the mean over `dims`, and divide by the root of
  variance + 1e-5. (Take the variance that divides by n.)
]] {
  name = "normalise",
  solution = [[
    function normalise(x, dims)
      local mean = x:mean(dims, true)
      local var = x:var(dims, {unbiased = false, keepdim = true})
      return (x - mean) / (var + 1e-5):sqrt()
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.normalise
    if type(f) ~= "function" then return false, "There is no function `normalise` yet." end
    gradus.seed(5)
    local t = tensor.randn(4, 6, 3, 3) * 3 + 1
    local pairs_of = {{{1, 3, 4}, nn.BatchNorm2d(6), "batch"}, {{2, 3, 4}, nn.LayerNorm({6, 3, 3}), "layer"},
      {{3, 4}, nn.InstanceNorm2d(6), "instance"}}
    for _, p in ipairs(pairs_of) do
      local y = f(t, p[1])
      if not tensor.is_tensor(y) then return false, "It should return a tensor." end
      local off = (y - p[2](t):detach()):abs():max():item()
      if off > 1e-4 then
        return false, ("With the dimensions of %s norm it is off by %.3g."):format(p[3], off), off
      end
    end
    return true
  end),
  hints = {
    "Two local variables, `mean` and `var`, as shown above.",
    "Then `(x - mean)` divided by `(var + 1e-5):sqrt()`.",
  },
  mistakes = {
    {[[
      function normalise(x, dims)
        return (x - x:mean(dims, true)) / (x:var(dims, {keepdim = true}) + 1e-5):sqrt()
      end
    ]], "Nearly: this variance is divided by n - 1, not by n."},
    {[[
      function normalise(x, dims)
        local d = x - x:mean(dims, true)
        return d / (x:var(dims, {unbiased = false, keepdim = true}) + 1e-5)
      end
    ]], "Divide by the root of the variance."},
  },
}

ask "Use it: make `b`, the batch-normalised `x`, and `i`, the instance-normalised one (a mean for each channel of each image)." {
  name = "four ways",
  solution = "b, i = normalise(x, {1, 3, 4}), normalise(x, {3, 4})",
  check = all_of{variable "b", variable "i"},
  hints = {
    "For `b` the channels, dimension 2, must stay.",
    "For `i` images and channels stay: only rows and columns are named.",
  },
  mistakes = {
    {"b, i = normalise(x, {2, 3, 4}), normalise(x, {3, 4})", "Your `b` is layer norm: it leaves the images."},
    {"b, i = normalise(x, {1, 3, 4}), normalise(x, {1, 2})", "For `i` name what should disappear: rows and columns."},
  },
}

code [[
  l = normalise(x, {2, 3, 4})
  -- the mean of the first image; the mean of the first channel
  function two(t) return t[1]:mean():item(), t[{{}, 1}]:mean():item() end
]]

choice "One of `b`, `l` and `i` has a mean of zero in *both* places of `two`. Which? Think first; then `two(b)`, `two(l)`, `two(i)`." {
  {"b, batch norm", "Its channels have mean 0; its images differ."},
  {"l, layer norm", "Its images have mean 0; its channels differ."},
  {"i, instance norm", "Yes: every channel of every image has mean 0, so all larger pieces have it, too.", right = true},
}

picture "The first four channels from left to right, images from top to bottom: equal numbers are averaged together" {
  name = "slices",
  code = [[
    n, c = tensor.arange(8):reshape(8, 1), tensor.arange(4):reshape(1, 4)
    function sheet(title, group)
      return plot.heatmap(group, {title = title, numbers = true, label = false,
        xlabel = "channel", ylabel = "image"})
    end
    plot.grid({sheet("batch norm", c + n * 0), sheet("layer norm", n + c * 0),
      sheet("instance norm", (n - 1) * 6 + c),
      sheet("group norm", (n - 1) * 3 + (c / 2):ceil())}, {columns = 4})
  ]],
}

text [[
  Group norm is the one in the middle: the channels of an image are put into groups, here three
  groups of two, and each group of each image is averaged. A `reshape` does the trick:

      (8, 6, 5, 5)  ->  (8, 3, 2, 5, 5)
]]

ask "Write `group_norm(x, groups)`, for x of any size with four dimensions, with the help of `normalise`. The result has the shape of `x` again." {
  name = "group norm",
  solution = [[
    function group_norm(x, groups)
      local n, c, h, w = x:size(1), x:size(2), x:size(3), x:size(4)
      local parts = x:reshape(n, groups, c // groups, h, w)
      return normalise(parts, {3, 4, 5}):reshape(n, c, h, w)
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.group_norm
    if type(f) ~= "function" then return false, "There is no function `group_norm` yet." end
    gradus.seed(6)
    for _, s in ipairs{{4, 6, 3, 2, 3}, {2, 8, 5, 5, 2}, {3, 4, 2, 2, 1}} do
      local t = tensor.randn(s[1], s[2], s[3], s[4]) * 2 + 3
      local want = nn.GroupNorm(s[5], s[2])(t):detach()
      local got = f(t, s[5])
      if not tensor.is_tensor(got) then return false, "It should return a tensor." end
      if table.concat(got:size(), " ") ~= table.concat(t:size(), " ") then
        return false, ("The result is (%s); it should be (%s), like x."):format(
          table.concat(got:size(), ", "), table.concat(t:size(), ", ")), got:size()
      end
      local off = (got - want):abs():max():item()
      if off > 1e-3 then
        return false, ("With %d channels in %d groups it is off by %.3g."):format(s[2], s[5], off), off
      end
    end
    return true
  end),
  hints = {
    "Shape first: `x:reshape(n, groups, c // groups, h, w)`. `//` divides without a rest.",
    "Of the five dimensions, images and groups stay: 3, 4 and 5 are averaged.",
    "At the end `:reshape(n, c, h, w)`, or `:reshape(x:size())`.",
  },
  mistakes = {
    {[[
      function group_norm(x, groups)
        local n, c, h, w = x:size(1), x:size(2), x:size(3), x:size(4)
        return normalise(x:reshape(n, groups, c // groups, h, w), {3, 4, 5})
      end
    ]], "The numbers are right, but they still stand in five dimensions."},
    {[[
      function group_norm(x, groups)
        local n, c, h, w = x:size(1), x:size(2), x:size(3), x:size(4)
        return normalise(x:reshape(n, c // groups, groups, h, w), {3, 4, 5}):reshape(n, c, h, w)
      end
    ]], "Here `groups` is the size of a group. It should be how many there are."},
    {[[
      function group_norm(x, groups)
        local n, c, h, w = x:size(1), x:size(2), x:size(3), x:size(4)
        return normalise(x:reshape(n, groups, c // groups, h, w), {4, 5}):reshape(n, c, h, w)
      end
    ]], "These are the statistics of single channels: the channels of a group, dimension 3, belong together."},
  },
}

choice "With one group, and with as many groups as channels, group norm becomes ... (try `(group_norm(x, 1) - l):abs():max()`)" {
  {"layer norm, and instance norm", "Yes: all channels together, or each alone.", right = true},
  {"instance norm, and layer norm", "The other way round: one group holds all the channels of an image."},
  {"batch norm, and layer norm", "No: group norm never looks at another image."},
}

text [[
  # Check what you read

  Some lecture notes define the variance of layer norm as the mean of (x - mean), without a
  square. What would that be?
]]

predict "The mean of `x[1] - x[1]:mean()`, to five digits?" {
  reveal = "math.floor((x[1] - x[1]:mean()):mean():item() * 1e5 + 0.5) / 1e5",
  after = "Zero, for any numbers: distances up and down cancel. The square makes them count.",
}

choice "Which of the four gives another answer for an image when the rest of the batch changes?" {
  {"batch norm, in train mode", "Its means run over the batch.", right = true},
  {"layer norm", "It looks at one image only, in training and afterwards."},
  {"group norm", "It looks at one image only, in training and afterwards."},
  {"instance norm", "It looks at one image only, in training and afterwards."},
}

code [[
  brighter = x:clone()          -- the first image alone is changed
  brighter[1] = x[1] * 3 + 10
]]

try "What becomes of the normalised images if all pixels of `x` are multiplied by 3 and moved by 10? And if only one image is?" {
  suggest = {"(normalise(x * 3 + 10, {1, 3, 4}) - b):abs():max()",
    "(normalise(brighter, {1, 3, 4}) - b):abs():max()",
    "(normalise(brighter, {2, 3, 4}) - l):abs():max()"},
}

text [[
  Batch norm is the usual choice for images and large batches, layer norm for texts and anything
  of varying length, group norm where memory allows only a few images at a time. `lab.norms()`
  lets them compete at small batches, under five seeds. Next: a whole CNN (`:lesson 44`).
]]
