"""The event that bounds a question ("before the summit"): found in the archive, dated, used.

The event is looked up like any question. Its day is the one that the earliest of the best matching
articles tells nearest to the event's words, else the day of that article. An event that is not
found bounds nothing, and the answer shows that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from qa.types import (
    Anchor,
    Article,
    DateWindow,
    Embedder,
    Filters,
    Passage,
    Query,
    Snapshot,
    StoredPassage,
    Understood,
)

DEPTH = 20
# Below this cosine to the event's words a passage is about something else. Unrelated news passages
# of the default model lie near 0.1, passages about the named event above 0.45.
LEAST_COSINE = 0.4
WEEK = timedelta(days=7)
AFTERMATH = 365  # days: "after the merger" reaches a year on; "since" has no end

_WORD = re.compile(r"[^\W\d_]+")


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
        day = _day_of_event(passage, article, anchor.event)
        if day is not None:
            sightings.append(_Sighting(day, article.id, best[passage.row]))
    return min(sightings, key=lambda s: (s.day, -s.cosine), default=None)


def _day_of_event(stored: StoredPassage, article: Article, event: str) -> date | None:
    """The exact day told nearest to the event's words, at most a week from publication; else that.

    "On Sunday" beside "the run-off" dates the run-off; "on Monday" beside "said" does not.
    """
    published = article.published.day
    if published is None:
        return None
    near = {
        told.start: told.first
        for told in stored.event_dates
        if told.precision == "day" and abs(told.first - published) <= WEEK
    }
    places = _places(event, article.text, stored.passage)
    if not near or not places:
        return published
    return near[min(near, key=lambda start: sum(abs(start - place) for place in places))]


def _places(event: str, text: str, passage: Passage) -> list[int]:
    """Where the words of the event stand first in the passage; short words say nothing."""
    within = text[passage.start : passage.end].lower()
    words = {word for word in _WORD.findall(event.lower()) if len(word) > 3}
    found = (within.find(word) for word in words)
    return [passage.start + at for at in found if at >= 0]


def _window(anchor: Anchor, day: date, coverage: tuple[date, date] | None) -> DateWindow | None:
    if coverage is None:
        return None
    first, end = coverage[0], _moved(coverage[1], 1)
    spans = {
        "before": (first, day),
        "until": (first, _moved(day, 1)),
        "after": (day, min(end, _moved(day, AFTERMATH))),
        "since": (day, end),
        "during": (_moved(day, -1), _moved(day, 8)),
    }
    start, stop = spans[anchor.relation]
    return DateWindow(start, stop, anchor.basis) if start < stop else None


def _moved(day: date, days: int) -> date:
    """So many days on, or the calendar's first or last day where it ends before that."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
