"""The times that a question names, each with its relation: "since 2010", "by the end of April"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from qa.types import EventPrecision
from qa.when import vocabulary as v
from qa.when.events import find_times
from qa.when.grammar import Found
from qa.when.holidays import HOLIDAYS
from qa.when.resolve import Reference, Span, moved

Relation = Literal["", "since", "after", "before", "until", "by"]


@dataclass(frozen=True, slots=True)
class Named:
    """A time of the question at `[start, end)`, all its words included.

    `attribute` marks a time that only describes an event ("ahead of the July vote").
    """

    span: Span
    start: int
    end: int
    relation: Relation
    attribute: bool
    found: Found


# --- questions are typed in lower case -----------------------------------------------------------
# These are words of their own; they count as times only beside others.
_OWN_WORDS = v.word_list("may march mar sep dec jan")
_OWN_WORD = "(?:" + "|".join(_OWN_WORDS) + ")"
_PLAIN_MONTHS = [name for name in v.MONTH_NUMBER if name not in _OWN_WORDS]
_PLAIN_WEEKDAYS = [name for name in v.WEEKDAY_NUMBER if name not in v.SHORT_WEEKDAYS]
_TIME_WORD = v.any_of(
    "in of since until by early mid late last this next and to between from before after during "
    "for beginning_of end_of start_of"
)
_TYPED = re.compile(
    rf"\b(?:{v.one_of(_PLAIN_MONTHS)}|{v.one_of(_PLAIN_WEEKDAYS)}|{v.one_of(list(HOLIDAYS))})\b"
    rf"|\b(?:{_TIME_WORD}|\d{{1,2}}(?:st|nd|rd|th)?)[\s-]{_OWN_WORD}\b(?!\sbe\b)"
    rf"|\b{_OWN_WORD}(?=\s\d)"
)
_WORD_START = re.compile(r"(?<![A-Za-z\d'\u2019])[a-z]")
_KEPT_LOW = re.compile(rf"(?:{_TIME_WORD}|\d{{1,2}}(?:st|nd|rd|th)?)[\s-](?={_OWN_WORD}$)")


def capitalised(text: str) -> str:
    """`text` with its months, weekdays and holidays in capitals, so that the grammar sees them."""
    return _TYPED.sub(_capital, text)


def _capital(match: re.Match[str]) -> str:
    kept = _KEPT_LOW.match(match[0])
    head = kept[0] if kept else ""
    return head + _WORD_START.sub(lambda letter: letter[0].upper(), match[0][len(head) :])


# --- which times the question is about -----------------------------------------------------------
_VAGUE: frozenset[EventPrecision] = frozenset({"year", "decade"})
_MOST_OF_A_YEAR = 270  # days


def named_times(text: str, now: date) -> list[Named]:
    """The times that the question is about; incidental ones ("the 1930s Depression") left out.

    `text` is `capitalised`. Where one time has its year, it holds for those that lack one.
    """
    found = find_times(Reference(text, now, "past"))
    dated = [time for time in found if time.anchoring == "dated"]
    anchor = next((time for time in dated if not _vague(time)), None) or next(
        (time for time in dated if time.span.precision == "year"), None
    )
    if anchor:
        found = [_in_year_of(time, anchor) for time in found]
    named = [_with_relation(text, time) for time in found]
    finer = [time for time in named if not _vague(time.found)]
    named = finer or [time for time in named if time.found.kind != "decade"] or named
    return [time for time in named if not time.attribute] or named


def _vague(time: Found) -> bool:
    return time.span.precision in _VAGUE or (time.span.last - time.span.first).days > 366


def _in_year_of(time: Found, dated: Found) -> Found:
    """A time without its year, in the year of another; "December 1986 and January" runs on."""
    if time.anchoring != "yearless":
        return time
    year = dated.span.first.year
    span = _with_year(time.span, year)
    apart = (span.first - dated.span.first).days
    if time.start > dated.start and apart < -_MOST_OF_A_YEAR:
        span = _with_year(time.span, year + 1)
    elif time.start < dated.start and apart > _MOST_OF_A_YEAR:
        span = _with_year(time.span, year - 1)
    return replace(time, span=span)


def _with_year(span: Span, year: int) -> Span:
    years = year - span.first.year
    first, last = moved(span.first, "year", years), moved(span.last, "year", years)
    return Span(first, last, span.precision) if first and last else span


# --- parts and relations -------------------------------------------------------------------------
_PART = re.compile(
    r"\b(?P<part>early|mid|middle|late|beginning|start|end|close)"
    r"(?:\s(?:part\s)?(?:of|in)(?:\sthe)?)?(?:\s|-|\u2013)(?:the\s)?"
    r"(?:(?:month|year|summer|week)\sof\s)?$",
    re.I,
)
_THIRDS = {
    "early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2, "close": 2,
}  # fmt: skip
_RELATIONS: dict[str, Relation] = {
    "since": "since", "from": "", "after": "after", "following": "after", "before": "before",
    "prior to": "before", "ahead of": "before", "until": "until", "till": "until", "up to": "until",
    "through": "until", "by": "by", "as of": "by", "as at": "by", "as on": "by",
}  # fmt: skip
_RELATION = re.compile(
    r"\b(?P<word>since|after|following|before|prior\sto|ahead\sof|until|till|up\sto|through|by"
    r"|as\sof|as\sat|as\son|from)(?:\sthe)?(?:\s(?P<on>on|in))?\s{0,2}$",
    re.I,
)
_THE_BEFORE = re.compile(r"\bthe\s{1,2}$", re.I)
_EVENT_AFTER = re.compile(
    r"\s{1,2}(?!"
    + v.any_of(
        "and or to in at on did was were is are has have had the what how who which where why "
        "when does do for"
    )
    + r"\b)[A-Za-z]"
)
_YEAR_AFTER = re.compile(r",?\s(?:of\s)?(?:this|last|next)\syear\b", re.I)


def _with_relation(text: str, time: Found) -> Named:
    span, start = _narrowed(text, time)
    year = _YEAR_AFTER.match(text, time.end)
    end = year.end() if year else time.end
    low = max(0, start - 40)
    lead = text[low:start]
    before = _RELATION.search(lead)
    if before is None:
        return Named(span, start, end, "", False, time)
    describes = _THE_BEFORE.search(lead) and _EVENT_AFTER.match(text, time.end)
    if describes and time.kind != "decade":
        return Named(span, start, end, "", True, time)
    relation = _RELATIONS[re.sub(r"\s", " ", before["word"].lower())]
    return Named(span, low + before.start(), end, relation, False, time)


def _narrowed(text: str, time: Found) -> tuple[Span, int]:
    """The third of a month, season, quarter or year that "early", "mid-" or "the end of" names."""
    low = max(0, time.start - 32)
    part = _PART.search(text[low : time.start])
    if part is None or time.span.precision in ("day", "range", "week", "decade"):
        return time.span, time.start
    return _third(time.span, _THIRDS[part["part"].lower()]), low + part.start()


def _third(span: Span, third: int) -> Span:
    """Ten days of a month, four months of a year, and thirds by days of anything else."""
    if span.precision == "year":
        first = span.first.replace(month=4 * third + 1)
        end = moved(first, "month", 4)
        return Span(first, (end or span.last) - timedelta(days=1), "range")
    length = ((span.last - span.first).days + 1) // 3
    first = span.first + timedelta(days=third * length)
    last = span.last if third == 2 else first + timedelta(days=length - 1)
    return Span(first, last, "range")
