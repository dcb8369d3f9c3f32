"""What is asked and answered: a query, what it was taken to mean, citations, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from qa.types.articles import Published
from qa.types.search import DateWindow, EventDate, Passage

Sort = Literal["relevance", "newest", "oldest"]
Asked = Literal["when", "number", "who", "where", "yes-no", "why", "how", "what"]
AbstentionReason = Literal["empty_archive", "outside_dates", "no_match", "weak_match"]


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
    `outcome`: the latest is wanted as the report of how the matter of that time came out.
    """

    asked: Asked = "what"
    period: DateWindow | None = None
    window: DateWindow | None = None
    bounded: bool = False
    order: Literal["latest", "first"] | None = None
    order_basis: str = ""
    outcome: bool = False
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
    """What the archive says: `text` is the shortest span that answers, `sentence` what holds it.

    `cited` indexes the citation that the answer stands in; it need not be the first.
    """

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
    cited: int | None = None


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """`quotes[i]` is the quote for the i-th hit; `best` indexes the one that answers, if any.

    Without a best, `reason` and `weakness` say why, and `threshold` is the confidence that was
    missed. `figures` are different answers of independent articles, in date order. `evidence[i]` is
    the score of the i-th hit's best sentence less that of the best of all, -inf where none of its
    sentences was read closely; hits beyond were not read.
    """

    quotes: tuple[Span, ...]
    best: int | None
    confidence: float
    reason: AbstentionReason = "weak_match"
    weakness: str = ""
    threshold: float | None = None
    figures: tuple[Span, ...] = ()
    evidence: tuple[float, ...] = ()
