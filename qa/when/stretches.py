"""Parts of a named month or year: "the first ten days of March", "the second half of December"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from qa.when import vocabulary as v
from qa.when.days import months
from qa.when.grammar import Anchoring, Found
from qa.when.resolve import (
    Reference,
    Span,
    whole_month,
    whole_year,
)
from qa.when.units import count_of

_STRETCH = re.compile(
    rf"(?P<ordinal>first|last|final|second|third|fourth){v.GAP}(?:{v.number()}{v.GAP})?"
    rf"(?P<unit>day|week|weekend|month|half)s?{v.GAP}(?:of|in){v.GAP}(?=[A-Za-z\d])",
    re.I,
)
_YEAR_WHICH = re.compile(r"(?:(?P<which>this|last|next)\syear|(?P<year>(?:19|20)\d\d))\b", re.I)


def stretches(ref: Reference, at: int) -> Found | None:
    """ "the first ten days of March 1987", "last week of June", "first nine months of 1986"."""
    match = _STRETCH.match(ref.text, at)
    if match is None:
        return None
    count = count_of(match) if match["number"] else None
    unit, ordinal = match["unit"].lower(), v.ORDINALS[match["ordinal"].lower()]
    whole = months(ref, match.end())
    if whole and whole.span.precision != "month":
        return None
    if whole is None:
        year = _YEAR_WHICH.match(ref.text, match.end())
        if year is None or (year["which"] and ref.day is None):
            return None
        shift = {"last": -1, "next": 1}.get((year["which"] or "").lower(), 0)
        number = int(year["year"]) if year["year"] else (ref.day or date.min).year + shift
        anchoring: Anchoring = "dated" if year["year"] else "deictic"
        whole = Found(year.start(), year.end(), whole_year(number), "year", anchoring)
    part = _stretch(whole.span, ordinal, count, unit)
    return Found(at, whole.end, part, "stretch", whole.anchoring) if part else None


def _stretch(whole: Span, ordinal: int, count: int | None, unit: str) -> Span | None:
    """`count` units from the start (1) or the end (-1) of a month or year, or its n-th unit."""
    units_long = count or 1
    if ordinal > 1 and (count is not None or unit == "weekend"):
        return None
    if unit == "weekend":
        return None
    if unit == "half":
        return _half_of_month(whole, ordinal) if count is None else None
    if unit == "month" and whole.precision == "year":
        year = whole.first.year
        first = 13 - units_long if ordinal < 0 else ordinal
        last = first + units_long - 1
        if not 1 <= first <= last <= 12:
            return None
        return Span(whole_month(year, first).first, whole_month(year, last).last,
                    "month" if first == last else "range")  # fmt: skip
    if unit == "month":
        return None
    days = {"day": 1, "week": 7}[unit]
    if ordinal < 0:
        first_day = whole.last - timedelta(days=days * units_long - 1)
        last_day = whole.last
    else:
        first_day = whole.first + timedelta(days=days * (ordinal - 1))
        last_day = first_day + timedelta(days=days * units_long - 1)
    inside = whole.first <= first_day <= last_day <= whole.last
    return (
        Span(first_day, last_day, "day" if first_day == last_day else "range") if inside else None
    )


def _half_of_month(whole: Span, ordinal: int) -> Span | None:
    """Days 1 to 15, or 16 to the end."""
    if whole.precision != "month" or ordinal not in (1, 2, -1):
        return None
    middle = whole.first + timedelta(days=14)
    if ordinal == 1:
        return Span(whole.first, middle, "range")
    return Span(middle + timedelta(days=1), whole.last, "range")
