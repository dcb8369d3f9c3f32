"""The reader was fitted on the wire copy of 1987; it has to read that of 2006 to 2013 as well."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.evaluate import Question, read_questions
from qa.evaluate.measures import token_f1
from qa.question import asked_kind
from qa.reader import SpanReader
from qa.types import Article, Hit, Passage, Published, Query, StoredPassage, Understood

QUESTIONS = Path(__file__).parent / "data" / "reader2006.jsonl"


def _articles(path: Path, wanted: set[str]) -> dict[str, Article]:
    found = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["id"] in wanted:
                written = " ".join(row["published"].split()[1:4])
                day = datetime.strptime(written, "%b %d, %Y").replace(tzinfo=UTC).date()
                published = Published(day, "day", "metadata")
                found[row["id"]] = Article(
                    row["id"], row["text"], published=published, title=row["title"]
                )
    return found


def _read(question: Question, article: Article) -> tuple[str, str]:
    passage = Passage(article.id, article.id, 0, 0, min(len(article.text), 1500))
    found = SpanReader().read(
        Query(question.text),
        Understood(asked=asked_kind(question.text)),
        [Hit(passage, 1.0)],
        [StoredPassage(0, 0, passage)],
        [article],
    )
    span = found.quotes[0]
    return span.text, article.text[span.start : span.end]


@pytest.mark.corpus
@pytest.mark.slow
def test_facts_and_dates_are_read_from_articles_of_another_archive(shared: Path) -> None:
    questions = [q for q in read_questions(QUESTIONS) if q.answerable]
    wanted = {q.evidence[0].article_id for q in questions}
    articles = _articles(shared / "corpora" / "reuters2006-2013.jsonl.gz", wanted)
    facts, dates, quoted = [], [], []
    for question in questions:
        text, quote = _read(question, articles[question.evidence[0].article_id])
        if question.answer_date:
            dates.append(text == question.answer_date)
        else:
            facts.append(token_f1(text, question.answers))
            quoted.append(any(answer.lower() in quote.lower() for answer in question.answers))
    figures = [sum(values) / len(values) for values in (facts, quoted, dates)]
    assert figures[0] >= 0.45
    assert figures[1] >= 0.70
    assert figures[2] == 1.0
