"""How fast an archive opens, searches and shows, and what the inverted lists would miss.

    python benchmarks/store.py INDEX

INDEX is a built archive. Times are medians in milliseconds, one thread.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from qa.database import Database
from qa.dense import DenseIndex, write_index, write_vectors
from qa.store import ArchiveStore
from qa.types import DateWindow, Filters, Vectors

QUESTIONS = 200
K = 100
SHOWN = 60


def milliseconds(work: Callable[[], object], times: int = 15) -> float:
    """Median time of one call."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1e3


def questions(vectors: Vectors) -> Vectors:
    """Unit vectors near passages but on none: each is one passage mixed with some of another."""
    chosen = np.random.default_rng(0).choice(len(vectors), (2, QUESTIONS))
    mixed = vectors[chosen[0]] + 0.3 * vectors[chosen[1]]
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), np.float32)


def recall(exact: DenseIndex, asked: Vectors) -> None:
    """Share of the true nearest that the inverted lists find over the same vectors."""
    vectors = exact.everything
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_vectors(folder, iter([vectors]), len(vectors), vectors.shape[1])
        write_index(folder, exact_limit=0)
        lists = DenseIndex.load(folder)
        for k in (10, 100):
            found = sum(
                len(np.intersect1d(lists.search(one, k).rows, exact.search(one, k).rows))
                for one in asked
            )
            print(f"recall@{k} of the lists  {found / (k * len(asked)):.3f}")
        print(f"lists     {milliseconds(lambda: lists.search(asked[0], K)):8.2f} ms")


def main(folder: Path) -> None:
    with Database(folder).reading() as connection:
        meta = dict(connection.execute("SELECT key, value FROM meta"))

    def opened() -> ArchiveStore:
        return ArchiveStore.open(
            folder, fingerprint=meta["fingerprint"], dimension=int(meta["dimension"])
        )

    print(f"open      {milliseconds(lambda: opened().close(), 5):8.2f} ms, every byte verified")
    with opened() as store:
        snapshot = store.snapshot()
        rows = snapshot.lexical("the government said on prices", SHOWN, Filters()).rows
        words = " ".join(snapshot.articles([1])[1].text.split()[:12])
        stored = snapshot.vectors(snapshot.lexical("said", 50_000, Filters()).rows)
        asked = questions(stored)
        first, last = snapshot.coverage or (None, None)
        window = DateWindow(first, first + (last - first) / 4) if first and last else None
        print(f"passages  {snapshot.passage_count:8d}")
        for name, filters in (("", Filters()), ("filtered", Filters(window=window))):
            dense = milliseconds(lambda f=filters: snapshot.dense(asked[0], K, f))
            lexical = milliseconds(lambda f=filters: snapshot.lexical(words, K, f))
            print(f"dense     {dense:8.2f} ms {name}\nlexical   {lexical:8.2f} ms {name}")
        found = [p.article_row for p in snapshot.passages(rows)]
        shown = milliseconds(lambda: (snapshot.passages(rows), snapshot.articles(found)))
        print(f"show {len(rows)}   {shown:8.2f} ms")
        print(f"unchanged {milliseconds(store.snapshot):8.2f} ms")
        recall(DenseIndex(stored), asked)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
