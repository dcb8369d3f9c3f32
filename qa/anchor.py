"""The event that bounds a question ("before the summit"): found in the archive, dated, used.

The event is looked up like any question, with the names that the rest of the question gives. Each
report of it tells a day: the one nearest to the event's words, else its own. The event's is the day
with which the most telling days of reports begin. An event that is not found bounds nothing, and
the answer shows that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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

DEPTH = 40
# Below this cosine to the event's words a passage is about something else. Unrelated news passages
# of the default model lie near 0.1, passages about the named event above 0.45.
LEAST_COSINE = 0.4
# A report is about the event as much as the best one is if its cosine and share of the best BM25
# score together are not lower by more than this.
MARGIN = 0.5
WEEK = timedelta(days=7)
CYCLE = timedelta(days=5)  # an event is told again for so long
AFTERMATH = 365  # days: "after the merger" reaches a year on; "since" has no end

_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"\b[A-Z][\w.&’'-]*[\w.]")


@dataclass(frozen=True, slots=True)
class _Sighting:
    day: date
    article_id: str
    score: float


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
    """The report with which the telling of the event begins; None where none is about it."""
    asked = _in_full(anchor.event, query.text)
    vector = embedder.embed_question(asked)
    filters = Filters(None, (), query.as_of)
    dense = snapshot.dense(vector, DEPTH, filters)
    lexical = snapshot.lexical(asked, DEPTH, filters)
    rows = np.union1d(dense.rows, lexical.rows)
    if not len(rows):
        return None
    cosines = snapshot.vectors(rows) @ vector
    worded = dict(zip(lexical.rows.tolist(), lexical.scores.tolist(), strict=True))
    words = np.array([worded.get(row, 0.0) for row in rows.tolist()])
    scores = cosines + words / max(float(words.max(initial=0.0)), 1e-9)
    near = np.flatnonzero((cosines >= LEAST_COSINE) & (scores >= scores.max() - MARGIN))
    stored = snapshot.passages(rows[near])
    articles = snapshot.articles(s.article_row for s in stored)
    sightings = []
    for passage, score in zip(stored, scores[near], strict=True):
        article = articles[passage.article_row]
        day = _day_of_event(passage, article, asked)
        if day is not None:
            sightings.append(_Sighting(day, article.id, float(score)))
    return _first_of_burst(sightings)


def _first_of_burst(sightings: Sequence[_Sighting]) -> _Sighting | None:
    """The sighting with which the most telling days begin: an event is told most when it happens,
    and mentioned ever after."""

    def told(first: _Sighting) -> float:
        return sum(s.score for s in sightings if first.day <= s.day <= first.day + CYCLE)

    return max(sightings, key=lambda s: (told(s), s.score), default=None)


def _in_full(event: str, question: str) -> str:
    """The event with the question's other names: "it raised its bid" says not whose."""
    opening = _WORD.search(question)
    names = (
        match.group()
        for match in _NAME.finditer(question)
        if match.group() not in event and not (opening and match.start() == opening.start())
    )
    return " ".join((event, *dict.fromkeys(names)))


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
