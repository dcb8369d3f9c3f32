"""Late interaction: how well each word of the question is met by some word of a passage.

The score of ColBERT (Khattab and Zaharia 2020, eq. 3), sum over question tokens of the highest
cosine with a token of the passage, with two changes: tokens of the passage have their vector from
a table (qa/pieces.py), and each question token weighs as much as it is rare among the candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.pieces import PieceIds, Pieces
from qa.types import Vectors


@dataclass(frozen=True, slots=True)
class Words:
    """Agreement of the question's words with passage and title together, and with the title."""

    passage: NDArray[np.float64]
    title: NDArray[np.float64]


def compared(
    pieces: Pieces,
    asked: Vectors,
    asked_ids: PieceIds,
    passages: Sequence[PieceIds],
    titles: Sequence[PieceIds],
    owner: NDArray[np.int64],
) -> Words:
    """Compare the question's token vectors `asked` with each passage and its article's title.

    `owner[i]` indexes `titles`. All values are weighted mean cosines.
    """
    known = np.unique(np.concatenate([*passages, *titles, asked_ids]))
    cosines = asked @ pieces.of(known).T  # float32[question tokens, known pieces]
    weights = _rarity(asked_ids, passages)
    lowest = np.full(len(asked), cosines.min() if cosines.size else 0.0)
    heads = [_met(cosines, known, ids, lowest) for ids in titles]
    bodies = [_met(cosines, known, ids, lowest) for ids in passages]
    joined = [np.maximum(body, heads[at]) for body, at in zip(bodies, owner, strict=True)]
    return Words(
        np.array([best @ weights for best in joined], np.float64),
        np.array([heads[at] @ weights for at in owner], np.float64),
    )


def _met(
    cosines: Vectors, known: PieceIds, ids: PieceIds, lowest: NDArray[np.float64]
) -> NDArray[np.float64]:
    """For each token of the question its highest cosine with one of the pieces."""
    if not len(ids):
        return lowest
    best: NDArray[np.float64] = cosines[:, np.searchsorted(known, ids)].max(axis=1)
    return best


def _rarity(asked_ids: PieceIds, passages: Sequence[PieceIds]) -> NDArray[np.float64]:
    """Weights of the question's tokens that sum to 1: inverse document frequency in the pool."""
    held = [frozenset(ids.tolist()) for ids in passages]
    total = len(held) + 0.5
    rarity = np.array(
        [
            np.log(1 + total / (sum(piece in ids for ids in held) + 0.5))
            for piece in asked_ids.tolist()
        ]
    )
    return rarity / rarity.sum() if rarity.size else rarity
