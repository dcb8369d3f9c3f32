"""Quarters and halves of a year: "the third quarter", "Q3 2012", "last year's second half"."""

from __future__ import annotations

import re
from datetime import date

from qa.dates import add_months
from qa.when import nondates
from qa.when import vocabulary as v
from qa.when.days import days_before_month, days_with_month
from qa.when.grammar import YEAR_TAIL, Found, OfYear, in_its_year, period_ending
from qa.when.resolve import (
    Reference,
    half_year,
    moved,
    nearest,
    unit_span,
    whole_quarter,
    whole_year,
)

_PERIOD = rf"(?P<ordinal>{v.one_of(v.ORDINALS)})(?:{v.GAP}|-)(?P<period>quarter|qtr|half)\b"
_QUARTER = re.compile(rf"{_PERIOD}(?P<fiscal>{v.GAP}(?:of{v.GAP})?fiscal)?{YEAR_TAIL}", re.I)
_SHORT_QUARTER = re.compile(rf"(?:Q(?P<q>[1-4])|H(?P<h>[12]))\b{YEAR_TAIL}")
_NUMBER_QUARTER = re.compile(r"(?:(?P<q>[1-4])Q|(?P<h>[12])H)(?:\s?(?P<year>20\d\d|\d\d))?\b")
_YEAR_QUARTER = re.compile(
    rf"{v.year()}(?:[{v.APOSTROPHES}]s)?{v.GAP}(?:{_PERIOD}|Q(?P<q>[1-4])\b|H(?P<h>[12])\b)", re.I
)
_FISCAL_BEFORE = re.compile(r"\b(?:fiscal|financial)(?:[- ]year)?[- ]$", re.I)


def _period(ordinal: int, period: str) -> OfYear | None:
    if period.lower() == "half":
        number = 2 if ordinal == -1 else ordinal
        return (lambda year: half_year(year, number)) if number <= 2 else None
    number = 4 if ordinal == -1 else ordinal
    return lambda year: whole_quarter(year, number)


def quarters(ref: Reference, at: int) -> Found | None:
    """ "the third quarter", "first-quarter 2010", "second half of last year"."""
    match = _QUARTER.match(ref.text, at)
    if match is None or match["ordinal"].lower() in ("last", "opening", "closing"):
        return None
    if nondates.in_a_game(ref.text, match.start()):
        return None
    ended = _quarter_ended(ref, match)
    if ended:
        return ended
    if match["period"].lower() == "half" and _OF_MONTH.match(ref.text, match.end()):
        return None  # "the second half of December" is a stretch of that month
    if match["fiscal"] and match["year"]:
        return Found(match.start(), match.end(), whole_year(int(match["year"])), "fiscal")
    dated = match["year"] or match["which"]
    if _FISCAL_BEFORE.search(ref.text[max(0, at - 16) : at]) or match["fiscal"]:
        return None  # a company's own quarter: the sentence does not say which months it has
    if match["period"].lower() == "half" and not (dated or nondates.is_half_year(ref.text, at)):
        return None
    of_year = _period(v.ORDINALS[match["ordinal"].lower()], match["period"])
    return in_its_year(match, ref, of_year, "quarter") if of_year else None


_OF_MONTH = re.compile(rf"{v.GAP}of{v.GAP}{v.month()}")
_QUARTER_ENDED = re.compile(
    rf",?{v.GAP}(?:that{v.GAP})?end(?:ed|ing|s){v.GAP}(?:on{v.GAP})?(?=[A-Z\d])"
)


def _quarter_ended(ref: Reference, match: re.Match[str]) -> Found | None:
    """ "the third quarter ended August 31": the three or six months up to that day."""
    ended = _QUARTER_ENDED.match(ref.text, match.end())
    if ended is None:
        return None
    near = Reference(ref.text, ref.day, fixed="nearest")
    last = days_with_month(near, ended.end()) or days_before_month(near, ended.end())
    if last is None or last.span.first != last.span.last:
        return None
    months_long = 6 if match["period"].lower() == "half" else 3
    span = period_ending(last.span.last, "month", months_long)
    return Found(match.start(), last.end, span, "ending", last.anchoring, last) if span else None


def short_quarters(ref: Reference, at: int) -> Found | None:
    """ "Q3 2012", "Q3", "H1 2010"."""
    match = _SHORT_QUARTER.match(ref.text, at)
    if match is None:
        return None
    of_year = _period(int(match["q"] or match["h"]), "quarter" if match["q"] else "half")
    return in_its_year(match, ref, of_year, "quarter") if of_year else None


def number_quarters(ref: Reference, at: int) -> Found | None:
    """ "3Q", "3Q12", "1H 2010"."""
    match = _NUMBER_QUARTER.match(ref.text, at)
    if match is None:
        return None
    of_year = _period(int(match["q"] or match["h"]), "quarter" if match["q"] else "half")
    if of_year is None or (ref.day is None and not match["year"]):
        return None
    if match["year"]:
        year = int(match["year"])
        span = of_year(year if year > 99 else 2000 + year if year < 50 else 1900 + year)
    else:
        span = nearest(of_year, ref.day or date.min, ref.tense(match.start(), match.end()))
    return Found(match.start(), match.end(), span, "quarter") if span else None


def year_quarters(ref: Reference, at: int) -> Found | None:
    """ "1987 first quarter", "2020's second half", "2012 Q3"."""
    match = _YEAR_QUARTER.match(ref.text, at)
    if match is None:
        return None
    if match["ordinal"]:
        of_year = _period(v.ORDINALS[match["ordinal"].lower()], match["period"])
    else:
        of_year = _period(int(match["q"] or match["h"]), "quarter" if match["q"] else "half")
    span = of_year(int(match["year"])) if of_year else None
    return Found(match.start(), match.end(), span, "quarter") if span else None


_YEAR_AGO = re.compile(r"year-ago\b(?:\s{1,3}(?P<unit>quarter|month|week)\b)?", re.I)


def year_ago(ref: Reference, at: int) -> Found | None:
    """ "the year-ago quarter": a year before the quarter that ended last."""
    match = _YEAR_AGO.match(ref.text, at)
    if match is None or ref.day is None:
        return None
    if not match["unit"]:
        return None
    unit = match["unit"].lower()
    ended = moved(ref.day, unit, -1)
    day = add_months(ended, -12) if ended and ended.year > 1 else None
    span = unit_span(day, unit) if day else None
    return Found(at, match.end(), span, "ago", "deictic") if span else None
