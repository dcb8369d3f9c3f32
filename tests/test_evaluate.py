"""The measures agree with their definitions, and a run tells what an archive answered."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path

import pytest

from qa.errors import InvalidRequest, NotFound
from qa.evaluate import compare, load_run, read_questions, report_of, run_questions, save_run
from qa.evaluate.measures import (
    auroc,
    exact_match,
    interval,
    paired_difference,
    ranking,
    same_date,
    token_f1,
)
from qa.evaluate.questions import with_quotes
from qa.evaluate.run import Outcome, Run
from qa.types import (
    Abstention,
    Answer,
    Article,
    Citation,
    Copy,
    EventDate,
    Passage,
    Published,
    Query,
    Source,
)

DAY = date(2012, 5, 8)


def test_ranking_measures_equal_their_definitions() -> None:
    scores = ranking(
        {"q1": ["a", "b"], "q2": ["c"], "q3": ["d"], "q4": ["e"]},
        {"q1": ["x", "a", "y", "b"], "q2": ["c"], "q3": [], "q4": list("12345678901e")},
    )
    assert scores["q1"]["hit@1"] == 0 and scores["q1"]["hit@5"] == 1
    assert scores["q1"]["mrr"] == pytest.approx(1 / 2)
    gain = 1 / math.log2(3) + 1 / math.log2(5)
    assert scores["q1"]["ndcg@10"] == pytest.approx(gain / (1 + 1 / math.log2(3)))
    assert scores["q2"] == {"hit@1": 1, "hit@5": 1, "hit@10": 1, "mrr": 1, "ndcg@10": 1}
    assert set(scores["q3"].values()) == {0}
    assert scores["q4"]["hit@10"] == 1 - 1  # ten distinct others stand before it


def test_answers_are_compared_without_case_articles_and_punctuation() -> None:
    assert exact_match("The 1,375 troops.", ["1375 troops"]) == 1
    assert exact_match("3.5", ["35"]) == 0
    assert token_f1("about 40 crates", ["40 crates", "forty"]) == pytest.approx(0.8)
    assert token_f1("nothing", ["40 crates"]) == 0


def test_a_date_is_right_as_a_whole_day_or_inside_its_month() -> None:
    assert same_date([(DAY, DAY)], "2012-05-08") == 1
    assert same_date([(date(2012, 5, 7), DAY)], "2012-05-08") == 0
    assert same_date([(date(2012, 5, 1), date(2012, 5, 31))], "2012-05") == 1
    assert same_date([(date(2012, 4, 30), DAY)], "2012-05") == 0
    assert same_date([], "2012-05") == 0


def test_auroc_counts_ordered_pairs() -> None:
    assert auroc([0.9, 0.4], [0.1, 0.4]) == pytest.approx((1 + 1 + 1 + 0.5) / 4)
    assert math.isnan(auroc([], [0.1]))


def test_intervals_hold_the_mean_and_shrink_with_more_questions() -> None:
    few, many = interval([0, 1, 1, 0]), interval([0, 1, 1, 0] * 50)
    assert few.low <= few.mean == many.mean <= few.high
    assert many.high - many.low < few.high - few.low
    assert interval([1, 1, 1]).low == 1
    assert interval([]).n == 0
    assert paired_difference([1, 1], [0, 1]).mean == 0.5


QUESTIONS = [
    {"id": "f", "type": "fact", "question": "How many crates?", "answers": ["40"],
     "evidence": [{"article_id": "quay", "quote": "Forty crates were lost."}]},
    {"id": "w", "type": "when", "question": "When did the quay break?", "answers": ["Monday"],
     "answer_date": "2012-05-07", "evidence": [{"article_id": "quay", "quote": "on Monday"}]},
    {"id": "l", "type": "latest", "question": "What is the newest count?", "answers": ["50"],
     "evidence": [{"article_id": "recount"}], "stale": ["quay"]},
    {"id": "m", "type": "multi", "question": "Both?", "answers": ["x"],
     "evidence": [{"article_id": "quay"}, {"article_id": "reprint"}]},
    {"id": "lost", "type": "fact", "question": "Gone?", "answers": ["y"],
     "evidence": [{"article_id": "never-ingested"}]},
    {"id": "u", "type": "unanswerable", "question": "Who won?", "answers": [], "evidence": []},
]  # fmt: skip
TEXT = "The quay broke on Monday. Forty crates were lost."
QUAY = Article("quay", TEXT, Source("Kestral"), Published(DAY, "day", "metadata"))


class Asked:
    """An archive that answers everything but "Who won?" from one article."""

    def ask(self, query: Query, *, now: date) -> Answer:
        assert query.k == 10 and now == DAY
        monday = EventDate("Monday", 18, 24, date(2012, 5, 7), date(2012, 5, 7), "day")
        citation = Citation(
            id="quay@1:0-49", article_id="quay", version=1, title=None, source="Kestral",
            published=QUAY.published, place=(), url=None, quote=TEXT, start=0, end=len(TEXT),
            passage=Passage("quay#0", "quay", 0, 0, len(TEXT)), passage_text=TEXT,
            event_dates=(monday,), also=(Copy("reprint", 1, "Nordpress", QUAY.published),),
        )  # fmt: skip
        refused = query.text == "Who won?"
        return Answer(
            query.text, not refused, None if refused else "Monday", None if refused else TEXT,
            0.1 if refused else 0.9, None, (citation,),
            Abstention("weak_match", "no") if refused else None, "000001",
        )  # fmt: skip

    def article(self, article_id: str, version: int | None = None) -> Article:
        if article_id not in ("quay", "recount", "reprint"):
            raise NotFound("no such article")
        return QUAY


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in QUESTIONS) + "\n", encoding="utf-8")
    return path


def made(questions: Path) -> Run:
    outcomes = run_questions(Asked(), read_questions(questions), now=DAY)  # type: ignore[arg-type]
    return Run("2012-05-08", "test", "000001", 3, 3, "", outcomes)


def test_a_report_measures_each_type_by_what_applies_to_it(questions: Path) -> None:
    report = report_of(made(questions), read_questions(questions))
    assert report.figure("hit@1") == pytest.approx(3 / 5)
    assert report.figure("right date", "when") == 1
    assert report.figure("answer em", "when") == 1
    assert report.figure("answer em", "fact") == 0
    assert report.figure("passage hit@1", "when") == 1
    assert report.figure("stale first", "latest") == 1
    assert report.figure("all@10", "multi") == 1, "a listed copy is evidence found"
    assert report.figure("faithful") == 1
    assert report.lost == 1
    assert report.figure("hit@10", "fact") == 0.5, "evidence that was never stored is a miss"
    held = report.abstaining
    assert (held.precision, held.recall, held.false_refusals, held.auroc) == (1, 1, 0, 1)
    assert "latest" in report.text()


def test_a_quote_that_does_not_stand_in_its_article_is_counted(questions: Path) -> None:
    class Altered(Asked):
        def article(self, article_id: str, version: int | None = None) -> Article:
            super().article(article_id, version)
            return Article("quay", TEXT.replace("Forty", "Fifty"), QUAY.source, QUAY.published)

    outcomes = run_questions(Altered(), read_questions(questions), now=DAY)  # type: ignore[arg-type]
    assert not any(outcome.faithful for outcome in outcomes)


def test_a_saved_run_compares_with_a_later_one(questions: Path, tmp_path: Path) -> None:
    run = made(questions)
    save_run(run, tmp_path / "run.json")
    before = load_run(tmp_path / "run.json")
    assert before == run
    same = compare(run, before, read_questions(questions))
    assert same.by_type["all"]["hit@1"].mean == 0
    worse = Run("", "", "", 3, 3, "", tuple(_missing(o) for o in run.outcomes))
    change = compare(worse, before, read_questions(questions))
    assert change.by_type["all"]["hit@1"].mean == pytest.approx(-3 / 5)
    assert "hit@1" in change.text()


def _missing(outcome: Outcome) -> Outcome:
    values = {name: getattr(outcome, name) for name in Outcome.__slots__}
    return Outcome(**values | {"cited": ("other",), "copies": ((),)})


@pytest.mark.parametrize(
    "line",
    [
        '{"id": 1}',
        "nonsense",
        '{"id": "a", "type": "odd", "question": "?", "answers": [], "evidence": []}',
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(QUESTIONS[0]) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InvalidRequest, match="line 2"):
        read_questions(path)


class OneArticle:
    """A snapshot of one article, for what looks up words by their place."""

    def article(self, article_id: str, version: int | None = None) -> Article | None:
        text = "The ferry sank. 212 people were saved."
        return Article("a", text) if article_id == "a" else None


def test_words_that_a_file_may_not_repeat_are_read_from_the_archive(tmp_path: Path) -> None:
    row = {
        "id": "1",
        "type": "fact",
        "question": "How many were saved?",
        "answers": ["212"],
        "answers_at": [{"article_id": "a", "start": 16, "end": 26}],
        "evidence": [
            {"article_id": "a", "start": 16, "end": 38},
            {"article_id": "gone", "start": 0, "end": 4},
            {"article_id": "b", "quote": "as written"},
        ],
    }
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(row), encoding="utf-8")
    (found,) = with_quotes(read_questions(file), OneArticle())  # type: ignore[arg-type]
    assert found.answers == ("212 people", "212")
    assert [e.quote for e in found.evidence] == ["212 people were saved.", "", "as written"]


def test_a_file_that_is_no_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InvalidRequest, match="run file"):
        load_run(tmp_path / "run.json")


@pytest.mark.corpus
def test_the_development_questions_can_be_read(shared: Path) -> None:
    questions = read_questions(shared / "questions" / "dev.jsonl")
    assert len(questions) == 220
    assert sum(question.answerable for question in questions) == 182


def test_the_questions_over_later_wire_copy_can_be_read() -> None:
    questions = read_questions(Path(__file__).parent / "data" / "questions2006.jsonl")
    assert {question.type for question in questions} >= {"fact", "when", "scoped", "unanswerable"}
    assert all(bool(q.answers) == q.answerable for q in questions)


FITTING = ("learn-1987", "learn-2006", "learn-web")
HELD_OUT = ("held-out-1987", "held-out-2006", "plain-2006")


def articles_of(names: tuple[str, ...]) -> set[str]:
    folder = Path(__file__).parent.parent / "benchmarks" / "questions"
    questions = (q for name in names for q in read_questions(folder / f"{name}.jsonl"))
    return {article for question in questions for article in question.relevant}


@pytest.mark.corpus
def test_held_out_questions_are_about_articles_that_nothing_was_fitted_on(shared: Path) -> None:
    development = read_questions(shared / "questions" / "dev.jsonl")
    fitted = articles_of(FITTING) | {a for q in development for a in q.relevant}
    assert len(articles_of(HELD_OUT)) >= 100
    assert articles_of(HELD_OUT).isdisjoint(fitted)
