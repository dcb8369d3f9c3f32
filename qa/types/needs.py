"""What is needed of others: each need a Protocol, met by one module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from qa.types.answers import Query, ReadAnswer, Understood
from qa.types.articles import Article
from qa.types.search import Candidates, Filters, Hit, Rows, StoredPassage, Vectors


class Embedder(Protocol):
    """Texts to unit vectors. Questions and passages are two functions, as models may differ."""

    @property
    def dimension(self) -> int: ...

    @property
    def fingerprint(self) -> str:
        """Names the model and its weights; an archive is only ever read with its own."""
        ...

    def fits(self, text: str) -> bool:
        """Whether the model reads the whole text; it would cut what is longer."""
        ...

    def embed_question(self, text: str) -> Vectors:
        """One unit vector, float32[dimension]."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32[len(texts), dimension], in the order of `texts`."""
        ...


class Snapshot(Protocol):
    """One unchanging view of the archive; a query uses one from start to end."""

    @property
    def name(self) -> str: ...

    @property
    def article_count(self) -> int: ...

    @property
    def passage_count(self) -> int: ...

    @property
    def coverage(self) -> tuple[date, date] | None:
        """First and last day of the dated articles."""
        ...

    @property
    def sources(self) -> Mapping[str, int]:
        """Canonical source names and how many articles each has."""
        ...

    def undated(self, filters: Filters) -> int:
        """How many articles a date filter leaves out only because they have no date."""
        ...

    def dense(self, question: Vectors, k: int, filters: Filters) -> Candidates:
        """The k nearest passages by inner product, inside the filters."""
        ...

    def lexical(self, question: str, k: int, filters: Filters) -> Candidates:
        """The k best passages by BM25 over title and text, inside the filters."""
        ...

    def vectors(self, rows: Rows) -> Vectors:
        """The stored vectors of these rows, float32[len(rows), dimension]."""
        ...

    def owners(self, rows: Rows) -> Rows:
        """The article row of each of these passage rows, int64[len(rows)]."""
        ...

    def passages(self, rows: Iterable[int]) -> list[StoredPassage]:
        """The passages of these rows, in their order."""
        ...

    def articles(self, article_rows: Iterable[int]) -> dict[int, Article]:
        """Articles by row."""
        ...

    def article(self, article_id: str, version: int | None = None) -> Article | None:
        """The newest version that this snapshot shows, or the version asked for."""
        ...


class Store(Protocol):
    """The archive on disk: one writer, many readers."""

    def snapshot(self) -> Snapshot:
        """The newest committed state."""
        ...


class Reader(Protocol):
    """Hits to the words that answer, or the reason why none do."""

    def read(
        self,
        query: Query,
        understood: Understood,
        hits: Sequence[Hit],
        stored: Sequence[StoredPassage],
        articles: Sequence[Article],
    ) -> ReadAnswer:
        """The quotes of the hits, the one that answers, or why none does; all are parallel."""
        ...
