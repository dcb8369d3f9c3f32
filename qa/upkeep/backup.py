"""One consistent, verified file of an archive while others read and write it, and back again.

The indexes are derived and left out. A backup is an ordinary archive database.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from qa import database as db
from qa.catchup import LOCK
from qa.database import Database
from qa.disk import flush, writing_to
from qa.errors import ArchiveError, InvalidRequest
from qa.lock import FileLock
from qa.upkeep.checking import Checked, verified
from qa.upkeep.swap import connected, existing, new_identity, put_in_place, recorded, refresh

ASIDE = "replaced"

_PAGES_AT_A_TIME = 2048  # of 8 KiB: progress is told some times a second

Progress = Callable[[int, int], None]  # pages done, pages in all


def backup(folder: Path, file: Path, progress: Progress = lambda done, total: None) -> Checked:
    """Write `file` as of this moment; it appears under its name only when it is verified.

    A former backup of that name is replaced, anything else refused (InvalidRequest). Raises
    ArchiveNotFound, StorageFull, and ArchiveError when the copy is not whole.
    """
    existing(folder)
    _refuse_place(folder, file)
    with writing_to(file), _unfinished(file) as fresh:
        fresh.touch()  # the plainest error where nothing may be written
        copy_database(folder, fresh, progress)
        found = verified(fresh)
        flush(fresh)
        fresh.replace(file)
        flush(file.parent)
    return found


def restore(folder: Path, file: Path, replace: bool = False) -> tuple[Checked, Path | None]:
    """Make the archive in `folder` what the backup holds; where the old one was put aside.

    Verified before anything is changed. Raises ArchiveError where there is an archive and not
    `replace`, or the backup is not whole; ArchiveBusy while another process has the archive open.
    """
    if not file.is_file():
        raise InvalidRequest(f"{file} is no file; name one that `qa backup` wrote", "file")
    path = folder / db.FILE
    if path.exists() and not replace:
        raise ArchiveError(
            f"there is an archive in {folder} already; restore into another folder with --index, "
            "or put it aside with --replace"
        )
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK).acquire(), fresh_database(folder) as fresh:
            shutil.copyfile(file, fresh)
            found = verified(fresh)
            with connected(fresh, "rw") as connection:
                new_identity(connection)
            aside = _new_folder(folder) if path.exists() else None
            try:
                put_in_place(fresh, path, aside)
            except BaseException:
                if aside is not None and not any(aside.iterdir()):
                    aside.rmdir()
                raise
    refresh(folder)
    return found, aside


def _refuse_place(folder: Path, file: Path) -> None:
    if file.resolve().parent == folder.resolve():
        raise InvalidRequest(f"{file} lies in the archive itself; name a file elsewhere", "file")
    if not file.parent.is_dir():
        raise InvalidRequest(f"{file.parent} is no folder; make it first", "file")
    if file.exists() and not _is_archive(file):
        raise InvalidRequest(f"{file} is there and is no backup; name another file", "file")


def _is_archive(file: Path) -> bool:
    """By the header of SQLite's format: its name, and the application's number at byte 68."""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        header = opened.read(100)
    return header[:16] == b"SQLite format 3\0" and header[68:72] == db.APPLICATION.to_bytes(4)


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """A name beside `file` that nobody else uses, cleared away unless it was renamed."""
    fresh = file.with_name(f".{file.name}.{uuid.uuid4().hex}.new")
    try:
        yield fresh
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            fresh.with_name(fresh.name + ending).unlink(missing_ok=True)


@contextmanager
def fresh_database(folder: Path) -> Iterator[Path]:
    """A name for another database of an archive whose writer's lock is held.

    What killed processes left under such names is cleared away first.
    """
    for left in folder.glob(f".{db.FILE}.*.new*"):
        left.unlink()
    with _unfinished(folder / db.FILE) as fresh:
        yield fresh


def copy_database(folder: Path, fresh: Path, progress: Progress = lambda done, total: None) -> None:
    """Copy one state of the database into a file without a log; others may read and write."""
    database = Database(folder)
    try:
        with database.reading() as source, connected(fresh, "rwc") as target:
            recorded(source, database.path)  # the first read: from here on one state is seen
            source.backup(
                target,
                pages=_PAGES_AT_A_TIME,
                progress=lambda _, left, total: progress(total - left, total),
            )
            target.execute("PRAGMA journal_mode = DELETE")  # one file, without a log
    finally:
        database.close()


def _new_folder(folder: Path) -> Path:
    for number in count(1):
        aside = folder / f"{ASIDE}-{number:03d}"
        if not aside.exists():
            break
    aside.mkdir()
    return aside
