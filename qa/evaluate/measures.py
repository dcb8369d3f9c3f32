"""The measures, each from plain values: ranking, answers, dates, abstention, and their intervals.

Ranking measures come from ir-measures (Success, RR, nDCG, recall); answers are normalised as in
SQuAD (Rajpurkar et al. 2016): lower case, no punctuation, no articles, single spaces.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ir_measures
import numpy as np
from ir_measures import RR, Success, nDCG
from numpy.typing import NDArray

RESAMPLES = 2000
SEED = 20
RANKING = {
    "hit@1": Success @ 1,
    "hit@5": Success @ 5,
    "hit@10": Success @ 10,
    "mrr": RR @ 10,
    "ndcg@10": nDCG @ 10,
}
_PUNCTUATION = str.maketrans(dict.fromkeys(string.punctuation.replace(".", ""), " "))

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the bounds of its 95 % percentile bootstrap interval, over `n` questions."""

    mean: float
    low: float
    high: float
    n: int


def ranking(
    relevant: Mapping[str, Iterable[str]], ranked: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Question id -> measure -> value, for lists of ids, best first.

    A question whose list is empty scores 0 everywhere.
    """
    qrels = {qid: dict.fromkeys(ids, 1) for qid, ids in relevant.items()}
    scores = {qid: dict.fromkeys(RANKING, 0.0) for qid in qrels}
    run = {
        qid: {doc: float(-place) for place, doc in enumerate(dict.fromkeys(ranked[qid]))}
        for qid in qrels
        if ranked.get(qid)
    }
    if run:
        names = {str(measure): name for name, measure in RANKING.items()}
        judged = {qid: qrels[qid] for qid in run}
        for metric in ir_measures.iter_calc(list(RANKING.values()), judged, run):
            scores[metric.query_id][names[str(metric.measure)]] = float(metric.value)
    return scores


def normalised(answer: str) -> str:
    """An answer as SQuAD compares it; the point inside a number stays."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", answer.lower()).translate(_PUNCTUATION)
    plain = re.sub(r"\.(?!\d)", " ", plain)
    plain = re.sub(r"\b(?:a|an|the)\b", " ", plain)
    return " ".join(plain.split())


def exact_match(answer: str, accepted: Sequence[str]) -> float:
    """1 where the answer equals an accepted one."""
    return float(any(normalised(answer) == normalised(other) for other in accepted))


def token_f1(answer: str, accepted: Sequence[str]) -> float:
    """The best harmonic mean of token precision and recall against an accepted answer."""
    return max((_f1(normalised(answer), normalised(other)) for other in accepted), default=0.0)


def _f1(answer: str, other: str) -> float:
    ours, theirs = answer.split(), other.split()
    common = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * common / (len(ours) + len(theirs)) if common else 0.0


def same_date(spans: Iterable[tuple[date, date]], gold: str) -> float:
    """1 where a resolved span is the gold day (YYYY-MM-DD) or lies in the gold month (YYYY-MM)."""
    if len(gold) == len("YYYY-MM"):
        return float(
            any(first.isoformat()[:7] == gold == last.isoformat()[:7] for first, last in spans)
        )
    return float(any(first.isoformat() == gold == last.isoformat() for first, last in spans))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties half; nan when one is empty."""
    if not positive or not negative:
        return float("nan")
    difference = np.subtract.outer(np.asarray(positive), np.asarray(negative))
    return float(((difference > 0) + 0.5 * (difference == 0)).mean())


def interval(values: Sequence[float], seed: int = SEED) -> Interval:
    """Mean and 95 % interval by resampling questions with replacement."""
    if not values:
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    array = np.asarray(values, np.float64)
    low, high = np.percentile(_resampled(array, seed), [2.5, 97.5])
    return Interval(float(array.mean()), float(low), float(high), len(array))


def paired_difference(ours: Sequence[float], theirs: Sequence[float], seed: int = SEED) -> Interval:
    """Mean of ours - theirs over the same questions, with its paired bootstrap interval."""
    return interval([a - b for a, b in zip(ours, theirs, strict=True)], seed)


def _resampled(values: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    picks = np.random.default_rng(seed).integers(0, len(values), (RESAMPLES, len(values)))
    means: NDArray[np.float64] = values[picks].mean(axis=1)
    return means
