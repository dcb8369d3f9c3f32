"""The learnt numbers of the reader: four linear models and a threshold, read from one data file.

`rough` decides which sentences are read closely and `sentence` which of those answers, `span`
scores candidate answers, `support` turns what supports the best one into a confidence by the
logistic function (Platt, 1999). benchmarks/reader.py writes the file, with the run that made it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from qa.errors import QAError


@dataclass(frozen=True, slots=True)
class Linear:
    """A weight for each named feature, in the order in which the code makes them."""

    weights: tuple[float, ...]
    bias: float = 0.0

    def score(self, features: Sequence[float]) -> float:
        """The weighted sum; `features` has the length of `weights`."""
        return self.bias + sum(w * x for w, x in zip(self.weights, features, strict=True))

    def scores(self, rows: NDArray[np.float64]) -> list[float]:
        """The weighted sum of each of `rows`, float64[n, len(weights)]."""
        found: list[float] = (self.bias + rows @ np.array(self.weights)).tolist()
        return found


@dataclass(frozen=True, slots=True)
class ReaderModel:
    """What the reader has learnt; `threshold` is the confidence under which it does not answer."""

    rough: Linear
    sentence: Linear
    span: Mapping[str, Linear]  # by group of kinds
    support: Linear
    threshold: float


def load_model(
    rough: Sequence[str], sentence: Sequence[str], span: Sequence[str], support: Sequence[str]
) -> ReaderModel:
    """The shipped model, its weights in the order of the feature names given.

    Raises QAError where the file does not fit the code: a feature is missing or unknown.
    """
    data = json.loads(files("qa.reader").joinpath("model.json").read_text(encoding="utf-8"))
    return ReaderModel(
        rough=_linear(data["rough"], rough),
        sentence=_linear(data["sentence"], sentence),
        span={group: _linear(part, span) for group, part in data["span"].items()},
        support=_linear(data["support"], support),
        threshold=float(data["threshold"]),
    )


def _linear(part: Mapping[str, float], names: Sequence[str]) -> Linear:
    if set(part) - {"bias"} != set(names):
        odd = sorted(set(part) ^ {*names, "bias"})
        raise QAError(
            f"qa/reader/model.json does not fit the code (features {', '.join(odd)}): "
            "run benchmarks/reader.py --learn"
        )
    return Linear(tuple(float(part[name]) for name in names), float(part.get("bias", 0.0)))


def logistic(score: float) -> float:
    """1 / (1 + e^-score), without overflow."""
    if score >= 0:
        return 1.0 / (1.0 + math.exp(-score))
    grown = math.exp(score)
    return grown / (1.0 + grown)
