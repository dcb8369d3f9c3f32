"""Bylines and captions: a publisher after the names, and everything else that may stand there."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from qa.reading.article import Fields, assemble
from qa.reading.bylines import BylineParts, read_byline
from qa.reading.captions import is_caption
from qa.reading.sources import BUILT_IN

LEAD = "The pier will open again in the spring of next year, the mayor said on Monday."


def parts_of(byline: str, text: str = "") -> BylineParts:
    return read_byline(f"{byline}\n\n{text}", (0, len(byline)), BUILT_IN)


def house_of(byline: str, text: str = "") -> str | None:
    credit = parts_of(byline, text).credit
    return credit.name if credit else None


@pytest.mark.parametrize(
    ("byline", "house"),
    [
        ("By Jane Roe, Skerry Signal", "Skerry Signal"),
        ("By JANE ROE, Skerry Signal", "Skerry Signal"),
        ("By Jane Roe | Bay of Plenty Observer", "Bay of Plenty Observer"),
        ("By Jane Roe (Skerry Signal)", "Skerry Signal"),
        ("By Jane Roe for the Skerry Signal", "Skerry Signal"),
        ("By Jane Roe, Special to The Gleaner", "The Gleaner"),
        ("By Jane Roe and John Doe, Skerry Signal", "Skerry Signal"),
        ("By Jane Roe, Business Editor, Skerry Signal", "Skerry Signal"),
        ("By Jane Roe, Political Editor of The Minch Gleaner", "The Minch Gleaner"),
        ("By Jane Roe, Skerry Signal (English edition)", "Skerry Signal"),
        ("By Jane Roe, Atlas Newswire via The Sahel Gleaner", "Atlas Newswire"),
        ("Por Inés Quintero, La Voz del Páramo", "La Voz del Páramo"),
        ("Par Solène Kervadec, Le Phare d'Armor", "Le Phare d'Armor"),
        ("Von Anke Brodersen, Elbmarsch-Bote", "Elbmarsch-Bote"),
        ("By Jane Roe, Crumb & Crust", "Crumb & Crust"),
        ("By Jane Roe, The Lagoon", "The Lagoon"),
        ("By Jane Roe, NewsHarbour", "NewsHarbour"),
        ("By Jane Roe, Harvard University Gazette", "Harvard University Gazette"),
    ],
)
def test_a_publisher_after_the_names_is_the_house(byline: str, house: str) -> None:
    assert house_of(byline) == house


@pytest.mark.parametrize(
    "byline",
    [
        "By Jane Roe, John Doe",
        "By Jane Roe, Kim Ha-eun",
        "By Jane Roe, Le Thi Mai",
        "By Ann Low, Carl Dent and Edda Fried",
        "By Ann Low, Tom Fox and Emily Post",
        "By Jane Roe, Heath Ledger",
        "By Jane Roe, Shim Kyu-sun",
        "By Jane Roe, Adam Cox",
        "By Jane Roe, Staff Writer",
        "By Jane Roe, Senior Political Correspondent",
        "By Jane Roe, Wildlife Biologist",
        "By Jane Roe, MD, PhD",
        "By Jane Roe, in Lagos",
        "By Jane Roe, Lagos",
        "By Jane Roe, New South Wales",
        "By Jane Roe, January 5",
        "By Jane Roe, Science & Technology",
        "By Jane Roe, University of Leeds",
        "By Jane Roe, The Open University",
        "By Jane Roe, Author of The Long Road",
        "By Hook or by Crook, The Sun Also Rises",
    ],
)
def test_people_posts_places_dates_and_degrees_are_no_house(byline: str) -> None:
    assert house_of(byline) is None


def test_a_name_is_a_house_where_the_text_calls_it_one() -> None:
    assert house_of("By Jane Roe, Tidewrack") is None
    assert house_of("By Jane Roe, Tidewrack", "Sign up to Tidewrack here.") == "Tidewrack"
    assert house_of("By Jane Roe, Anna Kite", f"She told the Anna Kite. {LEAD}") == "Anna Kite"


def test_what_only_may_be_a_house_counts_less_than_other_evidence() -> None:
    text = f"By Jane Roe, Corner Flag\n\n{LEAD}"
    credit = parts_of("By Jane Roe, Corner Flag").credit
    assert credit is not None
    assert not credit.sure
    assert assemble(Fields(), text, name="a").article.source.name == "Corner Flag"
    stated = assemble(Fields(source="upi"), text, name="a").article.source
    given = assemble(Fields(), text, name="a", given_source="upi").article.source
    assert (stated.name, given.name) == ("UPI", "UPI")


def test_a_surname_that_papers_are_called_by_makes_nobody_surely_a_house() -> None:
    credit = parts_of("By Jane Roe, Sun Guizhi").credit
    assert credit is None or not credit.sure


def test_of_two_names_that_may_be_houses_none_is_taken() -> None:
    assert house_of("By Jane Roe, Corner Flag, Morava Dnesek") is None


def test_the_town_of_a_university_is_not_the_place_of_the_story() -> None:
    assert parts_of("By Jane Roe, University of Leeds").place is None
    assert parts_of("By Jane Roe, Leeds").place is not None


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Harrow Press via The Skerry Observer", "Harrow Press"),
        ("AP via Skerry Gazette", "AP"),
        ("Skerry Gazette, with Harrow Wire", "Harrow Wire"),
        ("Monday 4 March 2019 | Skerry Gazette, with Harrow Wire", "Harrow Wire"),
        ("Jane Roe via The Skerry Observer", "The Skerry Observer"),
        ("Rome via Milan", None),
        ("Man With Golden Wire", None),
    ],
)
def test_the_agency_whose_copy_a_paper_carries_is_the_source(line: str, source: str | None) -> None:
    text = f"Pier to open again\n{line}\n\n{LEAD}"
    assert assemble(Fields(), text, name="a").article.source.name == source


def test_a_byline_between_the_first_paragraphs_is_found() -> None:
    text = f"VISBY -- {LEAD}\n\nBy Elin Sandgren, Gotland Beacon\n\nIt had been shut since May."
    article = assemble(Fields(), text, name="a").article
    assert (article.byline, article.source.name) == (
        "By Elin Sandgren, Gotland Beacon",
        "Gotland Beacon",
    )
    section = f"VISBY -- {LEAD}\n\nBy The Numbers\n\nIt had been shut since May."
    assert assemble(Fields(), section, name="a").article.byline is None


@pytest.mark.parametrize(
    "line",
    [
        "Soldiers dig on Tuesday. Photo: Jane Roe/Harrow Press",
        "She waves her hat on Thursday. Photo by Jane Roe for Harrow Wire",
        "A pale octopus on the sea floor. Handout: Institute of the Sea",
        "The mosaic before it was cleaned. Photo courtesy of the Museum of Dougga",
        "The footbridge at dusk (Image credit: Jane Roe)",
        "A helmet lies on the mud on Saturday. (Jane Roe/Harrow Press)",
        "FILE PHOTO: A man walks past the bank",
        "Der Turm am Abend. Foto: Jana Roe/dpa",
        "Jane Roe/Getty Images",
        "© Jane Roe/Adria Media Pool",
    ],
)
def test_a_line_with_a_pictures_credit_is_a_caption_and_no_title(line: str) -> None:
    assert is_caption(line)
    article = assemble(Fields(), f"{line}\n\nPier to open again\n\n{LEAD}", name="a").article
    assert article.title == "Pier to open again"


@pytest.mark.parametrize(
    "line",
    [
        "Photos: the lantern parade of Brückdorf",
        "Photo finish decides the mayor's race",
        "Rare photo: Stalin in Tehran",
        "Handout of 300 euros for every household",
        "Credit: what the banks want",
        "Credit Suisse to cut jobs",
        '"It\'s over." Photo of the wall goes viral',
        "Review: Thunder (Island Records/Universal Music)",
        "AUDIO/VIDEO <AVA> TO GET EXPENSES FROM DIXONS",
    ],
)
def test_a_title_that_speaks_of_pictures_is_a_title(line: str) -> None:
    assert not is_caption(line)


@pytest.mark.corpus
def test_the_bylines_of_a_wire_name_no_house(shared: Path) -> None:
    path = shared / "corpora" / "reuters2006-2013.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        bylines = {" ".join((json.loads(line)["byline"] or "").split()) for line in lines}
    assert len(bylines) > 2_000
    assert [line for line in bylines if house_of(line)] == []
