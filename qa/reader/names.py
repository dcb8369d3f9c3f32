"""Names in prose: runs of capitalised words, and whether each looks like a person, a firm, a place.

No list of people or firms: the words around a name ("Dr", "spokesman", "in"), the words in it
("Corp", "Ministry") and the table of countries decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.reader.words import COUNTRIES, STOP, Token, closed_class, stem

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
GENERIC_STEMS = frozenset(stem(word) for word in _ORGANISATION_WORDS)
_TITLES = closed_class(
    """mr mrs ms dr sir lord lady rep sen gov gen president minister premier chancellor chairman
    chairwoman senator congressman congresswoman governor mayor director secretary spokesman
    spokeswoman spokesperson economist analyst professor prof judge justice ambassador king
    queen prince princess pope bishop captain colonel general admiral sergeant leader chief
    executive founder coach striker goalkeeper player actor actress singer author writer
    president-elect vice-president treasurer commissioner candidate dealer trader manager
    attorney lawyer representative"""
)
# Titles that are dropped with the office; a king or a doctor keeps his.
_OFFICES = _TITLES - closed_class("sir lord lady king queen prince princess pope dr mr mrs ms")
_PERSON_AFTER = re.compile(
    r"^,?\s(?:who\b|\d\d,|aged\b|said\b|told\b|says\b|the\s\w+\s(?:minister|president))"
)
_TOPONYM = closed_class(
    """cape port mount lake river bay valley island islands hills hill beach fort city county
    street avenue airport peninsula strait gulf sea ocean province region harbour harbor san santa
    los las"""
)
# After these stands where something is, seldom who did it.
_INSIDE_OF = closed_class("in at near outside across throughout")
_MANY = re.compile(r"(?:[eo]rs|ists|ians|ments|tions|ings|ees)$")
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
        if not _only_opens(text, words, place, last):
            title = _title(words, place, last)
            parts = [(place, last)] if title is None else [(place, title - 1), (title + 1, last)]
            named = [_name(text, words, a, b) for a, b in parts if _stands(words, a, b, last)]
            found += [name for name in named if name is not None]
        place = last + 1
    return found


def _title(words: Sequence[Token], first: int, last: int) -> int | None:
    """The last token of the run that gives the person after it a title; None where none does."""
    for at in range(last - 1, first - 1, -1):
        if words[at].text.lower() in _ORGANISATION_WORDS:
            return None  # "General Motors"
        if words[at].text.lower().rstrip(".") in _OFFICES:
            firm = words[last].text.lower() in _ORGANISATION_WORDS
            return None if firm else at
    return None


def _stands(words: Sequence[Token], first: int, last: int, end: int) -> bool:
    """Whether a part of a run is a name: the person at its `end`, or before the title a body.

    "Environment" in "Environment Minister X" is none, "Federal Reserve" is.
    """
    if first > last or not _can_open(words, first):
        return False
    parts = {token.text.lower() for token in words[first : last + 1]}
    return last == end or bool(parts & (_ORGANISATION_WORDS - {"and", "department"}))


def _only_opens(text: str, words: Sequence[Token], first: int, last: int) -> bool:
    """Whether one word is capital only because its sentence begins with it.

    So where the article writes it small elsewhere, or where it is a plural of people or things.
    """
    word = words[first].text
    if first or last or word.isupper() or not word.isalpha():
        return False
    return bool(_MANY.search(word) or re.search(rf"\b{word.lower()}\b", text))


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
    titled = before.rstrip(".") in _TITLES
    country = any(token.stem in COUNTRIES for token in words[first : last + 1])
    organisation = (
        bool(parts & _ORGANISATION_WORDS)
        or text[max(0, start - 1) : start] == "<"
        or (size == 1 and not country and words[first].text.isupper() and end - start > 1)
    )
    toponym = words[first].text.lower() in _TOPONYM or words[last].text.lower() in _TOPONYM
    looks = 2 <= size <= 4 and not toponym and before not in _INSIDE_OF
    person = (
        not organisation
        and not country
        and not _acronym(words[first : last + 1])
        and (titled or bool(_PERSON_AFTER.match(text[end : end + 24])) or looks)
    )
    return Name(
        start=start,
        end=end,
        first=first,
        last=last,
        person=person,
        organisation=organisation,
        place=country or ((toponym or before in _PLACE_BEFORE) and not organisation and not titled),
        quoted=text[max(0, start - 1) : start] in {'"', "“", "'", "‘"},
    )


def _acronym(words: Sequence[Token]) -> bool:
    """Whether a part is written in capitals only, as no surname is in running text."""
    return any(
        len(word.text) > 2 and word.text.isupper() and "." not in word.text for word in words
    )
