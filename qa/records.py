"""Articles and passages as rows of the database, and back.

Everything here runs inside a transaction of the caller's connection.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from qa.columns import day_span
from qa.types import (
    Article,
    EventDate,
    Finding,
    Passage,
    Published,
    Source,
    StoredPassage,
    Vectors,
)

_ARTICLE = """a.id, a.version, s.name, a.source_method, a.source_raw, a.published, a.precision,
    a.method, a.title, a.byline, a.place, a.url, a.language, a.findings, a.text"""
_MOST_PARAMETERS = 500


@dataclass(frozen=True, slots=True)
class Prepared:
    """One article ready to be written.

    `vectors` float32[len(passages), d], unit, in the order of `passages`; `event_dates` have
    offsets into `article.text`.
    """

    article: Article
    passages: tuple[Passage, ...]
    vectors: Vectors
    event_dates: tuple[EventDate, ...] = ()


def content_hash(article: Article) -> bytes:
    """SHA-256 over what the article says: not how it was found out, not its version."""
    published = article.published.value
    content = {
        "id": article.id,
        "text": article.text,
        "source": article.source.name,
        "published": None if published is None else published.isoformat(),
        "precision": article.published.precision,
        "title": article.title,
        "byline": article.byline,
        "place": article.place,
        "url": article.url,
        "language": article.language,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).digest()


def passage_hash(passage: Passage, article: bytes, vector: bytes) -> bytes:
    """SHA-256 over a passage's place in the article of that content hash, and its vector."""
    place = f"{passage.ordinal}:{passage.start}-{passage.end}:{passage.id}".encode()
    return hashlib.sha256(b"\0".join((article, place, vector))).digest()


# --- writing -----------------------------------------------------------------------------------


def newest(connection: sqlite3.Connection, article_id: str) -> tuple[int, bytes] | None:
    """Row and content hash of the version that is searched; None when there is none."""
    found: tuple[int, bytes] | None = connection.execute(
        "SELECT row, hash FROM articles WHERE id = ? AND ended IS NULL", (article_id,)
    ).fetchone()
    return found


def insert(connection: sqlite3.Connection, prepared: Prepared, change: int) -> bytes | None:
    """Add an article as the newest version of its id; its hash, or None when it is there."""
    article = prepared.article
    digest = content_hash(article)
    before = newest(connection, article.id)
    if before is not None:
        if before[1] == digest:
            return None
        connection.execute("UPDATE articles SET ended = ? WHERE row = ?", (change, before[0]))
    row = _insert_article(connection, article, digest, change)
    _insert_passages(connection, row, digest, prepared)
    connection.executemany(
        "INSERT OR IGNORE INTO event_dates VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (row, e.start, e.end, e.first.isoformat(), e.last.isoformat(), e.precision, e.text)
            for e in prepared.event_dates
        ],
    )
    return digest


def _insert_article(
    connection: sqlite3.Connection, article: Article, digest: bytes, change: int
) -> int:
    version = connection.execute(
        "SELECT coalesce(max(version), 0) + 1 FROM articles WHERE id = ?", (article.id,)
    ).fetchone()[0]
    first, end = day_span(article.published)
    published = article.published.value
    values: dict[str, Any] = {
        "id": article.id,
        "version": version,
        "added": change,
        "first": first,
        '"end"': end,
        "source": _source_code(connection, article.source.name),
        "hash": digest,
        "source_method": article.source.method,
        "source_raw": article.source.raw,
        "published": None if published is None else published.isoformat(),
        "precision": article.published.precision,
        "method": article.published.method,
        "title": article.title,
        "byline": article.byline,
        "place": json.dumps(article.place, ensure_ascii=False),
        "url": article.url,
        "language": article.language,
        "findings": json.dumps([asdict(f) for f in article.findings], ensure_ascii=False),
        "text": article.text,
    }
    cursor = connection.execute(
        f"INSERT INTO articles ({', '.join(values)}) VALUES ({_marks(values)})",
        tuple(values.values()),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _source_code(connection: sqlite3.Connection, name: str | None) -> int:
    if name is None:
        return 0
    connection.execute("INSERT OR IGNORE INTO sources (name) VALUES (?)", (name,))
    code: int = connection.execute("SELECT code FROM sources WHERE name = ?", (name,)).fetchone()[0]
    return code


def _insert_passages(
    connection: sqlite3.Connection, article_row: int, digest: bytes, prepared: Prepared
) -> None:
    for passage, vector in zip(prepared.passages, prepared.vectors, strict=True):
        blob = np.ascontiguousarray(vector, "<f4").tobytes()
        row = connection.execute(
            'INSERT INTO passages (article, id, ordinal, start, "end", hash) '
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                article_row,
                passage.id,
                passage.ordinal,
                passage.start,
                passage.end,
                passage_hash(passage, digest, blob),
            ),
        ).lastrowid
        connection.execute("INSERT INTO vectors VALUES (?, ?)", (row, blob))


def end(connection: sqlite3.Connection, article_id: str, change: int) -> bool:
    """Delete every version of an article as of a change; whether one was there to be seen."""
    there = newest(connection, article_id) is not None
    connection.execute(
        "UPDATE articles SET deleted = :change, ended = coalesce(ended, :change) "
        "WHERE id = :id AND deleted IS NULL",
        {"change": change, "id": article_id},
    )
    return there


def log_change(
    connection: sqlite3.Connection, change: int, before: bytes, contents: Iterable[bytes]
) -> None:
    """Record a change; its digest chains all content since the archive was made."""
    chained = hashlib.sha256(before)
    for content in contents:
        chained.update(content)
    connection.execute("INSERT INTO changes VALUES (?, ?)", (change, chained.digest()))


# --- reading -----------------------------------------------------------------------------------


def read_passages(connection: sqlite3.Connection, rows: Sequence[int]) -> list[StoredPassage]:
    """The passages of these rows, in their order; KeyError for a row that is not there."""
    found: dict[int, tuple[int, Passage]] = {}
    for some in _portions(dict.fromkeys(rows)):
        for row, article, name, article_id, ordinal, start, end in connection.execute(
            'SELECT p.row, p.article, p.id, a.id, p.ordinal, p.start, p."end" FROM passages p '
            f"JOIN articles a ON a.row = p.article WHERE p.row IN ({_marks(some)})",
            some,
        ):
            found[row] = article, Passage(name, article_id, ordinal, start, end)
    dates = _event_dates(connection, {article for article, _ in found.values()})
    stored = {}
    for row, (article, passage) in found.items():
        told = tuple(dates.get(article, ()))
        stored[row] = StoredPassage(row, article, passage, _inside(told, passage), told)
    return [stored[row] for row in rows]


def _inside(dates: Iterable[EventDate], passage: Passage) -> tuple[EventDate, ...]:
    return tuple(d for d in dates if passage.start <= d.start and d.end <= passage.end)


def _event_dates(
    connection: sqlite3.Connection, articles: Iterable[int]
) -> dict[int, list[EventDate]]:
    dates: dict[int, list[EventDate]] = {}
    for some in _portions(articles):
        for article, text, start, end, first, last, precision in connection.execute(
            'SELECT article, text, start, "end", first, last, precision FROM event_dates '
            f"WHERE article IN ({_marks(some)})",
            some,
        ):
            event = EventDate(
                text, start, end, date.fromisoformat(first), date.fromisoformat(last), precision
            )
            dates.setdefault(article, []).append(event)
    return dates


def read_articles(connection: sqlite3.Connection, rows: Iterable[int]) -> dict[int, Article]:
    """Articles by row; rows that are not there are left out."""
    articles = {}
    for some in _portions(dict.fromkeys(rows)):
        for row, *fields in connection.execute(
            f"SELECT a.row, {_ARTICLE} FROM articles a LEFT JOIN sources s ON s.code = a.source "
            f"WHERE a.row IN ({_marks(some)})",
            some,
        ):
            articles[row] = _article(fields)
    return articles


def read_article(
    connection: sqlite3.Connection, article_id: str, version: int | None, change: int
) -> Article | None:
    """An article as it stood after a change: that version, or the newest."""
    fields = connection.execute(
        f"SELECT {_ARTICLE} FROM articles a LEFT JOIN sources s ON s.code = a.source "
        "WHERE a.id = :id AND a.added <= :change AND (a.deleted IS NULL OR a.deleted > :change) "
        "AND (:version IS NULL OR a.version = :version) ORDER BY a.version DESC LIMIT 1",
        {"id": article_id, "version": version, "change": change},
    ).fetchone()
    return None if fields is None else _article(fields)


def _article(fields: Sequence[Any]) -> Article:
    (id_, version, name, source_method, raw, published, precision, method, *rest) = fields
    title, byline, place, url, language, findings, text = rest
    return Article(
        id=id_,
        text=text,
        source=Source(name, source_method, raw),
        published=Published(_moment(published), precision, method),
        title=title,
        byline=byline,
        place=tuple(json.loads(place)),
        url=url,
        language=language,
        version=version,
        findings=tuple(Finding(**finding) for finding in json.loads(findings)),
    )


def _moment(written: str | None) -> date | datetime | None:
    if written is None:
        return None
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)


def _portions(rows: Iterable[int]) -> Iterator[list[int]]:
    every = list(rows)
    for start in range(0, len(every), _MOST_PARAMETERS):
        yield every[start : start + _MOST_PARAMETERS]


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)
