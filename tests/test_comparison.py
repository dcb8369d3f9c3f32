"""A comparison is asked for each side too, and both sides' reports are among the stories."""

from __future__ import annotations

from datetime import date

import pytest

from qa.comparison import sides
from qa.ranking import Ranked, together
from qa.types import Article, Hit, Passage, Published, Query, Source, StoredPassage


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        (
            "Who flew fuller planes in May 2011, Aerolind or Skerry Air?",
            "Who flew fuller planes in May 2011, Aerolind or ?",
            "Who flew fuller planes in May 2011, or Skerry Air?",
        ),
        (
            "Was Ostmark's inflation higher in July 2010 or in April 2013?",
            "Was Ostmark's inflation higher in July 2010 or in ?",
            "Was Ostmark's inflation higher in or in April 2013?",
        ),
        (  # what stands before the counterpart is shared: the firm, not its dates
            "Did Norvik's closure of a mill in 2007 cost more jobs than its January 2010 layoffs?",
            "Did Norvik's closure of a mill in 2007 cost more jobs than its layoffs?",
            "Did Norvik's closure of a mill in cost more jobs than its January 2010 layoffs?",
        ),
        (  # a year that only one side has is shared
            "Did more houses burn at Dunmarra in March 2019 or in May?",
            "Did more houses burn at Dunmarra in March 2019 or in ?",
            "Did more houses burn at Dunmarra in 2019 or in May?",
        ),
        (
            "Compare the tolls that the Harrow Wire and the Coast Post gave for the fire.",
            "Compare the tolls that the Harrow Wire and the gave for the fire.",
            "Compare the tolls that the and the Coast Post gave for the fire.",
        ),
    ],
)
def test_a_comparison_is_asked_for_each_side(question: str, first: str, second: str) -> None:
    assert sides(question) == (first, second)


@pytest.mark.parametrize(
    "question",
    [
        "How many people were on board the Aurelia?",
        "When was the cable between Tonga and Fiji cut?",
        "Did he win or lose the Valmere run-off?",
        "Who met Ilka Brandt and Jon Vey in May 2011?",
        "more or less than ten?",
        "",
    ],
)
def test_what_compares_nothing_has_no_sides(question: str) -> None:
    assert sides(question) == ()


def ranked(*stories: tuple[str, float, int]) -> Ranked:
    """A ranking of (article, score, day of May 2011), without copies."""
    articles = tuple(
        Article(name, "text", Source("X", "given"), Published(date(2011, 5, day), "day", "given"))
        for name, _, day in stories
    )
    passages = [Passage(f"{name}#0", name, 0, 0, 4) for name, _, _ in stories]
    return Ranked(
        tuple(Hit(p, score) for p, (_, score, _) in zip(passages, stories, strict=True)),
        tuple(StoredPassage(0, 0, p) for p in passages),
        articles,
        ((),) * len(stories),
    )


def test_each_ranking_is_heard_by_turns_and_a_story_comes_once() -> None:
    one = ranked(("a", 0.9, 1), ("b", 0.8, 2), ("c", 0.7, 3))
    other = ranked(("d", 0.5, 4), ("a", 0.4, 1), ("e", 0.3, 5))
    found = together([one, other], Query("?", k=3))
    assert [article.id for article in found.articles] == ["a", "b", "d"]  # though c scores above d
    assert [hit.score for hit in found.hits] == [0.9, 0.8, 0.5]
    newest = together([one, other], Query("?", k=3, sort="newest"))
    assert [article.id for article in newest.articles] == ["d", "b", "a"]
    every = together([one, other], Query("?", k=9))
    assert [article.id for article in every.articles] == ["a", "b", "c", "d", "e"]
