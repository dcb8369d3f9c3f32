"""Whether an archive really holds what is asked: the features behind confidence and abstention.

A near miss names the same people and the same event but does not say the thing. What tells it:
the asked noun or verb ("captain", "fined") is nowhere in the article, no span is of the kind that
is asked for, a name is missing, the article came out before what it is asked about, it speaks of a
plan where an outcome is asked for, or it says itself that the thing is not known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from qa.reader.choose import Scored, span_group
from qa.reader.evidence import Report, coverage, found_in, matched, name_coverage, share
from qa.reader.spans import SPAN_FEATURES
from qa.reader.task import Task

SUPPORT_FEATURES = (
    "cover", "cover_near", "cover_article", "matched", "matched_near", "matched_article",
    "missing", "missing_near", "names", "names_article", "core", "core_near", "core_article",
    "first_core", "first_core_near", "second_core", "bond", "typed", "mismatch", "echo", "focus",
    "unfocused", "span", "span_share", "spans", "fitting", "sentence_share", "sentence_score",
    "cosine", "undisclosed", "unhappened", "too_early", "other_time", "outside_window", "numbers",
    "times", "figure", "name", "phrase", "date",
)  # fmt: skip

# How reports say that the thing asked for is not known or not told.
_UNDISCLOSED = re.compile(
    r"\b(?:(?:not|n't|never|yet to be|without) (?:yet )?(?:be(?:en)? )?(?:immediately )?"
    r"(?:disclos|reveal|identif|nam|know|releas|specif|giv|sa[iy]|elaborat|announc|decid|determin|"
    r"establish|comment|confirm|provid|detail|claim)\w*|undisclosed|unnamed|unidentified|unknown|"
    r"unspecified|declin(?:ed|es|ing) to|refus(?:ed|es|ing) to (?:name|say|give|identify|comment)|"
    r"no (?:details|further details|immediate|word|figure|figures|information|indication|claim)|"
    r"under investigation|being investigated|(?:is|are|was|were) investigating|mystery|unclear|"
    r"terms (?:of the \w+ )?were (?:not|un)|remains? (?:unknown|unclear))\b",
    re.I,
)
_AHEAD = re.compile(
    r"\b(?:will|would|plans? to|expect(?:s|ed)? to|expected|forecast|could|may|might|hopes? to|"
    r"aims? to|intends? to|seeks? to|demand(?:s|ed|ing)?|is to|are to|scheduled|due to|set to|"
    r"predicted|projected|proposed|threaten(?:s|ed)?)\b",
    re.I,
)
_UNIT = SPAN_FEATURES.index("unit")
_CLAUSE = 60  # code points before the answer where "will", "demanded" govern it
_BESIDE = 300  # code points around the sentence where "not disclosed" still speaks of it


def support_of(task: Task, best: Sequence[Scored]) -> tuple[float, ...]:
    """The features of the best sentence and its best span, in the order of SUPPORT_FEATURES."""
    one, asked, weight = best[0], task.asked, task.weight
    report = task.reports[one.sentence.hit]
    around = one.sentence.stems | task.near(one.sentence) | report.title
    everywhere = around | report.article
    core = {stem: value * weight.get(stem, 0.5) for stem, value in asked.core}
    numbers = [term.stem for term in asked.terms if term.number]
    group = span_group(asked)
    return (
        coverage(weight, one.sentence.stems),
        coverage(weight, around),
        coverage(weight, everywhere),
        matched(weight, one.sentence.stems),
        matched(weight, around),
        matched(weight, everywhere),
        _missing(weight, everywhere),
        _missing(weight, around),
        name_coverage(asked.names, around),
        name_coverage(asked.names, everywhere),
        coverage(core, one.sentence.stems) if core else 0.5,
        coverage(core, around) if core else 0.5,
        coverage(core, everywhere) if core else 0.5,
        _first(asked.core[:1], everywhere),
        _first(asked.core[:1], around),
        _first(asked.core[1:2], around),
        _bond(task, one),
        one["typed"],
        *_span_support(task, one),
        _share([other.score for other in best]),
        one.score,
        one["cosine"],
        *_said(task, one),
        float(_too_early(task, report)),
        float(_other_time(task, one)),
        float(one["window"] == 0.0),
        share(numbers, everywhere),
        share(asked.times, around),
        *(float(group == name) for name in ("figure", "name", "phrase", "date")),
    )


def _span_support(task: Task, one: Scored) -> tuple[float, ...]:
    """Of the best span: wrong unit, only echoes, asked noun beside it or not, score and share."""
    group = span_group(task.asked)
    if not one.options:
        return float(group in {"figure", "name"}), 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0
    candidate, score = one.options[0]
    named = dict(zip(SPAN_FEATURES, candidate.features, strict=True))
    focus = max(named["focus_after"], 0.5 * named["focus_near"])
    counted = task.asked.kind == "count"
    return (
        float(group in {"figure", "name"} and task.asked.kind != "name" and not named["unit"]),
        named["echo"] if group == "name" else 0.0,
        focus if counted else 0.0,
        1.0 - focus if counted else 0.0,
        score,
        _share([value for _, value in one.options]),
        math.log1p(len(one.options)),
        math.log1p(sum(option.features[_UNIT] > 0 for option, _ in one.options)),
    )


def _bond(task: Task, one: Scored) -> float:
    """How near the first core word found stands to the answer, weighed by its place; 0 if none."""
    if not one.options:
        return 0.0
    candidate = one.options[0][0]
    words = one.sentence.words
    at = next((n for n, word in enumerate(words) if word.end > candidate.start), 0)
    best = 0.0
    for stem, value in task.asked.core:
        for place, word in enumerate(words):
            if found_in(stem, frozenset((word.stem,))):
                best = max(best, value / (1 + 0.15 * abs(place - at)))
    return best


def _first(core: Sequence[tuple[str, float]], stems: frozenset[str]) -> float:
    """Whether the one word of `core` is found; 1/2 where there is none."""
    return found_in(core[0][0], stems) if core else 0.5


def _share(scores: Sequence[float]) -> float:
    """The softmax share of the first of some scores."""
    grown = np.exp(np.asarray(scores) - max(scores))
    return float(grown[0] / grown.sum())


def _said(task: Task, one: Scored) -> tuple[float, float]:
    """Whether the report says that it is not known, and whether it speaks of what is to come."""
    text, sentence = task.text(one.sentence), one.sentence
    quote = task.quote(sentence)
    beside = text[max(0, sentence.start - _BESIDE) : sentence.end + _BESIDE]
    unknown = 0.5 * bool(_UNDISCLOSED.search(quote)) + 0.5 * bool(_UNDISCLOSED.search(beside))
    if one.options:
        candidate = one.options[0][0]
        start = max(sentence.start, candidate.start - _CLAUSE)
        quote = text[start : min(sentence.end, candidate.end + _CLAUSE // 2)]
    return unknown, float(task.asked.outcome and bool(_AHEAD.search(quote)))


def _missing(weight: Mapping[str, float], stems: frozenset[str]) -> float:
    """The weight of the rarest term of the question that is not found; 0 where all are."""
    return max((value * (1 - found_in(stem, stems)) for stem, value in weight.items()), default=0.0)


def _too_early(task: Task, report: Report) -> bool:
    """Whether the article came out before the time whose outcome is asked for."""
    period = task.understood.period
    published = task.articles[report.rank].published.day
    return bool(
        task.asked.outcome and period and published and published < period.start - timedelta(days=1)
    )


def _other_time(task: Task, one: Scored) -> bool:
    """Whether the sentence dates itself, by day or month, outside the time asked for."""
    period = task.understood.period
    if period is None or task.asked.kind == "date":
        return False
    told = [
        event
        for event in task.told_times(one.sentence)
        if event.precision in {"day", "week", "month", "range"}
    ]
    return bool(told) and not any(
        period.overlaps(event.first, event.last + timedelta(days=1)) for event in told
    )
