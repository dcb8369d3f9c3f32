"""The vocabulary: the only values that cross module borders.

Offsets are Unicode code points, end exclusive. Days are calendar days as published. Windows are
half-open. Scores live on `Hit` and `Candidates` only; order in a list is rank, best first.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Precision = Literal["second", "minute", "day", "month", "year", "none"]
Method = Literal[
    "header", "dateline", "metadata", "json-ld", "feed", "url", "filename", "given", "none"
]
EventPrecision = Literal["day", "range", "week", "month", "quarter", "season", "year", "decade"]
Sort = Literal["relevance", "newest", "oldest"]
Asked = Literal["when", "number", "who", "where", "yes-no", "why", "how", "what"]
AbstentionReason = Literal["empty_archive", "outside_dates", "no_match", "weak_match"]
Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


# --- what is read -----------------------------------------------------------------------------


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


# --- what is searched -------------------------------------------------------------------------


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


# --- what is asked and answered ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Query:
    """A question with what the caller fixed; `k` counts distinct stories, 1 to 50."""

    text: str
    k: int = 5
    window: DateWindow | None = None
    sources: tuple[str, ...] = ()
    as_of: date | None = None
    sort: Sort = "relevance"


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article that carries the same story."""

    article_id: str
    version: int
    source: str | None
    published: Published


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact quote: `article.text[start:end] == quote`, with where it comes from.

    `id` is `ARTICLE@VERSION:START-END`; `event_dates` count from the start of the quote.
    """

    id: str
    article_id: str
    version: int
    title: str | None
    source: str | None
    published: Published
    place: tuple[str, ...]
    url: str | None
    quote: str
    start: int
    end: int
    passage: Passage
    passage_text: str
    event_dates: tuple[EventDate, ...] = ()
    also: tuple[Copy, ...] = ()
    score: float = 0.0
    by: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Understood:
    """What the question was taken to mean, each part with the words that say so.

    `period` is the time that the question names; `window` the publication days that follow from
    it. `bounded` says whether `window` filters (the question clearly bounds it) or only weighs.
    """

    asked: Asked = "what"
    period: DateWindow | None = None
    window: DateWindow | None = None
    bounded: bool = False
    order: Literal["latest", "first"] | None = None
    order_basis: str = ""
    sources: tuple[str, ...] = ()
    anchor: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """An event that bounds the question ("before the summit"), and its date once found."""

    relation: Literal["before", "after", "since", "until", "during"]
    event: str
    basis: str
    found: date | None = None
    article_id: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The words that answer: `quote` offsets in the article's text, and the answer inside it."""

    hit: int  # index of the hit in the list that was read
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no answer. Scores are in [0, 1]; `coverage` is the archive's first, last day."""

    reason: AbstentionReason
    detail: str
    nearest_score: float | None = None
    threshold: float | None = None
    coverage: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One of several different answers that independent articles give to the same question."""

    text: str
    citation: int  # index into Answer.citations


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says: `text` is the shortest span that answers, `sentence` what holds it."""

    question: str
    answerable: bool
    text: str | None
    sentence: str | None
    confidence: float
    window: DateWindow | None
    citations: tuple[Citation, ...]
    abstention: Abstention | None
    snapshot: str
    excluded_undated: int = 0
    understood: Understood = Understood()
    conflict: tuple[Figure, ...] = ()


# --- what is needed ---------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its row in the store, its article's row and its resolved times."""

    row: int
    article_row: int
    passage: Passage
    event_dates: tuple[EventDate, ...] = ()


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
        self, query: Query, understood: Understood, hits: Sequence[Hit], texts: Sequence[str]
    ) -> ReadAnswer: ...


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """`quotes[i]` is the quote for the i-th hit; `best` indexes the one that answers, if any.

    Without a best, `reason` and `weakness` say why, and `threshold` is the confidence that was
    missed. `figures` are different answers of independent articles, in date order.
    """

    quotes: tuple[Span, ...]
    best: int | None
    confidence: float
    reason: AbstentionReason = "weak_match"
    weakness: str = ""
    threshold: float | None = None
    figures: tuple[Span, ...] = ()
