-- SPDX-License-Identifier: GPL-3.0-or-later
-- One figure of each kind, from small fixed data: {name, figure}, in order. Read by the
-- tests of the text and of the rendering.

local function map(n, f)
  local t = {}
  for i = 1, n do t[i] = f(i) end
  return t
end

local function wave(n, step) return map(n, function(i) return math.floor(100 * math.sin(i * step)) / 100 end) end

local M = {}

local function add(name, fig) M[#M + 1] = {name, fig} end

add("curve", plot.curve({{"a", {1, 4, 9}}, {"b", {2, 3, 5}}}, {title = "two curves", xlabel = "step"}))
add("curve_function", plot.curve(function(x) return x * x end, {xrange = {-1, 1}}))
add("curve_log", plot.curve({1, 0.1, 0.01, 0, -1}, {ylog = true, title = "log"}))
add("curve_gap", plot.curve({1, 2, 0 / 0, 4, 1 / 0}, {title = "gap"}))
add("curve_measured", plot.curve({{"a", {1, 4, 64}, {1, 2, 3}}, {"b", {1, 4, 64}, {2, 2, 5}}},
  {xlog = true, points = true}))
add("scatter_letters", plot.scatter({1, 2, 3, 4, 5, 6, 7, 8}, {8, 7, 6, 5, 4, 3, 2, 1},
  {labels = {1, 2, 3, 4, 5, 6, 7, 7}, classes = {"0", "1", "2", "3", "4", "5", "6"}}))
add("scatter", plot.scatter({1, 2, 3, 4}, {4, 3, 2, 1}, {labels = {1, 2, 1, 2}, classes = {"x", "y"}}))
add("hist", plot.hist({1, 2, 2, 3, 3, 3}, {bins = 3, title = "a histogram"}))
add("hist_two", plot.hist({{"a", {1, 2, 2}}, {"b", {2, 3, 3}}}, {bins = 4}))
add("bar", plot.bar({3, 1, 2}, {labels = {"a", "b", "c"}, spread = {0.5, 0.1, 0.2}}))
add("bar_flat", plot.bar({3, -1}, {labels = {"up", "down"}, flat = true}))
add("fit", plot.fit({1, 2, 3}, {1, 2, 2.5}, {curve = {{1, 2, 3}, {1.1, 1.9, 2.6}},
  band = {{1, 1.8, 2.5}, {1.2, 2, 2.7}}, truth = {{1, 3}, {1, 2.6}}}))
add("heatmap", plot.heatmap({{1, 2, 3}, {4, 5, 6}}, {title = "heat", label = "z"}))
add("heatmap_numbers", plot.heatmap({{1, 2.25, 3}, {4, 5, 600}}, {numbers = true, label = false}))
add("heatmap_diverging", plot.heatmap({{-1, 0}, {0.5, 2}}, {diverging = true, rows = {"r", "s"},
  columns = {"c", "d"}}))
add("image", plot.image({{0, 1}, {1, 0.5}}))
add("image_rgb", plot.image({{{1, 0}, {0, 1}}, {{0, 1}, {0, 1}}, {{0, 0}, {1, 1}}}))
add("images", plot.images({{{0, 1}, {1, 0}}, {{1, 0}, {0, 1}}}, {labels = {"one", "two"}}))
add("images_rows", plot.images({{{0, 1}, {1, 0}}, {{1, 0}, {0, 1}}}, {columns = 1, rows = {"one", "two"}}))
add("confusion_names", plot.confusion({{20, 1}, {2, 19}}, {classes = {"chameleon", "salamander"}}))
add("confusion", plot.confusion({{20, 1}, {2, 19}}, {classes = {"cat", "dog"}}))
add("loss", plot.loss({train = {1, 0.5, 0.3}, valid = {1.1, 0.7, 0.6}}))
add("loss_smooth", plot.loss(wave(120, 0.3), {smooth = 0.9}))
add("loss_seeds", plot.loss({{"adam", {{1, 0.5}, {1.2, 0.4}}}, {"sgd", {{1, 0.8}, {1.1, 0.9}}}}))
add("schedule", plot.schedule({{"step", function(t) return 0.1 * 0.5 ^ (t // 2) end}}, {steps = 6}))
add("depth", plot.depth({{"N(0, 1)", {{1, 10, 100}, {2, 20, 300}}}, {"xavier", {1, 0.9, 0.8}}}))
add("depth_both", plot.depth({{"xavier", {forward = {1, 0.9}, backward = {0.5, 1}}}}, {title = "both"}))
add("fold_scores", plot.fold_scores({{"8", {0.9, 0.8}}, {"64", {0.95, 0.97}}}))
add("importance", plot.importance({mean = {0.01, 0.3}, std = {0.02, 0.05}, names = {"noise", "signal"}}))
add("roc", plot.roc({1, 0, 1, 0}, {0.9, 0.8, 0.3, 0.1}))
add("roc_thresholds", plot.roc({1, 0, 1, 0}, {0.9, 0.8, 0.3, 0.1}, {thresholds = {0.5, 0.2}}))
add("pr_thresholds", plot.pr({1, 0, 1, 0}, {0.9, 0.8, 0.3, 0.1}, {thresholds = {0.5, 0.2}}))
add("pr", plot.pr({1, 0, 1, 0}, {0.9, 0.8, 0.3, 0.1}))
add("scores", plot.scores({x = {1, 2, 4}, train = {0.8, 0.9, 1}, train_std = {0.1, 0.05, 0},
  valid = {0.7, 0.8, 0.7}, valid_std = {0.1, 0.1, 0.2}}))
add("find_lr", plot.find_lr({lr = {0.001, 0.01, 0.1, 1}, loss = {3, 2.5, 2, 4}, raw = {3.1, 2.4, 1.9, 6},
  suggestion = 0.1, diverged = 1}))
add("search", plot.search({{lr = 0.1, reg = 0.001, score = 0.9}, {lr = 0.001, reg = 0.1, score = 0.5},
  {lr = 0.01, reg = 0.01, score = 0.7}, names = {"lr", "reg"}}))
add("scatter_values", plot.scatter({0.001, 0.01, 0.1}, {1, 2, 3}, {values = {0.2, 0.9, 0.5}, label = "accuracy",
  xlog = true}))
add("boundary", plot.boundary(function(a, b) return a - b end, {{{0, 1}, {1, 0}}, {1, 2}}, {n = 5}))
add("boundary_classes", plot.boundary(function(p) return p:matmul(tensor{{-1, 1, -1}, {1, -1, -1}}) end,
  {{{0, 1}, {1, 0}, {-1, -1}}, {1, 2, 3}}, {n = 5}))
add("contour", plot.contour(function(x, y) return x * x + 2 * y * y end,
  {n = 7, levels = 2, paths = {{"sgd", {{2, 1}, {1, 0.5}, {0, 0}}}}}))
add("surface", plot.surface(function(x, y) return x * y end, {n = 4}))
add("activations", plot.activations({{"1 Tanh", {-1, -0.5, 0, 0.5, 1}, "Tanh"},
  {"2 ReLU", {0, 0, 1, 0.5}, "ReLU"}}, {bins = 4}))
add("gradients_log", plot.gradients({{"1.weight", {0.001, -0.002}}, {"2.weight", {1, -2}}}, {bins = 4}))
add("weights_ridge", plot.weights(map(13, function(i) return {i .. ".weight", wave(9, i)} end), {bins = 4}))
-- What nn.watch returns, in small.
local function watch(n)
  local w = {layers = {}, by_name = {}}
  for k = 1, n do
    local layer = {name = tostring(k - 1), kind = k % 2 == 1 and "Linear" or "Tanh", steps = {}}
    for t = 0, 4 do
      layer.steps[t + 1] = {step = 10 * t, mean = 0.1 * t, std = k + t / 4, saturated = k % 2 == 0 and 0.05 * t or nil,
        dead = 0, gradient_std = 10 ^ -k, update_ratio = k % 2 == 1 and 10 ^ (-2 - t / 4) or nil}
    end
    w.layers[k], w.by_name[layer.name] = layer, layer
  end
  return w
end
add("watch_activations", plot.activations(watch(2)))
add("watch_gradients", plot.gradients(watch(3)))
add("watch_depth", plot.depth(watch(4)))
add("watch_updates", plot.updates(watch(3)))
add("watch_rows", plot.gradients(watch(10), {title = "ten layers"}))
add("graph", plot.graph({{name = "w", value = 2, grad = 3}, {name = "x", value = 3},
  {op = "mul", value = 6, grad = 1, inputs = {1, 2}}}))
add("grid", plot.grid({plot.curve({1, 2}, {title = "a"}), plot.curve({2, 1}, {title = "b"})},
  {title = "small multiples"}))
add("grid_heat", plot.grid(map(3, function(k) return plot.heatmap({{1, 2}, {k, 4}}, {diverging = k == 2, title = "heat " .. k}) end)))
add("overlay", plot.overlay({plot.curve({1, 2}), plot.curve({2, 1})}))

return M
