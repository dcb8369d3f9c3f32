"""The three fits behind qa/reader/model.json: a listwise one and a logistic one with known signs.

Both are convex and small (about 25 weights each), so that the same data give the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Matrix = NDArray[np.float64]


def listwise(lists: Sequence[Matrix], targets: Sequence[Matrix], ridge: float) -> Matrix:
    """Weights of a linear ranking, by the cross-entropy of softmax(scores) against `targets`.

    `lists[i]` is float[n_i, features], `targets[i]` float[n_i] sums to 1 (ListNet, Cao et al.
    2007). Features are scaled to unit deviation for the ridge; the weights returned are for the
    features as given. A feature that never varies gets 0.
    """
    stacked, wanted = np.concatenate(lists), np.concatenate(targets)
    sizes = [len(one) for one in lists]
    deviation = stacked.std(axis=0)
    scale = np.where(deviation > 1e-9, 1.0 / (deviation + 1e-6), 0.0)
    scaled = stacked * scale
    owner = np.repeat(np.arange(len(sizes)), sizes)
    starts = np.cumsum([0, *sizes[:-1]])

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        scores = scaled @ weights
        grown = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        shares = grown / np.add.reduceat(grown, starts)[owner]
        value = -(wanted * np.log(shares + 1e-12)).sum() + ridge * (weights @ weights)
        return float(value), -(scaled.T @ (wanted - shares)) + 2 * ridge * weights

    found = minimize(loss, np.zeros(stacked.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x * scale)


def signed_logistic(
    rows: Matrix, answerable: NDArray[np.bool_], weight: Matrix, signs: Sequence[int], ridge: float
) -> tuple[Matrix, float]:
    """Weights and bias of a logistic regression whose weights may not have the wrong sign.

    `weight[i]` is how much `rows[i]` counts.
    `signs[j]` is 1 (evidence for an answer), -1 (against) or 0 (free). A sign that only fits the
    way in which the questions were made cannot be learnt.
    """
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(deviation > 1e-9, 1.0 / (deviation + 1e-9), 0.0)
    scaled = (rows - mean) * scale
    side = np.where(answerable, 1.0, -1.0)

    def loss(values: Matrix) -> tuple[float, Matrix]:
        weights, bias = values[:-1], values[-1]
        margin = side * (scaled @ weights + bias)
        pull = -weight * side / (1.0 + np.exp(margin))
        value = (weight * np.logaddexp(0.0, -margin)).sum() + ridge * (weights @ weights)
        return float(value), np.append(scaled.T @ pull + 2 * ridge * weights, pull.sum())

    bounds = [{1: (0.0, None), -1: (None, 0.0), 0: (None, None)}[sign] for sign in signs]
    start = np.zeros(rows.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    weights = np.asarray(found.x[:-1] * scale)
    return weights, float(found.x[-1] - weights @ mean)


def folds(kinds: Sequence[str], count: int, seed: int) -> NDArray[np.int64]:
    """A fold for each item, every kind spread evenly over the folds."""
    random = np.random.default_rng(seed)
    of = np.zeros(len(kinds), np.int64)
    for kind in sorted(set(kinds)):
        members = np.flatnonzero(np.asarray(kinds) == kind)
        of[random.permutation(members)] = np.arange(len(members)) % count
    return of


def expected_calibration_error(
    confidence: Sequence[float], right: Sequence[bool], bins: int = 10
) -> tuple[float, list[dict[str, float]]]:
    """ECE over equally wide bins (Guo et al. 2017, eq. 3), and the table behind it."""
    values, truth = np.asarray(confidence), np.asarray(right, np.float64)
    at = np.minimum((values * bins).astype(int), bins - 1)
    table = []
    for number in sorted(set(at.tolist())):
        inside = at == number
        table.append(
            {
                "from": number / bins,
                "to": (number + 1) / bins,
                "questions": int(inside.sum()),
                "confidence": float(values[inside].mean()),
                "right": float(truth[inside].mean()),
            }
        )
    error = sum(row["questions"] * abs(row["confidence"] - row["right"]) for row in table)
    return error / max(1, len(values)), table


def named(names: Sequence[str], weights: Matrix, bias: float = 0.0) -> dict[str, float]:
    """Weights by feature name, rounded as they are written to the file."""
    rounded: Mapping[str, float] = {
        name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)
    }
    return {**rounded, "bias": round(bias, 4)}
