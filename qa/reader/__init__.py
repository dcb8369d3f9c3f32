"""Hits to the words that answer, with a confidence, or to the reason why none do.

Best sentence first, then the shortest span in it that is of the kind asked for, then whether the
article really holds what is asked. No language model: word families, typed candidates, a small
network that reads a few sentences (`weights/`), and linear models over all of these (`model.json`).
"""

from __future__ import annotations

from qa.reader.network import shipped_network
from qa.reader.read import SpanReader

__all__ = ["SpanReader", "shipped_network"]
