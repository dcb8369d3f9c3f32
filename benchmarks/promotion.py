"""How far reading should move a story up: the right story first, by weight of what was read.

    python benchmarks/promotion.py --ask DIR FILE [--ask DIR FILE ...]

Every question is asked once; its stories are then put in order with each weight in turn, as the
ask path does (`qa/ranking/promotion.py`), apart for questions that name a time. Those for the
latest or the first, those that ask when, and those of several searches are put in order by other
rules, and count as they are.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from qa.ask import ask
from qa.embedder import open_embedder
from qa.evaluate import read_questions
from qa.evaluate.questions import Question
from qa.ranking.promotion import agrees
from qa.reader import SpanReader, shipped_network
from qa.settings import Settings
from qa.store import ArchiveStore
from qa.types import Article, Hit, Query, ReadAnswer

STORIES = 10
WEIGHTS = (0.0, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.2)
REACHES = (1.0, 2.0, 4.0)


@dataclass(frozen=True, slots=True)
class Case:
    """The stories of one question in the order of their scores, without what reading adds."""

    scores: tuple[float, ...]
    evidence: tuple[float, ...]
    timed: bool  # a time is named
    agrees: tuple[bool, ...]  # with that time
    right: tuple[bool, ...]
    shown: tuple[bool, ...]  # `right` in the order that was shown, where reading has no say

    def place(self, weight: float, reach: float) -> int:
        """Where the first right story stands, from 0; STORIES where none is."""
        order: Sequence[bool] = self.shown
        if self.evidence:
            read = [*self.evidence, *[-math.inf] * len(self.scores)][: len(self.scores)]
            totals = [
                score + weight * agrees * max(0.0, reach + one)
                for score, one, agrees in zip(self.scores, read, self.agrees, strict=True)
            ]
            order = [self.right[n] for n in np.argsort([-t for t in totals], kind="stable")]
        return next((n for n, right in enumerate(order) if right), STORIES)


class Listener:
    """The reader of the service, overheard."""

    def __init__(self, reader: SpanReader) -> None:
        self.reader = reader
        self.hits: Sequence[Hit] = ()
        self.articles: Sequence[Article] = ()
        self.heard = ReadAnswer((), None, 0.0)

    def read(self, *given: Any) -> ReadAnswer:
        """What the service's reader says, kept with what it was given."""
        _query, _understood, self.hits, _stored, self.articles = given
        self.heard = self.reader.read(*given)
        return self.heard


def cases_of(index: Path, questions: Sequence[Question]) -> Iterator[Case]:
    """Every answerable question, asked."""
    settings = Settings.from_env()
    embedder = open_embedder(settings.model, cache=settings.cache, threads=settings.threads)
    store = ArchiveStore.open(index, fingerprint=embedder.fingerprint, dimension=embedder.dimension)
    listener, today = Listener(SpanReader(shipped_network(settings.threads))), datetime.now(UTC)
    for question in questions:
        if not question.answerable:
            continue
        query = Query(question.text, k=STORIES)
        answer = ask(query, store.snapshot(), embedder, listener, today.date())
        asked = answer.understood
        moved = any("read" in citation.by for citation in answer.citations)
        plain = asked.order or asked.asked == "when" or not moved
        yield Case(
            tuple(hit.score for hit in listener.hits),
            () if plain else listener.heard.evidence,
            asked.window is not None,
            tuple(agrees(article, asked.window) for article in listener.articles),
            tuple(article.id in question.relevant for article in listener.articles),
            tuple(citation.article_id in question.relevant for citation in answer.citations),
        )
    store.close()


def told(cases: Sequence[Case], reach: float) -> str:
    """hit@1 and MRR for each weight."""
    found = []
    for weight in WEIGHTS:
        places = np.array([case.place(weight, reach) for case in cases])
        mrr = np.where(places < STORIES, 1 / (places + 1.0), 0.0).mean()
        found.append(f"{weight:g}: {(places == 0).mean():.3f} {mrr:.3f}")
    return "  ".join(found)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ask", nargs=2, action="append", metavar=("DIR", "FILE"), required=True)
    for index, file in parser.parse_args().ask:
        cases = list(cases_of(Path(index), read_questions(Path(file))))
        print(f"{Path(file).name}; weight: hit@1 MRR")
        for timed in (False, True):
            some = [case for case in cases if case.timed == timed]
            for reach in REACHES if some else ():
                named = "a time named" if timed else "no time named"
                print(f"  {named}, {len(some)}, reach {reach:g}  {told(some, reach)}", flush=True)


if __name__ == "__main__":
    main()
