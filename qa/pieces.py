"""Word pieces, each with a vector of its own: late interaction without running the model.

ColBERT (Khattab and Zaharia 2020) compares the token vectors of a question with those of each
passage. Making those of the passages costs 10 ms a passage at question time, and storing them
thirty times the room of the passage vectors. Here only the question's tokens are read in context;
a passage's are looked up in a table of the vocabulary that is made once for a model.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.types import Vectors

log = logging.getLogger(__name__)

FILE = "pieces.npy"
_BATCH = 256
_REMEMBERED = 1 << 17  # words; an archive of 16,000 articles has some 60,000
_WORD = re.compile(r"\w+")

PieceIds = NDArray[np.int64]
Encode = Callable[[PieceIds], NDArray[np.float32]]


class Pieces:
    """The table of a model: a unit vector for each word piece of its vocabulary.

    `vectors` is float16[vocabulary, dimension]. Words that were met are remembered with their
    pieces: cutting them up anew would take longer than everything else here.
    """

    def __init__(self, vectors: NDArray[np.float16], tokenizer: Any) -> None:
        self._vectors = vectors
        self._tokenizer = tokenizer
        self._cut = lru_cache(maxsize=_REMEMBERED)(self._cut_up)

    @property
    def vectors(self) -> NDArray[np.float16]:
        """The whole table."""
        return self._vectors

    def ids(self, text: str) -> PieceIds:
        """The piece ids of a text in order, without the model's own marks."""
        return np.asarray(self._cut_up(text), np.int64)

    def distinct(self, text: str) -> PieceIds:
        """The piece ids that a text holds, in any order, once each."""
        found: set[int] = set()
        for word in set(_WORD.findall(text.lower())):
            found.update(self._cut(word))
        return np.fromiter(found, np.int64, len(found))

    def of(self, ids: PieceIds) -> Vectors:
        """Their vectors, float32[len(ids), dimension]."""
        return self._vectors[ids].astype(np.float32)

    def _cut_up(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(text, add_special_tokens=False).ids)


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
