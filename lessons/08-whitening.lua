-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Turn, cut, whiten: principal components" {
  topic = "PCA, explained variance, whitening",
  minutes = 20,
  needs = {"07-normalise-data"},
  rows = {8},
}

text [[
  Two features can both be normalised and still say nearly the same, like a person's height in
  inches and in centimetres. Can data be turned so that no feature repeats another? And does
  gradient descent thank us for it? Here are 300 points in a slanting cloud, with mean 0.
]]

code [[
  gradus.seed(1)
  X = tensor.randn(300, 2):matmul(tensor{{3, 2}, {0, 0.5}})
  X = X - X:mean(1)
]]

predict "The first feature has standard deviation 3: it is 3 times a random number. What has the second?" {
  name = "second",
  reveal = "X:std(1)[2]",
  within = 0.2,
  after = "It is 2 times the SAME number and half of another: about 2.1. So both rise together.",
}

text [[
  The *covariance* of two features is the mean of their product, once both are centred: large
  where they rise together. All of them make a matrix, with the variances on its diagonal:

      C = X' X / (n - 1)
]]

ask [[
  Write `cov(x)`, this product for a tensor (n, d). The lesson tries it on other data, too, so
  subtract `x:mean(1)` first.
]] {
  name = "covariance",
  solution = [[
    function cov(x)
      local c = x - x:mean(1)
      return c:t():matmul(c) / (x:size(1) - 1)
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.cov
    if type(f) ~= "function" then return false, "There is no function `cov` yet." end
    local x = tensor{{1, 2}, {3, 7}, {8, 3}}
    local got = f(x)
    if not tensor.is_tensor(got) or got:dim() ~= 2 or got:size(1) ~= 2 or got:size(2) ~= 2 then
      return false, "For three points with two features it should be (2, 2).", "shape"
    end
    if (got - tensor{{13, -0.5}, {-0.5, 7}}):abs():max():item() < 1e-3 then return true end
    return false, "For {1, 2}, {3, 7}, {8, 3} it should be {13, -0.5}, {-0.5, 7}.", got
  end),
  hints = {
    "`c = x - x:mean(1)`, then the product of `c` on its side with `c`.",
    "`c:t():matmul(c)`, divided by the number of points less one.",
  },
  mistakes = {
    {"function cov(x) return x:t():matmul(x) / (x:size(1) - 1) end", "The mean was not subtracted."},
    {"function cov(x) local c = x - x:mean(1); return c:t():matmul(c) end",
      "That is the sum. Divide by n - 1."},
    {"function cov(x) local c = x - x:mean(1); return c:t():matmul(c) / x:size(1) end",
      "Divided by n. The mean was taken from the same points, which costs one of them: n - 1."},
    {"function cov(x) local c = x - x:mean(1); return c:matmul(c:t()) / (x:size(1) - 1) end",
      "That product meets point with point, (n, n). Features with features: `c:t()` comes first."},
  },
  variant = [[
    function cov(x)
      local c = x - x:mean(1)
      return (c:t():matmul(c)) * (1 / (#x - 1))
    end
  ]],
}

pause()

code [[ cov(X) ]]

text [[
  Off the diagonal stands 6.2: the features rise together. Principal component analysis finds
  the directions in which the cloud is widest, each at a right angle to the others. They are
  the columns of `basis`.
]]

code [[
  P = data.PCA():fit(X)
  P.basis
]]

ask "Turn the cloud: make `Z`, the points measured along the new directions. One product of `X` and `P.basis` does it." {
  name = "decorrelate",
  solution = "Z = X:matmul(P.basis)",
  check = variable "Z",
  hints = {"The points are rows, the directions columns.", "`X:matmul(...)`"},
  mistakes = {
    {"Z = X:matmul(P.basis:t())", "Turned the other way: that doubles the slant instead of taking it away."},
  },
  variant = "Z = P:apply(X)",
}

predict "What stands off the diagonal of `cov(Z)`, where `cov(X)` had 6.2?" {
  name = "off",
  reveal = "math.floor(cov(Z)[1][2]:item() * 1e5 + 0.5) / 1e5",
  after = "0: the new features no longer rise together. That is what *decorrelated* means.",
}

code [[ cov(Z) ]]

number "Which share of all variance has the first of the new features? (as a fraction, like 0.75)" {
  name = "share",
  answer = "P.variance[1]:item() / P.variance:sum():item()",
  tolerance = 0.004,
  hints = {"The variances are on the diagonal of `cov(Z)`, and in `P.variance`.",
    "The first, divided by their sum."},
  mistakes = {
    {"P.variance[1]:item()", "That is the variance itself. Which share is it of the sum of both?"},
    {13.6, "That is the variance itself. Which share is it of the sum of both?"},
    {"100 * P.variance[1]:item() / P.variance:sum():item()",
      "In per cent that is right; a fraction is wanted, a hundredth of it."},
    {"P.variance[2]:item() / P.variance:sum():item()", "That is the second one's share."},
  },
  after = "98.8 %: if you keep this one number for each point you lose next to nothing. `P.ratio` has all shares.",
}

text [[
  # White

  Last step: give each new feature variance 1. What comes out is called *white*, after light
  in which all frequencies are equally strong.
]]

ask "Make `white` from `Z`: divide each feature by its standard deviation. `P.variance` holds the variances." {
  name = "whiten",
  solution = "white = Z / P.variance:sqrt()",
  check = variable "white",
  hints = {"The standard deviation is the root of the variance.", "`Z / ...:sqrt()`"},
  mistakes = {
    {"white = Z / P.variance", "Divided by the variance; its root is the standard deviation."},
    {"white = X / X:std(1)", "That normalises the old features: they still rise together. Divide `Z`."},
  },
  variant = "white = data.PCA(2, {whiten = true}):fit(X):apply(X)",
}

pause()

code [[
  panels, range = {}, {-11, 11}
  for i, p in ipairs{{"as measured", X}, {"turned", Z}, {"white", white}} do
    panels[i] = plot.scatter(p[2], {title = p[1], xrange = range, yrange = range, equal = true})
  end
]] {quiet = true}

picture "As measured, turned, and whitened: the slant goes first, then the stretch" {
  name = "scatter",
  code = [[
    plot.grid(panels, {columns = 3, width = 1500, height = 560})
  ]],
}

pause()

text [[
  # Cut: fewer features

  Images have many features that repeat each other. `data.digits()` has 1797 small images of
  handwritten digits, 64 pixels each.
]]

code [[
  digits = data.digits()
  pixels = digits.x:reshape(-1, 64)
  D = data.PCA():fit(pixels)
]]

predict "How many of the 64 new features are needed for 90 % of the variance?" {
  name = "digits",
  reveal = "1 + D.ratio:cumsum(1):lt(0.9):sum():item()",
  within = 0.4,
  after = "21 of 64. Neighbouring pixels are mostly dark or bright together.",
}

pause()

code [[
  function kept(k)               -- a digit, rebuilt from its first k features
    local p = data.PCA(k):fit(pixels)
    return p:invert(p:apply(pixels[{{3, 3}, {}}])):reshape(8, 8)
  end
  shares = plot.curve(D.ratio:cumsum(1), {xlabel = "features kept", ylabel = "share of variance",
    yrange = {0, 1}, title = "explained variance"})
  rebuilt = plot.images(tensor.stack{kept(64), kept(21), kept(5)}, {columns = 3,
    labels = {"64", "21", "5"}, title = "a digit rebuilt"})
]] {quiet = true}

picture "Left the share kept by the first k features; right a digit with all 64, with 21, and with 5" {
  name = "explained",
  code = [[ plot.grid({shares, rebuilt}, {columns = 2}) ]],
}

pause()

text [[
  # Why descent likes white data

  One linear unit learns from the slanting cloud, by the squared error. In a direction of
  variance v this error is a bowl of curvature 2 v, and descent in a bowl is stable only while
  the rate times the curvature is below 2.
]]

number "The widest direction of `X` has variance 13.6. Which rate must not be exceeded?" {
  name = "edge",
  answer = 0.0736,
  tolerance = 0.004,
  solution = "2 / (2 * 13.59)",
  hints = {
    "The curvature there is 2 times 13.6.",
    "The rate times 27.2 has to stay below 2.",
  },
  mistakes = {
    {0.147, "You forgot that the squared error has a factor 2: the curvature is 2 v."},
    {5.92, "That is for the narrow direction. The widest one breaks first."},
    {13.6, "The rate times the curvature, 27.2, has to stay below 2."},
  },
}

text [[
  `descend(x, rate)` makes 50 steps of plain descent from weights 0 and gives the error before each.
]]

code [[
  target = X:matmul(tensor{{1}, {-2}})
  function descend(x, lr)             -- the error after each of 50 steps
    local w, losses = tensor.zeros(2, 1):requires_grad_(), {}
    for step = 1, 50 do
      local loss = nn.mse_loss(x:matmul(w), target)
      losses[step] = loss:item()
      loss:backward()
      w = (w - w.grad * lr):detach():requires_grad_()
    end
    return losses
  end
]] {quiet = true}

predict "With the rate 0.07 the error falls from 1.95 to 0.08. To what does it go with 0.08, after 50 steps?" {
  name = "beyond",
  run = "good, bad = descend(X, 0.07)[50], descend(X, 0.08)[50]",
  reveal = "bad",
  within = 3,
  after = "Four million: a little above the edge every step makes it worse.",
}

text [[
  At the edge the *narrow* direction, of variance 0.17, crawls: each step covers only a
  fortieth of what is left of the way. That is the price of a stretched cloud.
]]

predict "White data have variance 1 in every direction. With the rate 0.5, what is the error after ONE step, that is at step 2?" {
  name = "onestep",
  reveal = "math.floor(descend(white, 0.5)[2] * 1e3 + 0.5) / 1e3",
  within = 1,
  after = "Practically nothing is left. Every bowl has curvature 2, and 1/2 times the slope lands at its bottom.",
}

pause()

picture "The same task: as measured at nearly its edge, white at that rate, and white at a better one" {
  name = "rates",
  code = [[
    plot.loss({{"as measured, rate 0.07", descend(X, 0.07)}, {"white, rate 0.07", descend(white, 0.07)},
      {"white, rate 0.4", descend(white, 0.4)}}, {smooth = 0, ylog = true, xlabel = "step"})
  ]],
}

pause()

choice "Which are true? There may be several." {
  {"PCA and whitening have to be fitted on the training set alone.",
    "They are computed from data, like any mean.", right = true},
  {"A direction of nearly no variance may be mostly noise, and whitening makes it as loud as the rest.",
    "Hence a small `eps` is added, or such directions are cut.", right = true},
  {"The directions of largest variance are always the most useful for telling classes apart.",
    "No: PCA never sees the labels."},
  {"Cutting to k features loses nothing.", "It loses the share that the others had."},
}

try "Cut harder, or whiten digits." {
  suggest = {
    "plot.images(tensor.stack{kept(1), kept(2), kept(10), kept(30)})",
    "cov(data.Whiten():fit(X):apply(X))",
    "descend(white, 1.01)[50]",
  },
}

text [[
  Batch norm, later, will do a little of this inside a net. First the weights themselves: the
  next lessons, from `:lesson 10` on, ask where they should begin.
]]
