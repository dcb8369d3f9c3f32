"""Passages keep every word of an article, at exact offsets, in pieces that the model can read."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from qa.passages import LONGEST_SENTENCE, sentences, split, word_count
from qa.types import Article


def texts_of(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def covered(text: str, spans: list[tuple[int, int]]) -> set[int]:
    return {i for start, end in spans for i in range(start, end)}


def test_sentences_end_at_stops_and_paragraphs() -> None:
    text = "The dam held. Nobody was hurt.\n\nRepairs begin in May. They will last a year."
    assert texts_of(text) == [
        "The dam held.",
        "Nobody was hurt.",
        "Repairs begin in May.",
        "They will last a year.",
    ]


def test_titles_initials_and_tickers_end_no_sentence() -> None:
    text = "Mr. Orlov of Tern Corp. sold TRN.N shares at 3.5 dlrs. J. D. Mills bought."
    assert texts_of(text)[0] == "Mr. Orlov of Tern Corp. sold TRN.N shares at 3.5 dlrs."


def test_sentences_inside_a_long_quotation_are_parted() -> None:
    text = 'She said: "We lost the market. Our plants stand idle. Nobody pays." Then she left.'
    assert texts_of(text)[1] == "Our plants stand idle."


@given(st.text(max_size=400))
def test_no_code_point_but_white_space_is_outside_every_sentence(text: str) -> None:
    spans = sentences(text)
    missing = set(range(len(text))) - covered(text, spans)
    assert all(text[i].isspace() for i in missing)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@given(st.text(alphabet=st.sampled_from('aé語 .\n?!"A1,'), max_size=3000))
def test_passages_together_hold_the_whole_article(text: str) -> None:
    passages = split(Article("x", text), fits=lambda t: len(t) <= 254)
    inside = covered(text, [(p.start, p.end) for p in passages])
    assert all(text[i].isspace() for i in set(range(len(text))) - inside)
    assert [p.ordinal for p in passages] == list(range(len(passages)))
    assert all(p.end - p.start <= 254 for p in passages)


def test_a_passage_is_about_a_hundred_words_and_repeats_one_short_sentence() -> None:
    text = " ".join(f"Sentence number {n} has just eight words." for n in range(60))
    passages = split(Article("x", text))
    sizes = [word_count(text[p.start : p.end]) for p in passages]
    assert all(80 <= size <= 120 for size in sizes[:-1])
    for before, after in pairwise(passages):
        shared = text[after.start : before.end]
        assert shared.startswith("Sentence number") and word_count(shared) == 7


def test_a_sentence_of_one_megabyte_is_split_within_a_second() -> None:
    """Row 45."""
    text = "x" * 1_000_000
    began = time.perf_counter()
    spans = sentences(text)
    passages = split(Article("x", text), fits=lambda t: len(t) <= 1000)
    assert time.perf_counter() - began < 1.0
    assert max(end - start for start, end in spans) <= LONGEST_SENTENCE
    assert sum(end - start for start, end in spans) == len(text)
    assert passages[-1].end == len(text)


def test_text_longer_than_the_models_window_is_split_not_cut() -> None:
    """Row 8."""
    text = " ".join(["7,3,9,1"] * 90) + "."
    passages = split(Article("x", text), fits=lambda t: len(t) <= 254)
    assert len(passages) > 1
    assert all(p.end - p.start <= 254 for p in passages)
    inside = covered(text, [(p.start, p.end) for p in passages])
    assert all(text[i].isspace() for i in set(range(len(text))) - inside)


def test_an_empty_article_has_no_passage() -> None:
    assert split(Article("x", "")) == []
    assert split(Article("x", " \n ")) == []
