"""From a question to the best stories: search both ways, look closer, weigh, group, keep k."""

from __future__ import annotations

from qa.ranking.features import FEATURES, weighed
from qa.ranking.pool import pooled
from qa.ranking.promotion import read_parts
from qa.ranking.stories import Ranked, best_stories, together
from qa.ranking.weights import learnt_weights
from qa.types import Filters, Query, Snapshot, Understood, Vectors

__all__ = ["FEATURES", "Ranked", "rank", "read_parts", "together"]


def rank(
    snapshot: Snapshot,
    query: Query,
    understood: Understood,
    question_vector: Vectors,
    filters: Filters,
) -> Ranked:
    """The k best stories inside the filters; `question_vector` is a unit float32[dimension]."""
    pool = pooled(snapshot, query, understood, question_vector, filters)
    if pool is None:
        return Ranked()
    parts = weighed(pool, learnt_weights())
    return best_stories(snapshot, pool, parts, query, understood)
