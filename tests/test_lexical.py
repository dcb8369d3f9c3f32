"""Words to rows: BM25 as published, filters that never touch a score, any question answered."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import lexical
from qa.columns import Bounds
from qa.lexical import LexicalDocument, LexicalIndex

OPEN = Bounds()


def document(row: int, text: str, title: str = "", **more: int) -> LexicalDocument:
    fields = {"article_row": row, "first": 100, "end": 101, "source": 1} | more
    return LexicalDocument(row=row, title=title, text=text, **fields)


def made(folder: Path, documents: list[LexicalDocument]) -> LexicalIndex:
    folder.mkdir(exist_ok=True)
    lexical.create(folder, documents)
    return LexicalIndex.open(folder)


# Words that the stemmer leaves alone, so that the reference needs none.
CORPUS = [
    document(1, "ferry sank harbour ferry", "storm"),
    document(2, "harbour crane", "port harbour"),
    document(3, "storm storm storm wind rain hail"),
    document(4, "ferry ticket price", "ferry ferry"),
    document(5, "rain"),
]


def reference_bm25(question: list[str], k1: float = 1.2, b: float = 0.75) -> dict[int, float]:
    """Robertson and Zaragoza 2009, section 3.3, over title and text as one bag of words."""
    bags = {d.row: Counter(f"{d.title} {d.text}".split()) for d in CORPUS}
    mean = sum(bag.total() for bag in bags.values()) / len(bags)
    scores: dict[int, float] = {}
    for row, bag in bags.items():
        score = 0.0
        for term in question:
            holding = sum(term in other for other in bags.values())
            idf = math.log(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
            norm = k1 * (1 - b + b * bag.total() / mean)
            score += idf * bag[term] * (k1 + 1) / (bag[term] + norm)
        if score:
            scores[row] = score
    return scores


@pytest.mark.parametrize(
    "question", ["ferry", "harbour storm", "rain ferry price wind", "crane hail port", "absent"]
)
def test_scores_are_those_of_the_published_formula(tmp_path: Path, question: str) -> None:
    found = made(tmp_path, CORPUS).search(question, 10, OPEN)
    expected = reference_bm25(question.split())
    assert dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True)) == pytest.approx(
        expected, rel=1e-5
    )
    assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)


def test_a_word_said_twice_in_the_question_counts_once(tmp_path: Path) -> None:
    index = made(tmp_path, CORPUS)
    once, twice = index.search("ferry", 5, OPEN), index.search("Ferry ferries FERRY", 5, OPEN)
    assert once.rows.tolist() == twice.rows.tolist()
    assert once.scores.tolist() == twice.scores.tolist()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many of the 1,375 came?", "There were 1,375 of them"),
        ("Who is R.J. Example?", "R.J. Example spoke"),
        ("elections in Sao Tome", "Élections à São Tomé"),
        ("the runner's U.S. tour", "A run through the U.S."),
        ("O'Neil's 12.5 pct", "O'Neil wants 12.5 pct"),
        ("выборы в Москве", "В Москве прошли выборы"),
        ("To be or not", "to be or not to be"),
    ],
)
def test_numbers_initials_accents_and_other_scripts_match_their_text(
    tmp_path: Path, question: str, text: str
) -> None:
    index = made(tmp_path, [document(1, "nothing alike whatsoever"), document(2, text)])
    assert index.search(question, 5, OPEN).rows.tolist()[:1] == [2]


@pytest.mark.parametrize("question", ["", "   ", "?!", "\u200b", "«»", "- + ~ ^ *"])
def test_a_question_without_a_word_finds_nothing(tmp_path: Path, question: str) -> None:
    assert len(made(tmp_path, CORPUS).search(question, 5, OPEN).rows) == 0


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return made(tmp_path_factory.mktemp("words"), CORPUS)


@given(question=st.text(), k=st.integers(-1, 10**6))
def test_no_question_raises(index: LexicalIndex, question: str, k: int) -> None:
    found = index.search(question, k, OPEN)
    assert len(found.rows) == len(found.scores) <= max(0, min(k, len(CORPUS)))


@pytest.mark.parametrize(
    "question",
    ['ferry AND (harbour OR "', "title:ferry^9", "ferry*", "[ferry TO harbour]", "-ferry"],
)
def test_query_syntax_is_only_words(index: LexicalIndex, question: str) -> None:
    assert {1, 4} <= set(index.search(question, 5, OPEN).rows.tolist())


# Every third undated, three sources and none, spans of one to nine days.
SPANS = [
    document(
        row,
        "storm " * (row % 4 + 1),
        first=(row * 17) % 31 if row % 3 else 0,
        end=(row * 17) % 31 + row % 9 + 1 if row % 3 and (row * 17) % 31 else 0,
        source=row % 4,
    )
    for row in range(80)
]
DAYS = st.none() | st.integers(1, 40)


@pytest.fixture(scope="module")
def spans(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return made(tmp_path_factory.mktemp("spans"), SPANS)


@given(
    start=DAYS,
    length=st.integers(0, 15),
    as_of=DAYS,
    sources=st.none() | st.lists(st.integers(1, 3), unique=True),
)
def test_filters_let_through_exactly_what_they_say_and_leave_scores_alone(
    spans: LexicalIndex,
    start: int | None,
    length: int,
    as_of: int | None,
    sources: list[int] | None,
) -> None:
    bounds = Bounds(
        start=start,
        end=None if start is None else start + length,
        as_of=as_of,
        sources=None if sources is None else tuple(sources),
    )
    wanted = {
        d.row
        for d in SPANS
        if (start is None or (d.first > 0 and d.first < start + length and d.end > start))
        and (as_of is None or 0 < d.first <= as_of)
        and (sources is None or d.source in sources)
    }
    everything = spans.search("storm", 100, OPEN)
    scores = dict(zip(everything.rows.tolist(), everything.scores.tolist(), strict=True))
    assert len(scores) == len(SPANS)
    found = spans.search("storm", 100, bounds)
    assert dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True)) == {
        row: scores[row] for row in wanted
    }


def test_added_documents_score_as_if_they_had_been_there_from_the_start(tmp_path: Path) -> None:
    whole = made(tmp_path / "whole", CORPUS)
    made(tmp_path / "grown", CORPUS[:2])
    lexical.extend(tmp_path / "grown", CORPUS[2:], ())
    grown = LexicalIndex.open(tmp_path / "grown")
    for question in ("ferry harbour", "storm rain price"):
        a, b = whole.search(question, 5, OPEN), grown.search(question, 5, OPEN)
        assert a.rows.tolist() == b.rows.tolist()
        assert a.scores.tolist() == pytest.approx(b.scores.tolist(), rel=1e-6)


def test_an_index_that_was_opened_does_not_see_what_comes_later(tmp_path: Path) -> None:
    before = made(tmp_path, CORPUS)
    scores = before.search("ferry", 5, OPEN)
    lexical.extend(tmp_path, [document(9, "ferry")], [1])
    again = before.search("ferry", 5, OPEN)
    assert scores.rows.tolist() == again.rows.tolist() == [4, 1]
    assert scores.scores.tolist() == again.scores.tolist()
    assert sorted(LexicalIndex.open(tmp_path).search("ferry", 5, OPEN).rows.tolist()) == [4, 9]


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    assert len(made(tmp_path, []).search("ferry", 5, OPEN).rows) == 0
