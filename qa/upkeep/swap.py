"""Putting a whole database file in the place of another by one rename.

SQLite finds a database's log by name, so an old log must never meet a new file. The old database is
therefore first closed to everybody: its log is written home and removed, which SQLite refuses while
another process has it open. A process that is killed at any moment leaves the old or the new one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from qa import database as db
from qa.catchup import GENERATIONS
from qa.database import explained
from qa.disk import flush
from qa.errors import ArchiveBusy, ArchiveError, ArchiveNotFound
from qa.generation import CURRENT, Progress
from qa.store import ArchiveStore

LONE = "ro&immutable=1"  # a file that nobody writes; SQLite then leaves nothing beside it
_SECONDS_TO_WAIT = 2.0


@contextmanager
def connected(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    """A connection in autocommit mode to any database file; ArchiveError where SQLite refuses."""
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    with (
        explained(path),
        closing(
            sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_SECONDS_TO_WAIT)
        ) as connection,
    ):
        yield connection


def existing(folder: Path) -> Path:
    """The archive's database in `folder`. Raises ArchiveNotFound."""
    path = folder / db.FILE
    if not path.is_file():
        raise ArchiveNotFound(
            f"there is no archive in {folder}; build one with: qa ingest PATH --index {folder}, "
            f"or restore a backup with: qa restore FILE --index {folder}"
        )
    return path


def recorded(connection: sqlite3.Connection, path: Path) -> Mapping[str, str]:
    """What an archive records about itself: archive, fingerprint, dimension and more."""
    db.check_format(connection, path)
    meta = dict(connection.execute("SELECT key, value FROM meta"))
    if not {"archive", "fingerprint", "dimension"} <= meta.keys():
        raise ArchiveError(f"{path} does not say which model made it; restore a backup")
    return meta


def new_identity(connection: sqlite3.Connection) -> None:
    """Name the archive anew, so that no index or reader of its former self is taken for its own."""
    connection.execute("UPDATE meta SET value = ? WHERE key = 'archive'", (uuid.uuid4().hex,))


def put_in_place(fresh: Path, path: Path, aside: Path | None = None) -> None:
    """Rename the whole, closed database `fresh` over `path`; the writer's lock is held.

    `aside`: an empty folder that keeps the old database. Raises ArchiveBusy while another process
    has the old one open; both are then as they were.
    """
    with _closed_to_all(fresh):
        flush(fresh)
    if path.exists():
        with _closed_to_all(path, damaged=aside is not None):
            if aside is not None:
                _keep(path, aside)
            fresh.replace(path)
    else:
        _drop_logs(path)  # of a database that somebody removed without them
        fresh.replace(path)
    # Indexes of its former self: they would be found not to fit, but why look.
    (path.parent / GENERATIONS / CURRENT).unlink(missing_ok=True)
    flush(path.parent)


def refresh(folder: Path, progress: Progress | None = None) -> None:
    """Make the indexes again from the stored vectors, where they do not fit; needs no model.

    Left to another process that holds the writer's lock: it makes them itself.
    """
    path = existing(folder)
    with connected(path, "ro") as connection:
        meta = recorded(connection, path)
    fingerprint, dimension = meta["fingerprint"], int(meta["dimension"])
    with (
        suppress(ArchiveBusy),
        ArchiveStore.open(
            folder, fingerprint=fingerprint, dimension=dimension, writing=True
        ) as store,
    ):
        store.publish(progress)


@contextmanager
def _closed_to_all(path: Path, damaged: bool = False) -> Iterator[None]:
    """The database as one file without a log, locked against everybody else.

    `damaged`: go on with one that SQLite cannot read.
    """
    with closing(
        sqlite3.connect(path, isolation_level=None, timeout=_SECONDS_TO_WAIT)
    ) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                with explained(path):
                    raise
            raise ArchiveBusy(
                f"{path} is open in another process (a server?); stop it and run this again; "
                "the archive is as it was"
            ) from error
        except sqlite3.DatabaseError:
            if not damaged:
                with explained(path):
                    raise
        yield


def _keep(path: Path, aside: Path) -> None:
    """The old database also under another name, so that at no moment there is none at `path`."""
    try:
        os.link(path, aside / path.name)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, aside / path.name)
    for ending in ("-wal", "-journal"):  # of a damaged one; a whole one has none by now
        log = path.with_name(path.name + ending)
        if log.exists():
            log.replace(aside / log.name)
    _drop_logs(path)
    flush(aside)


def _drop_logs(path: Path) -> None:
    for ending in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
