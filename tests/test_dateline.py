"""Datelines: house styles of many agencies and languages, and what only looks like one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from qa.reading.dateline import find_dateline
from qa.reading.inspect import inspect_jsonl_row
from qa.reading.places import title_case

DATA = Path(__file__).parent / "data"
CASES = [
    line.split("\t")
    for line in (DATA / "dateline_cases.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
LOOKALIKES = [
    line
    for line in (DATA / "not_datelines.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(
    ("text", "source", "place", "words", "published"), CASES, ids=[c[0][:30] for c in CASES]
)
def test_a_house_style_gives_source_place_words_and_date(
    text: str, source: str, place: str, words: str, published: str
) -> None:
    row = inspect_jsonl_row("case", text.replace("\\n", "\n"))
    assert row["source"] == (source or None)
    assert row["place"] == (place.split("|") if place else None)
    assert row["dateline_text"] == words
    assert row["published"] == (published or None)


@pytest.mark.parametrize("text", LOOKALIKES, ids=[line[:30] for line in LOOKALIKES])
def test_what_only_looks_like_a_dateline_stays_text(text: str) -> None:
    row = inspect_jsonl_row("case", text)
    assert (row["dateline_text"], row["place"], row["source"]) == (None, None, None)


def test_the_first_dateline_of_a_roundup_is_the_articles() -> None:
    text = (
        "LYON, France (AP) — A bakery closed on Monday after ninety years in one family.\n\n"
        "NANTES, France (AP) — A ferry sank at its mooring on Monday and nobody was hurt.\n"
    )
    found = find_dateline(text)
    assert found is not None
    assert found.place == ("Lyon",)
    assert text[found.start : found.end] == "LYON, France (AP) —"


def test_a_dateline_keeps_its_region_as_written_and_its_day_without_a_year() -> None:
    found = find_dateline("DULUTH, Minn., Jan. 7 (UPI) -- Snow closed the harbor road.")
    assert found is not None
    assert (found.place, found.place_full) == (("Duluth",), "DULUTH, Minn.")
    assert (found.year, found.month, found.day) == (None, 1, 7)
    assert not found.dated


def test_an_unknown_agency_in_brackets_is_read_as_written() -> None:
    found = find_dateline("GRANITE FALLS, Wash. (Cascade News) — The mill will reopen in June.")
    assert found is not None
    assert (found.agency, found.source) == ("Cascade News", "Cascade News")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("RIO DE JANEIRO", "Rio de Janeiro"),
        ("PORT-AU-PRINCE", "Port-au-Prince"),
        ("N'DJAMENA", "N'Djamena"),
        ("ST. JOHN'S", "St. John's"),
        ("NUKU'ALOFA", "Nuku'alofa"),
        ("SANT'ANTIOCO", "Sant'Antioco"),
        ("BUCUREȘTI", "București"),
        ("McALLEN", "McALLEN"),
        ("Kyiv", "Kyiv"),
    ],
)
def test_places_in_capitals_are_shown_as_a_sentence_writes_them(written: str, shown: str) -> None:
    assert title_case(written) == shown


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000,
        "A/" * 20_000,
        "NEW " * 10_000,
        "May 5 " * 8_000,
        "-" * 50_000,
        "CITY, " * 9_000,
    ],
)
def test_hostile_heads_take_no_longer_than_their_length_allows(text: str) -> None:
    begin = time.process_time()
    find_dateline(text)
    assert time.process_time() - begin < 0.5
