"""Learning a LinearModel from examples. Only training needs scikit-learn; a running server never imports this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

from bot.nlu.linear import Floats, Group, LinearModel, Text, features, numbered, softmax, weighted

# In how many examples a feature must stand, by group: there are too many pairs of characters to keep the single ones.
OFTEN = (1, 1, 2)
# Parts of the examples that are put aside in turn to learn how sure the scores are.
FOLDS = 3
STEEPEST = 20.0


def learn(texts: Sequence[Text], classes: Sequence[str], longest: int, strength: float) -> LinearModel:
    """Fit one support vector machine a class. `strength` is the inverse of the regularisation."""
    found = [features(text, longest) for text in texts]
    # In the order of the texts: that of a set changes from process to process, and with it the last digits of the model.
    seen = [Counter(feature for text in found for feature in dict.fromkeys(text[kind])) for kind in range(3)]
    often = [{feature: n for feature, n in counts.items() if n >= least} for counts, least in zip(seen, OFTEN, strict=True)]
    groups = numbered(often)
    counts = np.array([count for known in often for count in known.values()])
    idf: Floats = (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32)

    matrix, labels = _matrix(texts, longest, groups, idf), np.array(classes)
    machine = LinearSVC(C=strength, random_state=0)
    slope = _slope(machine, matrix, labels)
    machine.fit(matrix, labels)
    names = [str(name) for name in machine.classes_]
    # Of two classes scikit-learn keeps one row of weights, the second's.
    two = len(names) == 2
    weights = np.vstack([-machine.coef_, machine.coef_]) if two else machine.coef_
    offsets = np.hstack([-machine.intercept_, machine.intercept_]) if two else machine.intercept_
    rows = np.ascontiguousarray(weights.T.astype(np.float16).astype(np.float32))  # as it will be stored
    return LinearModel(names, longest, groups, idf, rows, offsets.astype(np.float32), slope)


def _matrix(texts: Sequence[Text], longest: int, groups: Sequence[Group], idf: Floats) -> csr_matrix:
    rows: list[int] = []
    values: list[float] = []
    ends = [0]
    for text in texts:
        for found, weights in weighted(text, longest, groups, idf):
            rows += found.tolist()
            values += weights.tolist()
        ends.append(len(rows))
    return csr_matrix((values, rows, ends), shape=(len(texts), len(idf)), dtype=np.float32)


def _slope(machine: LinearSVC, matrix: csr_matrix, labels: NDArray[np.str_]) -> float:
    """The factor that makes scores of unseen examples honest shares (temperature scaling, Guo et al. 2017)."""
    if min(Counter(labels).values()) < FOLDS or len(set(labels)) < 3:
        return 1.0
    parts = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    scores = cross_val_predict(machine, matrix, labels, cv=parts, method="decision_function")
    right = np.searchsorted(np.unique(labels), labels)

    def surprise(slope: float) -> float:
        shares = softmax(slope * scores)
        return float(-np.log(shares[np.arange(len(right)), right] + 1e-12).mean())

    return float(minimize_scalar(surprise, bounds=(0.1, STEEPEST), method="bounded").x)
