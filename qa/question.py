"""What a question asks for: the kind of answer, its times, named publishers, and which report wins.

Everything is read from the words alone, by closed classes of English (question words, verbs of
reporting, adverbs of order), so that the same question means the same in every archive. Only
publishers are matched against the archive's own names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Literal

from qa.types import Asked, DateWindow, Query, Understood
from qa.when import read_question

_OPENING = re.compile(
    r"^(?:\W*(?:hi|hello|hey|please|well|so|ok(?:ay)?|(?:can|could|would) you (?:please )?"
    r"(?:tell|show) (?:me|us)|tell (?:me|us)|do you know|i(?:'d| would) like to know|"
    r"i wonder|just)\b[\s,:]*)+",
    re.I,
)
_MONTH_WORDS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_AUXILIARY = (
    r"(?:did|do|does|is|are|was|were|has|have|had|can|could|will|would|shall|should|may|might)"
)
_QUANTITY = (
    r"(?:share|proportion|percentage|per ?cent|pct|fraction|portion|slice|amount|number|level|"
    r"rates?|price|cost|value|worth|sum|figure|total|size|toll|count|quota|salary|wage|fee|fine|"
    r"margin|majority|odds|population|budget|revenue|profit|loss|surplus|deficit|increase|raise|"
    r"dividend|yield|speed|depth|height|weight|length|distance|temperature|score|age|output|"
    r"capacity|turnover|magnitude|growth|support|lead|high|low|fix|fixing|stake)"
)
_PERSON = (
    r"(?:person|man|woman|candidate|minister|president|senator|congress(?:man|woman)|"
    r"governor|mayor|directors?|chairman|chairwoman|executives?|economist|analyst|lawyer|"
    r"attorney|judge|officials?|officer|general|leaders?|head|boss|chief|players?|author|writer|"
    r"actor|actress|singer|scientist|researchers?|spokes(?:man|woman|person)|politicians?|"
    r"ambassador|secretary|driver|pilot|captain)"
)
_PLACE = (
    r"(?:country|countries|city|cities|town|state|states|region|province|county|village|place|"
    r"continent|island|district|port|capital|neighbours?|neighbors?)"
)
_TIME = r"(?:days?|dates?|months?|years?|weeks?|weekday|time)"
# Up to four words between "what" and what is meant; a verb in between ends the noun phrase.
_WORDS = rf"(?:\W+(?!{_AUXILIARY}\b)[\w'’.$&/-]+){{0,4}}?\W+"
_WHAT_IS = r"(?:what|which|whose)(?:['’]s|\s+(?:is|was|are|were))?"

# A question word that opens a clause; "when he left" and "the man who" open none.
_HEAD = re.compile(
    rf"(?:^|(?<=[,;:.?!(\d])\s+|(?<=\band)\s+|(?<=\bor)\s+|"
    rf"\b(?:by|on|in|at|to|for|from|of|with|since|until|under|during|per|roughly|about|over)\s+)"
    rf"(?P<head>when\s+{_AUXILIARY}\b|(?<=\bby )when\b|where\s+{_AUXILIARY}\b|"
    rf"who(?:m|se|['’]s)?\b|wh?ich\b|what\b|why\b|how\b)",
    re.I,
)
# What the head asks for, the surer forms first: "what day" is a time before it is a "what".
_KINDS: tuple[tuple[Asked, str], ...] = (
    ("when", rf"when\b|(?:what|which) (?:\w+ )?{_TIME}\b|{_WHAT_IS}{_WORDS}{_TIME}(?: of\b|\W*$)"),
    ("when", rf"{_WHAT_IS}{_WORDS}date\b"),
    (
        "number",
        r"how (?:many|much|big|large|far|long|old|high|low|tall|deep|fast|often|strong|wide|heavy|"
        r"sharply|steeply|quickly|likely|great)\b",
    ),
    ("number", rf"{_WHAT_IS}{_WORDS}{_QUANTITY}\b"),
    (
        "number",
        rf"what {_AUXILIARY}\b.*\b(?:cost|pay|paid|paying|charg(?:e|ing)|measure|weigh|earn)\b",
    ),
    (
        "number",
        r"where (?:did|does|was|is)\b.*\b(?:index|average|shares?|dollar|yen|pound|prices?|"
        r"rates?|futures)\b",
    ),
    (
        "who",
        rf"who|wh?ich{_WORDS}{_PERSON}\b|"
        rf"what(?:['’]s| is| was) the name of (?:the )?.*?{_PERSON}\b",
    ),
    ("where", rf"where\b|(?:what|which){_WORDS}{_PLACE}\b"),
    ("why", r"why\b|what (?:caused|led|prompted|started|(?:is|was) the (?:reason|cause))\b"),
    ("how", r"how\b"),
)
_KIND_PATTERNS = tuple((kind, re.compile(pattern, re.I)) for kind, pattern in _KINDS)
_WITHOUT_HEAD: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    (
        "yes-no",
        re.compile(rf"(?:^|,\s*)(?!may\b){_AUXILIARY}\b|[:,] (?:still|yet)\b[^?]*\?*$", re.I),
    ),
    (
        "number",
        re.compile(rf"^(?:maximum|minimum|total|average)\b|^{_QUANTITY} of\b|\b{_QUANTITY},", re.I),
    ),
)

# The newest report as the one that tells how a matter came out ...
_OUTCOME = re.compile(
    r"\b(?:in the end|end(?:s|ed)? up|eventual(?:ly)?|ultimate(?:ly)?|finally|"
    r"what (?:became|has become) of|all told(?! to\b)|"
    r"turn(?:s|ed)? out to (?:be(?! (?:at|in|on)\b)|have(?= been\b| \w+ed\b))|"
    r"carr(?:y|ies|ied) the day|won the day(?!['’]| of\b))\b|"
    r"\bfinal(?=,? (?:[\w-]+ ){0,2}(?:bids?|offers?|prices?|terms|counts?|toll|tally|figures?|"
    r"totals?|results?|cost|bill|version)\b)|"
    r"^in all\b|\bin all(?=\W*$| (?:after|at|before|by|during|from|in|on|since|when)\b)",
    re.I,
)
# ... and as what is known by now, or by the time that is named.
_LATEST = re.compile(
    r"\b(?:latest|most recent(?:ly)?|newest|current(?:ly)?|up[- ]to[- ]date|so far|to date|"
    r"these days|at present|right now|as of|last (?:confirmed|reported|known|report|count)|"
    r"corrected|revised|updated|things stand|it stands)\b|"
    r"\b(?:is|are|does|do|has|have)\b(?:(?!\b(?:had|was|were|did)\b)[^?])*\b(?:still|now)\b(?!-)|"
    r"\bstill on\b|"
    rf"^by (?=(?:early|mid|late|the end|{'|'.join(_MONTH_WORDS)}|\d\d? ))",
    re.I,
)
# How the words for a time begin where it is the time up to which reports count.
_UP_TO = re.compile(r"(?:by|as of|as at|until|till|up to|before)\b", re.I)
_FIRST = re.compile(
    r"\b(?:at first|initial(?:ly)?|original(?:ly)?|earliest|first (?:report(?:s|ed)?|"
    r"announced|said|estimate[sd]?|account|count))\b",
    re.I,
)

_GENERIC_TAIL = re.compile(
    r"(?:\s+(?:news|online|agency|newspaper|wire|service|network|media|group|international))+$"
    r"|\.(?:com|org|net|co\.uk)$",
    re.I,
)
_REPORTING = (
    r"(?:report(?:s|ed|ing)?|sa(?:y|ys|id)|wr(?:ite|ites|ote)|publish(?:es|ed)?|"
    r"describe[sd]?|claim(?:s|ed)?|quote[sd]?|tell(?:s)?|give[sn]?|gave|put(?:s)?|"
    r"count(?:s|ed)?|cover(?:s|ed)?|cite[sd]?|estimate[sd]?|carr(?:y|ies|ied)|"
    r"mention(?:s|ed)?|state[sd]?|announce[sd]?)"
)
_REPORT = (
    r"(?:report|reports|reporting|account|story|stories|article|articles|coverage|dispatch|"
    r"figure|figures|tally|count|version|interview|correspondent)"
)
_BEFORE_NAME = re.compile(
    r"(?:\baccording to|\breported by|\bas reported (?:by|in)|\bpublished (?:by|in)|"
    r"\b(?:article|story|report|reports|interview|coverage|dispatch) (?:by|in|from|of|on)|"
    r"\b(?:per|via|citing))\s+(?:the\s+)?$",
    re.I,
)
_AFTER_NAME = re.compile(
    rf"^(?:\s+(?:news(?:paper| agency)?|agency|magazine))?"
    rf"(?:\s+(?:first|also|initially|originally|then|itself))?"
    rf"(?:\s+{_REPORTING}\b|(?:['’]s?)?\s+(?:\w+\s+)?{_REPORT}\b)",
    re.I,
)


def understand(
    query: Query, *, sources: Collection[str], coverage: tuple[date, date] | None, now: date
) -> Understood:
    """Read a question: kind of answer, times with the words they came from, publishers, order.

    `sources` are the archive's canonical names, `coverage` its first and last day. Relative
    times count from `query.as_of` where that is given, else from `now`.
    """
    text = query.text
    order, basis = asked_order(text)
    times = read_question(text, query.as_of or now, coverage=coverage)
    return Understood(
        asked=asked_kind(text),
        period=times.period,
        window=times.window,
        bounded=times.bounded,
        order=order,
        order_basis=basis,
        outcome=order == "latest" and _asks_outcome(text, times.period),
        sources=named_sources(text, sources),
        anchor=times.anchor,
    )


def asked_kind(text: str) -> Asked:
    """The kind of answer that a question wants; "what" where nothing narrower is said."""
    bare = _OPENING.sub("", text).strip()
    head = _HEAD.search(bare)
    if head is None:
        return next((kind for kind, pattern in _WITHOUT_HEAD if pattern.search(bare)), "what")
    clause = bare[head.start("head") :]
    return next((kind for kind, pattern in _KIND_PATTERNS if pattern.match(clause)), "what")


def asked_order(text: str) -> tuple[Literal["latest", "first"] | None, str]:
    """Whether the newest or the earliest report is wanted, and the words that say so."""
    for order, pattern in (("latest", _OUTCOME), ("latest", _LATEST), ("first", _FIRST)):
        if found := pattern.search(text):
            words = found.group().strip() or text.split()[0]
            return ("latest" if order == "latest" else "first"), words
    return None, ""


def _asks_outcome(text: str, period: DateWindow | None) -> bool:
    """Whether it is asked how a matter came out, and no time up to which reports count is named."""
    up_to = period is not None and bool(_UP_TO.match(period.basis))
    return bool(_OUTCOME.search(text)) and not up_to


def named_sources(text: str, sources: Collection[str]) -> tuple[str, ...]:
    """Publishers that the question names as the teller, in the order in which they appear.

    A name alone is a topic ("who bought UPI?"); "according to UPI", "did UPI report" and "UPI's
    account" name the teller. Canonical names come back, as the archive writes them.
    """
    found = {name: place for name in sources if (place := _teller_at(text, name)) is not None}
    return tuple(sorted(found, key=lambda name: (found[name], -len(name))))


def _teller_at(text: str, name: str) -> int | None:
    for variant in _variants(name):
        flags = re.I if len(variant.split()) > 1 else re.NOFLAG
        for match in re.finditer(rf"(?<!\w){re.escape(variant)}(?!\w)", text, flags):
            if _BEFORE_NAME.search(text[: match.start()]) or _AFTER_NAME.match(text[match.end() :]):
                return match.start()
    return None


def _variants(name: str) -> Iterator[str]:
    """A name as people shorten it: without its article, and without "News" or "Agency"."""
    bare = re.sub(r"^the\s+", "", name, flags=re.I)
    short = _GENERIC_TAIL.sub("", bare)
    for variant in dict.fromkeys((name, bare, short)):
        if variant:
            yield variant
            # People write agencies that are words in capitals or with a first capital: TASS, Tass.
            if variant.isupper() and len(variant) > 3:
                yield variant.capitalize()
