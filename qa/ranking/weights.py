"""The weights of the signals: learnt once, kept in a data file with the run that made them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def learnt_weights() -> Mapping[str, float]:
    """Each signal's weight, at least 0, by the name of its function."""
    text = files("qa.ranking").joinpath("weights.json").read_text(encoding="utf-8")
    weights: Mapping[str, float] = json.loads(text)["weights"]
    return weights
