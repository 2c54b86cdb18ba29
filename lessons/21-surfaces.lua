-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Downhill: a bowl, a banana and a saddle" {
  topic = "gradient descent on surfaces: the rate and the start",
  minutes = 24,
  rows = {17},
}

text [[
  A loss with two weights is a landscape. Gradient descent walks in it with its eyes shut and
  feels only the slope under its feet. How far should it step?

  The first landscape is a bowl, ten times as curved along y as along x:

      f(x, y) = 10 x^2 + 100 y^2
]]

code [[
  function bowl(x, y) return 10 * x ^ 2 + 100 * y ^ 2 end
  bowl(-2, 2)
]]

text [[
  Its slope is 20 x along x and 200 y along y. A step with rate r subtracts r times the slope:

      x becomes x - r 20 x        y becomes y - r 200 y
]]

predict "We stand at x = -2, y = 2 and take one step with rate 0.001. Where is y then?" {
  reveal = "2 - 0.001 * 200 * 2",
  within = 0.2,
  after = "y is multiplied by 1 - 0.2. And x by 1 - 0.02: it hardly moves.",
}

number "Which rate would bring y to the bottom, 0, in a single step?" {
  answer = 0.005,
  hints = {
    "A step multiplies y by 1 - 200 r.",
    "Which r makes that factor 0?",
  },
  mistakes = {
    {0.05, "That is the rate that suits x: 1 / 20. For y it is ten times too large."},
    {0.01, "Then the factor is 1 - 2 = -1: y jumps to the other side."},
  },
}

ask [[
  Write the walk: `descend(x, y, rate, steps)` makes that many steps on the bowl and
  returns the height where it ends, `bowl(x, y)`.
]] {
  name = "descend",
  solution = [[
    function descend(x, y, rate, steps)
      for step = 1, steps do
        x = x - rate * 20 * x
        y = y - rate * 200 * y
      end
      return bowl(x, y)
    end
  ]],
  check = behaves("descend", {{-2, 2, 0.001, 1}, {1, -1, 0.004, 5}, {-2, 2, 0.01, 3}}),
  hints = {
    "A `for` loop over the steps; in it one line for x and one for y.",
    "`x = x - rate * 20 * x`, and the same with 200 for y; after the loop `return bowl(x, y)`.",
  },
  mistakes = {
    {[[function descend(x, y, rate, steps)
      for step = 1, steps do x = x + rate * 20 * x; y = y + rate * 200 * y end
      return bowl(x, y) end]], "That walks uphill: the slope has to be subtracted."},
    {[[function descend(x, y, rate, steps)
      for step = 1, steps do x = x - rate * 10 * x; y = y - rate * 100 * y end
      return bowl(x, y) end]], "The slope of 10 x^2 is 20 x: the 2 comes down."},
    {[[function descend(x, y, rate, steps)
      for step = 1, steps do x = x - rate * 20 * x; y = y - rate * 200 * y end
      return x, y end]], "Return the height there: `bowl(x, y)`."},
  },
  variant = [[
    function descend(x, y, rate, steps)
      return bowl(x * (1 - 20 * rate) ^ steps, y * (1 - 200 * rate) ^ steps)
    end
  ]],
}

choice [[
  A lecture shows this bowl, from this start, at the rates 0.001, 0.002 and so on up to 0.01.
  From which of these rates on does the walk diverge, that is, rise for ever?
]] {
  name = "edge",
  {"0.006", "There y changes its sign at each step, but its size falls: 1 - 1.2 is -0.2."},
  {"0.009", "The factor for y is 1 - 1.8 = -0.8: it swings, and still shrinks."},
  {"0.01", "The factor is exactly -1. It does not rise, and it does not fall either."},
  {"none of them", "Right: at 0.01 the factor is -1, the very edge; beyond it, it would rise.",
    right = true},
}

predict "At the edge: the rate is 0.01, and 100 steps are made from y = 2. Where is y?" {
  reveal = "2 * (1 - 200 * 0.01) ^ 100",
  within = 0.1,
  after = "It has jumped from 2 to -2 and back fifty times: it bounces for ever.",
}

text [[
  Here are all the rates of the lecture, and 0.011 beyond the edge, which it leaves out.
  Height after 100 steps:
]]

code [[
  for i = 1, 11 do
    print(("%.3f   %.3g"):format(i / 1000, descend(-2, 2, i / 1000, 100)))
  end
]]

picture "Three of them: too slow, swinging, diverging" {
  name = "bowl",
  code = [[
    lab.race{surface = "quadratic", optimisers = {"SGD"}, steps = 30,
      rates = {0.001, 0.009, 0.011}, yrange = {-5, 5},
      progress = false}.figures.paths
  ]],
}

number [[
  The steep direction allows rates up to 2 / 200. By which factor does x shrink at each step
  at that edge, 0.01? (0.5 would halve it.)
]] {
  answer = 0.8,
  hints = {"A step multiplies x by 1 - 20 r."},
  mistakes = {
    {0.2, "That is what is taken away; what stays is 1 minus it."},
    {-1, "That is the factor of y."},
  },
  after = [[
    The steepest direction sets the limit, and the flattest has to live with it. Were the bowl
    a thousand times as curved along y, x would crawl. Normalised inputs make bowls rounder.
  ]],
}

text [[
  # The banana

  Rosenbrock's valley is bent, flat along its floor, steep at its sides; its lowest point
  is (1, 1):

      f(x, y) = (x - 1)^2 + 10 (y - x^2)^2
]]

ask [[
  To walk there, its slopes are needed. Write `slopes(x, y)`: it returns two numbers, the slope
  of f along x and that along y.
]] {
  name = "slopes",
  solution = [[
    function slopes(x, y)
      local off = y - x ^ 2
      return 2 * (x - 1) - 40 * off * x, 20 * off
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.slopes
    if type(f) ~= "function" then return false, "There is no function `slopes` yet." end
    local function height(x, y) return (x - 1) ^ 2 + 10 * (y - x ^ 2) ^ 2 end
    local seen, first = {}, nil
    for i, p in ipairs{{-2, 2}, {1, 1}, {0.5, -1}} do
      local x, y, h = p[1], p[2], 1e-5
      local gx, gy = f(x, y)
      if type(gx) ~= "number" or type(gy) ~= "number" then
        return false, "It must return two numbers: `return along_x, along_y`.", "two"
      end
      local wx = (height(x + h, y) - height(x - h, y)) / (2 * h)
      local wy = (height(x, y + h) - height(x, y - h)) / (2 * h)
      seen[i] = {math.floor(gx * 100 + 0.5) / 100, math.floor(gy * 100 + 0.5) / 100}
      if math.abs(gx - wx) > 1e-3 or math.abs(gy - wy) > 1e-3 then
        first = first or ("At (%g, %g) yours are %.4g and %.4g; tiny steps on the surface say %.4g and %.4g."):format(
          x, y, gx, gy, wx, wy)
      end
    end
    return first == nil, first, seen
  end),
  hints = {
    "Along y only the second bracket counts: 10 times 2 (y - x^2) times 1.",
    "Along x: 2 (x - 1) from the first bracket, 10 times 2 (y - x^2) times -2 x from the second.",
    "`return 2 * (x - 1) - 40 * (y - x ^ 2) * x, 20 * (y - x ^ 2)`",
  },
  mistakes = {
    {"function slopes(x, y) return 2 * (x - 1) + 20 * (y - x ^ 2), 20 * (y - x ^ 2) end",
      "The chain rule: along x the second bracket changes by -2 x, not by 1."},
    {"function slopes(x, y) return 2 * (x - 1) + 40 * (y - x ^ 2) * x, 20 * (y - x ^ 2) end",
      "The sign along x: the bracket y - x^2 falls if x grows."},
    {"function slopes(x, y) return 2 * (x - 1) - 40 * (y - x ^ 2) * x, 20 * (y - x ^ 2) * y end",
      "Along y the bracket y - x^2 changes by 1: no further factor."},
    {"function slopes(x, y) return -40 * (y - x ^ 2) * x, 20 * (y - x ^ 2) end",
      "Along x the first bracket counts, too: 2 (x - 1)."},
    {"function slopes(x, y) return 2 * (x - 1) - 20 * (y - x ^ 2) * x, 10 * (y - x ^ 2) end",
      "The 2 of the second square is missing: 10 times 2 is 20."},
  },
  variant = [[
    function slopes(x, y)
      local p = tensor({x, y}, {dtype = "float64", requires_grad = true})
      local f = (p[1] - 1) ^ 2 + 10 * (p[2] - p[1] ^ 2) ^ 2
      f:backward()
      return p.grad[1]:item(), p.grad[2]:item()
    end
  ]],
}

code [[ slopes(-2, 2) ]]

choice [[
  A slope of -166 along x. Plain descent with rate 0.02 starts there, at (-2, 2). A step is rate
  times slope. What happens?
]] {
  {"It reaches the valley in one step and follows it.",
    "The first step is 3.3 long: from the left side to x = 1.3, high up on the right side."},
  {"It is thrown from side to side, ever higher.",
    "Yes: the first step is 3.3 long and ends where the slope is larger still.", right = true},
  {"It creeps.", "A step of 0.02 times 166 is 3.3: the whole valley is not much wider."},
}

code [[
  left = lab.race{surface = "rosenbrock", start = {-2, 2}, steps = 500,
    rates = {0.001, 0.005, 0.01, 0.02}, progress = false,
    optimisers = {"SGD", "RMSprop",
      {"momentum", "SGD", {momentum = 0.9, average = true}}}}
]]

text [[
  Momentum walks with an average of the last slopes, RMSprop divides by their usual size;
  `:lesson 22` and `:lesson 23` build both. Here they show what they do.
]]

picture "A film in three frames: the paths from (-2, 2) at rate 0.005" {
  name = "film",
  code = [[ left:frames({5, 40, 400}, {rate = 0.005}) ]],
}

choice "What takes the time on the banana?" {
  {"following the flat floor",
    "Yes: after 40 steps all three are near the floor, and the way along it takes hundreds.", right = true},
  {"coming down the steep side", "The second frame shows it: 40 steps, and all are near the floor."},
  {"finding the direction", "Descent always knows the steepest way. Here that leads across the valley, not along it."},
}

picture "The same three at a good rate and at a large one" {
  name = "rosenbrock",
  code = [[
    panels = left.figures.paths.grid
    plot.grid({panels[2], panels[4]}, {columns = 2})
  ]],
}

predict [[
  Plain descent diverged at rate 0.02 from (-2, 2). Now it starts from (0, 0), at the same
  rate 0.02. How high is it after 500 steps? (It starts at a height of 1; type 1e9 if you
  think it diverges again.)
]] {
  name = "from-zero",
  run = [[
    middle = lab.race{surface = "rosenbrock", start = {0, 0}, steps = 500,
      rates = {0.02}, optimisers = {"SGD"}, progress = false}
  ]],
  reveal = "middle.rows[#middle.rows].loss",
  within = 9,
  after = [[
    It converges: near the floor the sides are not as steep as up at (-2, 2). Whether a rate
    is too large is a question of where you are. Warm-up, small steps first, follows from that.
  ]],
}

text [[
  # The saddle

  On x^2 - y^2 one direction leads up and one down. At (0, 0) the slope is 0, though it is no
  minimum. We start at (-1.5, 0.001): one millimetre beside the ridge.
]]

predict [[
  With rate 0.05, y grows by a tenth at each step. After how many steps is it 2?
]] {
  name = "saddle",
  run = [[
    saddle = lab.race{surface = "saddle", rates = {0.05}, steps = 200,
      optimisers = {"SGD", "Adam"}, progress = false}
  ]],
  reveal = "saddle.runs[1].runs[1].left",
  unit = "steps",
  within = 0.5,
  after = "1.1 to the power of 80 is about 2000. It looks like a minimum for a long while.",
}

picture "Descent lingers at the saddle; Adam, which rescales each direction, does not" {
  name = "lingers",
  code = [[ saddle:frames({10, 40, 75}) ]],
}

choice "A loss curve is flat for a thousand steps. What may be true? There may be several." {
  {"A minimum is reached.", "Possible.", right = true},
  {"It sits near a saddle.", "Possible: the slope there is tiny, too.", right = true},
  {"The rate is far too small.", "Possible: then everything is flat.", right = true},
  {"The rate is far too large.", "Then the curve would jump or rise, rather than be flat."},
}

choice "Why not simply take the largest rate that does not diverge?" {
  {"It is optimal: larger steps are faster.",
    "At the edge the steep direction swings for ever, as at 0.01."},
  {"The edge depends on the place, and near it the steep direction swings.",
    "Yes. Half the edge is a good guess for a bowl: the steep direction then falls at once.",
    right = true},
}

try [[
  Race on other landscapes. `surface` may be any function of x and y, of your own; Beale's
  is built in, with its minimum at (3, 0.5).
]] {
  suggest = {
    "lab.race{surface = \"beale\", rates = {0.01}}.figures.paths",
    "lab.race{surface = function(x, y) return x ^ 2 + 8 * y ^ 2 end, start = {2, 1}, rates = {0.1}}.figures.paths",
    "lab.race{surface = \"beale\", steps = 300}",
  },
}

text [[
  To remember: curvature sets the limit of the rate, 2 over the largest curvature; the flattest
  direction pays for it. At the prompt, once a lesson is over, `left:animate("race.gif")` makes a
  whole film of a race.
]]
