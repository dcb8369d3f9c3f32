"""Events that bound a question: "before the 2019 summit", "after the merger was announced".

Only the words are read here; the archive finds the day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from qa.types import Anchor

Relation = Literal["before", "after", "since", "until", "during"]

_RELATIONS: dict[str, Relation] = {
    "before": "before", "prior to": "before", "ahead of": "before", "in the run-up to": "before",
    "by the time": "before", "after": "after", "following": "after", "in the wake of": "after",
    "in the aftermath of": "after", "since": "since", "until": "until", "till": "until",
    "during": "during", "at the time of": "during", "when": "during",
}  # fmt: skip
_RELATION = re.compile(
    r"\b(?P<relation>before|prior\s+to|ahead\s+of|in\s+the\s+run-up\s+to|by\s+the\s+time|after|(?<!the\s)following|in\s+the\s+wake\s+of"
    r"|in\s+the\s+aftermath\s+of|since|until|till|during|at\s+the\s+time\s+of)\s+"
    r"(?P<event>[^,;?!\u2014]{3,160})",
    re.I,
)
# What begins so names no event: "after all", "since then", "before long", "following the rules".
_NO_EVENT = re.compile(
    r"(?:(?:he|she|they|we|i)\b.*|\w+ing\s+(?:its|his|her|their|the|a|an|to|up|from|in|for|with)|the\s(?:day|week|month|year)\s"
    r"|all|that|this|it|then|long|now|when|what|which|who|how|hours|dark|a\s(?:while|year|week|month|day|few|time)|tax(?:es)?"
    r"|(?:\w+\s){0,2}(?:hours|days|weeks|months|years|minutes)|each|every|him|her|them|us|me|you)\b(?!\s+\w+ed\b)",
    re.I,
)
_NEXT_CLAUSE = re.compile(
    r"\s+(?:what|how|who|which|where|why|when|did|does|do|is|are|was|were|has|have|had)\s+(?=(?:the|a|an|any|it|he|she|they|[A-Z])\b)"
)


def read_anchor(text: str, times: Sequence[tuple[int, int]]) -> Anchor | None:
    """The event that bounds the question, or None; `times` are the places of its dated words.

    An event told with its own date ("after the quake of 18 March 1987") needs no looking up.
    """
    for match in _RELATION.finditer(text):
        start = match.start("event")
        event = match["event"].rstrip(" .'\"\u201d\u2019")
        clause = _NEXT_CLAUSE.search(event)
        if clause and match.start() == 0:
            event = event[: clause.start()]
        end = start + len(event)
        if _NO_EVENT.match(event) or not re.search(r"[A-Za-z]{3}", event):
            continue
        dated = any(begin < end and start < stop for begin, stop in times)
        if dated and not _only_a_year(text, times, start, end):
            continue
        relation = _RELATIONS[re.sub(r"\s+", " ", match["relation"].lower())]
        return Anchor(relation, event, text[match.start() : end])
    return None


def _only_a_year(text: str, times: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """ "the 2019 summit": a year is too wide to stand for the event's day."""
    inside = [text[begin:stop] for begin, stop in times if begin < end and start < stop]
    return (
        all(re.fullmatch(r"\d{4}", words) for words in inside) and len(text[start:end].split()) > 1
    )
