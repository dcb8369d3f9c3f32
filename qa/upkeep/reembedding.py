"""The same articles with the vectors of another model, in a new database beside the old.

Articles, versions, findings, times and the log of changes are copied as they are; passages are cut
anew, as models read texts of different lengths, and only of the versions that are searched. Each
batch is one transaction, so that a run that was stopped goes on where it was.
"""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from qa import database as db
from qa.catchup import LOCK
from qa.database import Database, explained
from qa.disk import writing_to
from qa.errors import ArchiveBusy, ArchiveError, QAError
from qa.lock import FileLock
from qa.records import content_hash, read_articles
from qa.types import Embedder
from qa.upkeep.checking import verified
from qa.upkeep.derived import embedded, write_passages
from qa.upkeep.swap import connected, existing, put_in_place, recorded, refresh

WORK = "reembedding"
MADE_FROM = "made_from"  # recorded: which state of which archive these articles were copied from

_BATCH = 128  # articles a transaction, as when they are ingested
_COPIED = ("changes", "sources", "articles", "event_dates")
_DONE = "SELECT coalesce(max(article), 0) FROM passages"

Progress = Callable[[int, int], None]  # articles done, articles in all


def reembed(
    folder: Path, embedder: Embedder, progress: Progress = lambda done, total: None
) -> bool:
    """Give the archive the vectors of `embedder`; False when it has them already.

    Others may read the old archive meanwhile, nobody may write. Raises ArchiveBusy while another
    process writes, or has it open at the end; ArchiveError for a damaged article; ModelError;
    StorageFull. The archive is then the old one, and another run goes on.
    """
    path = existing(folder)
    work = folder / WORK
    with writing_to(folder), FileLock(folder / LOCK).acquire():
        with connected(path, "ro") as connection:
            meta = recorded(connection, path)
            change, digest = db.last_change(connection)
        wanted = embedder.fingerprint, str(embedder.dimension)
        if (meta["fingerprint"], meta["dimension"]) == wanted:
            shutil.rmtree(work, ignore_errors=True)
            return False
        made_from = f"{meta['archive']} {change} {digest.hex()}"
        if not _goes_on(work, (made_from, *wanted)):
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
        with explained(work / db.FILE), closing(Database(work).write()) as fresh:
            if not db.has_tables(fresh):
                _copy(fresh, path, (made_from, *wanted))
            _embed(fresh, embedder, progress)
        verified(work / db.FILE)
        try:
            put_in_place(work / db.FILE, path)
        except ArchiveBusy as error:
            raise ArchiveBusy(f"{error}; all is embedded, so that takes a moment") from error
        shutil.rmtree(work, ignore_errors=True)
    refresh(folder)
    return True


def _goes_on(work: Path, wanted: tuple[str, str, str]) -> bool:
    """Whether a run that was stopped was making just this."""
    path = work / db.FILE
    if not path.is_file():
        return False
    with suppress(QAError), connected(path, "ro") as connection:
        meta = recorded(connection, path)
        return (meta.get(MADE_FROM), meta["fingerprint"], meta["dimension"]) == wanted
    return False


def _copy(fresh: sqlite3.Connection, path: Path, made: tuple[str, str, str]) -> None:
    """All but passages and vectors, in one transaction."""
    fresh.execute("ATTACH ? AS old", (f"{path.resolve().as_uri()}?mode=ro",))
    fresh.execute("BEGIN IMMEDIATE")
    try:
        db.create(fresh)
        for table in _COPIED:
            fresh.execute(f"INSERT INTO main.{table} SELECT * FROM old.{table}")
        values = {"archive": uuid.uuid4().hex}
        values |= dict(zip((MADE_FROM, "fingerprint", "dimension"), made, strict=True))
        fresh.execute("INSERT INTO main.meta SELECT * FROM old.meta")
        fresh.executemany("INSERT OR REPLACE INTO main.meta VALUES (?, ?)", values.items())
        fresh.execute("COMMIT")
    finally:
        if fresh.in_transaction:
            fresh.execute("ROLLBACK")
    fresh.execute("DETACH old")


def _embed(fresh: sqlite3.Connection, embedder: Embedder, progress: Progress) -> None:
    """Batch after batch, from the last article that has passages."""
    (done,) = fresh.execute(_DONE).fetchone()
    rows = [row for (row,) in fresh.execute("SELECT row FROM articles WHERE ended IS NULL")]
    left = sorted(row for row in rows if row > done)
    progress(len(rows) - len(left), len(rows))
    while left:
        batch, left = left[:_BATCH], left[_BATCH:]
        articles = read_articles(fresh, batch)
        digests = dict(_hashes(fresh, batch))
        for row in batch:
            if content_hash(articles[row]) != digests[row]:
                raise ArchiveError(
                    f"article {articles[row].id} is not as it was written; see `qa check`; the "
                    "archive is as it was"
                )
        made = embedded([articles[row] for row in batch], embedder)
        fresh.execute("BEGIN IMMEDIATE")
        for row, one in zip(batch, made, strict=True):
            write_passages(fresh, row, digests[row], one)
        fresh.execute("COMMIT")
        progress(len(rows) - len(left), len(rows))


def _hashes(connection: sqlite3.Connection, batch: list[int]) -> list[tuple[int, bytes]]:
    return connection.execute(
        "SELECT row, hash FROM articles WHERE row BETWEEN ? AND ?", (batch[0], batch[-1])
    ).fetchall()
