"""Classes of words as data: connectors in place names, labels of date lines, names of people."""

from __future__ import annotations

from functools import cache
from importlib import resources


def word_set(name: str) -> frozenset[str]:
    """The words of a class of `words.tsv` or `names.tsv`; KeyError where there is no such class."""
    return _classes()[name]


@cache
def _classes() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for file in ("words.tsv", "names.tsv"):
        table = resources.files("qa.reading").joinpath(file).read_text(encoding="utf-8")
        rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
        found.update((name, frozenset(words.split())) for name, words in rows)
    return found
