"""Hits to the words that answer, with a confidence, or to the reason why none do.

Best sentence first, then the shortest span in it that is of the kind asked for, then whether the
article really holds what is asked. No language model: word families, typed candidates and three
small linear models (`model.json`).
"""

from __future__ import annotations

from qa.reader.read import SpanReader

__all__ = ["SpanReader"]
