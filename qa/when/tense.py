"""Whether the words around a time look back or ahead.

"will meet on Friday" is the coming Friday, "met on Friday" the one that has passed. The nearest
cue wins, first to the left inside the sentence, then to the right. Only a bounded stretch is read.
"""

from __future__ import annotations

import re
from typing import Literal

Tense = Literal["past", "future"]

_LEFT_REACH = 240  # characters; about forty words, longer than nearly every clause
_RIGHT_REACH = 80
_SENTENCE_END = re.compile(r"[.!?][\"'\u201d\u2019)]?\s+(?=[A-Z\"'\u201c])|\n\s*\n")
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|St|Sen|Rep|Gov|Gen|Corp|Inc|Co|Ltd|No|vs))$"
)
_TOKEN = re.compile(r"[A-Za-z]+(?:[-\u2019'][A-Za-z]+)*|[,;:]")

_MODALS = frozenset("will shall 'll wo won't would could may might should must can cannot".split())
_SURE_FUTURE = frozenset("will shall won't must".split())
_FUTURE = frozenset(
    "upcoming forthcoming coming scheduled slated ahead tomorrow soon deadline expires expire "
    "expiring effective payable pending starting beginning forecast tender due until awaits "
    "awaited planned preliminary".split()
)
# What is planned is told with these before "to": "is set to release", "expects to open".
_LEADING_TO = frozenset(
    "set due expected scheduled slated planned planning plan plans expects expect hopes hoped "
    "intends intend aims aim ready prepares preparing likely supposed agreed going poised bound "
    "wants want needs vowed promised pledged pledges urged asked called need has have "
    "opportunity chance able decided proposed offered vows".split()
)
# A scheduled event is told in the present tense; past events never are, in a sentence with a day.
_SCHEDULED = frozenset(
    "begins begin starts start opens open meets meet ends end arrives arrive closes votes vote "
    "airs premieres resumes resume reopens reopen returns visits hosts faces plays kicks takes "
    "runs goes comes marks falls reconvenes convenes releases matures launches is are".split()
)
_PAST_IRREGULAR = frozenset(
    "was were had did said told met fell rose made took went came saw got gave found won lost "
    "left held led sold bought brought thought kept became began broke cut hit put set shot sent "
    "spent stood struck won wrote spoke ran rang sank shut slid slipped grew drew flew threw knew "
    "fought sought caught taught paid laid lay read heard built dealt felt meant dropped beat "
    "drove rode chose froze stole swore wore tore bore done gone been taken given seen known "
    "shown written spoken broken fallen risen driven ago following after since yesterday "
    "overnight previously earlier".split()
)
_NOT_PAST = frozenset(
    "united need needed indeed speed feed seed breed exceed proceed succeed hundred sacred red "
    "bed fed unprecedented limited so-called based-on".split()
)
_BE = frozenset("be been being".split())


def tense(text: str, start: int, end: int) -> Tense | None:
    """How the sentence speaks of `text[start:end]`, or None when it has no cue."""
    left = text[max(0, start - _LEFT_REACH) : start]
    right = text[end : end + _RIGHT_REACH]
    before = [word.lower() for word in _TOKEN.findall(_last_sentence(left))]
    found = _nearest_before(before)
    if found:
        return found
    boundary = _SENTENCE_END.search(right)
    after = [
        word.lower() for word in _TOKEN.findall(right[: boundary.start()] if boundary else right)
    ]
    return _first_after(after)


def _last_sentence(left: str) -> str:
    """What follows the last sentence end in `left`, stepping over "Mr. " and initials."""
    begin = 0
    for boundary in _SENTENCE_END.finditer(left):
        if not _ABBREVIATION.search(left[max(0, boundary.start() - 6) : boundary.start()]):
            begin = boundary.end()
    return left[begin:]


def _is_past(word: str) -> bool:
    return word in _PAST_IRREGULAR or (
        word.endswith("ed") and len(word) > 3 and word not in _NOT_PAST
    )


def _nearest_before(words: list[str]) -> Tense | None:
    """The cue nearest to the end of `words`."""
    for index in range(len(words) - 1, -1, -1):
        word = words[index]
        group = words[max(0, index - 4) : index]
        if word in _SURE_FUTURE or word.endswith(("'ll", "\u2019ll")):
            return "future"
        if word in _FUTURE:
            return "future"
        if word == "to" and group and (group[-1] in _LEADING_TO):
            return _plan(words, index)
        if _is_past(word):
            if _ahead_of_participle(group):
                return "future"
            if word in _LEADING_TO and "to" in words[index + 1 : index + 2]:
                continue
            return "past"
        if word in _SCHEDULED and word not in ("is", "are"):
            return "future" if not _after_modal(group) or _SURE_FUTURE & set(group) else "future"
        if word in ("would", "could", "should", "might", "may"):
            return "future"
    return None


def _plan(words: list[str], index: int) -> Tense:
    """ "has to", "expected to" look ahead, unless what is told is itself over: "was able to"."""
    before = words[max(0, index - 4) : index]
    return "past" if "able" in before and ("was" in before or "were" in before) else "future"


def _ahead_of_participle(group: list[str]) -> bool:
    """Whether the words before a participle make it a plan: "will be released", "to be held"."""
    tail = group[-3:]
    if any(word in _SURE_FUTURE for word in tail):
        return True
    return len(tail) >= 2 and "be" in tail[-2:] and ("to" in tail or bool(_MODALS & set(tail)))


def _after_modal(group: list[str]) -> bool:
    return bool(group) and group[-1] in _MODALS


def _first_after(words: list[str]) -> Tense | None:
    """The cue nearest to the start of what follows: "On Tuesday, the court will rule"."""
    for index, word in enumerate(words):
        if word in _SURE_FUTURE or word.endswith(("'ll", "\u2019ll")):
            return "future"
        if _is_past(word):
            return "past"
        if word in ("is", "are", "'s"):
            if set(words[index + 1 : index + 3]) & _LEADING_TO:
                return "future"
    return None
