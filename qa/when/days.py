"""Days and months of the calendar: "June 18-19", "5 May 2020", "2020-05-05", "March 1987"."""

from __future__ import annotations

import re
from datetime import date

from qa.dates import month_span, valid_day
from qa.when import nondates
from qa.when import vocabulary as v
from qa.when.grammar import YEAR_TAIL, Found, OfYear, choose, in_its_year, which_before
from qa.when.resolve import (
    Reference,
    Span,
    between,
    month_day,
    one_day,
    whole_month,
    whole_year,
)

_COUNTED = (
    r"(?!\s(?:pct|percent|per\scent|mln|million|bln|billion|thousand|hundred|points?|people|persons"
    r"|tonnes?|tons?|dlrs|dollars|cents|cts|barrels|shares|yen|basis|others|countries|companies"
    r"|students|workers|members)\b)"
)
_MONTH_DAY = re.compile(
    rf"{v.month()}\s{{0,3}}(?:the\s)?{v.day()}{_COUNTED}"
    rf"(?:(?:{v.TO}|{v.GAP}(?:and|&){v.GAP}|\s?/\s?)(?:{v.month('month2')}\s{{1,3}})?{v.day('day2')}{_COUNTED}"
    rf"|,{v.GAP}{v.day('day3')}(?:,?{v.GAP}and{v.GAP}{v.day('day4')}))?"
    rf"{YEAR_TAIL}",
    re.I,
)
_DAY_MONTH = re.compile(
    rf"{v.day()}(?:{v.GAP}{v.month('month2')})?"
    rf"(?:(?:{v.TO}|{v.GAP}(?:and|&){v.GAP}|\s?/\s?){v.day('day2')})?(?:{v.GAP}|-)(?:of{v.GAP})?"
    rf"{v.month()}{YEAR_TAIL}",
    re.I,
)
MONTH_YEAR = re.compile(rf"{v.month()}{YEAR_TAIL}", re.I)
_MONTH_MONTH = re.compile(
    rf"{v.month()}(?:{v.TO}|\s?/\s?){v.month('month2')}(?!{v.GAP}\d{{1,2}}\b){YEAR_TAIL}", re.I
)
_MONTH_WORD = re.compile(
    rf"{v.month()}\s(?P<word>One|Two|Three|Four|Five|Six|Seven|Eight|Nine"
    rf"|(?:one|two|three|four|five|six|seven|eight|nine)(?=[.,;)]|\s(?:to|and|or|from|at|for|in|by)\b|$))(?![A-Za-z]){YEAR_TAIL}"
)
_ISO = re.compile(r"(?P<year>[12]\d{3})([-/.])(?P<month>[01]?\d)\2(?P<day>[0-3]?\d)(?![\d/-])")
_NUMERIC = re.compile(r"(?P<a>[0-3]?\d)([/.-])(?P<b>[0-3]?\d)\2(?P<year>[12]\d{3})(?![\d/-])")


def month_number(match: re.Match[str], group: str) -> int:
    return v.MONTH_NUMBER[match[group].lower()]


def _days_of(match: re.Match[str]) -> OfYear | None:
    """One day, or the first and the last of several, of a year."""
    month, first = month_number(match, "month"), int(match["day"])
    groups = match.groupdict()
    last = groups.get("day4") or groups.get("day2")
    if last is None:
        return month_day(month, first)
    first_month, last_month = month, month
    if groups["month2"]:
        ahead = match.re is _DAY_MONTH  # "30 May - 2 June": the first month stands before the last
        first_month, last_month = (
            (month_number(match, "month2"), month)
            if ahead
            else (month, month_number(match, "month2"))
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
    return in_its_year(match, ref, month_day(month_number(match, "month"), day), "day")


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
        first, last = month_number(match, "month"), month_number(match, "month2")
        return in_its_year(
            match,
            ref,
            lambda year: Span(
                month_span(year, first)[0], month_span(year + (last < first), last)[1], "range"
            ),
            "month",
        )
    match = MONTH_YEAR.match(ref.text, at)
    if match is None:
        return None
    number = month_number(match, "month")
    dated = bool(match["year"] or match["short"] or match["which"])
    if not nondates.is_month(ref.text, match.start(), match.end("month"), dated):
        return None
    return in_its_year(match, ref, lambda year: whole_month(year, number), "month")


def month_which(ref: Reference, at: int) -> Found | None:
    """ "last March", "next June"."""
    if ref.day is None:
        return None
    which, start = which_before(ref.text, at)
    match = MONTH_YEAR.match(ref.text, at)
    if match is None or not which or match["year"] or not match["month"][0].isupper():
        return None
    number = month_number(match, "month")
    span = choose(lambda year: whole_month(year, number), which, ref.day)
    return Found(start, match.end("month"), span, "month", "deictic") if span else None


_NINE_ELEVEN = re.compile(
    r"9/11(?![\d/])|Sept(?:ember|\.)?\s{1,3}11(?:th)?"
    r"(?=,?\s{1,3}(?:attacks?|terror\w{0,6}|hijack\w{0,6}|bombings?|Commission)\b)"
)


def nine_eleven(ref: Reference, at: int) -> Found | None:
    """ "9/11", "the September 11 attacks": the one day that goes by its figures."""
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
