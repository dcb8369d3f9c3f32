"""What the filters look at, as plain arrays: days, sources and who is still to be seen.

Days are proleptic Gregorian ordinals (`date.toordinal`); an undated article has first == end == 0.
Source code 0 means that the source is not known. Everything is in row order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.types import Published, Rows

Days = NDArray[np.int32]
Mask = NDArray[np.bool_]

UNDATED = (0, 0)
_AFTER_LAST_DAY = date.max.toordinal() + 1


def day_span(published: Published) -> tuple[int, int]:
    """First day and the day after the last, as ordinals; `UNDATED` when there is no date."""
    first = published.day
    if first is None:
        return UNDATED
    try:
        start, end = published.days or (first, first)
    except OverflowError:  # the calendar ends with the year 9999
        return first.toordinal(), _AFTER_LAST_DAY
    return start.toordinal(), max(end.toordinal(), first.toordinal() + 1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Filters in numbers: window `[start, end)`, last visible day, codes of wanted sources.

    None means unbounded; an empty `sources` lets nothing through.
    """

    start: int | None = None
    end: int | None = None
    as_of: int | None = None
    sources: tuple[int, ...] | None = None

    @property
    def dated(self) -> bool:
        """Whether an article without a date is left out."""
        return self.end is not None or self.as_of is not None

    @property
    def open(self) -> bool:
        """Whether everything passes."""
        return not self.dated and self.sources is None


@dataclass(frozen=True, slots=True)
class Columns:
    """Articles and their passages.

    `article_rows` int64[a], `first`, `end`, `source` int32[a] and `live` bool[a] describe articles;
    `passage_rows` int64[p] and `owner` int32[p] (a position in the article arrays) passages.
    """

    article_rows: Rows
    first: Days
    end: Days
    source: NDArray[np.int32]
    live: Mask
    passage_rows: Rows
    owner: NDArray[np.int32]

    @classmethod
    def of(cls, articles: NDArray[np.int64], passage_rows: Rows, passage_articles: Rows) -> Columns:
        """From int64[a, 4] (row, first, end, source) and the article row of each passage."""
        rows = np.ascontiguousarray(articles[:, 0])
        first, end, source = (articles[:, i].astype(np.int32) for i in (1, 2, 3))
        owner = np.searchsorted(rows, passage_articles).astype(np.int32)
        return cls(rows, first, end, source, np.ones(len(rows), np.bool_), passage_rows, owner)

    @classmethod
    def empty(cls) -> Columns:
        nothing = np.empty(0, np.int64)
        return cls.of(np.empty((0, 4), np.int64), nothing, nothing)

    def extended(self, later: Columns) -> Columns:
        """These and then `later`, whose rows are all greater."""
        shift = np.int32(len(self.article_rows))
        return Columns(
            np.concatenate([self.article_rows, later.article_rows]),
            np.concatenate([self.first, later.first]),
            np.concatenate([self.end, later.end]),
            np.concatenate([self.source, later.source]),
            np.concatenate([self.live, later.live]),
            np.concatenate([self.passage_rows, later.passage_rows]),
            np.concatenate([self.owner, later.owner + shift]),
        )

    def without(self, article_rows: Rows) -> Columns:
        """The same with these articles hidden, where they are here at all."""
        gone = self.positions(article_rows)
        if not len(gone):
            return self
        live = self.live.copy()
        live[gone] = False
        return replace(self, live=live)

    def positions(self, article_rows: Rows) -> NDArray[np.int64]:
        """Where those of the given article rows stand that are here."""
        if not len(self.article_rows):
            return np.empty(0, np.int64)
        at = np.searchsorted(self.article_rows, article_rows)
        at = np.minimum(at, len(self.article_rows) - 1)
        found: Rows = at[self.article_rows[at] == article_rows]
        return found

    def articles(self, bounds: Bounds) -> Mask:
        """Which articles pass, bool[a]."""
        passing = self.live & self._from(bounds.sources)
        if bounds.dated:
            passing &= self.first > 0
        if bounds.start is not None:
            passing &= self.end > bounds.start
        if bounds.end is not None:
            passing &= self.first < bounds.end
        if bounds.as_of is not None:
            passing &= self.first <= bounds.as_of
        return passing

    def passages(self, bounds: Bounds) -> Mask | None:
        """Which passages pass, bool[p]; None when all do."""
        if bounds.open and self.live.all():
            return None
        return self.articles(bounds)[self.owner]

    def undated(self, bounds: Bounds) -> int:
        """How many articles only a lack of date keeps out."""
        if not bounds.dated:
            return 0
        return int(np.count_nonzero(self.live & (self.first == 0) & self._from(bounds.sources)))

    def _from(self, sources: tuple[int, ...] | None) -> Mask:
        if sources is None:
            return np.ones(len(self.source), np.bool_)
        return np.isin(self.source, np.asarray(sources, np.int32))

    def save(self, folder: Path) -> None:
        """Write one `.npy` a column. Only what is live belongs into a generation."""
        for name in _SAVED:
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Columns:
        """Map what `save` wrote into memory."""
        loaded = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in _SAVED
        }
        return cls(live=np.ones(len(loaded["article_rows"]), np.bool_), **loaded)


_SAVED = ("article_rows", "first", "end", "source", "passage_rows", "owner")
