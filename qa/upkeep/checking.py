"""Is everything as it was written? Each row against its hash, the log of changes, the indexes."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from qa import database as db
from qa.catchup import GENERATIONS
from qa.columns import day_span
from qa.database import Database
from qa.errors import ArchiveError
from qa.generation import Covered, Generations, UnfitError, load
from qa.records import content_hash, passage_hash, read_articles
from qa.types import Article, Passage
from qa.upkeep.swap import LONE, connected, existing, recorded

Kind = Literal["file", "log", "article", "passages", "days", "times", "index"]

_GARBAGE = (ValueError, TypeError, KeyError, sqlite3.Error)  # what reading a damaged row may raise


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was written, in a sentence that names it.

    `row` is the article's row, 0 where it is about no single article.
    """

    said: str
    kind: Kind
    row: int = 0
    article_id: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What is searched, and what is damaged; `generation` is the state that the index has, if any.

    Earlier versions are checked too, but not counted.
    """

    articles: int
    passages: int
    generation: str | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    row: int
    article_id: str
    version: int
    digest: bytes
    days: tuple[int, int]
    live: bool

    @property
    def name(self) -> str:
        return f"article {self.article_id} (version {self.version})"

    def fault(self, said: str, kind: Kind) -> Fault:
        return Fault(said, kind, self.row, self.article_id)


def check(folder: Path) -> Checked:
    """Read everything once; changes nothing. Others may read and write meanwhile.

    Raises ArchiveNotFound, and ArchiveError for a file that cannot be read at all.
    """
    path = existing(folder)
    # The index first: whatever it was made from is then in the state of the database read after.
    covered, unfit = _index(Generations(folder / GENERATIONS))
    database = Database(folder)
    try:
        with database.reading() as connection:
            meta = recorded(connection, path)
            found = [*unfit, *faults(connection)]
            if covered is not None and not _fits(connection, covered, meta["archive"]):
                found.append(Fault("the index was made from another state or archive", "index"))
            return _checked(connection, found, covered)
    finally:
        database.close()


def verified(path: Path) -> Checked:
    """A lone database file that nobody writes. Raises ArchiveError unless all of it is whole."""
    with connected(path, LONE) as connection:
        recorded(connection, path)
        found = _checked(connection, faults(connection), None)
    if found.faults:
        first, more = found.faults[0].said, len(found.faults) - 1
        raise ArchiveError(
            f"{path.name} is not whole: {first}{f' and {more} more' if more else ''}; "
            "nothing was changed; `qa check` lists what is damaged in an archive"
        )
    return found


def faults(connection: sqlite3.Connection) -> Iterator[Fault]:
    """What in the database is not as it was written; nothing when all is well.

    Deleted articles are passed over. Runs in the caller's transaction.
    """
    try:
        for (said,) in connection.execute("PRAGMA integrity_check"):
            if said != "ok":
                yield Fault(f"the database file: {said}", "file")
        for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
            kind: Kind = "passages" if table == "vectors" else "file"
            yield Fault(f"row {row} of {table} belongs to no row of {parent}", kind)
        for found in _rows(connection):
            yield from _article_faults(connection, found)
        yield from _log_faults(connection)
    except sqlite3.DatabaseError as error:
        yield Fault(f"the database file: {error}; what follows was not read", "file")


def _rows(connection: sqlite3.Connection) -> Iterator[_Row]:
    for row, name, version, digest, first, end, ended in connection.execute(
        'SELECT row, id, version, hash, first, "end", ended FROM articles '
        "WHERE deleted IS NULL ORDER BY row"
    ):
        yield _Row(row, name, version, digest, (first, end), ended is None)


def _article_faults(connection: sqlite3.Connection, row: _Row) -> Iterator[Fault]:
    try:
        article = read_articles(connection, [row.row])[row.row]
        whole = content_hash(article) == row.digest
    except _GARBAGE as error:
        yield row.fault(f"{row.name} cannot be read: {error}", "article")
        return
    if not whole:
        yield row.fault(f"{row.name} is not as it was written", "article")
        return
    if day_span(article.published) != row.days:
        yield row.fault(f"{row.name} is filed under other days than its date", "days")
    yield from _time_faults(connection, row, article)
    yield from _passage_faults(connection, row, article)


def _time_faults(connection: sqlite3.Connection, row: _Row, article: Article) -> Iterator[Fault]:
    for text, start, end, first, last in connection.execute(
        'SELECT text, start, "end", first, last FROM event_dates WHERE article = ?', (row.row,)
    ):
        if not (article.text[start:end] == text and _in_order(first, last)):
            yield row.fault(f"a time in {row.name} is not what stands at its place", "times")
            return


def _in_order(first: str, last: str) -> bool:
    try:
        return date.fromisoformat(first) <= date.fromisoformat(last)
    except ValueError:
        return False


def _passage_faults(connection: sqlite3.Connection, row: _Row, article: Article) -> Iterator[Fault]:
    ordinals = []
    for number, name, ordinal, start, end, digest, vector in connection.execute(
        'SELECT p.row, p.id, p.ordinal, p.start, p."end", p.hash, v.vector FROM passages p '
        "LEFT JOIN vectors v ON v.passage = p.row WHERE p.article = ? ORDER BY p.row",
        (row.row,),
    ):
        ordinals.append(ordinal)
        which = f"passage {ordinal} of {row.name}, row {number},"
        if vector is None:
            yield row.fault(f"{which} has lost its vector", "passages")
        elif digest != passage_hash(
            Passage(name, row.article_id, ordinal, start, end), row.digest, vector
        ):
            yield row.fault(f"{which} is not as it was written", "passages")
    lost = ordinals != list(range(len(ordinals))) or not (ordinals or not article.text.strip())
    if lost and row.live:  # an earlier version need not have any: it is not searched
        yield row.fault(f"{row.name} has lost passages", "passages")


def _log_faults(connection: sqlite3.Connection) -> Iterator[Fault]:
    """Each change's digest chains what it added or deleted: an article row cannot just vanish."""
    contents: dict[int, list[bytes]] = defaultdict(list)
    for change, digest in connection.execute("SELECT added, hash FROM articles ORDER BY row"):
        contents[change].append(digest)
    for change, name in connection.execute(
        "SELECT DISTINCT deleted, id FROM articles WHERE deleted IS NOT NULL"
    ):
        contents[change].append(f"deleted {name}".encode())
    before = b""
    for change, digest in connection.execute("SELECT number, digest FROM changes ORDER BY number"):
        expected = hashlib.sha256(before)
        for content in contents.pop(change, ()):
            expected.update(content)
        if expected.digest() != digest:
            yield Fault(f"change {change} did not store what its articles now are", "log")
        before = digest
    if contents:
        yield Fault(f"no change is on record that stored {len(contents)} of the rows", "log")


def _index(generations: Generations) -> tuple[Covered | None, list[Fault]]:
    current = generations.current()
    if current is None:  # an archive that was just begun has none
        return None, []
    try:
        return load(current).covered, []
    except UnfitError as error:
        if generations.current() != current:  # dropped for a newer one while it was read
            return _index(generations)
        return None, [Fault(f"the index: {error}", "index")]


def _fits(connection: sqlite3.Connection, covered: Covered, archive: str) -> bool:
    digest = db.digest_of(connection, covered.change)
    return covered.archive == archive and digest == bytes.fromhex(covered.digest)


def _checked(
    connection: sqlite3.Connection, found: Iterator[Fault] | list[Fault], covered: Covered | None
) -> Checked:
    listed = tuple(found)
    articles, passages = connection.execute(
        "SELECT count(DISTINCT a.row), count(p.row) FROM articles a "
        "LEFT JOIN passages p ON p.article = a.row WHERE a.ended IS NULL"
    ).fetchone()
    state = None if covered is None else f"{covered.change:06d}"
    return Checked(articles, passages, state, listed)
