"""Days told from the day of writing: "yesterday", "next Friday", "Monday, April 13"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from qa.dates import week_span
from qa.when import nondates
from qa.when import vocabulary as v
from qa.when.days import days_before_month, days_with_month, numeric_date
from qa.when.grammar import Found, which_before
from qa.when.resolve import (
    Reference,
    Span,
    moved,
    one_day,
    shifted,
    weekday_near,
    weekend_of,
)

_NEAR_DAYS = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}
_NEAR_DAY = re.compile(rf"(?P<word>today|tonight|tomorrow|yesterday)\b{v.DAYPART}", re.I)
_BEFORE_YESTERDAY = re.compile(r"\bday\s(?P<way>before|after)\s{1,3}$", re.I)
_DAYPART_BEFORE = re.compile(r"\b(?P<which>this|last)\s{1,3}$", re.I)


def near_days(ref: Reference, at: int) -> Found | None:
    """ "today", "tomorrow night", "the day before yesterday"."""
    match = _NEAR_DAY.match(ref.text, at)
    if (
        match is None
        or ref.day is None
        or not nondates.is_near_day(ref.text, at, match.end("word"))
    ):
        return None
    word = match["word"].lower()
    days, start = _NEAR_DAYS[word], at
    low = max(0, at - 16)
    further = _BEFORE_YESTERDAY.search(ref.text[low:at])
    if further and {"before": -1, "after": 1}[further["way"].lower()] == days:
        days, start = 2 * days, low + further.start()
    return Found(start, match.end(), shifted(ref.day, days), "today", "deictic")


def dayparts(ref: Reference, at: int) -> Found | None:
    """ "this morning" is today, "last night" yesterday."""
    low = max(0, at - 8)
    before = _DAYPART_BEFORE.search(ref.text[low:at])
    match = re.compile(r"(?P<part>morning|afternoon|evening|night)\b", re.I).match(ref.text, at)
    if before is None or match is None or ref.day is None:
        return None
    last = before["which"].lower() == "last"
    if not last and match["part"].lower() == "night":
        return None
    return Found(low + before.start(), match.end(), shifted(ref.day, -last), "today", "deictic")


_WEEKDAY = re.compile(rf"{v.weekday()}{v.DAYPART}", re.I)
_OF_WEEK = re.compile(
    rf"{v.GAP}(?:of{v.GAP})?(?P<which>last|this|next)\sweek(?![{v.APOSTROPHES}A-Za-z])", re.I
)
_TO_WEEKDAY = re.compile(rf"{v.TO}{v.weekday()}", re.I)
_TO_DATE = re.compile(r"[,\s(]{1,3}(?:the\s)?(?=[A-Z\d])")
_OF_ANOTHER = re.compile(
    r"\b(?:every|each|any|another|most|some|per|a|one|other|following|previous|preceding|same|that|many)"
    r"(?:\sother)?\s{1,3}$", re.I
)  # fmt: skip
_WEEK_AWAY = re.compile(r"\ba\sweek\s(?P<way>ago|from)\s(?:on\s)?$", re.I)


def weekdays(ref: Reference, at: int) -> Found | None:
    """ "Tuesday", "next Friday", "Monday, April 13", "Wednesday of last week"."""
    match = _WEEKDAY.match(ref.text, at)
    if match is None or not match["weekday"][0].isupper():
        return None
    dated = _weekday_with_date(ref, match)
    if dated:
        return dated
    word = match["weekday"].lower()
    if word in v.SHORT_WEEKDAYS or ref.day is None:
        return None
    before = ref.text[max(0, at - 24) : at]
    if not nondates.is_weekday(ref.text, at, match.end("weekday")) or _OF_ANOTHER.search(before):
        return None
    return _bare_weekday(ref, match, v.WEEKDAY_NUMBER[word], before)


def _weekday_with_date(ref: Reference, match: re.Match[str]) -> Found | None:
    """The date that follows a weekday decides, "Monday (April 13)"."""
    gap = _TO_DATE.match(ref.text, match.end())
    if gap is None:
        return None
    date_found = (
        days_with_month(ref, gap.end())
        or days_before_month(ref, gap.end())
        or numeric_date(ref, gap.end())
    )
    if date_found is None or date_found.kind != "day":
        return None
    span = date_found.span
    if date_found.anchoring == "yearless" and span.first == span.last and ref.day:
        span = _agreeing_year(span, v.WEEKDAY_NUMBER[match["weekday"].lower()])
    return Found(match.start(), date_found.end, span, "day", date_found.anchoring)


def _agreeing_year(span: Span, number: int) -> Span:
    """The same day of the year before or after, where that falls on the weekday that is named."""
    if span.first.isoweekday() == number:
        return span
    for years in (-1, 1):
        other = moved(span.first, "year", years)
        if other and other.day == span.first.day and other.isoweekday() == number:
            return one_day(other)
    return span


def _bare_weekday(ref: Reference, match: re.Match[str], number: int, before: str) -> Found | None:
    assert ref.day is not None
    start, end = match.span()
    which, start = which_before(ref.text, start)
    of_week = _OF_WEEK.match(ref.text, end)
    away = _WEEK_AWAY.search(before)
    if of_week:
        span, end = _weekday_of(ref.day, number, of_week["which"].lower()), of_week.end()
    elif which:
        span = _weekday_of(ref.day, number, which)
    else:
        span = weekday_near(number, ref.day, ref.tense(start, end))
        if away:
            span = shifted(span.first, -7 if away["way"] == "ago" else 7)
    through = _TO_WEEKDAY.match(ref.text, end)
    if through and through["weekday"][0].isupper():
        last = weekday_near(v.WEEKDAY_NUMBER[through["weekday"].lower()], span.first, "future")
        return Found(
            start, through.end(), Span(span.first, last.last, "range"), "weekday", "deictic"
        )
    return Found(start, end, span, "weekday", "deictic")


def _weekday_of(day: date, number: int, which: str) -> Span:
    """ "last" is the one before, "coming" the one after, "next" that of the next calendar week."""
    monday = week_span(day)[0]
    if which == "next":
        return shifted(monday, 7 + number - 1)
    if which == "this":
        return shifted(monday, number - 1)
    if which in ("coming", "this coming"):
        return shifted(day, (number - day.isoweekday() - 1) % 7 + 1)
    return shifted(day, -((day.isoweekday() - number - 1) % 7 + 1))


_WEEKEND = re.compile(r"weekend\b", re.I)
_WEEKEND_BEFORE = re.compile(
    r"\b(?P<which>this(?:\s(?:past|coming))?|last|next|coming|past|(?:over|at|during|on|of|for)\sthe"
    r"(?:\s(?:past|coming))?)\s{1,3}$", re.I
)  # fmt: skip


def weekends(ref: Reference, at: int) -> Found | None:
    """ "this weekend", "last weekend", "over the weekend": Saturday and Sunday."""
    match = _WEEKEND.match(ref.text, at)
    low = max(0, at - 24)
    before = _WEEKEND_BEFORE.search(ref.text[low:at])
    if match is None or before is None or ref.day is None:
        return None
    which, start = before["which"].lower(), low + before.start()
    return Found(start, match.end(), _weekend(ref, which, start, match.end()), "weekend", "deictic")


def _weekend(ref: Reference, which: str, start: int, end: int) -> Span:
    assert ref.day is not None
    day, weekday = ref.day, ref.day.isoweekday()
    on_it = weekday >= 6
    before = weekend_of(day - timedelta(days=7))
    if which == "next":
        return weekend_of(day + timedelta(days=7))
    if "coming" in which:
        return weekend_of(day + timedelta(days=7 if on_it else 0))
    if which == "last":
        return before
    if "past" in which:
        return weekend_of(day) if weekday == 7 else before
    looking = ref.tense(start, end)
    if which == "this":
        # On a Monday the weekend just over is still "this"; from Tuesday it is the next one.
        return before if weekday == 1 and looking == "past" else weekend_of(day)
    return weekend_of(day) if on_it or looking == "future" else before
