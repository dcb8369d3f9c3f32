"""Reading orders the stories: whose sentence answers best stands first, within its limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from qa.archive import Archive
from qa.ranking.promotion import REACH, WEIGHT, WEIGHT_WITHIN_TIME, read_parts
from qa.reader import SpanReader, shipped_network
from qa.types import Article, DateWindow, Published, Query, ReadAnswer, Source

MARCH = DateWindow(date(2021, 3, 1), date(2021, 4, 1), "March 2021")


def report(name: str, day: date | None = None) -> Article:
    return Article(
        name,
        f"The crossing at Tarn ({name}) was closed by the council for repairs.",
        title="Crossing at Tarn closed",
        source=Source("Wire", "given"),
        published=Published(day, "day" if day else "none", "given"),
    )


FOUR = [report("a"), report("b"), report("c"), report("d")]


def test_the_story_that_answers_best_gains_most_and_one_far_below_or_unread_nothing() -> None:
    parts = read_parts((-0.5, 0.0, -REACH - 1), FOUR, None)
    assert parts == pytest.approx([WEIGHT * (REACH - 0.5), WEIGHT * REACH, 0.0, 0.0])


def test_a_story_of_which_no_sentence_was_read_gains_nothing() -> None:
    assert read_parts((float("-inf"), 0.0), FOUR, None)[0] == 0.0
    assert read_parts((), FOUR, None) == [0.0] * 4


def test_where_a_time_is_named_reading_weighs_less_and_counts_for_no_report_of_another_time() -> (
    None
):
    dated = [report("a", date(2021, 3, 9)), report("b", date(2021, 7, 9)), report("c")]
    parts = read_parts((0.0, 0.0, 0.0), dated, MARCH)
    assert parts == pytest.approx([WEIGHT_WITHIN_TIME * REACH, 0.0, WEIGHT_WITHIN_TIME * REACH])


@dataclass
class Favouring:
    """The reader of the service, which finds that the hit of one article answers best."""

    article: str
    reader: SpanReader

    def read(self, query, understood, hits, stored, articles) -> ReadAnswer:  # type: ignore[no-untyped-def]
        answer = self.reader.read(query, understood, hits, stored, articles)
        evidence = [0.0 if one.id == self.article else -9.0 for one in articles]
        return replace(answer, evidence=tuple(evidence))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    def told(name: str, day: date, text: str) -> Article:
        return replace(report(name, day), title=None, text=text)

    with Archive.open(tmp_path, writing=True) as archive:
        archive.add(
            [
                told("spring", date(2021, 3, 9), "The crossing at Tarn was closed for repairs."),
                told("autumn", date(2021, 10, 9), "Repairs closed the crossing at Tarn in autumn."),
                told("other", date(2021, 6, 9), "A choir from Harbourton won the prize."),
            ]
        )
        yield archive


def shown(archive: Archive, favoured: str, query: Query) -> list[str]:
    """The ids of the citations, with the reader made to favour one of them."""
    archive._reader = Favouring(favoured, SpanReader(shipped_network(1)))  # type: ignore[assignment]
    citations = archive.ask(query).citations
    assert [c.article_id for c in archive.search(query).citations] == [
        c.article_id for c in citations
    ]
    for citation in citations:
        assert citation.score == pytest.approx(sum(citation.by.values()))
    return [citation.article_id for citation in citations]


def test_of_two_reports_that_share_the_words_the_one_that_answers_stands_first(
    archive: Archive,
) -> None:
    query = Query("Why was the crossing at Tarn closed for repairs?")
    assert shown(archive, "spring", query)[0] == "spring"
    assert shown(archive, "autumn", query)[0] == "autumn"


def test_an_order_that_was_asked_for_is_kept(archive: Archive) -> None:
    query = Query("Why was the crossing at Tarn closed for repairs?", sort="oldest")
    for favoured in ("spring", "autumn"):
        assert shown(archive, favoured, query) == ["spring", "other", "autumn"]


def test_reading_does_not_move_the_latest(archive: Archive) -> None:
    query = Query("What is the latest on the repairs at the crossing at Tarn?")
    assert shown(archive, "spring", query) == shown(archive, "autumn", query)
