"""The event that bounds a question ("before the summit"): found in the archive, dated, used.

The event is looked up like any question. Its day is the one that the article gives for it where
a sentence about the event holds a resolved date, else the day of the earliest article among the
best matches. An event that is not found bounds nothing, and the answer shows that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from qa.types import (
    Anchor,
    DateWindow,
    Embedder,
    Filters,
    Query,
    Snapshot,
    StoredPassage,
    Understood,
)

DEPTH = 20
# Below this cosine to the event's words a passage is about something else. Unrelated news passages
# of the default model lie near 0.1, passages about the named event above 0.45.
LEAST_COSINE = 0.4
AFTERMATH = timedelta(days=365)  # "after the merger" reaches a year on; "since" has no end


@dataclass(frozen=True, slots=True)
class _Sighting:
    day: date
    article_id: str
    cosine: float


def located(
    understood: Understood, query: Query, snapshot: Snapshot, embedder: Embedder
) -> Understood:
    """`understood` with its anchor dated and its window drawn, as far as the archive knows it."""
    anchor = understood.anchor
    if anchor is None or anchor.found is not None:
        return understood
    sighting = _sighted(anchor, query, snapshot, embedder)
    if sighting is None:
        return understood
    found = replace(anchor, found=sighting.day, article_id=sighting.article_id)
    window = understood.window or _window(found, sighting.day, snapshot.coverage)
    return replace(understood, anchor=found, window=window)


def _sighted(
    anchor: Anchor, query: Query, snapshot: Snapshot, embedder: Embedder
) -> _Sighting | None:
    vector = embedder.embed_question(anchor.event)
    filters = Filters(None, (), query.as_of)
    dense = snapshot.dense(vector, DEPTH, filters)
    lexical = snapshot.lexical(anchor.event, DEPTH, filters)
    rows = np.intersect1d(dense.rows, lexical.rows)
    if not len(rows):
        return None
    cosines = snapshot.vectors(rows) @ vector
    near = rows[cosines >= max(LEAST_COSINE, float(cosines.max()) - 0.1)]
    best = {int(row): float(c) for row, c in zip(rows, cosines, strict=True)}
    stored = snapshot.passages(int(row) for row in near)
    articles = snapshot.articles(s.article_row for s in stored)
    sightings = []
    for passage in stored:
        article = articles[passage.article_row]
        day = _day_of_event(passage, article.published.day)
        if day is not None:
            sightings.append(_Sighting(day, article.id, best[passage.row]))
    return min(sightings, key=lambda s: (s.day, -s.cosine), default=None)


def _day_of_event(stored: StoredPassage, published: date | None) -> date | None:
    """The exact day named nearest to publication, at most a week from it; else publication."""
    if published is None:
        return None
    days = [
        event.first
        for event in stored.event_dates
        if event.precision == "day" and abs(event.first - published) <= timedelta(days=7)
    ]
    return min(days, key=lambda day: abs(day - published), default=published)


def _window(anchor: Anchor, day: date, coverage: tuple[date, date] | None) -> DateWindow | None:
    if coverage is None:
        return None
    first, end = coverage[0], coverage[1] + timedelta(days=1)
    spans = {
        "before": (first, day),
        "until": (first, day + timedelta(days=1)),
        "after": (day, min(end, day + AFTERMATH)),
        "since": (day, end),
        "during": (day - timedelta(days=1), day + timedelta(days=8)),
    }
    start, stop = spans[anchor.relation]
    return DateWindow(start, stop, anchor.basis) if start < stop else None
