"""The grammar of relative times: weekdays, "last week", "three days ago", "the week ended May 5"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from qa.dates import add_months, week_span
from qa.when import nondates
from qa.when import vocabulary as v
from qa.when.expressions import (
    Found,
    days_before_month,
    days_with_month,
    months,
    numeric_date,
    period_ending,
    which_before,
)
from qa.when.resolve import (
    Reference,
    Span,
    moved,
    one_day,
    shifted,
    unit_span,
    weekday_near,
    weekend_of,
    whole_month,
    whole_week,
    whole_year,
)

# --- today and its neighbours ------------------------------------------------------------------

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


# --- weekdays ------------------------------------------------------------------------------------

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


# --- weekends --------------------------------------------------------------------------------------

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


# --- units: last week, three years ago, the week ended ----------------------------------------------

_UNIT = re.compile(v.UNIT, re.I)
_UNIT_BEFORE = re.compile(
    r"(?:\b(?P<part>early|earlier|mid|late|later|end|start|beginning|middle|half)(?:\s{1,3}|-)(?:of\s{1,3})?)?"
    r"\b(?P<which>this\scoming|this\spast|the\slast|the\snext|this|last|next|the\scoming|the\scurrent|the\spast|current|coming)\s{1,3}"
    r"(?P<calendar>calendar\s)?$",
    re.I,
)
_COUNT_BEFORE = re.compile(
    rf"\b(?:(?<!\bto )(?<!\bwill )(?<!could )(?<!would )(?P<which>past|last|next|coming|previous){v.GAP})?{v.number()}(?:\sof)?(?P<half>\sand\sa\shalf)?[\s-]{{1,3}}$",
    re.I,
)
_AGO = re.compile(r"(?:\s{1,3}|-)ago\b", re.I)
_FROM_NOW = re.compile(rf"{v.GAP}(?:from{v.GAP}(?:now|today)|hence)\b", re.I)
_ENDED = re.compile(
    rf",?{v.GAP}(?:(?:which|that){v.GAP})?(?P<how>ended|ending|ends|end|to|through|until|up{v.GAP}to){v.GAP}(?:on{v.GAP})?"
    rf"(?:{v.weekday()},?{v.GAP})?(?:the{v.GAP})?(?:(?P<part>end(?:{v.GAP}of)?|mid|early|late)[\s-]{{1,2}})?(?=[A-Z\d])"
)
_KIND_OF_YEAR = re.compile(r"\b(?:fiscal|financial|business|marketing|crop)\s$", re.I)
_OF_DATE = re.compile(rf"{v.GAP}(?:of|beginning|starting|commencing){v.GAP}(?=[A-Z\d])")


def units(ref: Reference, at: int) -> Found | None:
    """ "last week", "this year", "three days ago", "the past two months", "week ended May 5"."""
    match = _UNIT.match(ref.text, at)
    if match is None:
        return None
    unit = match["unit"].lower()
    low = max(0, at - 40)
    count = _COUNT_BEFORE.search(ref.text[low:at])
    return (
        _ending(ref, match, unit, count, low)
        or _week_of(ref, match, unit)
        or _counted(ref, match, unit, count, low)
        or _this_unit(ref, match, unit)
    )


def _count(match: re.Match[str]) -> int:
    word = match["number"].lower()
    return v.CARDINALS[word] if word in v.CARDINALS else int(word)


def _any_date(ref: Reference, at: int) -> Found | None:
    return (
        days_with_month(ref, at)
        or days_before_month(ref, at)
        or numeric_date(ref, at)
        or months(ref, at)
    )


def _ending(
    ref: Reference, match: re.Match[str], unit: str, count: re.Match[str] | None, low: int
) -> Found | None:
    """ "the week ended April 8", "three months to June 30", "fiscal year ending March 31"."""
    if unit in ("day", "decade"):
        return None
    ended = _ENDED.match(ref.text, match.end())
    if ended is None:
        return None
    ahead = ended["how"].lower() in ("ending", "ends", "end")
    dated = Reference(ref.text, ref.day, fixed="nearest" if ahead else "past")
    last = _any_date(dated, ended.end())
    if last is None or (last.span.first.day != 1 and last.span.first != last.span.last):
        return None
    number = _count(count) if count and not count["half"] else 1
    if match[0].lower().endswith("s") and count is None:
        return None
    span = period_ending(_end_of(last.span, ended["part"]), unit, number)
    start = low + count.start() if count and number > 1 else match.start()
    kind = _KIND_OF_YEAR.search(ref.text[max(0, start - 12) : start])
    start -= len(kind[0]) if kind else 0
    closing = None if unit == "year" else last
    return Found(start, last.end, span, "ending", last.anchoring, closing) if span else None


def _end_of(span: Span, part: str | None) -> date:
    """The last day, but of "mid-March" its fifteenth and of "early March" its tenth."""
    days = {"mid": 14, "early": 9}.get((part or "").lower())
    return span.last if days is None else span.first + timedelta(days=days)


def _week_of(ref: Reference, match: re.Match[str], unit: str) -> Found | None:
    """ "the week of March 16": the calendar week that holds it."""
    if unit != "week":
        return None
    of_date = _OF_DATE.match(ref.text, match.end())
    day = of_date and (days_with_month(ref, of_date.end()) or days_before_month(ref, of_date.end()))
    if not day or day.span.first != day.span.last:
        return None
    return Found(match.start(), day.end, whole_week(day.span.first), "week", day.anchoring)


def _counted(
    ref: Reference, match: re.Match[str], unit: str, count: re.Match[str] | None, low: int
) -> Found | None:
    """ "two weeks ago", "a year ago", "three days from now", "the past five years"."""
    if count is None or ref.day is None:
        return None
    number, start = _count(count), low + count.start()
    ago = _AGO.match(ref.text, match.end())
    ahead = _FROM_NOW.match(ref.text, match.end())
    if ago or ahead:
        if nondates.vague_count(ref.text, start):
            return None
        day = moved(ref.day, unit, -number if ago else number)
        span = unit_span(day, unit) if day else None
        end = (ago or ahead).end()  # type: ignore[union-attr]
        return Found(low + count.start("number"), end, span, "ago", "deictic") if span else None
    if count["which"] and match[0].lower().endswith("s") and not count["half"]:
        back = count["which"].lower() in ("past", "last", "previous")
        other = moved(ref.day, unit, -number if back else number)
        if other is None:
            return None
        first, last = (other, ref.day) if back else (ref.day, other)
        return Found(start, match.end(), Span(first, last, "range"), "counted", "deictic")
    return None


# "over the last year" is the twelve months that end today, "last year" the year before this one.
_ROLLING = {"the past": -1, "the last": -1, "the next": 1}
_STEPS = {
    "last": -1,
    "the last": -1,
    "the next": 1,
    "this past": -1,
    "next": 1,
    "coming": 1,
    "the coming": 1,
    "this coming": 1,
}


def _this_unit(ref: Reference, match: re.Match[str], unit: str) -> Found | None:
    """ "last week", "earlier this month", "next year", "the current quarter"."""
    if ref.day is None or unit in ("fortnight",) or match[0].lower().endswith("s"):
        return None
    low = max(0, match.start() - 40)
    before = _UNIT_BEFORE.search(ref.text[low : match.start()])
    if before is None or (unit == "day"):
        return None
    which = before["which"].lower()
    start, end = low + before.start("which"), match.end()
    if which == "the past":
        first = moved(ref.day, unit, -1)
        return (
            Found(start, end, Span(first, ref.day, "range"), "counted", "deictic")
            if first
            else None
        )
    day = moved(ref.day, unit, _STEPS.get(which, 0))
    span = unit_span(day, unit) if day else None
    if span is None:
        return None
    return Found(start, end, span, "unit", "deictic")


def _rolling(day: date, unit: str, step: int, start: int, end: int) -> Found | None:
    other = moved(day, unit, step)
    if other is None:
        return None
    span = Span(min(day, other), max(day, other), "range")
    return Found(start, end, span, "counted", "deictic")


# --- parts of a named month or year: "first ten days of March" --------------------------------------

_STRETCH = re.compile(
    rf"(?P<ordinal>first|last|final|second|third|fourth){v.GAP}(?:{v.number()}{v.GAP})?"
    rf"(?P<unit>day|week|weekend|month|half)s?{v.GAP}(?:of|in){v.GAP}(?=[A-Za-z\d])",
    re.I,
)
_YEAR_WHICH = re.compile(rf"(?:(?P<which>this|last|next)\syear|(?P<year>(?:19|20)\d\d))\b", re.I)


def stretches(ref: Reference, at: int) -> Found | None:
    """ "the first ten days of March 1987", "last week of June", "first nine months of 1986"."""
    match = _STRETCH.match(ref.text, at)
    if match is None:
        return None
    count = _count(match) if match["number"] else None
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
        span, end, anchoring = whole_year(number), year.end(), "dated"
        whole = Found(year.start(), end, span, "year", "dated" if year["year"] else "deictic")
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


# --- year-ago, centuries ------------------------------------------------------------------------------

_YEAR_AGO = re.compile(r"year-ago\b(?:\s{1,3}(?P<unit>quarter|month|week)\b)?", re.I)
_CENTURY = re.compile(r"(?P<ordinal>\d{1,2})(?:st|nd|rd|th)(?:-|\s{1,3})century\b")


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


def centuries(ref: Reference, at: int) -> Found | None:
    """ "the 19th century": the years 1801 to 1900."""
    match = _CENTURY.match(ref.text, at)
    if match is None or not 1 <= int(match["ordinal"]) <= 30:
        return None
    last = 100 * int(match["ordinal"])
    return Found(at, match.end(), whole_year(last - 99, last), "century")
