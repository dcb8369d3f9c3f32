"""Candidate answers inside a sentence, typed by what is asked, each with its features.

A candidate is the shortest run of words that can stand alone as an answer: a figure with its
unit, a name, a time expression, a noun group or a clause. What decides between candidates is a
dozen plain features whose weights are learnt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.reader.asides import Stretch
from qa.reader.asked import Asked
from qa.reader.chunks import chunks, gives_reason
from qa.reader.evidence import KIN_WEIGHT, Sentence
from qa.reader.kinds import NAMES, QUANTITIES
from qa.reader.names import Name
from qa.reader.network import Reading
from qa.reader.quantities import Figure
from qa.reader.words import COUNTRIES, Token, kin, lemma, stem
from qa.types import DateWindow, EventDate

SPAN_FEATURES = (
    "unit", "other_unit", "focus_after", "focus_near", "close", "closest", "echo",
    "compared", "hedged", "early", "person", "organisation", "place", "other_name", "named",
    "subject", "quoted", "chunk", "clause", "cue", "long", "number_other", "day", "coarse",
    "country",
    "period",
    "joined",
    "times",
    "read",
    "read_best",
    "rivalled",
)  # fmt: skip

LEAST_READ = -12.0  # log-probability: below it the network says no more than "not here"

_COMPARED = re.compile(
    r"(?:\bfrom|\bagainst|\bthan|\bcompared (?:with|to)|\bversus|\bup from|\bdown from|"
    r"\binstead of|\bprevious(?:ly)?|\bearlier|\blast|\ba year ago|\brevised)\s(?:\w+\s){0,2}$",
    re.I,
)
_NAMED = re.compile(r"\b(?:called|named|known as|dubbed|titled|entitled)\s[\"“'<]?$", re.I)


_LENGTH = re.compile(r"(?:miles?|kilomet|km|met(?:er|re)|feet|foot|inch)", re.I)
_QUOTED = re.compile(r"[\"“]([^\"“”]{2,60}?)[,.]?[\"”]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer at `[start, end)` of the article's text, with its features."""

    sentence: Sentence
    start: int
    end: int
    features: tuple[float, ...]
    unit: str = ""  # of a figure: what it can be compared with
    event: EventDate | None = None


def candidates(
    text: str,
    sentence: Sentence,
    asked: Asked,
    weight: Mapping[str, float],
    events: Sequence[EventDate],
    reading: Reading,
    period: DateWindow | None = None,
) -> list[Candidate]:
    """Every candidate of the kind that `asked` wants; `events` are the times of the sentence.

    `reading` is what the network says of it: its likeliest span is a candidate too, whatever its
    kind, unless a calendar date is wanted. `period` is the time that the question names.
    """
    places = _matched(sentence.words, weight)
    build = _Builder(text, sentence, asked, weight, places, reading, _read_span(sentence, reading))
    if asked.kind == "date":
        return build.dates(events, period)
    if asked.kind in QUANTITIES:
        found = build.figures()
    elif asked.kind in NAMES:
        found = build.names()
    else:
        found = build.chunks()
    return build.with_read(found)


def _read_span(sentence: Sentence, reading: Reading) -> Stretch:
    """The network's likeliest span as offsets into the article's text, whole words only."""
    start, end = (sentence.start + at for at in reading.best_span())
    inside = [word for word in sentence.words if word.start < end and start < word.end]
    if not inside:
        return sentence.start, sentence.start
    return inside[0].start, max(inside[-1].end, inside[0].end)


def holds_kind(text: str, sentence: Sentence, asked: Asked, events: Sequence[EventDate]) -> bool:
    """Whether a sentence holds anything of the asked kind that the question did not say itself."""
    if asked.kind == "date":
        return bool(events)
    known = {term.stem for term in asked.terms}
    if asked.kind in QUANTITIES:
        return any(
            _fits(asked, figure) and not _echoes(sentence.words, figure.start, figure.end, known)
            for figure in sentence.figures
        )
    if asked.kind in NAMES:
        return any(
            not _echoes(sentence.words, name.start, name.end, known)
            and (asked.kind == "name" or getattr(name, asked.kind))
            for name in sentence.names
        )
    if asked.kind == "reason":
        return gives_reason(text[sentence.start : sentence.end])
    return True


def _fits(asked: Asked, figure: Figure) -> bool:
    """Whether the unit of a figure can answer the kind that is asked for."""
    if _is_focus_unit(asked, figure):
        return True
    if asked.units == {"length"}:
        return _LENGTH.match(figure.unit_words) is not None
    if asked.units:
        return figure.unit in asked.units
    return figure.unit != "year"


def _is_focus_unit(asked: Asked, figure: Figure) -> bool:
    """Whether the unit itself is what is counted: "how many tonnes", "how many points"."""
    units = {lemma(word) for word in figure.unit_words.split()}
    return not units.isdisjoint(asked.focus)


def _stands_by(focus: Sequence[str], words: Sequence[Token]) -> float:
    """1 where the asked noun is among `words`, a part where only a kindred word is, else 0."""
    best = 0.0
    for noun in focus:
        wanted = stem(noun)
        for word in words:
            if lemma(word.text) == noun:
                return 1.0
            if word.stem == wanted or word.stem in kin(wanted):
                best = max(best, KIN_WEIGHT)
    return best


def _echoes(words: Sequence[Token], start: int, end: int, known: set[str]) -> bool:
    """Whether all the matter of a span stands in the question already."""
    inside = [word.stem for word in words if start <= word.start < end]
    return bool(inside) and all(one in known for one in inside)


def _matched(words: Sequence[Token], weight: Mapping[str, float]) -> list[tuple[int, float]]:
    """Positions of the words that the question shares, with the weight of each."""
    found = []
    for place, word in enumerate(words):
        value = weight.get(word.stem, 0.0)
        if not value:
            value = max((weight.get(other, 0.0) * 0.5 for other in kin(word.stem)), default=0.0)
        if value:
            found.append((place, value))
    return found


@dataclass(frozen=True, slots=True)
class _Builder:
    """What all candidates of one sentence share."""

    text: str
    sentence: Sentence
    asked: Asked
    weight: Mapping[str, float]
    places: list[tuple[int, float]]
    reading: Reading
    read: Stretch  # the network's likeliest span, empty where it is no part of the story

    def with_read(self, found: list[Candidate]) -> list[Candidate]:
        """The candidates and, if none of them is it, the span that the network likes best.

        Unless it is a figure whose unit cannot answer: a volume is no height.
        """
        start, end = self.read
        if start == end or any((one.start, one.end) == self.read for one in found):
            return found
        inside = [one for one in self.sentence.figures if start < one.end and one.start < end]
        if self.asked.units and any(not _fits(self.asked, figure) for figure in inside):
            return found
        return [*found, self._candidate(start, end)]

    def figures(self) -> list[Candidate]:
        """One figure that counts the very noun that is asked for rivals all that do not.

        Where the question's words fix the unit ("how tall"), no other unit answers.
        """
        told = self.sentence.figures
        if self.asked.kind == "measure" and self.asked.units:
            told = tuple(figure for figure in told if _fits(self.asked, figure))
        found = [(figure, self._counts(figure)) for figure in told]
        best = max((counts for _, counts in found), default=0.0)
        return [self._figure(figure, counts, best) for figure, counts in found]

    def _counts(self, figure: Figure) -> float:
        """How far a figure counts what is asked for: by its unit, or by a noun right after it."""
        if _is_focus_unit(self.asked, figure):
            return 1.0
        return _stands_by(self.asked.focus[-1:], self._words_after(figure.end, 4))

    def names(self) -> list[Candidate]:
        found = self.sentence.names
        single = [self._name(name, name) for name in found]
        return single + self._joined(found) + self._quoted()

    def _joined(self, found: Sequence[Name]) -> list[Candidate]:
        """Names joined by "and" as one answer, where several things are asked for."""
        if not self.asked.plural:
            return []
        return [
            self._name(first, second)
            for first, second in pairwise(found)
            if self.text[first.end : second.start].strip() == "and"
        ]

    def _quoted(self) -> list[Candidate]:
        """Words between quotation marks, where a name, a title or a phrase is asked for."""
        if self.asked.kind != "name":
            return []
        return [
            self._candidate(match.start(1), match.end(1), quoted=1.0)
            for match in _QUOTED.finditer(self.text, self.sentence.start, self.sentence.end)
            if self.sentence.tells(match.start(1))
        ]

    def chunks(self) -> list[Candidate]:
        return [
            self._candidate(
                chunk.start,
                chunk.end,
                chunk=float(not chunk.clause),
                clause=float(chunk.clause),
                cue=float(chunk.cue),
                long=min(1.0, (chunk.end - chunk.start) / 120),
            )
            for chunk in chunks(self.text, self.sentence.words)
        ] + [
            self._candidate(figure.start, figure.end, unit_fits=1.0)
            for figure in self.sentence.figures
            if figure.unit not in {"year", "count"} and self.asked.kind == "thing"
        ]

    def dates(self, events: Sequence[EventDate], period: DateWindow | None) -> list[Candidate]:
        return [
            self._candidate(
                event.start,
                event.end,
                event=event,
                day=float(event.precision == "day"),
                coarse=float(event.precision in {"year", "decade", "quarter", "season", "range"}),
                period=0.5 if period is None else float(period.meets(event.first, event.last)),
            )
            for event in events
        ]

    def _figure(self, figure: Figure, counts: float, best: float) -> Candidate:
        keeps_unit = figure.unit in {"money", "percent", "measure", "time"}
        end = figure.end if keeps_unit else figure.number_end
        near = self._words_around(figure.start, figure.end, 8)
        return self._candidate(
            figure.start,
            end,
            unit=figure.unit if keeps_unit else "count",
            unit_fits=float(_fits(self.asked, figure)),
            other_unit=float(figure.unit == "year"),
            focus_after=counts,
            rivalled=best - counts,
            focus_near=_stands_by(self.asked.focus, near),
            compared=float(
                bool(_COMPARED.search(self.text[max(0, figure.hedge - 30) : figure.hedge]))
            ),
            hedged=float(figure.hedge < figure.start),
            number_other=float(figure.unit == "time" and self.asked.kind != "measure"),
        )

    def _name(self, name: Name, last: Name) -> Candidate:
        before = self.text[max(0, name.start - 16) : name.start]
        kind = self.asked.kind
        wanted = kind != "name" and getattr(name, kind)
        flags = {"person", "organisation", "place"} - {kind}
        country = any(
            word.stem in COUNTRIES for word in self.sentence.words[name.first : name.last + 1]
        )
        return self._candidate(
            name.start,
            last.end,
            # "Who is buying X?" may be answered by a firm, but sooner by a person.
            unit_fits=1.0 if wanted else 0.5 * (kind == "person" and name.organisation),
            joined=float(last is not name),
            other_name=float(any(getattr(name, flag) for flag in flags)),
            named=float(bool(_NAMED.search(before))),
            subject=float(name.first <= 1),
            quoted=float(name.quoted),
            country=float(country) if kind == "place" else -float(country),
            person=float(name.person and kind == "person"),
            organisation=float(name.organisation and kind == "organisation"),
            place=float(name.place and kind == "place"),
        )

    def _candidate(
        self, start: int, end: int, unit: str = "", event: EventDate | None = None, **values: float
    ) -> Candidate:
        first = next((i for i, w in enumerate(self.sentence.words) if w.end > start), 0)
        last = max((i for i, w in enumerate(self.sentence.words) if w.start < end), default=first)
        close, closest = self._closeness(first, last)
        known = {term.stem for term in self.asked.terms}
        inside = [w.stem for w in self.sentence.words[first : last + 1]]
        begin = self.sentence.start
        values |= {
            "unit": values.pop("unit_fits", 0.0),
            "close": close,
            "closest": closest,
            "echo": sum(one in known for one in inside) / max(1, len(inside)),
            "early": 1.0 / (1 + first),
            "times": self._time_closeness(first, last),
            "read": max(LEAST_READ, self.reading.span(start - begin, end - begin)),
            "read_best": float((start, end) == self.read),
        }
        features = tuple(values.get(name, 0.0) for name in SPAN_FEATURES)
        return Candidate(self.sentence, start, end, features, unit, event)

    def _closeness(self, first: int, last: int) -> tuple[float, float]:
        """How near the question's words stand: all of them weighed, and the nearest."""
        total = sum(self.weight.values()) or 1.0
        close, closest = 0.0, 0.0
        for place, value in self.places:
            if first <= place <= last:
                continue
            distance = first - place if place < first else place - last
            close += value / (1 + 0.3 * distance)
            closest = max(closest, 1.0 / distance)
        return min(1.0, close / total), closest

    def _time_closeness(self, first: int, last: int) -> float:
        """How near the words of the asked time stand; 0 where none does."""
        return max(
            (
                1.0 / (1 + 0.2 * (first - place if place < first else place - last))
                for place, word in enumerate(self.sentence.words)
                if word.stem in self.asked.times and not first <= place <= last
            ),
            default=0.0,
        )

    def _words_after(self, end: int, count: int) -> list[Token]:
        return [word for word in self.sentence.words if word.start >= end - 1][:count]

    def _words_around(self, start: int, end: int, count: int) -> list[Token]:
        before = [word for word in self.sentence.words if word.end <= start]
        after = [word for word in self.sentence.words if word.start >= end]
        return before[-count:] + after[:count]
