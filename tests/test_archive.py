"""The facade, on the seed articles with the real model: every quote stands, every filter holds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from seed_archive import SEEDS, built

from qa.archive import Archive
from qa.errors import ArchiveNotFound, InvalidRequest, NotFound
from qa.evaluate import read_questions
from qa.reading.formats import read_path
from qa.types import Article, DateWindow, Published, Query, Source

QUESTIONS = Path(__file__).parent / "data" / "seed_questions.jsonl"
ACCORD = "https://northern-ledger.example/news/2019/06/skarn-accord"


def test_an_answer_names_source_date_place_and_exact_words(seeds: Archive) -> None:
    answer = seeds.ask("How much will the repairs of the Orrin dam cost?")
    first = answer.citations[0]
    assert answer.answerable and answer.text == "74 million crowns"
    assert (first.article_id, first.published.day) == ("cpa-210519-007", date(2021, 5, 19))
    assert first.place == ("Orrin Falls",)
    assert "74 million crowns" in first.quote and answer.sentence == first.quote


def test_every_quote_of_every_question_stands_in_its_article(seeds: Archive) -> None:
    for question in read_questions(QUESTIONS):
        for citation in seeds.ask(question.text).citations:
            article = seeds.article(citation.article_id, citation.version)
            assert article.text[citation.start : citation.end] == citation.quote
            assert citation.passage.start <= citation.start < citation.end <= citation.passage.end
            assert (citation.source, citation.published) == (article.source.name, article.published)
            for event in citation.event_dates:
                assert citation.quote[event.start : event.end] == event.text


def test_a_weekday_is_a_calendar_date(seeds: Archive) -> None:
    answer = seeds.ask(
        "When did the Harrow Islands Line and Brannock Shipping say they would merge?"
    )
    dates = {e.text: e.first for c in answer.citations[:1] for e in c.event_dates}
    assert dates["Monday"] == date(2021, 11, 8)


def test_a_window_holds_for_every_citation_and_the_last_day_counts(seeds: Archive) -> None:
    window = DateWindow(date(2021, 9, 23), date(2021, 12, 17))
    found = seeds.search(Query("key interest rate", k=50, window=window))
    days = {c.article_id: c.published.day for c in found.citations}
    assert days["mna-2021-12-16-rates"] == date(2021, 12, 16)
    assert all(day is not None and day in window for day in days.values())
    assert "mna-2021-02-11-rates" not in days


def test_a_source_filter_holds_for_every_citation(seeds: Archive) -> None:
    found = seeds.search(Query("Port Selwyn", k=50, sources=("northern ledger",)))
    assert {c.source for c in found.citations} == {"Northern Ledger"}


def test_a_time_without_a_beginning_is_no_fault(seeds: Archive) -> None:
    """ "Before 1994" reaches back to the calendar's first day, and nothing lies before that."""
    answer = seeds.ask("How much wheat had been bought before 1994?")
    assert answer.window is not None and answer.window.start == date.min


def test_as_of_hides_what_came_later_so_that_latest_means_latest_then(seeds: Archive) -> None:
    question = Query(
        "What is the Bank of Lorvane's current key interest rate?", as_of=date(2021, 10, 1)
    )
    found = seeds.search(question)
    assert found.citations[0].article_id == "mna-2021-09-23-rates"
    assert all(
        c.published.day is None or c.published.day <= date(2021, 10, 1) for c in found.citations
    )


def test_k_counts_distinct_stories_and_more_than_there_are_is_no_error(seeds: Archive) -> None:
    """Row 16."""
    assert len(seeds.search(Query("ferry", k=1)).citations) == 1
    everything = seeds.search(Query("ferry", k=50)).citations
    shown = [c.article_id for c in everything] + [o.article_id for c in everything for o in c.also]
    assert len(shown) == len(set(shown)) <= seeds.status().articles


def test_a_reprint_is_shown_with_its_story_not_as_another(seeds: Archive) -> None:
    found = seeds.search(Query("people on board the ferry Aurelia aground Port Selwyn", k=5))
    stories = [
        {c.article_id, *(o.article_id for o in c.also)}
        for c in found.citations
        if "ferry-aground.txt" in c.id or any("ferry-aground.txt" in o.article_id for o in c.also)
    ]
    assert len(stories) == 1
    assert "https://halden-telegraph.example/2019/03/15/aurelia" in stories[0]


def test_what_the_archive_does_not_hold_is_not_answered(seeds: Archive) -> None:
    answer = seeds.ask("Who won the 2022 World Cup?")
    assert not answer.answerable and answer.text is None
    assert answer.abstention is not None and answer.abstention.detail


def test_a_window_outside_the_archives_days_says_so(seeds: Archive) -> None:
    window = DateWindow(date(1950, 1, 1), date(1951, 1, 1))
    answer = seeds.ask(Query("What happened to the ferry?", window=window))
    assert answer.abstention is not None and answer.abstention.reason == "outside_dates"
    assert answer.abstention.coverage == (date(1987, 4, 9), date(2024, 9, 12))


def test_an_empty_archive_says_that_it_is_empty(tmp_path: Path) -> None:
    """Row 17."""
    with Archive.open(tmp_path, writing=True) as archive:
        answer = archive.ask("Anything?")
    assert answer.abstention is not None and answer.abstention.reason == "empty_archive"
    assert answer.citations == ()


def test_no_archive_is_an_error_that_tells_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ArchiveNotFound, match="qa ingest"):
        Archive.open(tmp_path / "none")


@pytest.mark.parametrize("query", [Query(" "), Query("x", k=0), Query("x", k=51)])
def test_a_question_out_of_its_limits_is_refused(seeds: Archive, query: Query) -> None:
    with pytest.raises(InvalidRequest):
        seeds.ask(query)


def test_the_same_folder_twice_adds_nothing_and_a_changed_word_a_version(tmp_path: Path) -> None:
    """Row 58."""
    folder = tmp_path / "news"
    shutil.copytree(SEEDS / "2021", folder)
    with Archive.open(tmp_path / "index", writing=True) as archive:
        first = archive.ingest(read_path(folder))
        again = archive.ingest(read_path(folder))
        rates = folder / "rates.json"
        rates.write_text(
            rates.read_text().replace("1.9 percent in January", "1.8 percent in January")
        )
        changed = archive.ingest(read_path(folder))
        assert (again.new, again.changed, again.passages) == (0, 0, 0)
        assert (changed.new, changed.changed, changed.same) == (0, 1, first.read - 1)
        assert archive.article("mna-2021-02-11-rates").version == 2
        assert "1.9 percent" in archive.article("mna-2021-02-11-rates", 1).text


def test_a_quote_is_verified_where_it_stands_where_it_moved_and_where_it_is_not(
    seeds: Archive,
) -> None:
    article = seeds.article(ACCORD)
    start = article.text.index("412,000 tonnes")
    end = start + len("412,000 tonnes")
    assert seeds.verify(ACCORD, "412,000 tonnes", start, end).stands
    assert seeds.verify(ACCORD, "412,000 tonnes", 0, 14).moved_to == (start, end)
    assert seeds.verify(ACCORD, "512,000 tonnes", start, end).moved_to is None
    with pytest.raises(NotFound):
        seeds.verify("nothing", "x", 0, 1)


def test_a_deleted_article_is_found_no_more(tmp_path: Path) -> None:
    built(tmp_path)
    with Archive.open(tmp_path, writing=True) as archive:
        assert archive.delete(ACCORD)
        assert not archive.delete(ACCORD)
        found = archive.search(Query("cod quota accord", k=50))
    assert ACCORD not in {c.article_id for c in found.citations}


def test_two_independent_figures_are_shown_side_by_side_in_date_order(tmp_path: Path) -> None:
    def report(name: str, day: int, dead: int) -> Article:
        return Article(
            id=name,
            title=f"Mine accident at Gorran: {name}",
            text=f"The explosion in the Gorran coal mine killed {dead} miners, officials said.",
            source=Source(name, "given"),
            published=Published(date(2020, 6, day), "day", "given"),
        )

    with Archive.open(tmp_path, writing=True) as archive:
        archive.add([report("Second Wire", 3, 14), report("First Wire", 2, 11)])
        answer = archive.ask("How many miners did the explosion in the Gorran mine kill?")
    assert [figure.text for figure in answer.conflict] == ["11", "14"]
    cited = [answer.citations[figure.citation] for figure in answer.conflict]
    assert [c.source for c in cited] == ["First Wire", "Second Wire"]


def test_an_undated_article_is_left_out_by_a_window_and_counted(tmp_path: Path) -> None:
    dated = Article(
        "a",
        "The lighthouse was painted red.",
        published=Published(date(2020, 1, 2), "day", "given"),
    )
    undated = replace(
        dated, id="b", text="The lighthouse was painted white.", published=Published()
    )
    with Archive.open(tmp_path, writing=True) as archive:
        archive.add([dated, undated])
        window = DateWindow(date(2020, 1, 1), date(2020, 1, 3))
        found = archive.search(Query("lighthouse painted", window=window))
    assert [c.article_id for c in found.citations] == ["a"]
    assert found.excluded_undated == 1


def test_asking_imports_neither_torch_nor_transformers_nor_the_web(seeds_index: Path) -> None:
    code = (
        "import sys\nfrom qa.archive import Archive\n"
        f"archive = Archive.open({str(seeds_index)!r})\n"
        "print(archive.ask('Who discovered the comet?').citations[0].source)\n"
        "heavy = ('torch', 'transformers', 'fastapi', 'pydantic', 'pyarrow', 'lxml')\n"
        "print([module for module in heavy if module in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert ran.stdout.splitlines() == ["Northern Ledger", "[]"]


def test_the_threshold_of_answering_is_recorded_with_the_archive(seeds_index: Path) -> None:
    from qa.embedder import open_embedder
    from qa.reader import SpanReader
    from qa.settings import Settings
    from qa.store import ArchiveStore

    settings = Settings.from_env()
    embedder = open_embedder(settings.model, cache=settings.cache, threads=1)
    with ArchiveStore.open(
        seeds_index, fingerprint=embedder.fingerprint, dimension=embedder.dimension
    ) as store:
        recorded = float(store.recorded()["answer_threshold"])
    assert recorded == SpanReader().model.threshold
    assert 0.0 < recorded < 1.0


def test_an_answer_names_the_citation_that_it_stands_in(seeds: Archive) -> None:
    for question in read_questions(QUESTIONS):
        answer = seeds.ask(question.text)
        if answer.cited is None:
            assert not answer.answerable
            continue
        assert answer.citations[answer.cited].quote == answer.sentence
