"""Late interaction: how well each word of the question is met by some word of a passage.

The score of ColBERT (Khattab and Zaharia 2020, eq. 3), sum over question tokens of the highest
cosine with a token of the passage, with two changes: tokens of the passage have their vector from
a table (qa/pieces.py), and rare question tokens weigh more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.pieces import PieceIds, Pieces
from qa.types import Vectors

# Words of asking and of grammar, and marks: every question has them, and no passage answers them.
_FUNCTION = """
who whom whose which what when where why how much many did do does is are was were be been has have
had can could will would should may might shall the a an of in on at by to for from with and or as
that this these those it its their his her he she they there than then s t
? . , ; : ! ' " - ( ) ’ “ ”
"""


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
    set_aside: str = "",
) -> Words:
    """Compare the question's token vectors `asked` with each passage and its article's title.

    Words in `set_aside` do not count: those that name a time, which other signals weigh better.
    `passages` and `titles` hold distinct piece ids; `owner[i]` indexes `titles`. All values are
    weighted mean cosines.
    """
    weights = _rarity(asked_ids, passages, frozenset(pieces.ids(_FUNCTION + set_aside).tolist()))
    best = _met(pieces, asked, [*passages, *titles])
    bodies, heads = best[:, : len(passages)], best[:, len(passages) :][:, owner]
    return Words(weights @ np.maximum(bodies, heads), weights @ heads)


def _met(pieces: Pieces, asked: Vectors, texts: Sequence[PieceIds]) -> NDArray[np.float64]:
    """For each token of the question (rows) its highest cosine with a piece of each text."""
    lengths = np.array([len(ids) for ids in texts])
    best = np.zeros((len(asked), len(texts)))  # a text without words meets nothing
    if not len(asked) or not lengths.any():
        return best
    known, places = np.unique(np.concatenate(texts), return_inverse=True)
    cosines = (asked @ pieces.of(known).T)[:, places]
    filled = lengths > 0
    starts = (np.cumsum(lengths) - lengths)[filled]
    best[:, filled] = np.maximum.reduceat(cosines, starts, axis=1)
    return best


def _rarity(
    asked_ids: PieceIds, passages: Sequence[PieceIds], idle: frozenset[int]
) -> NDArray[np.float64]:
    """Weights of the question's tokens that sum to 1: inverse document frequency in the pool.

    A word that no candidate holds is often only another word for one that they hold, so the
    frequency is damped: such a word weighs no more than twice one that half of them hold.
    """
    held = Counter(piece for ids in passages for piece in ids.tolist())
    total = len(passages) + 0.5
    rarity = np.array(
        [
            0.0 if piece in idle else np.log(1 + total / (held[piece] + total / 4))
            for piece in asked_ids.tolist()
        ]
    )
    return rarity / rarity.sum() if rarity.any() else rarity
