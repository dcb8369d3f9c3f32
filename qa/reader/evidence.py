"""How well a sentence carries what a question says: the features that choose what is quoted.

Every feature lies in [0, 1] or near it. A term that stands only around the sentence (the sentence
before, the title, elsewhere in the article) counts in features of its own: news names its subject
once and then says "he", "the bank".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.passages import sentences
from qa.reader.asides import Stretch, outside
from qa.reader.asked import Asked, Term
from qa.reader.words import COUNTRIES, Token, kin, tokens

Rarity = Callable[[str], float]
Met = Mapping[str, float]  # how far each term of the question is found, 0 to 1, by stem
REACH = 1500  # code points on either side of a passage where its answer may still stand
KIN_WEIGHT = 0.6  # of a near-synonym against the word itself

SENTENCE_FEATURES = (
    "cover", "cover_near", "cover_title", "cover_article", "rarest", "names", "names_article",
    "numbers", "pairs", "cosine", "typed", "first", "rank", "score", "short", "window", "outside",
    "telling", "times", "core", "core_telling", "best_figure", "best_name", "best_phrase",
    "best_date", "none", "focus", "fits", "spans",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence at `[start, end)` of the text of the hit's article; `ordinal` counts from 0."""

    hit: int
    start: int
    end: int
    ordinal: int
    words: tuple[Token, ...]  # those that may answer: not the dateline, not a credit
    stems: frozenset[str]  # of all its words
    outside: bool = False  # beside the passage that was found, not in it

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
    return frozenset(token.stem for token in tokens(text))


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

    Without a reach the rest of the article is not looked at. `aside` are the stretches of the text
    that are not its story.

    At least one sentence comes back for any text that is not blank.
    """
    found = []
    unread = []
    for ordinal, (first, last) in enumerate(sentences(text)):
        if last <= start - reach or first >= end + reach:
            unread.append(text[first:last] if reach else "")
            continue
        words = tuple(tokens(text[first:last], first))
        beside = last <= start or first >= end
        stems = frozenset(word.stem for word in words)
        told = outside(words, aside)
        found.append(Sentence(rank, first, last, ordinal, told, stems, beside))
    stems = stems_of(" ".join(unread)).union(*(sentence.stems for sentence in found))
    return Report(tuple(found), stems_of(title or ""), stems, score, rank)


def plain_rarity(term: Term) -> float:
    """How telling a word is where no archive statistics are at hand: names and figures most."""
    if term.name:
        return 0.7 if term.stem in COUNTRIES else 1.0
    return 0.8 if term.number else min(1.0, 0.35 + 0.05 * len(term.text))


def weights(asked: Asked, rarity: Rarity | None) -> dict[str, float]:
    """Weight in (0, 1] of each term of the question, by stem."""
    if rarity is None:
        return {term.stem: plain_rarity(term) for term in asked.terms}
    return {term.stem: max(0.05, rarity(term.text)) for term in asked.terms}


def found_in(stem: str, stems: frozenset[str]) -> float:
    """1 where the stem is among `stems`, a part where only a near-synonym is, else 0."""
    if stem in stems:
        return 1.0
    related = kin(stem)
    return KIN_WEIGHT if related and not related.isdisjoint(stems) else 0.0


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


def sentence_features(
    sentence: Sentence,
    report: Report,
    met: Sequence[Met],
    asked: Asked,
    weight: Mapping[str, float],
    *,
    telling: Mapping[str, float],
    typed: bool,
    in_window: float,
) -> tuple[float, ...]:
    """The features of one sentence, in the order of SENTENCE_FEATURES.

    `met` says how the question's terms are met in the sentence, with the sentences beside it, with
    the title too, and in the whole article. `telling` are the weights that tell the sentences of
    its article apart, `typed` whether it holds an answer of the kind that is asked for, `in_window`
    how well its article's date agrees with the time asked for. "cosine" and all from "best_figure"
    on are 0: they cost more, and are filled in for the best sentences only.
    """
    own, near, titled, everywhere = met
    core = {stem: value * weight.get(stem, 0.5) for stem, value in asked.core}
    rarest = max(weight, key=lambda stem: weight[stem], default="")
    numbers = [term.stem for term in asked.terms if term.number]
    return (
        met_share(weight, own),
        met_share(weight, near),
        met_share(weight, titled),
        met_share(weight, everywhere),
        own[rarest] if rarest else 0.0,
        name_coverage(asked.names, sentence.stems),
        name_coverage(asked.names, report.article | report.title) if asked.names else 1.0,
        share(numbers, sentence.stems),
        _pairs(asked, sentence),
        0.0,
        1.0 if typed else 0.0,
        1.0 / (1 + sentence.ordinal),
        1.0 / (1 + report.rank),
        report.score,
        1.0 if len(sentence.words) < 8 else 0.0,
        in_window,
        float(sentence.outside),
        met_share(telling, own),
        share(asked.times, sentence.stems),
        met_share(core, own),
        met_share({stem: telling.get(stem, 0.0) * core[stem] for stem in core}, own),
        *(0.0,) * 8,
    )


def _pairs(asked: Asked, sentence: Sentence) -> float:
    """The part of the question's neighbouring terms that stand side by side, or one word apart."""
    pairs = list(pairwise(term.stem for term in asked.terms))
    if not pairs:
        return 0.0
    written = [word.stem for word in sentence.words]
    beside = {pair for gap in (1, 2) for pair in zip(written, written[gap:], strict=False)}
    return sum(pair in beside for pair in pairs) / len(pairs)


def met_terms(wanted: Iterable[str], stems: frozenset[str]) -> Met:
    """How each wanted stem is met among `stems`: `found_in` of each."""
    return {stem: found_in(stem, stems) for stem in wanted}


def met_together(parts: Sequence[Met]) -> Met:
    """How each term is met best by any of some parts of a text."""
    return {stem: max(part[stem] for part in parts) for stem in parts[0]}


def met_share(weight: Mapping[str, float], met: Met) -> float:
    """The part of the weight that is met; 0 where there is none."""
    total = sum(weight.values())
    return sum(value * met[stem] for stem, value in weight.items()) / total if total else 0.0


def share(wanted: Sequence[str], stems: frozenset[str]) -> float:
    """The part of `wanted` that is among `stems`; 1/2 where nothing is wanted."""
    return sum(stem in stems for stem in wanted) / len(wanted) if wanted else 0.5


def telling_weights(weight: Mapping[str, float], met: Sequence[Met]) -> dict[str, float]:
    """The weights of the question's terms, less for a term that stands all over the report.

    `met` has one entry for each sentence. What every sentence says does not tell which answers.
    """
    found = {}
    for stem, value in weight.items():
        held = sum(one[stem] for one in met)
        if held:
            found[stem] = value * (1 - held / (1 + len(met)))
    return found
