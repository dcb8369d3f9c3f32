"""One unchanging view of the archive: a verified generation, and exactly what is newer than it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from qa.columns import Bounds, Columns
from qa.database import Database
from qa.dense import DenseIndex
from qa.lexical import LexicalIndex
from qa.records import read_article, read_articles, read_passages
from qa.types import Article, Candidates, Filters, Rows, StoredPassage, Vectors


@dataclass(frozen=True, slots=True)
class Part:
    """Some articles of the archive with the vectors of their passages, in the same order."""

    columns: Columns
    dense: DenseIndex

    def search(self, question: Vectors, k: int, bounds: Bounds) -> Candidates:
        """The nearest passages that pass, by row."""
        found = self.dense.search(question, k, self.columns.passages(bounds))
        return Candidates(self.columns.passage_rows[found.rows], found.scores)


class ArchiveSnapshot:
    """What the archive held after one change; implements `qa.types.Snapshot`. Safe for threads."""

    def __init__(
        self,
        change: int,
        parts: Sequence[Part],
        lexical: LexicalIndex | None,
        names: Mapping[int, str],
        database: Database,
    ) -> None:
        self._change = change
        self._parts = tuple(parts)
        self._lexical = lexical
        self._names = names
        self._database = database

    @property
    def name(self) -> str:
        """The number of the last change that is seen, such as 000042."""
        return f"{self._change:06d}"

    @cached_property
    def article_count(self) -> int:
        return sum(int(np.count_nonzero(part.columns.live)) for part in self._parts)

    @cached_property
    def passage_count(self) -> int:
        return sum(
            int(np.count_nonzero(part.columns.live[part.columns.owner])) for part in self._parts
        )

    @cached_property
    def coverage(self) -> tuple[date, date] | None:
        """First and last day of the dated articles."""
        spans = []
        for part in self._parts:
            dated = part.columns.live & (part.columns.first > 0)
            if dated.any():
                spans.append((part.columns.first[dated].min(), part.columns.end[dated].max()))
        if not spans:
            return None
        first, end = min(span[0] for span in spans), max(span[1] for span in spans)
        return date.fromordinal(int(first)), date.fromordinal(int(end) - 1)

    @cached_property
    def sources(self) -> Mapping[str, int]:
        """Canonical source names and how many articles each has, most first."""
        counts = np.zeros(max(self._names, default=0) + 1, np.int64)
        for part in self._parts:
            codes = part.columns.source[part.columns.live]
            counts += np.bincount(codes, minlength=len(counts))
        named = ((name, int(counts[code])) for code, name in self._names.items() if counts[code])
        return dict(sorted(named, key=lambda item: (-item[1], item[0])))

    def undated(self, filters: Filters) -> int:
        """How many articles a date filter leaves out only because they have no date."""
        bounds = self._bounds(filters)
        return sum(part.columns.undated(bounds) for part in self._parts)

    def dense(self, question: Vectors, k: int, filters: Filters) -> Candidates:
        """The k nearest passages by inner product, inside the filters; `question` float32[d]."""
        bounds = self._bounds(filters)
        found = [part.search(question, k, bounds) for part in self._parts]
        rows = np.concatenate([some.rows for some in found])
        scores = np.concatenate([some.scores for some in found])
        best = np.lexsort((rows, -scores))[: max(k, 0)]
        return Candidates(rows[best], scores[best])

    def lexical(self, question: str, k: int, filters: Filters) -> Candidates:
        """The k best passages by BM25 over title and text, inside the filters."""
        if self._lexical is None:
            return Candidates(np.empty(0, np.int64), np.empty(0, np.float32))
        return self._lexical.search(question, k, self._bounds(filters))

    def vectors(self, rows: Rows) -> Vectors:
        """The stored vectors of these rows, float32[len(rows), dimension]; KeyError if unknown."""
        gathered: Vectors | None = None
        for part, here, at in self._placed(rows):
            found = part.dense.vectors(at)
            if gathered is None:
                gathered = np.empty((len(rows), found.shape[1]), np.float32)
            gathered[here] = found
        if gathered is None:
            raise KeyError("this snapshot has no passages")
        return gathered

    def owners(self, rows: Rows) -> Rows:
        """The article row of each passage row, int64[len(rows)]; KeyError if unknown."""
        owners = np.empty(len(rows), np.int64)
        for part, here, at in self._placed(rows):
            owners[here] = part.columns.article_rows[part.columns.owner[at]]
        return owners

    def _placed(self, rows: Rows) -> Iterator[tuple[Part, Rows, Rows]]:
        """For each part: which of the rows are in it, as indexes, and their positions there."""
        wanted = np.asarray(rows, np.int64)
        missing = np.ones(len(wanted), np.bool_)
        for part in self._parts:
            known = part.columns.passage_rows
            at = np.searchsorted(known, wanted)
            here = np.flatnonzero(at < len(known))
            here = here[known[at[here]] == wanted[here]]
            missing[here] = False
            yield part, here, at[here]
        if missing.any():
            raise KeyError(f"no passage in this snapshot has row {wanted[missing][:1]}")

    def passages(self, rows: Iterable[int]) -> list[StoredPassage]:
        """The passages of these rows, in their order; offsets are into the article's text."""
        with self._database.reading() as connection:
            return read_passages(connection, [int(row) for row in rows])

    def articles(self, article_rows: Iterable[int]) -> dict[int, Article]:
        """Articles by row."""
        with self._database.reading() as connection:
            return read_articles(connection, [int(row) for row in article_rows])

    def article(self, article_id: str, version: int | None = None) -> Article | None:
        """The newest version that this snapshot shows, or the version asked for."""
        with self._database.reading() as connection:
            return read_article(connection, article_id, version, self._change)

    def _bounds(self, filters: Filters) -> Bounds:
        window, wanted = filters.window, {name.casefold() for name in filters.sources}
        return Bounds(
            start=None if window is None else window.start.toordinal(),
            end=None if window is None else window.end.toordinal(),
            as_of=None if filters.as_of is None else filters.as_of.toordinal(),
            sources=tuple(c for c, name in self._names.items() if name.casefold() in wanted)
            if wanted
            else None,
        )
