"""Small archives whose vectors and scores can be computed by eye, for the tests of the store."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from qa.store import ArchiveStore, Prepared
from qa.types import (
    Article,
    EventDate,
    Filters,
    Finding,
    Passage,
    Published,
    Snapshot,
    Source,
    Vectors,
)

FINGERPRINT = "test-model@0123"
DIMENSION = 8
EVERYTHING = Filters()

# Every field set.
FULL = Article(
    id="urn:x:1",
    text="LYTTON, May 5 (Example Wire) -- A bridge fell on Tuesday. No one was hurt. Café, 日本.",
    source=Source("Example Wire", "dateline", "EXAMPLE WIRE"),
    published=Published(
        datetime(2020, 5, 5, 23, 30, 1, tzinfo=timezone(timedelta(hours=-7))), "second", "metadata"
    ),
    title="Bridge falls",
    byline="A. Writer",
    place=("LYTTON", "British Columbia"),
    url="https://example.org/1?a=b",
    language="en",
    findings=(Finding("source", "Example Wire", "dateline", "(Example Wire)", 15, 29, True),),
)


def opened(folder: Path, *, writing: bool = False, fingerprint: str = FINGERPRINT) -> ArchiveStore:
    return ArchiveStore.open(folder, fingerprint=fingerprint, dimension=DIMENSION, writing=writing)


def axis(number: int) -> Vectors:
    """The unit vector along one axis, float32[DIMENSION]."""
    return np.eye(DIMENSION, dtype=np.float32)[number % DIMENSION]


def hashed(text: str) -> Vectors:
    """A unit vector that depends on the text only."""
    digest = hashlib.sha256(text.encode()).digest()
    raw = np.frombuffer(digest[:DIMENSION], np.uint8).astype(np.float32) - 127.5
    return raw / np.linalg.norm(raw)


def article(
    name: str,
    text: str = "One sentence. Another sentence.",
    *,
    day: date | None = date(2021, 6, 1),
    source: str | None = "Example Wire",
    title: str | None = None,
    published: Published | None = None,
) -> Article:
    return Article(
        id=name,
        text=text,
        title=title,
        source=Source(source, "header" if source else "none"),
        published=published
        or (Published(day, "day", "header") if day else Published(None, "none", "none")),
    )


def prepared(
    made: Article,
    vectors: Sequence[Vectors] | None = None,
    event_dates: tuple[EventDate, ...] = (),
) -> Prepared:
    """One passage a sentence (cut after each full stop); hashed vectors unless some are given."""
    passages, start = [], 0
    for piece in made.text.split(". "):
        end = min(start + len(piece) + 2, len(made.text))
        number = len(passages)
        passages.append(Passage(f"{made.id}:{number}", made.id, number, start, end))
        start = end
    if vectors is None:
        vectors = [hashed(made.text[p.start : p.end]) for p in passages]
    return Prepared(made, tuple(passages), np.stack(vectors), event_dates)


def filled(folder: Path, articles: Iterable[Article]) -> None:
    """An archive of these articles, written in one batch and closed again."""
    with opened(folder, writing=True) as store:
        store.write([prepared(made) for made in articles])


def texts(snapshot: Snapshot, rows: Iterable[int]) -> list[str]:
    """The words of these passages."""
    found = snapshot.passages(rows)
    articles = snapshot.articles(p.article_row for p in found)
    return [articles[p.article_row].text[p.passage.start : p.passage.end] for p in found]


def ids(snapshot: Snapshot, rows: Iterable[int]) -> list[str]:
    """The article ids of these passages."""
    return [p.passage.article_id for p in snapshot.passages(rows)]


def a_process(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another interpreter that runs this code, with pipes to and from it."""
    tests = Path(__file__).parent
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        env=dict(os.environ) | {"PYTHONPATH": f"{tests}:{tests.parent}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def in_a_process(code: str, *arguments: object) -> str:
    """Run code in another interpreter; what it printed."""
    with a_process(code, *arguments) as process:
        said, complaints = process.communicate(timeout=60)
    assert process.returncode == 0, complaints
    return said.strip()
