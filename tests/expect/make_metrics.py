#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/lua/metrics/{expect,importance}.txt and
tests/lua/data/{expect,folds}.txt: cases with scikit-learn's answers, as Lua
tables. Run by hand with python3-sklearn (Debian 12: 1.2) and python3-torch; the
tests themselves need no Python packages."""
import os
import warnings

import numpy as np
import torch
from sklearn import decomposition, inspection, metrics, model_selection
from sklearn import preprocessing

warnings.simplefilter("ignore")
here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(7)


def lua(value):
    if isinstance(value, dict):
        items = (f"{k} = {lua(v)}" for k, v in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, (list, tuple, np.ndarray)):
        return "{" + ", ".join(lua(v) for v in value) + "}"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if np.isnan(value):
        return "0/0"
    if float(value) == np.inf:
        return "math.huge"
    return repr(float(value)) if not float(value).is_integer() else \
        str(int(value))


def write(name, cases):
    path = os.path.join(here, "..", "lua", name)
    with open(path, "w") as file:
        file.write("return {\n")
        for case in cases:
            file.write("  " + lua(case) + ",\n")
        file.write("}\n")


def classes(truth, given):
    case = {"kind": "classes", "truth": truth, "given": given,
            "confusion": metrics.confusion_matrix(
                truth, given, labels=range(1, max(max(truth), max(given)) + 1)),
            "accuracy": metrics.accuracy_score(truth, given),
            "mcc": metrics.matthews_corrcoef(truth, given)}
    for average in ("macro", "micro", "weighted"):
        p, r, f, _ = metrics.precision_recall_fscore_support(
            truth, given, average=average, zero_division=0)
        f2 = metrics.fbeta_score(truth, given, beta=2, average=average,
                                 zero_division=0)
        case[average] = [p, r, f, f2]
    each = metrics.precision_recall_fscore_support(truth, given,
                                                   zero_division=0)
    case["each"] = [each[0], each[1], each[2]]
    case["support"] = each[3]
    for normalise in ("true", "pred", "all"):
        case[normalise + "_share"] = metrics.confusion_matrix(
            truth, given, normalize=normalise,
            labels=range(1, max(max(truth), max(given)) + 1))
    if max(max(truth), max(given)) <= 2:
        p, r, f, _ = metrics.precision_recall_fscore_support(
            truth, given, average="binary", pos_label=2, zero_division=0)
        case["binary"] = [p, r, f, metrics.fbeta_score(
            truth, given, beta=2, pos_label=2, zero_division=0)]
    return case


def scores(truth, given):
    fpr, tpr, _ = metrics.roc_curve(truth, given, pos_label=1,
                                    drop_intermediate=False)
    precision, recall, _ = metrics.precision_recall_curve(truth, given,
                                                          pos_label=1)
    # Where one class is missing scikit-learn 1.2 raises; later ones say nan.
    both = len(set(truth)) == 2
    return {"kind": "scores", "truth": truth, "given": given, "fpr": fpr,
            "tpr": tpr, "auc": metrics.roc_auc_score(truth, given) if both else np.nan,
            "ap": metrics.average_precision_score(truth, given),
            "precision": precision[::-1], "recall": recall[::-1]}


def probabilities(truth, given):
    return {"kind": "probabilities", "truth": truth, "given": given,
            "log_loss": metrics.log_loss(
                truth, given, labels=range(1, given.shape[1] + 1))}


def numbers(truth, given):
    return {"kind": "numbers", "truth": truth, "given": given,
            "mse": metrics.mean_squared_error(truth, given),
            "rmse": metrics.mean_squared_error(truth, given) ** 0.5,
            "mae": metrics.mean_absolute_error(truth, given),
            "huber": torch.nn.functional.huber_loss(
                torch.tensor(np.float64(given)),
                torch.tensor(np.float64(truth))).item(),
            "r2": metrics.r2_score(truth, given)}


def transform(x, new):
    standard = preprocessing.StandardScaler().fit(x)
    minmax = preprocessing.MinMaxScaler().fit(x)
    pca = decomposition.PCA().fit(x)
    wide = pca.explained_variance_ > 1e-9  # others point anywhere
    case = {"x": x, "new": new, "standard": standard.transform(new),
            "minmax": minmax.transform(new), "variance":
            pca.explained_variance_, "ratio": pca.explained_variance_ratio_,
            "pca": np.abs(pca.transform(new))[:, wide],
            "between": preprocessing.MinMaxScaler((-1, 2)).fit(x).transform(
                new)}
    if min(x.shape) > 1:
        two = decomposition.PCA(2, whiten=True).fit(x)
        case["white"] = np.abs(two.transform(new))
    return case


def folds(n, k, y):
    """Samples 1..n in the parts left out by KFold and StratifiedKFold."""
    x = np.zeros((n, 1))
    plain = model_selection.KFold(k).split(x)
    kept = model_selection.StratifiedKFold(k).split(x, y)
    return {"n": n, "k": k, "y": y, "plain": [v + 1 for _, v in plain],
            "stratified": [v + 1 for _, v in kept]}


def share(y, size):
    """Class counts of a stratified test part."""
    _, test = model_selection.train_test_split(y, test_size=size, stratify=y,
                                               random_state=0)
    return {"y": y, "size": size, "counts": np.bincount(
        test, minlength=max(y) + 1)[1:]}


def sizes(share):
    """How many of 3, 4, ... samples a test part gets."""
    return {"share": share, "sizes": [
        len(model_selection.train_test_split(np.zeros(n), test_size=share)[1])
        for n in range(3, 60)]}


class Linear:
    """A model that needs no training: x times weights, or its sign + 1."""
    def __init__(self, weights, labels):
        self.weights, self.labels = weights, labels

    def fit(self, x, y):
        return self

    def predict(self, x):
        z = x @ self.weights
        return np.where(z > 0, 2, 1) if self.labels else z


def importance(n, weights, labels):
    x = rng.randn(n, len(weights))
    x[:, 1] = np.round(x[:, 1])  # ties
    x[:, 2] = 3                  # constant
    model = Linear(np.array(weights), labels)
    y = model.predict(x + 0.5 * rng.randn(*x.shape))
    result = inspection.permutation_importance(
        model, x, y, n_repeats=400, random_state=0,
        scoring="accuracy" if labels else "neg_mean_squared_error")
    return {"x": x, "y": y, "weights": weights, "labels": labels,
            "mean": result.importances_mean, "std": result.importances_std}


cases = []
for n, c in ((1, 1), (1, 2), (7, 2), (20, 2), (20, 3), (50, 5)) * 4:
    cases.append(classes(rng.randint(1, c + 1, n), rng.randint(1, c + 1, n)))
for n, c in ((30, 4), (60, 6)) * 3:  # classes that are never true, or never said
    truth, given = rng.randint(1, c + 1, n), rng.randint(1, c + 1, n)
    truth[truth == 2], given[given == c - 1] = 1, 1
    cases.append(classes(truth, given))
cases.append(classes([1, 1, 2, 2, 2], [3, 3, 2, 2, 1]))
cases.append(classes([1, 2, 3, 3], [1, 1, 1, 1]))
cases.append(classes([2, 2, 2], [2, 2, 2]))
cases.append(classes([1, 1, 1], [2, 2, 2]))
for n, ties in ((2, 0), (8, 0), (40, 1), (40, 0), (200, 1), (200, 2)) * 2:
    truth = rng.randint(0, 2, n)
    truth[0], truth[1] = 0, 1
    given = rng.rand(n) + 0.5 * truth
    cases.append(scores(truth, np.round(given, ties) if ties else given))
cases.append(scores([0, 1, 1, 0], [0.5, 0.5, 0.5, 0.5]))
cases.append(scores([0, 0, 0], [0.1, 0.5, 0.5]))  # no positives
cases.append(scores([1, 1, 1], [0.1, 0.5, 0.5]))  # no negatives
for n, c in ((6, 3), (1, 2), (30, 5)):
    raw = rng.rand(n, c) + 0.01
    cases.append(probabilities(rng.randint(1, c + 1, n),
                               raw / raw.sum(1, keepdims=True)))
sure = np.eye(3)[[0, 1, 2, 0]]
cases.append(probabilities([1, 2, 3, 2], sure))
for n in (1, 2, 15, 100):
    cases.append(numbers(rng.randn(n), 3 * rng.randn(n)))
cases.append(numbers([1, 2, 3], [1, 2, 3]))
cases.append(numbers([2, 2, 2], [1, 2, 3]))
cases.append(numbers([2, 2, 2], [2, 2, 2]))
write("metrics/expect.txt", cases)

x = rng.randn(12, 4) @ rng.randn(4, 4) + 3
constant = x.copy()
constant[:, 1] = 5
write("data/expect.txt", [transform(x, rng.randn(3, 4)),
                          transform(constant, rng.randn(3, 4)),
                          transform(rng.randn(3, 5), rng.randn(2, 5)),
                          transform(rng.randn(9, 1), rng.randn(2, 1)),
                          transform(np.round(rng.randn(20, 3)),
                                    rng.randn(2, 3))])
write("data/folds.txt", [
    folds(n, k, rng.randint(1, c + 1, n))
    for n, k, c in ((4, 2, 1), (10, 5, 2), (11, 3, 2), (23, 5, 3), (40, 7, 4))
] + [share(np.repeat([1, 2, 3], [50, 30, 20]), 0.2),
     share(np.repeat([1, 2], [95, 5]), 0.4),
     share(np.repeat([2, 1, 3], [13, 17, 11]), 0.3),
     share(np.repeat([1, 2, 3], [50, 50, 50]), 0.25),
     share(np.repeat([1, 2, 3, 4], [3, 8, 20, 6]), 0.35)]
    + [sizes(share) for share in (0.1, 0.2, 0.25, 1 / 3, 0.5, 0.65)])
write("metrics/importance.txt", [
    importance(60, [2, 1, 0.2, 0, -1], True),
    importance(80, [0.5, -2, 1, 0], False)])
