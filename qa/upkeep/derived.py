"""What a model makes of articles, written to the database's rows: passages and their vectors."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.errors import ModelError
from qa.passages import split
from qa.records import passage_hash
from qa.types import Article, Embedder, Passage, Vectors

_UNIT_TOLERANCE = 1e-2  # as when an article is first stored


@dataclass(frozen=True, slots=True)
class Embedded:
    """Passages of one article with their vectors, float32[len(passages), d], in their order."""

    passages: tuple[Passage, ...]
    vectors: Vectors


def embedded(articles: Sequence[Article], embedder: Embedder) -> list[Embedded]:
    """Split and embed articles, all of their passages together; ModelError for a bad vector."""
    passages = [tuple(split(article, embedder.fits)) for article in articles]
    texts = [
        article.text[passage.start : passage.end]
        for article, own in zip(articles, passages, strict=True)
        for passage in own
    ]
    vectors = embedder.embed_passages(texts)
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    if vectors.shape != (len(texts), embedder.dimension) or not np.all(
        np.abs(lengths - 1.0) <= _UNIT_TOLERANCE  # NaN fails too
    ):
        raise ModelError(
            f"{articles[0].id} and what follows: the model gave vectors that are not finite or not "
            "of length 1; nothing was changed; check the model"
        )
    ends = np.cumsum([len(own) for own in passages])
    return [
        Embedded(own, vectors[end - len(own) : end])
        for own, end in zip(passages, ends, strict=True)
    ]


def write_passages(
    connection: sqlite3.Connection, article_row: int, digest: bytes, made: Embedded
) -> None:
    """Put these in the place of an article's passages; `digest` is the article's content hash.

    Rows keep their numbers as far as they go: whoever knows a passage by its row still finds it.
    """
    own = "SELECT row FROM passages WHERE article = ? ORDER BY row"
    rows: list[int | None] = [row for (row,) in connection.execute(own, (article_row,))]
    connection.executemany("DELETE FROM vectors WHERE passage = ?", [(row,) for row in rows])
    connection.execute("DELETE FROM passages WHERE article = ?", (article_row,))
    rows += [None] * len(made.passages)  # None: the database numbers it
    for row, passage, vector in zip(rows, made.passages, made.vectors, strict=False):
        blob = np.ascontiguousarray(vector, "<f4").tobytes()
        place = (passage.id, passage.ordinal, passage.start, passage.end)
        digest_of_it = passage_hash(passage, digest, blob)
        written = connection.execute(
            'INSERT INTO passages (row, article, id, ordinal, start, "end", hash) '
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row, article_row, *place, digest_of_it),
        ).lastrowid
        connection.execute("INSERT INTO vectors VALUES (?, ?)", (written, blob))
