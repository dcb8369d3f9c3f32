"""Which sentence, and which words in it: the two rankings that precede a decision.

Rough features order all sentences; the best of them are read by the network together, and the
spans in them that could answer are found. A sentence is worth more when it holds a good span; the
answer is the best span of the best sentence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.dates import written_days
from qa.reader.asked import Asked
from qa.reader.evidence import (
    CLOSE_FEATURES,
    ROUGH_FEATURES,
    SENTENCE_FEATURES,
    Sentence,
    rough_features,
)
from qa.reader.kinds import NAMES, QUANTITIES
from qa.reader.model import Linear
from qa.reader.network import Excerpt, Network, Reading
from qa.reader.spans import SPAN_FEATURES, Candidate, candidates, holds_kind
from qa.reader.task import READ_HITS, Task
from qa.reader.timing import time_columns
from qa.types import Span

TYPED = 16  # sentences in which something of the kind asked for is looked for
CLOSELY = 6  # sentences that the network reads, as far as its budget reaches
AS_WELL = 2.0  # difference of score within which a neighbour answers about as well as the best

_UNIT = SPAN_FEATURES.index("unit")
_FOCUS_AFTER = SPAN_FEATURES.index("focus_after")
_FOCUS_NEAR = SPAN_FEATURES.index("focus_near")
_TYPED = ROUGH_FEATURES.index("typed")
# Which feature of a sentence tells the worth of its best span, by group; counts are figures.
_BEST = {group: f"best_{group}" for group in ("figure", "name", "phrase", "date")}
_BEST["count"] = _BEST["figure"]
_UNREAD = (0.0,) * len(CLOSE_FEATURES)

Option = tuple[Candidate, float]


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with its features and score; `options` are its spans, best first."""

    sentence: Sentence
    features: tuple[float, ...]
    score: float
    options: tuple[Option, ...] = ()

    def __getitem__(self, feature: str) -> float:
        """One feature by its name."""
        return self.features[SENTENCE_FEATURES.index(feature)]

    def filled(self, model: Linear, **values: float) -> Scored:
        """With some features set, and scored again."""
        features = list(self.features)
        for name, value in values.items():
            features[SENTENCE_FEATURES.index(name)] = value
        return replace(self, features=tuple(features), score=model.score(features))


def scored_sentences(task: Task, model: Linear, typed: int = TYPED) -> list[Scored]:
    """Every sentence of every hit by its rough features, best first.

    Whether a sentence holds something of the kind asked for is looked at for the `typed` best.
    """
    found = []
    for report in task.reports:
        n = report.rank
        events = task.stored[n].article_dates
        times = time_columns(report, task.articles[n], events, task.understood)
        features = rough_features(report, task.asked, task.weight, times)
        scores = model.scores(features)
        for sentence, own, score in zip(report.sentences, features.tolist(), scores, strict=True):
            found.append(Scored(sentence, (*own, *_UNREAD), score))
    found = ordered(found)
    return ordered([_typed(task, one, model) for one in found[:typed]] + found[typed:])


def _typed(task: Task, one: Scored, model: Linear) -> Scored:
    sentence = one.sentence
    if not holds_kind(task.text(sentence), sentence, task.asked, task.events(sentence)):
        return one
    features = (*one.features[:_TYPED], 1.0, *one.features[_TYPED + 1 :])
    return replace(one, features=features, score=model.score(features[: len(ROUGH_FEATURES)]))


def closely(
    task: Task,
    rough: Sequence[Scored],
    network: Network,
    sentence_model: Linear,
    span_models: Mapping[str, Linear],
) -> list[Scored]:
    """The best sentences as the network reads them, scored again with their spans; best first.

    Sentences of hits beyond READ_HITS are left out: they are quoted, but do not answer.
    """
    group = span_group(task.asked)
    found = []
    for one, reading in read_by(task, rough, network):
        options = _options(task, one.sentence, reading, span_models[group])
        again = one.filled(sentence_model, read=reading.score, **promise(group, options))
        found.append(replace(again, options=tuple(options)))
    return ordered(found)


def read_by(task: Task, rough: Sequence[Scored], network: Network) -> list[tuple[Scored, Reading]]:
    """The best sentences for which the network has room, each with its reading."""
    head = [one for one in rough if one.sentence.hit < READ_HITS][:CLOSELY]
    excerpts = [Excerpt(s.hit, s.start, task.quote(s)) for s in (one.sentence for one in head)]
    readings = network.read(task.question, excerpts)
    return [(one, read) for one, read in zip(head, readings, strict=True) if read is not None]


def promise(group: str, options: Sequence[Option]) -> dict[str, float]:
    """What the spans of a sentence add to its features."""
    if not options:
        return {"none": 1.0}
    best, score = options[0]
    return {
        _BEST[group]: score,
        "focus": max(best.features[_FOCUS_AFTER], 0.5 * best.features[_FOCUS_NEAR]),
        "fits": best.features[_UNIT],
        "spans": math.log1p(len(options)),
    }


def ordered(scored: list[Scored]) -> list[Scored]:
    """Best first; of equals the one that stands first among the hits and in its article."""
    return sorted(scored, key=lambda one: (-one.score, one.sentence.hit, one.sentence.start))


def _options(task: Task, sentence: Sentence, reading: Reading, model: Linear) -> list[Option]:
    """The spans of one sentence that could answer, with their scores, best first."""
    found = candidates(
        task.text(sentence),
        sentence,
        task.asked,
        task.weight,
        task.events(sentence),
        reading,
        task.understood.period,
    )
    options = [(candidate, model.score(candidate.features)) for candidate in found]
    return sorted(options, key=lambda option: -option[1])


def quotes_of(
    task: Task, rough: Sequence[Scored], best: Sequence[Scored], figures: Sequence[Span] = ()
) -> tuple[Span, ...]:
    """A quote for each hit: its best sentence; for the answering hit, with the answer inside.

    A hit with one of the conflicting `figures` is quoted with it.
    """
    spans = {figure.hit: figure for figure in figures}
    for one in [*best, *rough]:
        sentence = one.sentence
        spans.setdefault(sentence.hit, Span(sentence.hit, sentence.start, sentence.end, ""))
    if best:
        sentence = best[0].sentence
        start, end = quote_window(task, best)
        spans[sentence.hit] = Span(sentence.hit, start, end, answer_text(task, best[0]))
    return tuple(
        spans.get(n, Span(n, stored.passage.start, stored.passage.end, ""))
        for n, stored in enumerate(task.stored)
    )


def evidence_of(best: Sequence[Scored]) -> tuple[float, ...]:
    """By hit, the score of its best sentence less that of the best of all; -inf where none was."""
    found = [-math.inf] * (1 + max(one.sentence.hit for one in best))
    for one in best:
        hit = one.sentence.hit
        found[hit] = max(found[hit], one.score - best[0].score)
    return tuple(found)


def quote_window(task: Task, best: Sequence[Scored]) -> tuple[int, int]:
    """The best sentence with a neighbour: the one that answers about as well, else the next.

    News names first and tells after, so that the sentence that follows says more than the one
    before. Offsets into the article's text.
    """
    sentence = best[0].sentence
    near = task.reports[sentence.hit].sentences
    beside = [s for s in near if abs(s.ordinal - sentence.ordinal) == 1]
    if not beside:
        return sentence.start, sentence.end
    as_well = [one.sentence for one in best[1:] if one.score > best[0].score - AS_WELL]
    rivals = [s for s in as_well if any(s is other for other in beside)]
    other = rivals[0] if rivals else max(beside, key=lambda s: s.ordinal)
    return min(sentence.start, other.start), max(sentence.end, other.end)


def answer_text(task: Task, one: Scored, choice: int = 0) -> str:
    """The answer as shown: the words, or the calendar date where a time was asked for.

    Where a sentence holds no span, and for yes-no questions, it is the sentence.
    """
    if not one.options or task.asked.kind == "yes-no":
        return task.quote(one.sentence)
    candidate = one.options[choice][0]
    event = candidate.event
    if event is None:
        return task.text(one.sentence)[candidate.start : candidate.end]
    return written_days(event.first, event.last)


def span_group(asked: Asked) -> str:
    """The group of kinds that share one span model."""
    if asked.kind == "date":
        return "date"
    if asked.kind == "count":  # its noun tells it, which other figures have not
        return "count"
    if asked.kind in QUANTITIES:
        return "figure"
    return "name" if asked.kind in NAMES else "phrase"
