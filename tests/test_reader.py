"""The reader finds the sentence and the words that answer, or says why none do."""

from __future__ import annotations

from datetime import date

import pytest

from qa.reader import SpanReader
from qa.types import (
    Article,
    Asked,
    DateWindow,
    Hit,
    Passage,
    Published,
    Query,
    ReadAnswer,
    Source,
    StoredPassage,
    Understood,
)

FERRY = (
    "HARBOURTON - The ferry Morning Star sank off Harbourton on Tuesday, officials said. "
    "Rescuers pulled 212 passengers from the water. "
    "The vessel was built in 1999 and cost 40 million pounds. "
    "Captain Ellen Marsh told reporters that a pump had failed because of a broken valve. "
    "The company declined to say how many crew were aboard."
)


def article(text: str, day: date = date(2020, 5, 7), name: str = "a", source: str = "X") -> Article:
    return Article(
        name, text, Source(source, "given"), Published(day, "day", "given"), "Ferry sinks"
    )


def read(
    question: str,
    *articles: Article,
    asked: Asked = "what",
    period: DateWindow | None = None,
) -> ReadAnswer:
    hits, stored = [], []
    for n, one in enumerate(articles):
        passage = Passage(f"{one.id}#0", one.id, 0, 0, len(one.text))
        hits.append(Hit(passage, 0.9 - 0.1 * n))
        stored.append(StoredPassage(n, n, passage))
    understood = Understood(asked=asked, period=period, window=period)
    return SpanReader().read(Query(question), understood, hits, stored, articles)


@pytest.mark.parametrize(
    ("question", "asked", "answer"),
    [
        ("How many passengers were pulled from the water?", "number", "212"),
        ("What did the ferry Morning Star cost?", "number", "40 million pounds"),
        ("When did the ferry Morning Star sink off Harbourton?", "when", "2020-05-05"),
        ("Who told reporters that a pump had failed?", "who", "Ellen Marsh"),
        ("Why had the pump failed?", "why", "a broken valve"),
    ],
)
def test_the_span_is_of_the_kind_that_is_asked_for(
    question: str, asked: Asked, answer: str
) -> None:
    found = read(question, article(FERRY), asked=asked)
    assert found.quotes[0].text == answer


def test_a_quote_is_the_article_s_own_words_and_holds_the_answer() -> None:
    found = read("How many passengers were pulled from the water?", article(FERRY), asked="number")
    quote = FERRY[found.quotes[0].start : found.quotes[0].end]
    assert "Rescuers pulled 212 passengers from the water." in quote
    assert quote[0].isupper()
    assert quote.endswith(".")


def test_every_hit_gets_a_quote_that_lies_in_its_own_article() -> None:
    other = article("Trade talks opened in Marrow. Nobody spoke of ships.", name="b")
    found = read("How many passengers were pulled from the water?", article(FERRY), other)
    assert [quote.hit for quote in found.quotes] == [0, 1]
    assert 0 <= found.quotes[1].start < found.quotes[1].end <= len(other.text)


def test_a_name_that_stands_nowhere_is_no_match_and_is_named() -> None:
    found = read(
        "Who was the mayor of Quillby when Brennock Tower burned?", article(FERRY), asked="who"
    )
    assert found.best is None
    assert found.reason == "no_match"
    assert "Quillby" in found.weakness


def test_what_the_report_declines_to_say_is_a_near_miss_and_says_so() -> None:
    text = (
        "Alder Foods bought the Wexcombe bakery chain on Monday. The price was not disclosed. "
        "Alder said it would keep the name Wexcombe."
    )
    found = read(
        "What salary will the head of Alder Foods at Wexcombe receive?",
        article(text),
        asked="number",
    )
    assert found.best is None
    assert found.reason == "weak_match"
    assert found.confidence < (found.threshold or 0.0)


def test_a_report_from_before_the_asked_time_makes_less_sure() -> None:
    question = "How many passengers were pulled from the water?"
    may = DateWindow(date(2020, 5, 1), date(2020, 6, 1), "in May 2020")
    early = read(question, article(FERRY, date(2020, 1, 2)), asked="number", period=may)
    fitting = read(question, article(FERRY), asked="number", period=may)
    assert early.confidence < fitting.confidence


def test_no_hits_are_no_match_and_no_error() -> None:
    found = SpanReader().read(Query("Who?"), Understood(), [], [], [])
    assert found.best is None
    assert found.reason == "no_match"
    assert found.quotes == ()


def test_independent_figures_are_shown_in_date_order_and_not_blended() -> None:
    later = article(
        "The ferry Morning Star sank. Rescuers pulled 230 passengers from the water, the coast "
        "guard said.",
        date(2020, 5, 9),
        "b",
        "Y",
    )
    found = read(
        "How many passengers did rescuers pull from the water?",
        later,
        article(FERRY),
        asked="number",
    )
    assert [figure.text for figure in found.figures] == ["212", "230"]
    assert [figure.hit for figure in found.figures] == [1, 0]


def test_the_same_figure_in_other_words_is_no_conflict() -> None:
    other = article(
        "Two hundred homes lost power. Rescuers pulled 212 passengers from the water.", name="b"
    )
    found = read(
        "How many passengers did rescuers pull from the water?",
        article(FERRY),
        other,
        asked="number",
    )
    assert found.figures == ()


def test_reading_twice_gives_the_same_answer() -> None:
    question = "Who told reporters that a pump had failed?"
    assert read(question, article(FERRY), asked="who") == read(
        question, article(FERRY), asked="who"
    )


@pytest.mark.parametrize(
    "text", ["x", "?!", "\n\n1\n\n", "İstanbul ẞ 𝟙𝟚 ½ ٣ 5 mln dlrs", "a " * 4000]
)
def test_odd_texts_are_read_without_an_error(text: str) -> None:
    found = read("How many İ ẞ ½ ٣ were there?", article(text), asked="number")
    assert text[found.quotes[0].start : found.quotes[0].end]
