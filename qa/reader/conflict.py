"""Different figures for the same asked thing from independent articles: shown apart, never blended.

Two reports conflict where a sentence of another article fits the question about as well as the
one that answers, shares as many of its words, its best figure carries the same unit, and the
number is another; a sentence that dates itself elsewhere does not. Copies are grouped before
reading, so two hits are two stories.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qa.reader.choose import Scored, answer_text
from qa.reader.kinds import QUANTITIES
from qa.reader.model import Linear
from qa.reader.task import Task
from qa.reader.words import NUMBER_WORDS, stem, tokens
from qa.types import Span

MARGIN = 1.5  # how far the score of the other sentence, in logits, may lie under the best
AS_WELL = 0.9  # the least part of what the answering sentence shares with the question
_MATTER = ("cover", "cover_near", "core", "names_article", "focus", "fits")
SAME = 0.005  # numbers closer than this share of the larger are one figure, rounded

_MAGNITUDES = {
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "mln": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bln": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
    "trln": 1e12,
    "tln": 1e12,
}
_MAGNITUDE_STEMS = frozenset(stem(word) for word in _MAGNITUDES)
_NUMBER = re.compile(r"(?P<whole>\d+(?:,\d{3})*(?:\.\d+)?)?(?:-?(?P<over>\d+)/(?P<under>\d+))?")


def value_of(figure: str) -> float | None:
    """The number that a figure begins with, magnitude counted; None where it has none.

    "1.26 billion H.K. dlrs" is 1.26e9, "9-1/4 pct" 9.25, "seven" 7.
    """
    words = re.findall(r"[a-z]+|[\d.,/-]*\d", figure.lower())
    for place, word in enumerate(words):
        if word in NUMBER_WORDS:
            number = float(NUMBER_WORDS[word])
        else:
            match = _NUMBER.fullmatch(word)
            if match is None or not any(match.groups()):
                continue
            number = float((match["whole"] or "0").replace(",", ""))
            if match["over"] and float(match["under"]):
                number += float(match["over"]) / float(match["under"])
        after = words[place + 1] if place + 1 < len(words) else ""
        return number * _MAGNITUDES.get(after, 1.0)
    return None


def conflicting(task: Task, best: Sequence[Scored], model: Linear) -> tuple[Span, ...]:
    """The answer and every figure that differs from it, oldest first; empty where all agree.

    `model` is the one that scored the sentences.
    Nothing conflicts where the newest or the first report was asked for: the others are stale.
    """
    if task.asked.kind not in QUANTITIES or task.understood.order or not best[0].options:
        return ()
    chosen = [best[0]]
    for one in best[1:]:
        heard = {other.sentence.hit for other in chosen}
        if one.sentence.hit not in heard and _rivals(task, best[0], one, model):
            chosen.append(one)
    differing = [one for one in chosen[1:] if _differ(task, best[0], one)]
    if not differing:
        return ()
    shown = sorted([best[0], *differing], key=lambda one: _day(task, one))
    return tuple(
        Span(one.sentence.hit, one.sentence.start, one.sentence.end, answer_text(task, one))
        for one in shown
    )


def _rivals(task: Task, answer: Scored, other: Scored, model: Linear) -> bool:
    """Whether another sentence tells of the same asked thing about as well, in the same unit."""
    if not other.options or _fit(other, model) < _fit(answer, model) - MARGIN:
        return False
    if other.options[0][1] < answer.options[0][1] - MARGIN:
        return False
    if other["window"] < answer["window"] or other["told_other"] > answer["told_other"]:
        return False
    if any(other[name] < AS_WELL * answer[name] for name in _MATTER):
        return False
    return _unit(answer_text(task, other)) == _unit(answer_text(task, answer))


def _unit(figure: str) -> tuple[str, ...]:
    """The words of a figure without its number and magnitude, as they are compared."""
    words = (token.stem for token in tokens(figure))
    return tuple(word for word in words if word[:1].isalpha() and word not in _MAGNITUDE_STEMS)


def _fit(one: Scored, model: Linear) -> float:
    """The score without the parts that only say how high its article was ranked."""
    return one.filled(model, rank=0.0, score=0.0).score


def _differ(task: Task, answer: Scored, other: Scored) -> bool:
    first, second = value_of(answer_text(task, answer)), value_of(answer_text(task, other))
    if first is None or second is None:
        return False
    return abs(first - second) > SAME * max(abs(first), abs(second))


def _day(task: Task, one: Scored) -> date:
    """The day of publication; articles without one stand first."""
    return task.articles[one.sentence.hit].published.day or date.min
