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
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Sen|Rep|Gov|Gen|Corp|Inc|Co|Ltd|No|vs)$")
_TOKEN = re.compile(r"[a-z]+(?:[-'][a-z]+)*|[,;:]")


def _words_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SURE_FUTURE = _words_of("will shall won't must")
_CONDITIONAL = _words_of("would could should might may")
_FUTURE = _words_of(
    "upcoming forthcoming coming scheduled slated ahead tomorrow soon deadline expires expire "
    "expiring effective payable starting beginning commencing forecast forecasts tender due until "
    "awaits awaited expected "
    "planned proposed preliminary expects predicts anticipates looming next "
    "planning plans"
)
# What is planned is told with these before "to": "is set to release", "expects to open".
_LEADING_TO = _words_of(
    "set due expected scheduled slated planned planning plan plans expects expect hopes hope "
    "intends intend aims aim ready prepares preparing likely supposed going poised bound wants "
    "want vowed vows promised pledged urged proposes"
)
# After these the infinitive may have come to pass ("decided to keep"): no cue at all.
_LEADING_EITHER = _words_of(
    "agreed decided asked called offered proposed able need needs needed has have had opportunity "
    "chance hoped intended wanted continues continued failed managed used forced helped"
)
# A scheduled event is told in the present tense; past events seldom are beside a day.
_SCHEDULED = _words_of(
    "begins starts opens meets ends arrives closes airs premieres resumes reopens kicks takes "
    "reconvenes convenes leaves departs returns visits travels flies sails goes "
    "comes matures launches hosts faces begin meet resume convene"
)
_PAST_IRREGULAR = _words_of(
    "was were had did said told met fell rose made took went came saw got gave found won lost "
    "left held led sold bought brought thought kept became began broke cut hit put shot sent "
    "spent stood struck wrote spoke ran rang sank shut slid slipped grew drew flew threw knew "
    "fought sought caught taught paid laid lay read heard built dealt felt meant dropped beat "
    "drove rode chose froze stole swore wore tore bore done gone been taken given seen known "
    "shown written spoken broken fallen risen driven"
)
_PAST_ADVERBS = _words_of("ago since yesterday overnight previously earlier")
_NOT_PAST = _words_of(
    "united need needed indeed speed feed seed breed exceed proceed succeed hundred sacred red bed "
    "fed unprecedented limited expected scheduled planned proposed anticipated"
)
# After these a participle describes ("its advanced console"), or a verb is an infinitive.
_BEFORE_PARTICIPLE = _words_of(
    "the a an its his her their our your my this these those of for in with from to"
)
_ATTRIBUTION = _words_of("said told added")
_AWAITED = _words_of("deadline expiry expiration delivery deliveries contract contracts futures")

_OPENING = 3  # words: "In early May, the fund closed"
_AHEAD = _SURE_FUTURE | _CONDITIONAL | _FUTURE
_CUES = _AHEAD | _PAST_ADVERBS | _PAST_IRREGULAR | _SCHEDULED | {"to"}


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
    found = _nearest_before(before)
    if found != "unread":
        return found
    # A past verb far behind the time tells of something else, unless the time opens the sentence.
    ahead = _first_after(after)
    return ahead if ahead == "future" or len(before) <= _OPENING else None


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text.lower().replace("\u2019", "'"))


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


def _nearest_before(words: list[str]) -> Tense | Literal["unread"] | None:
    """The cue nearest to the end of `words`; None where it says nothing, "unread" without one."""
    for index in range(len(words) - 1, -1, -1):
        word = words[index]
        if word not in _CUES and not word.endswith(("ed", "'ll")):
            continue
        found = _cue(words, index)
        if found != "unread":
            return found
    return "unread"


def _cue(words: list[str], index: int) -> Tense | Literal["unread"] | None:
    """What one word says, with the few before it."""
    word = words[index]
    group = words[max(0, index - 4) : index]
    previous = group[-1] if group else ""
    if word == "next" and previous == "the":
        return "unread"  # "the next day" is told of the past
    if word in _AHEAD or word.endswith("'ll"):
        return "future"
    if word == "to" and previous == "plan" and _noun(group):
        return None  # "unveiled a plan to": the day may be that of the unveiling
    if word == "to" and previous in _LEADING_TO:
        return "future"
    if word == "to" and previous in _LEADING_EITHER:
        return None
    if word in _PAST_ADVERBS:
        return "past"
    if _is_past(word, previous):
        return "future" if _ahead_of_participle(group) else "past"
    return "future" if word in _SCHEDULED else "unread"


def _noun(group: list[str]) -> bool:
    """Whether the last of these words stands as a noun, with its article before it."""
    return len(group) > 1 and group[-2] in ("a", "the", "its", "his", "her", "their", "an")


def _ahead_of_participle(group: list[str]) -> bool:
    """Whether the words before a participle make it a plan: "will be released", "to be held"."""
    tail = group[-3:]
    if any(word in _SURE_FUTURE for word in tail):
        return True
    return "be" in tail[-2:] and ("to" in tail or bool(_CONDITIONAL & set(tail)))


def _first_after(words: list[str]) -> Tense | None:
    """The cue nearest to the start of what follows: "On Tuesday, the court will rule"."""
    for index, word in enumerate(words):
        previous = words[index - 1] if index else ""
        if word in _SURE_FUTURE or word.endswith("'ll"):
            return "future"
        if word in _ATTRIBUTION and previous in ("", ","):
            continue  # "...in mid-January," said the source
        if _is_past(word, previous):
            return "past"
        if word in ("is", "are") and set(words[index + 1 : index + 3]) & _LEADING_TO:
            return "future"
    return None
