"""From the times that a question names to its period, and to the days of publication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from qa.types import DateWindow
from qa.when import vocabulary as v
from qa.when.named import Named
from qa.when.resolve import moved

About = Literal["event", "publication", "either"]

_FOLLOWING = re.compile(r"\bthe\s(?:following|next)\s(?P<unit>day|week|month|year)\b", re.I)


def period_of(text: str, named: Sequence[Named], now: date) -> DateWindow:
    """From the first day that is named to the last; open ends run from the start and to `now`."""
    spans = [_bounds(time, now) for time in named]
    first = min(first for first, _ in spans)
    last = max(last for _, last in spans)
    following = _FOLLOWING.search(text, named[0].end)
    if following:
        end = moved(_next_day(last), following["unit"].lower(), 1)
        last = end - timedelta(days=1) if end else last
    basis = "; ".join(text[time.start : time.end] for time in named)
    return DateWindow(first, _next_day(last), basis)


def _bounds(time: Named, now: date) -> tuple[date, date]:
    """First and last day of a time, as its relation opens it."""
    first, last = time.span.first, time.span.last
    if time.relation == "since":
        return first, max(now, first)
    if time.relation == "after":
        return _next_day(last), max(now, _next_day(last))
    if time.relation == "before":
        return date.min, max(first, date.min + timedelta(days=1)) - timedelta(days=1)
    if time.relation == "until":
        return date.min, last
    return first, last


def _next_day(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


# For how many days after its end a period is still being reported. A day's events are told the
# same day and in the days after; a week's figures come within two weeks; a month's, a quarter's
# and a year's within some six weeks (trade and national accounts are the slowest).
_DAY_LAG, _WEEK_LAG, _MONTH_LAG = 7, 14, 44
_DATE_LINE = 1  # a day that began earlier elsewhere: Tokyo's 10 April opens on New York's 9th
_STATE_KNOWN = 7  # "as of 7 April" may rest on what was told in the days before


def window_of(
    period: DateWindow, named: Sequence[Named], bounded: bool, now: date
) -> DateWindow | None:
    """The days on which news of the period appears, up to `now`; None when it is all ahead.

    Never wider than the period by more than 45 days.
    """
    if bounded:
        return period
    if period.start > now:
        return None  # what is still to come is told of now: its own days say nothing
    ahead, lag = _margins(period, named)
    start = max(period.start, date.min + timedelta(days=ahead)) - timedelta(days=ahead)
    end = min(period.end, date.max - timedelta(days=lag)) + timedelta(days=lag)
    return DateWindow(start, max(min(end, _next_day(now)), _next_day(start)), period.basis)


def _margins(period: DateWindow, named: Sequence[Named]) -> tuple[int, int]:
    """Days before the period and after it."""
    days = (period.end - period.start).days
    exact = all(time.span.precision in ("day", "week", "range") for time in named)
    if any(time.relation == "by" for time in named):
        return _STATE_KNOWN, _DAY_LAG if days <= 2 else _WEEK_LAG
    if days <= 2:
        return _DATE_LINE, _DAY_LAG
    return 0, _WEEK_LAG if days <= 28 and exact else _MONTH_LAG


# --- what the time is about ----------------------------------------------------------------------
_ARTICLES = v.any_of(
    "articles? story stories news coverage headlines? dispatch dispatches report reports reporting "
    "pieces? items?"
)
_TOLD = v.any_of("reported published printed filed wrote written")
_AT = v.any_of("from in on between during since before after dated")
_BOUNDING = re.compile(
    rf"\b(?:{_ARTICLES}(?:\s\w{{1,20}}){{0,2}}?\s(?:{_TOLD}\s)?{_AT}"
    rf"|{_TOLD}(?:\s\w{{1,20}}){{0,4}}?\s(?:back\s)?{_AT})\s(?:the\s)?(?:\w{{1,20}}\sof\s)?$"
)
_PUBLISHED_WORK = re.compile(
    r"\b"
    + v.any_of(
        "poll survey study book paper data figures statistics report research list index novel "
        "memoir profit loss earnings results"
    )
    + r"(?:\s\w{1,20}){0,2}\s(?:published|reported|printed|released)\b",
    re.I,
)
_RANGE_OPENS = re.compile(r"(?:from|between)\s", re.I)
_PART_BEFORE = re.compile(r"\b(?:early|mid|late)[\s-]$", re.I)


def about_what(text: str, named: Sequence[Named]) -> tuple[About, bool]:
    """Whether the time is that of the articles, and whether it bounds them for certain.

    "articles from March 1987" and "reported in March 1987" bound the articles; a poll that was
    published, or a profit that was reported, is an event like others.
    """
    first = named[0]
    low = max(0, first.start - 60)
    link = _RANGE_OPENS.match(text, first.found.start)  # "between" belongs to the time itself
    lead = _PART_BEFORE.sub("", text[low : link.end() if link else first.found.start])
    if _BOUNDING.search(lead) and not _PUBLISHED_WORK.search(text[low : first.found.start]):
        return "publication", True
    if any(time.relation == "by" for time in named):
        return "publication", False
    if first.relation or first.attribute:
        return "event", False
    return "either", False
