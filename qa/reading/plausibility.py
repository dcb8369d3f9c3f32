"""Whether what a shape read is a dateline: "PARIS — The", not "PARIS - ROUBAIX: the race".

A listed agency or a written day makes a place sure. Without them the place must be in capitals or
listed, and a sentence must follow.
"""

from __future__ import annotations

import re

from qa.reading.datewords import DatePhrase
from qa.reading.places import PlacePhrase, is_city, is_label
from qa.reading.shapes import Match, Shape
from qa.reading.sources import SourceNames
from qa.reading.tokens import Tokens

_PARAGRAPH = re.compile(r"\n\s*\n|\n {2,}")
_PROSE_WINDOW = 240  # characters after a dateline that show whether a sentence follows
_LEAST_WORDS = 8


def plausible(shape: Shape, match: Match, tokens: Tokens, start: int, sources: SourceNames) -> bool:
    """Whether what a shape read at `start` is a dateline, and not text that looks like one."""
    place, date = match.place, match.date
    if _broken(match, tokens, start):
        return False
    if shape.house and shape.name not in sources.shapes.get(match.source or "", ()):
        return False
    if shape.name == "credit-bare" and match.agency and match.agency.istitle():
        one_word = " " not in match.agency
        if one_word and "slug" not in sources.shapes.get(match.source or "", ()):
            return False  # "Beta - the second letter"
    if place and is_label(tokens.words(start, place.end).upper()):
        return False
    if match.agency is not None and match.source is None:
        if "/AGENCY/" in shape.elements and not (date and date.day):
            return False
        strong_place = place is not None and (place.case == "caps" or place.known)
        if not strong_place and not (date and date.day) and shape.name != "station":
            return False
        if tokens.is_mark(match.end - 1, ":=") and not (place and place.known):
            return False
    if date and date.day is None and match.agency is None and date.month is None:
        return False
    if date and date.month is None and match.source is None:
        return False
    if place and place.case == "lower" and (date is None or not place.known):
        return False
    if place and place.case == "none" and match.source is None:
        return False
    if match.agency is None and place and not _stands_alone(shape, place, date):
        return False
    return _follows(shape, match, tokens)


def _broken(match: Match, tokens: Tokens, start: int) -> bool:
    """Whether a line ends inside, other than where a line that is too long is broken."""
    written = tokens.words(start, match.end)
    if "\n" not in written:
        return False
    return match.source is None or "\n\n" in written or "\n " in written


def _stands_alone(shape: Shape, place: PlacePhrase, date: DatePhrase | None) -> bool:
    """Whether a place without an agency is more than a word that looks like one."""
    if date is not None:
        return place.words <= 4 or place.known
    if "PLACE!" in shape.elements and not place.region and not is_city(place.names[0]):
        return False  # "CHINA: an overview"
    if shape.elements[-1] == "STOP":
        return place.case == "caps" and place.words == 1 and len(place.names[0]) >= 4
    return place.words <= 4


def _follows(shape: Shape, match: Match, tokens: Tokens) -> bool:
    if shape.after == "any":
        return True
    at = match.end
    while tokens[at].kind == "mark" and tokens[at].text in "\"'“”‘’«»„<[($€£¿¡…":
        at += 1
    token = tokens[at]
    if token.kind == "end" or (token.gap.count("\n") > 1 and shape.after != "story"):
        return False
    sure = match.date is not None or (match.place is not None and match.place.known)
    if "\n" in token.gap and not sure and shape.name != "credit-bare":
        return False
    if token.kind == "number":
        return shape.name not in ("date-only", "credit-bare") and tokens[at + 1].kind in (
            "word",
            "mark",
        )
    if token.kind != "word" or (token.case == "lower" and not _all_small(match, tokens)):
        return False
    if shape.name == "place-date" or (match.agency is not None and shape.after != "story"):
        return True
    if token.case == "caps" and tokens.is_mark(at + 1, ":"):
        return False
    return _is_prose(tokens, match.end)


def _all_small(match: Match, tokens: Tokens) -> bool:
    """Whether the copy has no capitals at all, as some teleprinters sent it ("march 18 - a")."""
    if match.place is None or match.date is None or not match.place.known:
        return False
    return tokens.words(match.place.end, match.date.end).islower()


def _is_prose(tokens: Tokens, at: int) -> bool:
    """Whether eight words or more follow in the paragraph, some of them in lower case."""
    if tokens[at].kind == "end":
        return False
    begin = tokens[at].start
    after = tokens.text[begin : begin + _PROSE_WINDOW]
    words = _PARAGRAPH.split(after, maxsplit=1)[0].split()
    small = sum(word.islower() or not word.isascii() for word in words)
    return len(words) >= _LEAST_WORDS and 3 * small >= len(words)
