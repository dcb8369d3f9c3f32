"""The grammar of absolute times: days, months, years, decades, quarters, seasons, holidays.

Each rule is tried where one of its words stands. It returns what it found, with the exact place,
or None when the words do not mean a time there. Relative times are in `relative.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from qa.dates import month_span, valid_day
from qa.when import nondates
from qa.when import vocabulary as v
from qa.when.holidays import HOLIDAYS
from qa.when.tense import Tense
from qa.when.resolve import (
    Reference,
    Span,
    between,
    decade,
    half_year,
    month_day,
    moved,
    nearest,
    one_day,
    whole_month,
    whole_quarter,
    whole_season,
    whole_year,
)

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

_YEAR_TAIL = (
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


# --- days and months ---------------------------------------------------------------------------

_COUNTED = (
    r"(?!\s(?:pct|percent|per\scent|mln|million|bln|billion|thousand|hundred|points?|people|persons"
    r"|tonnes?|tons?|dlrs|dollars|cents|cts|barrels|shares|yen|basis|others|countries|companies"
    r"|students|workers|members)\b)"
)
_MONTH_DAY = re.compile(
    rf"{v.month()}\s{{0,3}}(?:the\s)?{v.day()}{_COUNTED}"
    rf"(?:(?:{v.TO}|{v.GAP}(?:and|&){v.GAP}|\s?/\s?)(?:{v.month('month2')}\s{{1,3}})?{v.day('day2')}{_COUNTED}"
    rf"|,{v.GAP}{v.day('day3')}(?:,?{v.GAP}and{v.GAP}{v.day('day4')}))?"
    rf"{_YEAR_TAIL}",
    re.I,
)
_DAY_MONTH = re.compile(
    rf"{v.day()}(?:{v.GAP}{v.month('month2')})?"
    rf"(?:(?:{v.TO}|{v.GAP}(?:and|&){v.GAP}|\s?/\s?){v.day('day2')})?(?:{v.GAP}|-)(?:of{v.GAP})?"
    rf"{v.month()}{_YEAR_TAIL}",
    re.I,
)
_MONTH_YEAR = re.compile(rf"{v.month()}{_YEAR_TAIL}", re.I)
_MONTH_MONTH = re.compile(
    rf"{v.month()}(?:{v.TO}|\s?/\s?){v.month('month2')}(?!{v.GAP}\d{{1,2}}\b){_YEAR_TAIL}", re.I
)
_MONTH_WORD = re.compile(
    rf"{v.month()}\s(?P<word>One|Two|Three|Four|Five|Six|Seven|Eight|Nine"
    rf"|(?:one|two|three|four|five|six|seven|eight|nine)(?=[.,;)]|\s(?:to|and|or|from|at|for|in|by)\b|$))(?![A-Za-z]){_YEAR_TAIL}"
)
_ISO = re.compile(r"(?P<year>[12]\d{3})([-/.])(?P<month>[01]?\d)\2(?P<day>[0-3]?\d)(?![\d/-])")
_NUMERIC = re.compile(r"(?P<a>[0-3]?\d)([/.-])(?P<b>[0-3]?\d)\2(?P<year>[12]\d{3})(?![\d/-])")


def _number(match: re.Match[str], group: str) -> int:
    return v.MONTH_NUMBER[match[group].lower()]


def _days_of(match: re.Match[str]) -> OfYear | None:
    """One day, or the first and the last of several, of a year."""
    month, first = _number(match, "month"), int(match["day"])
    groups = match.groupdict()
    last = groups.get("day4") or groups.get("day2")
    if last is None:
        return month_day(month, first)
    first_month, last_month = month, month
    if groups["month2"]:
        ahead = match.re is _DAY_MONTH  # "30 May - 2 June": the first month stands before the last
        first_month, last_month = (
            (_number(match, "month2"), month) if ahead else (month, _number(match, "month2"))
        )

    def of_year(year: int) -> Span | None:
        begin = valid_day(year, first_month, first)
        end = valid_day(year + (last_month < first_month), last_month, int(last))
        return between(one_day(begin), one_day(end)) if begin and end else None

    return of_year


def days_with_month(ref: Reference, at: int) -> Found | None:
    """ "June 5", "June 5, 2012", "June 18-19", "June 30 to July 2", "June 5, 6 and 7"."""
    match = _MONTH_DAY.match(ref.text, at)
    if match is None:
        return _day_in_words(ref, at)
    if not match["month"][0].isupper():
        return None
    of_year = _days_of(match)
    return in_its_year(match, ref, of_year, "day") if of_year else None


def _day_in_words(ref: Reference, at: int) -> Found | None:
    """ "July One", as wires wrote single figures."""
    match = _MONTH_WORD.match(ref.text, at)
    if match is None:
        return None
    day = v.CARDINALS[match["word"].lower()]
    return in_its_year(match, ref, month_day(_number(match, "month"), day), "day")


def days_before_month(ref: Reference, at: int) -> Found | None:
    """ "5 June", "5th of June 2012", "18-19 June", "30 May - 2 June"."""
    match = _DAY_MONTH.match(ref.text, at)
    if match is None or not match["month"][0].isupper():
        return None
    if match["month2"] and not match["day2"]:
        return None
    of_year = _days_of(match)
    return in_its_year(match, ref, of_year, "day") if of_year else None


def months(ref: Reference, at: int) -> Found | None:
    """ "March 1987", "March", "January-March", "in March last year"."""
    match = _MONTH_MONTH.match(ref.text, at)
    if match and match["month"][0].isupper() and match["month2"][0].isupper():
        first, last = _number(match, "month"), _number(match, "month2")
        return in_its_year(
            match,
            ref,
            lambda year: Span(
                month_span(year, first)[0], month_span(year + (last < first), last)[1], "range"
            ),
            "month",
        )
    match = _MONTH_YEAR.match(ref.text, at)
    if match is None:
        return None
    number = _number(match, "month")
    dated = bool(match["year"] or match["short"] or match["which"])
    if not nondates.is_month(ref.text, match.start(), match.end("month"), dated):
        return None
    return in_its_year(match, ref, lambda year: whole_month(year, number), "month")


_NINE_ELEVEN = re.compile(r"9/11(?![\d/])")


def nine_eleven(ref: Reference, at: int) -> Found | None:
    """ "9/11", the attacks: the one day that goes by its figures."""
    match = _NINE_ELEVEN.match(ref.text, at)
    if match is None or ref.text[max(0, at - 1) : at] in ("/", "$"):
        return None
    return Found(at, match.end(), one_day(date(2001, 9, 11)), "day")


def numeric_date(ref: Reference, at: int) -> Found | None:
    """ "2020-05-05", "31/12/2012"; where day and month cannot be told apart, only the year."""
    match = _ISO.match(ref.text, at)
    if match:
        found = valid_day(int(match["year"]), int(match["month"]), int(match["day"]))
        return Found(match.start(), match.end(), one_day(found), "day") if found else None
    match = _NUMERIC.match(ref.text, at)
    if match is None:
        return None
    a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
    readings = {found for found in (valid_day(year, a, b), valid_day(year, b, a)) if found}
    if len(readings) == 1:
        return Found(match.start(), match.end(), one_day(readings.pop()), "day")
    return Found(match.start(), match.end(), whole_year(year), "year") if readings else None


# --- years and decades ---------------------------------------------------------------------------

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
        if not nondates.is_short_decade(ref.text, start, match.end()):
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
    if nondates.about_age_or_weather(ref.text, at, match.end()):
        return None
    part = _PART.search(before)
    span = decade(1900 + v.DECADE_WORDS[match[0].lower()], part["part"].lower() if part else "")
    return Found(at - len(before) + part.start() if part else at, match.end(), span, "decade")


def years(ref: Reference, at: int) -> Found | None:
    """ "1987", "1985/86", "2006-2013"."""
    match = _YEAR_YEAR.match(ref.text, at)
    if match and nondates.is_year(
        ref.text, match.start(), match.end(), int(match["year"]), ref.day
    ):
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
    if not nondates.is_year(ref.text, match.start(), match.end(), year, ref.day):
        return None
    return Found(match.start(), match.end(), whole_year(year), "year")


# --- quarters and halves -------------------------------------------------------------------------

_PERIOD = rf"(?P<ordinal>{v.one_of(v.ORDINALS)})(?:{v.GAP}|-)(?P<period>quarter|qtr|half)\b"
_QUARTER = re.compile(rf"{_PERIOD}(?P<fiscal>{v.GAP}(?:of{v.GAP})?fiscal)?{_YEAR_TAIL}", re.I)
_SHORT_QUARTER = re.compile(rf"(?:Q(?P<q>[1-4])|H(?P<h>[12]))\b{_YEAR_TAIL}")
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
    if nondates.in_a_game(ref.text, match.start(), match.end()):
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
    if match["period"].lower() == "half" and not (dated or nondates.half_of_a_year(ref.text, at)):
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


# --- fiscal years ----------------------------------------------------------------------------------

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


# --- seasons and holidays ------------------------------------------------------------------------

_SEASON = re.compile(rf"{v.SEASON}{_YEAR_TAIL}", re.I)
_HOLIDAY_NAMES = sorted(HOLIDAYS, key=len, reverse=True)
_HOLIDAY = re.compile(
    rf"(?P<holiday>{'|'.join(re.escape(n).replace(chr(39), f'[{v.APOSTROPHES}]') for n in _HOLIDAY_NAMES)})(?![A-Za-z])"
    rf"{_YEAR_TAIL}",
    re.I,
)
_WHICH_BEFORE = re.compile(
    r"\b(?P<which>this(?:\s(?:past|coming))?|last|next|coming|past)\s{1,3}$", re.I
)


def which_before(text: str, at: int) -> tuple[str, int]:
    """The "last", "this" or "next" before a position, and where the expression then starts."""
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


def _yearly(
    match: re.Match[str], ref: Reference, of_year: OfYear, kind: str, allowed: bool
) -> Found | None:
    which, start = which_before(ref.text, match.start())
    if which and ref.day and not match["year"]:
        span = choose(of_year, which, ref.day, ref.tense(start, match.end()))
        return Found(start, match.end(), span, kind, "deictic") if span else None
    if not (allowed or match["year"] or match["short"] or match["which"]):
        return None
    return in_its_year(match, ref, of_year, kind)


def seasons(ref: Reference, at: int) -> Found | None:
    """ "summer 2010", "the summer of 2010", "this summer", "in the spring"."""
    match = _SEASON.match(ref.text, at)
    if match is None:
        return None
    season = match["season"].lower()
    allowed = nondates.is_season(ref.text, match.start(), match.end("season"))
    return _yearly(match, ref, lambda year: whole_season(year, season), "season", allowed)


def holidays(ref: Reference, at: int) -> Found | None:
    """ "Christmas Eve", "Thanksgiving 2008", "last Easter"."""
    match = _HOLIDAY.match(ref.text, at)
    if match is None or not match["holiday"][0].isupper():
        return None
    if nondates.is_other_holiday(ref.text, match.start(), match.end("holiday")):
        return None
    of_day = HOLIDAYS[re.sub(f"[{v.APOSTROPHES}]", "'", match["holiday"].lower())]
    return _yearly(match, ref, lambda year: one_day(of_day(year)), "holiday", True)


def month_which(ref: Reference, at: int) -> Found | None:
    """ "last March", "next June"."""
    if ref.day is None:
        return None
    which, start = which_before(ref.text, at)
    match = _MONTH_YEAR.match(ref.text, at)
    if match is None or not which or match["year"] or not match["month"][0].isupper():
        return None
    number = _number(match, "month")
    span = choose(lambda year: whole_month(year, number), which, ref.day)
    return Found(start, match.end("month"), span, "month", "deictic") if span else None


def period_ending(last: date, unit: str, count: int) -> Span | None:
    """The `count` units that end with the day `last`."""
    first = moved(last + timedelta(days=1), unit, -count)
    return Span(first, last, "range") if first else None
