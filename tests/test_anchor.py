"""An event that bounds a question is found in the archive, dated, and used."""

from __future__ import annotations

from datetime import date

import pytest

from qa.archive import Archive
from qa.types import Query


@pytest.mark.parametrize(
    ("question", "relation", "found", "answering"),
    [
        (
            "How many jobs were cut after the merger of Harrow Islands Line and Brannock Shipping "
            "was announced?",
            "after",
            date(2021, 11, 8),
            {"<20220214-1105-harrow@tern-wire.example>"},
        ),
        (
            "What was the key interest rate before the Valmere run-off?",
            "before",
            date(2021, 10, 17),
            {"mna-2021-09-23-rates", "mna-2021-02-11-rates"},  # not that of December
        ),
        (
            "How many people were told to leave before the evacuation below the Orrin dam was "
            "widened?",
            "before",
            date(2021, 5, 5),
            {"cpa-210503-014"},
        ),
    ],
)
def test_the_event_is_dated_and_decides_which_article_answers(
    seeds: Archive, question: str, relation: str, found: date, answering: set[str]
) -> None:
    answer = seeds.ask(question)
    anchor = answer.understood.anchor
    assert anchor is not None
    assert (anchor.relation, anchor.found) == (relation, found)
    assert anchor.basis in question
    assert answer.window is not None and answer.window.basis == anchor.basis
    assert answer.cited is not None
    assert answer.citations[answer.cited].article_id in answering


def test_an_event_that_the_archive_does_not_know_bounds_nothing(seeds: Archive) -> None:
    answer = seeds.ask("What was the key interest rate before the eruption of Mount Ashgar?")
    anchor = answer.understood.anchor
    assert anchor is not None and anchor.found is None
    assert answer.window is None


def test_an_event_that_is_still_hidden_by_as_of_is_not_used(seeds: Archive) -> None:
    query = Query(
        "What was the key interest rate before the Valmere run-off?", as_of=date(2021, 10, 1)
    )
    anchor = seeds.ask(query).understood.anchor
    assert anchor is not None and anchor.found is None
