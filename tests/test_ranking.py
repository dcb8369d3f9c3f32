"""The right passage first: each signal does what its name says, and rank() tells one story."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from qa.ranking import FEATURES, rank
from qa.ranking.pool import min_max
from qa.ranking.weights import learnt_weights
from qa.ranking.wording import compared
from qa.types import (
    Article,
    Candidates,
    DateWindow,
    EventDate,
    Filters,
    Passage,
    Precision,
    Published,
    Query,
    Rows,
    Source,
    StoredPassage,
    Understood,
    Vectors,
)
from qa.when import agreement

QUESTION = np.array([1.0, 0.0], np.float32)
EMPTY = Candidates(np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass
class Shelf:
    """A snapshot of one-passage articles with cosines and BM25 scores given by hand."""

    articles_: list[Article]
    cosines: list[float]
    lexical_scores: dict[int, float] = field(default_factory=dict)
    events: dict[int, tuple[EventDate, ...]] = field(default_factory=dict)

    def dense(self, question: Vectors, k: int, filters: Filters) -> Candidates:
        rows = [n for n in np.argsort(self.cosines)[::-1] if self._passes(int(n), filters)][:k]
        scores = [self.cosines[n] for n in rows]
        return Candidates(np.array(rows, np.int64), np.array(scores, np.float32))

    def lexical(self, question: str, k: int, filters: Filters) -> Candidates:
        found = sorted(self.lexical_scores.items(), key=lambda item: -item[1])
        kept = [(n, s) for n, s in found if self._passes(n, filters)][:k]
        rows, scores = [n for n, _ in kept], [s for _, s in kept]
        return Candidates(np.array(rows, np.int64), np.array(scores, np.float32))

    def vectors(self, rows: Rows) -> Vectors:
        chosen = np.array([self.cosines[n] for n in rows])
        return np.stack([chosen, np.sqrt(1 - chosen**2)], axis=1).astype(np.float32)

    def owners(self, rows: Rows) -> Rows:
        return rows

    def passages(self, rows: Iterable[int]) -> list[StoredPassage]:
        return [
            StoredPassage(
                row,
                row,
                Passage(f"{row}#0", self.articles_[row].id, 0, 0, len(self.articles_[row].text)),
                self.events.get(row, ()),
            )
            for row in rows
        ]

    def articles(self, article_rows: Iterable[int]) -> dict[int, Article]:
        return {row: self.articles_[row] for row in article_rows}

    def _passes(self, row: int, filters: Filters) -> bool:
        day = self.articles_[row].published.day
        return filters.window is None or (day is not None and day in filters.window)


def article(name: str, day: str | None = None, source: str = "Kestral", text: str = "") -> Article:
    published = Published(datetime.fromisoformat(day), "minute", "metadata") if day else Published()
    return Article(name, text or f"Report {name} of the harbour.", Source(source), published)


def ranked(
    shelf: Shelf, understood: Understood | None = None, **query: object
) -> tuple[list[str], list[dict[str, float]]]:
    asked = Query("How many crates were lost?", **query)  # type: ignore[arg-type]
    found = rank(shelf, asked, understood or Understood(), QUESTION, Filters())  # type: ignore[arg-type]
    assert [hit.passage.article_id for hit in found.hits] == [a.id for a in found.articles]
    return [a.id for a in found.articles], [dict(hit.by) for hit in found.hits]


def window(first: date, end: date) -> DateWindow:
    return DateWindow(first, end, "")


def test_the_parts_of_a_score_sum_to_it_and_stay_within_one() -> None:
    shelf = Shelf([article("a"), article("b"), article("c")], [0.9, 0.5, 0.1], {1: 8.0, 0: 3.0})
    found = rank(shelf, Query("Lost crates?"), Understood(), QUESTION, Filters())  # type: ignore[arg-type]
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    for hit in found.hits:
        assert hit.score == pytest.approx(sum(hit.by.values()))
        assert 0.0 <= hit.score <= 1.0


def test_a_passage_that_both_searches_find_beats_one_that_only_one_finds() -> None:
    shelf = Shelf(
        [article("dense"), article("both"), article("lexical"), article("off")],
        [0.9, 0.8, 0.1, 0.0],
        {1: 9.0, 2: 9.5},
    )
    assert ranked(shelf)[0][0] == "both"


def test_no_candidates_give_no_hits() -> None:
    assert ranked(Shelf([], []))[0] == []


def test_the_latest_of_equals_wins_where_the_latest_is_asked_for_and_the_oldest_for_the_first() -> (
    None
):
    shelf = Shelf(
        [
            article("old", "2012-05-01T09:00"),
            article("new", "2012-06-01T09:00"),
            article("undated"),
        ],
        [0.8, 0.8, 0.8],
    )
    assert ranked(shelf, Understood(order="latest"))[0][0] == "new"
    assert ranked(shelf, Understood(order="first"))[0][0] == "old"


def test_hours_of_one_day_count_as_newness() -> None:
    shelf = Shelf(
        [article("noon", "2012-05-01T12:00"), article("night", "2012-05-01T22:30")], [0.8, 0.8]
    )
    assert ranked(shelf, Understood(order="latest"))[0][0] == "night"


def test_what_came_after_the_named_day_is_not_the_latest_as_of_it() -> None:
    day = window(date(2012, 5, 2), date(2012, 5, 3))
    shelf = Shelf(
        [article("before", "2012-05-01T12:00"), article("on", "2012-05-02T12:00"),
         article("after", "2012-05-09T12:00")],
        [0.8, 0.8, 0.8],
    )  # fmt: skip
    newness = newness_of(shelf, day, window(day.start, date(2012, 5, 10)))
    assert newness["on"] > newness["before"] == newness["after"] == 0.0
    understood = Understood(order="latest", period=day, window=window(day.start, date(2012, 5, 10)))
    assert ranked(shelf, understood)[0][0] == "on"


def newness_of(
    shelf: Shelf,
    period: DateWindow | None = None,
    days: DateWindow | None = None,
    outcome: bool = False,
) -> dict[str, float]:
    """The part of "latest" in the score of each article, where the latest is asked for."""
    understood = Understood(order="latest", period=period, window=days, outcome=outcome)
    names, parts = ranked(shelf, understood)
    return {name: by.get("latest", 0.0) for name, by in zip(names, parts, strict=True)}


def test_where_an_outcome_is_asked_for_the_named_time_dates_the_matter_not_the_reports() -> None:
    day = window(date(2012, 5, 2), date(2012, 5, 3))
    shelf = Shelf(
        [article("bid", "2012-05-01T12:00"), article("close", "2012-05-02T12:00"),
         article("outcome", "2012-05-09T12:00")],
        [0.8, 0.8, 0.8],
    )  # fmt: skip
    days = window(day.start, date(2012, 5, 10))
    newness = newness_of(shelf, day, days, outcome=True)
    assert newness["outcome"] > newness["close"] > newness["bid"]
    understood = Understood(order="latest", period=day, window=days, outcome=True)
    assert ranked(shelf, understood)[0][0] == "outcome"


def test_reports_of_other_matters_do_not_make_the_newest_of_a_matter_old() -> None:
    reports = [article("old", "2012-05-01T12:00"), article("new", "2012-05-04T12:00")]
    others = [article(f"other{n}", f"2012-06-{n + 1:02}T12:00") for n in range(14)]
    scores = [0.8, 0.78, *(0.3 - n / 100 for n in range(14))]
    shelf = Shelf([*reports, *others], scores, {0: 9.0, 1: 8.9, **dict.fromkeys(range(2, 16), 0.5)})
    newness = newness_of(shelf)
    assert newness["new"] == max(newness.values()) > newness["old"] == 0.0


def test_of_few_reports_that_are_alike_all_count_as_the_matter() -> None:
    days = ["2012-05-01T12:00", "2012-05-04T12:00", "2012-05-06T12:00"]
    reports = [article(name, day) for name, day in zip("abc", days, strict=True)]
    newness = newness_of(Shelf(reports, [0.8, 0.79, 0.78], {0: 9.0, 1: 8.9, 2: 8.8}))
    assert newness["c"] > newness["b"] > newness["a"] == 0.0


def test_the_day_that_is_named_wins_and_a_question_without_a_time_ignores_days() -> None:
    shelf = Shelf(
        [
            article("other", "2012-03-01T12:00"),
            article("named", "2012-05-02T12:00"),
            article("neither", "2012-03-01T12:00"),
        ],
        [0.85, 0.8, 0.1],
        {0: 5.0, 1: 4.9, 2: 1.0},
    )
    period = window(date(2012, 5, 2), date(2012, 5, 3))
    understood = Understood(period=period, window=window(date(2012, 5, 1), date(2012, 5, 10)))
    names, by = ranked(shelf, understood)
    assert names[0] == "named"
    assert by[0]["published_near"] > 0
    names, by = ranked(shelf)
    assert names[0] == "other"
    assert not any(name.startswith("published") for parts in by for name in parts)


def test_a_title_that_names_the_asked_month_wins_over_silence_and_silence_over_another_month() -> (
    None
):
    day = "2012-05-03T12:00"
    shelf = Shelf(
        [
            replace(article("march", day), title="Orchard output rose in March"),
            replace(article("silent", day), title="Orchard output rose in Tolsund"),
            replace(article("april", day), title="Orchard output rose in April"),
        ],
        [0.8, 0.8, 0.8],
    )
    period = window(date(2012, 4, 1), date(2012, 5, 1))
    understood = Understood("number", period, window(date(2012, 4, 1), date(2012, 6, 1)))
    names, by = ranked(shelf, understood)
    assert names == ["april", "silent", "march"]
    assert by[0]["dated_title"] == pytest.approx(2 * by[1]["dated_title"])
    assert "dated_title" not in by[2]
    assert not any("dated_title" in parts for parts in ranked(shelf)[1])


def test_a_named_publisher_is_preferred() -> None:
    shelf = Shelf([article("a", source="Kestral"), article("b", source="Nordpress")], [0.8, 0.8])
    assert ranked(shelf, Understood(sources=("Nordpress",)))[0][0] == "b"


def test_copies_take_one_place_and_k_distinct_stories_come_back() -> None:
    text = "Forty crates of oranges were lost when the quay of Tolsund gave way in the night. " * 3
    shelf = Shelf(
        [article("first", "2012-05-01T08:00", text=text),
         article("rerun", "2012-05-01T12:00", text=text), article("other", "2012-05-01T12:00")],
        [0.9, 0.89, 0.2],
    )  # fmt: skip
    found = rank(shelf, Query("Crates?", k=2), Understood(), QUESTION, Filters())  # type: ignore[arg-type]
    assert [a.id for a in found.articles] == ["first", "other"]
    assert [[c.id for c in copies] for copies in found.copies] == [["rerun"], []]


def test_sorting_by_day_puts_undated_stories_last() -> None:
    shelf = Shelf(
        [
            article("old", "2012-05-01T09:00"),
            article("undated"),
            article("new", "2013-01-01T09:00"),
        ],
        [0.8, 0.9, 0.7],
    )
    assert ranked(shelf, sort="newest")[0] == ["new", "old", "undated"]
    assert ranked(shelf, sort="oldest")[0] == ["old", "new", "undated"]


def published(year: int, month: int, day: int, precision: Precision = "day") -> Published:
    return Published(date(year, month, day), precision, "given")


def test_time_fits_fall_with_the_days_between() -> None:
    period = window(date(2012, 5, 1), date(2012, 6, 1))
    assert agreement.after(published(2012, 5, 31), period) == 1.0
    assert agreement.after(published(2012, 6, 20), period) == pytest.approx(np.exp(-1))
    assert agreement.after(published(2012, 4, 20), period) == 0.0
    day = window(date(2012, 5, 2), date(2012, 5, 3))
    assert agreement.near(published(2012, 5, 2), day) == 1.0
    assert 1.0 > agreement.near(published(2012, 5, 3), day) > 0.5
    assert agreement.near(published(2012, 5, 2), period) == 0.0
    assert agreement.near(Published(), day) == agreement.after(Published(), period) == 0.0


def test_an_article_of_which_only_the_month_is_known_is_of_its_month_and_of_no_day() -> None:
    may = published(2012, 5, 1, "month")
    day = window(date(2012, 5, 16), date(2012, 5, 17))
    assert agreement.after(may, day) == 1.0
    assert agreement.after(may, window(date(2012, 6, 3), date(2012, 6, 4))) == 0.0
    assert agreement.near(may, window(date(2012, 5, 1), date(2012, 5, 2))) == 0.0


def test_told_is_the_share_of_common_days() -> None:
    period = window(date(2012, 5, 1), date(2012, 5, 11))
    half = EventDate("", 0, 0, date(2012, 5, 6), date(2012, 5, 15), "range")
    assert agreement.overlap([half], period) == pytest.approx(5 / 15)
    whole = replace(half, first=date(2012, 5, 1), last=date(2012, 5, 10))
    assert agreement.overlap([whole], period) == 1
    assert agreement.overlap([], period) == 0
    last = EventDate("", 0, 0, date(9999, 12, 31), date.max, "day")
    assert agreement.overlap([last], period) == 0


def test_min_max_is_flat_for_equal_scores() -> None:
    assert min_max(np.array([2.0, 2.0])).tolist() == [1.0, 1.0]
    assert min_max(np.array([1.0, 3.0, 2.0])).tolist() == [0.0, 1.0, 0.5]


def test_a_title_counts_by_the_rarity_of_the_words_that_it_shares_with_the_question() -> None:
    titles = ["Ferries collide", "Harbour closed", "Harbour strike grows", None]
    articles = [replace(article(str(n)), title=title) for n, title in enumerate(titles)]
    found = compared("Is the harbour strike over?", articles).title
    rarity = {held: np.log(1 + 4.5 / (held + 1)) for held in (1, 2)}  # n of the 4 titles hold it
    assert found == pytest.approx([0, rarity[2], rarity[1] + rarity[2], 0])
    assert compared("Ferries? Harbour?", articles, "Harbour").title[1] == 0


def test_names_are_the_questions_capitalised_words_and_begin_a_word_of_the_article() -> None:
    articles = [
        article("both", text="The Tolsunder ferry belongs to Brae Lines."),
        replace(article("one", text="A ferry of another town."), title="TOLSUND: no ferry"),
        article("none", text="Nothing of Embrae or the ferry."),
        article("deep", text="x" * 1500 + " Tolsund Brae"),
    ]
    question = "Did Tolsund sell its ferry to Brae in May?"
    assert compared(question, articles, "in May").names.tolist() == [1, 0.5, 0, 0]
    assert compared("Is the Tolsunder ferry old?", articles).names.tolist() == [1, 1, 0, 0]
    assert compared("Who sold the ferry?", articles).names.tolist() == [0, 0, 0, 0]
    assert compared("WHO? A.* (B+", articles).names.tolist() == [0, 0, 0, 0]


def test_every_weight_names_a_signal_and_says_how_it_was_made() -> None:
    assert set(learnt_weights()) == set(FEATURES)
    assert all(weight >= 0 for weight in learnt_weights().values())
    made = json.loads(Path("qa/ranking/weights.json").read_text("utf-8"))["made"]
    assert made["by"] == "benchmarks/ranking.py" and made["cross_validated"]["hit@1"] > 0.7
