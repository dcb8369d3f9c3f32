"""Question files: JSON lines with `id`, `type`, `question`, `answers`, `evidence` and the rest.

`evidence` lists articles with the words that hold the answer (`quote`, or `start` and `end` in the
article's text, where a file may not repeat them; `answers_at` tells answers so), `also` other
articles that hold it, `stale` those whose figure was overtaken, `answer_date` the calendar date of
a `when` answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.errors import InvalidRequest
from qa.types import Snapshot

TYPES = ("fact", "when", "scoped", "latest", "multi", "unanswerable")


@dataclass(frozen=True, slots=True)
class Evidence:
    """An article that answers, and its words: `quote`, or where they stand in the article's text.

    Both are empty where a file gives neither.
    """

    article_id: str
    quote: str = ""
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what is right; no evidence means that the archive cannot answer it."""

    id: str
    type: str
    text: str
    answers: tuple[str, ...] = ()
    answers_at: tuple[Evidence, ...] = ()  # further answers, told by where they stand
    answer_date: str | None = None
    evidence: tuple[Evidence, ...] = ()
    also: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    as_of: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether some article answers it."""
        return bool(self.evidence)

    @property
    def relevant(self) -> frozenset[str]:
        """Every article that counts as right."""
        return frozenset(e.article_id for e in self.evidence) | frozenset(self.also)


def read_questions(path: Path) -> list[Question]:
    """The questions of a file, in order. Raises InvalidRequest with the line that is at fault."""
    questions = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            questions.append(_question(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidRequest(
                f"{path.name}, line {number}: {error!r}; each line is a JSON object with id, type, "
                "question, answers and evidence.",
                "questions",
            ) from error
    if not questions:
        raise InvalidRequest(f"{path.name} holds no question.", "questions")
    return questions


def _question(row: Mapping[str, Any]) -> Question:
    if row["type"] not in TYPES:
        raise ValueError(f"type {row['type']!r} is none of {', '.join(TYPES)}")
    return Question(
        id=str(row["id"]),
        type=row["type"],
        text=row["question"],
        answers=tuple(row["answers"]),
        answers_at=tuple(_evidence(e) for e in row.get("answers_at") or ()),
        answer_date=row.get("answer_date"),
        evidence=tuple(_evidence(e) for e in row["evidence"]),
        also=tuple(str(a) for a in row.get("also") or ()),
        stale=tuple(str(a) for a in row.get("stale") or ()),
        as_of=row.get("as_of"),
    )


def _evidence(row: Mapping[str, Any]) -> Evidence:
    span = (int(row["start"]), int(row["end"])) if "start" in row else None
    return Evidence(str(row["article_id"]), row.get("quote") or "", span)


def with_quotes(questions: Iterable[Question], snapshot: Snapshot) -> list[Question]:
    """The questions with every evidence and answer in words, read from the archive where only told
    by offsets; an article that is not there gives none."""

    def quoted(evidence: Evidence) -> Evidence:
        article = snapshot.article(evidence.article_id) if evidence.span else None
        if article is None or evidence.span is None:
            return evidence
        return replace(evidence, quote=article.text[slice(*evidence.span)])

    return [
        replace(
            one,
            evidence=tuple(quoted(e) for e in one.evidence),
            answers=(*(quoted(e).quote for e in one.answers_at), *one.answers),
            answers_at=(),
        )
        for one in questions
    ]
