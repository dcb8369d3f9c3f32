"""What reading adds to the ranking: a story whose sentence answers the question better moves up.

Reports of one matter share most words with a question; which of them tells what is asked shows
only when their sentences are read.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.types import Article, DateWindow

# The story that answers best gains WEIGHT * REACH, one whose best sentence scores less gains less,
# and from REACH below it nothing. Where the question names a time, that tells which report is
# meant; reading then weighs less, and counts for no report of another time.
# benchmarks/promotion.py measures all three.
WEIGHT = 0.08
WEIGHT_WITHIN_TIME = 0.02
REACH = 2.0


def read_parts(
    evidence: Sequence[float], articles: Sequence[Article], window: DateWindow | None
) -> list[float]:
    """What is added to the score of each story; 0 for those that were not read.

    `evidence` are scores of sentences less the best one's: 0 for the best, else below. `articles`
    speak for the stories; `window` is the time that the question names.
    """
    weight = WEIGHT if window is None else WEIGHT_WITHIN_TIME
    parts = [0.0] * len(articles)
    for place, (one, article) in enumerate(zip(evidence, articles, strict=False)):
        if agrees(article, window):
            parts[place] = weight * max(0.0, REACH + one)
    return parts


def agrees(article: Article, window: DateWindow | None) -> bool:
    """Whether an article may be of the time that is named, if any is; an undated one may."""
    days = article.published.days
    return window is None or days is None or window.overlaps(*days)
