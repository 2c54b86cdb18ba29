-- SPDX-License-Identifier: GPL-3.0-or-later
-- The topics of the course, by number: what a student does for each, the lesson in which that is
-- a checked step, that step's `name`, and the `name` of the picture step that shows the effect.
-- rows_test.lua holds the lessons to it.
--
-- A topic that no lesson teaches yet has no lesson here, and is reported. One with no picture to
-- draw says `picture = false`. Two lessons for one topic, or two steps: use lists,
-- step = {"a", "b"}.

return {
  -- foundations
  [1] = {does = "print the shape after every layer for an N x D batch", lesson = "01-first-steps",
    step = "shapes", picture = false},
  [2] = {does = "collapse two linear layers into one matrix", lesson = "02-why-activations",
    step = "collapse", picture = "boundary"},
  [3] = {does = "evaluate and differentiate activations, find saturated and dead regions",
    lesson = "03-activations", step = {"derivative", "saturated", "dead", "maxout", "softmax"},
    picture = "curves"},
  [4] = {does = "derive s - y and sigma - y, compare with autograd and finite differences",
    lesson = "04-backpropagation",
    step = {"by-hand", "numeric", "softmax", "sigmoid", "weights", "inputs", "whole"},
    picture = "graph"},
  [5] = {does = "write batch norm's backward pass, pass the gradient check",
    lesson = "06-own-backward", picture = false,
    step = {"forward", "parameters", "variance", "input", "gradcheck"}},
  [6] = {does = "compute and differentiate each loss", lesson = "05-losses",
    step = {"mse", "mae", "huber", "saturated", "logloss", "ce", "hinge"}, picture = "shapes"},
  [7] = {does = "normalise train and test with the training set's statistics; see a leak",
    lesson = "07-normalise-data", step = {"standard", "minmax", "own", "leak"},
    picture = "scatter"},
  [8] = {does = "decorrelate, reduce, whiten", lesson = "08-whitening",
    step = {"covariance", "decorrelate", "digits", "whiten", "onestep"},
    picture = {"scatter", "explained", "rates"}},

  -- initialisation
  [9] = {does = "train a constant net and count the distinct units",
    lesson = "10-constant-weights", step = {"rows", "difference", "constant", "start"},
    picture = "heat"},
  [10] = {does = "measure the variance per layer for depth m and scale S",
    lesson = "11-depth", step = {"double", "half", "chain", "tenth", "one", "sketch", "uniform"},
    picture = {"scale", "depth", "activations", "gradients"}},
  [11] = {does = "derive n Var(w) = 1 and confirm it by measurement",
    lesson = "12-first-weights", step = {"product", "s", "calibrated", "confirm", "averaged", "backward"},
    picture = "modes"},
  [12] = {does = "reproduce Glorot and Bengio's histograms", lesson = "13-xavier",
    step = {"left", "limit", "drawn", "rooted", "xavier", "gain-53"},
    picture = {"histograms", "gains"}},
  [13] = {does = "22 and 30 layers of ReLU, Xavier against He"},
  [14] = {does = "first loss with and without the log prior as output bias"},
  [15] = {does = "compare orthogonal, sparse and LSUV on 50 layers"},

  -- optimisation
  [16] = {does = "same budget, batch 1, 32, all", lesson = "20-batches", step = {"full", "loop"},
    picture = "by-digits"},
  [17] = {does = "predict and run descent on the bowl and on Rosenbrock", lesson = "21-surfaces",
    step = {"descend", "edge", "from-zero", "saddle"}, picture = {"bowl", "rosenbrock"}},
  [18] = {does = "smooth temperatures at beta 0.5, 0.9, 0.98", lesson = "22-momentum",
    step = {"smooth", "days", "corrected"}, picture = "temperatures"},
  [19] = {does = "race the optimisers; write one by hand and match the built-in one",
    lesson = {"22-momentum", "23-adam"}, step = {"ball", "first-step", "adam"},
    picture = {"paths", "all-paths", "all-heights"}},
  [20] = {does = "sweep the learning rate; use the finder", lesson = "24-rates",
    step = {"too-high", "good"}, picture = {"sweep", "finder"}},
  [21] = {does = "attach schedules to an optimiser", lesson = "24-rates",
    step = {"inverse", "factor", "mine", "plateau"}, picture = {"schedules", "rate-and-loss"}},

  -- regularisation
  [22] = {does = "fit a noisy curve with nets of several widths", lesson = "30-overfitting",
    step = "fresh", picture = {"fits", "capacity", "curves"}},
  [23] = {does = "weight decay and penalty, the same result for SGD", lesson = "31-penalties",
    step = {"factor", "penalty", "same", "different"}, picture = {"weights", "circles"}},
  [24] = {does = "stop by patience and by minimum improvement", lesson = "30-overfitting",
    step = {"rule", "early", "restored"}, picture = "stop"},
  [25] = {does = "see 4.0 and 0.0 for p = 0.75; forget eval()", lesson = "32-dropout",
    step = {"four", "eval", "original", "own", "layer", "forgotten"}, picture = {"fits", "jitter"}},
  [26] = {does = "schedule dropout's p to 0", lesson = "32-dropout",
    step = {"anneal", "annealed"}, picture = "annealing"},
  [27] = {does = "100 stochastic passes, mean and band", lesson = "33-many-nets",
    step = {"crowd", "mean", "band"}, picture = "band-picture"},
  [28] = {does = "masks on the weights, compared with dropout", lesson = "33-many-nets",
    step = {"connect", "compared"}, picture = false},

  -- normalisation
  [29] = {does = "batch norm on 1000 x 3; a batch of one; rates with and without",
    lesson = {"40-batch-norm", "42-why-batch-norm"},
    step = {"normalise", "batch of one", "recalibrate", "rate 1", "scale and shift", "shaken"},
    picture = {"columns", "rates", "histograms"}},
  [30] = {does = "normalise one 4-D tensor four ways", lesson = "43-which-axes",
    step = {"layer means", "four ways", "group norm"}, picture = "slices"},
  [31] = {does = "predict the parameter counts of net:summary()", lesson = "44-cnn",
    step = {"quiz", "summary", "orders"}, picture = "orders picture"},
  [32] = {does = "50 layers with and without skips", lesson = "45-skips",
    step = {"plain gradient", "skip", "learn"}, picture = {"gradients", "losses"}},
  [33] = {does = "train a small CNN on digits", lesson = "44-cnn", step = "train",
    picture = "losses"},
  [41] = {does = "switch train and eval at the prompt, compare outputs", lesson = "41-two-modes",
    step = {"switch", "honest"}, picture = "jitter"},

  -- evaluation
  [34] = {does = "the three classes: 0.87 and 0.6; thresholds by hand",
    lesson = {"50-metrics", "51-thresholds"}, step = {"macro", "averages", "fbeta", "rates", "auc", "r2"},
    picture = {"confusion", "roc", "pr"}},
  [35] = {does = "choose a width honestly, and dishonestly", lesson = "52-honest-choice",
    step = {"coins", "split", "folds", "sorted", "shuffled"}, picture = {"judges", "fold scores"}},
  [36] = {does = "print the running table and narrow the range", lesson = "53-search",
    step = {"draw", "misprint", "narrow", "search"}, picture = {"slide", "search picture"}},
  [37] = {does = "find the noise feature of an overfitted net", lesson = "54-importance",
    step = {"rise", "phone taught", "phone unseen", "ratio", "better"}, picture = "bars"},
  [38] = {does = "augment digits, train on little data", lesson = "55-augmentation",
    step = {"shift", "enlarge", "augmented", "flipped", "scanner"}, picture = {"grid", "curves"}},

  -- pretraining
  [39] = {does = "reconstruct and denoise digits", lesson = "60-autoencoders",
    step = {"by hand", "pca", "deep", "copy", "salt and pepper", "denoised"},
    picture = {"rebuilt", "codes", "denoised picture"}},
  [40] = {does = "few labels, with and without pretraining", lesson = "61-pretraining",
    step = {"alone", "second layer", "assemble", "pretrained", "relu"}, picture = "curves"},
}
