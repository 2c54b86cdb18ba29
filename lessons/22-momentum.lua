-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Averages with a memory, and momentum" {
  topic = "moving averages, bias correction, momentum, Nesterov",
  minutes = 25,
  rows = {18, 19},
}

text [[
  Optimisers see noisy gradients and have to guess where they point on the whole. The same
  question is older than they are: is it getting warmer? Here is a year of daily temperatures,
  from July to June.
]]

-- A seed of the student's own, the same after `:back`.
fresh(function(random)
  code(("start = %d"):format(random(1, 999999))) {quiet = true}
end)

code [[
  weather = data.temperatures(547, {seed = start})
  temps = weather.y[{{183, 547}, 1}]:totable()
  #temps, temps[1], temps[2], temps[3]
]]

choice "Which number tells best how warm it is *these days*?" {
  {"today's temperature", "It jumps by some degrees from day to day, for no reason that lasts."},
  {"the mean of the last days", "Yes: the jumps cancel, the season stays.", right = true},
  {"the mean of the whole year", "It is the same in January and in July."},
}

text [[
  An *exponential moving average* keeps one number v, and mixes each new value in:

      v starts at 0;  every day  v = beta v + (1 - beta) temperature

  With beta = 0.9 nine tenths of v are memory, one tenth is today.
]]

predict "Say every day has exactly 20 degrees, and beta is 0.9. What is v after the first day?" {
  reveal = "0.9 * 0 + 0.1 * 20",
  within = 0.3,
  after = "Only 2 degrees: v began at 0, and its memory of that zero still weighs nine tenths.",
}

ask [[
  Write `smooth(list, beta)`: it returns the list of all v, one for each value of `list`.
]] {
  name = "smooth",
  solution = [[
    function smooth(list, beta)
      local v, out = 0, {}
      for t = 1, #list do
        v = beta * v + (1 - beta) * list[t]
        out[t] = v
      end
      return out
    end
  ]],
  check = behaves("smooth", {{{20, 20, 20}, 0.9}, {{1, 5, -2, 3}, 0.5}}),
  hints = {
    "Begin with `local v, out = 0, {}` and go through the list with a `for`.",
    "In the loop, mix `list[t]` into `v` by the formula, then keep it: `out[t] = v`.",
  },
  mistakes = {
    {[[function smooth(list, beta) local v, out = 0, {}
      for t = 1, #list do v = (1 - beta) * v + beta * list[t] out[t] = v end
      return out end]], "The two weights are swapped: beta is the share of the memory."},
    {[[function smooth(list, beta) local v, out = 0, {}
      for t = 1, #list do v = beta * v + list[t] out[t] = v end
      return out end]], "The new value needs its weight 1 - beta, or v grows far too large."},
    {[[function smooth(list, beta) local v = 0
      for t = 1, #list do v = beta * v + (1 - beta) * list[t] end
      return v end]], "That returns only the last v. All of them are wanted, as a list."},
  },
}

choice "What will a larger beta do to the curve of the averages? There may be several answers." {
  {"The curve gets smoother.", "More days are averaged.", right = true},
  {"The curve lags behind.", "Its memory is long: summer is over before it notices.", right = true},
  {"The curve follows outliers more closely.", "No, that is beta = 0.5: about two days."},
}

picture "The temperatures, and averages with beta = 0.5, 0.9 and 0.98" {
  name = "temperatures",
  code = [[
    plot.curve({{"each day", temps}, {"0.5", smooth(temps, 0.5)},
      {"0.9", smooth(temps, 0.9)}, {"0.98", smooth(temps, 0.98)}},
      {xlabel = "day", ylabel = "degrees"})
  ]],
}

text [[
  The value of k days ago has weight (1 - beta) beta^k. These weights fade slowly if beta is
  near 1; their memory is about 1 / (1 - beta) days long.
]]

number "About how many days does beta = 0.98 average over?" {
  name = "days",
  answer = 50,
  unit = "days",
  tolerance = 0.5,
  hints = {"1 - 0.98 is 0.02.", "One divided by that."},
  mistakes = {
    {98, "That is beta in percent. What counts is how far beta is from 1."},
    {10, "That is beta = 0.9."},
  },
}

text [[
  # The cold start

  The first averages are too low: after t days the temperatures weigh 1 - beta^t, and the rest
  lies on the 0 it began with.

  Check what you read: one lecture divides v by the factor 1 / (1 - beta^t), the paper behind it
  by 1 - beta^t. Let 20 degrees every day decide.
]]

predict "Three days of 20 degrees make v = 5.42, with beta = 0.9. What does the lecture's way make of it, v / (1 / (1 - 0.9^3))?" {
  name = "slip",
  run = "v = smooth({20, 20, 20}, 0.9)[3]",
  reveal = "v / (1 / (1 - 0.9 ^ 3))",
  within = 0.5,
  after = "Farther away than without. v / (1 - 0.9^3) = 5.42 / 0.271 is 20, as it should be: the paper is right.",
}

ask "Write `corrected(list, beta)`, like `smooth`, with the right correction for each day t." {
  name = "corrected",
  solution = [[
    function corrected(list, beta)
      local out = smooth(list, beta)
      for t = 1, #out do out[t] = out[t] / (1 - beta ^ t) end
      return out
    end
  ]],
  check = behaves("corrected", {{{20, 20, 20}, 0.9}, {{1, 5, -2, 3}, 0.5}}),
  hints = {
    "Call `smooth` first, then go through its result and divide.",
    "Day t is divided by `1 - beta ^ t`: by 0.1, 0.19, 0.271 and so on for beta = 0.9.",
  },
  mistakes = {
    {[[function corrected(list, beta) local out = smooth(list, beta)
      for t = 1, #out do out[t] = out[t] / (1 / (1 - beta ^ t)) end
      return out end]], "That is the lecture's slip: it makes the first averages smaller still."},
    {[[function corrected(list, beta) local out = smooth(list, beta)
      for t = 1, #out do out[t] = out[t] / (1 - beta) end
      return out end]], "The correction fades: the power t is missing."},
  },
}

choice "From which day on does the correction hardly matter, at beta = 0.98?" {
  {"day 10", "0.98^10 is 0.82: most of the weight still lies on the zero."},
  {"day 50", "0.98^50 is 0.36: a third of the weight still lies on the zero."},
  {"day 200", "Yes: 0.98^200 is 0.02. In the next picture the two lines meet about there.", right = true},
}

picture "beta = 0.98 with and without the correction: the difference fades" {
  code = [[
    plot.curve({{"each day", temps}, {"plain", smooth(temps, 0.98)},
      {"corrected", corrected(temps, 0.98)}},
      {xlabel = "day", ylabel = "degrees"})
  ]],
}

text [[
  # Momentum

  Now the values are gradients g. One lecture walks along their moving average:

      average:  u = beta u + (1 - beta) g        w = w - rate u

  Another, and most libraries, leave the second weight out, like a ball that rolls:

      ball:     u = beta u + g                   w = w - rate u
]]

predict "The ball on an even slope: g is 1 at every step, beta is 0.9. To which number does u grow?" {
  run = "u = 0; for step = 1, 200 do u = 0.9 * u + 1 end",
  reveal = "u",
  within = 0.3,
  after = "1 / (1 - 0.9) is 10: the ball rolls ten times as far at each step as plain descent.",
}

number [[
  So the two forms need different rates. The average walks with rate 0.001. With which rate
  does the ball, beta = 0.9, make the very same steps?
]] {
  answer = 0.0001,
  tolerance = 1e-6,
  hints = {
    "The u of the ball is ten times the u of the average, always.",
    "Ten times the u, so a tenth of the rate.",
  },
  mistakes = {
    {0.01, "The ball's steps are the longer ones already: its rate has to be smaller."},
    {0.001, "With the same rate the ball makes steps ten times as long."},
  },
}

code [[
  function race(name, rate, options)
    local r = lab.race{surface = "quadratic", rates = {rate}, seeds = 1,
      optimisers = {{name, "SGD", options}}, progress = false}
    return r.rows[#r.rows]
  end
  race("average", 0.001, {momentum = 0.9, average = true}).x
]]

predict "That is x after 100 steps of the average on a bowl, rate 0.001. Where is the ball with rate 0.0001?" {
  name = "same",
  run = "b = race(\"ball\", 0.0001, {momentum = 0.9})",
  reveal = "b.x",
  within = 0.5,
  after = "The same place, digit for digit. Keep it in mind when you copy a rate from a paper.",
}

text [[
  Now the ball in gradus: `Ball` is a class of optimisers whose rule is still missing. For each
  parameter `update` gets p, its gradient g, a table `state` that stays from step to step, empty
  at first, and the options in `group`.
]]

code [[
  Ball = optim.class("Ball", {lr = 0.1, momentum = 0.9})
]]

ask [[
  Write `function Ball:update(p, g, state, group)`: keep u in `state.u`, and change p in place
  with `p:sub_(...)`. The rate is `group.lr`, beta is `group.momentum`.
]] {
  name = "ball",
  solution = [[
    function Ball:update(p, g, state, group)
      state.u = (state.u or 0) * group.momentum + g
      p:sub_(state.u * group.lr)
    end
  ]],
  check = that(function(answer)
    local Class = answer.vars.Ball
    if rawget(Class, "update") == nil then return false, "There is no `Ball:update` yet." end
    local function walk(class)
      local w = tensor({-2, 2}, {requires_grad = true})
      local opt = class({w}, {lr = 0.002, momentum = 0.9})
      for _ = 1, 6 do
        opt:zero_grad()
        ;(w * w * tensor{10, 100}):sum():backward()
        opt:step()
      end
      return w:detach()
    end
    local got, want = walk(Class), walk(optim.SGD)
    if (got - want):abs():max():item() < 1e-4 then return true end
    if (got - tensor{-2, 2}):abs():max():item() == 0 then
      return false, "The weights do not move at all.", got
    end
    return false, "After six steps the weights are not where the built-in momentum is.", got
  end),
  hints = {
    "In the first step `state.u` is nil: `(state.u or 0)` helps.",
    "Two lines: `state.u = ...` by the formula of the ball, then `p:sub_(...)` with the rate.",
  },
  mistakes = {
    {[[function Ball:update(p, g, state, group)
      state.u = (state.u or 0) * group.momentum + g
      p = p - state.u * group.lr
    end]], "`p = ...` only gives the name p to a new tensor. `p:sub_(...)` changes the weight itself."},
    {[[function Ball:update(p, g, state, group)
      local u = (state.u or 0) * group.momentum + g
      p:sub_(u * group.lr)
    end]], "That walks like plain descent: u has to be kept from step to step, in `state.u`."},
    {[[function Ball:update(p, g, state, group)
      state.u = (state.u or 0) * group.momentum + g * (1 - group.momentum)
      p:sub_(state.u * group.lr)
    end]], "That is the other form, the average. The ball adds g with its full weight."},
  },
  variant = [[
    function Ball:update(p, g, state, group)
      state.u = state.u or tensor.zeros(p:size())
      state.u:mul_(group.momentum):add_(g)
      p:sub_(state.u * group.lr)
    end
  ]],
}

text [[
  *Nesterov's* momentum looks ahead: it measures the slope where the ball is about to be. So
  it brakes before the turn, not after it.
]]

predict [[
  On the bowl 10 x^2 + 100 y^2 from (-2, 2), rate 0.0005, 100 steps: plain descent ends at a
  height of 5.4. And your ball?
]] {
  run = [[
    four = lab.race{surface = "quadratic", rates = {0.0005}, progress = false,
      optimisers = {"SGD", {"Ball", Ball}, {"Nesterov", "SGD",
      {momentum = 0.9, nesterov = true}}, {"average", "SGD",
      {momentum = 0.9, average = true}}}}
  ]],
  reveal = "four.runs[2].runs[1].loss[101]",
  within = 9,
  after = "A thousandth of it. Nesterov's is lower still; the average, at this rate, is as slow as descent.",
}

picture "Four paths from one start" {
  name = "paths",
  code = [[ four.figures.paths ]],
}

choice "Which of the four swings farthest across the valley?" {
  {"the ball", "Yes: it notices the rise only when it is on it.", right = true},
  {"Nesterov's", "It swings, but it brakes ahead of the rise."},
  {"the average", "At this rate its steps are a tenth of the ball's."},
  {"plain descent", "It does not swing at all at this rate."},
}

picture "Height against steps: the ball swings, Nesterov's swings less" {
  code = [[ four.figures.loss ]],
}

choice "When does momentum help most?" {
  {"In a long narrow valley.",
    "Yes: along the floor the gradients agree and add up, across it they cancel.", right = true},
  {"On a surface that is equally curved everywhere.",
    "There plain descent with the right rate is at the bottom in one step."},
  {"When the rate is too large.", "It makes a rate that is too large for the ball worse."},
}

choice "You switch from the average to the ball and leave the rate. What do you see?" {
  {"Nothing changes.", "The ball's steps are 1 / (1 - beta) times as long."},
  {"Faster at first, perhaps divergence.", "Yes, as if the rate were ten times as large.",
    right = true},
  {"Slower.", "The other way round: from ball to average slows down."},
}

try "How much memory is good? Race with other values of beta, on the bowl or on the banana." {
  suggest = {
    "race(\"ball\", 0.0005, {momentum = 0.5}).loss",
    "race(\"ball\", 0.0005, {momentum = 0.99}).loss",
    "lab.ema{seeds = 1}.figures.series",
    "lab.race{surface = \"rosenbrock\", rates = {0.002}, optimisers = {{\"Ball\", Ball}}}.figures.paths",
  },
}

text [[
  To remember: v = beta v + (1 - beta) x remembers about 1 / (1 - beta) steps, and dividing by
  1 - beta^t mends its cold start. Next, `:lesson 23` averages the *squares* of gradients, too.
]]
