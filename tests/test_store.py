"""The archive on disk: what goes in comes out, what is refused leaves no trace, readers follow."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from archive_pieces import (
    EVERYTHING,
    FULL,
    a_process,
    article,
    axis,
    filled,
    hashed,
    ids,
    in_a_process,
    opened,
    prepared,
    texts,
)

from qa.errors import (
    ArchiveBusy,
    ArchiveError,
    ArchiveNotFound,
    ModelError,
    ModelMismatch,
    QAError,
    UnreadableInput,
)
from qa.store import ArchiveStore
from qa.types import Article, EventDate, Filters, Published


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ArchiveStore]:
    with opened(tmp_path, writing=True) as made:
        yield made


# --- what goes in comes out --------------------------------------------------------------------


@pytest.mark.parametrize(
    "made",
    [
        FULL,
        Article(id="bare", text="x"),
        replace(FULL, id="day", published=Published(date(1987, 2, 28), "day", "header")),
        replace(FULL, id="utc", published=Published(datetime(1, 1, 1, tzinfo=UTC), "minute")),
        replace(FULL, id="last", published=Published(date(9999, 12, 31), "day", "given")),
        replace(FULL, id="year", published=Published(date(9999, 1, 1), "year", "given")),
        replace(FULL, id="' OR 1=1 --", title='"; DROP TABLE articles; --'),
    ],
    ids=lambda made: made.id,
)
def test_an_article_comes_back_as_it_was_written(store: ArchiveStore, made: Article) -> None:
    store.write([prepared(made)])
    assert store.snapshot().article(made.id) == made
    days = made.published.days if made.published.day != date.max else (date.max, None)
    if days is not None:
        found = [
            len(store.snapshot().dense(hashed("x"), 9, Filters(as_of=day)).rows) > 0
            for day in (days[0], max(days[0], date(1, 1, 2)) - timedelta(days=1))
        ]
        assert found == [True, days[0] == date.min]


def test_event_dates_come_back_with_the_passage_that_holds_them(store: ArchiveStore) -> None:
    made = article("e", "It fell on Tuesday. It opens in June.")
    tuesday = EventDate("Tuesday", 11, 18, date(2020, 5, 5), date(2020, 5, 5), "day")
    june = EventDate("June", 32, 36, date(2020, 6, 1), date(2020, 6, 30), "month")
    store.write([prepared(made, event_dates=(june, tuesday))])
    one, two = store.snapshot().passages([1, 2])
    assert (one.event_dates, two.event_dates) == ((tuesday,), (june,))
    assert all(made.text[e.start : e.end] == e.text for e in (tuesday, june))


def test_passages_come_in_the_order_they_are_asked_for(store: ArchiveStore) -> None:
    store.write([prepared(article("a", "First. Second. Third."))])
    snapshot = store.snapshot()
    assert texts(snapshot, [3, 1, 3, 2]) == ["Third.", "First. ", "Third.", "Second. "]
    with pytest.raises(KeyError):
        snapshot.passages([4])


def test_the_article_of_a_passage_is_known_without_reading_it(store: ArchiveStore) -> None:
    store.write([prepared(article("a", "First. Second.")), prepared(article("b", "Third."))])
    snapshot = store.snapshot()
    rows = np.array([3, 1, 2, 3])
    assert snapshot.owners(rows).tolist() == [p.article_row for p in snapshot.passages(rows)]
    with pytest.raises(KeyError):
        snapshot.owners(np.array([1, 4]))


def test_more_rows_than_sqlite_takes_in_one_query_can_be_read(store: ArchiveStore) -> None:
    store.write([prepared(article(f"a{n}", f"Text {n}.")) for n in range(1200)])
    rows = range(1200, 0, -1)
    assert ids(store.snapshot(), rows) == [f"a{n - 1}" for n in rows]


# --- same, changed, gone -----------------------------------------------------------------------


def test_the_same_article_twice_is_one_article(store: ArchiveStore) -> None:
    first = article("a", "A text. It ends.")
    assert store.standing([first]) == ["new"]
    store.write([prepared(first)])
    name = store.snapshot().name
    assert store.standing([first]) == ["same"]
    store.write([prepared(first), prepared(first)])
    assert store.snapshot().name == name
    assert store.snapshot().article_count == 1


def test_how_a_field_was_found_is_not_content_but_what_was_found_is(store: ArchiveStore) -> None:
    first = article("a")
    store.write([prepared(first)])
    found_elsewhere = replace(
        first, source=replace(first.source, method="dateline"), findings=FULL.findings
    )
    other_day = replace(first, published=Published(date(2021, 6, 2), "day", "header"))
    retitled = replace(first, title="New")
    assert store.standing([found_elsewhere, other_day, retitled]) == ["same", "changed", "changed"]


def test_a_changed_article_becomes_a_version_that_hides_the_one_before(store: ArchiveStore) -> None:
    old = article("a", "Eleven were hurt. The ferry sank.")
    new = article("a", "Twelve were hurt. The ferry sank.")
    store.write([prepared(old), prepared(article("b"))])
    assert store.standing([new]) == ["changed"]
    store.write([prepared(new)])
    snapshot = store.snapshot()
    assert (snapshot.article_count, snapshot.passage_count) == (2, 4)
    assert snapshot.article("a") == replace(new, version=2)
    assert snapshot.article("a", 1) == old and snapshot.article("a", 3) is None
    assert "Eleven were hurt. " not in texts(
        snapshot, snapshot.lexical("eleven twelve hurt", 9, EVERYTHING).rows
    )
    assert texts(snapshot, snapshot.lexical("hurt", 9, EVERYTHING).rows) == ["Twelve were hurt. "]
    assert store.standing([old, new]) == ["changed", "same"]


def test_two_versions_in_one_batch_leave_the_last(store: ArchiveStore) -> None:
    store.write([prepared(article("a", "Old.")), prepared(article("a", "New."))])
    snapshot = store.snapshot()
    assert texts(snapshot, snapshot.dense(hashed("x"), 9, EVERYTHING).rows) == ["New."]
    assert snapshot.article("a").version == 2  # type: ignore[union-attr]


def test_a_deleted_article_is_gone_in_every_version_and_may_come_back(store: ArchiveStore) -> None:
    for text in ("One.", "Two."):
        store.write([prepared(article("a", text))])
    assert store.delete("a") is True
    assert store.delete("a") is False and store.delete("never") is False
    snapshot = store.snapshot()
    assert snapshot.article("a") is None and snapshot.article("a", 1) is None
    assert len(snapshot.dense(hashed("Two."), 5, EVERYTHING).rows) == 0
    assert store.standing([article("a", "Two.")]) == ["new"]
    store.write([prepared(article("a", "Two."))])
    assert store.snapshot().article("a").version == 3  # type: ignore[union-attr]


# --- refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "vector",
    [
        np.full(8, np.nan, np.float32),
        np.array([np.inf, *[0] * 7], np.float32),
        np.zeros(8, np.float32),
        np.full(8, 1.0, np.float32),
    ],
    ids=["nan", "inf", "zero", "not of length 1"],
)
def test_a_vector_that_cannot_be_searched_refuses_the_whole_batch(
    store: ArchiveStore, vector: np.ndarray
) -> None:
    good = prepared(article("good"))
    with pytest.raises(ModelError, match="bad: "):
        store.write([good, prepared(article("bad", "One."), [vector])])
    assert store.snapshot().article_count == 0


def test_a_vector_for_each_passage_and_no_other_number(store: ArchiveStore) -> None:
    with pytest.raises(ModelError, match=r"\(1, 8\) came where \(2, 8\)"):
        store.write([prepared(article("a", "One. Two."), [axis(0)])])


def test_half_a_surrogate_pair_is_refused_by_name(store: ArchiveStore) -> None:
    with pytest.raises(UnreadableInput, match="a: it holds half"):
        store.write([prepared(article("a", "bad \ud800 text"), [axis(0)])])


def test_a_failure_in_the_middle_of_a_batch_leaves_nothing_of_it(store: ArchiveStore) -> None:
    bad = replace(prepared(article("bad", "One.")), article=article("bad", title="\ud800"))
    with pytest.raises(QAError):
        store.write([prepared(article("good")), bad])
    assert store.snapshot().article_count == 0
    store.write([prepared(article("good"))])
    assert store.snapshot().article_count == 1


def test_another_model_is_refused_with_both_names_and_the_remedy(tmp_path: Path) -> None:
    filled(tmp_path, [article("a")])
    with pytest.raises(ModelMismatch, match=r"test-model@0123.*other@99.*qa reembed"):
        opened(tmp_path, fingerprint="other@99")
    with pytest.raises(ModelMismatch, match=r"8 dimensions.*\(9\)"):
        ArchiveStore.open(tmp_path, fingerprint="test-model@0123", dimension=9)


def test_no_archive_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ArchiveNotFound, match="qa ingest"):
        opened(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("content", [b"no database at all, but long enough" * 50, b"short"])
def test_a_file_that_is_no_archive_is_left_alone_and_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "archive.sqlite3"
    file.write_bytes(content)
    for writing in (False, True):
        with pytest.raises(ArchiveError, match=r"archive\.sqlite3"):
            opened(tmp_path, writing=writing)
    assert file.read_bytes() == content


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "archive.sqlite3") as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    for writing in (False, True):
        with pytest.raises(ArchiveError, match="not an archive"):
            opened(tmp_path, writing=writing)


def test_a_second_writer_is_refused_and_a_reader_is_not(
    store: ArchiveStore, tmp_path: Path
) -> None:
    with pytest.raises(ArchiveBusy, match="another process"):
        opened(tmp_path, writing=True)
    code = """
        import sys
        from pathlib import Path
        from archive_pieces import opened
        from qa.errors import ArchiveBusy
        try:
            opened(Path(sys.argv[1]), writing=True)
        except ArchiveBusy as error:
            print(error)
        opened(Path(sys.argv[1])).close()
    """
    assert f"pid {os.getpid()}" in in_a_process(code, tmp_path)


def test_a_reader_does_not_write(store: ArchiveStore, tmp_path: Path) -> None:
    with opened(tmp_path) as reader:
        for change in (
            lambda: reader.write([prepared(article("a"))]),
            lambda: reader.delete("a"),
            lambda: reader.record("key", "value"),
            reader.publish,
        ):
            with pytest.raises(ArchiveError, match="opened for reading"):
                change()


def test_what_is_recorded_is_kept_and_the_identity_cannot_be_overwritten(tmp_path: Path) -> None:
    with opened(tmp_path, writing=True) as store:
        store.record("threshold", "0.31")
        store.record("threshold", "0.32")
        with pytest.raises(ArchiveError, match="fixed"):
            store.record("fingerprint", "other")
    with opened(tmp_path) as store:
        recorded = store.recorded()
    assert recorded["threshold"] == "0.32"
    assert (recorded["fingerprint"], recorded["dimension"]) == ("test-model@0123", "8")


# --- readers follow ----------------------------------------------------------------------------

READER = """
    import sys, time
    from pathlib import Path
    from archive_pieces import EVERYTHING, hashed, ids, opened
    with opened(Path(sys.argv[1])) as store:
        print("ready", flush=True)
        for line in sys.stdin:
            asked = time.monotonic()
            while store.snapshot().article(line.strip()) is None and time.monotonic() < asked + 5:
                time.sleep(0.01)
            waited = time.monotonic() - asked
            snapshot = store.snapshot()
            found = snapshot.lexical(line, 5, EVERYTHING)
            print(f"{waited:.3f}", *ids(snapshot, found.rows), flush=True)
"""


def test_a_reader_in_another_process_sees_new_articles_within_a_second(tmp_path: Path) -> None:
    filled(tmp_path, [article("a0", "Nothing here.")])
    reader = a_process(READER, tmp_path)
    assert reader.stdin and reader.stdout
    with reader, opened(tmp_path, writing=True) as store:
        assert reader.stdout.readline() == "ready\n"
        for number in range(1, 4):
            more = 300 if number == 2 else 1  # the second time a generation is published as well
            name = f"word{number}"
            batch = [prepared(article(f"{number}-{n}", "Else.")) for n in range(more)]
            store.write([*batch, prepared(article(name, f"About {name} only."))])
            store.publish()
            reader.stdin.write(f"{name}\n")
            reader.stdin.flush()
            waited, *found = reader.stdout.readline().split()
            assert float(waited) < 1 and found == [name]
        reader.stdin.close()


def test_looking_for_news_is_cheap_when_there_is_none(store: ArchiveStore) -> None:
    store.write([prepared(article("a"))])
    assert store.snapshot() is store.snapshot()
