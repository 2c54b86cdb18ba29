-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  standard = {right = {
    "s = data.Standardize():fit(train_set) xtrain, xtest = s:apply(train_set).x, s:apply(test_set).x",
    "mu = train_set.x:mean(1); sd = (train_set.x - mu):square():mean(1):sqrt(); xtrain = (train_set.x - mu) / sd; xtest = (test_set.x - mu) / sd",
    "function n(x) return (x - train_set.x:mean(1)) / train_set.x:std(1) end xtrain, xtest = n(train_set.x), n(test_set.x)"},
    wrong = "xtrain, xtest = train_set.x, test_set.x"},
  minmax = {right = {
    "low = train_set.x:min(1); high = train_set.x:max(1); squeezed = (test_set.x - low) / (high - low)",
    "squeezed = data.MinMax():fit(train_set):apply(test_set).x",
    "low, high = train_set.x:min(1), train_set.x:max(1); squeezed = test_set.x / (high - low) - low / (high - low)"},
    wrong = "squeezed = test_set.x / test_set.x:max(1)"},
  repair = {right = {
    "s = data.Standardize():fit(train_set); clean_train, clean_test = s:apply(train_set.x), s:apply(test_set.x)",
    "clean_train, clean_test = scaler:fit(train_set.x):apply(train_set.x), scaler:apply(test_set.x)",
    "s = data.Standardize():fit(train_set.x) clean_test = s:apply(test_set.x) clean_train = s:apply(train_set.x)"},
    wrong = "clean_train, clean_test = train_set.x, test_set.x"},
}
