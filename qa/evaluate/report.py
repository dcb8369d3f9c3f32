"""A run's outcomes to figures with intervals, by type; two runs to their differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from qa.evaluate.measures import (
    RANKING,
    Interval,
    auroc,
    exact_match,
    interval,
    paired_difference,
    ranking,
    same_date,
    token_f1,
)
from qa.evaluate.questions import TYPES, Question
from qa.evaluate.run import STORIES, Outcome, Run

Scores = dict[str, dict[str, float]]  # question id -> measure -> value

# Measures that are means over questions, in the order in which they are shown.
SHOWN = (
    *RANKING,
    "all@10",
    "passage hit@1",
    "passage hit@5",
    "passage mrr",
    "answer em",
    "answer f1",
    "gold in sentence",
    "gold in quote",
    "right date",
    "stale first",
    "answered",
    "faithful",
)


@dataclass(frozen=True, slots=True)
class Abstaining:
    """How well questions without an answer are told apart; the positive class is "no answer".

    `auroc` compares the confidence of answerable with that of unanswerable questions.
    """

    precision: float
    recall: float
    false_refusals: float
    auroc: float


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of one run. `by_type["all"]` covers the answerable questions together."""

    by_type: Mapping[str, Mapping[str, Interval]]
    abstaining: Abstaining
    p50_ms: float
    p95_ms: float
    lost: int
    questions: int

    def figure(self, measure: str, kind: str = "all") -> float:
        """The mean of a measure over a type of question; nan where there is none."""
        found = self.by_type.get(kind, {}).get(measure)
        return found.mean if found else float("nan")

    def text(self) -> str:
        """The figures as aligned lines."""
        lines = [f"{self.questions} questions; evidence articles not in the archive: {self.lost}"]
        for kind, measures in self.by_type.items():
            count = max((i.n for i in measures.values()), default=0)
            lines.append(f"\n{kind} ({count})")
            lines.extend(
                f"  {name:<17}{i.mean:6.3f}  [{i.low:.3f}, {i.high:.3f}]"
                for name, i in measures.items()
            )
        held = self.abstaining
        lines.append(
            f"\nabstaining: precision {held.precision:.3f}, recall {held.recall:.3f}, "
            f"false refusals {held.false_refusals:.3f}, AUROC {held.auroc:.3f}"
        )
        lines.append(f"ask: p50 {self.p50_ms:.1f} ms, p95 {self.p95_ms:.1f} ms")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours minus theirs over the questions that both runs hold, by type and measure."""

    by_type: Mapping[str, Mapping[str, Interval]]

    def text(self) -> str:
        """The differences as aligned lines; a star marks an interval without zero."""
        lines = []
        for kind, measures in self.by_type.items():
            lines.append(kind)
            for name, i in measures.items():
                mark = "*" if i.low > 0 or i.high < 0 else " "
                lines.append(f"  {name:<17}{i.mean:+.3f} {mark} [{i.low:+.3f}, {i.high:+.3f}]")
        return "\n".join(lines)


def report_of(run: Run, questions: Sequence[Question]) -> Report:
    """The figures of a run over the questions that it asked."""
    scores = scores_of(run, questions)
    seconds = [outcome.seconds for outcome in run.outcomes] or [float("nan")]
    return Report(
        by_type={
            kind: {name: interval(values) for name, values in _columns(scores, ids).items()}
            for kind, ids in _groups(questions).items()
        },
        abstaining=_abstaining(run.outcomes, questions),
        p50_ms=1000 * float(np.percentile(seconds, 50)),
        p95_ms=1000 * float(np.percentile(seconds, 95)),
        lost=sum(outcome.lost for outcome in run.outcomes),
        questions=len(run.outcomes),
    )


def compare(ours: Run, theirs: Run, questions: Sequence[Question]) -> Comparison:
    """Paired differences of every measure over the questions that both runs asked."""
    left, right = scores_of(ours, questions), scores_of(theirs, questions)
    differences: dict[str, dict[str, Interval]] = {}
    for kind, ids in _groups(questions).items():
        shared = [qid for qid in ids if qid in left and qid in right]
        differences[kind] = {
            name: paired_difference(
                [left[qid][name] for qid in pairs], [right[qid][name] for qid in pairs]
            )
            for name in SHOWN
            if (pairs := [q for q in shared if name in left[q] and name in right[q]])
        }
    return Comparison(differences)


def scores_of(run: Run, questions: Sequence[Question]) -> Scores:
    """Each question's value of every measure that applies to it."""
    known = {question.id: question for question in questions}
    outcomes = {o.id: o for o in run.outcomes if o.id in known}
    answerable = [q for q in questions if q.answerable and q.id in outcomes]
    ranked = ranking(
        {q.id: q.relevant for q in answerable}, {q.id: outcomes[q.id].cited for q in answerable}
    )
    scores = {qid: _own_scores(known[qid], outcome) for qid, outcome in outcomes.items()}
    for qid, values in ranked.items():
        scores[qid] = values | scores[qid]
    return scores


def _own_scores(question: Question, outcome: Outcome) -> dict[str, float]:
    own = {"answered": float(outcome.answered), "faithful": float(outcome.faithful)}
    if not question.answerable:
        return own
    if question.type == "multi":
        own["all@10"] = _all_found(question, outcome)
    if any(evidence.quote for evidence in question.evidence):
        own |= _passage_scores(outcome.holds_evidence)
    if question.answers:
        own["answer em"] = exact_match(outcome.answer, question.answers)
        own["answer f1"] = token_f1(outcome.answer, question.answers)
        own["gold in sentence"] = _holds_gold(outcome.sentence, question)
        own["gold in quote"] = _holds_gold(outcome.quote, question)
    if question.answer_date:
        spans = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in outcome.dates]
        own["right date"] = same_date(spans, question.answer_date)
    if question.stale:
        own["stale first"] = float(bool(outcome.cited) and outcome.cited[0] in question.stale)
    return own


def _holds_gold(words: str, question: Question) -> float:
    return float(any(answer.lower() in words.lower() for answer in question.answers))


def _all_found(question: Question, outcome: Outcome) -> float:
    """1 where each evidence article, or a listed copy of it, is among the first ten stories."""
    shown = set(outcome.cited[:STORIES])
    for copies in outcome.copies[:STORIES]:
        shown.update(copies)
    return float(all(evidence.article_id in shown for evidence in question.evidence))


def _passage_scores(holds: Sequence[bool]) -> dict[str, float]:
    first = next((place for place, held in enumerate(holds[:STORIES], start=1) if held), None)
    return {
        "passage hit@1": float(first == 1),
        "passage hit@5": float(first is not None and first <= 5),
        "passage mrr": 1.0 / first if first else 0.0,
    }


def _groups(questions: Sequence[Question]) -> dict[str, list[str]]:
    groups = {"all": [q.id for q in questions if q.answerable]}
    for kind in TYPES:
        if ids := [q.id for q in questions if q.type == kind]:
            groups[kind] = ids
    return groups


def _columns(scores: Scores, ids: Sequence[str]) -> dict[str, list[float]]:
    columns = {
        name: [scores[qid][name] for qid in ids if qid in scores and name in scores[qid]]
        for name in SHOWN
    }
    return {name: values for name, values in columns.items() if values}


def _abstaining(outcomes: Sequence[Outcome], questions: Sequence[Question]) -> Abstaining:
    answerable = {q.id for q in questions if q.answerable}
    refused = [o for o in outcomes if not o.answered]
    rightly = sum(o.id not in answerable for o in refused)
    unanswerable = sum(o.id not in answerable for o in outcomes)
    asked = sum(o.id in answerable for o in outcomes)
    return Abstaining(
        precision=rightly / len(refused) if refused else float("nan"),
        recall=rightly / unanswerable if unanswerable else float("nan"),
        false_refusals=(len(refused) - rightly) / asked if asked else float("nan"),
        auroc=auroc(
            [o.confidence for o in outcomes if o.id in answerable],
            [o.confidence for o in outcomes if o.id not in answerable],
        ),
    )
