"""The weights of the signals: learnt once, kept in a data file with the run that made them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from qa.ranking.pool import Pool


def weights_for(pool: Pool) -> Mapping[str, float]:
    """The weights for a model with a table of word pieces, or for one without."""
    return _weights()["with pieces" if pool.words else "without pieces"]


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    text = files("qa.ranking").joinpath("weights.json").read_text(encoding="utf-8")
    weights: Mapping[str, Mapping[str, float]] = json.loads(text)["weights"]
    return weights
