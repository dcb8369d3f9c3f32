"""The ask path: understand -> filter -> search both ways and rank -> read -> cite -> answer.

Everything is synchronous and sees one snapshot from start to end; the clock is an argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa.anchor import located
from qa.comparison import sides
from qa.question import understand
from qa.ranking import Ranked, rank, read_parts, together
from qa.types import (
    Abstention,
    Answer,
    Article,
    Citation,
    Copy,
    DateWindow,
    Embedder,
    Figure,
    Filters,
    Passage,
    Query,
    ReadAnswer,
    Reader,
    Snapshot,
    Span,
    StoredPassage,
    Understood,
    Vectors,
)

# An archive that ended longer ago than this is history: "last month" then counts from its last day.
LIVE = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search shows: the passages of k stories, best first, and how it was understood."""

    citations: tuple[Citation, ...]
    window: DateWindow | None
    excluded_undated: int
    snapshot: str
    understood: Understood


@dataclass(frozen=True, slots=True)
class _Look:
    """Everything that is known once the passages were ranked and read."""

    understood: Understood
    filters: Filters
    ranked: Ranked
    read: ReadAnswer
    citations: tuple[Citation, ...]


def ask(query: Query, snapshot: Snapshot, embedder: Embedder, reader: Reader, now: date) -> Answer:
    """The answer with its citations, or the reason why there is none."""
    look = _look(query, snapshot, embedder, reader, now)
    abstention = _abstention(look, snapshot)
    best = None if abstention else look.read.best
    span = None if best is None else look.read.quotes[best]
    order = _shown_order(look, span)
    return Answer(
        question=query.text,
        answerable=span is not None,
        text=span.text if span else None,
        sentence=look.citations[span.hit].quote if span else None,
        confidence=look.read.confidence,
        window=_shown_window(look),
        citations=tuple(look.citations[n] for n in order),
        abstention=abstention,
        snapshot=snapshot.name,
        excluded_undated=snapshot.undated(look.filters),
        understood=look.understood,
        conflict=_conflict(look, order) if span else (),
        cited=order.index(span.hit) if span else None,
    )


def search(
    query: Query, snapshot: Snapshot, embedder: Embedder, reader: Reader, now: date
) -> Found:
    """The passages alone, by the same search; nothing is abstained from."""
    look = _look(query, snapshot, embedder, reader, now)
    return Found(
        tuple(look.citations[n] for n in _shown_order(look, None)),
        _shown_window(look),
        snapshot.undated(look.filters),
        snapshot.name,
        look.understood,
    )


def _look(query: Query, snapshot: Snapshot, embedder: Embedder, reader: Reader, now: date) -> _Look:
    today = _reference_day(snapshot.coverage, query.as_of or now)
    understood = _understood(query, snapshot, embedder, today)
    filters = _filters(query, understood)
    vector = embedder.embed_question(query.text)
    ranked = rank(snapshot, query, understood, vector, filters)
    aspects = [
        *_sides(query, snapshot, embedder, today),
        *_publishers(query, understood, vector, filters, snapshot),
    ]
    if aspects:
        ranked = together([*aspects, ranked], query)
    read = reader.read(query, understood, ranked.hits, ranked.stored, ranked.articles)
    promotes = query.sort == "relevance" and not understood.order and not aspects
    parts = read_parts(read.evidence if promotes else (), ranked.articles, understood.window)
    citations = tuple(
        _cite(ranked, index, quote, part)
        for index, (quote, part) in enumerate(zip(read.quotes, parts, strict=True))
    )
    return _Look(understood, filters, ranked, read, citations)


def _understood(query: Query, snapshot: Snapshot, embedder: Embedder, today: date) -> Understood:
    understood = understand(query, sources=snapshot.sources, coverage=snapshot.coverage, now=today)
    return located(understood, query, snapshot, embedder)


def _sides(query: Query, snapshot: Snapshot, embedder: Embedder, today: date) -> Iterator[Ranked]:
    """The sides of a comparison, each searched for by itself: one report seldom tells of both."""
    for side in sides(query.text):
        part = replace(query, text=side)
        own = _understood(part, snapshot, embedder, today)
        yield rank(snapshot, part, own, embedder.embed_question(side), _filters(query, own))


def _publishers(
    query: Query, understood: Understood, vector: Vectors, filters: Filters, snapshot: Snapshot
) -> Iterator[Ranked]:
    """Of several publishers named each by itself, as one's reports would crowd out another's."""
    if len(understood.sources) > 1 and not query.sources:
        for source in understood.sources:
            yield rank(snapshot, query, understood, vector, replace(filters, sources=(source,)))


def _reference_day(coverage: tuple[date, date] | None, now: date) -> date:
    """The day that "last month" counts from: today, or the last day of an archive long closed."""
    if coverage and now - coverage[1] > LIVE:
        return coverage[1]
    return now


def _filters(query: Query, understood: Understood) -> Filters:
    """What the caller fixed, narrowed by what the question clearly bounds."""
    window = query.window
    if understood.bounded and understood.window:
        window = window.narrowed(understood.window) if window else understood.window
    return Filters(window, query.sources or understood.sources, query.as_of)


def _shown_window(look: _Look) -> DateWindow | None:
    return look.filters.window or look.understood.window


def _abstention(look: _Look, snapshot: Snapshot) -> Abstention | None:
    if look.read.best is not None:
        return None
    hits, coverage = look.ranked.hits, snapshot.coverage
    nearest = hits[0].score if hits else None
    outside = _outside(look, coverage)
    if not snapshot.passage_count:
        return Abstention("empty_archive", "The archive holds no article yet.")
    if outside:
        return Abstention("outside_dates", outside, nearest, look.read.threshold, coverage)
    if not hits:
        detail = "No article inside the filters shares a word or a sense with the question."
        return Abstention("no_match", detail, None, look.read.threshold, coverage)
    return Abstention(look.read.reason, look.read.weakness, nearest, look.read.threshold, coverage)


def _outside(look: _Look, coverage: tuple[date, date] | None) -> str:
    """Says so where the time asked for lies wholly outside the archive's days; else empty."""
    window = look.filters.window or look.understood.period
    if window is None or coverage is None:
        return ""
    if window.meets(*coverage):
        return ""
    return (
        f"The archive holds articles from {coverage[0]} to {coverage[1]}; "
        f"the question is about {window.start} to {window.end - timedelta(days=1)}."
    )


def _cite(ranked: Ranked, index: int, quote: Span, read: float) -> Citation:
    """The citation of one hit; `read` is what reading it adds to its score."""
    hit, stored, article = ranked.hits[index], ranked.stored[index], ranked.articles[index]
    words = article.text[quote.start : quote.end]
    passage = _around(stored, quote)
    return Citation(
        id=f"{article.id}@{article.version}:{quote.start}-{quote.end}",
        article_id=article.id,
        version=article.version,
        title=article.title,
        source=article.source.name,
        published=article.published,
        place=article.place,
        url=article.url,
        quote=words,
        start=quote.start,
        end=quote.end,
        passage=passage,
        passage_text=article.text[passage.start : passage.end],
        event_dates=tuple(
            replace(event, start=event.start - quote.start, end=event.end - quote.start)
            for event in stored.article_dates
            if quote.start <= event.start and event.end <= quote.end
        ),
        also=tuple(_copy(other) for other in ranked.copies[index]),
        score=hit.score + read,
        by={**hit.by, "read": read} if read else hit.by,
    )


def _around(stored: StoredPassage, quote: Span) -> Passage:
    """The passage, widened where a quoted sentence begins before it or ends after it."""
    passage = stored.passage
    return replace(passage, start=min(passage.start, quote.start), end=max(passage.end, quote.end))


def _copy(article: Article) -> Copy:
    return Copy(article.id, article.version, article.source.name, article.published)


def _shown_order(look: _Look, span: Span | None) -> list[int]:
    """The order in which the citations are shown: as ranked, where those that were read and answer
    better have moved up.

    For a question of time the one that answers comes first, as its answer is one place in one
    report. Elsewhere `Answer.cited` says which one the answer stands in.
    """
    order = list(range(len(look.citations)))
    if any("read" in citation.by for citation in look.citations):
        order.sort(key=lambda n: -look.citations[n].score)
    if span is not None and look.understood.asked == "when":
        order.remove(span.hit)
        order.insert(0, span.hit)
    return order


def _conflict(look: _Look, order: list[int]) -> tuple[Figure, ...]:
    """The differing figures, in date order, each with its place among the citations shown."""
    return tuple(Figure(figure.text, order.index(figure.hit)) for figure in look.read.figures)
