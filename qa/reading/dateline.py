"""Datelines found in an article's text: where they may stand, and what they say.

A dateline opens a paragraph, though not always the first: a title, a byline, an editor's note, a
caption or share buttons may come before it, on lines of their own or on its own line. The first
dateline is the article's; a roundup's later ones are text. Offsets are code points into the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.reading.datewords import month_number
from qa.reading.eastasian import east_asian_dateline, is_east_asian
from qa.reading.grammar import match_dateline
from qa.reading.places import CONNECTORS, is_known
from qa.reading.shapes import Match
from qa.reading.sources import BUILT_IN, SourceNames
from qa.reading.tokens import Tokens

MOST_LINES = 60  # a dateline below the sixtieth line is not this article's
MOST_PROSE = 8  # nor one after eight long paragraphs
_WINDOW = 190  # characters that a dateline and what follows it may take
_LONG = 250  # a line of so many characters is a paragraph of prose
# Marks without which a line cannot open with a dateline; looked for in its first characters.
_CUE = re.compile(
    r"[(\[/:=_–—―（【［〔.]|-(?:-| |$)|\s-|[^\W\d_]\d*-\s|日電|日电|日讯|日訊|CNN|\d\s*,"
)
_TWO_WORDS = re.compile(r"([A-Z][a-zà-ÿ'’]*) ([a-z]+)[ ,]")
_BYLINE = re.compile(r"\s*(?:by|BY|By)\s+")
# A bracket or a capitalised word in front of a dash: without one there is nothing to look for.
_ANCHOR = re.compile(r"(?:\)|\b[A-Z]{2,9}|\bKyodo|\bReuters?) ?\.?(?: [-–—_]|-|[–—])")
_ANCHOR_REACH = 600  # characters of a line in which a dateline may follow other matter


@dataclass(frozen=True, slots=True)
class Dateline:
    """What the dateline at `text[start:end]` says; a part that it does not say is None or empty.

    `place` in title case without regions, `place_full` as written; `agency` as written, `source`
    its canonical name. `year`, `month` and `day` are only what is written.
    """

    start: int
    end: int
    place: tuple[str, ...] = ()
    place_full: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    short_year: bool = False
    agency: str | None = None
    source: str | None = None
    shape: str = ""

    @property
    def dated(self) -> bool:
        """Whether year, month and day are all written."""
        return None not in (self.year, self.month, self.day)


def find_dateline(text: str, sources: SourceNames = BUILT_IN) -> Dateline | None:
    """The first dateline in the head of `text`, or None."""
    for number, (start, end) in enumerate(head_lines(text)):
        found = _in_line(text, start, end, number, sources)
        if found:
            return found
    return None


def head_lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of the lines that may hold a dateline, without blank ones."""
    prose = at = lines = 0
    size = len(text)
    while at < size and lines < MOST_LINES and prose < MOST_PROSE:
        end = text.find("\n", at)
        end = size if end < 0 else end
        if end > at and not text[at:end].isspace():
            yield at, end
            lines += 1
            prose += end - at > _LONG
        at = end + 1


def _in_line(text: str, start: int, end: int, number: int, sources: SourceNames) -> Dateline | None:
    window = text[start : min(end, start + 130)]
    top = number == 0 and end - start < 40
    if not top and not _CUE.search(window) and (window.isascii() or _has_case(window)):
        return None
    first = _skip_marks(text, start, end)
    found = _at(text, first, end, sources)
    if found is None and text[first : first + 1] == "(":
        after = _after_note(text, first, end)
        if after is not None and after < end:
            found = _at(text, _skip_marks(text, after, end), end, sources)
    if found is None and (number < 4 or _BYLINE.match(window) or window.lstrip()[:1] == "("):
        found = _after_other_matter(text, first, end, sources)
    return found


def _has_case(window: str) -> bool:
    return window.lower() != window.upper()


def _skip_marks(text: str, start: int, end: int) -> int:
    """The first character that may belong to a dateline, past spaces, bullets and dashes."""
    at = start
    while at < end and (text[at].isspace() or text[at] in "*•·-–—>\"“'‘_.|:"):
        at += 1
    return at


def _after_note(text: str, start: int, end: int) -> int | None:
    """The end of the editor's notes in brackets at `start`, wherever on the line they end."""
    at = start
    while text[at : at + 1] == "(":
        depth, close = 0, at
        while close < min(end, at + _ANCHOR_REACH):
            depth += (text[close] == "(") - (text[close] == ")")
            if depth == 0:
                break
            close += 1
        if close >= min(end, at + _ANCHOR_REACH):
            return None
        at = close + 1
        while at < end and text[at].isspace():
            at += 1
    return at


def _at(text: str, start: int, end: int, sources: SourceNames) -> Dateline | None:
    if is_east_asian(text[start : start + 24]):
        return _east_asian(text, start, end, sources)
    if _begins_as_prose(text, start):
        return None
    tokens = Tokens(text, start, start + _WINDOW)
    match = match_dateline(tokens, 0, sources)
    return _dateline(tokens, 0, match) if match else None


def _begins_as_prose(text: str, start: int) -> bool:
    """Whether the first two words rule every shape out: "Showers continued", not "Rio de"."""
    found = _TWO_WORDS.match(text, start)
    if not found or found[2] in CONNECTORS or month_number(found[2]):
        return False
    return not is_known(f"{found[1]} {found[2]}")


def _after_other_matter(text: str, start: int, end: int, sources: SourceNames) -> Dateline | None:
    """A dateline in capitals that follows a byline, a note, codes or a title on the same line.

    Only a listed agency beside a place is sure enough to be taken from there.
    """
    if not _ANCHOR.search(text, start, min(end, start + _ANCHOR_REACH)):
        return None
    tokens = Tokens(text, start, min(len(text), min(end, start + _ANCHOR_REACH) + _WINDOW))
    for at in range(1, len(tokens)):
        token = tokens[at]
        if token.start > end:
            return None
        if token.case != "caps" or len(token.text) < 2 or tokens[at - 1].case == "caps":
            continue
        if not any(tokens[later].text in (",", "(", "/") for later in range(at + 1, at + 8)):
            continue
        match = match_dateline(tokens, at, sources)
        if match and match.place and match.source and tokens[match.end - 1].kind == "dash":
            return _dateline(tokens, at, match)
    return None


def _dateline(tokens: Tokens, first: int, match: Match) -> Dateline:
    start, end = tokens.span(first, match.end)
    place, date = match.place, match.date
    return Dateline(
        start=start,
        end=end,
        place=place.names if place else (),
        place_full=tokens.words(place.start, place.end) if place else None,
        year=date.year if date else None,
        month=date.month if date else None,
        day=date.day if date else None,
        weekday=date.weekday if date else None,
        short_year=bool(date and date.short_year),
        agency=match.agency,
        source=match.source or match.agency,
        shape=match.shape,
    )


def _east_asian(text: str, start: int, end: int, sources: SourceNames) -> Dateline | None:
    found = east_asian_dateline(text, start, end, sources)
    if found is None:
        tokens = Tokens(text, start, start + _WINDOW)
        match = match_dateline(tokens, 0, sources)
        return _dateline(tokens, 0, match) if match and match.source else None
    return Dateline(
        start=found.start,
        end=found.end,
        place=found.places,
        place_full="/".join(found.places) or None,
        year=found.year,
        month=found.month,
        day=found.day,
        agency=found.agency,
        source=found.source,
        shape="east-asian",
    )
