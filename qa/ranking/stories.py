"""Ranked passages to distinct stories: the best passage of each article, copies put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

import numpy as np
from numpy.typing import NDArray

from qa.copies import Story, joined
from qa.ranking.pool import Pool
from qa.types import Article, Hit, Query, Snapshot, StoredPassage, Understood


@dataclass(frozen=True, slots=True)
class Ranked:
    """One best passage per story, best first; all tuples are parallel.

    `stored[i]` and `articles[i]` are the passage and article of `hits[i]`; `copies[i]` the other
    articles that carry the same story, in the order of their days.
    """

    hits: tuple[Hit, ...] = field(default=())
    stored: tuple[StoredPassage, ...] = field(default=())
    articles: tuple[Article, ...] = field(default=())
    copies: tuple[tuple[Article, ...], ...] = field(default=())


def best_stories(
    snapshot: Snapshot,
    pool: Pool,
    parts: Mapping[str, NDArray[np.float64]],
    query: Query,
    understood: Understood,
) -> Ranked:
    """Keep the best passage of each article, join copies, and take k stories as they are asked.

    Only the passages that are kept are read from the snapshot, with the times in them.
    """
    totals = sum(parts.values(), np.zeros(len(pool.rows)))
    best: dict[int, int] = {}
    for index in np.argsort(-totals, kind="stable"):
        best.setdefault(int(pool.owner[index]), int(index))
    stories = joined([pool.articles[at] for at in best], query.k, prefer=understood.order)
    places = list(best.items())  # (article, its best passage), best first: as `joined` saw them
    chosen = [(story, *places[story.head]) for story in stories]
    chosen.sort(key=lambda item: _order(item[0], item[1], pool, query))
    stored = snapshot.passages(int(pool.rows[index]) for _, _, index in chosen)
    return Ranked(
        tuple(
            Hit(
                passage.passage,
                float(totals[index]),
                {name: float(part[index]) for name, part in parts.items() if part[index]},
            )
            for passage, (_, _, index) in zip(stored, chosen, strict=True)
        ),
        tuple(stored),
        tuple(pool.articles[at] for _, at, _ in chosen),
        tuple(tuple(pool.articles[places[c][0]] for c in story.copies) for story, _, _ in chosen),
    )


def together(rankings: Sequence[Ranked], query: Query) -> Ranked:
    """k stories of several rankings by turns, so that each is heard; best first, or by day.

    A story that stands in two of them is taken where it stands higher.
    """
    chosen: list[tuple[Ranked, int]] = []
    seen: set[str] = set()
    longest = max((len(one.hits) for one in rankings), default=0)
    for place, ranked in product(range(longest), rankings):
        if place >= len(ranked.hits) or len(chosen) == query.k:
            continue
        carried = {ranked.articles[place].id, *(copy.id for copy in ranked.copies[place])}
        if seen.isdisjoint(carried):
            chosen.append((ranked, place))
            seen |= carried
    if query.sort == "relevance":
        chosen.sort(key=lambda item: -item[0].hits[item[1]].score)
    else:
        chosen.sort(key=lambda item: _by_day(item[0].articles[item[1]].published.day, query))
    return Ranked(
        tuple(ranked.hits[place] for ranked, place in chosen),
        tuple(ranked.stored[place] for ranked, place in chosen),
        tuple(ranked.articles[place] for ranked, place in chosen),
        tuple(ranked.copies[place] for ranked, place in chosen),
    )


def _order(story: Story, article: int, pool: Pool, query: Query) -> tuple[bool, int]:
    """The story's rank, or its day; undated articles last."""
    if query.sort == "relevance":
        return False, story.rank
    return _by_day(pool.days[article], query)


def _by_day(day: date | None, query: Query) -> tuple[bool, int]:
    sign = -1 if query.sort == "newest" else 1
    return day is None, sign * day.toordinal() if day else 0
