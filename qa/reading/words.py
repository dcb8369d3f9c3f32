"""Classes of words as data: connectors in place names, labels of date lines, endings of names."""

from __future__ import annotations

from functools import cache
from importlib import resources


def word_set(name: str) -> frozenset[str]:
    """The words of a class of `words.tsv`; KeyError where there is no such class."""
    return _classes()[name]


@cache
def _classes() -> dict[str, frozenset[str]]:
    table = resources.files("qa.reading").joinpath("words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {name: frozenset(words.split()) for name, words in rows}
