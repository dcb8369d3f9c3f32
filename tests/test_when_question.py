"""What a question says about time: the period, the publication days, the order, the anchor."""

from __future__ import annotations

import csv
import string
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import InvalidRequest
from qa.when import QuestionTimes, question_rows, read_question, sentence_rows

CASES = Path(__file__).parent / "data" / "invented_questions.tsv"
NOW = date(2013, 6, 30)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def period_days(times: QuestionTimes) -> tuple[str, str]:
    """First and last day of the period, as a table writes them."""
    if times.period is None:
        return "", ""
    return times.period.start.isoformat(), (times.period.end - timedelta(days=1)).isoformat()


@pytest.mark.parametrize("case", table(CASES), ids=lambda case: case["question"][:60])
def test_a_question_is_read_as_its_words_say(case: dict[str, str]) -> None:
    times = read_question(case["question"], date.fromisoformat(case["now"]))
    assert period_days(times) == (case["from"], case["to"])
    assert times.bounded == bool(case["bounded"])
    assert (times.order or "") == case["order"]
    if case["about"]:
        assert times.about == case["about"]


def window(question: str, now: date = NOW) -> tuple[date, date]:
    found = read_question(question, now).window
    assert found is not None
    return found.start, found.end


def test_a_figure_for_february_may_be_published_in_march() -> None:
    start, end = window("What was inflation in February 2012?")
    assert start == date(2012, 2, 1)
    assert date(2012, 3, 31) < end <= date(2012, 4, 15)


def test_a_day_is_reported_on_the_same_day_and_in_the_days_after() -> None:
    start, end = window("What happened on 5 May 2010?")
    assert start == date(2010, 5, 4)  # the day may have begun elsewhere
    assert date(2010, 5, 10) < end <= date(2010, 5, 15)


def test_what_bounds_the_articles_filters_to_the_days_named() -> None:
    times = read_question("Which articles from March 2012 mention the dam?", NOW)
    assert times.bounded
    assert times.window == times.period


def test_a_window_does_not_run_beyond_now() -> None:
    assert window("What was announced in June 2013?") == (date(2013, 6, 1), date(2013, 7, 1))


def test_what_is_still_to_come_has_no_days_of_publication() -> None:
    times = read_question("How many planes will be built by 2030?", NOW)
    assert times.period is not None
    assert times.window is None


def test_a_year_outside_the_archive_names_an_event_not_a_time_to_search_in() -> None:
    coverage = (date(2006, 1, 1), date(2013, 6, 30))
    question = "Who was to blame for the 1985 disaster?"
    assert read_question(question, NOW, coverage=coverage).window is None
    bounded = read_question("Show articles from 1985 about it", NOW, coverage=coverage)
    assert bounded.bounded
    assert bounded.window is not None


def test_a_month_without_its_year_takes_that_of_its_neighbour() -> None:
    times = read_question("What did it bid in March 2009, and what on April 3?", NOW)
    assert period_days(times) == ("2009-03-01", "2009-04-03")


def test_the_words_that_were_understood_are_shown() -> None:
    times = read_question("how much had it paid by the end of april 2011?", NOW)
    assert times.period is not None
    assert times.period.basis.lower() == "by the end of april 2011"
    assert read_question("What is the latest toll?", NOW).order_basis == "latest"


@pytest.mark.parametrize(
    ("question", "relation", "event"),
    [
        ("What was said before the 2012 summit?", "before", "the 2012 summit"),
        ("Who quit after the merger was announced?", "after", "the merger was announced"),
        ("How far have shares fallen since the takeover?", "since", "the takeover"),
        ("After the flood, who paid for the houses?", "after", "the flood"),
        ("What was the quota at the time of the earthquake?", "during", "the earthquake"),
        ("How many left prior to the vote in Lisbon?", "before", "the vote in Lisbon"),
    ],
)
def test_an_event_may_bound_the_question(question: str, relation: str, event: str) -> None:
    anchor = read_question(question, NOW).anchor
    assert anchor is not None
    assert (anchor.relation, anchor.event) == (relation, event)
    assert anchor.basis in question


@pytest.mark.parametrize(
    "question",
    [
        "Who resigned after 5 May 2010?",
        "What happened after that?",
        "What had changed since then?",
        "How many died after three days?",
        "After all, who owns the mine?",
    ],
)
def test_a_date_or_an_idiom_is_no_anchor(question: str) -> None:
    assert read_question(question, NOW).anchor is None


@given(st.text(max_size=300) | st.text(string.printable, max_size=300), st.dates())
def test_no_question_raises_and_windows_hold_at_least_a_day(text: str, now: date) -> None:
    times = read_question(text, now)
    for span in (times.period, times.window):
        assert span is None or span.start <= span.end


PARTS = [
    "in",
    "on",
    "since",
    "before",
    "after",
    "by",
    "until",
    "early",
    "mid",
    "late",
    "the",
    "end of",
    "last",
    "next",
    "this",
    "what",
    "sold",
    "March 2012",
    "May",
    "5 May 2010",
    "2011",
    "the 1990s",
    "Tuesday",
    "last week",
    "Q3 2012",
    "fall 2010",
    "yesterday",
]


@given(st.lists(st.sampled_from(PARTS), max_size=12))
def test_no_window_is_wider_than_its_period_and_45_days(words: list[str]) -> None:
    times = read_question(" ".join(words), NOW)
    if times.window and times.period:
        width = times.window.end - times.window.start
        assert width <= times.period.end - times.period.start + timedelta(days=45)


# --- rows for the command line ------------------------------------------------------------------


def test_sentence_rows_give_offsets_days_and_precision() -> None:
    rows = sentence_rows([{"id": "a", "sentence": "It rained Tuesday.", "published": "2020-05-05"}])
    assert list(rows) == [
        {
            "id": "a",
            "times": [
                {
                    "text": "Tuesday", "start": 10, "end": 17,
                    "from": "2020-05-05", "to": "2020-05-05", "precision": "day",
                }
            ],
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"id": 1}, "sentence"),
        ({"id": 1, "sentence": "x", "published": "soon"}, "published"),
        ({"id": 1, "sentence": "x", "published": "2023-02-29"}, "published"),
    ],
)
def test_a_bad_row_is_refused_and_its_field_named(row: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        list(sentence_rows([row]))
    assert refusal.value.field == field


def test_question_rows_are_inclusive_days_with_their_basis() -> None:
    row = question_rows("What was reported in March 2012?", NOW)
    assert row["period"] == {"from": "2012-03-01", "to": "2012-03-31", "basis": "March 2012"}
    assert row["window"] == row["period"]
    assert row["bounded"] is True
    assert row["order"] is None
