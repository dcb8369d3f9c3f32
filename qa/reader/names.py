"""Names in prose: runs of capitalised words, and whether each looks like a person, a firm, a place.

No list of people or firms: the words around a name ("Dr", "spokesman", "in"), the words in it
("Corp", "Ministry") and the table of countries decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.reader.words import COUNTRIES, STOP, Token, closed_class

_ORGANISATION_WORDS = closed_class(
    """corp corporation inc ltd limited plc co company companies group bank banks ag sa nv gmbh spa
    kk holdings holding industries international association federation union party ministry
    department agency authority commission committee council court university college institute
    institution centre center airlines airways air motors motor oil petroleum gas steel electric
    systems technologies technology partners capital securities brothers bros trust fund
    exchange board bureau office service services society foundation press times post news
    organization organisation league club army navy force forces police congress senate
    parliament treasury reserve insurance stores media networks pharmaceuticals laboratories and
    &"""
)
_TITLES = closed_class(
    """mr mrs ms dr sir lord lady rep sen gov gen president minister premier chancellor chairman
    chairwoman senator congressman congresswoman governor mayor director secretary spokesman
    spokeswoman spokesperson economist analyst professor prof judge justice ambassador king
    queen prince princess pope bishop captain colonel general admiral sergeant leader chief
    executive founder coach striker goalkeeper player actor actress singer author writer
    president-elect vice-president treasurer commissioner candidate dealer trader manager
    attorney lawyer representative"""
)
_PERSON_AFTER = re.compile(
    r"^,?\s(?:who\b|\d\d,|aged\b|said\b|told\b|says\b|the\s\w+\s(?:minister|president))"
)
_PLACE_BEFORE = closed_class("in at near from to outside around across throughout")
_INSIDE = closed_class("of de la van von der den del bin al for the &")
_NOT_NAMES = closed_class(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december jan feb mar apr jun jul aug sept sep
    oct nov dec i"""
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name at `[start, end)`; the flags say what it looks like, and may all be false."""

    start: int
    end: int
    first: int  # index of its first token in the sentence
    last: int  # index of its last token
    person: bool
    organisation: bool
    place: bool
    quoted: bool = False


def names(text: str, words: Sequence[Token]) -> list[Name]:
    """The names among `words`, the tokens of one sentence of `text`."""
    found = []
    place = 0
    while place < len(words):
        if not _can_open(words, place):
            place += 1
            continue
        last = _run_end(text, words, place)
        name = _name(text, words, place, last)
        if name is not None:
            found.append(name)
        place = last + 1
    return found


def _can_open(words: Sequence[Token], place: int) -> bool:
    """Whether a name may begin here; a sentence's first word only if it is no common opener."""
    token = words[place]
    low = token.text.lower()
    if not token.capital or low in _NOT_NAMES or token.text in "$£€¥%":
        return False
    return low not in STOP or (token.text.isupper() and len(token.text) > 1)


def _run_end(text: str, words: Sequence[Token], place: int) -> int:
    """Index of the last token of the run of name words that begins at `place`."""
    last = place
    at = place + 1
    while at < len(words):
        gap = text[words[at - 1].end : words[at].start]
        if not re.fullmatch(r"[ \t\n]?|[.]? ?|[- ]|[-]", gap) or (
            gap == ". " and len(words[at - 1].text) > 4
        ):
            break
        token = words[at]
        low = token.text.lower()
        if words[at - 1].text.endswith(("'s", "’s")):
            break
        if (token.capital or (token.digits and at == last + 1)) and low not in _NOT_NAMES:
            last = at
        elif low not in _INSIDE or at - last > 2:
            break
        at += 1
    return last


def _name(text: str, words: Sequence[Token], first: int, last: int) -> Name | None:
    start, end = words[first].start, words[last].end
    if words[last].text.endswith(("'s", "’s")):
        end -= 2
    if end - start < 2:
        return None
    before = words[first - 1].text.lower() if first else ""
    parts = {token.text.lower() for token in words[first : last + 1]}
    size = last - first + 1
    titled = before in _TITLES or words[first].text.lower().rstrip(".") in _TITLES
    country = any(token.stem in COUNTRIES for token in words[first : last + 1])
    organisation = (
        bool(parts & _ORGANISATION_WORDS)
        or text[max(0, start - 1) : start] == "<"
        or (size == 1 and words[first].text.isupper() and len(words[first].text) > 1)
    )
    person = (
        not organisation
        and not country
        and (titled or bool(_PERSON_AFTER.match(text[end : end + 24])) or 2 <= size <= 4)
    )
    return Name(
        start=start,
        end=end,
        first=first,
        last=last,
        person=person,
        organisation=organisation,
        place=country or (before in _PLACE_BEFORE and not organisation),
        quoted=text[max(0, start - 1) : start] in {'"', "“", "'", "‘"},
    )


def _acronym(words: Sequence[Token]) -> bool:
    """Whether a part is written in capitals only, as no surname is in running text."""
    return any(
        len(word.text) > 2 and word.text.isupper() and "." not in word.text for word in words
    )
