"""Weeks, months and years told by count or by their end: "last week", "three days ago", "the week
ended May 5", "the past two years"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from qa.when import vocabulary as v
from qa.when.days import days_before_month, days_with_month, months, numeric_date
from qa.when.grammar import Found, period_ending
from qa.when.resolve import (
    Reference,
    Span,
    moved,
    unit_span,
    whole_week,
)

_UNIT = re.compile(v.UNIT, re.I)
_WHICH = frozenset(v.word_list("this last next coming past current calendar"))
_UNIT_BEFORE = re.compile(
    r"(?:\b(?P<part>early|earlier|mid|late|later|end|start|beginning|middle|half)(?:\s{1,3}|-)(?:of\s{1,3})?)?"
    r"\b(?P<which>this\scoming|this\spast|the\slast|the\snext|the\scoming|the\scurrent|the\spast"
    r"|this|last|next|current|coming)\s{1,3}"
    r"(?P<calendar>calendar\s)?$",
    re.I,
)
_COUNT_BEFORE = re.compile(
    r"\b(?:(?<!\bto )(?<!\bwill )(?<!could )(?<!would )"  # "to last two days"
    rf"(?P<which>past|last|next|coming|previous){v.GAP})?"
    rf"{v.number()}(?:\sof)?(?P<half>\sand\sa\shalf)?[\s-]{{1,3}}$",
    re.I,
)
_AGO = re.compile(r"(?:\s{1,3}|-)ago\b", re.I)
_FROM_NOW = re.compile(rf"{v.GAP}(?:from{v.GAP}(?:now|today)|hence)\b", re.I)
_ENDED = re.compile(
    rf",?{v.GAP}(?:(?:which|that){v.GAP})?"
    rf"(?P<how>ended|ending|ends|end|to|through|until|up{v.GAP}to){v.GAP}(?:on{v.GAP})?"
    rf"(?:{v.weekday()},?{v.GAP})?(?:the{v.GAP})?"
    rf"(?:(?P<part>end(?:{v.GAP}of)?|mid|early|late)[\s-]{{1,2}})?(?=[A-Z\d])"
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
    previous = v.previous_word(ref.text, at)
    counted = previous in v.CARDINALS or previous in ("of", "half") or previous[-1:].isdigit()
    count = _COUNT_BEFORE.search(ref.text[low:at]) if counted else None
    return (
        _ending(ref, match, unit, count, low)
        or _week_of(ref, match, unit)
        or _counted(ref, match, unit, count, low)
        or _this_unit(ref, match, unit)
    )


def count_of(match: re.Match[str]) -> int:
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
    number = count_of(count) if count and not count["half"] else 1
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
    number, start = count_of(count), low + count.start()
    ago = _AGO.match(ref.text, match.end())
    ahead = _FROM_NOW.match(ref.text, match.end())
    if ago or ahead:
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
    if v.previous_word(ref.text, match.start()) not in _WHICH:
        return None
    low = max(0, match.start() - 40)
    before = _UNIT_BEFORE.search(ref.text[low : match.start()])
    if before is None or (unit == "day"):
        return None
    which = before["which"].lower()
    start, end = low + before.start("which"), match.end()
    if which in _ROLLING and unit != "quarter":
        return _rolling(ref.day, unit, _ROLLING[which], start, end)
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
