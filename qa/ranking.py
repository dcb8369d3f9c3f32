"""From a question to the best passages: search both ways, fuse, weigh, keep k distinct stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.types import (
    Article,
    Candidates,
    Embedder,
    Filters,
    Hit,
    Query,
    Rows,
    Snapshot,
    StoredPassage,
    Understood,
    Vectors,
)

# How many passages each search hands over; more costs time and moved no measure.
DEPTH = 100
DENSE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Ranked:
    """One best passage per story, best first; all tuples are parallel.

    `stored[i]` and `articles[i]` are the passage and article of `hits[i]`; `copies[i]` the other
    articles that carry the same story.
    """

    hits: tuple[Hit, ...] = ()
    stored: tuple[StoredPassage, ...] = ()
    articles: tuple[Article, ...] = ()
    copies: tuple[tuple[Article, ...], ...] = ()


def rank(
    snapshot: Snapshot,
    query: Query,
    understood: Understood,
    question_vector: Vectors,
    filters: Filters,
    embedder: Embedder | None = None,
) -> Ranked:
    """The k best stories inside the filters; `question_vector` is a unit float32[dimension]."""
    dense = snapshot.dense(question_vector, DEPTH, filters)
    lexical = snapshot.lexical(query.text, DEPTH, filters)
    rows = np.union1d(dense.rows, lexical.rows)
    if not len(rows):
        return Ranked()
    by = {
        "dense": DENSE_SHARE * min_max(_cosines(snapshot, question_vector, rows)),
        "lexical": (1 - DENSE_SHARE) * min_max(scores_of(lexical, rows)),
    }
    stored = snapshot.passages(int(row) for row in rows)
    return best_stories(snapshot, stored, by, query)


def best_stories(
    snapshot: Snapshot,
    stored: Sequence[StoredPassage],
    by: Mapping[str, NDArray[np.float32]],
    query: Query,
) -> Ranked:
    """Keep the best passage of each article, then k articles in the order that is asked for."""
    totals = sum(by.values(), np.zeros(len(stored), np.float32))
    best: dict[int, int] = {}
    for index in np.argsort(-totals, kind="stable"):
        best.setdefault(stored[index].article_row, int(index))
    chosen = list(best.values())[: query.k]
    articles = snapshot.articles(stored[index].article_row for index in chosen)
    chosen = _sorted(chosen, stored, articles, query)
    hits = tuple(
        Hit(
            stored[index].passage,
            float(np.clip(totals[index], 0.0, 1.0)),
            {name: float(part[index]) for name, part in by.items()},
        )
        for index in chosen
    )
    return Ranked(
        hits,
        tuple(stored[index] for index in chosen),
        tuple(articles[stored[index].article_row] for index in chosen),
        tuple(() for _ in chosen),
    )


def min_max(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores moved to [0, 1]; all ones where they do not differ."""
    low, high = float(scores.min()), float(scores.max())
    if high - low < 1e-9:
        return np.ones_like(scores)
    return ((scores - low) / (high - low)).astype(np.float32)


def scores_of(candidates: Candidates, rows: Rows) -> NDArray[np.float32]:
    """The candidates' scores in the order of `rows`; the lowest of them for rows not found."""
    if not len(candidates.rows):
        return np.zeros(len(rows), np.float32)
    known = dict(zip(candidates.rows.tolist(), candidates.scores.tolist(), strict=True))
    lowest = min(known.values())
    return np.array([known.get(row, lowest) for row in rows.tolist()], np.float32)


def _cosines(snapshot: Snapshot, question_vector: Vectors, rows: Rows) -> NDArray[np.float32]:
    return (snapshot.vectors(rows) @ question_vector).astype(np.float32)


def _sorted(
    chosen: list[int],
    stored: Sequence[StoredPassage],
    articles: Mapping[int, Article],
    query: Query,
) -> list[int]:
    """By relevance as they come, or by day; undated articles last."""
    if query.sort == "relevance":
        return chosen
    sign = -1 if query.sort == "newest" else 1

    def by_day(index: int) -> tuple[bool, int]:
        day = articles[stored[index].article_row].published.day
        return day is None, 0 if day is None else sign * day.toordinal()

    return sorted(chosen, key=by_day)
