-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Losses: what is a mistake worth?" {
  topic = "MSE, MAE, Huber, log-loss, cross-entropy, hinge",
  minutes = 20,
  needs = {"04-backpropagation"},
  rows = {6},
}

text [[
  A net does what its loss rewards, and nothing else. So which mistakes should matter? Five
  people measure the same distance, and the last one slips.
]]

code [[
  values = tensor{1, 2, 3, 4, 100}
  function best(loss)      -- by descent, the one number a loss likes best
    local c = tensor({10}, {requires_grad = true})
    local opt = optim.Adam({c}, {lr = 0.1})
    for step = 1, 1500 do
      opt:zero_grad(); loss(c:expand(5), values):backward(); opt:step()
    end
    return c:item()
  end
]]

predict "The squared error, `nn.mse_loss`: which `c` is best for 1, 2, 3, 4, 100?" {
  name = "mse",
  reveal = "best(nn.mse_loss)",
  within = 0.1,
  after = "The mean, 22, which nobody measured. The one large error is squared, and outvotes four people.",
}

predict "The absolute error, `nn.l1_loss`: which `c` now?" {
  name = "mae",
  reveal = "best(nn.l1_loss)",
  within = 0.1,
  after = "The median, 3. Each error pulls with the same force, however large it is.",
}

text [[
  The absolute error has a kink at 0: its slope is 1 or -1 and never small, so descent
  keeps hopping around the goal. Huber's loss takes the best of both, for an error d:

      d squared / 2       where |d| is at most 1
      |d| - 1/2           elsewhere
]]

ask [[
  Write `huber(d)` for a tensor of errors `d`, number by number. `d:abs()` gives |d|; `:le(1)`
  marks with 1 what is at most 1.
]] {
  name = "huber",
  solution = [[
    function huber(d)
      local a = d:abs()
      local small = a:le(1)
      return small * d * d / 2 + (1 - small) * (a - 0.5)
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.huber
    if type(f) ~= "function" then return false, "There is no function `huber` yet." end
    local d = tensor{-3, -1, -0.4, 0, 0.5, 2}
    local got = f(d)
    if not tensor.is_tensor(got) or got:numel() ~= 6 then
      return false, "It must return a tensor with a number for each error.", "shape"
    end
    local want = nn.huber_loss(d, tensor.zeros(6), {reduction = "none"})
    for i = 1, 6 do
      if not (math.abs(got[i]:item() - want[i]:item()) < 1e-5) then
        return false, ("For an error of %.3g yours is %.4g, it should be %.4g."):format(
          d[i]:item(), got[i]:item(), want[i]:item()), got
      end
    end
    return true
  end),
  hints = {
    "Compute both lines of the formula for all numbers, and pick with the marks.",
    "`small = d:abs():le(1)` is 1 where the first line counts, `1 - small` where the second does.",
    "small times the first line, plus (1 - small) times the second.",
  },
  mistakes = {
    {"function huber(d) local a = d:abs(); local s = a:le(1); return s * d * d / 2 + (1 - s) * a end",
      "Without the - 1/2 there is a jump at 1: the two lines must meet."},
    {"function huber(d) local a = d:abs(); local s = a:le(1); return s * d * d + (1 - s) * (a - 0.5) end",
      "The half before the square is missing."},
    {"function huber(d) return d * d / 2 end", "That is the squared error everywhere."},
  },
  variant = [[
    function huber(d)
      local a = d:abs()
      local c = a:clamp(0, 1)
      return c * (a - c / 2)
    end
  ]],
  after = "The bend may lie elsewhere, at a delta of your choice: `nn.huber_loss(c, v, {delta = 2})`.",
}

pause()

code [[
  function slope(f, at)        -- f'(v) for every number v of `at`
    local v = at:clone():requires_grad_()
    f(v):sum():backward()
    return v.grad
  end
  shapes = {{"squared", tensor.square}, {"absolute", tensor.abs}, {"Huber", huber}}
]]

predict "An error d = 3: what is the slope of the squared error there?" {
  reveal = "slope(tensor.square, tensor{3})",
  after = "2 d = 6: the larger the error, the harder it pulls. Absolute and Huber pull with 1.",
}

pause()

code [[
  d, loss, pull = tensor.linspace(-3, 3, 121), {}, {}
  for i, s in ipairs(shapes) do
    loss[i], pull[i] = {s[1], d, s[2](d)}, {s[1], d, slope(s[2], d)}
  end
  left = plot.curve(loss, {title = "loss", xlabel = "error", ylabel = "loss", yrange = {0, 6}})
  right = plot.curve(pull, {title = "slope", xlabel = "error", ylabel = "slope"})
]] {quiet = true}

picture "Left the losses against the error, right their slopes: how hard an error pulls" {
  name = "shapes",
  code = [[ plot.grid({left, right}, {columns = 2}) ]],
}

pause()

text [[
  # Certain and wrong

  A unit with a sigmoid answers yes or no. Its score is -6: "yes" has p = 0.0025. The truth is
  yes. It could hardly be more wrong, and should learn fast.
]]

code [[
  function pull_of(loss, score)
    local u = tensor({score}, {requires_grad = true})
    loss(u:sigmoid(), tensor{1}):backward()
    return u.grad:item()
  end
]]

predict "How hard does the SQUARED error (p - 1)^2 pull at the score? dL/du is ..." {
  name = "saturated",
  reveal = "pull_of(nn.mse_loss, -6)",
  within = 1,
  after = [[
    -0.005. The error is nearly 1, but it has to go back through the sigmoid, which is flat
    at -6: times p (1 - p) = 0.0025. The worst unit of all learns the least.
  ]],
}

predict "And the log-loss, -log p?" {
  name = "logloss",
  reveal = "pull_of(nn.binary_cross_entropy, -6)",
  after = "p - y, nearly -1: the logarithm undoes the sigmoid. Hence log-loss for yes and no.",
}

pause()

code [[
  u = tensor.linspace(-8, 8, 161)
  squared = slope(function(v) return (1 - v:sigmoid()):square() end, u)
  logloss = slope(function(v) return -v:sigmoid():log() end, u)
]] {quiet = true}

picture "How hard each pulls at the score when the truth is yes: the squared error lets go of the worst" {
  name = "pulls",
  code = [[
    plot.curve({{"squared error", u, squared}, {"log-loss", u, logloss}},
      {xlabel = "score", ylabel = "slope"})
  ]],
}

pause()

text [[
  # Many classes

  Cross-entropy is the same for more classes: minus the logarithm of the share that the right
  class was given. In gradus, as in most libraries, `nn.cross_entropy` takes *scores* and
  does the softmax itself. A net that knows nothing gives all classes the same score.
]]

number "Ten classes, all scores equal: what is the cross-entropy?" {
  name = "nothing",
  answer = 2.302585,
  tolerance = 0.006,
  solution = "math.log(10)",
  hints = {"Each class gets a share of one tenth.", "Minus the logarithm of 1/10: `-math.log(1 / 10)`."},
  mistakes = {
    {1, "That is a logarithm to base ten. Losses use the natural one, `math.log`."},
    {0.1, "That is the share itself. Its negative logarithm is wanted."},
  },
  after = "Remember 2.30: if the first loss of a ten-class net is far above it, something is wrong.",
}

code [[
  scores = tensor{{2, 0, 1}, {0, 3, 0}}
  labels = tensor{1, 2}
]]

ask "What is the mean cross-entropy of these two samples?" {
  name = "ce",
  solution = "nn.cross_entropy(scores, labels)",
  hints = {"`nn.cross_entropy(what the net says, what is true)`.", "It takes the scores as they are."},
  mistakes = {
    {"nn.cross_entropy(scores:softmax(2), labels)",
      "Softmax twice: the function does it itself. Nothing fails, the net only learns worse: a common fault."},
    {"nn.cross_entropy(scores, labels, {reduction = \"sum\"})",
      "That is the sum over both samples; the mean is wanted."},
  },
  variant = "-(scores:log_softmax(2)[1][1] + scores:log_softmax(2)[2][2]) / 2",
}

text [[
  # A loss that can be satisfied

  The hinge does not ask for shares: it asks that the right class lead all others by 1, and
  then is silent. For class k it is the sum over all other classes j of

      max(0, score_j - score_k + 1)
]]

ask "Write `hinge(s, k)`: `s` is a tensor of scores, `k` the number of the right class. It gives the sum." {
  name = "hinge",
  solution = [[
    function hinge(s, k)
      return (s - s[k] + 1):relu():sum() - 1
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.hinge
    if type(f) ~= "function" then return false, "There is no function `hinge` yet." end
    for _, case in ipairs{{{2, 2.5, -1}, 1, 1.5}, {{5, 1, 2, 3}, 1, 0}, {{0, 0, 0}, 2, 2}} do
      local got = f(tensor(case[1]), case[2])
      got = tensor.is_tensor(got) and got:numel() == 1 and got:item() or got
      if type(got) ~= "number" then return false, "It must give one number." end
      if math.abs(got - case[3]) > 1e-4 then
        return false, ("For {%s} and class %d it is %.4g, yours is %.4g."):format(
          table.concat(case[1], ", "), case[2], case[3], got), got
      end
    end
    return true
  end),
  hints = {
    "`s - s[k] + 1` are all the margins at once, and `:relu()` is max(0, ...).",
    "The right class itself gives max(0, 0 + 1) = 1 too much: take it off.",
  },
  mistakes = {
    {"function hinge(s, k) return (s - s[k] + 1):relu():sum() end",
      "1 too much: the right class was compared with itself."},
    {"function hinge(s, k) return (s - s[k]):relu():sum() end", "The margin of 1 is missing."},
  },
  variant = [[
    function hinge(s, k)
      local sum = 0
      for j = 1, s:numel() do
        if j ~= k then sum = sum + math.max(0, s[j]:item() - s[k]:item() + 1) end
      end
      return sum
    end
  ]],
}

predict "Check what you read: `nn.multi_margin_loss` is this hinge, too. What does it give for the scores 2, 2.5, -1 and class 1, where `hinge` gives 1.5?" {
  reveal = "nn.multi_margin_loss(tensor{{2, 2.5, -1}}, tensor{1})",
  after = "0.5: the library divides by the number of classes, slides mostly do not. The direction is the same.",
}

choice "Which sentences are true? There may be several." {
  {"The best constant under the squared error is the mean.", "It was 22.", right = true},
  {"Cross-entropy becomes exactly 0 once every answer is right.",
    "Never: it always wants more certainty. The hinge can be 0."},
  {"Huber's loss pulls at an outlier no harder than at an error of 1.",
    "Its slope never exceeds 1.", right = true},
  {"The last layer before `nn.cross_entropy` should be a softmax.",
    "No: that would be softmax twice."},
}

try "Compare other losses and other values." {
  suggest = {
    "best(function(c, v) return nn.huber_loss(c, v) end)",
    "values = tensor{1, 2, 3, 4, 5}; print(best(nn.mse_loss), best(nn.l1_loss))",
    "pull_of(nn.binary_cross_entropy, -20)",
  },
}

text [[
  You can now compute every loss of this course, and its slope. Next, `:lesson 06`: the
  longest backward pass, with six equations, written by you.
]]
