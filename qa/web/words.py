"""How dates, spans of days and evidence are written for a reader."""

from __future__ import annotations

import datetime as dt

from qa.dates import read_days
from qa.types import AbstentionReason, Asked, DateWindow, EventDate, Method, Published

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_KNOWN_BY: dict[Method, str] = {
    "header": "from the article’s header",
    "dateline": "from the dateline",
    "metadata": "from the article’s metadata",
    "json-ld": "from the page’s metadata",
    "feed": "from the feed",
    "url": "from the web address",
    "filename": "from the file’s name",
    "given": "as given when it was added",
    "none": "",
}

ASKED: dict[Asked, str] = {
    "when": "a date",
    "number": "a number",
    "who": "a person or a group",
    "where": "a place",
    "yes-no": "yes or no",
    "why": "a reason",
    "how": "a way",
    "what": "a thing",
}

REASONS: dict[AbstentionReason, str] = {
    "empty_archive": "The archive is empty.",
    "outside_dates": "Not in the archive: the time asked for lies outside it.",
    "no_match": "Not in the archive.",
    "weak_match": "Not in the archive, as far as its articles say.",
}


def long_day(day: dt.date) -> str:
    """5 May 2020."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def answer_words(answer: str) -> str:
    """An answer as it is shown: calendar dates in words, all else as it stands."""
    days = read_days(answer)
    return span_of_days(*days) if days and not answer.isdecimal() else answer


def span_of_days(first: dt.date, last: dt.date) -> str:
    """Two inclusive days as briefly as they can be said: 1–31 May 2020, May 2020, 2020."""
    after = last + dt.timedelta(days=1) if last < dt.date.max else last
    if first == last:
        return long_day(first)
    if first.day == 1 and after.day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return f"{_MONTHS[first.month - 1]} {first.year}"
        if first.month == 1 and after.month == 1:
            return f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{long_day(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} – {long_day(last)}"
    return f"{long_day(first)} – {long_day(last)}"


def window_words(window: DateWindow) -> str:
    """A half-open window, with its open sides in words."""
    last = window.end - dt.timedelta(days=1) if window.end > window.start else window.end
    if window.start == dt.date.min and window.end == dt.date.max:
        return "any time"
    if window.start == dt.date.min:
        return f"up to {long_day(last)}"
    if window.end == dt.date.max:
        return f"from {long_day(window.start)} on"
    if window.end == window.start:
        return "no day at all"
    return span_of_days(window.start, last)


def published_words(published: Published) -> str:
    """A date of publication, no more exact than it is known."""
    if published.value is None or published.day is None:
        return "undated"
    if published.precision == "year":
        return str(published.day.year)
    if published.precision == "month":
        return f"{_MONTHS[published.day.month - 1]} {published.day.year}"
    words = long_day(published.day)
    if isinstance(published.value, dt.datetime):
        words += f", {published.value:%H:%M}"
        if published.value.tzinfo is not None:
            words += f" {published.value:%Z}"
    return words


def known_by(method: Method) -> str:
    """Where a date or a source was found; empty where it was not."""
    return _KNOWN_BY[method]


def event_words(event: EventDate) -> str:
    """The days that an expression means."""
    return span_of_days(event.first, event.last)


def machine_date(published: Published) -> str:
    """For the `datetime` attribute: no more exact than known; empty when undated."""
    day = published.day
    if day is None:
        return ""
    return {"year": f"{day:%Y}", "month": f"{day:%Y-%m}"}.get(published.precision, day.isoformat())
