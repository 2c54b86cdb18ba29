-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every kind of picture that gradus draws, as a page to leaf through:
--
--     gradus lessons/gallery.lua [FOLDER]
--
-- writes a png and the drawing with characters of each into FOLDER (default: gallery), and index.html
-- beside them.

local folder = arg and arg[1] or "gallery"
gradus.seed(7)

-- A list of n numbers.
local function list(n, f)
  local t = {}
  for i = 1, n do t[i] = f(i) end
  return t
end

-- Signals through a plain net of tanh layers, with the weights scaled by `gain`.
local function tanh_layers(depth, width, gain)
  local h, layers = tensor.randn(256, width), {}
  for k = 1, depth do
    h = h:matmul(tensor.randn(width, width) * (gain / math.sqrt(width))):tanh()
    layers[k] = {("[%d] Tanh"):format(k), h, "Tanh"}
  end
  return layers
end

local function layer_std(depth, width, gain)
  local h = tensor.randn(256, width)
  return list(depth, function()
    h = h:matmul(tensor.randn(width, width) * (gain / math.sqrt(width)))
    return h:std():item()
  end)
end

local function noisy_decay(n, rate, floor)
  return list(n, function(i)
    return 2 * math.exp(-i * rate) + floor + 0.25 * floor * (math.random() - 0.5) * 2
  end)
end

local function rosenbrock(x, y) return (1 - x) ^ 2 + 10 * (y - x * x) ^ 2 end

-- Gradient descent with momentum on Rosenbrock's valley.
local function descend(rate, momentum, n)
  local x, y, u, v, path = -2, 2, 0, 0, {}
  for i = 1, n do
    path[i] = {x, y}
    u = momentum * u - rate * (-2 * (1 - x) - 40 * x * (y - x * x))
    v = momentum * v - rate * 20 * (y - x * x)
    x, y = x + u, y + v
  end
  return path
end

-- Two spirals: points and classes.
local function spirals(n)
  local points, labels = {}, {}
  for i = 1, n do
    local class, t = i % 2, 0.5 + 2.5 * math.random()
    local angle = 2 * t + class * math.pi
    points[i] = {t * math.cos(angle) + 0.1 * math.random(), t * math.sin(angle) + 0.1 * math.random()}
    labels[i] = class + 1
  end
  return points, labels
end

local function spiral_side(a, b)
  local r = math.sqrt(a * a + b * b)
  return -math.cos(math.atan(b, a) - 2 * r)
end

-- A digit-like image: a ring or a bar, blurred.
local function glyph(k)
  return list(8, function(i)
    return list(8, function(j)
      local d = k % 2 == 0 and math.abs(math.sqrt((i - 4.5) ^ 2 + (j - 4.5) ^ 2) - 1.8 - k / 10)
        or math.abs(j - 4.5 + (i - 4.5) * (k - 4) / 10)
      return math.max(0, 1 - d / 1.3)
    end)
  end)
end

local fold_a, fold_b = {0.81, 0.84, 0.79, 0.86, 0.82}, {0.90, 0.93, 0.88, 0.94, 0.91}
local truth, scores = {}, {}
for i = 1, 300 do
  truth[i] = i % 3 == 0 and 1 or 0
  scores[i] = truth[i] + 1.6 * (math.random() - 0.5) + 0.6 * (math.random() - 0.5)
end
local points, labels = spirals(240)
local curve_x = list(120, function(i) return i / 20 end)
local sample_x = list(40, function() return 6 * math.random() end)

local function fit_figure()
  local wave = list(120, function(i) return math.sin(curve_x[i]) end)
  local fit = list(120, function(i) return 0.96 * math.sin(curve_x[i] - 0.03) end)
  local lo = list(120, function(i) return fit[i] - 0.1 - 0.05 * math.abs(curve_x[i] - 3) end)
  local hi = list(120, function(i) return fit[i] + 0.1 + 0.05 * math.abs(curve_x[i] - 3) end)
  local y = list(40, function(i) return math.sin(sample_x[i]) + 0.3 * (math.random() - 0.5) end)
  return plot.fit(sample_x, y, {title = "Monte-Carlo dropout: mean and spread of 100 passes",
    curve = {curve_x, fit}, band = {lo, hi}, truth = {curve_x, wave}, band_name = "2 std"})
end

local function seeds(rate)
  return list(5, function() return noisy_decay(40, rate, 0.5) end)
end

-- What nn.watch records while a small net trains.
local function watched_training()
  local net = nn.Sequential(nn.Linear(10, 40), nn.Tanh(), nn.Linear(40, 40), nn.ReLU(), nn.Linear(40, 3))
  local opt = optim.SGD(net:parameters(), {lr = 0.2, momentum = 0.9})
  local watch = nn.watch(net, {optimizer = opt})
  local x, y = tensor.randn(200, 10), tensor.randint(1, 3, {200})
  for _ = 1, 150 do
    opt:zero_grad()
    nn.cross_entropy(net(x), y):backward()
    opt:step()
  end
  watch:stop()
  return watch
end
local watch = watched_training()

-- name, what to see, the figure
local pages = {
  {"curve", "Functions, or lists of numbers.", function()
    return plot.curve({{"sigmoid", function(x) return 1 / (1 + math.exp(-x)) end},
      {"tanh", function(x) return 1 - 2 / (math.exp(2 * x) + 1) end},
      {"ReLU", function(x) return math.max(0, x) end}}, {xrange = {-4, 4}, yrange = {-1.2, 2.5},
      title = "Three activation functions", xlabel = "input", ylabel = "output"})
  end},
  {"activations", "The outputs of each layer for one batch.", function()
    return plot.activations(tanh_layers(6, 100, 1.6), {title = "Weights of std 1.6 / sqrt(n): tanh saturates"})
  end},
  {"activations-deep", "Many layers are a ridgeline.", function()
    return plot.activations(tanh_layers(20, 100, 0.9), {title = "Weights of std 0.9 / sqrt(n): signals fade"})
  end},
  {"gradients", "Spreads that differ much are compared on a log axis.", function()
    return plot.gradients(list(16, function(k)
      return {("[%d].weight"):format(k), tensor.randn(1000) * 0.6 ^ (16 - k)}
    end), {title = "Gradients that vanish towards the input"})
  end},
  {"weights", "Small multiples of the weights.", function()
    return plot.weights(list(4, function(k)
      return {("[%d].weight"):format(2 * k - 1), tensor.randn(2000) / math.sqrt(2 ^ (9 - k))}
    end))
  end},
  {"depth", "One number a layer, several initialisations.", function()
    return plot.depth({
      {"N(0, 1)", list(3, function() return layer_std(20, 60, math.sqrt(60)) end)},
      {"1 / sqrt(n)", list(3, function() return layer_std(20, 60, 1) end)},
      {"1 / sqrt(3 n)", list(3, function() return layer_std(20, 60, math.sqrt(1 / 3)) end)},
    }, {title = "Spread of a linear net's signals by depth, three seeds"})
  end},
  {"depth-both", "Forward and backward.", function()
    return plot.depth({
      {"Xavier", {forward = list(22, function(k) return 0.7 ^ k end),
        backward = list(22, function(k) return 0.7 ^ (22 - k) end)}},
      {"Kaiming", {forward = layer_std(22, 200, 1), backward = layer_std(22, 200, 1)}},
    }, {title = "A ReLU net of 22 layers"})
  end},
  {"activations-watched", "What nn.watch recorded: mean and spread of each layer over a training.", function()
    return plot.activations(watch)
  end},
  {"gradients-watched", "How much gradient reaches each layer.", function() return plot.gradients(watch) end},
  {"updates", "How far each step moves the weights, beside the usual thousandth.", function()
    return plot.updates(watch)
  end},
  {"loss", "Training and validation, smoothed.", function()
    return plot.loss({train = noisy_decay(600, 0.01, 0.25),
      valid = list(20, function(i) return 2 * math.exp(-i * 0.3) + 0.35 + 0.012 * i end)},
      {title = "Overfitting begins where the validation loss turns"})
  end},
  {"loss-seeds", "Several runs, each under five seeds.", function()
    return plot.loss({{"momentum 0.9", seeds(0.2)}, {"plain SGD", seeds(0.06)}},
      {title = "Mean and range over five seeds"})
  end},
  {"loss-explodes", "What is not finite is a gap after a red cross, and the caption says so.", function()
    return plot.loss({{"rate 0.01", list(40, function(i) return math.exp(-i / 15) end)},
      {"rate 2", list(40, function(i) return i < 28 and math.exp(i * 0.9) or 0 / 0 end)}},
      {title = "A rate that is too high"})
  end},
  {"schedule", "Learning rates, before they are used.", function()
    return plot.schedule({{"cosine", function(t) return 0.05 * (1 + math.cos(math.pi * t / 100)) end},
      {"step", function(t) return 0.1 * 0.5 ^ (t // 25) end},
      {"1 / (1 + 0.1 t)", function(t) return 0.1 / (1 + 0.1 * t) end}}, {title = "Three schedules"})
  end},
  {"find_lr", "The rate finder.", function()
    local lr = list(80, function(i) return 10 ^ (-7 + 7 * i / 80) end)
    local loss = list(80, function(i)
      return 2.3 - 1.6 / (1 + math.exp(-(i - 48) / 4)) + math.exp((i - 73) / 2.5)
    end)
    return plot.find_lr({lr = lr, loss = loss, raw = list(80, function(i)
      return loss[i] + 0.2 * (math.random() - 0.5)
    end), suggestion = lr[48]}, {title = "Loss against learning rate", yrange = {0, 4}})
  end},
  {"hist", "Two histograms over each other.", function()
    return plot.hist({{"before", tensor.randn(4000) * 2 + 3}, {"after", tensor.randn(4000)}},
      {title = "Standardised: mean 0, std 1"})
  end},
  {"scatter", "Points in classes.", function()
    return plot.scatter(points, {labels = labels, classes = {"first arm", "second arm"}, equal = true,
      title = "Two spirals"})
  end},
  {"search", "The trials of a search.", function()
    local trials = list(60, function()
      local lr, reg = 10 ^ (-5 + 5 * math.random()), 10 ^ (-6 + 5 * math.random())
      local miss = math.abs(math.log(lr, 10) + 2.5) / 5 + math.abs(math.log(reg, 10) + 4) / 12
      return {lr = lr, reg = reg, score = 0.98 - miss + 0.05 * math.random()}
    end)
    table.sort(trials, function(a, b) return a.score > b.score end)
    trials.names = {"lr", "reg"}
    return plot.search(trials, {title = "Random search"})
  end},
  {"bar", "Bars side by side.", function()
    return plot.bar({{"training", {0.72, 0.93, 0.99, 1.0}}, {"test", {0.70, 0.90, 0.88, 0.81}}},
      {labels = {"width 2", "width 8", "width 64", "width 512"}, title = "Capacity", ylabel = "accuracy"})
  end},
  {"importance", "Which feature the net needs.", function()
    return plot.importance({mean = {0.31, 0.12, 0.01, -0.01}, std = {0.05, 0.03, 0.02, 0.01},
      names = {"petal length", "petal width", "sepal width", "noise"}}, {title = "Permutation importance"})
  end},
  {"fold_scores", "A cross-validation.", function()
    return plot.fold_scores({{"width 8", fold_a}, {"width 64", fold_b}}, {title = "Five folds each",
      ylabel = "accuracy"})
  end},
  {"scores", "A learning curve.", function()
    return plot.scores({x = {50, 100, 200, 400, 800}, train = {1, 0.99, 0.97, 0.96, 0.955},
      train_std = {0, 0.01, 0.01, 0.005, 0.005}, valid = {0.72, 0.8, 0.87, 0.91, 0.93},
      valid_std = {0.06, 0.04, 0.03, 0.02, 0.01}}, {title = "More data help", xlabel = "training samples",
      ylabel = "accuracy"})
  end},
  {"confusion", "Where a classifier errs.", function()
    return plot.confusion({{50, 0, 0}, {1, 44, 5}, {0, 3, 47}}, {title = "Iris",
      classes = {"setosa", "versicolor", "virginica"}})
  end},
  {"roc", "All thresholds at once.", function()
    return plot.roc({{"net", truth, scores}, {"guessing", truth, list(300, math.random)}},
      {title = "ROC"})
  end},
  {"pr", "Precision against recall.", function()
    return plot.pr(truth, scores, {title = "Precision and recall"})
  end},
  {"boundary", "What a net decides everywhere.", function()
    return plot.boundary(spiral_side, {points, labels}, {title = "A boundary between two spirals",
      classes = {"first arm", "second arm"}})
  end},
  {"contour", "Paths of optimisers on a surface.", function()
    return plot.contour(rosenbrock, {title = "Rosenbrock's valley (b = 10)", xrange = {-2.5, 2},
      yrange = {-1, 3}, paths = {{"rate 0.002", descend(0.002, 0, 250)},
      {"rate 0.002, momentum 0.9", descend(0.002, 0.9, 250)}}})
  end},
  {"surface", "A saddle from the side.", function()
    return plot.surface(function(x, y) return x * x - y * y end, {title = "A saddle"})
  end},
  {"heatmap", "A matrix around zero.", function()
    return plot.heatmap(list(24, function(i) return list(48, function(j)
      return math.sin(i / 4) * math.cos(j / 6) + 0.2 * (math.random() - 0.5)
    end) end), {diverging = true, title = "Weights of the first layer", label = "weight",
      xlabel = "input", ylabel = "unit"})
  end},
  {"image", "One image.", function() return plot.image(glyph(4), {title = "A ring"}) end},
  {"images", "A sheet of images.", function()
    return plot.images(list(12, glyph), {labels = list(12, function(k) return "no. " .. k end),
      title = "Twelve glyphs"})
  end},
  {"fit", "A fit with its spread.", fit_figure},
  {"graph", "A computation with values and gradients.", function()
    return plot.graph({{name = "x", value = 2, grad = -3}, {name = "w", value = -1, grad = 6},
      {op = "mul", value = -2, grad = 3, inputs = {1, 2}}, {name = "b", value = 5, grad = 3},
      {op = "add", value = 3, grad = 3, inputs = {3, 4}},
      {op = "relu", value = 3, grad = 3, inputs = {5}}, {name = "y", value = 1.5},
      {op = "sub", value = 1.5, grad = 3, inputs = {6, 7}},
      {op = "square", value = 2.25, grad = 1, inputs = {8}}}, {title = "(relu(w x + b) - y)^2"})
  end},
}

local function html(text)
  return (text:gsub("[&<>]", {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;"}))
end

os.execute(("mkdir -p '%s'"):format(folder:gsub("'", "'\\''")))
local rows = {}
for _, page in ipairs(pages) do
  local name, words, make = table.unpack(page)
  local fig = make()
  fig:save(folder .. "/" .. name .. ".png")
  fig:save(folder .. "/" .. name .. ".txt")
  rows[#rows + 1] = ('<h2>plot.%s</h2><p>%s</p><img src="%s.png" alt="%s" width="900">'):format(
    html(name:match("^[%w_]+")), html(words), name, html(words))
  print(name)
end

plot.animate(folder .. "/animation.gif", 40, function(i)
  local path = descend(0.002, 0.9, 6 * i)
  return plot.contour(rosenbrock, {title = "Momentum 0.9", n = 50, xrange = {-2.5, 2}, yrange = {-1, 3},
    path = path})
end)
rows[#rows + 1] = '<h2>plot.animate</h2><p>Frame by frame.</p><img src="animation.gif" alt="animation">'

local file = assert(io.open(folder .. "/index.html", "w"))
file:write('<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures</title>',
  '<body style="max-width:60em;margin:auto;font-family:sans-serif">\n', table.concat(rows, "\n"), "\n")
file:close()
print(("%d pictures and an animation: %s/index.html"):format(#pages, folder))
