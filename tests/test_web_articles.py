"""Whole web articles, invented for the project, read as they came; labels from their words.

`docs/evaluation-reading.md` has the figures of the first run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.reading.plain import read_plain

WEB = Path(__file__).resolve().parent / "data" / "web"
LABELS = [
    line.split("\t")
    for line in (WEB / "labels.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_every_article_has_its_label() -> None:
    assert {label[0] for label in LABELS} == {path.name for path in WEB.glob("*.txt")}


@pytest.mark.parametrize(
    ("name", "source", "published", "place", "title", "byline"),
    LABELS,
    ids=[label[0].removesuffix(".txt") for label in LABELS],
)
def test_a_web_article_gives_what_its_words_say(
    name: str, source: str, published: str, place: str, title: str, byline: str
) -> None:
    (reading,) = read_plain((WEB / name).read_text(encoding="utf-8"), name=name)
    article = reading.article
    got = (
        article.source.name,
        str(article.published.day),
        "; ".join(article.place),
        article.title,
        article.byline,
    )
    right = (source, published, place, title, byline)
    assert tuple(value or "-" for value in got) == right
