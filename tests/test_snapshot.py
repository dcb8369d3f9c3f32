"""A snapshot shows one state: filtered as brute force would, and the same however it came about."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from archive_pieces import (
    EVERYTHING,
    article,
    axis,
    filled,
    hashed,
    ids,
    opened,
    prepared,
    texts,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.store import ArchiveStore
from qa.types import Article, DateWindow, Filters, Published, Snapshot

START = date(2021, 1, 1)
SOURCES = ("Example Wire", "Nordic Press", None)

# Every kind of date, three sources, in an order that follows none of them.
CORPUS = [
    article(
        f"a{n}",
        f"The council of town {n % 7} met. Bridge number {n} was opened.",
        title=f"Town {n % 5}",
        source=SOURCES[n % 3],
        published=[
            Published(START + timedelta(days=(n * 37) % 400), "day", "header"),
            Published(START.replace(month=n % 12 + 1), "month", "given"),
            Published(None, "none", "none"),
            Published(datetime(2021, n % 12 + 1, 5, 23, 59, tzinfo=UTC), "minute", "metadata"),
            Published(START, "year", "given"),
        ][n % 5],
    )
    for n in range(60)
]
QUESTION = hashed("a question")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ArchiveStore:
    folder = tmp_path_factory.mktemp("archive")
    filled(folder, CORPUS)
    return opened(folder)


def passes(one: Article, filters: Filters) -> bool:
    days = one.published.days
    if filters.sources and (one.source.name or "").casefold() not in {
        name.casefold() for name in filters.sources
    }:
        return False
    if filters.window and not (days and filters.window.overlaps(*days)):
        return False
    return not filters.as_of or (days is not None and days[0] <= filters.as_of)


some_days = st.dates(date(2020, 12, 1), date(2022, 3, 1))
any_filters = st.builds(
    Filters,
    window=st.none()
    | st.builds(lambda day, n: DateWindow(day, day + timedelta(n)), some_days, st.integers(0, 200)),
    sources=st.sampled_from(
        [(), ("example wire",), ("NORDIC PRESS", "Example Wire"), ("Unknown Gazette",)]
    ),
    as_of=st.none() | some_days,
)


@settings(max_examples=80, deadline=None)
@given(filters=any_filters, k=st.integers(1, 150))
def test_searches_find_the_k_best_of_exactly_what_passes(
    store: ArchiveStore, filters: Filters, k: int
) -> None:
    snapshot = store.snapshot()
    passing = [one for one in CORPUS if passes(one, filters)]
    pieces = [
        (float(vector @ QUESTION), one.text[p.start : p.end])
        for one in passing
        for made in [prepared(one)]
        for p, vector in zip(made.passages, made.vectors, strict=True)
    ]
    dense = snapshot.dense(QUESTION, k, filters)
    assert len(dense.rows) == min(k, len(pieces))
    assert dense.scores.tolist() == pytest.approx(
        sorted((score for score, _ in pieces), reverse=True)[:k], abs=1e-6
    )
    assert set(texts(snapshot, dense.rows)) <= {text for _, text in pieces}
    lexical = snapshot.lexical("council bridge", k, filters)
    assert len(lexical.rows) == min(k, len(pieces))
    assert set(ids(snapshot, lexical.rows)) <= {one.id for one in passing}
    undated = [one for one in CORPUS if one.published.days is None]
    dateless = Filters(sources=filters.sources)
    asked = filters.window is not None or filters.as_of is not None
    assert snapshot.undated(filters) == (
        sum(passes(one, dateless) for one in undated) if asked else 0
    )


def test_counts_coverage_and_sources_are_those_of_the_articles(store: ArchiveStore) -> None:
    snapshot = store.snapshot()
    days = [one.published.days for one in CORPUS if one.published.days]
    assert (snapshot.article_count, snapshot.passage_count) == (60, 120)
    assert snapshot.coverage == (
        min(first for first, _ in days),
        max(end for _, end in days) - timedelta(days=1),
    )
    assert snapshot.sources == {"Example Wire": 20, "Nordic Press": 20}


def test_an_empty_archive_answers_everything_with_nothing(tmp_path: Path) -> None:
    with opened(tmp_path, writing=True) as store:
        store.publish()
        snapshot = store.snapshot()
        assert (snapshot.name, snapshot.article_count, snapshot.passage_count) == ("000000", 0, 0)
        assert snapshot.coverage is None and snapshot.sources == {}
        assert len(snapshot.dense(axis(0), 5, EVERYTHING).rows) == 0
        assert len(snapshot.lexical("anything", 5, EVERYTHING).rows) == 0
        assert snapshot.passages([]) == [] and snapshot.articles([]) == {}
        assert snapshot.article("a0") is None and snapshot.undated(EVERYTHING) == 0


def state(snapshot: Snapshot) -> object:
    """All that a snapshot can show, comparable."""
    dense = snapshot.dense(QUESTION, 1000, EVERYTHING)
    lexical = snapshot.lexical("council bridge 7", 1000, EVERYTHING)
    return (
        snapshot.name,
        snapshot.article_count,
        snapshot.passage_count,
        snapshot.coverage,
        dict(snapshot.sources),
        dense.rows.tolist(),
        dense.scores.tolist(),
        lexical.rows.tolist(),
        lexical.scores.tolist(),
        texts(snapshot, dense.rows),
        [snapshot.article(f"a{n}") for n in range(60)],
    )


def test_a_snapshot_stays_as_it_was_whatever_is_written_after_it(tmp_path: Path) -> None:
    filled(tmp_path, CORPUS[:40])
    with opened(tmp_path, writing=True) as store:
        snapshot = store.snapshot()
        before = state(snapshot)
        store.write([prepared(one) for one in CORPUS[40:]])
        store.write([prepared(article("a1", "Another story of a1. It changed."))])
        store.delete("a2")
        later = store.snapshot()
        assert state(snapshot) == before
        assert later.name != snapshot.name
        assert later.article_count == 59
        many = [prepared(article(f"m{n}", "Much. More.")) for n in range(200)]
        store.write(many)
        store.publish()
        assert state(snapshot) == before
        store.publish()
        assert state(snapshot) == before


def test_results_do_not_depend_on_how_the_archive_came_about(tmp_path: Path) -> None:
    """Written at once and published, or bit by bit after a generation: the same rows and scores."""
    many = [article(f"m{n}", f"Harbour {n % 9} froze. Ice {n} broke.") for n in range(240)]
    at_once, bit_by_bit = tmp_path / "a", tmp_path / "b"
    with opened(at_once, writing=True) as store:
        store.write([prepared(one) for one in many])
        store.publish()
        whole = store.snapshot()
        with opened(bit_by_bit, writing=True) as grown:
            for start in range(0, 240, 20):
                grown.write([prepared(one) for one in many[start : start + 20]])
                if start == 160:
                    grown.publish()
                elif start > 160:
                    grown.snapshot()
            parts = grown.snapshot()
            assert (bit_by_bit / "generations" / "CURRENT").read_text() == "000001\n"
            for filters in (EVERYTHING, Filters(sources=("Example Wire",))):
                for k in (1, 7, 1000):
                    a, b = (s.dense(QUESTION, k, filters) for s in (whole, parts))
                    assert a.rows.tolist() == b.rows.tolist()
                    assert np.array_equal(a.scores, b.scores)
                c, d = (s.lexical("ice harbour 4", 1000, filters) for s in (whole, parts))
                assert c.rows.tolist() == d.rows.tolist()
                assert c.scores.tolist() == pytest.approx(d.scores.tolist(), rel=1e-5)


def test_vectors_come_in_the_order_of_the_rows_from_both_parts(tmp_path: Path) -> None:
    many = [article(f"m{n}", f"Piece {n}. End {n}.") for n in range(200)]
    filled(tmp_path, many)
    with opened(tmp_path, writing=True) as store:
        store.publish()
        store.write([prepared(article("late", "Late. Later."))])
        snapshot = store.snapshot()
        rows = np.array([402, 1, 401, 400, 2])
        assert texts(snapshot, rows) == ["Later.", "Piece 0. ", "Late. ", "End 199.", "End 0."]
        assert np.array_equal(
            snapshot.vectors(rows), np.stack([hashed(t) for t in texts(snapshot, rows)])
        )
        with pytest.raises(KeyError):
            snapshot.vectors(np.array([1, 403]))


def test_k_results_come_back_though_many_are_hidden(tmp_path: Path) -> None:
    """The twenty nearest were replaced or deleted: the next ones come, no fewer."""
    many = [article(f"m{n}", f"Common word {n}.") for n in range(300)]
    with opened(tmp_path, writing=True) as store:
        store.write([prepared(one, [axis(0) if n < 20 else axis(1)]) for n, one in enumerate(many)])
        store.publish()
        for n in range(10):
            store.delete(f"m{n}")
        changed = [article(f"m{n}", f"Entirely new {n}.") for n in range(10, 20)]
        store.write([prepared(one, [axis(2)]) for one in changed])
        snapshot = store.snapshot()
        near = (axis(0) + 0.1 * axis(1)).astype(np.float32)
        for found in (
            snapshot.dense(near, 50, EVERYTHING),
            snapshot.lexical("common", 50, EVERYTHING),
        ):
            assert len(found.rows) == 50
            assert not {f"m{n}" for n in range(20)} & set(ids(snapshot, found.rows))
        assert set(ids(snapshot, snapshot.lexical("entirely", 50, EVERYTHING).rows)) == {
            f"m{n}" for n in range(10, 20)
        }


@pytest.mark.slow
def test_threads_that_search_while_another_writes_each_see_whole_states(tmp_path: Path) -> None:
    """Each batch adds ten articles with the same word: never does a search find part of a batch."""
    faults: list[object] = []
    finished = threading.Event()

    def search(store: ArchiveStore) -> None:
        seen = 0
        while not finished.is_set():
            snapshot = store.snapshot()
            lexical = snapshot.lexical("common", 10_000, EVERYTHING)
            dense = snapshot.dense(QUESTION, 10_000, EVERYTHING)
            counts = (len(lexical.rows), len(dense.rows), snapshot.passage_count)
            if len(set(counts)) != 1 or counts[0] % 10 or counts[0] < seen:
                faults.append((snapshot.name, counts, seen))
            if set(lexical.rows.tolist()) != set(dense.rows.tolist()):
                faults.append("other rows")
            seen = counts[0]
            texts(snapshot, dense.rows[:5])

    with opened(tmp_path, writing=True) as writer, opened(tmp_path) as reader:
        with ThreadPoolExecutor(4) as threads:
            searching = [threads.submit(search, store) for store in (writer, reader) * 2]
            for batch in range(40):
                made = [article(f"{batch}-{n}", f"Common {batch} {n}.") for n in range(10)]
                writer.write([prepared(one) for one in made])
                if batch % 8 == 7:
                    writer.publish()
            finished.set()
            for task in searching:
                task.result()
        assert not faults
        assert reader.snapshot().article_count == writer.snapshot().article_count == 400
