"""Damaged indexes are made again from the database; full and read-only disks lose nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from archive_pieces import (
    EVERYTHING,
    FULL,
    a_process,
    article,
    filled,
    hashed,
    in_a_process,
    opened,
    prepared,
    texts,
)

from qa.errors import StorageFull
from qa.store import ArchiveStore
from qa.types import Article
from qa.upkeep.checking import check


def many(count: int = 150) -> list[Article]:
    return [article(f"m{n}", f"Story {n} begins. Harbour {n % 7} ends.") for n in range(count)]


def found_in(store: ArchiveStore) -> object:
    snapshot = store.snapshot()
    dense = snapshot.dense(hashed("q"), 50, EVERYTHING)
    lexical = snapshot.lexical("harbour 3", 50, EVERYTHING)
    return (
        dense.rows.tolist(),
        dense.scores.tolist(),
        lexical.rows.tolist(),
        lexical.scores.tolist(),
    )


@pytest.mark.parametrize("writing", [True, False])
@pytest.mark.parametrize("name", ["vectors.npy", "manifest.json", "tantivy/meta.json", "first.npy"])
def test_a_damaged_index_is_made_again_from_the_database(
    tmp_path: Path, name: str, writing: bool, caplog: pytest.LogCaptureFixture
) -> None:
    filled(tmp_path, many())
    with opened(tmp_path, writing=True) as store:
        store.publish()
        whole = found_in(store)
    path = tmp_path / "generations" / "000001" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    with opened(tmp_path, writing=writing) as store:
        assert found_in(store) == whole
    assert "making it again from the database" in caplog.text
    caplog.clear()
    with opened(tmp_path) as store:
        assert found_in(store) == whole
    assert caplog.text == ""


def test_an_index_of_another_archive_is_not_used(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder, words in ((here, "Harbour"), (there, "Airport")):
        filled(folder, [article(f"m{n}", f"{words} {n}. Town {n}.") for n in range(150)])
        with opened(folder, writing=True) as store:
            store.publish()
    shutil.rmtree(here / "generations")
    shutil.copytree(there / "generations", here / "generations")
    with opened(here) as store:
        snapshot = store.snapshot()
        found = texts(snapshot, snapshot.lexical("harbour", 200, EVERYTHING).rows)
        assert len(found) == 150 and all(text.startswith("Harbour") for text in found)


def test_an_index_newer_than_a_restored_database_is_not_used(tmp_path: Path) -> None:
    filled(tmp_path, many())
    backup = (tmp_path / "archive.sqlite3").read_bytes()
    with opened(tmp_path, writing=True) as store:
        store.delete("m1")
        store.write([prepared(article("later", "Harbour later."))])
        store.publish()
    (tmp_path / "archive.sqlite3").write_bytes(backup)
    with opened(tmp_path) as store:
        assert store.snapshot().article("later") is None
        assert store.snapshot().article_count == 150


def test_an_index_that_is_gone_is_made_again(tmp_path: Path) -> None:
    filled(tmp_path, many())
    with opened(tmp_path) as store:
        whole = found_in(store)
    shutil.rmtree(tmp_path / "generations")
    with opened(tmp_path) as store:
        assert found_in(store) == whole


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE articles SET text = 'Story 8 begins. Altered.' WHERE row = 9", "article m8 "),
        ("UPDATE articles SET first = 1, published = '1999-01-01' WHERE row = 9", "article m8 "),
        ('UPDATE passages SET "end" = 9 WHERE row = 18', "passage 1 of article m8 "),
        ("UPDATE vectors SET vector = zeroblob(32) WHERE passage = 18", "passage 1 of article m8 "),
        ("DELETE FROM vectors WHERE passage = 18", "passage 1 of article m8 "),
    ],
)
def test_what_is_not_as_it_was_written_is_named(tmp_path: Path, change: str, said: str) -> None:
    with opened(tmp_path, writing=True) as store:
        store.write([prepared(one) for one in [*many(20), FULL]])
        store.write([prepared(article("m3", "A new version."))])
        store.delete("m4")
        assert check(tmp_path).faults == ()
        assert store._writer is not None
        store._writer.execute(change)
        (fault,) = check(tmp_path).faults
    assert fault.said.startswith(said)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user who may not write")
@pytest.mark.parametrize("damaged", [False, True])
def test_a_folder_that_cannot_be_written_is_searched_all_the_same(
    tmp_path: Path, damaged: bool
) -> None:
    archive, rehearsal = tmp_path / "archive", tmp_path / "rehearsal"
    filled(archive, many())
    with opened(archive, writing=True) as store:
        store.publish()
        store.write([prepared(article("late", "Harbour late."))])
        whole = found_in(store)
    if damaged:
        (archive / "generations" / "000001" / "vectors.npy").write_bytes(b"")
    shutil.rmtree(archive / "live", ignore_errors=True)
    shutil.copytree(archive, rehearsal)
    for path in [archive, *archive.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    for parent in archive.parents[:3]:  # of the temporary folder of all tests
        parent.chmod(parent.stat().st_mode | 0o011)
    # The rehearsal loads every module, as the other user may not be able to read them.
    code = """
        import os, sys
        from pathlib import Path
        from archive_pieces import opened
        from test_damage import found_in
        from qa.errors import StorageFull
        rehearsal, archive = map(Path, sys.argv[1:])
        with opened(rehearsal) as store:
            found_in(store)
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        with opened(archive) as store:
            print(found_in(store))
        try:
            opened(archive, writing=True)
        except StorageFull as error:
            print(error)
    """
    shown, refused = in_a_process(code, rehearsal, archive).splitlines()
    assert shown == str(whole)
    assert "cannot write to" in refused and "writable" in refused


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user who may not write")
def test_a_reader_who_may_not_write_follows_a_writer_who_may(tmp_path: Path) -> None:
    """As with a volume mounted read-only: opened while nobody writes, then somebody does."""
    archive, rehearsal = tmp_path / "archive", tmp_path / "rehearsal"
    filled(archive, many())
    shutil.copytree(archive, rehearsal)
    archive.chmod(0o555)
    for parent in archive.parents[:3]:  # of the temporary folder of all tests
        parent.chmod(parent.stat().st_mode | 0o011)
    code = """
        import os, sys, time
        from pathlib import Path
        from archive_pieces import opened
        from test_damage import found_in
        rehearsal, archive = map(Path, sys.argv[1:])
        with opened(rehearsal, writing=True) as store:
            store.publish()
            found_in(store)
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        with opened(archive) as store:
            print(store.snapshot().article_count, flush=True)
            for line in sys.stdin:
                print(store.snapshot().article(line.strip()) is not None, flush=True)
    """
    with a_process(code, rehearsal, archive) as reader:
        assert reader.stdin and reader.stdout
        assert reader.stdout.readline() == "150\n"
        for name in ("one", "two"):
            with opened(archive, writing=True) as store:
                store.write([prepared(article(name))])
                for _ in range(2):  # while the writer is there, and when it has gone
                    reader.stdin.write(f"{name}\n")
                    reader.stdin.flush()
                    assert reader.stdout.readline() == "True\n"
                    store.close()
        reader.stdin.close()


def test_a_full_disk_refuses_the_batch_and_search_goes_on(tmp_path: Path) -> None:
    """SQLite's own page limit stands in for the disk's: it fails at the same place."""
    with opened(tmp_path, writing=True) as store:
        store.write([prepared(one) for one in many(20)])
        whole = found_in(store)
        writer = store._writer
        assert writer is not None
        pages = writer.execute("PRAGMA page_count").fetchone()[0]
        writer.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageFull, match="free some space"):
            store.write([prepared(article(f"x{n}", "Long. " * 500 + "End.")) for n in range(50)])
        assert found_in(store) == whole
        writer.execute("PRAGMA max_page_count = 1000000")
        store.write([prepared(article("x", "It goes on."))])
        assert store.snapshot().article("x") is not None


def test_nothing_that_a_process_left_behind_piles_up(tmp_path: Path) -> None:
    filled(tmp_path, many())
    with opened(tmp_path, writing=True) as store:
        store.publish()
        store.write([prepared(article("late"))])
    code = """
        import os, signal, sys
        from pathlib import Path
        from archive_pieces import opened
        store = opened(Path(sys.argv[1]))
        store.snapshot()
        assert list((Path(sys.argv[1]) / "live").iterdir())
        os.kill(os.getpid(), signal.SIGKILL)
    """
    with pytest.raises(AssertionError):
        in_a_process(code, tmp_path)
    assert list((tmp_path / "live").iterdir())
    opened(tmp_path, writing=True).close()
    assert not list((tmp_path / "live").iterdir())
