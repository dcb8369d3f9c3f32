"""Vectors to nearest rows (FAISS).

Up to `EXACT_LIMIT` passages all are compared, in half precision, which reads half as much; above it
an inverted file with 8-bit codes proposes. Both times exact products decide among the best, and
where halves could have missed one, all vectors are compared in full. Files are mapped, not loaded.
Positions are row numbers of the vector array, 0 to n-1.
"""

from __future__ import annotations

import math
import os
import weakref
from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.types import Candidates, Rows, Vectors

VECTORS_FILE = "vectors.npy"
LISTS_FILE = "lists.faiss"
HALVES_FILE = "halves.faiss"

# One thread compares 33,000 passages in 0.8 ms (1.5 in full precision); at this size in about 6.
EXACT_LIMIT = 200_000
_SPARE = 64  # so many more than k are proposed by halves
# Half precision has 11 bits: rounding moves a unit vector by at most 2^-11 of its length, and its
# product with another as much; the rest is for the arithmetic.
_ROUNDING = 2.0**-11 + 1e-5
# So few allowed rows are cheaper to read than the lists, and nothing is missed.
_FEW_ROWS = 20_000
_SAMPLES_PER_LIST = 64
# Recall at 10 on news, by benchmarks/store.py: .94 with 1/16, .97 with 1/8, .99 with 1/4.
_PROBED_SHARE = 1 / 8
_RESCORED_PER_RESULT = 4
_CHUNK = 65_536


class DenseIndex:
    """Nearest neighbours by inner product among `vectors`, float32[n, d], unit."""

    def __init__(
        self,
        vectors: Vectors,
        lists: faiss.IndexIVF | None = None,
        halves: faiss.Index | None = None,
        file: _RowFile | None = None,
    ) -> None:
        self._all = np.ascontiguousarray(vectors, np.float32)  # a mapped file stays one
        self._lists = lists
        self._halves = halves
        self._file = file
        # For one question at a time threads cost more than they give: two 4.9 ms, one 1.8 ms.
        faiss.omp_set_num_threads(1)

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Map what `write_vectors` and `write_index` left in `folder`."""
        vectors = np.load(folder / VECTORS_FILE, mmap_mode="r", allow_pickle=False)
        lists, halves = folder / LISTS_FILE, folder / HALVES_FILE
        if lists.exists():
            flags = faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY
            return cls(vectors, faiss.read_index(str(lists), flags))  # type: ignore[arg-type]
        if halves.exists():
            flags = faiss.IO_FLAG_MMAP_IFC | faiss.IO_FLAG_READ_ONLY
            whole = _RowFile(folder / VECTORS_FILE, vectors)
            return cls(vectors, halves=faiss.read_index(str(halves), flags), file=whole)
        return cls(vectors)

    def __len__(self) -> int:
        return len(self._all)

    @property
    def everything(self) -> Vectors:
        """All vectors, float32[n, d]; not to be written to."""
        return self._all

    def vectors(self, positions: Rows) -> Vectors:
        """The vectors at these positions, float32[len(positions), d]."""
        if self._file is not None:
            return self._file.rows(positions)
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
        if self._halves is not None:
            return self._by_halves(asked, k, allowed)
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
        return self._decided(asked, rows[0], k)

    def _by_halves(self, asked: Vectors, k: int, allowed: NDArray[np.bool_] | None) -> Candidates:
        assert self._halves is not None
        bits, chosen = _selector(allowed)
        how = None if chosen is None else faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
        scores, rows = self._halves.search(asked, min(k + _SPARE, len(self)), params=how)
        del bits
        found = self._decided(asked, rows[0], k)
        all_seen = rows[0][-1] < 0 or len(rows[0]) == len(self)
        length = float(np.linalg.norm(asked))
        if all_seen or found.scores[-1] > scores[0][-1] + _ROUNDING * length:
            return found
        return self._exactly(asked, k, allowed)  # what was not proposed may be as near

    def _decided(self, asked: Vectors, proposed: Rows, k: int) -> Candidates:
        """The k best of the proposed rows (-1: none), by the same products as without an index."""
        near = np.sort(proposed[proposed >= 0])
        some = DenseIndex(self.vectors(near))
        best = some._exactly(asked, min(k, len(near)), None)
        return Candidates(near[best.rows], best.scores)


class _RowFile:
    """Rows read from a file of vectors, not through its mapping: touching a few rows of a mapped
    file brings most of it into memory, as the system maps the pages around each."""

    def __init__(self, path: Path, mapped: Vectors) -> None:
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)
        self._width = mapped.shape[1]
        self._begin = int(mapped.offset)  # type: ignore[attr-defined]  # of a numpy.memmap

    def rows(self, positions: Rows) -> Vectors:
        """float32[len(positions), width]."""
        found = np.empty((len(positions), self._width), np.float32)
        size = self._width * found.itemsize
        for place, position in enumerate(positions.tolist()):
            row = os.pread(self._file, size, self._begin + position * size)
            found[place] = np.frombuffer(row, "<f4")
        return found


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


def write_index(folder: Path, exact_limit: int = EXACT_LIMIT) -> None:
    """Add what searches the vectors in `folder`: halves of all, or lists of too many."""
    vectors = np.load(folder / VECTORS_FILE, mmap_mode="r", allow_pickle=False)
    if len(vectors) > exact_limit:
        _write(_lists(vectors), vectors, folder / LISTS_FILE)
    elif len(vectors):
        halves = faiss.IndexScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        _write(halves, vectors, folder / HALVES_FILE)


def _lists(vectors: Vectors) -> faiss.Index:
    count, dimension = vectors.shape
    size = 2 * math.isqrt(count)
    index = faiss.index_factory(dimension, f"IVF{size},SQ8", faiss.METRIC_INNER_PRODUCT)
    step = max(1, count // (size * _SAMPLES_PER_LIST))
    index.train(np.ascontiguousarray(vectors[::step]))
    return index


def _write(index: faiss.Index, vectors: Vectors, path: Path) -> None:
    for start in range(0, len(vectors), _CHUNK):
        index.add(np.ascontiguousarray(vectors[start : start + _CHUNK]))
    faiss.write_index(index, str(path))
