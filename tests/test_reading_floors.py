"""Floors under how well raw copy is read; lowered only on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmark_modules import benchmark

reading = benchmark("reading")
pytestmark = pytest.mark.corpus
SAMPLE = 800  # articles of each corpus; `benchmarks/reading.py` reads them all


def test_gold_articles_are_read_at_least_this_well(shared: Path) -> None:
    figures = reading.gold_figures(shared / "gold" / "dateline_dev.jsonl")
    floors = {"source": 0.98, "published": 0.98, "place": 0.95, "negatives left alone": 0.97}
    assert {name: figures[name] >= floor for name, floor in floors.items()} == dict.fromkeys(
        floors, True
    )


def test_datelines_of_1987_have_their_place_and_day(shared: Path) -> None:
    figures = reading.wire_1987_figures(shared / "corpora" / "reuters21578.jsonl.gz", SAMPLE)
    assert figures["datelines"] > 700
    assert figures["place"] >= 0.99
    assert figures["month-day"] >= 0.99


def test_wire_of_2006_to_2013_has_its_day_its_source_and_its_place(shared: Path) -> None:
    figures = reading.wire_2006_figures(shared / "corpora" / "reuters2006-2013.jsonl.gz", SAMPLE)
    assert figures.pop("published") >= 0.999
    assert min(figures.values()) >= 0.98


def test_plain_copy_is_read_fast(shared: Path) -> None:
    # a quarter of what a quiet core does, as others may use the machine
    assert reading.plain_speed(shared / "corpora" / "reuters2006-2013.jsonl.gz", SAMPLE) > 500
