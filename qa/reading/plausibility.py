"""Whether what a shape read is a dateline: "PARIS — The", not "PARIS - ROUBAIX: the race".

A listed agency or a written day makes a place sure. Without them the place must be in capitals or
listed, and a sentence must follow.
"""

from __future__ import annotations

import re

from qa.reading.datewords import WEEKDAYS, DatePhrase
from qa.reading.places import PlacePhrase, is_city, is_label
from qa.reading.shapes import Match, Shape
from qa.reading.sources import SourceNames
from qa.reading.tokens import Tokens
from qa.reading.words import word_set

_PARAGRAPH = re.compile(r"\n\s*\n|\n {2,}")
_PROSE_WINDOW = 240  # characters after a dateline that show whether a sentence follows
_LEAST_WORDS = 6
_LEAST_AFTER_HOUSE = 4  # words after a listed house beside a listed place
_LEAST_BROKEN = 24  # characters of a line that was broken for its length
_LEAST_ON_LINE = 5  # words that stand beside a lone date where it opens a story
_LABELS = word_set("label-published") | word_set("label-updated") | word_set("label-embargo")
_FOREIGN = word_set("foreign")


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
    if _is_date_line(match, tokens, start):
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
    if match.source is None or "\n\n" in written or "\n " in written or written.count("\n") > 1:
        return True
    first = tokens[start].start
    line = tokens.text.rfind("\n", 0, first) + 1
    return tokens.text.index("\n", first) - line < _LEAST_BROKEN


def _is_date_line(match: Match, tokens: Tokens, start: int) -> bool:
    """Whether this is a line that tells the date: "Updated 5 May 2020 -", "Mon Sep 12 - 05:00"."""
    place, date = match.place, match.date
    if place and place.region:
        return False
    if place and (tokens[start].folded in _LABELS or tokens[place.end - 1].folded in WEEKDAYS):
        return True
    if match.agency is not None or date is None or place:
        return False
    if tokens[match.end].kind == "number" and tokens.is_mark(match.end + 1, ":.hH"):
        return tokens[match.end + 2].kind == "number"
    if date.year is None:
        return False
    rest, newline, _ = tokens.text[tokens[match.end - 1].end :].partition("\n")
    return bool(newline) and len(rest.split()) < _LEAST_ON_LINE


def _stands_alone(shape: Shape, place: PlacePhrase, date: DatePhrase | None) -> bool:
    """Whether a place without an agency is more than a word that looks like one."""
    if date is not None:
        return place.words <= 4 or place.known
    if "PLACE!" in shape.elements and not place.region and not is_city(place.names[0]):
        return False  # "CHINA: an overview"
    if shape.after == "foreign":
        return place.words == 1
    if shape.elements[-1] == "STOP" and place.region and place.known:
        sure = len(place.names[0]) >= 4 or is_city(place.names[0])  # not "DVD, Germany."
        return place.case == "caps" and place.words <= 3 and sure
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
    sure_house = match.source is not None and match.place is not None and match.place.known
    return _is_prose(tokens, match.end, _LEAST_AFTER_HOUSE if sure_house else _LEAST_WORDS) and (
        shape.after != "foreign" or _is_foreign(tokens.text[tokens[match.end].start :])
    )


def _is_foreign(text: str) -> bool:
    """Whether the sentence has small words of other languages and none of English."""
    words = text[:_PROSE_WINDOW].lower().split()
    english = sum(word in ("the", "of", "to", "is", "was", "that", "for", "with") for word in words)
    return sum(word in _FOREIGN for word in words) > english + 1


def _all_small(match: Match, tokens: Tokens) -> bool:
    """Whether the copy has no capitals at all, as some teleprinters sent it ("march 18 - a")."""
    if match.place is None or match.date is None or not match.place.known:
        return False
    return tokens.words(match.place.end, match.date.end).islower()


def _is_prose(tokens: Tokens, at: int, least: int) -> bool:
    """Whether `least` words or more follow in the paragraph, some of them in lower case."""
    if tokens[at].kind == "end":
        return False
    begin = tokens[at].start
    after = tokens.text[begin : begin + _PROSE_WINDOW]
    words = _PARAGRAPH.split(after, maxsplit=1)[0].split()
    small = sum(word.islower() or not word.isascii() for word in words)
    return len(words) >= least and 3 * small >= len(words)
