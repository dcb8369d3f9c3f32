"""What reading adds to the ranking: a story whose sentence answers the question better moves up.

Reports of one matter share most words with a question; which of them tells what is asked shows
only when their sentences are read.
"""

from __future__ import annotations

from collections.abc import Sequence

# Of a report's score for each unit of its evidence, and the evidence that counts at most:
# benchmarks/promotion.py measures both.
WEIGHT = 0.02
MOST = 4.0


def read_parts(evidence: Sequence[float], count: int) -> list[float]:
    """What is added to the score of each of `count` stories; 0 for those that were not read."""
    parts = [WEIGHT * min(one, MOST) for one in evidence]
    return [*parts, *[0.0] * (count - len(parts))]
