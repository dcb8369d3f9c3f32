"""An archive is kept whole: damage is named, what can be derived is, and backups come back."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from archive_pieces import EVERYTHING, FULL, a_process, in_a_process
from upkeep_pieces import Model, store_of, story, taken_in

from qa import cli
from qa.errors import ArchiveBusy, ArchiveError, ArchiveNotFound, InvalidRequest
from qa.types import Article
from qa.upkeep.backup import backup, restore
from qa.upkeep.checking import check
from qa.upkeep.compacting import compact
from qa.upkeep.repairing import remedy, repair

SECRET = "A wholly unmistakable sentence about Zyxomma."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "archive"
    taken_in(folder, [story(number) for number in range(30)])
    taken_in(folder, [replace(story(3), text="It was measured again on Friday."), FULL])
    with store_of(folder, Model(), writing=True) as store:
        store.delete("s4")
    return folder


@pytest.fixture
def archive(built: Path, tmp_path: Path) -> Path:
    """Thirty articles; one in two versions, one deleted, and one with every field."""
    return shutil.copytree(built, tmp_path / "archive")


def changed(folder: Path, statement: str) -> None:
    """Do to the database what no program of ours does."""
    with closing(sqlite3.connect(folder / "archive.sqlite3")) as connection, connection:
        connection.execute(statement)


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "archive.sqlite3")) as connection:
        return connection.execute(query).fetchall()


Found = tuple[list[list[object]], list[float]]


def found_in(folder: Path, model: Model | None = None) -> Found:
    model = model or Model()
    with store_of(folder, model) as store:
        snapshot = store.snapshot()
        dense = snapshot.dense(model.embed_question("q"), 99, EVERYTHING)
        words = snapshot.lexical("Turin bridge", 99, EVERYTHING)
        return [
            [(p.passage, p.event_dates) for p in snapshot.passages(c.rows)] for c in (dense, words)
        ], dense.scores.tolist()


def shuffled(found: Found) -> list[list[str]]:
    return [sorted(map(str, places)) for places in found[0]]


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in {".sqlite3-shm", ".sqlite3-wal", ".lock"}
    }


def no_model() -> Model:
    raise AssertionError("no model is needed for this")


# --- check and repair --------------------------------------------------------------------------


def test_a_whole_archive_is_called_whole_and_left_as_it_is(archive: Path) -> None:
    """Also while somebody writes: versions, deletions and a newer change are no damage."""
    with store_of(archive, Model(), writing=True) as store:
        store.delete("s5")
        before = files(archive)
        checked = check(archive)
        assert files(archive) == before
    assert checked.faults == ()
    assert checked.articles == 29  # thirty and one more, of which two are deleted
    assert checked.generation is not None


DERIVABLE = [
    ('UPDATE passages SET "end" = 9 WHERE article = 9', "passages", "article s8 "),
    ("UPDATE vectors SET vector = zeroblob(32) WHERE passage = 9", "passages", "article s8 "),
    ("UPDATE vectors SET vector = x'00' WHERE passage = 9", "passages", "article s8 "),
    ("DELETE FROM vectors WHERE passage = 9", "passages", "article s8 "),
    ("UPDATE articles SET first = 1 WHERE row = 9", "days", "article s8 "),
    ("UPDATE event_dates SET text = 'Sunday' WHERE article = 9", "times", "article s8 "),
    ("UPDATE event_dates SET last = 'soon' WHERE article = 9", "times", "article s8 "),
]


@pytest.mark.parametrize(("damage", "kind", "name"), DERIVABLE)
def test_what_can_be_derived_is_named_and_made_again(
    archive: Path, damage: str, kind: str, name: str
) -> None:
    whole = found_in(archive)
    content = [rows(archive, f"SELECT * FROM {t}") for t in ("articles", "passages", "vectors")]
    times = rows(archive, "SELECT * FROM event_dates")
    changed(archive, damage)
    faults = check(archive).faults
    assert {fault.kind for fault in faults} == {kind}
    assert any(name in fault.said for fault in faults)
    repaired = repair(archive, Model)
    assert (repaired.after.faults, repaired.model) == ((), "")
    assert any(name in fault.said for fault in repaired.done)
    assert found_in(archive) == whole
    again = [rows(archive, f"SELECT * FROM {t}") for t in ("articles", "passages", "vectors")]
    assert again == content and rows(archive, "SELECT * FROM event_dates") == times


def test_lost_passages_are_found_missing_and_made_again(archive: Path) -> None:
    whole = found_in(archive)
    changed(archive, "DELETE FROM passages WHERE article = 9")
    said = [fault.said for fault in check(archive).faults]
    assert said == [
        "row 9 of vectors belongs to no row of passages",
        "article s8 (version 1) has lost passages",
    ]
    assert repair(archive, Model).after.faults == ()
    assert shuffled(found_in(archive)) == shuffled(whole)  # equal scores go by the number of a row


def test_only_the_model_that_made_them_makes_vectors_again(archive: Path) -> None:
    changed(archive, "DELETE FROM vectors WHERE passage = 9")
    changed(archive, "UPDATE articles SET first = 1 WHERE row = 12")
    repaired = repair(archive, lambda: Model("new-model"))
    assert "only the model old-model@1 can" in repaired.model and "--model" in repaired.model
    assert {fault.kind for fault in repaired.done} == {"days"}
    assert {fault.kind for fault in repaired.after.faults} == {"passages"}


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE articles SET text = 'Altered. ' || text WHERE row = 9", "article s8 "),
        ("UPDATE articles SET published = '1999-01-01' WHERE row = 9", "article s8 "),
        ("UPDATE articles SET published = 'never' WHERE row = 9", "article s8 "),
        ("UPDATE articles SET findings = '[{\"a\"' WHERE row = 9", "article s8 "),
        ("UPDATE articles SET text = CAST(x'ff41' AS TEXT) WHERE row = 9", "article s8 "),
    ],
)
def test_a_damaged_article_is_named_with_what_to_do_and_comes_back_by_doing_it(
    archive: Path, damage: str, said: str
) -> None:
    changed(archive, damage)
    repaired = repair(archive, no_model)
    (fault,) = repaired.after.faults
    assert said in fault.said and fault.kind == "article" and repaired.done == []
    assert "qa delete s8" in remedy(fault) and "backup" in remedy(fault)
    with store_of(archive, Model(), writing=True) as store:
        store.delete("s8")
    taken_in(archive, [story(8)])
    assert check(archive).faults == ()
    with store_of(archive, Model()) as store:
        restored = store.snapshot().article("s8")
        assert restored is not None and restored.text == story(8).text


@pytest.mark.parametrize(
    ("damage", "kinds"),
    [
        ("DELETE FROM articles WHERE row = 30", {"file", "log"}),
        ("UPDATE articles SET id = 'forged', hash = x'00' WHERE row = 9", {"article", "log"}),
        ("UPDATE changes SET digest = x'00' WHERE number = 1", {"log", "index"}),
        ("UPDATE articles SET deleted = 1, ended = 1 WHERE row = 9", {"log"}),
    ],
)
def test_rows_cannot_vanish_unseen(archive: Path, damage: str, kinds: set[str]) -> None:
    changed(archive, damage)
    assert {fault.kind for fault in check(archive).faults} >= kinds - {"index"}
    left = repair(archive, no_model).after.faults
    assert {fault.kind for fault in left} == kinds - {"index"}
    assert all("backup" in remedy(fault) for fault in left)


@pytest.mark.parametrize("name", ["vectors.npy", "manifest.json", "tantivy/meta.json"])
def test_a_damaged_index_is_named_and_made_again_without_the_model(
    archive: Path, name: str
) -> None:
    whole = found_in(archive)
    current = (archive / "generations" / "CURRENT").read_text().strip()
    path = archive / "generations" / current / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    (fault,) = check(archive).faults
    assert name in fault.said and fault.kind == "index"
    assert repair(archive, no_model).after.faults == ()
    assert found_in(archive) == whole


def test_a_file_with_an_overwritten_page_is_told_and_not_made_worse(archive: Path) -> None:
    path = archive / "archive.sqlite3"
    content = bytearray(path.read_bytes())
    content[8192:12288] = b"\xa5" * 4096
    path.write_bytes(content)
    assert cli.main(["check", "--index", str(archive)]) == 1
    assert cli.main(["check", "--repair", "--index", str(archive)]) == 1
    assert path.read_bytes()[8192:12288] == b"\xa5" * 4096


def test_the_command_tells_by_its_status(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["check", "--index", str(archive)]
    assert cli.main(command) == 0
    assert capsys.readouterr().out.startswith("whole: 30 articles")
    changed(archive, "UPDATE articles SET first = 1 WHERE row = 9")
    assert cli.main(command) == 1
    assert "damaged: article s8 (version 1)" in capsys.readouterr().out
    assert cli.main([*command, "--repair"]) == 0
    assert "repaired: article s8 (version 1)" in capsys.readouterr().out
    assert cli.main(["check", "--index", str(archive / "none")]) == 1
    assert "qa restore FILE" in capsys.readouterr().err


# --- backup and restore ------------------------------------------------------------------------


def test_a_backup_restores_all_that_was_there(archive: Path, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "news.backup", tmp_path / "elsewhere"
    whole = found_in(archive)
    assert backup(archive, file).articles == 30
    assert [path.name for path in tmp_path.iterdir() if "new" in path.name] == ["news.backup"]
    _, aside = restore(elsewhere, file)
    assert aside is None and found_in(elsewhere) == whole
    assert check(elsewhere).faults == () and check(elsewhere).generation is not None
    for table in ("changes", "sources", "articles", "passages", "vectors", "event_dates"):
        query = f"SELECT * FROM {table}"
        assert rows(elsewhere, query) == rows(archive, query)


WRITER = """
    import sys
    from pathlib import Path
    from upkeep_pieces import Model, store_of, story
    from archive_pieces import prepared
    with store_of(Path(sys.argv[1]), Model(), writing=True) as store:
        for batch in range(1, 100_000):
            store.write([prepared(story(batch * 20 + n)) for n in range(20)])
            print(batch, flush=True)
"""


@pytest.mark.slow
def test_a_backup_taken_while_another_process_writes_is_of_one_moment(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    taken_in(archive, [story(number) for number in range(20)])
    counts = []
    with a_process(WRITER, archive) as writer:
        try:
            assert writer.stdout is not None and writer.stdout.readline() == "1\n"
            for _ in range(5):
                counts.append(backup(archive, tmp_path / "news.backup").articles)
                time.sleep(0.05)
        finally:
            writer.kill()
    assert all(count % 20 == 0 for count in counts) and counts == sorted(counts)
    assert counts[0] >= 40 and counts[-1] > counts[0]
    restored, aside = restore(archive, tmp_path / "news.backup", replace=True)
    assert restored.articles == counts[-1] and aside is not None
    assert check(archive).faults == ()


def test_a_backup_never_takes_the_place_of_something_else(archive: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("not a backup")
    for file in (notes, archive / "archive.sqlite3", tmp_path / "none" / "b", tmp_path):
        with pytest.raises(InvalidRequest):
            backup(archive, file)
    assert notes.read_text() == "not a backup"
    with pytest.raises(ArchiveNotFound):
        backup(tmp_path / "nothing", tmp_path / "b")


def test_a_damaged_archive_does_not_replace_a_whole_backup(archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "news.backup"
    backup(archive, file)
    before = file.read_bytes()
    changed(archive, "UPDATE articles SET text = 'Altered.' WHERE row = 9")
    with pytest.raises(ArchiveError, match=r"article s8 \(version 1\) is not as it was written"):
        backup(archive, file)
    assert file.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_restoring_over_an_archive_needs_a_word_and_keeps_the_old_one(
    archive: Path, tmp_path: Path
) -> None:
    file = tmp_path / "news.backup"
    backup(archive, file)
    whole = found_in(archive)
    taken_in(archive, [story(number) for number in range(40, 50)])
    newer = found_in(archive)
    with pytest.raises(ArchiveError, match="--replace"):
        restore(archive, file)
    assert found_in(archive) == newer
    _, aside = restore(archive, file, replace=True)
    assert found_in(archive) == whole
    assert aside == archive / "replaced-001"
    restore(tmp_path / "undone", aside / "archive.sqlite3")
    assert found_in(tmp_path / "undone") == newer


@pytest.mark.parametrize("wreck", [b"", b"garbage" * 2000])
def test_a_wrecked_archive_is_put_aside_too(archive: Path, tmp_path: Path, wreck: bytes) -> None:
    file = tmp_path / "news.backup"
    backup(archive, file)
    whole = found_in(archive)
    (archive / "archive.sqlite3").write_bytes(wreck)
    _, aside = restore(archive, file, replace=True)
    assert aside is not None and (aside / "archive.sqlite3").read_bytes() == wreck
    assert found_in(archive) == whole and check(archive).faults == ()


def test_a_log_that_was_left_behind_does_not_meet_a_restored_database(
    archive: Path, tmp_path: Path
) -> None:
    file = tmp_path / "news.backup"
    backup(archive, file)
    with store_of(archive, Model(), writing=True) as store:
        store.delete("s1")
        log = (archive / "archive.sqlite3-wal").read_bytes()
    assert log
    (archive / "archive.sqlite3").unlink()
    (archive / "archive.sqlite3-wal").write_bytes(log)
    restore(archive, file)
    assert check(archive).articles == 30 and check(archive).faults == ()


@pytest.mark.parametrize("wreck", ["text", "cut", "other"])
def test_a_damaged_backup_changes_nothing(archive: Path, tmp_path: Path, wreck: str) -> None:
    file = tmp_path / "news.backup"
    backup(archive, file)
    content = file.read_bytes()
    at = content.index(b"It is 8 m long")
    file.write_bytes(
        {
            "text": content[:at] + b"It is 9" + content[at + 7 :],
            "cut": content[: len(content) // 2],
            "other": b"SQLite format 3\0" + bytes(200),
        }[wreck]
    )
    before = files(archive)
    with pytest.raises(ArchiveError):
        restore(archive, file, replace=True)
    assert files(archive) == before
    with pytest.raises(InvalidRequest, match="no file"):
        restore(archive, tmp_path / "none", replace=True)


def test_nothing_is_swapped_under_a_process_that_has_it_open(archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "news.backup"
    backup(archive, file)
    with store_of(archive, Model()) as reader:
        for act in (lambda: restore(archive, file, replace=True), lambda: compact(archive)):
            with pytest.raises(ArchiveBusy, match="stop it and run this again"):
                act()
        assert reader.snapshot().article_count == 30
    assert not list(archive.glob("replaced*")) and not list(archive.glob("*.new"))
    restore(archive, file, replace=True)


def test_a_backup_that_finds_no_room_says_so_and_leaves_nothing_behind(
    archive: Path, tmp_path: Path
) -> None:
    """A limit on the size of files stands in for the disk's."""
    code = """
        import resource, sys
        from pathlib import Path
        from qa.errors import StorageFull
        from qa.upkeep.backup import backup
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_960, 40_960))
        try:
            backup(*map(Path, sys.argv[1:]))
        except StorageFull as error:
            print(error)
    """
    file = tmp_path / "news.backup"
    assert "free some space" in in_a_process(code, archive, file)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive"]


def test_what_a_killed_restore_left_is_cleared_away(archive: Path, tmp_path: Path) -> None:
    backup(archive, tmp_path / "news.backup")
    (archive / ".archive.sqlite3.0123abcd.new").write_bytes(b"half")
    restore(archive, tmp_path / "news.backup", replace=True)
    assert not list(archive.glob(".*"))


# --- compact -----------------------------------------------------------------------------------


def holding(folder: Path, words: bytes) -> list[str]:
    return [
        path.name for path in folder.rglob("*") if path.is_file() and words in path.read_bytes()
    ]


def test_deleted_words_leave_the_disk_and_nothing_else_does(archive: Path) -> None:
    secret = Article(
        "secret", f"{SECRET} " * 400, title="Zyxomma title", url="https://example.org/z"
    )
    taken_in(archive, [secret])
    whole_before = found_in(archive)
    with store_of(archive, Model(), writing=True) as store:
        store.delete("secret")
    assert holding(archive, b"Zyxomma")
    kept = found_in(archive)
    assert kept != whole_before
    assert compact(archive) > 0
    for word in (b"Zyxomma", b"zyxomma", b"example.org/z"):
        assert holding(archive, word) == []
    assert found_in(archive) == kept and check(archive).faults == ()
    taken_in(archive, [secret])
    with store_of(archive, Model()) as store:
        again = store.snapshot().article("secret")
        assert again is not None and again.version == 2  # version 1 was another text's


def test_compacting_again_changes_no_article(archive: Path) -> None:
    compact(archive)
    kept = found_in(archive)
    assert compact(archive) == 0
    assert found_in(archive) == kept
