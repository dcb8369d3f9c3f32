"""How well a sentence carries what a question says: the features that choose what is quoted.

Every feature lies in [0, 1] or near it. A term that stands only around the sentence (the sentence
before, the title, elsewhere in the article) counts in features of its own: news names its subject
once and then says "he", "the bank".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa.passages import sentences
from qa.reader.asides import Stretch, outside
from qa.reader.asked import Asked, Term
from qa.reader.names import Name, names
from qa.reader.quantities import Figure, figures
from qa.reader.words import COUNTRIES, Token, kin, stems_in, tokens

Matrix = NDArray[np.float64]
Columns = Mapping[str, float | Sequence[float] | Matrix]  # features: by sentence, or of all alike
SHORT = 8  # words: a shorter sentence seldom tells anything
REACH = 1500  # code points on either side of a passage where its answer may still stand
KIN_WEIGHT = 0.6  # of a near-synonym against the word itself

# What every sentence is first ranked by, and what the best of them are ranked by after the network
# has read them and their spans are known.
ROUGH_FEATURES = (
    "cover", "cover_near", "cover_title", "cover_article", "rarest", "names", "names_article",
    "numbers", "pairs", "typed", "first", "rank", "score", "short", "window", "outside",
    "telling", "times", "core", "core_telling", "on_day", "told", "told_other", "report_told",
)  # fmt: skip
CLOSE_FEATURES = (
    "read", "best_figure", "best_name", "best_phrase", "best_date", "none", "focus", "fits",
    "spans",
)  # fmt: skip
SENTENCE_FEATURES = ROUGH_FEATURES + CLOSE_FEATURES


@dataclass(frozen=True)
class Sentence:
    """One sentence at `[start, end)` of the text of the hit's article; `ordinal` counts from 0.

    All sentences are compared by their stems; the words of the few that are read are found when
    they are asked for.
    """

    hit: int
    start: int
    end: int
    ordinal: int
    article: str = field(repr=False)  # the text that it stands in
    aside: tuple[Stretch, ...]  # parts of it that are not the story: a dateline, a credit
    written: tuple[str, ...]  # stems of the words that may answer, in order
    stems: frozenset[str]  # of all its words
    outside: bool = False  # beside the passage that was found, not in it

    @cached_property
    def words(self) -> tuple[Token, ...]:
        """The words that may answer: not those of a dateline, nor of a credit."""
        return outside(tokens(self.article[self.start : self.end], self.start), self.aside)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names among its words."""
        return tuple(names(self.article, self.words))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures that it tells; a share code or a dateline tells none."""
        found = figures(self.article, self.start, self.end)
        return tuple(figure for figure in found if self.tells(figure.start))

    def tells(self, start: int) -> bool:
        """Whether the story itself goes on at `start`, and no dateline or credit stands there."""
        return any(word.start <= start < word.end for word in self.words)


@dataclass(frozen=True, slots=True)
class Report:
    """One hit as the reader sees it: its sentences, and the stems of title and whole article."""

    sentences: tuple[Sentence, ...]
    title: frozenset[str]
    article: frozenset[str]
    score: float
    rank: int


def stems_of(text: str) -> frozenset[str]:
    """The set of stems of a text."""
    return frozenset(stems_in(text))


def read_report(
    text: str,
    title: str | None,
    start: int,
    end: int,
    rank: int,
    score: float,
    reach: int = REACH,
    aside: Sequence[Stretch] = (),
) -> Report:
    """The sentences of `text` that overlap `[start, end)` or lie within `reach` of it.

    Without a reach only the passage itself is looked at. `aside` are the stretches of the text
    that are not its story.

    At least one sentence comes back for any text that is not blank.
    """
    found = []
    unread = []
    spans = (
        sentences(text)
        if reach
        else [(start + a, start + b) for a, b in sentences(text[start:end])]
    )
    for ordinal, (first, last) in enumerate(spans):
        if last <= start - reach or first >= end + reach:
            unread.append(text[first:last])
            continue
        found.append(_sentence(text, (first, last), rank, ordinal, (start, end), aside))
    stems = stems_of(" ".join(unread)).union(*(sentence.stems for sentence in found))
    return Report(tuple(found), stems_of(title or ""), stems, score, rank)


def _sentence(
    text: str, span: Stretch, rank: int, ordinal: int, passage: Stretch, aside: Sequence[Stretch]
) -> Sentence:
    first, last = span
    near = tuple(part for part in aside if part[0] < last and first < part[1])
    every = written = stems_in(text[first:last])
    if near:
        written = [word.stem for word in outside(tokens(text[first:last], first), near)]
    beside = last <= passage[0] or first >= passage[1]
    stems = frozenset(every)
    return Sentence(rank, first, last, ordinal, text, near, tuple(written), stems, beside)


def plain_rarity(term: Term) -> float:
    """How telling a word is by its form alone: names and figures most."""
    if term.name:
        return 0.7 if term.stem in COUNTRIES else 1.0
    return 0.8 if term.number else min(1.0, 0.35 + 0.05 * len(term.text))


def weights(asked: Asked) -> dict[str, float]:
    """Weight in (0, 1] of each term of the question, by stem."""
    return {term.stem: plain_rarity(term) for term in asked.terms}


def found_in(stem: str, stems: frozenset[str]) -> float:
    """1 where the stem is among `stems`, a part where only a near-synonym is, else 0."""
    if stem in stems:
        return 1.0
    related = kin(stem)
    return KIN_WEIGHT if related and not related.isdisjoint(stems) else 0.0


def _found(wanted: Sequence[str], each: Sequence[frozenset[str]]) -> Matrix:
    """`found_in` of every wanted stem in each set, float64[sets, stems]."""
    found = np.zeros((len(each), len(wanted)))
    for place, stem in enumerate(wanted):
        related = kin(stem)
        for row, stems in enumerate(each):
            if stem in stems:
                found[row, place] = 1.0
            elif related and not related.isdisjoint(stems):
                found[row, place] = KIN_WEIGHT
    return found


def coverage(weight: Mapping[str, float], stems: frozenset[str]) -> float:
    """The part of the question's weight that stands among `stems`; 0 for a question of no terms."""
    total = sum(weight.values())
    if not total:
        return 0.0
    return sum(value * found_in(stem, stems) for stem, value in weight.items()) / total


def name_coverage(names: Sequence[tuple[str, ...]], stems: frozenset[str]) -> float:
    """Mean over the question's names of the part of each that is found; 1 where it names none."""
    if not names:
        return 1.0
    return sum(sum(part in stems for part in name) / len(name) for name in names) / len(names)


def rough_features(
    report: Report, asked: Asked, weight: Mapping[str, float], times: Columns
) -> Matrix:
    """The features of every sentence of a report, float64[sentences, len(ROUGH_FEATURES)].

    `times` are those that compare times (`qa.reader.timing`). "typed" is 0: it costs more than all
    others together, and is set for the best sentences only.
    """
    met = _Met.of(report, asked, weight)
    numbers = [term.stem for term in asked.terms if term.number]
    rarest = max(weight, key=lambda stem: weight[stem], default="")
    around = report.article | report.title
    columns: Columns = {
        "cover": met.share(met.own, met.weight),
        "cover_near": met.share(met.near, met.weight),
        "cover_title": met.share(met.titled, met.weight),
        "cover_article": met.share(met.everywhere, met.weight),
        "rarest": met.column(rarest),
        "names": [name_coverage(asked.names, one.stems) for one in report.sentences],
        "names_article": name_coverage(asked.names, around),
        "numbers": [share(numbers, one.stems) for one in report.sentences],
        "pairs": [_pairs(asked, one) for one in report.sentences],
        "typed": 0.0,
        "first": [1.0 / (1 + one.ordinal) for one in report.sentences],
        "rank": 1.0 / (1 + report.rank),
        "score": report.score,
        "short": [float(len(one.written) < SHORT) for one in report.sentences],
        **times,
        "outside": [float(one.outside) for one in report.sentences],
        "telling": met.share(met.own, met.telling),
        "times": [share(asked.times, one.stems) for one in report.sentences],
        "core": met.share(met.own, met.core),
        "core_telling": met.share(met.own, met.telling * met.core),
    }
    found = np.empty((len(report.sentences), len(ROUGH_FEATURES)))
    for place, name in enumerate(ROUGH_FEATURES):
        found[:, place] = columns[name]
    return found


@dataclass(frozen=True, slots=True)
class _Met:
    """How the question's stems are met, each float64[sentences, stems], and their weights.

    `own` in the sentence, `near` with the sentences beside it, `titled` with the title too,
    `everywhere` in the whole article. `weight`, `core` and `telling` are float64[stems].
    """

    stems: tuple[str, ...]
    own: Matrix
    near: Matrix
    titled: Matrix
    everywhere: Matrix
    weight: Matrix
    core: Matrix
    telling: Matrix

    @classmethod
    def of(cls, report: Report, asked: Asked, weight: Mapping[str, float]) -> _Met:
        core = dict(asked.core)
        stems = tuple(dict.fromkeys((*weight, *core)))
        own = _found(stems, [one.stems for one in report.sentences])
        near = own.copy()
        near[1:] = np.maximum(near[1:], own[:-1])
        near[:-1] = np.maximum(near[:-1], own[1:])
        titled = np.maximum(near, [found_in(stem, report.title) for stem in stems])
        everywhere = np.maximum(titled, [found_in(stem, report.article) for stem in stems])
        weights = np.array([weight.get(stem, 0.0) for stem in stems])
        cores = np.array([core.get(stem, 0.0) * weight.get(stem, 0.5) for stem in stems])
        telling = telling_weights(weights, own)
        return cls(stems, own, near, titled, everywhere, weights, cores, telling)

    def share(self, met: Matrix, weight: Matrix) -> Matrix:
        """The part of the weight that is met, by sentence; 0 where there is none."""
        total = float(weight.sum())
        return met @ weight / total if total else np.zeros(len(met))

    def column(self, stem: str) -> Matrix:
        """How each sentence meets one stem."""
        return self.own[:, self.stems.index(stem)] if stem else np.zeros(len(self.own))


def telling_weights(weight: Matrix, own: Matrix) -> Matrix:
    """The weights of the question's stems, less for a stem that stands all over the report.

    `own` float64[sentences, stems] says how each sentence meets each stem. What every sentence says
    does not tell which of them answers; what none says is left out.
    """
    held: Matrix = own.sum(axis=0)
    return np.where(held > 0, weight * (1 - held / (1 + len(own))), 0.0)


def _pairs(asked: Asked, sentence: Sentence) -> float:
    """The part of the question's neighbouring terms that stand side by side, or one word apart."""
    pairs = list(pairwise(term.stem for term in asked.terms))
    if not pairs:
        return 0.0
    written = sentence.written
    beside = {pair for gap in (1, 2) for pair in zip(written, written[gap:], strict=False)}
    return sum(pair in beside for pair in pairs) / len(pairs)


def share(wanted: Sequence[str], stems: frozenset[str]) -> float:
    """The part of `wanted` that is among `stems`; 1/2 where nothing is wanted."""
    return sum(stem in stems for stem in wanted) / len(wanted) if wanted else 0.5
