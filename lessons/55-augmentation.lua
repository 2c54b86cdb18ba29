-- SPDX-License-Identifier: GPL-3.0-or-later
lesson "Few pictures, made many: augmentation" {
  topic = "data augmentation: noise, shifts, rotations, flips, contrast, brightness, filters",
  minutes = 18,
  needs = {"01-first-steps"},
  rows = {38},
}

text [[
  Fifty handwritten digits, five of each kind or so: too few to learn from. But a seven that leans
  a little is still a seven. If you *change* the pictures you have, as they might have been written
  anyway, you have more of them, for nothing.
]]

code [[
  digits = data.digits()
  function some(from, to)
    return data.set{x = digits.x[{{from, to}}]:reshape(-1, 8, 8) / 16,
      y = digits.y[{{from, to}}], classes = digits.classes}
  end
  taught, unseen = some(1, 50), some(801, 1797)
]]

choice "Which change may turn a digit into something that is no such digit any more?" {
  {"flip, left to right", "Yes: nobody writes a 2 or a 7 that way round.", right = true},
  {"noise", "A grainy seven is a seven, unless there is nothing left of it."},
  {"brightness", "A pale seven is a seven."},
  {"a small rotation", "A leaning seven is a seven."},
}

picture "A seven as it is, and changed in nine ways" {
  name = "grid",
  code = [[
    gradus.seed(59)
    seven = taught.x[{{8, 8}}]
    list, labels = {seven[1]}, {"as it is"}
    for _, step in ipairs{{"noise", 0.15}, {"shift", 1.5}, {"rotate", 30},
        {"flip", 1}, {"crop", 0.3}, {"contrast", 0.8}, {"brightness", 0.4},
        {"blur", 1}, {"sharpen", 1}} do
      list[#list + 1] = data.augment({step}, {low = 0, high = 1})(seven)[1]
      labels[#labels + 1] = step[1]
    end
    plot.images(list, {labels = labels, columns = 5})
  ]],
}

text [[
  # By hand first

  Moving all pictures one place to the right: in each row a zero comes in on the left, and the
  last place falls out. Two tools:

      x[{{}, {}, {1, 7}}]       of all pictures, all rows, the columns 1 to 7
      tensor.cat({a, b}, 3)     a and b side by side, along dimension 3
]]

ask "Write `to_the_right(x)`, for pictures of shape (n, 8, 8)." {
  name = "shift",
  solution = [[
    function to_the_right(x)
      return tensor.cat({tensor.zeros(x:size(1), 8, 1), x[{{}, {}, {1, 7}}]}, 3)
    end
  ]],
  check = behaves("to_the_right", {{tensor.arange(128):reshape(2, 8, 8)}, {tensor.arange(64):reshape(1, 8, 8):flip(2)}}),
  hints = {
    "The zeros have the shape (n, 8, 1): `tensor.zeros(x:size(1), 8, 1)`.",
    "First the zeros, then the first seven columns.",
  },
  mistakes = {
    {"function to_the_right(x) return tensor.cat({x[{{}, {}, {2, 8}}], tensor.zeros(x:size(1), 8, 1)}, 3) end",
      "That moves them to the left."},
    {"function to_the_right(x) return tensor.cat({tensor.zeros(x:size(1), 1, 8), x[{{}, {1, 7}}]}, 2) end",
      "That moves them down: rows are dimension 2, columns dimension 3."},
    {"function to_the_right(x) return tensor.cat({x[{{}, {}, {8, 8}}], x[{{}, {}, {1, 7}}]}, 3) end",
      "What falls out on the right comes in again on the left. Zeros should."},
  },
}

code [[
  function right(set, rounds, judges)   -- learns; % right of the judges
    gradus.seed(1)
    local net = nn.Sequential(nn.Flatten(), nn.Linear(64, 48), nn.ReLU(),
      nn.Linear(48, 10))
    train.fit(net, {data = set, epochs = rounds, batch = 20, progress = "none",
      opt = optim.Adam(net:parameters(), {lr = 0.003})})
    judges = judges or unseen
    return 100 * metrics.accuracy(judges.y, train.predict(net, judges))
  end
]]

predict "How many per cent of the unseen digits does a net get right that has learnt from the fifty alone?" {
  run = "alone = right(taught, 150)",
  reveal = "alone",
  unit = "%",
  within = 0.2,
}

text [[
  Changed pictures need labels, too: the same as before. `change` below is any function that
  makes changed pictures of pictures, such as `to_the_right`, or `data.augment{{"noise", 0.1}}`.
]]

ask [[
  Write `enlarge(set, copies, change)`: a new data set with the pictures of `set`, followed by
  `copies` changed versions of all of them, and as many labels. For fifty digits and 3 copies it
  has 200. Make it with `data.set{x = ..., y = ..., classes = set.classes}`.
]] {
  name = "enlarge",
  solution = [[
    function enlarge(set, copies, change)
      local xs, ys = {set.x}, {set.y}
      for i = 1, copies do
        xs[#xs + 1], ys[#ys + 1] = change(set.x), set.y
      end
      return data.set{x = tensor.cat(xs, 1), y = tensor.cat(ys, 1), classes = set.classes}
    end
  ]],
  check = that(function(answer)
    local f = answer.vars.enlarge
    if type(f) ~= "function" then return false, "There is no function `enlarge` yet." end
    local small = some(1, 4)
    local calls = 0
    local ok, out = pcall(f, small, 3, function(x) calls = calls + 1 return x * 0 + calls end)
    if not ok and tostring(out):find("as many targets") then
      return false, "There should be a label for each picture.", "few labels"
    elseif not ok then
      return false, "It stops with an error: " .. tostring(out):gsub("^[^ ]*:%d+: ", ""), "error"
    end
    if type(out) ~= "table" or not out.x then return false, "It should return a data set." end
    if out.x:size(1) ~= 16 then
      return false, ("4 pictures and 3 copies give 16; these are %d."):format(out.x:size(1)), out.x:size(1)
    end
    if not out.y or out.y:size(1) ~= 16 then
      return false, "There should be a label for each picture.", "labels"
    end
    if (out.x[{{1, 4}}] - small.x):abs():max():item() > 0 then
      return false, "The pictures themselves should come first, unchanged.", "originals"
    end
    if calls ~= 3 then return false, "Each copy should be a new change: call `change` once for each.", calls end
    for k = 0, 3 do
      if (out.y[{{4 * k + 1, 4 * k + 4}}] - small.y):abs():max():item() > 0 then
        return false, "The labels do not fit the pictures.", "labels"
      end
    end
    return true
  end),
  hints = {
    "Two lists, `xs = {set.x}` and `ys = {set.y}`, and a loop that appends to both.",
    "`tensor.cat(xs, 1)` puts all pictures below each other.",
  },
  mistakes = {
    {[[
      function enlarge(set, copies, change)
        local xs, ys = {}, {}
        for i = 1, copies do xs[#xs + 1], ys[#ys + 1] = change(set.x), set.y end
        return data.set{x = tensor.cat(xs, 1), y = tensor.cat(ys, 1), classes = set.classes}
      end
    ]], "Here the pictures themselves are missing: begin the lists with `set.x` and `set.y`."},
    {[[
      function enlarge(set, copies, change)
        local xs = {set.x}
        for i = 1, copies do xs[#xs + 1] = change(set.x) end
        return data.set{x = tensor.cat(xs, 1), y = set.y, classes = set.classes}
      end
    ]], "The pictures grow in number, the labels do not: `set.y` belongs to each copy."},
    {[[
      function enlarge(set, copies, change)
        local xs, ys, changed = {set.x}, {set.y}, change(set.x)
        for i = 1, copies do xs[#xs + 1], ys[#ys + 1] = changed, set.y end
        return data.set{x = tensor.cat(xs, 1), y = tensor.cat(ys, 1), classes = set.classes}
      end
    ]], "All copies are the same: call `change` inside the loop, so that each draws anew."},
  },
}

text [[
  Now with the library's changes: `data.augment` takes a list of steps with their strengths. Nine
  copies, cut and scaled a little and rotated by up to 15 degrees; and a tenth of the rounds, so
  that the net sees as many pictures as before.
]]

predict "Alone the fifty digits gave about 76 %. And now?" {
  name = "augmented",
  run = [[
    good = data.augment({{"crop", 0.2}, {"rotate", 15}},
      {low = 0, high = 1})
    many = right(enlarge(taught, 9, good), 15)
  ]],
  reveal = "many",
  unit = "%",
  within = 0.1,
  after = "A good part of the mistakes is gone, and nobody wrote a single digit for it.",
}

predict "The same with a change that does not fit: nine copies, all *flipped*?" {
  name = "flipped",
  run = [[
    mirror = data.augment{{"flip", 1}}
    flipped = right(enlarge(taught, 9, mirror), 15)
  ]],
  reveal = "flipped",
  unit = "%",
  within = 0.1,
  after = "Worse than nothing: the net spends its strength on signs that nobody writes.",
}

picture "How much it helps depends on how much there is: 25 to 400 digits to learn from" {
  name = "curves",
  code = [[
    sizes, plain, with = {25, 50, 100, 200, 400}, {}, {}
    for i, n in ipairs(sizes) do
      local set = some(1, n)
      plain[i], with[i] = right(set, 100), right(enlarge(set, 9, good), 10)
    end
    plot.curve({{"as they are", sizes, plain}, {"with nine changed copies", sizes, with}},
      {points = true, xlog = true, xlabel = "digits to learn from", ylabel = "% right"})
  ]],
}

text [[
  # What may happen there

  The best change is what will happen to the pictures later. Suppose the digits come from a
  crooked scanner: rotated by up to 35 degrees and shifted.
]]

code [[
  gradus.seed(9)
  scanner = data.augment({{"rotate", 35}, {"shift", 1}}, {low = 0, high = 1})
  crooked = scanner(unseen)
  right(taught, 150, crooked)
]]

ask [[
  36 % or so. Choose changes that prepare the net for this scanner, and enlarge `taught` with nine
  copies, so that `right(..., 15, crooked)` gives 43 or more.
]] {
  name = "scanner",
  solution = [[
    right(enlarge(taught, 9, data.augment({{"rotate", 35}, {"shift", 1}}, {low = 0, high = 1})), 15, crooked)
  ]],
  check = that(function(answer)
    local v = answer.value
    if type(v) ~= "number" then return false, "The value of `right(..., 15, crooked)` is wanted." end
    return v >= 43 and v <= 100, ("%.1f %%: prepare it for what the scanner does."):format(v), math.floor(v * 10)
  end),
  hints = {
    "What does the scanner do to the digits? Do the same to the taught ones.",
    "`right(enlarge(taught, 9, data.augment(...)), 15, crooked)`",
    "Two steps, `\"rotate\"` and `\"shift\"`, with their strengths.",
  },
  mistakes = {
    {"right(enlarge(taught, 9, data.augment({{\"noise\", 0.1}}, {low = 0, high = 1})), 15, crooked)",
      "Noise is not what this scanner does. It rotates and shifts."},
    {"right(enlarge(taught, 9, data.augment({{\"rotate\", 35}}, {low = 0, high = 1})), 15, crooked)",
      "It rotates, but it shifts as well: two steps in the list."},
    {"right(enlarge(taught, 9, data.augment({{\"shift\", 1}}, {low = 0, high = 1})), 15, crooked)",
      "It shifts, but it rotates as well: two steps in the list."},
  },
  after = "What you do to the training pictures is a claim about the world: this may happen, and it does not matter.",
}

choice "Which of these are true? There may be several." {
  {"Only the training data are augmented.", "Validation and test show how things are.", right = true},
  {"First enlarge, then split into training and test.", "Then changed copies of the test pictures stand in the training data: a leak."},
  {"Augmentation acts like a regulariser.", "It makes it harder to learn single pictures by heart.", right = true},
  {"More kinds of changes are always better.", "You saw the flips."},
}

try "Pile up changes of your own, and look at them before you train." {
  suggest = {
    "plot.images(data.augment({\"rotate\", \"contrast\", \"noise\"}, {low = 0, high = 1})(taught.x[{{1, 12}}]), {columns = 6})",
    "right(enlarge(taught, 9, data.augment({{\"crop\", 0.3}, {\"noise\", 0.1}}, {low = 0, high = 1})), 15)"},
}

text [[
  To remember: change the pictures as the world might have; keep the labels true; leave the test
  data alone. `lab.augment()` puts both sides, the fitting change and the flip, under five seeds.
]]
