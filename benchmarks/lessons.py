"""What the reading network learns from: questions, each with the sentences found for it.

    python benchmarks/lessons.py --ask DIR FILE [--ask DIR FILE ...] --out LESSONS

The questions of each FILE are asked of the archive in DIR as users ask them. A lesson keeps the
sentences that the reader's rough ranking puts first, with those that are evidence.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reader import PAIRS, TARGET, Recorder, evidence_of

from qa.ask import ask
from qa.embedder import open_embedder
from qa.evaluate import read_questions
from qa.evaluate.questions import Question, with_quotes
from qa.reader.choose import scored_sentences
from qa.reader.evidence import ROUGH_FEATURES
from qa.reader.model import Linear
from qa.reader.task import READ_HITS, Task
from qa.settings import Settings
from qa.store import ArchiveStore
from qa.types import Query

KEPT = 16  # sentences of a lesson, of which the network sees some
STORIES = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a lesson; `right` is 1 for evidence, less for one that says the same."""

    hit: int
    start: int
    text: str
    right: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question with the sentences found for it, best first by the rough ranking."""

    id: str
    type: str
    question: str
    answers: tuple[str, ...]
    articles: tuple[str, ...]  # that answer
    lines: tuple[Line, ...]

    @property
    def answerable(self) -> bool:
        """Whether the archive answers it."""
        return bool(self.articles)


def prepare(pairs: Sequence[tuple[str, str]], out: Path) -> None:
    """Write the lessons of all questions, one JSON object a line."""
    settings = Settings.from_env()
    embedder = open_embedder(settings.model, cache=settings.cache, threads=settings.threads)
    with out.open("w", encoding="utf-8") as file:
        for index, questions in pairs:
            store = ArchiveStore.open(
                Path(index), fingerprint=embedder.fingerprint, dimension=embedder.dimension
            )
            count = 0
            for lesson in lessons_of(store, embedder, read_questions(Path(questions))):
                file.write(json.dumps(asdict(lesson), ensure_ascii=False) + "\n")
                count += 1
            store.close()
            print(f"{questions}: {count} lessons", flush=True)


def lessons_of(
    store: ArchiveStore, embedder: Any, questions: Sequence[Question]
) -> Iterator[Lesson]:
    """The hits of every question, laid out as the reader sees them."""
    recorder, snapshot, rough = Recorder(), store.snapshot(), rough_model()
    today = datetime.now(UTC).date()
    for question in with_quotes(questions, snapshot):
        ask(Query(question.text, k=STORIES), snapshot, embedder, recorder, today)
        asked, understood, hits, stored, articles = recorder.given
        if not hits:
            continue
        task = Task(asked.text, understood, hits, stored, articles)
        found = [
            Line(s.hit, s.start, task.quote(s), evidence_of(question, task, s))
            for s in (one.sentence for one in scored_sentences(task, rough))
            if s.hit < READ_HITS
        ]
        missed = [line for line in found[KEPT:] if line.right == 1.0]
        yield Lesson(
            question.id,
            question.type,
            question.text,
            question.answers,
            tuple(sorted({e.article_id for e in question.evidence})),
            (*found[:KEPT], *missed[:2]),
        )


def rough_model() -> Linear:
    """The rough ranking of the model that is shipped; any will do to begin with."""
    weights = json.loads(TARGET.read_text(encoding="utf-8"))["rough"]
    return Linear(tuple(weights[name] for name in ROUGH_FEATURES))


def read_lessons(path: Path) -> list[Lesson]:
    """What `prepare` wrote."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [
        Lesson(**{**row, "lines": tuple(Line(**line) for line in row["lines"])}) for row in rows
    ]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ask", **PAIRS)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    prepare(given.ask, given.out)


if __name__ == "__main__":
    main()
