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
from types import MappingProxyType

from qa.reader.choose import Scored, span_group
from qa.reader.evidence import Report, coverage, found_in, name_coverage
from qa.reader.kinds import KIND_OF_NOUN
from qa.reader.spans import LEAST_READ, SPAN_FEATURES
from qa.reader.task import Task
from qa.reader.timing import DATING
from qa.reader.words import stem

# Each feature with the sign that it must have: 1 speaks for an answer, -1 against, 0 may do either.
SUPPORT_SIGNS: Mapping[str, int] = MappingProxyType(
    {
        "core": 1,  # the words of what is asked stand in or beside the sentence
        "first_core": 1,  # the first of them does
        "typed": 1,  # the sentence holds something of the kind asked for, not said by the question
        "fitting": 1,  # how many spans have the unit or look asked for
        "spans": 1,  # how many spans there are at all
        "span": 1,  # score of the best span
        "mismatch": -1,  # the best span has the wrong unit or look
        "echo": -1,  # the best span only repeats the question
        "unfocused": -1,  # a count whose noun is not what was asked
        "undisclosed": -1,  # "declined to say", "not disclosed"
        "unhappened": -1,  # a plan where an outcome is asked for
        "too_early": -1,  # published before the time asked about
        "other_time": -1,  # the sentence dates itself elsewhere
        "absent": -1,  # names of the question that the article does not mention at all
        "unnamed": -1,  # how much of the names it does not mention
        "other_office": -1,  # the office asked for ("finance minister") is not told of the person
        "unfamiliar": -1,  # how far less than half of the question's words are in the article
        "read": 1,  # the network's evidence for the sentence, in logits above none
        "read_span": 1,  # its log-probability of the best span
        "date": 0,  # a time is asked for: nearly every report tells one
    }
)
SUPPORT_FEATURES = tuple(SUPPORT_SIGNS)

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
# Above these, more agreement says no more: a near miss shares as many words as an answer does.
FAMILIAR = 0.5  # of the weight of the question's terms
SURE = 8.0  # logits: the network's evidence counts up to here
_UNIT = SPAN_FEATURES.index("unit")
_WHO_IS = re.compile(r"\bwho(?:['’]s| is| was| are| were)\b", re.I)
_BY = 60  # code points around a person where the office is told
_CLAUSE = 60  # code points before the answer where "will", "demanded" govern it
_BESIDE = 300  # code points around the sentence where "not disclosed" still speaks of it


def support_of(task: Task, best: Sequence[Scored]) -> tuple[float, ...]:
    """The features of the best sentence and its best span, in the order of SUPPORT_FEATURES."""
    one, asked = best[0], task.asked
    report = task.reports[one.sentence.hit]
    around = one.sentence.stems | task.near(one.sentence) | report.title
    everywhere = around | report.article
    core = {stem: value * task.weight.get(stem, 0.5) for stem, value in asked.core}
    unknown, ahead = _said(task, one)
    found = {
        "core": coverage(core, around) if core else 0.5,
        "first_core": found_in(asked.core[0][0], around) if core else 0.5,
        "typed": one["typed"],
        **_span_support(task, one),
        "undisclosed": unknown,
        "unhappened": ahead,
        "too_early": float(_too_early(task, report)),
        "other_time": float(_other_time(task, one)),
        "absent": _absent(task, everywhere),
        "unnamed": 1.0 - name_coverage(task.asked.particular, everywhere),
        "other_office": _other_office(task, one),
        "unfamiliar": max(0.0, 1.0 - coverage(task.weight, everywhere) / FAMILIAR),
        "read": max(-SURE, min(SURE, one["read"])),
        "date": float(asked.kind == "date"),
    }
    return tuple(found[name] for name in SUPPORT_FEATURES)


def _span_support(task: Task, one: Scored) -> dict[str, float]:
    """What the spans of the sentence say for or against an answer."""
    group = span_group(task.asked)
    if not one.options:
        wrong = float(group in {"count", "figure", "name"})
        none = dict.fromkeys(("fitting", "spans", "span", "echo", "unfocused"), 0.0)
        return {**none, "mismatch": wrong, "read_span": LEAST_READ}
    candidate, score = one.options[0]
    named = dict(zip(SPAN_FEATURES, candidate.features, strict=True))
    focus = max(named["focus_after"], 0.5 * named["focus_near"])
    looks = group in {"count", "figure"} or task.asked.kind in {"person", "organisation", "place"}
    return {
        "fitting": math.log1p(sum(option.features[_UNIT] > 0 for option, _ in one.options)),
        "spans": math.log1p(len(one.options)),
        "span": score,
        "read_span": named["read"],
        "mismatch": float(looks and not named["unit"]),
        "echo": named["echo"] if group == "name" else 0.0,
        "unfocused": 1.0 - focus if task.asked.kind == "count" else 0.0,
    }


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


def _absent(task: Task, stems: frozenset[str]) -> float:
    """The share of the question's names of which no part is found; 0 where it names none.

    What only says the kind of body ("Bank" in "Bank of X") finds no name.
    """
    names = task.asked.particular
    absent = sum(not any(part in stems for part in name) for name in names)
    return absent / len(names) if names else 0.0


def _other_office(task: Task, one: Scored) -> float:
    """The part of the asked office's words that do not stand by the person who would answer."""
    focus = task.asked.focus
    if not one.options or not focus or KIND_OF_NOUN.get(focus[-1]) != "person":
        return 0.0
    if not _WHO_IS.search(task.question):
        return 0.0  # "which chief ..." describes him in the question's own words
    span = one.options[0][0]
    near = frozenset(
        word.stem
        for word in one.sentence.words
        if span.start - _BY < word.start and word.end < span.end + _BY
    )
    return 1.0 - sum(found_in(stem(noun), near) for noun in focus) / len(focus)


def _too_early(task: Task, report: Report) -> bool:
    """Whether the article came out before the time whose outcome is asked for."""
    period = task.understood.period
    published = task.articles[report.rank].published.day
    return bool(task.asked.outcome and period and published and (period.start - published).days > 1)


def _other_time(task: Task, one: Scored) -> bool:
    """Whether the sentence dates itself, by day or month, outside the time asked for."""
    period = task.understood.period
    if period is None or task.asked.kind == "date":
        return False
    told = [event for event in task.told_times(one.sentence) if event.precision in DATING]
    return bool(told) and not any(period.meets(event.first, event.last) for event in told)
