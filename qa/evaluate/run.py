"""One run: every question asked of one archive, and what came back, as plain values."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from qa.archive import Archive
from qa.dates import read_days
from qa.errors import InvalidRequest, NotFound
from qa.evaluate.questions import Question, read_questions, with_quotes
from qa.types import Answer, Citation, Query

STORIES = 10  # every ranking measure looks at no more than ten
WARM_UP = 3  # the first questions touch the indexes' pages; they are asked once before

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question got. Lists are in citation order; dates are ISO days.

    `copies[i]` are the other articles of the i-th story. `holds_evidence[i]` says whether the i-th
    passage holds the words of the evidence. `dates` are the spans (first, last) of the times inside
    the answer, or inside its sentence where the answer holds none. `lost` counts evidence articles
    that are not in the archive. `faithful` is 1 where every quote stands in its article, byte for
    byte, with that article's source and date. `quote` is that of the citation which answers or,
    where the question was refused, of the first.
    """

    id: str
    type: str
    answered: bool
    confidence: float
    answer: str
    sentence: str
    cited: tuple[str, ...]
    copies: tuple[tuple[str, ...], ...]
    holds_evidence: tuple[bool, ...]
    dates: tuple[tuple[str, str], ...]
    reason: str
    lost: int
    faithful: bool
    seconds: float
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """All outcomes with what made them."""

    made: str
    machine: str
    archive: str
    articles: int
    passages: int
    questions: str  # SHA-256 of the question file
    outcomes: tuple[Outcome, ...]


def evaluate(
    archive: Archive, questions: Path, *, now: date, clock: Clock = time.perf_counter
) -> Run:
    """Ask every question of a file; `now` is what relative times count from."""
    asked = with_quotes(read_questions(questions), archive.snapshot())
    status = archive.status()
    return Run(
        made=now.isoformat(),
        machine=f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        archive=status.snapshot,
        articles=status.articles,
        passages=status.passages,
        questions=hashlib.sha256(questions.read_bytes()).hexdigest(),
        outcomes=run_questions(archive, asked, now=now, clock=clock),
    )


def run_questions(
    archive: Archive, questions: Sequence[Question], *, now: date, clock: Clock = time.perf_counter
) -> tuple[Outcome, ...]:
    """The outcomes in the order of `questions`; the first few are asked twice, the last counts."""
    for question in questions[:WARM_UP]:
        archive.ask(_query(question), now=now)
    return tuple(_asked(archive, question, now, clock) for question in questions)


def save_run(run: Run, path: Path) -> None:
    """Write a run as JSON, to be compared with a later one."""
    path.write_text(json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load_run(path: Path) -> Run:
    """Read a run. Raises InvalidRequest where the file is not one."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        outcomes = tuple(_outcome(item) for item in row.pop("outcomes"))
        return Run(**row, outcomes=outcomes)
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidRequest(
            f"{path.name} is no run file ({error!r}); `qa evaluate --save FILE` makes one.",
            "against",
        ) from error


def _outcome(item: dict[str, Any]) -> Outcome:
    known = {field.name for field in fields(Outcome)}
    values = {key: _tupled(value) for key, value in item.items() if key in known}
    return Outcome(**values)


def _tupled(value: Any) -> Any:
    return tuple(_tupled(item) for item in value) if isinstance(value, list) else value


def _query(question: Question) -> Query:
    as_of = date.fromisoformat(question.as_of) if question.as_of else None
    return Query(question.text, k=STORIES, as_of=as_of)


def _asked(archive: Archive, question: Question, now: date, clock: Clock) -> Outcome:
    begun = clock()
    answer = archive.ask(_query(question), now=now)
    seconds = clock() - begun
    citations = answer.citations
    return Outcome(
        id=question.id,
        type=question.type,
        answered=answer.answerable,
        confidence=answer.confidence,
        answer=answer.text or "",
        sentence=answer.sentence or "",
        cited=tuple(c.article_id for c in citations),
        copies=tuple(tuple(other.article_id for other in c.also) for c in citations),
        holds_evidence=tuple(_holds(c, question) for c in citations),
        dates=_dates(answer),
        reason=answer.abstention.reason if answer.abstention else "",
        lost=sum(not _stored(archive, e.article_id) for e in question.evidence),
        faithful=all(_faithful(archive, c) for c in citations),
        seconds=seconds,
        quote=citations[answer.cited or 0].quote if citations else "",
    )


def _holds(citation: Citation, question: Question) -> bool:
    """Whether the passage holds the evidence's words, white space aside.

    A passage that ends inside them counts where it holds at least half.
    """
    passage = " ".join(citation.passage_text.split())
    for evidence in question.evidence:
        if evidence.article_id != citation.article_id or not evidence.quote:
            continue
        words = " ".join(evidence.quote.split())
        half = len(words) // 2
        if words in passage or words[:half] in passage or words[half:] in passage:
            return True
    return False


def _dates(answer: Answer) -> tuple[tuple[str, str], ...]:
    """The days that the answer is, else the times inside it, else its sentence's first."""
    if not answer.citations or not answer.text:
        return ()
    if days := read_days(answer.text):
        return ((days[0].isoformat(), days[1].isoformat()),)
    cited = answer.citations[answer.cited or 0]
    start = cited.quote.find(answer.text)
    end = start + len(answer.text)
    inside = [e for e in cited.event_dates if start >= 0 and e.start < end and start < e.end]
    return tuple((e.first.isoformat(), e.last.isoformat()) for e in inside or cited.event_dates[:1])


def _stored(archive: Archive, article_id: str) -> bool:
    try:
        archive.article(article_id)
    except NotFound:
        return False
    return True


def _faithful(archive: Archive, citation: Citation) -> bool:
    article = archive.article(citation.article_id, citation.version)
    return (
        article.text[citation.start : citation.end] == citation.quote
        and article.source.name == citation.source
        and article.published == citation.published
    )
