"""Vectors to nearest rows (FAISS).

Exact search reads the vectors where they lie in a mapped file: no second copy, nothing to load.
Above `EXACT_LIMIT` passages an inverted file with 8-bit codes proposes and exact products decide.
Positions are row numbers of the vector array, 0 to n-1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.types import Candidates, Rows, Vectors

VECTORS_FILE = "vectors.npy"
LISTS_FILE = "lists.faiss"

# One thread reads the 50 MB of 33,000 passages in 2 ms; at this size a question takes about 12 ms.
EXACT_LIMIT = 200_000
# So few allowed rows are cheaper to read than the lists, and nothing is missed.
_FEW_ROWS = 20_000
_SAMPLES_PER_LIST = 64
# Recall at 10 on news, by benchmarks/store.py: .94 with 1/16, .97 with 1/8, .99 with 1/4.
_PROBED_SHARE = 1 / 8
_RESCORED_PER_RESULT = 4
_CHUNK = 65_536


class DenseIndex:
    """Nearest neighbours by inner product among `vectors`, float32[n, d], unit."""

    def __init__(self, vectors: Vectors, lists: faiss.IndexIVF | None = None) -> None:
        self._all = np.ascontiguousarray(vectors, np.float32)  # a mapped file stays one
        self._lists = lists
        # For one question at a time threads cost more than they give: two 4.9 ms, one 1.8 ms.
        faiss.omp_set_num_threads(1)

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Map what `write_vectors` and `write_lists` left in `folder`."""
        vectors = np.load(folder / VECTORS_FILE, mmap_mode="r", allow_pickle=False)
        if not (folder / LISTS_FILE).exists():
            return cls(vectors)
        flags = faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY
        lists = faiss.read_index(str(folder / LISTS_FILE), flags)
        return cls(vectors, lists)  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self._all)

    @property
    def everything(self) -> Vectors:
        """All vectors, float32[n, d]; not to be written to."""
        return self._all

    def vectors(self, positions: Rows) -> Vectors:
        """The vectors at these positions, float32[len(positions), d]."""
        return np.ascontiguousarray(self._all[positions])

    def search(
        self, question: Vectors, k: int, allowed: NDArray[np.bool_] | None = None
    ) -> Candidates:
        """The k nearest, best first, equal scores by position; fewer only when fewer are allowed.

        `question` float32[d]; `allowed` bool[n], None for all. Raises ModelError for a question
        vector of another size or with a NaN or an infinity in it.
        """
        asked = np.ascontiguousarray(question, np.float32).reshape(1, -1)
        if asked.shape[1] != self._all.shape[1] or not np.isfinite(asked).all():
            raise ModelError(
                f"the question's vector is not {self._all.shape[1]} finite numbers; "
                "check the embedding model"
            )
        available = len(self._all) if allowed is None else int(np.count_nonzero(allowed))
        k = min(k, available)
        if k <= 0:
            return Candidates(np.empty(0, np.int64), np.empty(0, np.float32))
        if self._lists is not None and available > _FEW_ROWS:
            found = self._by_lists(asked, k, allowed)
            if len(found.rows) == k:
                return found
        return self._exactly(asked, k, allowed)

    def _exactly(self, asked: Vectors, k: int, allowed: NDArray[np.bool_] | None) -> Candidates:
        scores = np.empty((1, k), np.float32)
        rows = np.empty((1, k), np.int64)
        count, dimension = self._all.shape
        bits, chosen = _selector(allowed)
        faiss.knn_inner_product(
            faiss.swig_ptr(asked),
            faiss.swig_ptr(self._all),
            dimension,
            1,
            count,
            k,
            faiss.swig_ptr(scores),
            faiss.swig_ptr(rows),
            chosen,
        )
        del bits
        return _ordered(rows[0], scores[0])

    def _by_lists(self, asked: Vectors, k: int, allowed: NDArray[np.bool_] | None) -> Candidates:
        assert self._lists is not None
        bits, chosen = _selector(allowed)
        probed = max(8, math.ceil(self._lists.nlist * _PROBED_SHARE))
        how = faiss.SearchParametersIVF(nprobe=probed)  # type: ignore[call-arg]
        if chosen is not None:
            how.sel = chosen
        _, rows = self._lists.search(asked, min(k * _RESCORED_PER_RESULT, len(self)), params=how)
        del bits
        near = np.sort(rows[0][rows[0] >= 0])
        scores = self._all[near] @ asked[0]
        best = np.argsort(-scores, kind="stable")[:k]
        return Candidates(near[best], scores[best].astype(np.float32))


def _selector(allowed: NDArray[np.bool_] | None) -> tuple[object, faiss.IDSelector | None]:
    """A selector and the bits it points to; the caller keeps the bits alive during the search."""
    if allowed is None:
        return None, None
    bits = np.packbits(allowed, bitorder="little")
    return bits, faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]


def _ordered(rows: Rows, scores: NDArray[np.float32]) -> Candidates:
    order = np.lexsort((rows, -scores))
    order = order[rows[order] >= 0]
    return Candidates(rows[order], scores[order])


def write_vectors(folder: Path, chunks: Iterable[Vectors], count: int, dimension: int) -> None:
    """Write float32[count, dimension] as it comes, never holding more than a chunk."""
    written = 0
    with (folder / VECTORS_FILE).open("wb") as file:
        np.lib.format.write_array_header_2_0(
            file, {"descr": "<f4", "fortran_order": False, "shape": (count, dimension)}
        )
        for chunk in chunks:
            file.write(np.ascontiguousarray(chunk, "<f4").tobytes())
            written += len(chunk)
    if written != count:
        raise ValueError(f"{written} vectors came where {count} were announced")


def write_lists(folder: Path, exact_limit: int = EXACT_LIMIT) -> None:
    """Add the inverted file for the vectors in `folder`, when there are too many to read all."""
    vectors = np.load(folder / VECTORS_FILE, mmap_mode="r", allow_pickle=False)
    count, dimension = vectors.shape
    if count <= exact_limit:
        return
    size = 2 * math.isqrt(count)
    quantizer = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, dimension, size, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    step = max(1, count // (size * _SAMPLES_PER_LIST))
    index.train(np.ascontiguousarray(vectors[::step]))
    for start in range(0, count, _CHUNK):
        index.add(np.ascontiguousarray(vectors[start : start + _CHUNK]))
    faiss.write_index(index, str(folder / LISTS_FILE))
