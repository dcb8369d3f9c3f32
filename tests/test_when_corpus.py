"""Floors for the time grammar on the gold and the development questions beside the project."""

from __future__ import annotations

import csv
import gzip
import json
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from qa.types import EventDate
from qa.when import find_event_dates, read_question

pytestmark = pytest.mark.corpus

VALUE_FLOOR, NON_DATE_FLOOR = 0.98, 0.95
PERIOD_FLOOR, WINDOW_FLOOR = 0.97, 0.98
LABELS = Path(__file__).parent / "data" / "question_times.tsv"


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


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def over_expression(row: dict[str, Any]) -> list[EventDate]:
    published = date.fromisoformat(row["published"])
    return [
        found
        for found in find_event_dates(row["sentence"], published)
        if found.start < row["end"] and found.end > row["start"]
    ]


def test_times_in_news_sentences_have_their_gold_value(shared: Path) -> None:
    gold = [row for row in rows(shared / "gold" / "relative_dev.jsonl") if row["value"]]
    right = sum(
        {(found.first, found.last) for found in over_expression(row)} == {days_of(row["value"])}
        for row in gold
    )
    assert right / len(gold) >= VALUE_FLOOR


def test_what_is_no_date_is_left_alone(shared: Path) -> None:
    gold = [row for row in rows(shared / "gold" / "relative_dev.jsonl") if row["value"] is None]
    left = sum(not over_expression(row) for row in gold)
    assert left / len(gold) >= NON_DATE_FLOOR


def publication_days(shared: Path) -> dict[str, date]:
    with gzip.open(shared / "corpora" / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = (json.loads(line) for line in lines)
        return {row["id"]: date.fromisoformat(row["published"][:10]) for row in articles}


def test_questions_name_the_period_of_their_labels_and_the_gold_is_in_the_window(
    shared: Path,
) -> None:
    published = publication_days(shared)
    coverage = (min(published.values()), max(published.values()))
    with LABELS.open(encoding="utf-8") as lines:
        labels = {row["id"]: row for row in csv.DictReader(lines, delimiter="\t")}
    right, inside, named, windows = 0, 0, 0, 0
    for question in rows(shared / "questions" / "dev.jsonl"):
        times = read_question(question["question"], coverage[1], coverage=coverage)
        label = labels[question["id"]]
        assert bool(times.period) == bool(label["from"]), question["id"]
        if times.period:
            named += 1
            last = times.period.end - timedelta(days=1)
            right += (str(times.period.start), str(last)) == (label["from"], label["to"])
        if times.period and times.window:
            width = times.window.end - times.window.start
            assert width <= times.period.end - times.period.start + timedelta(days=45)
        if times.window and question["evidence"]:
            windows += 1
            window = times.window
            inside += all(
                published[proof["article_id"]] in window for proof in question["evidence"]
            )
    assert named == sum(bool(label["from"]) for label in labels.values())
    assert right / named >= PERIOD_FLOOR
    assert inside / windows >= WINDOW_FLOOR
