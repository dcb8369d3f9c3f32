"""Publication dates: written forms, precision, offsets, and what is refused or doubted."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from qa.reading.inspect import inspect_jsonl_row
from qa.reading.published import doubts, parse_published


@pytest.mark.parametrize(
    ("raw", "day", "precision"),
    [
        ("2020-05-05", "2020-05-05", "day"),
        ("20200505", "2020-05-05", "day"),
        ("2016-05", "2016-05-01", "month"),
        ("May 2016", "2016-05-01", "month"),
        ("2003", "2003-01-01", "year"),
        ("03/04/2012", "2012-01-01", "year"),
        ("12/30/2019", "2019-12-30", "day"),
        ("30/12/2019", "2019-12-30", "day"),
        ("03.02.2022 15:34", "2022-02-03", "minute"),
        ("2020-05-05T10:00:00+02:00", "2020-05-05", "second"),
        ("Tue, 05 May 2020 08:00:00 GMT", "2020-05-05", "second"),
        ("Thu Jan 18 05:16:00 EST 2007", "2007-01-18", "second"),
        ("Thu Jan 18, 2007 5:16am EST", "2007-01-18", "minute"),
        ("Published July 21, 2023 Updated July 22, 2023", "2023-07-21", "day"),
        ("Publié le jeudi 24 décembre 2020 à 07h47", "2020-12-24", "minute"),
        ("6. November 2023 14:03 Uhr", "2023-11-06", "minute"),
        ("19 sierpnia 2020, 5:16", "2020-08-19", "minute"),
        ("12 de enero de 2019", "2019-01-12", "day"),
        ("2 июня 2021 года", "2021-06-02", "day"),
        ("2020年7月13日 12:30", "2020-07-13", "minute"),
        ("2019년 3월 5일", "2019-03-05", "day"),
        ("19-MAR-1987 14:44:43.81", "1987-03-19", "second"),
        ("AP-WF-08-29-16 1203GMT", "2016-08-29", "minute"),
        ("212101 GMT Nov 18", "2018-11-21", "minute"),
        ("1588636800", "2020-05-05", "second"),
    ],
)
def test_a_written_date_has_its_day_and_its_precision(raw: str, day: str, precision: str) -> None:
    stamp = parse_published(raw)
    assert stamp.published.day is not None
    assert (stamp.published.day.isoformat(), stamp.published.precision) == (day, precision)


@pytest.mark.parametrize(
    ("raw", "hours"),
    [
        ("Thu Jan 18, 2007 5:16am EST", -5),
        ("June 18, 2024, 7:09 p.m. ET", -4),
        ("January 18, 2024, 7:09 p.m. ET", -5),
        ("2020-05-05T10:00+05:30", 5.5),
        ("Tue, 05 May 2020 08:00:00 +0900", 9),
    ],
)
def test_the_offset_that_came_is_kept(raw: str, hours: float) -> None:
    value = parse_published(raw).published.value
    assert isinstance(value, datetime)
    assert value.utcoffset() == timedelta(hours=hours)


def test_the_local_day_is_kept_where_utc_has_another() -> None:
    assert parse_published("Thu Jan 18, 2007 11:16pm EST").published.day == date(2007, 1, 18)


@pytest.mark.parametrize(
    "raw", ["2023-02-29", "0000-00-00", "99999-01-01", "30 Feb 2020", "soon", ""]
)
def test_a_day_that_cannot_be_leaves_the_article_undated_with_a_warning(raw: str) -> None:
    stamp = parse_published(raw)
    assert stamp.published.value is None
    assert stamp.published.precision == "none"
    assert len(stamp.warnings) == 1


def test_twenty_thousand_question_marks_are_no_date_in_no_time() -> None:
    begin = time.perf_counter()
    stamp = parse_published("?" * 20_000)
    assert time.perf_counter() - begin < 0.05
    assert stamp.published.value is None
    assert stamp.warnings


def test_two_figures_of_a_year_are_read_by_a_fixed_pivot_and_noted() -> None:
    assert parse_published("05/16/99").published.day == date(1999, 5, 16)
    stamp = parse_published("05/16/04")
    assert stamp.published.day == date(2004, 5, 16)
    assert stamp.warnings == ("two-digit year read as 2004",)


HEADS = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "page_heads.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
    if not line.startswith("#")
]
BODY = (
    "\nThe council voted on Monday to repaint the harbour cranes in their first colours, after a "
    "long debate that drew two hundred people to the hall and went on until midnight.\n\nIt will "
    "cost 40,000 euros, the mayor said."
)


@pytest.mark.parametrize(("head", "day", "source"), HEADS, ids=[h[0][:30] for h in HEADS])
def test_the_head_of_a_page_dates_and_credits_it(head: str, day: str, source: str) -> None:
    row = inspect_jsonl_row("page", head.replace("\\n", "\n") + BODY)
    assert (row["published"] or "", row["source"] or "") == (day, source)


def test_future_and_ancient_days_are_kept_with_a_warning() -> None:
    today = date(2024, 6, 1)
    assert parse_published("2031-01-01", now=today).published.day == date(2031, 1, 1)
    assert parse_published("2031-01-01", now=today).warnings == ("dated in the future: 2031-01-01",)
    assert doubts(date(1503, 1, 1), None) == ("dated before 1600: 1503-01-01",)
    assert doubts(date(2024, 6, 1), today) == ()
