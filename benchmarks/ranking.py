"""Learn the weights of the ranking signals, and measure each signal in and out.

    python benchmarks/ranking.py --ask DIR FILE [--ask DIR FILE ...]    # cross-validated
    python benchmarks/ranking.py --ask DIR FILE --ablation --write      # and keep the weights

The model is linear with weights of at least 0. Its loss is the softmax cross-entropy over the
articles of a question (ListNet with top-one probabilities, Cao et al. 2007), each article standing
with its best passage, plus an L2 penalty. Figures are cross-validated by question.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from reader import PAIRS
from scipy.optimize import minimize

from qa.embedder import open_embedder
from qa.evaluate.measures import Interval, interval, paired_difference
from qa.evaluate.questions import Question, read_questions
from qa.question import understand
from qa.ranking.features import FEATURES
from qa.ranking.pool import pooled
from qa.settings import Settings
from qa.store import ArchiveStore
from qa.types import Embedder, Filters, Query, Snapshot

WEIGHTS = Path(__file__).resolve().parent.parent / "qa" / "ranking" / "weights.json"
PENALTY = 0.3
FOLDS = 10
SEEDS = (0, 1, 2)
# No development question names a publisher or asks for the first report: set, not learnt. A named
# publisher is a filter in the ask path, and "first" mirrors "latest".
SET_BY_HAND = {"source": 1.0, "first": 1.0}
LEARNT = tuple(name for name in FEATURES if name not in SET_BY_HAND)

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One question: signals float64[passages, signals], each passage's article, what is right."""

    question: Question
    signals: Matrix
    owner: NDArray[np.int64]
    articles: tuple[str, ...]

    @property
    def right(self) -> NDArray[np.bool_]:
        """Per article."""
        return np.array([article in self.question.relevant for article in self.articles])


def cases(
    snapshot: Snapshot, embedder: Embedder, questions: Sequence[Question], now: date
) -> list[Case]:
    """The answerable questions with the signals of their candidates."""
    found = []
    for question in questions:
        if not question.answerable:
            continue
        query = Query(question.text)
        understood = understand(
            query, sources=snapshot.sources, coverage=snapshot.coverage, now=now
        )
        vector = embedder.embed_question(query.text)
        filters = Filters(understood.window if understood.bounded else None)
        pool = pooled(snapshot, query, understood, vector, filters)
        if pool is None:
            found.append(Case(question, np.zeros((0, len(FEATURES))), np.zeros(0, np.int64), ()))
            continue
        signals = np.stack([feature(pool) for feature in FEATURES.values()], axis=1)
        names = tuple(article.id for article in pool.articles)
        found.append(Case(question, signals, pool.owner, names))
    return found


def learn(train: Sequence[Case], used: Sequence[str]) -> Matrix:
    """Weights, float64[signals]; 0 for signals that are not used."""
    columns = [list(FEATURES).index(name) for name in used]
    weights = np.ones(len(columns))
    for _ in range(3):  # which passage stands for an article depends on the weights
        picked = [_best_passages(case, case.signals[:, columns] @ weights) for case in train]
        lists = [
            (case.signals[rows][:, columns], case.right[case.owner[rows]])
            for case, rows in zip(train, picked, strict=True)
            if case.right.any()
        ]
        found = minimize(
            lambda w, lists=lists: _loss(w, lists),
            weights,
            jac=True,
            method="L-BFGS-B",
            bounds=[(0, None)] * len(columns),
        )
        weights = found.x
    full = np.zeros(len(FEATURES))
    full[columns] = weights
    return full


def _loss(
    weights: Matrix, lists: Sequence[tuple[Matrix, NDArray[np.bool_]]]
) -> tuple[float, Matrix]:
    loss, slope = PENALTY * float(weights @ weights) / 2, PENALTY * weights
    for signals, right in lists:
        scores = signals @ weights
        odds = np.exp(scores - scores.max())
        share = odds / odds.sum()
        held = share[right].sum()
        loss -= float(np.log(held))
        slope = slope + signals.T @ (share - np.where(right, share, 0.0) / held)
    return loss / len(lists), slope / len(lists)


def _best_passages(case: Case, scores: Matrix) -> list[int]:
    """The best passage of each article, articles best first."""
    best: dict[int, int] = {}
    for row in np.argsort(-scores, kind="stable"):
        best.setdefault(int(case.owner[row]), int(row))
    return list(best.values())


def ranks(test: Sequence[Case], weights: Matrix) -> list[int]:
    """The place of the first right article, from 1; a large number where none was found."""
    places = []
    for case in test:
        order = [case.owner[row] for row in _best_passages(case, case.signals @ weights)]
        right = case.right
        places.append(next((n for n, at in enumerate(order, start=1) if right[at]), 10**6))
    return places


def validated(all_cases: Sequence[Case], used: Sequence[str]) -> list[list[int]]:
    """Ranks of every case when it was not learnt from, once a seed."""
    rounds = []
    for seed in SEEDS:
        order = np.random.default_rng(seed).permutation(len(all_cases))
        places = [0] * len(all_cases)
        for fold in range(FOLDS):
            held_out = set(order[fold::FOLDS].tolist())
            weights = learn([c for n, c in enumerate(all_cases) if n not in held_out], used)
            test = sorted(held_out)
            for n, place in zip(test, ranks([all_cases[n] for n in test], weights), strict=True):
                places[n] = place
        rounds.append(places)
    return rounds


def per_question(rounds: Sequence[Sequence[int]], measure: str) -> list[float]:
    """A measure of each question, the mean over the seeds."""
    values = {
        "hit@1": lambda place: float(place == 1),
        "hit@5": lambda place: float(place <= 5),
        "mrr": lambda place: 1 / place if place <= 10 else 0.0,
    }[measure]
    return [float(np.mean([values(places[n]) for places in rounds])) for n in range(len(rounds[0]))]


def shown(found: Interval, signed: bool = False) -> str:
    """A figure with its interval, for a table."""
    form = "{:+.3f} [{:+.3f}, {:+.3f}]" if signed else "{:.3f} [{:.3f}, {:.3f}]"
    return form.format(found.mean, found.low, found.high)


def ablation(all_cases: Sequence[Case], full: list[list[int]]) -> list[str]:
    """Lines of a table: each signal left out, and added alone to the plain mix; MRR and hit@1."""
    plain = validated(all_cases, ("dense", "lexical"))
    lines = [
        "| signal | left out: hit@1 | left out: MRR | added alone: hit@1 | added alone: MRR |",
        "|---|---|---|---|---|",
    ]
    for name in LEARNT:
        without = validated(all_cases, [other for other in LEARNT if other != name])
        row = [
            shown(paired_difference(per_question(without, m), per_question(full, m)), True)
            for m in ("hit@1", "mrr")
        ]
        if name in ("dense", "lexical"):
            row += ["", ""]
        else:
            alone = validated(all_cases, ("dense", "lexical", name))
            row += [
                shown(paired_difference(per_question(alone, m), per_question(plain, m)), True)
                for m in ("hit@1", "mrr")
            ]
        lines.append(f"| {name} | " + " | ".join(row) + " |")
    return lines


def by_type(all_cases: Sequence[Case], rounds: list[list[int]]) -> list[str]:
    """Lines of a table: cross-validated figures, all and by type."""
    kinds = ["all", *dict.fromkeys(case.question.type for case in all_cases)]
    lines = ["| questions | n | hit@1 | hit@5 | MRR |", "|---|---|---|---|---|"]
    for kind in kinds:
        picked = [n for n, c in enumerate(all_cases) if kind in ("all", c.question.type)]
        cells = [
            shown(interval([per_question(rounds, m)[n] for n in picked]))
            for m in ("hit@1", "hit@5", "mrr")
        ]
        lines.append(f"| {kind} | {len(picked)} | " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ask", **PAIRS)
    parser.add_argument("--write", action="store_true", help=f"keep the weights in {WEIGHTS.name}")
    parser.add_argument("--ablation", action="store_true", help="each signal in and out (minutes)")
    given = parser.parse_args()
    settings = Settings.from_env()
    embedder = open_embedder(settings.model, cache=settings.cache, threads=settings.threads)
    found: list[Case] = []
    passages = 0
    for index, questions in given.ask:
        with ArchiveStore.open(
            Path(index), fingerprint=embedder.fingerprint, dimension=embedder.dimension
        ) as store:
            snapshot = store.snapshot()
            passages += snapshot.passage_count
            coverage = snapshot.coverage
            now = coverage[1] if coverage else datetime.now().astimezone().date()
            found += cases(snapshot, embedder, read_questions(Path(questions)), now)
    plain = validated(found, ("dense", "lexical"))
    rounds = validated(found, LEARNT)
    print(f"plain mix, cross-validated\n{chr(10).join(by_type(found, plain))}\n")
    print(f"all signals, cross-validated\n{chr(10).join(by_type(found, rounds))}\n")
    if given.ablation:
        print("\n".join(ablation(found, rounds)))
    weights = {
        name: round(float(weight), 3)
        for name, weight in zip(FEATURES, learn(found, LEARNT), strict=True)
        if name in LEARNT
    } | SET_BY_HAND
    made = {
        "by": "benchmarks/ranking.py",
        "on": datetime.now().astimezone().date().isoformat(),
        "passages": passages,
        "questions": len(found),
        "questions_sha256": {
            Path(file).name: hashlib.sha256(Path(file).read_bytes()).hexdigest()
            for _, file in given.ask
        },
        "penalty": PENALTY,
        "folds": FOLDS,
        "seeds": list(SEEDS),
        "cross_validated": {
            m: round(float(np.mean(per_question(rounds, m))), 3) for m in ("hit@1", "hit@5", "mrr")
        },
    }
    print(json.dumps(weights, indent=1))
    if given.write:
        text = json.dumps({"made": made, "weights": weights}, indent=1)
        WEIGHTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
