"""Noun groups and clauses of a sentence, without a parser: closed-class words mark the borders.

English closed classes (articles, prepositions, auxiliaries, conjunctions) are few, and they are
where groups begin and end. Verbs are told by their endings only, so a group may run a word long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.reader.words import Token, closed_class

_DETERMINERS = closed_class(
    "a an the this that these those his her its their our my your some any no each every"
)
_PREPOSITIONS = closed_class(
    """of in on at by to from for with without into onto over under about after before between
    during since until through across against among as than"""
)
_BORDERS = _PREPOSITIONS | closed_class(
    """and or but nor which who whom whose where when while because if that is are was were be been
    being has have had do does did will would shall should may might can could must not it he
    she they we i you there said says say told added will also only just then"""
)
_LINKS = frozenset({"of", "for", "in", "to", "and", "on"})
# Past forms that are seldom anything but a verb, and an ending that is a verb before an object.
_VERBS = closed_class(
    """took made sent led fell rose gave won lost sold bought kept held brought began became told
    met went came paid built drove fought struck grew sank caused forced"""
)
_CUE = re.compile(
    r"\b(because(?: of)?|due to|owing to|after|following|amid|as a result of|in order to|to|since|"
    r"on charges (?:that|of)|by|that|over|in protest (?:at|against)|caused by|for|despite|called|"
    r"so that|demanding|claiming|citing|blamed on|as)\s",
    re.I,
)
_STRONG_CUE = re.compile(
    r"^(?:because|due|owing|as a result|in order|on charges|caused|demanding|blamed|citing)", re.I
)
_CLAUSE_END = re.compile(r"[,;:.!?\"”](?=\s|$)|\s(?:said|told|but|while|which|who)\s|$")
_REASON = re.compile(
    r"\b(?:because|due to|owing to|thanks to|as a result|caus(?:e|es|ed|ing)|led to|leads to|"
    r"prompt(?:s|ed|ing)|trigger(?:s|ed|ing)|spark(?:s|ed|ing)|forc(?:es|ed|ing)|blam(?:e|es|ed|ing)|"
    r"cit(?:es|ed|ing)|after|following|amid|in order to|so that|to avoid|to prevent|in protest|"
    r"on charges|over|for \w+ing|since|as|reasons?|failed|failure|fault)\b",
    re.I,
)
LONGEST_CHUNK = 14  # words
LONGEST_CLAUSE = 220  # code points


@dataclass(frozen=True, slots=True)
class Chunk:
    """A noun group or a clause at `[start, end)`; `cue` marks words that announce a reason."""

    start: int
    end: int
    clause: bool
    cue: bool


def chunks(text: str, words: Sequence[Token]) -> list[Chunk]:
    """Noun groups, groups joined by "of" and the like, and clauses after a cue, in order."""
    groups = _groups(text, words)
    found = {(a, b): Chunk(a, b, False, False) for a, b in groups}
    for (a, b), (c, d) in pairwise(groups):
        if text[b:c].strip().lower() in _LINKS:
            found.setdefault((a, d), Chunk(a, d, False, False))
    for chunk in _clauses(text, words):
        found.setdefault((chunk.start, chunk.end), chunk)
    return sorted(found.values(), key=lambda chunk: (chunk.start, chunk.end))


def gives_reason(sentence: str) -> bool:
    """Whether a sentence names a cause or a purpose in so many words."""
    return _REASON.search(sentence) is not None


def _groups(text: str, words: Sequence[Token]) -> list[tuple[int, int]]:
    groups: list[tuple[int, int]] = []
    run: list[Token] = []
    for place, word in enumerate(words):
        low = word.text.lower()
        broken = run and re.search(r"[,;:()\"“”]", text[run[-1].end : word.start])
        opens = low in _DETERMINERS and run
        border = low in _BORDERS or _is_verb(words, place)
        if run and (border or broken or opens):
            _close(groups, run)
            run = []
        if not border and len(run) < LONGEST_CHUNK:
            run.append(word)
    _close(groups, run)
    return groups


def _is_verb(words: Sequence[Token], place: int) -> bool:
    """Whether a word is a verb by its form, or by its ending with an object right after it."""
    low = words[place].text.lower()
    if low in _VERBS:
        return True
    after = words[place + 1] if place + 1 < len(words) else None
    if after is None or not low.endswith("ed") or len(low) < 5:
        return False
    return after.text.lower() in _DETERMINERS or (after.capital and not words[place].capital)


def _close(groups: list[tuple[int, int]], run: list[Token]) -> None:
    while run and run[0].text.lower() in _DETERMINERS - {"no"}:
        run = run[1:]
    if run:
        groups.append((run[0].start, run[-1].end))


def _clauses(text: str, words: Sequence[Token]) -> list[Chunk]:
    if not words:
        return []
    start, end = words[0].start, words[-1].end
    found = []
    for cue in _CUE.finditer(text, start, end):
        stop = _CLAUSE_END.search(text, cue.end())
        last = min(stop.start() if stop else end, end, cue.end() + LONGEST_CLAUSE)
        if last - cue.end() > 3:
            found.append(Chunk(cue.end(), last, True, bool(_STRONG_CUE.match(cue.group()))))
    return found
