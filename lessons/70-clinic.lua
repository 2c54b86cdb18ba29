-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "The clinic: what ails this net?" {
  topic = "diagnosis: ten common faults of nets, loops and data",
  minutes = 25,
  needs = {"07-normalise-data", "10-constant-weights", "14-he", "24-rates", "41-two-modes",
    "50-metrics", "52-honest-choice"},
}

text [[
  Nets do not cry out when something is wrong. They learn a little less, or report a little too
  much. In this clinic each patient has *one* fault, out of ten that happen to everybody. Which
  patients come today is drawn by lot: next time there will be others.

  First a healthy one, so that you know what to expect.
]]

code [[
  nn.quiet()
  ward = data.digits()

  function admit(fault)
    gradus.seed(11)
    local p = {}

    p.raw_taught, p.raw_unseen = ward.x[{{1, 300}}], ward.x[{{301, 800}}]
    p.scaler = data.Standardize():fit(fault == "leak" and ward.x[{{1, 800}}] or p.raw_taught)
    local labels = ward.y[{{1, 300}}]
    if fault == "labels" then labels = labels - labels:eq(10) * 10 + 1 end
    p.taught = data.set{x = p.scaler:apply(p.raw_taught), y = labels, classes = ward.classes}
    p.unseen = data.set{x = p.scaler:apply(p.raw_unseen), y = ward.y[{{301, 800}}], classes = ward.classes}

    local function layer(n, m, hidden)
      local l = nn.Linear(n, m)
      nn.init.kaiming_normal_(l.weight)
      nn.init.zeros_(l.bias)
      if fault == "gain" then autograd.no_grad(function() l.weight:mul_(15) end) end
      if fault == "constant" then nn.init.constant_(l.weight, 0.05) end
      if fault == "dead" and hidden then nn.init.constant_(l.bias, -40) end
      return l
    end
    function p.build()
      local list = {layer(64, 32, true), nn.ReLU(), nn.Dropout(0.3), layer(32, 32, true), nn.ReLU(), layer(32, 10)}
      if fault == "softmax" then list[7] = nn.Softmax(2) end
      return nn.Sequential(table.unpack(list))
    end

    local criterion = nn.CrossEntropyLoss()
    local rate = fault == "rate" and 4 or fault == "zero_grad" and 0.01 or 0.05
    local function stepper(net, set)
      local opt = optim.SGD(net:parameters(), {lr = rate})
      return function()
        local rows = tensor.randperm(#set)[{{1, 30}}]
        if fault ~= "zero_grad" then opt:zero_grad() end
        local loss = criterion(net(set.x:index_select(1, rows)), set.y:index_select(1, rows))
        loss:backward()
        opt:step()
        return loss:item()
      end, opt
    end
    local function ask(net, set)
      if fault ~= "mode" then net:eval() end
      local share = metrics.accuracy(set.y, net(set.x):detach())
      net:train()
      return 100 * share
    end

    p.net = p.build()
    p.step, p.opt = stepper(p.net, p.taught)
    function p.ask(set) return ask(p.net, set) end
    p.losses = {}
    for i = 1, 150 do p.losses[i] = p.step() end

    local sorted = data.subset(p.taught, (select(2, p.taught.y:sort())):totable())
    p.folds = data.kfold(sorted, 5, {shuffle = fault ~= "folds", seed = 1})
    p.fold_scores = {}
    for i, fold in ipairs(p.folds) do
      local net = p.build()
      local step = stepper(net, fold.train)
      for _ = 1, 60 do step() end
      p.fold_scores[i] = ask(net, fold.valid)
    end

    function p.chart()
      local last = p.losses[#p.losses]
      print(("loss, first and last:    %.3g   %s"):format(p.losses[1],
        last == last and ("%.3g"):format(last) or "not a number"))
      print(("taught right:            %.1f %%"):format(p.ask(p.taught)))
      print(("unseen right, two times: %.1f %%   %.1f %%"):format(p.ask(p.unseen), p.ask(p.unseen)))
      local t = {}
      for i, s in ipairs(p.fold_scores) do t[i] = ("%.0f %%"):format(s) end
      print("five folds:              " .. table.concat(t, "   "))
    end
    return p
  end
]] { quiet = true }

predict "A healthy net sorts digits into ten classes by cross-entropy. With weights just drawn, which loss does it begin with?" {
  name = "first loss",
  run = [[ p = admit("healthy") ]],
  reveal = "p.losses[1]",
  within = 0.4,
  after = "Guessing costs ln 10 = 2.3; drawn weights cost a little more, since they guess with conviction.",
}

code [[ p.chart() ]]

picture "The loss of a healthy net, step by step" {
  name = "healthy",
  code = [[ plot.loss(p.losses, {xlabel = "step"}) ]],
}

text [[
  Every patient is a table `p`. You may look at everything and try anything:

  - `p.net`, and `p.build()`, which makes a new, untrained net in the same way
  - `p.losses`, and `p.step()`, which does one more step of training
  - `p.ask(p.taught)`, `p.ask(p.unseen)`: how much is right, in per cent
  - `p.opt`, the optimiser; `p.folds`, a list of {train, valid}; `p.scaler`, which standardised
    `p.raw_taught` and `p.raw_unseen`
]]

predict "How large is the norm of the gradient of a healthy net's first weights after a step?" {
  run = [[
    p.step()
    slope = p.net[1].weight.grad:norm():item()
  ]],
  reveal = "slope",
  within = 1,
  after = "About 1. Keep it in mind: zero, or forty, would be a symptom.",
}

text [[
  An instrument that is often needed: `h` holds the outputs of a layer, a row for each sample, a
  column for each unit. A unit that is 0 for *every* sample is dead.
]]

ask "Write `dead(h)`: the share of dead units, from 0 to 1." {
  name = "dead",
  solution = [[
    function dead(h)
      local alive = h:ne(0):sum(1):gt(0)
      return 1 - alive:mean():item()
    end
  ]],
  check = behaves("dead", {{tensor{{0, 1, 0}, {0, 0, 0}}}, {tensor{{0, 0}, {0, 0}}}, {tensor{{1, -2, 0, 0}, {0, 1, 0, 3}}}}),
  hints = {
    "`h:ne(0)` is 1 where an output is not 0. Sum it over the samples: `:sum(1)`.",
    "A column whose sum is above 0 is alive: `:gt(0)`. The mean of these is the share of living units.",
  },
  mistakes = {
    {"function dead(h) return h:eq(0):mean():item() end",
      "That is the share of zeros. A unit may be 0 for half of the samples and alive for the rest."},
    {"function dead(h) return h:ne(0):sum(1):gt(0):mean():item() end",
      "That is the share of the living."},
    {"function dead(h) return 1 - h:ne(0):sum(2):gt(0):mean():item() end",
      "This goes through the rows: samples without any output. Units are columns."},
  },
}

code [[
  dead(p.net[2](p.net[1](p.unseen.x)):detach())
]]

-- --- the patients -------------------------------------------------------------------------------

-- fault, cause as it stands in the list, what one would see, the proof and the treatment, a hint
local causes = {
  {"gain", "The first weights are far too large.",
    "Then the first loss would be in the thousands, and `p.build()[1].weight:std()` far above 0.18.",
    "`p.build()[1].weight:std()` is 2.7 instead of 0.18, and the first loss in the thousands. Treatment: Kaiming He's rule.",
    "The first loss is far from 2.3. What would make the outputs of an untrained net so large?"},
  {"zero_grad", "The gradients are not set to zero between steps.",
    "Then the gradient would grow from step to step: call `p.step()` and look at `p.net[1].weight.grad:norm()`.",
    "The norm of the gradient is near 40 instead of 1; after `p.opt:zero_grad()` it begins small and grows with each `p.step()`. Treatment: zero_grad before each backward.",
    "The loss falls and rises again. Do a few steps, and print the norm of the gradient after each."},
  {"leak", "The scaler was fitted on the unseen data as well.",
    "Then `p.scaler.mean` would differ from `p.raw_taught:mean(1)`.",
    "`(p.scaler.mean - p.raw_taught:mean(1)):abs():max()` is not 0. The chart shows nothing of it: that is what makes leaks dangerous. Treatment: fit on the taught data alone.",
    "The chart is as good as that of the healthy one, so the fault is not in the net. What came before it?"},
  {"softmax", "Softmax is applied twice: in the net and in the loss.",
    "Then `p.net` would end in a Softmax, and the loss could never fall below 1.46.",
    "`p.net` ends in a Softmax, and the cross-entropy does another. Learning is slow, and the loss has a floor at 1.46. Treatment: take it out of the net.",
    "The loss begins at 2.3 and hardly moves, yet half of the answers are right. What does the net end in?"},
  {"mode", "The net is asked in training mode.",
    "Then the same question would get two answers: `p.ask(p.unseen)`, twice.",
    "The same question gets different answers: dropout is awake. Treatment: `net:eval()` before asking.",
    "The loss is as it should be. Look at the two answers to the same question."},
  {"folds", "The folds were cut from sorted data without shuffling.",
    "Then each fold would hold two or three of the ten classes: look at `p.folds[1].valid.y`.",
    "All folds are near 0 %, and `p.folds[1].valid.y` holds classes that its training part lacks. The net itself is well. Treatment: shuffle, then cut.",
    "All is well but the folds. What does the first one judge, and what did its net learn from?"},
  {"rate", "The learning rate is far too high.",
    "Then the loss would jump up, or become NaN, within a few steps: plot `p.losses`.",
    "The loss has become NaN, from an ordinary first value: look at `p.opt`. Treatment: a rate a hundred times smaller.",
    "The loss begins as it should and runs away. What decides how far a step goes?"},
  {"dead", "Most ReLUs are dead from the start.",
    "Then `dead(p.net[2](p.net[1](p.unseen.x)):detach())` would be near 1.",
    "Nearly all units of layer 2 are 0 for every sample; their biases are about -40: `p.build()[1].bias`. No gradient can wake them. Treatment: biases that begin at 0.",
    "The loss is that of guessing and stays there: no gradient comes through. Use your `dead`."},
  {"constant", "All first weights are equal.",
    "Then `p.build()[1].weight:std()` would be next to 0.",
    "`p.build()[1].weight:std()` is next to 0: every unit begins as a copy of the others, and would stay one without dropout. Treatment: random weights.",
    "It has learnt very little. Look at the weights of a new net: how do its units differ?"},
  {"labels", "The labels of the taught data are shifted by one.",
    "Then taught would be right and unseen nearly all wrong, with a confusion matrix full beside its diagonal.",
    "Taught is right, unseen far below chance: `metrics.confusion(p.unseen.y, train.predict(p.net, p.unseen))` is full one place to the right of its diagonal. Treatment: the same numbering everywhere.",
    "Worse than guessing: it knows the digits, and answers another question. Look at a confusion matrix."},
}

fresh(function(random)
  local order = {}
  for i = 1, #causes do order[i] = i end
  order = random.shuffle(order)
  for number = 1, 4 do
    local ill = order[number]
    code(("p = admit(%q)"):format(causes[ill][1])) {quiet = true}
    text(("# Patient %d\n\nThe chart:"):format(number))
    code [[ p.chart() ]]
    picture "The loss, step by step" {code = [[ plot.loss(p.losses, {xlabel = "step"}) ]]}
    local answers = {name = "patient " .. number, shuffle = false, -- one list to get used to
      hints = {
        "Compare the chart with that of the healthy one: what is different, what is as it should be?",
        "Look at the net (`p.net`), at a new one (`p.build()[1].weight:std()`), at a step (`p.step()`, then the gradient), at the data.",
        causes[ill][5],
      }, after = causes[ill][4]}
    for i, cause in ipairs(causes) do
      answers[i] = {cause[2], i == ill and "That is it." or cause[3], right = i == ill}
    end
    choice "Examine `p` as long as you like. What is the cause? Type its number, or name it in words." (answers)
  end
end)

fix [[
  One last patient, with *three* faults, and you may operate. `treat` trains a net for 40 steps on
  all of `set` at once and returns the accuracy on `unseen`. Repair it.
]] {
  name = "operation",
  broken = [[
    function treat(net, set, unseen)
      local opt = optim.SGD(net:parameters(), {lr = 0.1})
      local criterion = nn.CrossEntropyLoss()
      for step = 1, 40 do
        local loss = criterion(net(set.x):softmax(2), set.y)
        loss:backward()
        opt:step()
      end
      return metrics.accuracy(unseen.y, net(unseen.x):detach())
    end
  ]],
  solution = [[
    function treat(net, set, unseen)
      local opt = optim.SGD(net:parameters(), {lr = 0.1})
      local criterion = nn.CrossEntropyLoss()
      for step = 1, 40 do
        opt:zero_grad()
        local loss = criterion(net(set.x), set.y)
        loss:backward()
        opt:step()
      end
      net:eval()
      return metrics.accuracy(unseen.y, net(unseen.x):detach())
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.treat
    if type(f) ~= "function" then return false, "There is no function `treat`." end
    local healthy = admit("healthy")
    local function fresh_net()
      gradus.seed(4)
      return nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 10))
    end
    local net, mode, asked = fresh_net(), nil, false
    net:register_forward_hook(function(m, input)
      local x = tensor.is_tensor(input) and input or input[1]
      if x:size(1) == 500 then mode, asked = m.training, true end
    end)
    gradus.seed(5)
    local share = f(net, healthy.taught, healthy.unseen)
    if not asked then return false, "The net is never asked about `unseen`.", "not asked" end
    local same = fresh_net()
    gradus.seed(5)
    local opt = optim.SGD(same:parameters(), {lr = 0.1})
    local function reference(soft, zero)
      for _ = 1, 40 do
        if zero then opt:zero_grad() end
        local out = same(healthy.taught.x)
        nn.CrossEntropyLoss()(soft and out:softmax(2) or out, healthy.taught.y):backward()
        opt:step()
      end
    end
    reference(false, true)
    local off = (net[1].weight - same[1].weight):abs():max():item()
    if not (off < 1e-3) then
      local kinds = {{"softmax", true, true}, {"zero_grad", false, false}, {"both", true, false}}
      for _, kind in ipairs(kinds) do
        same = fresh_net()
        gradus.seed(5)
        opt = optim.SGD(same:parameters(), {lr = 0.1})
        reference(kind[2], kind[3])
        if (net[1].weight - same[1].weight):abs():max():item() < 1e-3 then
          return false, ({softmax = "The loop is clean, but the loss still gets a softmax too many.",
            zero_grad = "The loss is right, but the gradients still pile up from step to step.",
            both = "The gradients pile up, and the loss gets a softmax too many."})[kind[1]], kind[1]
        end
      end
      return false, "The training does something else now: 40 steps with a rate of 0.1 on all of `set`.", "other"
    end
    if mode then return false, "The training is right. But the net is asked about `unseen` in training mode.", "mode" end
    return type(share) == "number" and share > 0.5, "It should return the accuracy on `unseen`.", share
  end),
  hints = {
    "Three lines of the ten patients' treatments belong here.",
    "Before `backward`: are the old gradients gone? In the loss: who does the softmax?",
    "After the loop: which mode is the net in when it is asked?",
  },
  mistakes = {
    {[[
      function treat(net, set, unseen)
        local opt = optim.SGD(net:parameters(), {lr = 0.1})
        local criterion = nn.CrossEntropyLoss()
        for step = 1, 40 do
          opt:zero_grad()
          local loss = criterion(net(set.x), set.y)
          loss:backward()
          opt:step()
        end
        return metrics.accuracy(unseen.y, net(unseen.x):detach())
      end
    ]], "Two of three: the net is still asked in training mode."},
    {[[
      function treat(net, set, unseen)
        local opt = optim.SGD(net:parameters(), {lr = 0.1})
        local criterion = nn.CrossEntropyLoss()
        for step = 1, 40 do
          local loss = criterion(net(set.x), set.y)
          loss:backward()
          opt:step()
        end
        net:eval()
        return metrics.accuracy(unseen.y, net(unseen.x):detach())
      end
    ]], "Two of three: the gradients of all steps pile up. `opt:zero_grad()` belongs into the loop."},
    {[[
      function treat(net, set, unseen)
        local opt = optim.SGD(net:parameters(), {lr = 0.1})
        local criterion = nn.CrossEntropyLoss()
        for step = 1, 40 do
          opt:zero_grad()
          local loss = criterion(net(set.x):softmax(2), set.y)
          loss:backward()
          opt:step()
        end
        net:eval()
        return metrics.accuracy(unseen.y, net(unseen.x):detach())
      end
    ]], "Two of three: `nn.CrossEntropyLoss` does the softmax itself. One is too many."},
  },
}

choice "Which of the ten faults does the chart not show at all?" {
  {"A scaler that was fitted on the unseen data", "Yes: everything looks well. Only who asks where each number came from finds it.",
    right = true},
  {"Folds cut from sorted data", "Their scores are near 0, and stand in the chart."},
  {"Labels shifted by one", "Unseen is far below chance, and stands in the chart."},
  {"A net asked in training mode", "Two different answers to the same question stand in the chart."},
}

code [[ nn.quiet("all", false) ]] {quiet = true}

try "Admit whom you like, and look at them with all you have. `why(net, data)` is gradus's own doctor: it examines nets. Loops, folds, scalers and labels it cannot see; that is left to you." {
  suggest = {"p = admit(\"dead\") return why(p.net, p.taught)",
    "p = admit(\"labels\") return why(p.net, p.taught)",
    "p = admit(\"gain\") return plot.activations(p.net, p.unseen.x)"},
}

text [[
  gradus itself remarks on several of these faults while you work; for this lesson it was told to
  be silent. To meet other patients, take the lesson again: `:lesson 70 --fresh`; still more of
  them come with `lab.patient`.
]]
