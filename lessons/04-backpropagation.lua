-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Backpropagation by hand" {
  topic = "the chain rule, s - y, and the shapes of a backward pass",
  minutes = 25,
  needs = {"01-first-steps", "03-activations"},
  rows = {4},
}

text [[
  `loss:backward()` finds, for every weight of a net, how the loss would change if that
  weight changed a little. How can it know? You will do it by hand. One weight, one input,
  one target:

      L = (w x + b - y) squared
]]

code [[
  w = tensor({2}, {requires_grad = true})
  b = tensor({-1}, {requires_grad = true})
  x, y = tensor{3}, tensor{1}
]]

predict "By how much does L change if w grows by a tiny step? Give dL/dw, the change divided by the step." {
  name = "by-hand",
  run = [[
    L = (w * x + b - y):square():sum()
    L:backward()
  ]],
  reveal = "w.grad",
  within = 0.3,
  after = [[
    From outside to inside: the square gives 2 times what is in it, 2 (2*3 - 1 - 1) = 8.
    What is in it changes by x = 3 for each unit of w. 8 times 3 is 24.
  ]],
}

pause()

code [[
  w.grad, b.grad = nil, nil
  m = (w * x):retain_grad()
  z = (m + b):retain_grad()
  d = (z - y):retain_grad()
  sq = d:square():retain_grad()
  L = sq:sum():retain_grad()
  L:backward()
]] {quiet = true}

picture "Each operation with its value and the gradient that arrived there, from input to loss" {
  name = "graph",
  code = [[ plot.graph(autograd.graph(L, {names = {w = w, b = b, x = x, y = y}})) ]],
}

pause()

text [[
  Read it from the end: the gradient of L itself is 1. Each operation multiplies what arrives by its
  own slope and hands it on. That is all backpropagation does.

  A check that knows nothing of derivatives: move w a little both ways and look.
]]

ask [[
  Write `numeric(f, v)`: an estimate of the slope of a function `f` at the number `v`, from
  two values of `f` a little to the left and to the right of `v`.
]] {
  name = "numeric",
  solution = [[
    function numeric(f, v)
      local h = 1e-4
      return (f(v + h) - f(v - h)) / (2 * h)
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.numeric
    if type(f) ~= "function" then return false, "There is no function `numeric` yet." end
    local square, cube = function(v) return v * v end, function(v) return v ^ 3 end
    local a, c = f(square, 3), f(cube, 2)
    if type(a) ~= "number" then return false, "`numeric` must return a number." end
    if math.abs(a - 6) < 2e-5 and math.abs(c - 12) < 1e-3 then return true end
    if math.abs(a - 6) < 2e-5 then
      return false, ("For v to the third at 2 it gives %.7g; the slope is 12. A smaller step?"):format(c), {a, c}
    end
    return false, ("For v squared at 3 it gives %.7g; the slope there is 6."):format(a), {a, c}
  end),
  hints = {
    "A slope is a difference of values, divided by the distance.",
    "With a step h of 0.0001: the values at v + h and v - h are 2 h apart.",
  },
  mistakes = {
    {"function numeric(f, v) local h = 1e-4; return (f(v + h) - f(v - h)) / h end",
      "The two points are 2 h apart, not h: this is twice the slope."},
    {"function numeric(f, v) local h = 1e-3; return (f(v + h) - f(v)) / h end",
      "Close, but to the right only: where the curve bends, that is off by a part of h. Go both ways."},
    {"function numeric(f, v) local h = 1e-4; return f(v + h) - f(v - h) end",
      "That is the difference. Divide it by the distance, 2 h."},
  },
  variant = [[
    function numeric(f, v)
      return (f(v + 1e-5) - f(v - 1e-5)) / 2e-5
    end
  ]],
  after = "`autograd.gradcheck` does this for every element of every input.",
}

pause()

code [[
  numeric(function(v) return (v * 3 - 1 - 1) ^ 2 end, 2)
]]

text [[
  # A miracle of softmax

  Three classes. The scores z become shares s by softmax, and the loss is minus the logarithm
  of the share of the right class. Here the right class is the second; y marks it with 1.
]]

code [[
  z = tensor({1, 2, 0.5}, {requires_grad = true})
  y = tensor{0, 1, 0}
  s = z:softmax(1)
  loss = -(y * s:log()):sum()
  loss:backward()
]]

predict "The right class has the share 0.63. What is dL/dz for ITS score: which way does the loss go, and how fast?" {
  reveal = "z.grad[2]",
  within = 0.3,
  after = "It falls, by 0.37 for each unit: just as much as the share has left to 1.",
}

ask "Look at `s`, `y` and `z.grad`, and keep in `g` a formula made of `s` and `y` alone that gives `z.grad`." {
  name = "softmax",
  solution = "g = s - y",
  check = variable "g",
  hints = {"`z.grad` is negative only where `y` is 1.", "Elsewhere it is exactly `s`."},
  mistakes = {
    {"g = y - s", "The sign: the loss falls if the score of the right class grows."},
    {"g = -y / s", "That is how the loss depends on the shares. One step further back: on the scores."},
    {"g = s * (1 - s)", "That is softmax's own slope, without the loss behind it."},
  },
  variant = "g = z:detach():softmax(1) - y",
  after = [[
    What the net said minus what is true. On the way -y/s of the logarithm met s1 (1 - s1) and
    -s1 s2 of the softmax, and nearly everything cancelled.
  ]],
}

predict "A third way, without any rule: move the second score, 2, a little and watch the loss. What does your `numeric` say?" {
  name = "third-way",
  run = [[
    function loss_at(v)         -- the loss if the second score is v
      return -math.log(math.exp(v) / (math.exp(1) + math.exp(v) + math.exp(0.5)))
    end
  ]],
  reveal = "numeric(loss_at, 2)",
  after = "By hand, by `backward()` and by moving: s - y is -0.37 for that score.",
}

text [[
  Now three yes-or-no questions: a score each in u, a sigmoid, the log-loss. Targets t are 0 or 1.
]]

code [[
  u = tensor({0.8, -2, 3}, {requires_grad = true})
  t = tensor{0, 1, 1}
  p = u:sigmoid()
  logloss = (-(1 - t) * (1 - p):log() - t * p:log()):sum()
  logloss:backward()
]]

predict "The second score, -2, gives p = 0.12, and its target is 1. What is dL/du for it?" {
  reveal = "u.grad[2]",
  within = 0.15,
  after = "0.12 - 1: strongly negative. Raise that score, and the loss falls.",
}

ask "Keep in `h` a formula of `p` and `t` that gives all of `u.grad`." {
  name = "sigmoid",
  solution = "h = p - t",
  check = variable "h",
  hints = {"It is the formula of softmax, with other letters.", "What the net said minus what is true."},
  mistakes = {
    {"h = t - p", "The other way round: a target of 0 should push the score down."},
    {"h = p * (1 - p)",
      "That is the sigmoid's slope. The log-loss divides exactly this out again."},
    {"h = (1 - t) / (1 - p) - t / p",
      "That is dL/dp. One more step back, through the sigmoid: times p (1 - p)."},
  },
  variant = "h = -(t - p)",
}

pause()

text [[
  # Shapes tell you where things go

  A batch: 5 samples of 4 features in X, W is (4, 3) as on many slides, Z = X W, and G is dL/dZ,
  s - y for each score. The gradient of W must have W's shape.
]]

code [[
  X, W = tensor.randn(5, 4), tensor.randn(4, 3):requires_grad_()
  labels = tensor{1, 3, 2, 2, 1}
  Y = tensor.eye(3)[labels]                     -- 1 marks the right class
  Z = X:matmul(W)
  nn.cross_entropy(Z, labels, {reduction = "sum"}):backward()
  G = Z:detach():softmax(2) - Y
]]

ask [[
  Check what you read: one slide has (s - y) X' for the gradient of W, another X' (s - y), with
  X' for `X:t()`. Try both with `matmul`, and keep as `dW` the one that gives `W.grad`.
]] {
  name = "weights",
  solution = "dW = X:t():matmul(G)",
  check = variable "dW",
  hints = {
    "The shapes: `G` is (5, 3), and `X:t()` is (4, 5). One of the two products does not exist.",
    "(4, 5) times (5, 3) is (4, 3), the shape of W: `X:t()` stands left.",
  },
  after = "The samples stand inside and are summed over. The other slide has its factors swapped: 3 does not meet 4.",
  mistakes = {
    {"dW = G:t():matmul(X)", "Right numbers, but on their side: (3, 4). That is the form for weights (out, in)."},
    {"dW = X:t():matmul(G) / 5", "Divided by N: that belongs to the MEAN loss. Here it was the sum."},
    {"dW = X:t():matmul(Z:detach():softmax(2))", "The targets are missing: that is s alone, not s - y."},
  },
  variant = "dW = G:t():matmul(X):t()",
}

text [[
  One thing is left: the gradient has to travel on to the layer before. What is dL/dX, of
  shape (5, 4)? One slide says: W times what arrives. `nn.Linear` keeps its weight as
  (out, in), so here is a layer like that, and its backward pass.
]]

code [[
  layer = nn.Linear(4, 3)
  V = tensor.randn(5, 4):requires_grad_()
  D = tensor.randn(5, 3)              -- what arrives from behind
  layer(V):backward(D)
]]

ask "Make `dV`, the gradient of `V`, from `D` and `layer.weight`, whose shape is (3, 4); a row of `D` per sample." {
  name = "inputs",
  solution = "dV = D:matmul(layer.weight)",
  check = that(function(answer)
    local d = answer.vars.dV
    if not tensor.is_tensor(d) then return false, "There is no tensor `dV` yet." end
    if d:dim() ~= 2 or d:size(1) ~= 5 or d:size(2) ~= 4 then
      return false, "`dV` needs the shape of `V`, (5, 4).", d:detach()
    end
    return (d:detach() - V.grad):abs():max():item() < 1e-5,
      "The shape is right; `V.grad` has other numbers.", d:detach()
  end),
  hints = {
    "(5, 3) has to become (5, 4): which product with a (3, 4) does that?",
    "For rows of samples no turning is needed; for one column d it is W' d.",
  },
  mistakes = {
    {"dV = layer.weight:t():matmul(D:t())",
      "(4, 5): that is the form for columns. The samples are rows here; turn the result."},
  },
  variant = "dV = layer.weight:t():matmul(D:t()):t()",
  after = [[
    For one sample as a column this reads W' d, with W turned. A slide that writes W d has lost
    the turn: W is (3, 4), d has 3 numbers, and the product does not exist.
  ]],
}

pause()

text [[
  # A whole net, backwards

  Two layers with a ReLU: A = X U, H = relu(A), Z = H W, and dL/dZ is G. Two rules suffice: through a
  product, to its weights and to its inputs; and through the ReLU, which lets pass only where
  A was positive (`A:gt(0)` is 1 there).
]]

code [[
  U = tensor.randn(4, 6):requires_grad_()
  W = tensor.randn(6, 3):requires_grad_()
  A = X:matmul(U)
  H = A:relu(); Z = H:matmul(W)
  nn.cross_entropy(Z, labels, {reduction = "sum"}):backward()
  G = Z:detach():softmax(2) - Y
]]

ask [[
  Write the backward pass: `dW`, then `dH`, (5, 6), `dA`, and `dU`, (4, 6), in four lines.
]] {
  name = "whole",
  solution = [[
    dW = H:t():matmul(G)
    dH = G:matmul(W:t())
    dA = dH * A:gt(0)
    dU = X:t():matmul(dA)
  ]],
  check = that(function(answer)
    local v = answer.vars
    local function far(got, want)
      if not tensor.is_tensor(got) then return true end
      got = got:detach()
      if got:dim() ~= 2 or got:size(1) ~= want:size(1) or got:size(2) ~= want:size(2) then
        return true
      end
      return (got - want):abs():max():item() > 1e-4
    end
    local unmasked = X:t():matmul(G:matmul(W:detach():t()))
    if v.dW ~= nil and far(v.dW, W.grad) then return false, "`dW` is not yet `W.grad`.", "dW" end
    if v.dW == nil or v.dU == nil then
      return "part", v.dW == nil and "`dW` is still to come." or "`dW` is right; `dU` is still to come."
    end
    if not far(v.dU, U.grad) then return true end
    if not far(v.dU, unmasked) then
      return false, "`dU` comes out as if there were no ReLU.", "unmasked"
    end
    return false, "`dW` is right; `dU` is not yet `U.grad`.", "dU"
  end),
  hints = {
    "`dW`: as before, with `H` in the place of `X`.",
    "`dH`: (5, 3) has to become (5, 6); `W` is (6, 3), so it has to be turned.",
    "`dA = dH * A:gt(0)`, then `dU` like `dW` with `X` and `dA`.",
  },
  mistakes = {
    {"dW = H:t():matmul(G); dH = G:matmul(W:t()); dU = X:t():matmul(dH)",
      "The ReLU was forgotten: where A was negative, nothing may pass."},
    {"dW = A:t():matmul(G); dH = G:matmul(W:t()); dA = dH * A:gt(0); dU = X:t():matmul(dA)",
      "`W` was multiplied by `H`, not by `A`: its gradient needs what really came in."},
  },
  variant = [[
    dW = G:t():matmul(H):t()
    dU = X:t():matmul(G:matmul(W:t()) * H:gt(0))
  ]],
  after = "You have written what `backward()` does. It keeps H, A and X from the way forward: that is what memory is for.",
}

choice "Which are true? There may be several." {
  {"A gradient has the shape of what it is the gradient of.", "Always; it settles most doubts.",
    right = true},
  {"The backward pass needs values of the forward pass.", "X, A and H were needed.", right = true},
  {"With softmax and cross-entropy, a right and certain answer gives a large gradient.",
    "s - y is near 0 then."},
  {"Calling `backward()` twice without `zero_grad()` replaces the gradients.",
    "They add up: that is why loops call `zero_grad()`."},
}

try "Draw other graphs, or check your own formulas." {
  suggest = {
    "plot.graph((w * x + b):sigmoid():sum())",
    "(dU - U.grad):abs():max()",
    "autograd.gradcheck(function(v) return v:softmax(1) end, {tensor({1, 2, 3}, {dtype = \"float64\", requires_grad = true})})",
  },
}

text [[
  Next, `:lesson 05`: what the loss itself does to the first gradient of all.
]]
