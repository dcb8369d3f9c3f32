"""The one source of truth: a SQLite file of articles, passages and vectors.

Rows are only ever added. Each transaction has a number (a change); an article's row says with which
change it was added and ended (replaced or deleted), so whoever knows a change number can read the
archive as it was then without holding a transaction open.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from qa.columns import Columns
from qa.disk import storage_full
from qa.errors import ArchiveBusy, ArchiveError, ArchiveNotFound, QAError
from qa.lexical import LexicalDocument
from qa.types import Rows, Vectors

FILE = "archive.sqlite3"
APPLICATION = 0x4441544C  # "DATL" in the file's header
FORMAT = 1

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE changes (number INTEGER PRIMARY KEY, digest BLOB NOT NULL) STRICT;
CREATE TABLE sources (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE articles (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    added INTEGER NOT NULL,
    ended INTEGER,
    deleted INTEGER,
    first INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    source INTEGER NOT NULL,
    hash BLOB NOT NULL,
    source_method TEXT NOT NULL,
    source_raw TEXT,
    published TEXT,
    precision TEXT NOT NULL,
    method TEXT NOT NULL,
    title TEXT,
    byline TEXT,
    place TEXT NOT NULL,
    url TEXT,
    language TEXT,
    findings TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (id, version)
) STRICT;
CREATE INDEX articles_ended ON articles (ended) WHERE ended IS NOT NULL;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (row),
    id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX passages_article ON passages (article);
CREATE TABLE vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages (row),
    vector BLOB NOT NULL
) STRICT;
CREATE TABLE event_dates (
    article INTEGER NOT NULL REFERENCES articles (row),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    precision TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (article, start, "end", first, last)
) STRICT, WITHOUT ROWID;
"""

_CHUNK = 1024  # rows that are held as Python objects at a time


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite refuses into errors that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explained(path, error) from error


def _explained(place: Path, error: sqlite3.Error) -> QAError:
    code = getattr(error, "sqlite_errorcode", None)
    code = None if code is None else code & 0xFF
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR):
        return storage_full(place, str(error))
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ArchiveBusy(f"{place} is in use: {error}; try again in a moment")
    if code == sqlite3.SQLITE_CANTOPEN:
        return ArchiveError(
            f"cannot open {place}: {error}; check its permissions, and open it once where it may "
            "be written if its last writer was stopped"
        )
    return ArchiveError(
        f"{place} is damaged or not an archive: {error}; restore a backup or ingest again into "
        "an empty folder"
    )


class Database:
    """Connections to the file; reading ones are kept and lent to one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._log = folder / f"{FILE}-wal"
        self._idle: list[sqlite3.Connection] = []
        self._watch: sqlite3.Connection | None = None
        self._frozen: object = None  # how the file looked when it was opened as unchangeable

    def write(self) -> sqlite3.Connection:
        """A connection in autocommit mode that may write; transactions are begun explicitly."""
        with explained(self.path):
            connection = self._open("rwc")
            connection.execute("PRAGMA page_size = 8192")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA foreign_keys = ON")
            return connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state from start to end of the block."""
        with explained(self.path):
            connection, idle = self._borrowed(), self._idle
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                idle.append(connection)

    def version(self) -> object:
        """Changes with every commit of another connection; for one thread at a time."""
        with explained(self.path):
            if self._frozen is not None:
                if self._looks() == self._frozen:
                    return self._frozen
                self.close()
            if self._watch is None:
                self._watch = self._read()
            return self._frozen or self._watch.execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        """Close what is not lent out."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        self._frozen = None
        idle, self._idle = self._idle, []  # what is lent out goes back to a list nobody reads
        for connection in idle:
            connection.close()

    def _borrowed(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._read()

    def _read(self) -> sqlite3.Connection:
        connection = self._open("ro")
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            return self._read_unchangeable()
        return connection

    def _read_unchangeable(self) -> sqlite3.Connection:
        """Where the folder cannot be written SQLite cannot make the file that its log needs.

        Without a log the file can be read as one that never changes; `version` sees when it does.
        """
        self._frozen = self._looks()
        if self._log.exists() and self._log.stat().st_size:
            raise ArchiveError(
                f"{self.path} was not closed by its last writer and its folder cannot be written; "
                "open it once where it may be written"
            )
        connection = self._open("ro&immutable=1")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return connection

    def _looks(self) -> object:
        found = self.path.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns, self._log.exists()

    def _open(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self.path.resolve().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=10.0,
        )


def create(connection: sqlite3.Connection) -> None:
    """Make the tables, inside the caller's transaction."""
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def has_tables(connection: sqlite3.Connection) -> bool:
    """Whether anything was ever made in this file."""
    return bool(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])


def check_format(connection: sqlite3.Connection, path: Path) -> None:
    """Raise ArchiveNotFound for an empty file, ArchiveError unless its format is understood."""
    if not has_tables(connection):  # its maker was stopped before it had begun
        raise ArchiveNotFound(f"{path} is empty; build an archive with: qa ingest PATH")
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION:
        raise ArchiveError(f"{path} is not an archive; name another folder with --index")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found != FORMAT:
        raise ArchiveError(
            f"{path} has format {found}, this version reads {FORMAT}; ingest the articles again "
            "into another folder, or use the version that wrote it"
        )


def last_change(connection: sqlite3.Connection) -> tuple[int, bytes]:
    """Number and digest of the newest change; (0, b"") for a new archive."""
    row = connection.execute(
        "SELECT number, digest FROM changes ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return (row[0], row[1]) if row else (0, b"")


def digest_of(connection: sqlite3.Connection, change: int) -> bytes | None:
    """The digest of a change; b"" for the empty archive before the first, None if there is none."""
    if change == 0:
        return b""
    row = connection.execute("SELECT digest FROM changes WHERE number = ?", (change,)).fetchone()
    return None if row is None else row[0]


def last_article(connection: sqlite3.Connection) -> int:
    """The highest article row there is; 0 when none."""
    row: int = connection.execute("SELECT coalesce(max(row), 0) FROM articles").fetchone()[0]
    return row


def passages_after(connection: sqlite3.Connection, row: int) -> int:
    """How many passages `columns_after` would tell."""
    count: int = connection.execute(
        "SELECT count(*) FROM passages p JOIN articles a ON a.row = p.article "
        "WHERE p.article > ? AND a.ended IS NULL",
        (row,),
    ).fetchone()[0]
    return count


def passages_gone(connection: sqlite3.Connection, row: int, change: int) -> int:
    """How many passages of articles up to `row` were replaced or deleted after a change."""
    count: int = connection.execute(
        "SELECT count(*) FROM passages p JOIN articles a ON a.row = p.article "
        "WHERE a.ended > ? AND a.row <= ?",
        (change, row),
    ).fetchone()[0]
    return count


def sources(connection: sqlite3.Connection) -> dict[int, str]:
    """Canonical names by code."""
    return dict(connection.execute("SELECT code, name FROM sources"))


# --- what is searched, streamed in row order ---------------------------------------------------


def columns_after(connection: sqlite3.Connection, row: int) -> Columns:
    """Newest versions with an article row above `row`, and their passages."""
    articles = np.fromiter(
        connection.execute(
            'SELECT row, first, "end", source FROM articles '
            "WHERE row > ? AND ended IS NULL ORDER BY row",
            (row,),
        ),
        dtype=[(name, np.int64) for name in ("row", "first", "end", "source")],
    )
    passages = np.fromiter(
        connection.execute(
            "SELECT p.row, p.article FROM passages p JOIN articles a ON a.row = p.article "
            "WHERE p.article > ? AND a.ended IS NULL ORDER BY p.row",
            (row,),
        ),
        dtype=[("row", np.int64), ("article", np.int64)],
    )
    table = articles.view(np.int64).reshape(-1, 4)
    return Columns.of(
        table,
        np.ascontiguousarray(passages["row"]),
        np.ascontiguousarray(passages["article"]),
    )


def vectors_after(connection: sqlite3.Connection, row: int, dimension: int) -> Iterator[Vectors]:
    """The vectors of the passages that `columns_after` tells, in chunks float32[n, dimension]."""
    cursor = connection.execute(
        "SELECT v.vector FROM passages p JOIN articles a ON a.row = p.article "
        "JOIN vectors v ON v.passage = p.row "
        "WHERE p.article > ? AND a.ended IS NULL ORDER BY p.row",
        (row,),
    )
    while chunk := cursor.fetchmany(_CHUNK):
        yield np.frombuffer(b"".join(blob for (blob,) in chunk), "<f4").reshape(-1, dimension)


def documents_after(connection: sqlite3.Connection, row: int) -> Iterator[LexicalDocument]:
    """The words of the passages that `columns_after` tells."""
    articles = connection.execute(
        'SELECT row, title, text, first, "end", source FROM articles '
        "WHERE row > ? AND ended IS NULL ORDER BY row",
        (row,),
    )
    for article, title, text, first, end, source in articles:
        spans = connection.execute(
            'SELECT row, start, "end" FROM passages WHERE article = ? ORDER BY row', (article,)
        )
        for passage, begin, stop in spans:
            yield LexicalDocument(
                passage, article, title or "", text[begin:stop], first, end, source
            )


def ended_since(connection: sqlite3.Connection, change: int) -> Rows:
    """Article rows that were replaced or deleted after a change, int64[n], ascending."""
    rows = connection.execute("SELECT row FROM articles WHERE ended > ? ORDER BY row", (change,))
    return np.fromiter((row for (row,) in rows), np.int64)
