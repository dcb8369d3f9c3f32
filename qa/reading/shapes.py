"""The rows of `grammar.tsv`, and what a row reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from qa.reading.datewords import DatePhrase
from qa.reading.places import PlacePhrase


@dataclass(frozen=True, slots=True)
class Shape:
    """One row of the grammar."""

    name: str
    elements: tuple[str, ...]
    after: str
    house: bool
    needs: frozenset[str]  # marks without which the shape cannot match


@dataclass(frozen=True, slots=True)
class Match:
    """What one shape read: the parts, and the index of the first token after it."""

    shape: str
    end: int
    place: PlacePhrase | None = None
    date: DatePhrase | None = None
    agency: str | None = None  # as written
    source: str | None = None  # canonical; None where no table knows the agency


@cache
def shapes() -> tuple[Shape, ...]:
    """The rows of `grammar.tsv`, in order."""
    table = resources.files("qa.reading").joinpath("grammar.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return tuple(
        Shape(row[0], tuple(row[1].split()), row[2], "house" in row[3:], _needs(row[1].split()))
        for row in rows
    )


def _needs(elements: list[str]) -> frozenset[str]:
    """The cues of `_find_cues` that every element but the optional ones asks for."""
    needs = set()
    for element in elements:
        if element in ("DASH", "LONGDASH"):
            needs.add("-")
        elif element == "AGENCY" or (len(element) == 1 and element in "/:)("):
            needs.add(element)
        elif element == "/AGENCY/":
            needs.add("/")
        elif element.startswith("(") and not element.endswith("?"):
            needs.add("(")
    return frozenset(needs)
