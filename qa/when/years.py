"""Years, decades, centuries and fiscal years: "1985/86", "the early 1990s", "fiscal 2008"."""

from __future__ import annotations

import re

from qa.when import counts
from qa.when import vocabulary as v
from qa.when.grammar import Found
from qa.when.resolve import (
    Reference,
    decade,
    whole_year,
)

_DECADE = re.compile(rf"(?P<year>(?:1[5-9]|20)\d0)[{v.APOSTROPHES}]?s\b")
_SHORT_DECADE = re.compile(r"(?P<year>[1-9]0)s\b")
_YEAR_YEAR = re.compile(
    rf"{v.year()}(?:\s?[/\u2010-\u2015-]\s?)(?P<last>\d{{4}}|\d\d)(?![\d%]|[.,]\d)"
)
_YEAR = re.compile(rf"{v.year()}(?![A-Za-z])")
_PART = re.compile(
    r"\b(?P<part>early|mid|late)(?:\s{1,3}|[-\u2010-\u2013]|\s{1,3}to\s)(?:the\s{1,3})?['\u2018\u2019]?$",
    re.I,
)


def decades(ref: Reference, at: int) -> Found | None:
    """ "the 1990s", "the early 1980's", "the '60s"."""
    match = _DECADE.match(ref.text, at) or _SHORT_DECADE.match(ref.text, at)
    if match is None:
        return None
    year, start = int(match["year"]), match.start()
    before = ref.text[max(0, start - 16) : start]
    if year < 100:
        if not counts.is_short_decade(ref.text, start, match.end()):
            return None
        near = ref.day.year if ref.day else 2000
        year = max(c for c in range(year, 2100, 100) if c <= max(near, 1900))
        start -= before[-1:] in v.APOSTROPHES and before[-1:] != ""
    part = _PART.search(before)
    if part:
        start = match.start() - len(before) + part.start()
    span = decade(year, part["part"].lower() if part else "")
    return Found(start, match.end(), span, "decade")


def decade_words(ref: Reference, at: int) -> Found | None:
    """ "the sixties", "the late nineties": of the century that ended last by the day of writing."""
    match = re.compile(r"[A-Za-z]+").match(ref.text, at)
    before = ref.text[max(0, at - 16) : at]
    if match is None or not re.search(r"\bthe\s+(?:(?:early|mid|late)[- ])?$", before, re.I):
        return None
    if counts.about_age_or_weather(ref.text, at, match.end()):
        return None
    part = _PART.search(before)
    span = decade(1900 + v.DECADE_WORDS[match[0].lower()], part["part"].lower() if part else "")
    return Found(at - len(before) + part.start() if part else at, match.end(), span, "decade")


def years(ref: Reference, at: int) -> Found | None:
    """ "1987", "1985/86", "2006-2013"."""
    match = _YEAR_YEAR.match(ref.text, at)
    if match and counts.is_year(ref.text, match.start(), match.end(), int(match["year"]), ref.day):
        first = int(match["year"])
        tail = match["last"]
        last = int(tail) if len(tail) == 4 else first // 100 * 100 + int(tail)
        last += 100 * (len(tail) == 2 and last < first)
        if first < last <= 2100 and last - first <= 150:
            return Found(match.start(), match.end(), whole_year(first, last), "year")
    match = _YEAR.match(ref.text, at)
    if match is None:
        return None
    year = int(match["year"])
    if not counts.is_year(ref.text, match.start(), match.end(), year, ref.day):
        return None
    return Found(match.start(), match.end(), whole_year(year), "year")


_FISCAL = re.compile(
    rf"(?:(?:fiscal|financial)(?:(?:{v.GAP}|-)years?)?|FY)\s{{0,3}}{v.year()}(?:\s?[/-]\s?(?P<last>\d{{4}}|\d\d)(?!\d))?",
    re.I,
)
_FISCAL_SHORT = re.compile(
    r"(?:FY\s?|(?:[Ff]iscal|[Ff]inancial)(?:\s[Yy]ear)?\s['\u2018\u2019])(?P<short>\d\d)(?!\d)"
)


def fiscal_years(ref: Reference, at: int) -> Found | None:
    """ "fiscal 2008", "financial year 2015", "FY08": the year of the label."""
    match = _FISCAL.match(ref.text, at)
    if match:
        year, tail = int(match["year"]), match["last"]
        if tail:
            year = int(tail) if len(tail) == 4 else year // 100 * 100 + int(tail)
        return Found(match.start(), match.end(), whole_year(year), "fiscal")
    match = _FISCAL_SHORT.match(ref.text, at)
    if match is None:
        return None
    near = ref.day.year if ref.day else 2000
    year = min(range(1900 + int(match["short"]), 2200, 100), key=lambda y: abs(y - near))
    return Found(match.start(), match.end(), whole_year(year), "fiscal")


_CENTURY = re.compile(r"(?P<ordinal>\d{1,2})(?:st|nd|rd|th)(?:-|\s{1,3})century\b")


def centuries(ref: Reference, at: int) -> Found | None:
    """ "the 19th century": the years 1801 to 1900."""
    match = _CENTURY.match(ref.text, at)
    if match is None or not 1 <= int(match["ordinal"]) <= 30:
        return None
    last = 100 * int(match["ordinal"])
    return Found(at, match.end(), whole_year(last - 99, last), "century")
