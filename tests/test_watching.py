"""A watched folder: complete new and changed files, once each, within seconds."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from qa.reading.folder import Found
from qa.reading.formats import ReadOptions
from qa.types import Reading, Refusal
from qa.watching import FolderWatch, watch


def names(watched: FolderWatch) -> list[str]:
    return [found.name for found in watched.look() if isinstance(found, Found)]


def test_a_file_is_given_once_it_has_stopped_growing(tmp_path: Path) -> None:
    watched = FolderWatch([tmp_path])
    file = tmp_path / "a.txt"
    file.write_text("The")
    assert names(watched) == []
    file.write_text("The quay")
    assert names(watched) == []
    assert names(watched) == ["a.txt"]
    assert names(watched) == []


def test_a_changed_file_is_given_again_even_at_the_same_length(tmp_path: Path) -> None:
    watched = FolderWatch([tmp_path])
    file = tmp_path / "a.txt"
    file.write_text("One")
    names(watched)
    assert names(watched) == ["a.txt"]
    time.sleep(0.02)
    file.write_text("Two")
    names(watched)
    assert names(watched) == ["a.txt"]


def test_a_file_renamed_over_another_is_seen_as_new(tmp_path: Path) -> None:
    watched = FolderWatch([tmp_path])
    (tmp_path / "a.txt").write_text("One")
    names(watched), names(watched)
    fresh = tmp_path / ".a.part"
    fresh.write_text("Two")
    fresh.rename(tmp_path / "a.txt")
    names(watched)
    assert names(watched) == ["a.txt"]


def test_files_read_before_the_watch_began_are_left_until_they_change(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("Old")
    time.sleep(0.05)
    watched = FolderWatch([tmp_path], read_before=time.time())
    names(watched)
    assert names(watched) == []
    time.sleep(0.02)
    (tmp_path / "old.txt").write_text("New")
    names(watched)
    assert names(watched) == ["old.txt"]


def test_a_refusal_is_given_once_and_folders_may_come_and_go(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    watched = FolderWatch([folder])
    (refusal,) = watched.look()
    assert isinstance(refusal, Refusal)
    assert watched.look() == []
    folder.mkdir()
    (folder / "a.txt").write_text("x")
    names(watched)
    assert names(watched) == ["a.txt"]
    (folder / "a.txt").unlink()
    assert names(watched) == []
    (folder / "a.txt").write_text("x")
    names(watched)
    assert names(watched) == ["a.txt"]


def test_subfolders_are_watched_and_hidden_files_are_not(tmp_path: Path) -> None:
    watched = FolderWatch([tmp_path])
    (tmp_path / "2021").mkdir()
    (tmp_path / "2021" / "a.txt").write_text("x")
    (tmp_path / ".b.txt").write_text("x")
    names(watched)
    assert names(watched) == ["2021/a.txt"]


@pytest.mark.slow
def test_an_article_that_is_written_slowly_is_read_whole_within_seconds(tmp_path: Path) -> None:
    stop = threading.Event()
    found: list[tuple[float, Reading | Refusal]] = []

    def follow() -> None:
        options = ReadOptions(sandbox=False)
        for batch in watch([tmp_path], options, interval=0.2, wait=stop.wait):
            found.extend((time.monotonic(), item) for item in batch)

    thread = threading.Thread(target=follow)
    thread.start()
    with (tmp_path / "a.txt").open("w") as file:
        for word in ("The ", "quay ", "will ", "be ", "rebuilt."):
            file.write(word)
            file.flush()
            time.sleep(0.05)
    written = time.monotonic()
    deadline = written + 10
    while not found and time.monotonic() < deadline:
        time.sleep(0.02)
    stop.set()
    thread.join()
    ((seen, item),) = found
    assert isinstance(item, Reading)
    assert item.article.text == "The quay will be rebuilt."
    assert seen - written < 3
