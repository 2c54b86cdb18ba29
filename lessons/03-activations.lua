-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Activations: where a unit sleeps, and where it dies" {
  topic = "activations, their slopes, saturated and dead units",
  minutes = 20,
  needs = {"02-why-activations"},
  rows = {3},
}

text [[
  Any bend between two layers lets a net draw curves. Yet some activations learn well, and
  others leave units that never change again. Why? The reason is in their *slopes*: a
  gradient is multiplied by the slope on its way back.
]]

code [[
  function slope(f, at)      -- f'(z) for every number z of `at`
    local z = at:clone():requires_grad_()
    f(z):sum():backward()
    return z.grad
  end
]]

predict "The sigmoid, 1 / (1 + exp(-z)), rises from 0 to 1. How steep is it at its steepest, at z = 0?" {
  reveal = "slope(tensor.sigmoid, tensor{0})",
  after = "A quarter, and nowhere more. Keep that number in mind.",
}

ask [[
  Write a function `dsigmoid(v)` that gives the slope of the sigmoid at a number `v`, with
  `math.exp` and no autograd. Its value is s = 1 / (1 + exp(-v)); its slope is made of s alone.
]] {
  name = "derivative",
  solution = [[
    function dsigmoid(v)
      local s = 1 / (1 + math.exp(-v))
      return s * (1 - s)
    end
  ]],
  check = behaves("dsigmoid", {{0}, {2}, {-5}}),
  hints = {
    "At 0, s is a half and the slope a quarter. Where s is 0 or 1 the slope is 0.",
    "A product of two factors: s, and how far s is from 1.",
  },
  mistakes = {
    {"function dsigmoid(v) return 1 / (1 + math.exp(-v)) end", "That is s itself, the value."},
    {"function dsigmoid(v) local s = 1 / (1 + math.exp(-v)); return 1 - s * s end",
      "One minus the square: that is the slope of tanh, made of tanh."},
    {"function dsigmoid(v) local s = 1 / (1 + math.exp(-v)); return s - 1 end",
      "Not the difference: s times one minus s."},
  },
  variant = [[
    function dsigmoid(v)
      return math.exp(-v) / (1 + math.exp(-v)) ^ 2
    end
  ]],
  after = "Backpropagation likes this form: s is known from the way forward, so the slope is free.",
}

code [[
  z = tensor.linspace(-6, 6, 241)
  units = {{"sigmoid", tensor.sigmoid}, {"tanh", tensor.tanh}, {"ELU", nn.ELU()},
    {"leaky 0.1", nn.LeakyReLU(0.1)}, {"ReLU", tensor.relu}}
]]

code [[
  function curves(g)         -- {name, z, g(activation)} for each of the five
    local list = {}
    for i, u in ipairs(units) do list[i] = {u[1], z, g(u[2])} end
    return list
  end
]] {quiet = true}

predict "ELU is z itself to the right of 0, and exp(z) - 1 to the left. What does it give at z = -6?" {
  name = "elu",
  reveal = "nn.ELU()(tensor{-6})",
  within = 0.1,
  after = "Nearly -1: to the left it bends softly into a floor, one below that of ReLU.",
}

picture "Five activations; on the right three of them are the same line" {
  name = "curves",
  code = [[
    plot.curve(curves(function(f) return f(z) end), {title = "value", xlabel = "z",
      yrange = {-1.5, 3}})
  ]],
}

pause()

choice "Before you see them: whose slope is exactly 1 for every z above 0? There may be several." {
  {"sigmoid", "A quarter at most, and ever less to the right."},
  {"tanh", "1 at z = 0 only; it flattens out on both sides."},
  {"ELU", "To the right it is the line y = z.", right = true},
  {"leaky ReLU", "To the right it is the line y = z.", right = true},
  {"ReLU", "To the right it is the line y = z.", right = true},
}

pause()

picture "Their slopes: what a gradient is multiplied by" {
  name = "slopes",
  code = [[
    plot.curve(curves(function(f) return slope(f, z) end), {title = "slope", xlabel = "z",
      yrange = {-0.1, 1.2}})
  ]],
}

pause()

text [[
  # Asleep: saturation

  Far from zero the sigmoid is flat. A unit there is *saturated*: it gets a gradient, and
  multiplies it by next to nothing.
]]

number "From which positive z on is the sigmoid's slope below 0.01? Try `dsigmoid(3)` and go on; one decimal will do." {
  name = "saturated",
  answer = 4.585,
  tolerance = 0.11,
  hints = {"`dsigmoid(4)` is still above 0.01.", "`dsigmoid(5)` is below. Try between them."},
  mistakes = {
    {2.3, "There the slope is still 0.08, eight times too large."},
    {3, "There the slope is still 0.045. It is tanh that falls below 0.01 at 3."},
    {10, "It is flat there, but it was flat before: find where 0.01 is crossed."},
  },
}

predict "A gradient goes back through TEN sigmoids, each at its steepest. What is left of 1?" {
  reveal = "0.25 ^ 10",
  within = 2,
  after = "A millionth, at best. Tanh has slope 1 at 0, ReLU slope 1 on its whole right half.",
}

text [[
  # Dead: the other half of ReLU

  Left of zero, ReLU has slope 0. A unit whose z is negative for *all* data gets no
  gradient and never changes again. Here are 100 units whose biases are too low, and 500
  samples.
]]

code [[
  x = tensor.randn(500, 10)
  layer = nn.Linear(10, 100)
  nn.init.constant_(layer.bias, -2)
  out = layer(x):relu()
]]

ask [[
  How many of the 100 units are dead? `out:gt(0)` marks with 1 what is positive, `:sum(1)`
  adds up over the samples, `:eq(0)` marks zeros.
]] {
  name = "dead",
  solution = "out:gt(0):sum(1):eq(0):sum()",
  hints = {
    "First count for each unit how often it is positive: `out:gt(0):sum(1)`.",
    "Dead are those for which that count is 0. Mark them, and add the marks up.",
  },
  mistakes = {
    {"out:eq(0):sum()", "These are all zeros, unit by sample. A unit is dead if ALL its samples are."},
    {"out:gt(0):sum(1):gt(0):sum()", "These are the living ones."},
    {"out:gt(0):sum(2):eq(0):sum()",
      "That sums over the units: it counts samples for which no unit answers."},
  },
  variant = "100 - out:max(1):gt(0):sum():item()",
}

code [[
  function untouched(f)          -- units whose weights get no gradient at all
    layer:zero_grad()
    f(layer(x)):square():sum():backward()
    return layer.weight.grad:abs():sum(2):eq(0):sum():item()
  end
  untouched(tensor.relu)
]]

predict "The same layer with a leaky ReLU, slope 0.1 on the left, in its place: how many units get no gradient?" {
  reveal = "untouched(nn.LeakyReLU(0.1))",
  after = "None. A tenth of a gradient is enough to climb back.",
}

text [[
  # Check what you read

  Lectures often draw the leaky ReLU as max(0.1 x, x). This library, like most, has another
  slope if you do not give one. What does `nn.LeakyReLU()` make of -2?
]]

predict "`nn.LeakyReLU()(tensor{-2})` is ..." {
  reveal = "nn.LeakyReLU()(tensor{-2})",
  after = "-0.02: its slope is 0.01. If you mean 0.1, write `nn.LeakyReLU(0.1)`.",
}

choice "For which slope a is max(a x, x) NOT a leaky ReLU with slope a on the left?" {
  {"a = 2", "Yes: for x = 1 the maximum is 2, for x = -1 it is -1. The bend went to the right side.",
    right = true},
  {"a = 0.1", "For x < 0 the larger one is 0.1 x: it works."},
  {"a = 0", "That is the ordinary ReLU."},
}

pause()

text [[
  # Maxout: learn the bend

  A maxout unit has several straight lines, w x + b, and takes the largest. The lines are
  learnt like all weights.
]]

code [[
  function maxout(x, w, b)                      -- one unit, several lines
    return (x:reshape(-1, 1) * w + b):max(2)
  end
]]

predict "The largest of the lines -x - 2, x / 2 and 2 x - 3: what does that unit give for x = 4?" {
  reveal = "maxout(tensor{4}, tensor{-1, 0.5, 2}, tensor{-2, 0, -3})",
  after = "The lines give -6, 2 and 5; the largest counts.",
}

pause()

picture "A maxout unit with three lines: it bends upwards only" {
  name = "three-lines",
  code = [[ plot.curve(z, maxout(z, tensor{-1, 0.5, 2}, tensor{-2, 0, -3}), {xlabel = "x", ylabel = "largest"}) ]],
}

pause()

ask "Choose `w` and `b`, tensors of two numbers each, so that `maxout(z, w, b)` is the leaky ReLU with slope 0.1." {
  name = "maxout",
  solution = "w, b = tensor{1, 0.1}, tensor{0, 0}",
  check = that(function(answer)
    local w, b = answer.vars.w, answer.vars.b
    if tensor.is_tensor(w) ~= tensor.is_tensor(b) then
      return "part", tensor.is_tensor(w) and "Now `b`." or "Now `w`."
    elseif not tensor.is_tensor(w) then
      return false, "Two tensors are wanted, `w` and `b`."
    end
    local got = maxout(z, w, b)
    if (got - nn.LeakyReLU(0.1)(z)):abs():max():item() < 1e-5 then return true end
    return false, ("At -2 yours gives %.3g, it should be -0.2; at 2 it gives %.3g."):format(
      maxout(tensor{-2}, w, b):item(), maxout(tensor{2}, w, b):item())
  end),
  hints = {
    "Both lines go through 0, so both biases are 0.",
    "On the right the line x is larger, on the left 0.1 x. What are their slopes?",
  },
  mistakes = {
    {"w, b = tensor{1, 0}, tensor{0, 0}", "That is the plain ReLU: the left half needs slope 0.1."},
    {"w, b = tensor{1, -0.1}, tensor{0, 0}", "With -0.1 the left half rises to the left."},
  },
  variant = "w, b = tensor{0.1, 1}, tensor.zeros(2)",
}

choice "Which functions can a maxout unit become, given enough lines? There may be several." {
  {"the absolute value of x", "Lines of slope 1 and -1.", right = true},
  {"x squared, nearly", "Many tangents: their largest hugs the parabola.", right = true},
  {"tanh", "No. A maximum of lines can only bend upwards, and tanh bends both ways."},
}

text [[
  # Softmax

  The last layer of a classifier gives a score for each class. Softmax turns them into shares
  that add up to 1: exp(z_i) divided by the sum of all exp(z_j).
]]

ask [[
  Write `soft(v)`, the softmax of a tensor `v`. The lesson will also try it on
  {1000, 1001, 1002}, where exp is infinite: subtract something from `v` first.
]] {
  name = "softmax",
  solution = [[
    function soft(v)
      local e = (v - v:max()):exp()
      return e / e:sum()
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.soft
    if type(f) ~= "function" then return false, "There is no function `soft` yet." end
    local small, large = tensor{1, 2, 3}, tensor{1000, 1001, 1002}
    local got = f(small)
    if not tensor.is_tensor(got) then return false, "It must return a tensor." end
    if (got - small:softmax(1)):abs():max():item() > 1e-5 then
      return false, "For {1, 2, 3} the shares should be 0.0900, 0.2447, 0.6652.", got
    end
    local far = f(large)
    if not ((far - small:softmax(1)):abs():max():item() < 1e-5) then
      return false, "For {1000, 1001, 1002} it gives nan: exp(1000) does not fit into a number.", "nan"
    end
    return true
  end),
  hints = {
    "Adding the same number to all scores changes nothing: it cancels in the fraction.",
    "So subtract the largest: then the largest exponent is 0. `v:max()` gives it.",
  },
  mistakes = {
    {"function soft(v) return v:exp() / v:exp():sum() end",
      "The formula as it is written: right for small numbers, nan for 1000."},
    {"function soft(v) return v / v:sum() end", "The exponential is missing."},
  },
  variant = "function soft(v) return (v - v:max():item()):softmax(1) end",
}

choice "What happens to a softmax if 100 is added to every score?" {
  {"Nothing.", "The factor exp(100) stands above and below.", right = true},
  {"The largest share grows.", "Only differences between scores count, and they stay."},
  {"All shares get closer.", "Only differences between scores count, and they stay."},
}

try "Look at other slopes, or bring dead units back to life." {
  suggest = {
    "plot.curve(z, slope(nn.GELU(), z), {title = \"slope of GELU\"})",
    "nn.init.constant_(layer.bias, 0); print(untouched(tensor.relu))",
    "slope(nn.ELU(), tensor{-1, -5, -10})",
  },
}

text [[
  Slopes multiply on the way back through a net. `:lesson 04` follows one gradient through
  every step of that way.
]]
