"""A slice of benchmarks/fuzz_reading.py, and every input that it ever found fault with."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
sys.path.append(str(PROJECT / "benchmarks"))

import fuzz_reading  # noqa: E402
from fuzz_seeds import seeds  # noqa: E402

FINDS = sorted((PROJECT / "tests" / "reading_finds").glob("*.bin"))
INPUTS = 60

pytestmark = [
    # What the libraries say of broken documents is not the subject.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.mark.parametrize("find", FINDS, ids=lambda path: path.stem)
def test_what_was_found_once_is_read_or_refused_in_time(find: Path) -> None:
    name, _, _ = find.stem.rpartition("-")
    failures: Counter[str] = Counter()
    start = time.monotonic()
    fuzz_reading.consume(fuzz_reading.reader(name)(find.read_bytes()), failures)
    assert time.monotonic() - start < fuzz_reading.SECONDS
    assert not failures


@pytest.mark.slow
@pytest.mark.parametrize("name", fuzz_reading.READERS)
def test_mutated_documents_are_read_or_refused(name: str) -> None:
    read, originals, chance = fuzz_reading.reader(name), seeds(name), random.Random(name)
    for _ in range(INPUTS):
        data = fuzz_reading.mutated(chance, originals)
        fuzz_reading.consume(read(data), Counter())


@pytest.mark.parametrize("name", fuzz_reading.READERS)
def test_fuzzing_begins_with_documents_that_can_be_read(name: str) -> None:
    """A mutation of what is refused at once would test little."""
    from qa.types import Refusal

    for document in seeds(name):
        items = list(fuzz_reading.reader(name)(document))
        assert items
        assert not isinstance(items[0], Refusal), items[0]
