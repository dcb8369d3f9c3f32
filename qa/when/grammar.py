"""What the rules of the time grammar share: what they find, and how a year is named or left out.

A rule is tried where one of its words stands. It returns what it found, with the exact place, or
None when the words do not mean a time there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from qa.when import vocabulary as v
from qa.when.resolve import (
    Reference,
    Span,
    moved,
    nearest,
)
from qa.when.tense import Tense

# What the meaning hangs on: nothing, a year that was left out, or the day of writing.
Anchoring = Literal["dated", "yearless", "deictic"]


@dataclass(frozen=True, slots=True)
class Found:
    """A time expression at `[start, end)` of the text and the days that it means.

    `closing` is the date that ends it, "April 8" of "the week ended April 8".
    """

    start: int
    end: int
    span: Span
    kind: str
    anchoring: Anchoring = "dated"
    closing: Found | None = None


Rule = Callable[[Reference, int], Found | None]
OfYear = Callable[[int], Span | None]
YEAR_TAIL = (
    rf"(?P<tail>(?:,?{v.GAP}(?:of{v.GAP}|in{v.GAP})?|-){v.year()}"
    rf"|{v.GAP}[{v.APOSTROPHES}](?P<short>\d\d)(?!\d)"
    rf"|,?{v.GAP}(?:of{v.GAP})?(?P<which>this|last|next){v.GAP}year(?![{v.APOSTROPHES}]))?"
)
_OWNING_YEAR = re.compile(
    rf"\b(?P<which>this|last|next){v.GAP}year[{v.APOSTROPHES}]s{v.GAP}$", re.I
)
_YEAR_STEPS = {"last": -1, "this": 0, "next": 1}


def owning_year(ref: Reference, at: int) -> int | None:
    """The year that owns what follows: "last year's third quarter"."""
    if not v.previous_word(ref.text, at).startswith("year"):
        return None
    owner = _OWNING_YEAR.search(ref.text[max(0, at - 16) : at])
    return ref.day.year + _YEAR_STEPS[owner["which"].lower()] if owner and ref.day else None


def named_year(match: re.Match[str], ref: Reference) -> int | None:
    """The year that follows a date: written out, as '87, or as "last year"."""
    if match["year"]:
        return int(match["year"])
    if match["short"]:
        near = ref.day.year if ref.day else 2000
        return min(range(int(match["short"]), 2200, 100), key=lambda year: abs(year - near))
    if match["which"] and ref.day:
        return ref.day.year + _YEAR_STEPS[match["which"].lower()]
    return owning_year(ref, match.start())


def in_its_year(
    match: re.Match[str], ref: Reference, of_year: OfYear, kind: str, start: int | None = None
) -> Found | None:
    """The yearly time in the year that is named, else in the one that the context means."""
    begin = match.start() if start is None else start
    # "March last year" is two expressions: the month in that year, and the year.
    end = match.start("tail") if match["which"] else match.end()
    year = named_year(match, ref)
    if year is not None:
        span = of_year(year)
        deictic = not (match["year"] or match["short"])
        return Found(begin, end, span, kind, "deictic" if deictic else "dated") if span else None
    if ref.day is None:
        return None
    span = nearest(of_year, ref.day, ref.tense(begin, match.end()))
    return Found(begin, end, span, kind, "yearless") if span else None


_WHICH = frozenset(v.word_list("this last next coming past"))
_WHICH_BEFORE = re.compile(
    r"\b(?P<which>this(?:\s(?:past|coming))?|last|next|coming|past)\s{1,3}$", re.I
)


def which_before(text: str, at: int) -> tuple[str, int]:
    """The "last", "this" or "next" before a position, and where the expression then starts."""
    if v.previous_word(text, at) not in _WHICH:
        return "", at
    low = max(0, at - 16)
    match = _WHICH_BEFORE.search(text[low:at])
    return (match["which"].lower(), low + match.start()) if match else ("", at)


def choose(of_year: OfYear, which: str, day: date, looking: Tense | None = None) -> Span | None:
    """The last, this or next occurrence of a yearly time, seen from `day`."""
    spans = [
        span
        for year in range(day.year - 2, day.year + 3)
        if 1 < year < 9998 and (span := of_year(year))
    ]
    if which in ("next", "coming", "this coming"):
        return next((span for span in spans if span.first > day), None)
    if which in ("last", "past", "this past"):
        return next((span for span in reversed(spans) if span.last < day), None)
    if looking == "future":
        spans = [span for span in spans if span.last >= day] or spans
    return min(
        spans, key=lambda span: (not span.first <= day <= span.last, _strangeness(span, day))
    )


def _strangeness(span: Span, day: date) -> tuple[bool, int]:
    """ "this" time is one of this year; a winter may have begun in the last."""
    other_year = day.year not in (span.first.year, span.last.year)
    return other_year, abs((span.first - day).days)


def yearly(
    match: re.Match[str], ref: Reference, of_year: OfYear, kind: str, allowed: bool
) -> Found | None:
    which, start = which_before(ref.text, match.start())
    if which and ref.day and not match["year"]:
        span = choose(of_year, which, ref.day, ref.tense(start, match.end()))
        return Found(start, match.end(), span, kind, "deictic") if span else None
    if not (allowed or match["year"] or match["short"] or match["which"]):
        return None
    return in_its_year(match, ref, of_year, kind)


def period_ending(last: date, unit: str, count: int) -> Span | None:
    """The `count` units that end with the day `last`."""
    first = moved(last + timedelta(days=1), unit, -count)
    return Span(first, last, "range") if first else None
