"""Times in a passage, resolved against the day on which its article was published."""

from __future__ import annotations

import csv
import string
import time
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.types import EventDate
from qa.when import find_event_dates
from qa.when.holidays import easter, nth_weekday

CASES = Path(__file__).parent / "data" / "text_times.tsv"
DAY = date(2020, 5, 5)  # a Tuesday


def days_of(value: str) -> tuple[date, date]:
    """First and last day of a written value: a day, a month, a year or `from/to`."""
    if "/" in value:
        first, last = value.split("/")
        return date.fromisoformat(first), date.fromisoformat(last)
    if len(value) == 4:
        return date(int(value), 1, 1), date(int(value), 12, 31)
    if len(value) == 7:
        year, month = int(value[:4]), int(value[5:])
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date.fromisoformat(value), date.fromisoformat(value)


def overlapping(sentence: str, published: date, expression: str) -> list[EventDate]:
    start = sentence.index(expression)
    end = start + len(expression)
    return [
        found
        for found in find_event_dates(sentence, published)
        if found.start < end and found.end > start
    ]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("case", table(CASES), ids=lambda case: case["sentence"][:60])
def test_an_expression_means_these_days_or_is_no_time(case: dict[str, str]) -> None:
    published = date.fromisoformat(case["published"])
    found = overlapping(case["sentence"], published, case["expression"])
    if not case["value"]:
        assert found == []
    else:
        assert {(time.first, time.last) for time in found} == {days_of(case["value"])}


@pytest.mark.parametrize(
    ("sentence", "precision"),
    [
        ("It closed on Tuesday.", "day"),
        ("It closed last week.", "week"),
        ("It closed in March.", "month"),
        ("It closed in the first quarter of 2019.", "quarter"),
        ("It closed last summer.", "season"),
        ("It closed in 2019.", "year"),
        ("It closed in the 1990s.", "decade"),
        ("It was closed from 12 to 14 March.", "range"),
    ],
)
def test_the_precision_is_that_of_the_words(sentence: str, precision: str) -> None:
    assert [found.precision for found in find_event_dates(sentence, DAY)] == [precision]


def test_without_a_day_of_publication_only_complete_dates_are_told() -> None:
    text = "On Tuesday, two weeks after 3 June 2018, in March, it closed; last year too."
    assert [found.text for found in find_event_dates(text, None)] == ["3 June 2018"]


def test_a_stretch_of_the_text_is_read_with_offsets_into_the_whole() -> None:
    text = "It opened on Monday. It shut on Friday, and burnt down yesterday."
    start, end = text.index("It shut"), text.index(", and")
    (found,) = find_event_dates(text, DAY, start=start, end=end)
    assert (found.text, text[found.start : found.end]) == ("Friday", "Friday")
    assert found.first == date(2020, 5, 1)


def test_an_ending_tells_the_period_and_its_last_day() -> None:
    found = find_event_dates("Claims fell in the four weeks ended April 25.", DAY)
    assert [(time.text, time.first, time.last) for time in found] == [
        ("four weeks ended", date(2020, 3, 29), date(2020, 4, 25)),
        ("April 25", date(2020, 4, 25), date(2020, 4, 25)),
    ]


@pytest.mark.parametrize(
    ("year", "day"),
    [(1987, (4, 19)), (2000, (4, 23)), (2008, (3, 23)), (2019, (4, 21)), (2038, (4, 25))],
)
def test_easter_falls_where_almanacs_print_it(year: int, day: tuple[int, int]) -> None:
    assert easter(year) == date(year, *day)


@given(st.integers(1900, 2100), st.integers(1, 12), st.integers(1, 7), st.integers(1, 4))
def test_the_nth_weekday_agrees_with_counting_days(
    year: int, month: int, weekday: int, nth: int
) -> None:
    days = [date(year, month, 1) + timedelta(days=offset) for offset in range(28)]
    assert (
        nth_weekday(year, month, weekday, nth)
        == [day for day in days if day.isoweekday() == weekday][nth - 1]
    )


# --- laws ----------------------------------------------------------------------------------------

PIECES = [
    "May",
    "March",
    "Mon",
    "Tuesday",
    "January",
    "Sept.",
    "5",
    "31",
    "2020",
    "1987",
    "99",
    "'90s",
    "1990s",
    "Q3",
    "3Q12",
    "H1",
    "9/11",
    "1985/86",
    "last",
    "next",
    "this",
    "past",
    "ago",
    "week",
    "weeks",
    "year",
    "quarter",
    "half",
    "first",
    "fourth",
    "ended",
    "ending",
    "to",
    "from",
    "and",
    "today",
    "tomorrow",
    "yesterday",
    "weekend",
    "fall",
    "summer",
    "Christmas",
    "Easter",
    "fiscal",
    "FY08",
    "century",
    "early",
    "the",
    "of",
    "in",
    "until",
    "-",
    "–",
    "/",
    ",",
    ".",
    "(",
    ")",
    '"',
    "'",
    ":",
    "\n",
    "\xa0",
    "31/12/2012",
    "2020-02-30",
    "February 29",
]
SCRAPS = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
TEXTS = st.one_of(st.text(max_size=200), SCRAPS, st.text(string.printable, max_size=200))
DAYS = st.one_of(st.none(), st.dates())


@given(TEXTS, DAYS)
def test_whatever_the_text_offsets_are_exact_and_spans_run_forwards(
    text: str, day: date | None
) -> None:
    end = 0
    for found in find_event_dates(text, day):
        assert text[found.start : found.end] == found.text != ""
        assert found.start >= end
        assert found.first <= found.last
        end = found.end


@given(SCRAPS, st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_reading_twice_gives_the_same(text: str, day: date) -> None:
    assert find_event_dates(text, day) == find_event_dates(text, day)


HOSTILE = [
    "?", "1234567890", "May ", "May", "Monday ", "1987 ", "12 ", "years ago ", "last week ", "to ",
    "first quarter ", "5 May - ", "May 5, ", "from 1990 to ", '"May" ', "today ", " ", "\n", '"',
    "Christmas ", "week ended May 5 ", "the 90s ", "5-6-", "wanted to ", "A. ", "\u00a0",
]  # fmt: skip


def cpu_seconds(text: str) -> float:
    start = time.process_time()
    find_event_dates(text, DAY)
    return time.process_time() - start


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_time_grows_in_step_with_hostile_text(piece: str) -> None:
    """Eight times the text takes about eight times as long, and 20,000 characters a blink."""
    short, long = piece * (2500 // len(piece)), piece * (20_000 // len(piece))
    once = min(cpu_seconds(short) for _ in range(5))
    eight = min(cpu_seconds(long) for _ in range(5))
    assert eight < max(32 * once, 0.05)  # 64 times would be the square; other work disturbs
    assert eight < 3.0  # some 0.15 s on an idle core, several times that on a busy one


@pytest.mark.parametrize("piece", ["?", "0123456789", "May", " ", "\n", "no such thing, "])
def test_text_without_times_is_passed_over_quickly(piece: str) -> None:
    assert min(cpu_seconds(piece * (20_000 // len(piece))) for _ in range(3)) < 0.05
