"""Does the database still hold what was written: every article and passage against its own hash."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from qa.records import content_hash, passage_hash, read_articles
from qa.types import Passage

_ARTICLES_AT_A_TIME = 256


def damage(connection: sqlite3.Connection) -> Iterator[str]:
    """A sentence for each thing that is not as it was written, naming it; nothing when all is well.

    Reads everything once; deleted articles are passed over.
    """
    for (said,) in connection.execute("PRAGMA quick_check"):
        if said != "ok":
            yield f"the database file: {said}"
    hashes: dict[int, bytes] = {}
    rows = connection.execute("SELECT row, hash FROM articles WHERE deleted IS NULL ORDER BY row")
    while hashes := dict(rows.fetchmany(_ARTICLES_AT_A_TIME)):
        yield from _articles(connection, hashes)
        yield from _passages(connection, hashes)


def _articles(connection: sqlite3.Connection, hashes: dict[int, bytes]) -> Iterator[str]:
    for row, article in read_articles(connection, hashes).items():
        if content_hash(article) != hashes[row]:
            yield f"article {article.id} (version {article.version}) is not as it was written"


def _passages(connection: sqlite3.Connection, hashes: dict[int, bytes]) -> Iterator[str]:
    found = connection.execute(
        'SELECT p.article, p.row, p.id, a.id, p.ordinal, p.start, p."end", p.hash, v.vector '
        "FROM passages p JOIN articles a ON a.row = p.article "
        "LEFT JOIN vectors v ON v.passage = p.row "
        "WHERE p.article BETWEEN ? AND ? AND a.deleted IS NULL",
        (min(hashes), max(hashes)),
    )
    for article_row, row, name, article_id, ordinal, start, end, digest, vector in found:
        if vector is None:
            yield f"passage {ordinal} of article {article_id} (row {row}) has lost its vector"
            continue
        passage = Passage(name, article_id, ordinal, start, end)
        if passage_hash(passage, hashes[article_row], vector) != digest:
            yield f"passage {ordinal} of article {article_id} (row {row}) is not as it was written"
