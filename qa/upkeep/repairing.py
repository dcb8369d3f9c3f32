"""Putting right what can be derived from whole articles; saying what cannot, and what to do."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from qa.catchup import GENERATIONS, LOCK
from qa.columns import day_span
from qa.database import Database, explained
from qa.errors import ModelError, ModelMismatch
from qa.generation import CURRENT
from qa.lock import FileLock
from qa.records import content_hash, read_articles
from qa.types import Article, Embedder
from qa.upkeep.checking import Checked, Fault, Kind, check
from qa.upkeep.derived import embedded, write_passages
from qa.upkeep.swap import existing, recorded, refresh
from qa.when import find_event_dates

_OF_SQLITES_INDEXES = re.compile(r"\bindex\b")  # "row 5 missing from index ..."


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was damaged, what still is, and why what needs the model could not be done, if so."""

    before: Checked
    after: Checked
    model: str = ""

    @property
    def done(self) -> list[Fault]:
        """The faults that are gone."""
        return [fault for fault in self.before.faults if fault not in self.after.faults]


def remedy(fault: Fault) -> str:
    """What a person can do about a fault that no repair takes away."""
    if fault.kind == "article":
        return (
            f"restore a backup, or delete it (qa delete {fault.article_id}) and ingest it again "
            "from where it came"
        )
    if fault.kind in ("file", "log"):
        return "restore a backup, or ingest everything again into an empty folder"
    return "qa check --repair makes it again"


def repair(folder: Path, open_model: Callable[[], Embedder]) -> Repaired:
    """Check, make again what can be made again, check again.

    `open_model` is called only where vectors must be made anew. Raises ArchiveBusy while another
    process writes; ArchiveError for a file that cannot be read at all.
    """
    before = check(folder)
    if not before.faults:
        return Repaired(before, before)
    kinds = {fault.kind for fault in before.faults}
    with FileLock(folder / LOCK).acquire():
        lacking = _derive(folder, before.faults, open_model)
        # Without its vectors, or from pages that cannot be read, no better index can be made.
        sound = not lacking and ("file" not in kinds or not _file_faults(check(folder).faults))
        if sound and kinds & {"index", "passages", "days"}:
            (folder / GENERATIONS / CURRENT).unlink(missing_ok=True)
    if sound:
        refresh(folder)
    return Repaired(before, check(folder), lacking)


def _file_faults(faults: Sequence[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.kind == "file"]


def _derive(folder: Path, faults: Sequence[Fault], open_model: Callable[[], Embedder]) -> str:
    """Correct rows; why the passages could not be made again, or nothing."""
    path = existing(folder)
    with explained(path), closing(Database(folder).write()) as connection:
        if any(_OF_SQLITES_INDEXES.search(fault.said) for fault in _file_faults(faults)):
            connection.execute("REINDEX")
        for row in _rows(faults, "days"):
            _rewrite(connection, row, _write_days)
        for row in _rows(faults, "times"):
            _rewrite(connection, row, _write_times)
        connection.execute("DELETE FROM vectors WHERE passage NOT IN (SELECT row FROM passages)")
        rows = _rows(faults, "passages")
        if not rows:
            return ""
        built_with = recorded(connection, path)["fingerprint"]
        try:
            embedder = _same_model(open_model(), built_with)
        except ModelError as error:
            return str(error)
        for row in rows:
            _rewrite(connection, row, _passage_writer(embedder))
    return ""


def _rows(faults: Sequence[Fault], kind: Kind) -> list[int]:
    return sorted({fault.row for fault in faults if fault.kind == kind and fault.row})


_Write = Callable[[sqlite3.Connection, int, Article], None]


def _rewrite(connection: sqlite3.Connection, row: int, write: _Write) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        write(connection, row, read_articles(connection, [row])[row])
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _write_days(connection: sqlite3.Connection, row: int, article: Article) -> None:
    connection.execute(
        'UPDATE articles SET first = ?, "end" = ? WHERE row = ?',
        (*day_span(article.published), row),
    )


def _write_times(connection: sqlite3.Connection, row: int, article: Article) -> None:
    connection.execute("DELETE FROM event_dates WHERE article = ?", (row,))
    connection.executemany(
        "INSERT OR IGNORE INTO event_dates VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (row, e.start, e.end, e.first.isoformat(), e.last.isoformat(), e.precision, e.text)
            for e in find_event_dates(article.text, article.published.day)
        ],
    )


def _passage_writer(embedder: Embedder) -> _Write:
    def write(connection: sqlite3.Connection, row: int, article: Article) -> None:
        (made,) = embedded([article], embedder)
        write_passages(connection, row, content_hash(article), made)

    return write


def _same_model(embedder: Embedder, built_with: str) -> Embedder:
    if embedder.fingerprint != built_with:
        raise ModelMismatch(
            f"vectors were lost, and only the model {built_with} can make them again, not "
            f"{embedder.fingerprint}; name it with --model"
        )
    return embedder
