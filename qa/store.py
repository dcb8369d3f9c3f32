"""The archive on disk: one writer, many readers, in other processes too.

A batch is there for good when `write` returns, and not at all before; what is searched is derived
from it and follows by itself.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np

from qa import database as db
from qa import records
from qa.catchup import LOCK, CatchUp
from qa.database import Database, explained
from qa.disk import writing_to
from qa.errors import (
    ArchiveError,
    ArchiveNotFound,
    ModelError,
    ModelMismatch,
    UnreadableInput,
)
from qa.generation import Identity, Progress
from qa.lock import FileLock
from qa.records import Prepared
from qa.scratch import sweep
from qa.snapshot import ArchiveSnapshot
from qa.types import Article

__all__ = ["ArchiveStore", "Prepared", "Standing"]

Standing = Literal["new", "same", "changed"]

_UNIT_TOLERANCE = 1e-2  # an int8 model's vectors are normalised after it; others may be in float16


class ArchiveStore:
    """Opened with `open`; implements `qa.types.Store`. Reading is safe for threads."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        identity: Identity,
        writer: sqlite3.Connection | None,
        lock: FileLock | None,
    ) -> None:
        self._folder = folder
        self._database = database
        self._identity = identity
        self._writer = writer
        self._lock = lock
        self._catch_up = CatchUp(folder, database, identity, lock)

    @classmethod
    def open(
        cls, folder: Path, *, fingerprint: str, dimension: int, writing: bool = False
    ) -> ArchiveStore:
        """Open the archive in `folder`, making it when `writing`.

        Raises ArchiveNotFound where none is to be read, ModelMismatch when it was built with
        another model, ArchiveBusy when another process writes, StorageFull when it cannot be
        written, ArchiveError when it is damaged or of another format.
        """
        if not writing and not (folder / db.FILE).is_file():
            raise ArchiveNotFound(
                f"there is no archive in {folder}; build one with: qa ingest PATH --index {folder}"
            )
        lock = _writer_lock(folder) if writing else None
        database = Database(folder)
        writer: sqlite3.Connection | None = None
        try:
            if writing:
                writer = database.write()
                _ensure_made(writer, database.path, fingerprint, dimension)
                sweep(folder)
            identity = _identity(database, folder, fingerprint, dimension)
            return cls(folder, database, identity, writer, lock)
        except BaseException:
            if writer is not None:
                writer.close()
            database.close()
            if lock is not None:
                lock.release()
            raise

    def standing(self, articles: Sequence[Article]) -> list[Standing]:
        """For each: is it new, there with the same content, or there with other content."""
        with self._database.reading() as connection:
            return [_standing(connection, article) for article in articles]

    def write(self, batch: Sequence[Prepared]) -> None:
        """Add a batch in one transaction: all of it is there for good on return, or none of it.

        An article that is there already with the same content is passed over; one with other
        content becomes the next version. Raises ModelError for vectors that cannot be searched,
        StorageFull when the disk refuses; the archive is then as it was.
        """
        for prepared in batch:
            _check(prepared, self._identity.dimension)
        with self._changing() as (connection, change, before):
            hashes = (_insert(connection, prepared, change) for prepared in batch)
            added = [digest for digest in hashes if digest is not None]
            if added:
                records.log_change(connection, change, before, added)

    def delete(self, article_id: str) -> bool:
        """Take an article with all its versions out of the archive; whether it was there."""
        with self._changing() as (connection, change, before):
            there = records.end(connection, article_id, change)
            if there:
                gone = f"deleted {article_id}".encode()
                records.log_change(connection, change, before, [gone])
        return there

    def publish(self, progress: Progress | None = None) -> str:
        """Bring the derived indexes up to date when that is worth it; the snapshot's name.

        Searching never depends on it: what is newer than the indexes is searched exactly.
        """
        self._writing()
        self._catch_up.publish(progress)
        return self.snapshot().name

    def snapshot(self) -> ArchiveSnapshot:
        """The newest committed state, of this process or another; cheap when nothing changed."""
        return self._catch_up.snapshot()

    def recorded(self) -> Mapping[str, str]:
        """What is recorded about the archive: fingerprint, dimension and what `record` set."""
        with self._database.reading() as connection:
            return dict(connection.execute("SELECT key, value FROM meta"))

    def record(self, key: str, value: str) -> None:
        """Set one recorded value. What identifies the archive cannot be changed."""
        if key in _FIXED:
            raise ArchiveError(f"{key} is fixed when an archive is made; make another instead")
        with explained(self._database.path):
            self._writing().execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                (key, value),
            )

    def close(self) -> None:
        """Let go of files and of the writer's lock. Snapshots taken before are of no use then."""
        self._catch_up.close()
        self._database.close()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> ArchiveStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _writing(self) -> sqlite3.Connection:
        if self._writer is None:
            raise ArchiveError(f"{self._folder} was opened for reading; open it with writing=True")
        return self._writer

    @contextmanager
    def _changing(self) -> Iterator[tuple[sqlite3.Connection, int, bytes]]:
        """A transaction with the number of its change and the digest of the one before."""
        connection = self._writing()
        with explained(self._database.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                number, digest = db.last_change(connection)
                yield connection, number + 1, digest
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")


_FIXED = ("archive", "fingerprint", "dimension")


def _writer_lock(folder: Path) -> FileLock:
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / LOCK).acquire()


def _ensure_made(
    connection: sqlite3.Connection, path: Path, fingerprint: str, dimension: int
) -> None:
    with explained(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if not db.has_tables(connection):
                db.create(connection)
                values = (uuid.uuid4().hex, fingerprint, str(dimension))
                connection.executemany(
                    "INSERT INTO meta VALUES (?, ?)", zip(_FIXED, values, strict=True)
                )
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def _identity(database: Database, folder: Path, fingerprint: str, dimension: int) -> Identity:
    with database.reading() as connection:
        db.check_format(connection, database.path)
        meta = dict(connection.execute("SELECT key, value FROM meta"))
    built, size = meta["fingerprint"], int(meta["dimension"])
    if (built, size) != (fingerprint, dimension):
        raise ModelMismatch(
            f"{folder} was built with the model {built} ({size} dimensions), not with "
            f"{fingerprint} ({dimension}); name that model, or re-embed the archive with: "
            f"qa reembed --index {folder}"
        )
    return Identity(meta["archive"], built, size)


def _standing(connection: sqlite3.Connection, article: Article) -> Standing:
    there = records.newest(connection, article.id)
    if there is None:
        return "new"
    return "same" if there[1] == records.content_hash(article) else "changed"


def _check(prepared: Prepared, dimension: int) -> None:
    """Refuse what could not be searched or shown: one vector for each passage, all of length 1."""
    article, vectors = prepared.article, prepared.vectors
    expected = (len(prepared.passages), dimension)
    if vectors.shape != expected:
        raise ModelError(
            f"{article.id}: vectors of shape {vectors.shape} came where {expected} are needed"
        )
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    if not np.all(np.abs(lengths - 1.0) <= _UNIT_TOLERANCE):  # NaN fails too
        raise ModelError(
            f"{article.id}: the model gave a vector that is not finite or not of length 1; "
            "nothing of the batch was stored; check the model"
        )
    for passage in prepared.passages:
        if not 0 <= passage.start < passage.end <= len(article.text):
            raise ArchiveError(f"{article.id}: passage {passage.ordinal} lies outside the text")


def _insert(connection: sqlite3.Connection, prepared: Prepared, change: int) -> bytes | None:
    try:
        return records.insert(connection, prepared, change)
    except UnicodeEncodeError as error:
        raise UnreadableInput(
            f"{ascii(prepared.article.id)[1:-1]}: it holds half a surrogate pair; nothing of the "
            "batch was stored; strip it when the article is read"
        ) from error
