"""Times in text: the project's grammar beside dateparser, on the gold sentences.

    python benchmarks/times.py [--gold ../shared/gold/relative_dev.jsonl]

Prints for each the share of right values, the share of non-dates left alone, and the time a
sentence takes. dateparser gives moments, not spans: a month or a year of its own counts as right
when the day that it gives lies in the span; that is generous to it. It also gives no offsets, so
its expressions are looked up in the sentence.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from qa.when import find_event_dates

Reading = tuple[int, int, date, date]  # start, end, first day, last day
Reader = Callable[[str, date], list[Reading]]


def by_grammar(sentence: str, published: date) -> list[Reading]:
    found = find_event_dates(sentence, published)
    return [(event.start, event.end, event.first, event.last) for event in found]


def by_dateparser(sentence: str, published: date) -> list[Reading]:
    from dateparser.search import search_dates

    base = datetime.combine(published, datetime.min.time())
    settings: Any = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past"}
    found = search_dates(sentence, languages=["en"], settings=settings) or []
    readings, place = [], 0
    for words, moment in found:
        start = sentence.find(words, place)
        if start >= 0:
            place = start + len(words)
            readings.append((start, place, moment.date(), moment.date()))
    return readings


def days_of(value: str) -> tuple[date, date]:
    """First and last day of a gold value: a day, a month, a year or `from/to`."""
    if "/" in value:
        first, last = value.split("/")
        return date.fromisoformat(first), date.fromisoformat(last)
    if len(value) == 4:
        return date(int(value), 1, 1), date(int(value), 12, 31)
    if len(value) == 7:
        year, month = int(value[:4]), int(value[5:])
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date.fromisoformat(value), date.fromisoformat(value)


def measure(name: str, read: Reader, rows: list[dict[str, Any]], generous: bool) -> None:
    right, left_alone, seconds = 0, 0, []
    for row in rows:
        start = time.perf_counter()
        readings = read(row["sentence"], date.fromisoformat(row["published"]))
        seconds.append(time.perf_counter() - start)
        over = [r[2:] for r in readings if r[0] < row["end"] and r[1] > row["start"]]
        if row["value"] is None:
            left_alone += not over
            continue
        first, last = days_of(row["value"])
        if generous:
            right += any(first <= day <= last for day, _ in over)
        else:
            right += bool(over) and all(span == (first, last) for span in over)
    dated = sum(row["value"] is not None for row in rows)
    words = sum(len(row["sentence"].split()) for row in rows)
    median = sorted(seconds)[len(seconds) // 2]
    print(
        f"{name:12} value {right}/{dated} = {right / dated:.3f}   "
        f"non-dates left alone {left_alone}/{len(rows) - dated} = "
        f"{left_alone / (len(rows) - dated):.3f}   "
        f"median {1000 * median:.3f} ms a sentence, {words / sum(seconds):,.0f} words/s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).resolve().parents[2] / "shared" / "gold" / "relative_dev.jsonl"
    parser.add_argument("--gold", type=Path, default=default)
    gold = parser.parse_args().gold
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    warnings.simplefilter("ignore")  # dateparser warns of its own use of strptime
    measure("grammar", by_grammar, rows, generous=False)
    measure("dateparser", by_dateparser, rows, generous=True)


if __name__ == "__main__":
    main()
