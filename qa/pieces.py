"""Word pieces, each with a vector of its own: late interaction without running the model.

ColBERT (Khattab and Zaharia 2020) compares the token vectors of a question with those of each
passage. Making those of the passages costs 10 ms a passage at question time, and storing them
thirty times the room of the passage vectors. Here only the question's tokens are read in context;
a passage's are looked up in a table of the vocabulary that is made once for a model.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.types import Vectors

log = logging.getLogger(__name__)

FILE = "pieces.npy"
_BATCH = 256

PieceIds = NDArray[np.int64]
Encode = Callable[[PieceIds], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The table of a model: `vectors[id]` is a unit vector, float16[vocabulary, dimension]."""

    vectors: NDArray[np.float16]
    tokenizer: Any

    def ids(self, texts: Sequence[str]) -> list[PieceIds]:
        """The piece ids of each text, without the model's own marks."""
        encoded = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [np.asarray(encoding.ids, np.int64) for encoding in encoded]

    def of(self, ids: PieceIds) -> Vectors:
        """Their vectors, float32[len(ids), dimension]."""
        return self.vectors[ids].astype(np.float32)


def open_pieces(folder: Path, tokenizer: Any, first: int, last: int, encode: Encode) -> Pieces:
    """The table beside a model, made and kept there first where it is missing or does not fit.

    `encode` maps ids, int64[texts, tokens], to token vectors, float32[texts, tokens, dimension];
    `first` and `last` are the marks that the model puts around a text. A folder that cannot be
    written to is no error: the table is then made anew in every process.
    """
    size = tokenizer.get_vocab_size()
    path = folder / FILE
    if path.is_file():
        vectors = np.load(path, mmap_mode="r", allow_pickle=False)
        if vectors.dtype == np.float16 and vectors.ndim == 2 and len(vectors) == size:
            return Pieces(vectors, tokenizer)
    log.warning("reading the model's vocabulary, once; this takes some seconds")
    vectors = _read(size, first, last, encode)
    _keep(vectors, path)
    return Pieces(vectors, tokenizer)


def _read(size: int, first: int, last: int, encode: Encode) -> NDArray[np.float16]:
    parts = []
    for start in range(0, size, _BATCH):
        ids = np.arange(start, min(start + _BATCH, size), dtype=np.int64)
        texts = np.stack([np.full_like(ids, first), ids, np.full_like(ids, last)], axis=1)
        states = encode(texts)[:, 1]
        parts.append(states / np.linalg.norm(states, axis=1, keepdims=True))
    return np.concatenate(parts).astype(np.float16)


def _keep(vectors: NDArray[np.float16], path: Path) -> None:
    """Write beside and rename, so that no one ever reads half a table."""
    staged = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with staged.open("wb") as file:
            np.save(file, vectors, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)
    except OSError as error:
        log.warning("the table of word pieces cannot be kept in %s: %s", path.parent, error)
        staged.unlink(missing_ok=True)
