"""An archive gets another model's vectors; killed at any moment it is the old one or the new."""

from __future__ import annotations

import random
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from archive_pieces import EVERYTHING, FULL, a_process
from test_upkeep import changed, files, found_in, rows
from upkeep_pieces import Model, store_of, story, taken_in

from qa.errors import ArchiveBusy, ArchiveError, ModelMismatch
from qa.upkeep.checking import check
from qa.upkeep.reembedding import WORK, reembed

MANY = 640
KEPT = ("changes", "sources", "articles", "event_dates")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "archive"
    taken_in(folder, [story(number) for number in range(300)])
    taken_in(folder, [replace(story(3), text="It was measured again on Friday."), FULL])
    with store_of(folder, Model(), writing=True) as store:
        store.delete("s4")
    return folder


@pytest.fixture
def archive(built: Path, tmp_path: Path) -> Path:
    """Three hundred live articles; one in two versions, one deleted besides."""
    return shutil.copytree(built, tmp_path / "archive")


def test_only_passages_and_vectors_change(archive: Path) -> None:
    before = [rows(archive, f"SELECT * FROM {table}") for table in KEPT]
    new, told = Model("new-model", 16), []
    assert reembed(archive, new, lambda done, total: told.append((done, total)))
    assert [rows(archive, f"SELECT * FROM {table}") for table in KEPT] == before
    assert told[0] == (0, 300) and told[-1] == (300, 300)
    with store_of(archive, new) as store:
        snapshot = store.snapshot()
        found = snapshot.dense(new.embed_question("q"), 999, EVERYTHING)
        assert len(found.rows) == snapshot.passage_count == 300
        texts = {}
        for one in snapshot.passages(found.rows):
            article = snapshot.articles([one.article_row])[one.article_row]
            texts[one.row] = article.text[one.passage.start : one.passage.end]
        assert snapshot.vectors(found.rows).tolist() == [
            new.embed_question(texts[int(row)]).tolist() for row in found.rows
        ]
        earlier = snapshot.article("s3", 1)
        assert earlier is not None and earlier.text == story(3).text
        assert snapshot.article("s4") is None
    assert check(archive).faults == ()
    assert not (archive / WORK).exists()
    with pytest.raises(ModelMismatch, match=r"new-model@1 \(16 dimensions\).*qa reembed"):
        store_of(archive, Model())


def test_there_and_back_gives_the_same_answers(archive: Path) -> None:
    before = found_in(archive)
    assert reembed(archive, Model("new-model"))
    assert found_in(archive, Model("new-model")) != before
    assert reembed(archive, Model())
    assert found_in(archive) == before


def test_the_same_model_is_not_run_again(archive: Path) -> None:
    same, before = Model(), files(archive)
    assert reembed(archive, same) is False
    assert same.read == [] and files(archive) == before


class StoppedError(Exception):
    """What stops a run in the middle."""


def test_a_run_that_was_stopped_goes_on_where_it_was(archive: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 256:
            raise StoppedError

    first, second = Model("new-model"), Model("new-model")
    before = found_in(archive)
    with pytest.raises(StoppedError):
        reembed(archive, first, stop)
    assert found_in(archive) == before
    reembed(archive, second)
    assert (len(first.read), len(second.read)) == (256, 44)
    assert check(archive).faults == ()


@pytest.mark.parametrize("other", ["model", "state"])
def test_what_was_begun_for_something_else_is_not_gone_on_with(archive: Path, other: str) -> None:
    def stop(done: int, _total: int) -> None:
        if done:
            raise StoppedError

    with pytest.raises(StoppedError):
        reembed(archive, Model("third-model" if other == "model" else "new-model"), stop)
    if other == "state":
        taken_in(archive, [story(1000)])
    new = Model("new-model")
    reembed(archive, new)
    assert len(new.read) == 300 + (other == "state")
    assert check(archive).faults == ()


def test_at_the_end_nobody_else_may_have_it_open_and_nothing_is_embedded_twice(
    archive: Path,
) -> None:
    before = found_in(archive)
    with store_of(archive, Model()) as server:
        with pytest.raises(ArchiveBusy, match=r"run this again.*all is embedded"):
            reembed(archive, Model("new-model"))
        assert server.snapshot().article_count == 300
    assert found_in(archive) == before
    again = Model("new-model")
    assert reembed(archive, again)
    assert again.read == []
    assert check(archive).faults == ()


def test_while_somebody_writes_it_is_refused(archive: Path) -> None:
    with store_of(archive, Model(), writing=True), pytest.raises(ArchiveBusy):
        reembed(archive, Model("new-model"))


def test_a_damaged_article_is_not_carried_over(archive: Path) -> None:
    changed(archive, "UPDATE articles SET text = 'Altered.' WHERE row = 9")
    before = files(archive)
    with pytest.raises(ArchiveError, match=r"article s8 .*qa check"):
        reembed(archive, Model("new-model"))
    assert {name: files(archive)[name] for name in before} == before


RUN = """
    import os, sys
    from pathlib import Path
    from upkeep_pieces import Model
    from qa.upkeep.reembedding import reembed
    folder, moment = Path(sys.argv[1]), sys.argv[2]
    rename = Path.replace

    def killing(self, target):
        if Path(target) == folder / "archive.sqlite3":
            if moment == "before the rename":
                os.kill(os.getpid(), 9)
            made = rename(self, target)
            if moment == "after the rename":
                os.kill(os.getpid(), 9)
            return made
        return rename(self, target)

    Path.replace = killing
    print("begin", flush=True)
    reembed(folder, Model("new-model", 16, pause=0.15))
    print("done", flush=True)
"""


def is_whole(folder: Path, count: int) -> str:
    """Which model's archive this is, after reading all of it."""
    ((fingerprint,),) = rows(folder, "SELECT value FROM meta WHERE key = 'fingerprint'")
    model = Model() if fingerprint == "old-model@1" else Model("new-model", 16)
    with store_of(folder, model) as store:
        snapshot = store.snapshot()
        assert snapshot.article_count == count
        dense = snapshot.dense(model.embed_question("q"), 9 * count, EVERYTHING)
        words = snapshot.lexical("bridge", 9 * count, EVERYTHING)
        assert len(dense.rows) == len(words.rows) == count
    assert [f for f in check(folder).faults if f.kind != "index"] == []
    return str(fingerprint)


@pytest.mark.slow
def test_killed_again_and_again_it_is_the_old_archive_until_it_is_the_new_one(
    tmp_path: Path,
) -> None:
    """No single run lives long enough to embed everything: each goes on from the one before."""
    taken_in(tmp_path, [story(number) for number in range(MANY)])
    moments = random.Random(60)
    seen = []
    for _ in range(40):
        with a_process(RUN, tmp_path, "none") as run:
            assert run.stdout is not None and run.stdout.readline() == "begin\n"
            time.sleep(moments.uniform(0.0, 0.6))
            run.send_signal(signal.SIGKILL)
        seen.append(is_whole(tmp_path, MANY))
        if seen[-1] == "new-model@1":
            break
    assert seen[0] == "old-model@1" and seen[-1] == "new-model@1"
    assert reembed(tmp_path, Model("new-model", 16)) is False
    assert check(tmp_path).faults == () and not (tmp_path / WORK).exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moment", "left"),
    [("before the rename", "old-model@1"), ("after the rename", "new-model@1")],
)
def test_killed_on_either_side_of_the_rename(tmp_path: Path, moment: str, left: str) -> None:
    taken_in(tmp_path, [story(number) for number in range(MANY)])
    with a_process(RUN, tmp_path, moment) as run:
        assert run.wait(timeout=60) == -signal.SIGKILL
    assert is_whole(tmp_path, MANY) == left
    again = Model("new-model", 16)
    assert reembed(tmp_path, again) is (left == "old-model@1")
    assert again.read == [] and is_whole(tmp_path, MANY) == "new-model@1"
