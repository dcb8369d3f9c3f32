"""The candidates of both searches with all that the features look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from qa.ranking.wording import Wording, compared
from qa.types import (
    Article,
    Candidates,
    Filters,
    Query,
    Rows,
    Snapshot,
    Understood,
    Vectors,
)

# Passages that each search hands over. On the development questions every answering article is
# among the 24 best of the fused list, so no more than that are looked at closely.
DEPTH = 60
CLOSER = 24

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidate passages, `rows` of the store; the arrays of scores are parallel to them.

    `dense` and `lexical` are the searches' scores moved to [0, 1] over all that they found;
    `second` is the dense score of the article's next best passage (0: it has none). `owner[i]`
    indexes `articles`, `days` and the arrays of `wording`.
    """

    understood: Understood
    rows: Rows
    dense: Scores
    lexical: Scores
    second: Scores
    owner: NDArray[np.int64]
    articles: tuple[Article, ...]
    days: tuple[date | None, ...]
    wording: Wording


def pooled(
    snapshot: Snapshot,
    query: Query,
    understood: Understood,
    question_vector: Vectors,
    filters: Filters,
) -> Pool | None:
    """The passages of the best articles of both searches, inside the filters; None if none is."""
    near = snapshot.dense(question_vector, DEPTH, filters)
    worded = snapshot.lexical(query.text, DEPTH, filters)
    rows = np.union1d(near.rows, worded.rows)
    if not len(rows):
        return None
    cosines = (snapshot.vectors(rows) @ question_vector).astype(np.float64)
    dense, lexical = min_max(cosines), min_max(_scores_of(worded, rows))
    kept, owner, articles = _best_articles(snapshot, rows, dense + lexical)
    return Pool(
        understood,
        rows[kept],
        dense[kept],
        lexical[kept],
        _second_best(dense[kept], owner),
        owner,
        articles,
        tuple(article.published.day for article in articles),
        compared(query.text, articles, _time_words(understood)),
    )


def _best_articles(
    snapshot: Snapshot, rows: Rows, scores: Scores
) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[Article, ...]]:
    """The articles of the best passages, at most `CLOSER`, and all of their passages among `rows`.

    Indexes of those passages, the index of each one's article, and the articles, best first.
    """
    owners = snapshot.owners(rows)
    order = np.argsort(-scores, kind="stable")
    best = list(dict.fromkeys(owners[order].tolist()))[:CLOSER]
    stored = snapshot.articles(best)
    position = {row: place for place, row in enumerate(row for row in best if row in stored)}
    places = np.array([position.get(row, -1) for row in owners.tolist()], np.int64)
    kept = np.flatnonzero(places >= 0)
    return kept, places[kept], tuple(stored[row] for row in position)


def _time_words(understood: Understood) -> str:
    """The words that name a time or a dated event, where other signals weigh that time."""
    if not understood.window:
        return ""
    return understood.period.basis if understood.period else understood.window.basis


def min_max(scores: Scores) -> Scores:
    """Scores moved to [0, 1]; all ones where they do not differ."""
    low, high = float(scores.min()), float(scores.max())
    return np.ones_like(scores) if high - low < 1e-9 else (scores - low) / (high - low)


def _scores_of(found: Candidates, rows: Rows) -> Scores:
    """Scores in the order of `rows`.

    A row that was not found scores 0 where the search found all that there is, else the lowest
    score that it handed over: it cannot be better than that.
    """
    known: Mapping[int, float] = dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True))
    lowest = min(known.values()) if len(known) >= DEPTH else 0.0
    return np.array([known.get(row, lowest) for row in rows.tolist()])


def _second_best(scores: Scores, owner: NDArray[np.int64]) -> Scores:
    second = np.zeros_like(scores)
    for article in np.unique(owner):
        own = np.flatnonzero(owner == article)
        if len(own) > 1:
            second[own] = np.sort(scores[own])[-2]
    return second
