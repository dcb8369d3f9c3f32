"""What is read: an article, where and when it appeared, and the evidence for it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Precision = Literal["second", "minute", "day", "month", "year", "none"]
Method = Literal[
    "header", "dateline", "metadata", "json-ld", "feed", "url", "filename", "given", "none"
]


@dataclass(frozen=True, slots=True)
class Published:
    """When an article appeared, how exactly that is known, and where it was found."""

    value: date | datetime | None = None
    precision: Precision = "none"
    method: Method = "none"

    @property
    def day(self) -> date | None:
        """The local calendar day as published; the first day of a month or a year."""
        return self.value.date() if isinstance(self.value, datetime) else self.value

    @property
    def days(self) -> tuple[date, date] | None:
        """First day and the day after the last that this date may mean; None when undated."""
        first = self.day
        if first is None:
            return None
        if self.precision == "year":
            return date(first.year, 1, 1), _after(date(first.year, 12, 31))
        if self.precision == "month":
            start = first.replace(day=1)
            return start, _after(start.replace(day=monthrange(first.year, first.month)[1]))
        return first, _after(first)


def _after(day: date) -> date:
    """The next day; the calendar's last day has none, and stands for it."""
    return day if day == date.max else day + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Source:
    """Canonical name of a publisher or an agency; `raw` is how the article wrote it."""

    name: str | None = None
    method: Method = "none"
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of evidence for one field: what was understood, on which words.

    `start` and `end` point into `Article.text`; both are None where the words stood outside it
    (a header line, a metadata field, a URL). Evidence that lost to a surer one is kept too.
    """

    field: str
    value: str
    method: Method
    words: str
    start: int | None = None
    end: int | None = None
    won: bool = True


@dataclass(frozen=True, slots=True)
class Article:
    """One article as stored; `text` never changes: a correction is a new version of the same id."""

    id: str
    text: str
    source: Source = Source()
    published: Published = Published()
    title: str | None = None
    byline: str | None = None
    place: tuple[str, ...] = ()
    url: str | None = None
    language: str | None = None
    version: int = 1
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """An input that could not be read, with the reason; the rest of the batch goes on."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One article as read from bytes, and what a person should know about how it was read."""

    article: Article
    warnings: tuple[str, ...] = ()
