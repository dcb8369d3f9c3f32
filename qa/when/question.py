"""What a question says about time: the period that it names, and the publication days that follow.

A question may speak of when a thing happened or of when it was told. The period is the first, the
window the second: it begins with the period and runs on for as long as news of such a period keeps
appearing. It filters only where the question clearly bounds the articles; else it weighs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from qa.types import Anchor, DateWindow, EventPrecision
from qa.when import vocabulary as v
from qa.when.anchor import read_anchor
from qa.when.events import find_times
from qa.when.expressions import Found
from qa.when.holidays import HOLIDAYS
from qa.when.resolve import Reference, Span, moved

About = Literal["event", "publication", "either"]
Order = Literal["latest", "first"]


@dataclass(frozen=True, slots=True)
class QuestionTimes:
    """The times of a question, each with the words that say so.

    `period` is what the question names, `window` the publication days that follow from it; both
    half-open. `bounded` says that `window` filters. `order` asks for the newest or the oldest
    telling. `anchor` is an event whose date bounds the question and is yet to be found.
    """

    period: DateWindow | None = None
    window: DateWindow | None = None
    bounded: bool = False
    about: About = "either"
    order: Order | None = None
    order_basis: str = ""
    anchor: Anchor | None = None


# --- the period ------------------------------------------------------------------------------------

_CAPITALISED = re.compile(
    rf"\b(?:{v.one_of([m for m in v.MONTH_NUMBER if m not in ('may', 'march', 'mar', 'sep', 'dec', 'jan')])}"
    rf"|{v.one_of([d for d in v.WEEKDAY_NUMBER if d not in v.SHORT_WEEKDAYS])}"
    rf"|{v.one_of([name for name in HOLIDAYS])}"
    r"|(?:(?<=in )|(?<=of )|(?<=since )|(?<=until )|(?<=by )|(?<=early )|(?<=mid-)|(?<=late )|(?<=last )|(?<=this )"
    r"|(?<=next )|(?<=and )|(?<=to )|(?<=between )|(?<=from )|(?<=before )|(?<=after )|(?<=\d )|(?<=\dth )|(?<=\dst ))(?:may|march|mar|sep|dec|jan)(?!\sbe\b)"
    r"|(?:may|march|mar|sep|dec|jan)(?=\s\d))\b"
)
_PART = re.compile(
    r"\b(?P<part>early|mid|middle|late|beginning|start|end|close)(?:\s(?:part\s)?(?:of|in)(?:\sthe)?)?(?:\s|-|\u2013)(?:the\s)?(?:(?:month|year|summer|week)\sof\s)?$",
    re.I,
)
_THIRDS = {
    "early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2, "close": 2,
}  # fmt: skip
_RELATION = re.compile(
    r"\b(?P<word>since|after|following|before|prior\sto|ahead\sof|until|till|up\sto|through|by|as\sof|as\sat|as\son|from)"
    r"(?:\s(?:the\s)?(?:early|mid|late|beginning|start|middle|end)(?:\s(?:of|in))?)?(?:[\s-](?:the))?\s{0,2}$",
    re.I,
)
_OF_AN_EVENT = re.compile(
    r"\s{1,2}(?!and\b|or\b|to\b|in\b|at\b|on\b|did\b|was\b|were\b|is\b|has\b|have\b|had\b|the\b|what\b|how\b|who\b|which\b)[A-Za-z]"
)
_YEAR_AFTER = re.compile(r",?\s(?:of\s)?(?:this|last|next)\syear\b", re.I)
_FOLLOWING = re.compile(r"\bthe\s(?:following|next)\s(?P<unit>day|week|month|year)\b", re.I)
_VAGUE: frozenset[EventPrecision] = frozenset({"year", "decade"})


@dataclass(frozen=True, slots=True)
class _Named:
    """A time of the question with its relation ("since", "by", ...) and all its words."""

    span: Span
    start: int
    end: int
    relation: str
    attribute: bool  # of an event: "ahead of the July vote"
    found: Found


def read_question(
    text: str, now: date, *, coverage: tuple[date, date] | None = None
) -> QuestionTimes:
    """What `text` says about time, seen from the day `now`.

    `now` is what "yesterday" and "last year" count from, and no window runs beyond it: the
    caller's `as_of`, or the last day of the archive. `coverage`, the archive's first and last
    day, lets go of windows in which nothing was published ("the 1985 disaster" in an archive of
    1987 names an event, not a time to search in), unless the question bounds the articles.
    """
    plain = _CAPITALISED.sub(lambda match: _capital(match[0]), text)
    named = _named(plain, now)
    anchor = read_anchor(text, [(time.start, time.end) for time in named])
    order, order_basis = _order(text, named)
    if not named:
        return QuestionTimes(order=order, order_basis=order_basis, anchor=anchor)
    period = _period(text, named, now)
    about, bounded = _about(plain, named)
    window = _window(period, named, about, bounded, now)
    if window and coverage and not bounded:
        window = window if window.overlaps(coverage[0], coverage[1] + timedelta(days=1)) else None
    return QuestionTimes(
        period, window, bounded and window is not None, about, order, order_basis, anchor
    )


def _capital(words: str) -> str:
    return re.sub(r"(?<![A-Za-z'\u2019])[a-z]", lambda match: match[0].upper(), words)


def _named(text: str, now: date) -> list[_Named]:
    """The times that the question is about, the incidental ones left out."""
    found = find_times(Reference(text, now, "past"))
    dated = [time for time in found if time.anchoring == "dated" and not _vague(time)]
    dated = dated or [
        time for time in found if time.anchoring == "dated" and time.span.precision == "year"
    ]
    if dated and any(time.anchoring == "yearless" for time in found):
        # "in March 1987 ... and on April 3": a year once said holds for what follows.
        found = [_in_year_of(time, dated[0]) for time in found]
    named = [_with_relation(text, time) for time in found]
    finer = [time for time in named if not _vague(time.found)]
    named = finer or [time for time in named if time.found.kind != "decade"] or named
    return [time for time in named if not time.attribute] or named


_MOST_OF_A_YEAR = 270  # days


def _in_year_of(time: Found, dated: Found) -> Found:
    """A time without its year, put into the year of another; "December 1986 and January" runs on."""
    if time.anchoring != "yearless":
        return time
    span = _with_year(time.span, dated.span.first.year)
    apart = (span.first - dated.span.first).days
    if time.start > dated.start and apart < -_MOST_OF_A_YEAR:
        span = _with_year(time.span, dated.span.first.year + 1)
    elif time.start < dated.start and apart > _MOST_OF_A_YEAR:
        span = _with_year(time.span, dated.span.first.year - 1)
    return replace(time, span=span)


def _with_year(span: Span, year: int) -> Span:
    years = year - span.first.year
    first, last = moved(span.first, "year", years), moved(span.last, "year", years)
    return Span(first, last, span.precision) if first and last else span


def _vague(time: Found) -> bool:
    return time.span.precision in _VAGUE or (time.span.last - time.span.first).days > 366


def _with_relation(text: str, time: Found) -> _Named:
    span, start = _narrowed(text, time)
    low = max(0, start - 40)
    before = _RELATION.search(text[low:start])
    relation, attribute = "", False
    if before:
        word = re.sub(r"\s", " ", before["word"].lower())
        the = re.search(r"\bthe\s{1,2}$", text[low:start]) is not None
        attribute = the and _OF_AN_EVENT.match(text, time.end) is not None and time.kind != "decade"
        if not attribute:
            relation = _RELATIONS[word]
            start = low + before.start()
    year = _YEAR_AFTER.match(text, time.end)
    return _Named(span, start, year.end() if year else time.end, relation, attribute, time)


_RELATIONS = {
    "since": "since", "from": "", "after": "after", "following": "after", "before": "before",
    "prior to": "before", "ahead of": "before", "until": "until", "till": "until", "up to": "until",
    "through": "until", "by": "by", "as of": "by", "as at": "by", "as on": "by",
}  # fmt: skip


def _narrowed(text: str, time: Found) -> tuple[Span, int]:
    """The third of a month, season, quarter or year that "early", "mid-" or "the end of" names."""
    low = max(0, time.start - 32)
    part = _PART.search(text[low : time.start])
    if part is None or time.span.precision in ("day", "range", "week", "decade"):
        return time.span, time.start
    third = _THIRDS[part["part"].lower()]
    return _third(time.span, third), low + part.start()


def _third(span: Span, third: int) -> Span:
    """Ten days of a month, four months of a year, and thirds by days of anything else."""
    if span.precision == "year":
        first = span.first.replace(month=4 * third + 1)
        end = moved(first, "month", 4)
        return Span(first, (end or span.last) - timedelta(days=1), "range")
    days = (span.last - span.first).days + 1
    length = days // 3
    first = span.first + timedelta(days=third * length)
    last = span.last if third == 2 else first + timedelta(days=length - 1)
    return Span(first, last, "range")


def _period(text: str, named: Sequence[_Named], now: date) -> DateWindow:
    """From the first day that is named to the last; open ends run from the start and to `now`."""
    firsts, lasts = [], []
    for time in named:
        first, last = time.span.first, time.span.last
        if time.relation == "since":
            last = max(now, first)
        elif time.relation == "after":
            first = _next_day(last)
            last = max(now, first)
        elif time.relation == "before":
            first, last = date.min, max(first - timedelta(days=1), date.min)
        elif time.relation == "until":
            first = date.min
        firsts.append(first)
        lasts.append(last)
    first, last = min(firsts), max(lasts)
    following = _FOLLOWING.search(text, named[0].end)
    if following:
        next_day = _next_day(last)
        end = moved(next_day, following["unit"].lower(), 1)
        last = end - timedelta(days=1) if end else last
    basis = "; ".join(text[time.start : time.end] for time in named)
    return DateWindow(first, _next_day(last), basis)


def _next_day(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


# --- the window of publication -------------------------------------------------------------------

# For how many days after its end a period is still being reported. A day's events are told the
# same day and in the days after; a week's figures come within two weeks; a month's, a quarter's
# and a year's within some six weeks (trade and national accounts are the slowest).
_LAG = {"day": 7, "week": 14, "month": 44, "long": 44}
_DATE_LINE = 1  # a day that began earlier elsewhere: Tokyo's 10 April opens on New York's 9th
_STATE_KNOWN = 7  # "as of 7 April" may rest on what was told in the days before


def _window(
    period: DateWindow, named: Sequence[_Named], about: About, bounded: bool, now: date
) -> DateWindow | None:
    """The days on which news of the period appears, up to `now`; None when it is all ahead."""
    tomorrow = _next_day(now)
    if bounded:
        return DateWindow(period.start, period.end, period.basis)
    if period.start >= tomorrow and about != "publication":
        return None  # what is still to come is told of now: its own days say nothing
    days = (period.end - period.start).days
    lag = _LAG["day" if days <= 2 else "week" if days <= 28 and _short(named) else "month"]
    ahead = _DATE_LINE if days <= 2 else 0
    if any(time.relation == "by" for time in named):
        ahead, lag = _STATE_KNOWN, min(lag, 14)
    start = max(period.start, date.min + timedelta(days=ahead)) - timedelta(days=ahead)
    end = min(period.end, date.max - timedelta(days=lag)) + timedelta(days=lag)
    end = max(min(end, tomorrow), _next_day(start))
    return DateWindow(start, end, period.basis)


def _short(named: Sequence[_Named]) -> bool:
    return all(time.span.precision in ("day", "week", "range") for time in named)


# --- what the time is about ----------------------------------------------------------------------------

_ARTICLES = r"(?:articles?|stor(?:y|ies)|news|coverage|headlines?|dispatch(?:es)?|report(?:s|ing)?|pieces?|items?)"
_BOUNDING = re.compile(
    rf"\b(?:{_ARTICLES}(?:\s\w+){{0,2}}?\s(?:published\s|written\s|filed\s|printed\s|dated\s)?(?:from|in|on|between|during|since|before|after|dated)"
    rf"|(?:reported|published|printed|filed|wrote|written)(?:\s\w+)?\s(?:from|in|on|between|during|since|before|after|back\sin))"
    r"\s(?:the\s)?(?:\w+\sof\s)?$"
)
_PUBLISHED_WORK = re.compile(
    r"\b(?:poll|survey|study|book|paper|data|figures|statistics|report|research|list|index|novel|memoir|profit|loss|earnings|results)"
    r"(?:\s\w+){0,2}\s(?:published|reported|printed|released)\b", re.I
)  # fmt: skip


def _about(text: str, named: Sequence[_Named]) -> tuple[About, bool]:
    """Whether the time is that of the articles, and whether it bounds them for certain."""
    first = named[0]
    low = max(0, first.start - 60)
    lead = text[low : first.found.start]
    lead = re.sub(r"\b(?:early|mid|late)[\s-]$", "", lead)
    if _BOUNDING.search(lead) and not _PUBLISHED_WORK.search(text[low : first.start]):
        return "publication", True
    if any(time.relation == "by" for time in named):
        return "publication", False
    if first.relation or first.attribute:
        return "event", False
    return "either", False


# --- newest or oldest ----------------------------------------------------------------------------------

_LATEST = re.compile(
    r"\b(?:latest|most\srecent(?:ly)?|newest|up[- ]to[- ]date|currently|current|at\spresent|presently|right\snow|as\sof\snow|nowadays"
    r"|so\sfar|to\sdate|(?<!until )(?<!by )now(?!-)|these\sdays|lately|recent(?:ly)?|still|updated|corrected|last\s(?:confirmed|reported|known)"
    r"|in\sthe\send|end(?:s|ed)?\sup|what\s(?:became|has\sbecome)\sof|as\sof)\b",
    re.I,
)
_FIRST = re.compile(
    r"\b(?:first\s(?:reported|reports?|announced|disclosed|published|mentioned|estimates?|word)|initial(?:ly)?|originally|original|earliest|at\sfirst)\b",
    re.I,
)


def _order(text: str, named: Sequence[_Named]) -> tuple[Order | None, str]:
    latest, first = _LATEST.search(text), _FIRST.search(text)
    if latest:
        return "latest", latest[0]
    return ("first", first[0]) if first else (None, "")
