"""What stands around a story answers nothing, and an answer is of the kind that is asked for."""

from __future__ import annotations

from datetime import date

import pytest

from qa.reader.asides import asides, outside
from qa.reader.asked import read_asked
from qa.reader.chunks import chunks, gives_reason
from qa.reader.names import Name, names
from qa.reader.task import Task
from qa.reader.words import tokens
from qa.types import (
    Article,
    Finding,
    Hit,
    Passage,
    Published,
    Source,
    StoredPassage,
    Understood,
)

HEAD = "OSTMARK, Oct 3 (Fenland Wire) - "
STORY = "Ostmark chose Ilka Brandt as its first mayor on Sunday."
DATELINE = Finding("dateline", HEAD.strip(), "dateline", HEAD.strip(), 0, len(HEAD.strip()))


def article(text: str, *findings: Finding) -> Article:
    day = Published(date(2011, 10, 3), "day", "given")
    return Article("a", text, Source("X", "given"), day, findings=findings)


def task(question: str, one: Article) -> Task:
    passage = Passage("a#0", "a", 0, 0, len(one.text))
    return Task(question, Understood(), [Hit(passage, 1.0)], [StoredPassage(0, 0, passage)], [one])


def named(text: str) -> dict[str, Name]:
    return {text[name.start : name.end]: name for name in names(text, tokens(text))}


def test_the_words_and_the_day_of_a_dateline_answer_nothing() -> None:
    read = task("When did Ostmark choose its first mayor?", article(HEAD + STORY, DATELINE))
    sentence = read.reports[0].sentences[0]
    assert [word.text for word in sentence.words][:2] == ["Ostmark", "chose"]
    assert [event.text for event in read.events(sentence)] == ["Sunday"]


def test_a_dateline_still_helps_to_recognise_its_article() -> None:
    read = task("Who was chosen?", article(HEAD + STORY, DATELINE))
    assert "fenland" in " ".join(read.reports[0].article)


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("Crews at the port. (Photo by Ana Roth)", "(Photo by Ana Roth)"),
        ("It fell. (Reporting by Jo Lind; Editing by Al Stern)", None),
        ("Brix Oil ( BRX.N ) rose.", "( BRX.N )"),
        ("Brix Oil <BRX> rose.", "<BRX>"),
        ("Brix Oil BRX.L rose.", "BRX.L"),
        ("The photo showed a ship (the Alma) and the U.S. flag.", ""),
        ("The merger (<Alder and Brix>) was off.", ""),
    ],
)
def test_credits_and_share_codes_are_told_by_their_form(text: str, aside: str | None) -> None:
    wanted = text[text.index("(") :] if aside is None else aside
    assert [text[a:b] for a, b in asides(article(text))] == ([wanted] if wanted else [])


def test_words_outside_a_stretch_are_kept_in_order() -> None:
    words = tokens("one two three four")
    assert [word.text for word in outside(words, [(4, 7)])] == ["one", "three", "four"]


def test_an_office_before_a_name_is_not_part_of_it() -> None:
    found = named("He met Central Reserve Bank President Olga Vint and Prime Minister Pell Sund.")
    assert found["Olga Vint"].person
    assert found["Pell Sund"].person
    assert "Central Reserve Bank" in found


def test_a_firm_whose_name_begins_like_an_office_stays_whole() -> None:
    assert "General Motors" in named("The plant of General Motors closed.")


@pytest.mark.parametrize("place", ["Cape Aldmoor", "San Perrin"])
def test_a_place_by_its_form_is_no_person(place: str) -> None:
    found = named(f"The crew reached {place} on Monday.")
    assert not found[place].person


def test_a_word_that_only_opens_its_sentence_is_no_name() -> None:
    assert "Shares" not in named("Shares fell, and more shares were sold.")
    assert "Astronomers" not in named("Astronomers saw it first.")
    assert "Brix" in named("Brix fell.")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What is the Bank of Ostmark's current lending rate?", "measure"),
        ("Which country's regulator blocked the merger?", "place"),
        ("What is the share swap of Alder and Brix worth?", "money"),
        ("What were the two seized boats called?", "name"),
        ("Which two researchers left Alder?", "person"),
    ],
)
def test_the_kind_follows_the_noun_that_is_asked_for(question: str, kind: str) -> None:
    assert read_asked(question).kind == kind


def test_a_height_is_no_headcount_and_no_volume() -> None:
    assert read_asked("How tall is the Orland tower?").units == {"length"}
    assert "time" not in read_asked("How large was the fund?").units
    assert read_asked("How far had Alder cut its staff?").units == frozenset()


def test_the_kind_of_body_alone_names_nothing() -> None:
    asked = read_asked("What does the Bank of Ostmark charge?")
    assert asked.particular == (("ostmark",),)


def test_a_noun_group_ends_before_its_verb() -> None:
    text = "A worn seal in the fuel pump caused the ferry to stop."
    found = {text[chunk.start : chunk.end] for chunk in chunks(text, tokens(text))}
    assert {"worn seal", "fuel pump"} <= found
    assert not any(group.endswith("caused") for group in found)


def test_a_cause_is_told_by_its_words() -> None:
    assert gives_reason("A worn seal caused the stop.")
    assert not gives_reason("The ferry stopped on Monday.")
