"""Questions bounded by an event ("before the merger"): is the event seen, found and dated right?

    python benchmarks/anchors.py --ask DIR FILE [--ask DIR FILE ...] [--show]

Each question of a FILE tells besides the usual: `relation`, and `event_date`, the day of the event.
Printed are the shares of questions in which an event is seen in the words, with the right relation;
in which its day is found to the day, within three days, within a month; and for which the answering
article is ranked first, with and without the event.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from reader import PAIRS

from qa.anchor import located
from qa.embedder import open_embedder
from qa.evaluate import Question, read_questions
from qa.question import understand
from qa.ranking import rank
from qa.settings import Settings
from qa.store import ArchiveStore
from qa.types import Embedder, Filters, Query, Snapshot, Understood

NEAR, ABOUT = 3, 31  # days
COLUMNS = ("seen", "relation", "day", "3 days", "month", "first", "first without")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ask", **PAIRS)
    parser.add_argument("--show", action="store_true", help="a line for each question")
    given = parser.parse_args()
    settings = Settings.from_env()
    embedder = open_embedder(settings.model, cache=settings.cache, threads=settings.threads)
    print(f"{'file':24}" + "".join(f"{name:>15}" for name in (*COLUMNS, "n")))
    for index, file in given.ask:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
        questions = read_questions(Path(file))
        with ArchiveStore.open(
            Path(index), fingerprint=embedder.fingerprint, dimension=embedder.dimension
        ) as store:
            snapshot = store.snapshot()
            rows = [
                measured(question, json.loads(line), snapshot, embedder, given.show)
                for question, line in zip(questions, lines, strict=True)
            ]
        shares = np.mean(np.array(rows, float), axis=0)
        print(f"{Path(file).stem:24}" + "".join(f"{s:15.3f}" for s in shares) + f"{len(rows):15d}")


def measured(
    question: Question, gold: Mapping[str, str], snapshot: Snapshot, embedder: Embedder, show: bool
) -> tuple[bool, ...]:
    """The columns of one question."""
    coverage = snapshot.coverage
    assert coverage is not None
    query = Query(question.text)
    words = understand(query, sources=snapshot.sources, coverage=coverage, now=coverage[1])
    found = located(words, query, snapshot, embedder)
    anchor = found.anchor
    day = anchor.found if anchor else None
    gap = abs(day - date.fromisoformat(gold["event_date"])).days if day else 10**6
    if show:
        told = f"{anchor.relation} “{anchor.event}” {day}" if anchor else "no event"
        print(f"{question.id} {question.text}")
        print(f"    {told}; {gold['relation']} {gold['event_date']}")
    return (
        anchor is not None,
        anchor is not None and anchor.relation == gold["relation"],
        gap == 0,
        gap <= NEAR,
        gap <= ABOUT,
        _is_first(question, found, snapshot, embedder),
        _is_first(question, replace(words, anchor=None), snapshot, embedder),
    )


def _is_first(
    question: Question, understood: Understood, snapshot: Snapshot, embedder: Embedder
) -> bool:
    filters = Filters(understood.window if understood.bounded else None)
    vector = embedder.embed_question(question.text)
    ranked = rank(snapshot, Query(question.text), understood, vector, filters)
    return bool(ranked.articles) and ranked.articles[0].id in question.relevant


if __name__ == "__main__":
    main()
