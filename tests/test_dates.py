"""The calendar words: names, spans, and months added, against the calendar itself."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import dates


@pytest.mark.parametrize(
    ("word", "number"),
    [("january", 1), ("sept", 9), ("mai", 5), ("marzo", 3), ("декабря", 12), ("août", 8)],
)
def test_a_month_is_known_by_its_names_in_several_languages(word: str, number: int) -> None:
    assert dates.MONTHS[word] == number


@pytest.mark.parametrize(
    ("word", "number"), [("monday", 1), ("thurs", 4), ("sonntag", 7), ("среда", 3)]
)
def test_a_weekday_is_numbered_from_monday(word: str, number: int) -> None:
    assert dates.WEEKDAYS[word] == number


@given(st.integers(1, 9999), st.integers(1, 12))
def test_a_month_spans_from_its_first_day_to_its_last(year: int, month: int) -> None:
    first, last = dates.month_span(year, month)
    assert (first.day, last.day) == (1, monthrange(year, month)[1])


def test_a_quarter_has_three_months() -> None:
    assert dates.quarter_span(2012, 3) == (date(2012, 7, 1), date(2012, 9, 30))


def test_winter_runs_into_the_next_year_and_knows_leap_days() -> None:
    assert dates.season_span(2019, "winter") == (date(2019, 12, 1), date(2020, 2, 29))


@given(st.dates(date(2, 1, 1), date(9998, 1, 1)))
def test_a_week_runs_from_monday_to_sunday_around_its_day(day: date) -> None:
    monday, sunday = dates.week_span(day)
    assert monday.isoweekday() == 1
    assert sunday - monday == timedelta(days=6)
    assert monday <= day <= sunday


def test_adding_months_stops_at_the_last_day_of_a_shorter_month() -> None:
    assert dates.add_months(date(2020, 1, 31), 1) == date(2020, 2, 29)
    assert dates.add_months(date(2020, 3, 31), -13) == date(2019, 2, 28)


@given(st.dates(date(100, 1, 1), date(9000, 1, 1)), st.integers(-600, 600))
def test_adding_months_moves_the_month_by_exactly_that_many(day: date, months: int) -> None:
    moved = dates.add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months


def test_a_day_that_the_calendar_lacks_is_none() -> None:
    assert dates.valid_day(2023, 2, 29) is None
    assert dates.valid_day(0, 1, 1) is None
    assert dates.valid_day(2024, 2, 29) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2020, 5, 5), date(2020, 5, 5), "2020-05-05"),
        (date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        (date(2018, 1, 1), date(2018, 12, 31), "2018"),
        (date(2031, 6, 1), date(2031, 8, 31), "2031-06 to 2031-08"),
        (date(1990, 1, 1), date(1999, 12, 31), "1990 to 1999"),
        (date(2025, 7, 21), date(2025, 7, 27), "2025-07-21 to 2025-07-27"),
        (date(2023, 2, 1), date(2023, 2, 27), "2023-02-01 to 2023-02-27"),
    ],
)
def test_days_are_written_no_more_exactly_than_they_are(
    first: date, last: date, written: str
) -> None:
    assert dates.written_days(first, last) == written
    assert dates.read_days(written) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "212 people", "2014-02-30", "2014-13", "0000", "2020 to 2019", "2020-05-05 to", "20"],
)
def test_what_is_no_written_day_is_not_read_as_one(text: str) -> None:
    assert dates.read_days(text) is None
