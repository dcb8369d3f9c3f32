"""The signals of ranking: each is one function from the pool to a value in [0, 1] per passage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from qa.ranking.pool import Pool, Scores, min_max
from qa.types import Article, DateWindow, Published
from qa.when import agreement, find_event_dates

Feature = Callable[[Pool], Scores]

# "The latest" is told by the order of days among the articles on the matter: those of the ON_TOPIC
# passages nearest to the question by both searches and the title, where these are at least so near,
# as a share of the nearest. A pool of no more passages is too small to tell near from far.
ON_TOPIC = 12
SAME_MATTER = 0.6


def dense(pool: Pool) -> Scores:
    """Cosine of question and passage, over the candidates."""
    return pool.dense


def lexical(pool: Pool) -> Scores:
    """BM25 over text and title, over the candidates."""
    return pool.lexical


def second(pool: Pool) -> Scores:
    """Cosine of the article's second best passage: an article that is about it as a whole."""
    return pool.second


def title(pool: Pool) -> Scores:
    """The question's words, weighed by their rarity, in the title."""
    return min_max(pool.wording.title)[pool.owner]


def names(pool: Pool) -> Scores:
    """Share of the names in the question that the article holds."""
    return pool.wording.names[pool.owner]


def source(pool: Pool) -> Scores:
    """1 where the article is by a publisher that the question names as the teller."""
    named = pool.understood.sources
    return _by_article(pool, [float(a.source.name in named) for a in pool.articles])


def latest(pool: Pool) -> Scores:
    """Where the newest is asked for: how new the article is among those on the matter."""
    return _newness(pool) if pool.understood.order == "latest" else _nothing(pool)


def first(pool: Pool) -> Scores:
    """Where the earliest is asked for: how old the article is among those on the matter."""
    if pool.understood.order != "first":
        return _nothing(pool)
    dated = _by_article(pool, [float(day is not None) for day in pool.days])
    return (1 - _newness(pool)) * dated


def published_after(pool: Pool) -> Scores:
    """Published in the named period or soon after it."""
    return _dated(pool, agreement.after)


def published_near(pool: Pool) -> Scores:
    """Published on or right after a named day; 0 where the outcome of its matter is asked for."""
    return _nothing(pool) if pool.understood.outcome else _dated(pool, agreement.near)


def dated_title(pool: Pool) -> Scores:
    """Where a time is named: does the title tell of that time, of none, or of another?"""
    period = agreement.asked_time(pool.understood)
    if period is None:
        return _nothing(pool)
    return _by_article(pool, [_title_tells(article, period) for article in pool.articles])


FEATURES: Mapping[str, Feature] = {
    feature.__name__: feature
    for feature in (
        dense,
        lexical,
        second,
        title,
        names,
        source,
        latest,
        first,
        published_after,
        published_near,
        dated_title,
    )
}


def weighed(pool: Pool, weights: Mapping[str, float]) -> dict[str, NDArray[np.float64]]:
    """Each signal's part of the score; the parts of a passage sum to at most 1."""
    total = sum(weights.values())
    return {
        name: FEATURES[name](pool) * (weight / total) for name, weight in weights.items() if weight
    }


def _newness(pool: Pool) -> Scores:
    """0 for the oldest to 1 for the newest article among those on the matter; undated 0.

    Order counts, not distance: hours part the reports of one day as months part those of a year.
    What appeared after the named period is not new but too late ("as of 24 March"): 0. Not so where
    the period dates a matter whose outcome is asked for.
    """
    topical = pool.dense + pool.lexical + title(pool)
    order = np.argsort(-topical, kind="stable")[:ON_TOPIC]
    if len(topical) > ON_TOPIC:
        order = order[topical[order] >= SAME_MATTER * topical[order[0]]]
    moments = np.array([_moment(pool, article) for article in range(len(pool.articles))])
    matter = np.unique(moments[np.unique(pool.owner[order])])
    matter = matter[matter > 0]
    if len(matter) < 2:
        return _nothing(pool)
    places = np.searchsorted(matter, moments, side="right") - 1
    newness = np.clip(places, 0, None) / (len(matter) - 1)
    return np.where(moments > 0, newness, 0.0)[pool.owner]


def _moment(pool: Pool, article: int) -> float:
    """Days and hours of publication as one number; 0 where undated or too late."""
    day = pool.days[article]
    period = None if pool.understood.outcome else pool.understood.period
    if day is None or (period is not None and day >= period.end):
        return 0.0
    value = pool.articles[article].published.value
    hours = value.hour + value.minute / 60 if isinstance(value, datetime) else 12.0
    return day.toordinal() + hours / 24


def _dated(pool: Pool, fit: Callable[[Published, DateWindow], float]) -> Scores:
    period = agreement.asked_time(pool.understood)
    if period is None:
        return _nothing(pool)
    return _by_article(pool, [fit(article.published, period) for article in pool.articles])


def _title_tells(article: Article, period: DateWindow) -> float:
    """From 1/2 to 1 as its times cover the period, 0 where it names other times, 1/2 for none."""
    events = find_event_dates(article.title or "", article.published.day)
    shared = agreement.overlap(events, period)
    return (1 + shared) / 2 if shared or not events else 0.0


def _by_article(pool: Pool, values: list[float]) -> Scores:
    return np.array(values, np.float64)[pool.owner]


def _nothing(pool: Pool) -> Scores:
    return np.zeros(len(pool.rows))
