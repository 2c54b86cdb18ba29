-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Through the needle's eye: autoencoders" {
  topic = "autoencoders: linear against PCA, non-linear, denoising",
  minutes = 25,
  needs = {"01-first-steps"},
  rows = {39},
}

text [[
  A net gets a digit, 64 numbers, and must give back the same digit. Nothing is easier: pass the
  numbers on. But in the middle stands a layer of only 8 units. Whatever the net wants to remember
  must fit through it. Nobody told it what a digit is; what will it keep?
]]

code [[
  gradus.seed(1)
  digits = data.digits()
  x = digits.x / 16
  taught, unseen = x[{{1, 1000}}], x[{{1001, 1797}}]
  function error_of(rebuilt)
    return metrics.mse(unseen:reshape(-1), rebuilt:reshape(-1))
  end
  average = taught:mean(1, true):expand(797, 64)
]]

predict "Somebody answers with the *average* picture, whatever the digit. How large is the mean squared error? (Pixels go from 0, paper, to 1, ink.)" {
  name = "average",
  reveal = "error_of(average)",
  within = 1,
  after = "Whoever has looked at the digit should do better than that.",
}

predict "What will the error be with 8 numbers for each picture, instead of 64?" {
  name = "squeezed",
  run = [[ squeezed = train.autoencoder(taught, 8, {activation = "linear", epochs = 30, lr = 0.01}) ]],
  reveal = "error_of(train.predict(squeezed.net, unseen))",
  within = 0.4,
  after = "A third of the average's. Eight numbers say quite a lot about a digit.",
}

ask [[
  Build one by hand: `auto`, a `nn.Sequential` from 64 to 8 units and back to 64, both linear;
  and train it with `train.fit`, 30 epochs, with Adam and a rate of 0.01. What stands for the
  targets? `data = {x = taught, y = ...}`
]] {
  name = "by hand",
  solution = [[
    auto = nn.Sequential(nn.Linear(64, 8), nn.Linear(8, 64))
    train.fit(auto, {data = {x = taught, y = taught}, epochs = 30, progress = "none",
      opt = optim.Adam(auto:parameters(), {lr = 0.01})})
  ]],
  check = that(function(answer)
    local net = answer.vars.auto
    if type(net) ~= "table" or not net.parameters then return false, "There is no net `auto` yet." end
    local narrow = math.huge
    local ok, why = pcall(function()
      local h = unseen
      for i = 1, #net do
        h = net[i](h)
        narrow = math.min(narrow, h:size(2))
      end
    end)
    if not ok then return false, "`auto` should take 64 numbers a row: " .. tostring(why), "shape" end
    if narrow ~= 8 then return false, ("Its narrowest layer has %d units; 8 are wanted."):format(narrow), narrow end
    local rebuilt = train.predict(net, unseen)
    if rebuilt:size(2) ~= 64 then return false, "It should give back 64 numbers.", "width" end
    local e = error_of(rebuilt)
    if e < 0.035 then return true end
    if rebuilt:abs():max():item() < 0.05 then return false, "It gives zeros, whatever it gets.", "zeros" end
    return "part", ("Its error on the unseen digits is %.3g; after training, 0.03 or less is possible."):format(e)
  end),
  hints = {
    "The net: two layers, `nn.Linear(64, 8)` and `nn.Linear(8, 64)`.",
    "It should give back what it got: the targets are `taught` again.",
    "`opt = optim.Adam(auto:parameters(), {lr = 0.01})`, `epochs = 30`.",
  },
  mistakes = {
    {[[
      auto = nn.Sequential(nn.Linear(64, 8), nn.Linear(8, 64))
      train.fit(auto, {data = {x = taught, y = taught * 0}, epochs = 30, progress = "none",
        opt = optim.Adam(auto:parameters(), {lr = 0.01})})
    ]], "It learns to give zeros. The targets are the pictures themselves."},
    {[[
      auto = nn.Sequential(nn.Linear(64, 64), nn.Linear(64, 64))
      train.fit(auto, {data = {x = taught, y = taught}, epochs = 30, progress = "none",
        opt = optim.Adam(auto:parameters(), {lr = 0.01})})
    ]], "There is no narrow place: such a net may simply pass the pictures on."},
  },
}

picture "Eight unseen digits, and what came through the needle's eye" {
  name = "rebuilt",
  code = [[
    shown = unseen[{{1, 8}}]
    pairs_of = tensor.cat({shown, train.predict(auto, shown)}, 1):clamp(0, 1)
    plot.images(pairs_of:reshape(16, 8, 8),
      {columns = 8, rows = {"unseen", "rebuilt"}})
  ]],
}

text [[
  # An old acquaintance

  PCA, too, keeps 8 numbers for each picture: the coordinates along the 8 directions in which the
  pictures differ most. No linear way through 8 numbers is better for the data it was fitted to.
]]

predict "The error of PCA with 8 components, on the unseen digits? (The linear autoencoder had about 0.0277.)" {
  name = "pca",
  run = [[
    pca = data.PCA(8):fit(taught)
    codes = pca:apply(unseen)
    by_pca = codes:matmul(pca.basis:t()) + pca.mean
  ]],
  reveal = "error_of(by_pca)",
  within = 0.1,
  after = "Nearly the same, a little better: the linear autoencoder finds what PCA finds, by descent, and has not quite arrived.",
}

choice "Why then train a net at all?" {
  {"A net may be non-linear and deep", "Yes: it can follow curves, where PCA has only planes.", right = true},
  {"It is faster", "PCA takes one decomposition. The net goes through the data again and again."},
  {"Its 8 numbers are uncorrelated", "Those of PCA are; a linear net's may be any mixture of them."},
}

text [[
  Two numbers for a digit, then: a deep net with bends on both sides, against PCA with two.
]]

code [[
  gradus.seed(1)
  encoder = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 2))
  decoder = nn.Sequential(nn.Linear(2, 48), nn.ReLU(), nn.Linear(48, 64))
  deep = nn.Sequential(encoder, decoder)
  train.fit(deep, {data = {x = taught, y = taught}, epochs = 60, progress = "none",
    opt = optim.Adam(deep:parameters(), {lr = 0.01})})
  two = data.PCA(2):fit(taught)
  error_of(two:apply(unseen):matmul(two.basis:t()) + two.mean)
]]

predict "That was PCA. And the deep net, with two numbers as well?" {
  name = "deep",
  reveal = "error_of(train.predict(deep, unseen))",
  within = 0.15,
  after = "A fifth less than PCA: where the way may bend, two numbers say more.",
}

picture "Each unseen digit stands at its two numbers; no label was used in training" {
  name = "codes",
  code = [[
    plot.scatter(train.predict(encoder, unseen), {labels = digits.y[{{1001, 1797}}],
      classes = digits.classes, xlabel = "first unit", ylabel = "second unit"})
  ]],
}

text [[
  # Check what you read

  A lecture leaves a question open: what if the layer in the middle is as wide as the input, or
  wider? Try it: 100 linear units for 64 numbers.
]]

code [[
  wide = train.autoencoder(taught, 100, {activation = "linear", epochs = 60, lr = 0.005})
  error_of(train.predict(wide.net, unseen))
]]

predict "Hardly any error. So what does it do with noise? The unseen digits get noise with a mean square of 0.09. What is the error of what comes out?" {
  name = "copy",
  run = [[
    gradus.seed(3)
    noisy = unseen + tensor.randn(unseen:size()) * 0.3
  ]],
  reveal = "error_of(train.predict(wide.net, noisy))",
  within = 0.3,
  after = "The noise comes out as it went in. A copying machine has learnt nothing about digits.",
}

text [[
  # Denoising

  The way out: give the net a *spoilt* picture and ask for the *clean* one. Copying does not help
  any more; it has to know what digits look like. Ways to spoil: Gaussian noise, masking (some
  pixels become 0), salt and pepper (some become 0, some 1).
]]

ask [[
  Write `salt_pepper(x, share)`: a copy of x in which a random `share` of the numbers is replaced,
  half of these by 0 and half by 1. (`tensor.where(mask, a, b)` takes a where the mask is 1, else b.)
]] {
  name = "salt and pepper",
  solution = [[
    function salt_pepper(x, share)
      local u = tensor.rand(x:size())
      local y = tensor.where(u:lt(share / 2), tensor.zeros(x:size()), x)
      return tensor.where(u:gt(1 - share / 2), tensor.ones(x:size()), y)
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.salt_pepper
    if type(f) ~= "function" then return false, "There is no function `salt_pepper` yet." end
    gradus.seed(8)
    for _, share in ipairs{0.3, 0.6} do
      local t = tensor.full({100, 200}, 0.5)
      local y = f(t, share)
      if not tensor.is_tensor(y) or y:numel() ~= 20000 then return false, "It should return a tensor like x.", "kind" end
      if t:ne(0.5):sum():item() > 0 then return false, "The picture that was given is spoilt, too: make a copy.", "changed" end
      local zeros, ones = y:eq(0):mean():item(), y:eq(1):mean():item()
      if y:eq(0.5):mean():item() + zeros + ones < 0.999 then return false, "Only 0, 1 and the old number may occur.", "others" end
      if math.abs(zeros + ones - share) > 0.03 then
        return false, ("For a share of %g it replaces %.0f %%."):format(share, 100 * (zeros + ones)),
          math.floor(20 * (zeros + ones) + 0.5)
      end
      if math.abs(zeros - ones) > 0.03 then
        return false, ("%.0f %% became 0 and %.0f %% became 1; it should be half and half."):format(100 * zeros, 100 * ones),
          math.floor(20 * zeros + 0.5)
      end
    end
    return true
  end),
  hints = {
    "Draw `u = tensor.rand(x:size())`, evenly from 0 to 1: below share / 2 it is pepper, above 1 - share / 2 it is salt.",
    "`u:lt(0.1)` is 1 where u is below 0.1; `u:gt(0.9)` where it is above 0.9.",
    "Two `tensor.where`, one after the other.",
  },
  mistakes = {
    {[[
      function salt_pepper(x, share)
        local u = tensor.randn(x:size())
        local y = tensor.where(u:lt(share / 2), tensor.zeros(x:size()), x)
        return tensor.where(u:gt(1 - share / 2), tensor.ones(x:size()), y)
      end
    ]], "`randn` is normal, with half of its numbers below 0. The draw must be even: `rand`. (A lecture makes the same slip with its dropout mask.)"},
    {[[
      function salt_pepper(x, share)
        local u = tensor.rand(x:size())
        local y = tensor.where(u:lt(share), tensor.zeros(x:size()), x)
        return tensor.where(u:gt(1 - share), tensor.ones(x:size()), y)
      end
    ]], "Each half gets the whole share here: together it is twice as much."},
    {[[
      function salt_pepper(x, share)
        return tensor.where(tensor.rand(x:size()):lt(share), tensor.zeros(x:size()), x)
      end
    ]], "This is masking: all that is replaced becomes 0. Half of it should become 1."},
  },
}

ask [[
  Teach `cleaner`, a net of 64, 32 and 64 units with a tanh in the middle, to clean what
  `salt_pepper(taught, 0.3)` has spoilt: 30 epochs with Adam and a rate of 0.005. What is the
  input here, and what the target?
]] {
  name = "cleaner",
  solution = [[
    cleaner = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 64))
    train.fit(cleaner, {data = {x = salt_pepper(taught, 0.3), y = taught}, epochs = 30,
      progress = "none", opt = optim.Adam(cleaner:parameters(), {lr = 0.005})})
  ]],
  check = that(function(answer)
    local net = answer.vars.cleaner
    if type(net) ~= "table" or not net.parameters then return false, "There is no net `cleaner` yet." end
    gradus.seed(8)
    local spoilt = salt_pepper(unseen, 0.3)
    local ok, cleaned = pcall(train.predict, net, spoilt)
    if not ok then return false, "`cleaner` does not take the digits: " .. tostring(cleaned), "fails" end
    if cleaned:size(2) ~= 64 then return false, "It should give back 64 numbers.", "width" end
    local e, of_clean = error_of(cleaned), error_of(train.predict(net, unseen))
    if e < 0.05 then return true end
    local kind = of_clean > 0.05 and "untaught" or e > 0.2 and "turned" or of_clean < 0.008 and "clean" or "noisy"
    local why = ("It leaves an error of %.2g; 0.04 is possible."):format(e)
    if kind == "untaught" then return "part", why .. " Is it taught?" end
    return false, why, kind
  end),
  hints = {
    "Spoilt pictures go in, clean ones should come out.",
    "`train.fit(cleaner, {data = {x = ..., y = ...}, epochs = 30, opt = ..., progress = \"none\"})`",
    "The input is `salt_pepper(taught, 0.3)`, the target `taught`.",
  },
  mistakes = {
    {[[
      cleaner = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 64))
      spoilt = salt_pepper(taught, 0.3)
      train.fit(cleaner, {data = {x = spoilt, y = spoilt}, epochs = 30,
        progress = "none", opt = optim.Adam(cleaner:parameters(), {lr = 0.005})})
    ]], "With spoilt pictures as the target it learns to pass the noise on. The target is clean."},
    {[[
      cleaner = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 64))
      train.fit(cleaner, {data = {x = taught, y = taught}, epochs = 30,
        progress = "none", opt = optim.Adam(cleaner:parameters(), {lr = 0.005})})
    ]], "It has never seen a spoilt picture. Those are its input."},
    {[[
      cleaner = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 64))
      train.fit(cleaner, {data = {x = taught, y = salt_pepper(taught, 0.3)}, epochs = 30,
        progress = "none", opt = optim.Adam(cleaner:parameters(), {lr = 0.005})})
    ]], "The other way round: this net is asked to add the noise."},
  },
}

predict "Spoilt in this way, the unseen digits have an error of 0.13. What is left of it, when `cleaner` has seen them?" {
  name = "cleaned",
  reveal = "error_of(train.predict(cleaner, salt_pepper(unseen, 0.3)))",
  within = 0.4,
  after = "A third of the error, of noise that hit three pixels of ten.",
}

text [[
  `train.autoencoder` spoils anew at each step if told so: `corruption = "gaussian"`, `"masking"`
  or `"salt_and_pepper"`, with an `amount`. Its targets stay clean.
]]

predict "An autoencoder with 32 units is taught in this way. The noisy digits (error 0.09 as they are) go in; what is the error of what comes out?" {
  name = "denoised",
  run = [[
    gradus.seed(1)
    denoiser = train.autoencoder(taught, 32, {activation = "Tanh", epochs = 60, lr = 0.005,
      corruption = "gaussian", amount = 0.3})
  ]],
  reveal = "error_of(train.predict(denoiser.net, noisy))",
  within = 0.4,
  after = "Less than a third. It has never seen these digits, nor this noise.",
}

picture "Noisy digits, what the denoiser makes of them, and how they were" {
  name = "denoised picture",
  code = [[
    shown = noisy[{{1, 7}}]
    rows = tensor.cat({shown, train.predict(denoiser.net, shown), unseen[{{1, 7}}]}, 1)
    plot.images(rows:clamp(0, 1):reshape(21, 8, 8),
      {columns = 7, rows = {"noisy", "denoised", "as they were"}})
  ]],
}

choice "Which of these are true? There may be several." {
  {"An autoencoder needs no labels.", "Its targets are its inputs.", right = true},
  {"A linear one can do no better than PCA on the data it was fitted to.", "PCA is the best linear way through so few numbers.", right = true},
  {"A denoising autoencoder gets noisy pictures as inputs and as targets.", "The targets are clean; else it would learn to copy noise."},
  {"The aim of denoising is a good inner representation more than clean pictures.", "Clean pictures are a by-product: the next lesson uses what is in the middle.", right = true},
}

try "Spoil digits with your own `salt_pepper` and let the denoiser try, which was taught with Gaussian noise only. Or let it loose on pure noise." {
  suggest = {"error_of(train.predict(denoiser.net, train.corrupt(unseen, \"salt_and_pepper\", 0.3)))",
    "plot.images(train.predict(denoiser.net, tensor.rand(10, 64)):clamp(0, 1):reshape(10, 8, 8), {columns = 5})"},
}

text [[
  To remember: a net learns about its data when copying is made impossible, by a narrow place or by
  noise. Next: what that is good for when labels are few (`:lesson 61`).
]]
