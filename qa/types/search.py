"""What is searched: passages, the times in them, filters, and what a search finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

EventPrecision = Literal["day", "range", "week", "month", "quarter", "season", "year", "decade"]
Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Passage:
    """`article.text[start:end]`; sentence-aligned, numbered from 0 within its article's version."""

    id: str
    article_id: str
    ordinal: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EventDate:
    """A time expression at `[start, end)`, resolved against its article's date.

    `first` and `last` are both inside the span of days that it means.
    """

    text: str
    start: int
    end: int
    first: date
    last: date
    precision: EventPrecision


@dataclass(frozen=True, slots=True)
class DateWindow:
    """Days from `start` up to, not including, `end`; `basis` is the words that it came from."""

    start: date
    end: date
    basis: str = ""

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlaps(self, first: date, end: date) -> bool:
        """Whether any day of `[first, end)` lies inside."""
        return first < self.end and self.start < end

    def meets(self, first: date, last: date) -> bool:
        """Whether any day from `first` to `last`, both counted, lies inside."""
        return first < self.end and self.start <= last

    def narrowed(self, other: DateWindow) -> DateWindow:
        """The part of this window that `other` covers too; empty (start == end) when none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return DateWindow(start, max(start, end), other.basis or self.basis)


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be found at all. Applied inside the searches, never after them."""

    window: DateWindow | None = None
    sources: tuple[str, ...] = ()
    as_of: date | None = None  # the last day that is visible


@dataclass(frozen=True, slots=True)
class Candidates:
    """What one search found: passage rows of the store, best first, higher is better.

    `rows` int64[n] and `scores` float32[n] have the same length and order.
    """

    rows: Rows
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score in [0, 1]; `by` maps each signal's name to its part of it."""

    passage: Passage
    score: float
    by: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its row in the store, its article's row, and resolved times.

    `event_dates` are those told in the passage, `article_dates` those of the whole article: a quote
    may stand beside the passage that led to it.
    """

    row: int
    article_row: int
    passage: Passage
    event_dates: tuple[EventDate, ...] = ()
    article_dates: tuple[EventDate, ...] = ()
