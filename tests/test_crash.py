"""Killed at any moment, the archive opens as it was before the batch or after it, never between."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest
from archive_pieces import EVERYTHING, a_process, hashed, ids, opened, texts

WRITER = """
    import sys
    from pathlib import Path
    from archive_pieces import article, opened, prepared
    folder, first = Path(sys.argv[1]), int(sys.argv[2])
    with opened(folder, writing=True) as store:
        print("begin", flush=True)
        for batch in range(first, 100_000):
            store.write([
                prepared(article(f"b{batch}-{n}", f"Batch {batch} part {n}. It ends."))
                for n in range(20)
            ])
            print(batch, flush=True)  # acknowledged
            if batch % 10 == 9:
                store.publish()
"""
PER_BATCH = 20


def killed_writer(folder: Path, first: int, after: float) -> int:
    """Write batches until killed; the last one that was acknowledged, or first - 1."""
    with a_process(WRITER, folder, first) as writer:
        assert writer.stdout is not None
        begun = writer.stdout.readline()
        time.sleep(after)
        writer.send_signal(signal.SIGKILL)
        said = [line for line in writer.stdout.read().splitlines(keepends=True) if line[-1] == "\n"]
    assert begun == "begin\n"
    return int(said[-1]) if said else first - 1


@pytest.mark.slow
def test_after_a_kill_there_are_whole_batches_and_all_that_were_acknowledged(
    tmp_path: Path,
) -> None:
    """The same archive is killed again and again, also while it makes a generation."""
    moments = random.Random(60)
    done = -1
    for _ in range(12):
        done = killed_writer(tmp_path, done + 1, moments.uniform(0.0, 0.7))
        with opened(tmp_path) as store:
            snapshot = store.snapshot()
            whole, rest = divmod(snapshot.article_count, PER_BATCH)
            assert rest == 0
            assert done + 1 <= whole <= done + 2  # committed, and killed before it could say so
            assert snapshot.passage_count == 2 * snapshot.article_count
            everything = 3 * snapshot.passage_count
            dense = snapshot.dense(hashed("x"), everything, EVERYTHING)
            lexical = snapshot.lexical("batch ends", everything, EVERYTHING)
            expected = {f"b{batch}-{n}" for batch in range(whole) for n in range(PER_BATCH)}
            for found in (dense, lexical):
                assert len(found.rows) == snapshot.passage_count
                assert set(ids(snapshot, found.rows)) == expected
            near = dense.rows[:50]
            for vector, text in zip(snapshot.vectors(near), texts(snapshot, near), strict=True):
                assert vector.tolist() == hashed(text).tolist()
        done = whole - 1
    assert done > 20
