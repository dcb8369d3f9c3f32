"""What reading adds to the ranking: a story whose sentence answers the question better moves up.

Reports of one matter share most words with a question; which of them tells what is asked shows
only when their sentences are read.
"""

from __future__ import annotations

from collections.abc import Sequence

# The story that answers best gains WEIGHT * REACH, one whose best sentence scores less gains less,
# and from REACH below it nothing. benchmarks/promotion.py measures both.
WEIGHT = 0.08
REACH = 2.0


def read_parts(evidence: Sequence[float], count: int) -> list[float]:
    """What is added to the score of each of `count` stories; 0 for those that were not read.

    `evidence` are scores of sentences less the best one's: 0 for the best, else below.
    """
    parts = [WEIGHT * max(0.0, REACH + one) for one in evidence]
    return [*parts, *[0.0] * (count - len(parts))]
