"""Of reports that differ in their time only, the reader reads the one of the time asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qa.reader import SpanReader
from qa.reader.task import Task
from qa.reader.timing import time_columns, times_by_sentence
from qa.types import (
    Article,
    DateWindow,
    Finding,
    Hit,
    Passage,
    Published,
    Query,
    ReadAnswer,
    Source,
    StoredPassage,
    Understood,
)
from qa.when import find_event_dates

MARCH = DateWindow(date(1994, 3, 1), date(1994, 4, 1), "in March 1994")
# News of a month is published in it or in the weeks after.
MARCH_NEWS = DateWindow(date(1994, 3, 1), date(1994, 5, 15), "in March 1994")


def article(name: str, text: str, day: date, *findings: Finding) -> Article:
    published = Published(day, "day", "given")
    return Article(name, text, Source("X", "given"), published, "Traffic", findings=findings)


def task(question: str, *articles: Article) -> Task:
    stored = [kept(n, one) for n, one in enumerate(articles)]
    hits = [Hit(one.passage, 0.9 - 0.1 * n) for n, one in enumerate(stored)]
    return Task(question, Understood(period=MARCH, window=MARCH_NEWS), hits, stored, articles)


def kept(row: int, one: Article) -> StoredPassage:
    passage = Passage(f"{one.id}#0", one.id, 0, 0, len(one.text))
    dates = tuple(find_event_dates(one.text, one.published.day))
    return StoredPassage(row, row, passage, dates, dates)


def read(
    question: str, period: DateWindow, window: DateWindow, *articles: Article
) -> tuple[ReadAnswer, str]:
    stored = [kept(n, one) for n, one in enumerate(articles)]
    hits = [Hit(one.passage, 0.6) for one in stored]
    understood = Understood(asked="number", period=period, window=window)
    answer = SpanReader().read(Query(question), understood, hits, stored, articles)
    assert answer.best is not None
    return answer, answer.quotes[answer.best].text


@pytest.mark.parametrize(
    ("text", "told", "other"),
    [
        ("In February 55 percent were filled.", 0.0, 1.0),
        ("In March 63 percent were filled.", 1.0, 0.0),
        ("Last month 63 percent were filled.", 1.0, 0.0),
        ("On March 16 snow closed the runway.", 0.5 + 0.5 / 31, 0.0),
        ("In March 63 percent were filled, after 55 percent in February.", 1.0, 0.0),
        ("It flew its first aircraft in 1961.", 0.0, 0.0),  # a year is too long to date a report
        ("Few seats stayed empty.", 0.0, 0.0),
    ],
)
def test_a_sentence_tells_of_the_time_asked_for_or_of_another(
    text: str, told: float, other: float
) -> None:
    one = article("a", text, date(1994, 4, 6))
    report = task("How full were the flights?", one).reports[0]
    events = find_event_dates(text, one.published.day)
    assert times_by_sentence(report, events, MARCH) == ([pytest.approx(told)], [other])


def test_the_times_of_each_sentence_are_its_own_and_a_dateline_tells_none() -> None:
    head = "NORSTAD, Feb 9 - "
    text = f"{head}Seats stayed empty. In March they were full."
    dateline = Finding("dateline", head.strip(), "dateline", head.strip(), 0, len(head.strip()))
    one = article("a", text, date(1994, 4, 6), dateline)
    report = task("How full were the flights?", one).reports[0]
    events = find_event_dates(text, one.published.day)
    assert [event.text for event in events] == ["Feb 9", "March"]
    assert times_by_sentence(report, events, MARCH) == ([0.0, 1.0], [0.0, 0.0])


FEBRUARY = article(
    "february",
    "Norstad Air said it filled 55.5 percent of its seats in February, up from 52.6 percent.",
    date(1994, 3, 3),
)
LAST_MONTH = article(
    "march",
    "Norstad Air said it filled 63.4 percent of its seats last month, up from 61.1 percent.",
    date(1994, 4, 6),
)


@pytest.mark.parametrize("order", [(FEBRUARY, LAST_MONTH), (LAST_MONTH, FEBRUARY)])
def test_a_figure_is_taken_from_the_report_that_tells_of_its_month(
    order: tuple[Article, ...],
) -> None:
    question = "What share of its seats did Norstad Air fill in March 1994?"
    answer, text = read(question, MARCH, MARCH_NEWS, *order)
    assert text == "63.4 percent"
    assert answer.figures == ()  # the figure of another month is no conflict


def test_the_words_tell_where_both_reports_came_out_in_time() -> None:
    weeks = [
        article(
            month,
            f"Norstad Air said it filled {share} percent of its seats in the two weeks to {month}.",
            date(1994, number, 3),
        )
        for month, share, number in (("February 27", 55.5, 3), ("March 27", 63.4, 4))
    ]
    question = "What share of its seats did Norstad Air fill in March 1994?"
    for order in (weeks, weeks[::-1]):
        assert read(question, MARCH, MARCH_NEWS, *order)[1] == "63.4 percent"


@pytest.mark.parametrize(("day", "answer"), [(1, "43 percent"), (2, "42 percent")])
def test_a_poll_is_taken_from_the_report_of_its_day(day: int, answer: str) -> None:
    polls = [
        article(
            f"poll{n}",
            f"A Kessel poll published today gave the Farmers' Party {share} percent of the vote.",
            date(1994, 6, n),
        )
        for n, share in ((3, 41), (2, 42), (1, 43))
    ]
    period = DateWindow(date(1994, 6, day), date(1994, 6, day + 1), f"on June {day}, 1994")
    window = DateWindow(date(1994, 6, day), date(1994, 6, day + 7), period.basis)
    question = (
        f"What share of the vote did the Kessel poll of June {day}, 1994 give the Farmers' Party?"
    )
    assert read(question, period, window, *polls)[1] == answer


DAY = DateWindow(date(1994, 3, 16), date(1994, 3, 17), "on March 16, 1994")
DAY_NEWS = DateWindow(date(1994, 3, 16), date(1994, 3, 23), "on March 16, 1994")


def columns(one: Article, understood: Understood) -> dict[str, object]:
    report = task("How full were the flights?", one).reports[0]
    return dict(time_columns(report, one, kept(0, one).article_dates, understood))


def test_a_report_of_the_named_day_is_told_from_one_of_a_week_later() -> None:
    asked = Understood(period=DAY, window=DAY_NEWS)
    same = columns(article("a", "Snow fell today.", date(1994, 3, 16)), asked)
    late = columns(article("a", "Snow fell today.", date(1994, 3, 25)), asked)
    assert (same["window"], same["on_day"], same["told"]) == (1.0, 1.0, [1.0])
    assert late["window"] == 0.0 and late["on_day"] < 0.05 and late["told_other"] == [1.0]


def test_a_report_dated_by_its_month_only_is_of_no_named_day() -> None:
    published = Published(date(1994, 3, 1), "month", "given")
    one = Article("a", "Snow fell.", Source("X", "given"), published, "Snow")
    first = replace(DAY, start=date(1994, 3, 1), end=date(1994, 3, 2))
    for period in (DAY, first):
        assert columns(one, Understood(period=period, window=DAY_NEWS))["on_day"] == 0.0


def test_the_day_of_a_matter_is_not_the_day_of_the_report_that_tells_its_outcome() -> None:
    one = article("a", "Snow fell today.", date(1994, 3, 16))
    asked = Understood(period=DAY, window=DAY_NEWS, order="latest", outcome=True)
    assert columns(one, asked)["on_day"] == 0.0


def test_an_undated_report_still_tells_of_days_that_it_writes_out() -> None:
    one = Article("a", "On March 16, 1994 snow fell.", Source("X", "given"), Published(), "Snow")
    found = columns(one, Understood(period=DAY, window=DAY_NEWS))
    assert (found["window"], found["on_day"], found["told"]) == (0.5, 0.0, [1.0])


def test_a_question_without_a_time_compares_none() -> None:
    found = columns(article("a", "Snow fell today.", date(1994, 3, 16)), Understood())
    assert found == {
        "window": 0.5, "on_day": 0.0, "told": [0.0], "told_other": [0.0], "report_told": 0.0
    }  # fmt: skip


def test_a_blank_report_is_no_error_where_a_time_is_asked_for() -> None:
    blank = article("a", "--- ---", date(1994, 3, 16))
    passage = Passage("a#0", "a", 0, 0, len(blank.text))
    stored = StoredPassage(0, 0, passage)
    understood = Understood(period=DAY, window=DAY_NEWS)
    answer = SpanReader().read(
        Query("How full?"), understood, [Hit(passage, 0.6)], [stored], [blank]
    )
    assert answer.best is None
