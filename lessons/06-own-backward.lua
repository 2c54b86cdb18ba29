-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "A backward pass of your own: batch norm" {
  topic = "batch norm's six gradients, written and checked",
  minutes = 25,
  needs = {"04-backpropagation"},
  rows = {5},
}

text [[
  Batch normalisation is four lines forwards: of each feature subtract the mean, divide by the
  standard deviation, multiply by gamma, add beta. Backwards it takes six equations. Why so
  many? And could you write them? Here are M = 6 samples of two features.
]]

-- A seed of the student's own, the same after `:back`.
fresh(function(random)
  code(("start = %d"):format(random(1, 999999))) {quiet = true}
end)

code [[
  gradus.seed(start)
  exact = {dtype = "float64"}      -- we are going to check closely
  u = tensor.randn(6, 2, exact) * 2 + 3
  gamma, beta = tensor({1.5, 0.5}, exact), tensor({0, 1}, exact)
  M, eps = 6, 1e-5
]]

ask [[
  Go forwards: make `mu` and `var`, mean and variance over the samples, both of shape (2) (the
  variance divides by M), `hat = (u - mu)` divided by the root of `var + eps`, and `z`, the output.
]] {
  name = "forward",
  solution = [[
    mu = u:mean(1)
    var = (u - mu):square():mean(1)
    hat = (u - mu) / (var + eps):sqrt()
    z = gamma * hat + beta
  ]],
  check = all_of{variable "mu", variable "var", variable "hat", variable "z"},
  hints = {
    "`u:mean(1)` is the mean over dimension 1, the samples.",
    "The variance: the mean, over dimension 1 again, of `(u - mu):square()`.",
    "`z` is `gamma * hat + beta`.",
  },
  mistakes = {
    {"mu = u:mean(1); var = u:var(1); hat = (u - mu) / (var + eps):sqrt(); z = gamma * hat + beta",
      "`u:var(1)` divides by M - 1. Batch norm divides by M when it normalises."},
    {"var = u:var(1)", "`u:var(1)` divides by M - 1. Batch norm divides by M when it normalises."},
    {"mu = u:mean(2, true); var = (u - mu):square():mean(2, true); hat = (u - mu) / (var + eps):sqrt(); z = gamma * hat + beta",
      "That normalises each sample over its features: layer norm. Average over dimension 1."},
  },
  variant = [[
    mu = u:mean(1)
    var = (u * u):mean(1) - mu * mu
    hat = (u - mu) / (var + eps):sqrt()
    z = hat * gamma + beta
  ]],
}

text [[
  Here is what makes it hard: one number of `u` changes `mu` and `var`, and through them the
  outputs of all *other* samples, too.
]]

code [[
  function norm(v)              -- the four lines, for any batch
    local d = v - v:mean(1)
    return gamma * d / (d:square():mean(1) + eps):sqrt() + beta
  end
]]

predict "`u[1][1]` grows a little. What happens to the SUM of the six outputs of that feature? Give the slope." {
  name = "sum",
  reveal = [[ (function()
    local v = u:clone():requires_grad_()
    norm(v):sum():backward()
    return math.floor(v.grad[1][1]:item() * 1e9 + 0.5) / 1e9
  end)() ]],
  within = 0.2,
  after = [[
    Nothing at all happens to it. The mean is subtracted, so the sum is M times beta, whatever
    `u` is. A formula that forgets the mean would have said gamma / sigma.
  ]],
}

pause()

code [[
  rows = {}
  for i = 1, M do
    local v = u:clone():requires_grad_()
    norm(v)[i][1]:backward()
    rows[i] = v.grad[{{}, 1}]
  end
]] {quiet = true}

picture "Row i, column j: how output i moves when input j grows. Without batch norm only the diagonal would be there." {
  name = "jacobian",
  code = [[
    plot.heatmap(tensor.stack(rows), {diverging = true, label = "slope",
      xlabel = "input of sample", ylabel = "output of sample"})
  ]],
}

pause()

text [[
  # The six equations

  `e` is what arrives from behind: dE/dz, one number for each output. Begin at the end, with
  the two that are easy: gamma multiplies `hat`, beta is added, and both serve all samples.
]]

code [[
  e = tensor.randn(6, 2, exact)
]]

ask "Make `dgamma` and `dbeta`, each of shape (2), from `e` and `hat`." {
  name = "parameters",
  solution = "dgamma, dbeta = (e * hat):sum(1), e:sum(1)",
  check = all_of{variable "dgamma", variable "dbeta"},
  hints = {
    "dz/dgamma is `hat`, dz/dbeta is 1. What serves several places gets the sum of their gradients.",
    "Sum over the samples: `:sum(1)`.",
  },
  mistakes = {
    {"dgamma, dbeta = (e * hat):mean(1), e:mean(1)",
      "The sum, not the mean: each sample's share is added."},
    {"dgamma = (e * hat):mean(1)", "The sum, not the mean: each sample's share is added."},
    {"dgamma, dbeta = (e * u):sum(1), e:sum(1)", "gamma multiplies `hat`, not `u`."},
    {"dgamma = (e * u):sum(1)", "gamma multiplies `hat`, not `u`."},
    {"dgamma, dbeta = e * hat, e", "These are (6, 2): one for each sample. Add them up over the samples."},
  },
  variant = "dgamma = (hat * e):sum(1); dbeta = e:sum(1)",
}

text [[
  Next `dhat`, then the variance. `hat` is (u - mu) times (var + eps) to the power of -1/2, and
  the slope of that power is -1/2 times the power of -3/2:

      dvar = sum over samples of  dhat (u - mu) (-1/2) (var + eps)^(-3/2)
]]

ask "Make `dhat`, of shape (6, 2), and `dvar`, of shape (2). `t ^ -1.5` works on tensors." {
  name = "variance",
  solution = [[
    dhat = e * gamma
    dvar = (dhat * (u - mu) * -0.5 * (var + eps) ^ -1.5):sum(1)
  ]],
  check = all_of{variable "dhat", variable "dvar"},
  hints = {
    "z is gamma times `hat`: what arrives is handed on, times gamma.",
    "Type the formula from left to right and end with `:sum(1)`.",
  },
  mistakes = {
    {"dhat = e * gamma; dvar = dhat * (u - mu) * -0.5 * (var + eps) ^ -1.5",
      "One number for each sample still: all six moved the same variance. Add them up with `:sum(1)`."},
    {"dvar = e * gamma * (u - mu) * -0.5 * (var + eps) ^ -1.5",
      "One number for each sample still: all six moved the same variance. Add them up with `:sum(1)`."},
    {"dhat = e * gamma; dvar = (dhat * (u - mu) * 0.5 * (var + eps) ^ -1.5):sum(1)",
      "The sign: a larger variance makes `hat` smaller, so the slope has a minus."},
    {"dhat = e * gamma; dvar = (dhat * (u - mu) * -0.5 * (var + eps) ^ -0.5):sum(1)",
      "The power falls by one when you differentiate: -1/2 becomes -3/2."},
  },
  variant = [[
    dhat = gamma * e
    dvar = -(dhat * (u - mu)):sum(1) / (2 * (var + eps) ^ 1.5)
  ]],
}

text [[
  The mean acts in two places: directly in `hat`, and inside of the variance.

      dmu = sum of  dhat (-1) / sqrt(var + eps)
          + dvar  times the mean of  -2 (u - mu)
]]

predict "How large is the second part for our batch, the mean of -2 (u - mu) over the samples? (feature 1)" {
  reveal = "math.floor(((u - mu) * -2):mean(1)[1]:item() * 1e9 + 0.5) / 1e9",
  after = "Zero: deviations from the mean always add up to nothing. Slides print the term; it never does anything.",
}

ask [[
  Now `dmu`, and then `du`, where all three ways meet: through `hat` itself, through the
  variance, through the mean:

      du = dhat / sqrt(var + eps)  +  dvar 2 (u - mu) / M  +  dmu / M
]] {
  name = "input",
  solution = [[
    dmu = -(dhat / (var + eps):sqrt()):sum(1)
    du = dhat / (var + eps):sqrt() + dvar * 2 * (u - mu) / M + dmu / M
  ]],
  check = all_of{variable "dmu", variable "du"},
  hints = {
    "`dmu` is the first part of the formula above, with its minus and its `:sum(1)`.",
    "`du` has three terms; copy them in order. `M` is a variable, 6.",
  },
  mistakes = {
    {"dmu = (dhat / (var + eps):sqrt()):sum(1)", "The sign: `mu` is subtracted, so its slope is -1."},
    {"dmu = -(dhat / (var + eps):sqrt()):sum(1); du = dhat / (var + eps):sqrt()",
      "Only the direct way. The ways through the variance and the mean are missing."},
    {"dmu = -(dhat / (var + eps):sqrt()):sum(1); du = dhat / (var + eps):sqrt() + dvar * 2 * (u - mu) + dmu",
      "Mean and variance are averages: each sample has a share of 1/M in them."},
  },
  variant = [[
    local s = 1 / (var + eps):sqrt()
    dmu = -(dhat * s):sum(1) + dvar * ((u - mu) * -2):mean(1)
    du = dhat * s + (dvar * 2 * (u - mu) + dmu) / M
  ]],
}

predict "The built-in layer, given the same gamma, beta and `e`, has a backward pass of its own. How far is your `du` from it, at most?" {
  name = "built-in",
  run = [[
    layer = nn.BatchNorm1d(2):to("float64")
    layer.weight:detach():copy_(gamma)
    layer.bias:detach():copy_(beta)
    v = u:clone():requires_grad_()
    layer(v):backward(e)
  ]],
  reveal = "(du - v.grad):abs():max()",
  within = 1e12, -- whoever says 0 is right
  after = "Rounding in the sixteenth digit: you have written what the library does.",
}

text [[
  Now make it an operation, as a library does: `autograd.Function` takes a forward and a
  backward. `check()` will compare the backward with finite differences.
]]

code [[
  Norm = autograd.Function("Norm")
  function Norm.forward(ctx, u, gamma, beta)
    local d = u - u:mean(1)
    local s = (d:square():mean(1) + eps):sqrt()
    ctx:save_for_backward(d, s, gamma)
    return gamma * d / s + beta
  end
]]

code [[
  function check()
    local function own(t) return t:clone():requires_grad_() end
    return autograd.gradcheck(Norm.apply, {own(u), own(gamma), own(beta)})
  end
]] {quiet = true}

fix [[
  A friend was in a hurry: this backward treats mean and variance as constants, and `check()`
  says where it fails. Repair `Norm.backward`.
]] {
  name = "gradcheck",
  broken = [[
    function Norm.backward(ctx, e)
      local d, s, gamma = ctx:saved()
      local dhat = e * gamma
      return dhat / s, (e * d / s):sum(1), e:sum(1)
    end
    check()
  ]],
  solution = [[
    function Norm.backward(ctx, e)
      local d, s, gamma = ctx:saved()
      local n = d:size(1)
      local dhat = e * gamma
      local dvar = (dhat * d * -0.5 / s ^ 3):sum(1)
      local dmu = -(dhat / s):sum(1)
      return dhat / s + dvar * 2 * d / n + dmu / n, (e * d / s):sum(1), e:sum(1)
    end
  ]],
  check = that(function(answer)
    local norm = answer.vars.Norm
    if not norm or not norm.apply then return false, "`Norm` is gone: `:restart` or define it again." end
    local inputs = {}
    for i, t in ipairs{u, gamma, beta} do inputs[i] = t:clone():requires_grad_() end
    local report = autograd.gradcheck(norm.apply, inputs)
    if report.ok then return true end
    local f = report.failures[1]
    return false, ("Of %d derivatives %d are still wrong."):format(report.checked, #report.failures),
      tensor{f.input, f.element, f.analytic}
  end),
  hints = {
    "`d` is u - mu, `s` is the root of var + eps: (var + eps)^(-3/2) is `1 / s ^ 3`.",
    "Compute `dvar` and `dmu` as before and return three terms instead of `dhat / s`.",
    "The number of samples is `d:size(1)`.",
  },
  mistakes = {
    {[[function Norm.backward(ctx, e)
      local d, s, gamma = ctx:saved()
      local dhat = e * gamma
      return dhat / s - (dhat / s):mean(1), (e * d / s):sum(1), e:sum(1)
    end]], "The way through the mean is there; the way through the variance is still missing."},
  },
  variant = [[
    function Norm.backward(ctx, e)
      local d, s, gamma = ctx:saved()
      local h, g = d / s, e * gamma
      return (g - g:mean(1) - h * (g * h):mean(1)) / s, (e * h):sum(1), e:sum(1)
    end
  ]],
  after = "The other way is the same in one line: subtract from dhat its mean, and its part along hat.",
}

choice "A batch of ONE sample in training mode: what would `hat` be?" {
  {"0, whatever the sample is", "Yes: the sample is its own mean. So training refuses such a batch.",
    right = true},
  {"the sample itself", "Its mean is the sample, so the difference is 0."},
  {"1", "A difference of 0, divided by the root of eps, is 0."},
}

choice "All inputs of a feature are multiplied by 10. What happens to `z`, and to `du`?" {
  {"`z` stays; `du` is divided by 10", "Yes: the scale is divided out, and the slope shrinks with it.",
    right = true},
  {"both stay", "`z` does, but a step of 1 in `u` is now a tenth as important."},
  {"`z` is multiplied by 10", "The standard deviation is ten times larger, too: it cancels."},
}

try "Break your backward on purpose and let `check()` find it." {
  suggest = {
    "check()",
    "function Norm.backward(ctx, e) return e, e:sum(1), e:sum(1) end; print(check())",
  },
}

text [[
  Six equations, and not one of them was more than the chain rule. Next, `:lesson 07`: the same
  idea applied to the data, before any net sees them.
]]
