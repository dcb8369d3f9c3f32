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
_SENTENCE_END = re.compile(r"[.!?][\"'\u201d\u2019)]?\s+(?=[A-Z(\"'\u201c]|$)|\n\s*\n")
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|St|Sen|Rep|Gov|Gen|Corp|Inc|Co|Ltd|No|vs))$"
)
_TOKEN = re.compile(r"[A-Za-z]+(?:[-\u2019'][A-Za-z]+)*|[,;:]")

_CONDITIONAL = frozenset("would could should might may".split())
_SURE_FUTURE = frozenset("will shall won't must".split())
_FUTURE = frozenset(
    "upcoming forthcoming coming scheduled slated ahead tomorrow soon deadline expires expire "
    "expiring effective payable starting beginning forecast tender due until awaits "
    "awaited expected planned proposed commencing expects predicts forecasts anticipates looming next".split()
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
    "runs goes comes marks falls reconvenes convenes releases matures launches".split()
)
_PAST_IRREGULAR = frozenset(
    "was were had did said told met fell rose made took went came saw got gave found won lost "
    "left held led sold bought brought thought kept became began broke cut hit put set shot sent "
    "spent stood struck won wrote spoke ran rang sank shut slid slipped grew drew flew threw knew "
    "fought sought caught taught paid laid lay read heard built dealt felt meant dropped beat "
    "drove rode chose froze stole swore wore tore bore done gone been taken given seen known "
    "shown written spoken broken fallen risen driven ".split()
)
_PAST_ADVERBS = frozenset(
    "ago following after since yesterday overnight previously earlier".split()
)
_NOT_PAST = frozenset(
    "united need needed indeed speed feed seed breed exceed proceed succeed hundred sacred red bed "
    "fed unprecedented limited expected scheduled planned proposed anticipated".split()
)
_AWAITED = frozenset(
    "deadline expiry expiration delivery deliveries contract contracts futures".split()
)
# After these a participle describes ("its advanced console"), or a verb is an infinitive.
_BEFORE_PARTICIPLE = frozenset(
    "the a an its his her their our your my this these those of for in with from to".split()
)


def tense(text: str, start: int, end: int) -> Tense | None:
    """How the sentence speaks of `text[start:end]`, or None when it has no cue."""
    right = text[end : end + _RIGHT_REACH]
    boundary = _SENTENCE_END.search(right)
    after = _words(right[: boundary.start()] if boundary else right)
    if after and after[0] in _AWAITED:
        return "future"  # "a December 31 deadline"
    if after and _is_past(after[0], ""):
        return "past"  # "sales in March fell", "the House on Thursday defied"
    before = _words(_last_sentence(text[max(0, start - _LEFT_REACH) : start]))
    return _nearest_before(before) or _first_after(after)


def _words(text: str) -> list[str]:
    return [word.lower().replace("\u2019", "'") for word in _TOKEN.findall(text)]


def _last_sentence(left: str) -> str:
    """What follows the last sentence end in `left`, stepping over "Mr. " and initials."""
    begin = 0
    for boundary in _SENTENCE_END.finditer(left):
        if not _ABBREVIATION.search(left[max(0, boundary.start() - 6) : boundary.start()]):
            begin = boundary.end()
    return left[begin:]


def _is_past(word: str, previous: str) -> bool:
    """Whether a word is a verb in the past tense or a passive, judged by its form and neighbour."""
    if previous in _BEFORE_PARTICIPLE:
        return False
    return word in _PAST_IRREGULAR or (
        word.endswith("ed") and len(word) > 3 and word not in _NOT_PAST
    )


def _nearest_before(words: list[str]) -> Tense | None:
    """The cue nearest to the end of `words`."""
    for index in range(len(words) - 1, -1, -1):
        word = words[index]
        group = words[max(0, index - 4) : index]
        previous = group[-1] if group else ""
        if word == "next" and previous == "the":
            continue  # "the next day" is told of the past
        if word in _SURE_FUTURE or word in _FUTURE or word in _CONDITIONAL or word.endswith("'ll"):
            return "future"
        if word == "to" and previous in _LEADING_TO:
            return _plan(group)
        if word in _PAST_ADVERBS:
            return "past"
        if _is_past(word, previous):
            if _ahead_of_participle(group):
                return "future"
            if not (word in _LEADING_TO and words[index + 1 : index + 2] == ["to"]):
                return "past"
        if word in _SCHEDULED:
            return "future"
    return None


def _plan(group: list[str]) -> Tense:
    """ "has to", "expected to" look ahead, unless what is told is over: "was able to"."""
    over = "able" in group and ("was" in group or "were" in group)
    return "past" if over else "future"


def _ahead_of_participle(group: list[str]) -> bool:
    """Whether the words before a participle make it a plan: "will be released", "to be held"."""
    tail = group[-3:]
    if any(word in _SURE_FUTURE for word in tail):
        return True
    return "be" in tail[-2:] and ("to" in tail or bool(_CONDITIONAL & set(tail)))


def _first_after(words: list[str]) -> Tense | None:
    """The cue nearest to the start of what follows: "On Tuesday, the court will rule"."""
    for index, word in enumerate(words):
        if word in _SURE_FUTURE or word.endswith("'ll"):
            return "future"
        if _is_past(word, words[index - 1] if index else ""):
            return "past"
        if word in ("is", "are") and set(words[index + 1 : index + 3]) & _LEADING_TO:
            return "future"
    return None
