"""A question that compares two things: the question of each side.

"Which was stronger, the quake in Japan or the one off Sumatra?" needs two reports, and what is said
of one side leads away from the other's. Each side's question is the whole question without the
names, months and years that only the other side has; what they share stays in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.dates import MONTHS

# Where a comparison parts, the surest first; "and" parts only what the question sets apart.
_PARTING = (
    re.compile(r"\s(?:versus|vs\.?|compared (?:with|to)|than)\s", re.I),
    re.compile(r",?\s+or\s", re.I),
)
_SET_APART = re.compile(r"\b(?:compare|apart|differ(?:s|ed|ence)?|change[ds]?)\b", re.I)
_AND = re.compile(r",?\s+and\s", re.I)
_CLAUSE = re.compile(r"[,;:—–]\s|\s[-—–]\s")
_WORD = re.compile(r"[^\W_][\w.&’'-]*")


@dataclass(frozen=True, slots=True)
class _Side:
    """Where the names and the times of one side stand; each name is a run of words."""

    names: list[list[re.Match[str]]]
    times: list[re.Match[str]]

    def alone(self, other: _Side) -> set[int]:
        """Where the words begin that only this side has, `other` being its counterpart.

        Only as many names as the other side has stand against them: the last ones, before which
        the question names what both sides share. A year is this side's own only where the other
        side has one too.
        """
        said = {word.group() for name in other.names for word in name}
        said |= {word.group() for word in other.times}
        dated = any(_is_year(word.group()) for word in other.times)
        facing = self.names[-len(other.names) :] if other.names else []
        words = [word for name in facing for word in name]
        words += [word for word in self.times if dated or not _is_year(word.group())]
        return {word.start() for word in words if word.group() not in said}


def sides(question: str) -> tuple[str, ...]:
    """The questions of the two sides of a comparison; empty where nothing is compared."""
    for first, last in _partings(question):
        left, right = (
            _side(question, *_before(question, first)),
            _side(question, *_after(question, last)),
        )
        only_left, only_right = left.alone(right), right.alone(left)
        if only_left and only_right:
            return _without(question, only_right), _without(question, only_left)
    return ()


def _partings(question: str) -> Iterator[tuple[int, int]]:
    patterns = (*_PARTING, _AND) if _SET_APART.search(question) else _PARTING
    for pattern in patterns:
        yield from (match.span() for match in pattern.finditer(question))


def _before(question: str, end: int) -> tuple[int, int]:
    """The clause that ends there."""
    return max((match.end() for match in _CLAUSE.finditer(question, 0, end)), default=0), end


def _after(question: str, begin: int) -> tuple[int, int]:
    """The clause that begins there."""
    border = _CLAUSE.search(question, begin)
    return begin, border.start() if border else len(question)


def _side(question: str, begin: int, end: int) -> _Side:
    names: list[list[re.Match[str]]] = []
    times = []
    last = -1
    opening = _WORD.search(question)
    for word in _WORD.finditer(question, begin, end):
        if _is_time(word.group()):
            times.append(word)
        elif word.group()[0].isupper() and not (opening and word.start() == opening.start()):
            if names and question[last : word.start()].strip() in {"", "&"}:
                names[-1].append(word)
            else:
                names.append([word])
            last = word.end()
    return _Side(names, times)


def _is_time(word: str) -> bool:
    return _is_year(word) or word.lower().removeprefix("mid-").rstrip(".") in MONTHS


def _is_year(word: str) -> bool:
    return len(word) == len("1987") and word.isdigit()


def _without(question: str, words: set[int]) -> str:
    kept = _WORD.sub(lambda match: "" if match.start() in words else match.group(), question)
    return " ".join(kept.split())
