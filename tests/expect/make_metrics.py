#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/lua/metrics/expect.txt and tests/lua/data/expect.txt: cases with
scikit-learn's answers, as Lua tables. Run by hand with python3-sklearn
(Debian 12: 1.2); the tests themselves need no Python packages."""
import os
import warnings

import numpy as np
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
    return case


def scores(truth, given):
    fpr, tpr, _ = metrics.roc_curve(truth, given, drop_intermediate=False)
    precision, recall, _ = metrics.precision_recall_curve(truth, given)
    return {"kind": "scores", "truth": truth, "given": given, "fpr": fpr,
            "tpr": tpr, "auc": metrics.roc_auc_score(truth, given),
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
            "r2": metrics.r2_score(truth, given)}


def transform(x, new):
    standard = preprocessing.StandardScaler().fit(x)
    minmax = preprocessing.MinMaxScaler().fit(x)
    pca = decomposition.PCA().fit(x)
    case = {"x": x, "new": new, "standard": standard.transform(new),
            "minmax": minmax.transform(new), "variance":
            pca.explained_variance_, "ratio": pca.explained_variance_ratio_,
            "pca": np.abs(pca.transform(new))}
    return case


cases = []
for n, c in ((1, 2), (7, 2), (20, 3), (50, 5)):
    cases.append(classes(rng.randint(1, c + 1, n), rng.randint(1, c + 1, n)))
cases.append(classes([1, 1, 2, 2, 2], [3, 3, 2, 2, 1]))  # 3 never true
cases.append(classes([1, 2, 3, 3], [1, 1, 1, 1]))        # 2 and 3 never said
cases.append(classes([2, 2, 2], [2, 2, 2]))
for n, ties in ((8, 0), (40, 1), (40, 0)):
    truth = rng.randint(0, 2, n)
    truth[0], truth[1] = 0, 1
    given = rng.rand(n) + 0.5 * truth
    cases.append(scores(truth, np.round(given, ties) if ties else given))
cases.append(scores([0, 1, 1, 0], [0.5, 0.5, 0.5, 0.5]))
raw = rng.rand(6, 3) + 0.01
cases.append(probabilities([1, 2, 3, 3, 1, 2],
                           raw / raw.sum(1, keepdims=True)))
cases.append(numbers(rng.randn(15), rng.randn(15)))
cases.append(numbers([1, 2, 3], [1, 2, 3]))
cases.append(numbers([2, 2, 2], [1, 2, 3]))
cases.append(numbers([2, 2, 2], [2, 2, 2]))
write("metrics/expect.txt", cases)

x = rng.randn(12, 4) @ rng.randn(4, 4) + 3
constant = x.copy()
constant[:, 1] = 5
write("data/expect.txt", [transform(x, rng.randn(3, 4)),
                          transform(constant, rng.randn(3, 4))])
