"""What a byline says besides the names: the publisher, and the place it was written in.

"By Jane Roe, Skerry Signal" names one writer and one house; "By Jane Roe, John Doe" names two
writers, "By Jane Roe, Health Editor" a writer and her post. What is surely a house counts wherever
it stands; what only may be one counts where it is all that is left after one full list of names,
and then less than any other evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa.reading.credits import Credit, credit_at, exact
from qa.reading.houses import (
    has_masthead_word,
    is_house,
    is_institution,
    is_masthead,
    may_be_house,
    rules_house_out,
)
from qa.reading.places import is_known
from qa.reading.sources import SourceNames
from qa.reading.words import word_set

_BY = re.compile(r"^\s*(?:By|by|BY|From|Von|Par|Por)\s+")
_SEGMENTS = re.compile(r"\s*[,|(·•]\s*|\s+[-–—/]\s+|/")
_LINKS = re.compile(r"\s+(?:of|for|with|via|avec|mit|con|com)\s+(?:the\s+)?(?=[A-Z])")
_VIA = re.compile(r"\s+via\s+.*")
_FOR = re.compile(r"(?:special|exclusive)\s+(?:to|for)\s+|for\s+", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|und|et|y|e|&)\s+")
_ROLES = word_set("role-words") | word_set("posts")
_CAPITAL = r"['‘’ʻ]?[^\W\d_a-zß-ÿ][\w.'’-]*"
_NAME = re.compile(
    rf"{_CAPITAL}(?: (?:{_CAPITAL}|{'|'.join(sorted(word_set('particles-of-names')))}|in)){{1,5}}"
)
# What stands before a house's name in running text, and before a person's hardly ever.
_HOUSE_CUES = (
    r"(?:\b[Tt]he |/|\b[Ss]ubscribe to |\b[Ss]ign up (?:to|for) |©\s*(?:\d{4} )?"
    r"|\b[Cc]opyright (?:\d{4} )?)"
)


@dataclass(frozen=True, slots=True)
class BylineParts:
    """What a byline says besides the names: a house, a place."""

    credit: Credit | None = None
    place: tuple[int, int] | None = None


def read_byline(text: str, byline: tuple[int, int], sources: SourceNames) -> BylineParts:
    """The house and the place after the names: "By Jane Roe, Associated Press", "... - Lagos"."""
    line = text[byline[0] : byline[1]]
    names, *segments = _SEGMENTS.split(_BY.sub("", line, count=1).rstrip(" )="))
    first, *linked = _LINKS.split(names)
    others = [part for segment in segments for part in _parts(segment, sources)]
    named = _are_names(_AND.split(first))
    credit: Credit | None = None
    place: tuple[int, int] | None = None
    for part in ([first] if exact(first, sources) else []) + linked + others:
        name = exact(part, sources) or _closing_words(part, sources)
        if credit is None and (name or _is_surely_house(part, text, byline, named)):
            credit = credit_at(text, byline[0], name or part, part)
        elif place is None and is_known(part) and part[:1].isupper():
            start = text.rindex(part, byline[0], byline[1])
            place = (start, start + len(part))
    if credit is None and place is None and len(linked + others) == 1:
        credit = _after_dash(text, byline, others)
    if credit is None and named:
        credit = _likely_house(text, byline, others)
    return BylineParts(credit, place)


def _parts(segment: str, sources: SourceNames) -> Iterator[str]:
    """What one segment says: a house as a whole, else what "of", "for" and "and" divide."""
    segment = _VIA.sub("", _FOR.sub("", segment, count=1))
    if rules_house_out(segment):
        yield from (part for part in _LINKS.split(segment) if _behind_a_post(part, sources))
        return
    people = _AND.split(segment)
    if len(people) > 1 and _are_names(people):
        yield from people
        return
    house = exact(segment, sources) or is_house(segment) or is_masthead(segment)
    whole = house or is_institution(segment)  # of a university's name the town is no place
    yield from [segment] if whole else _LINKS.split(segment)


def _behind_a_post(part: str, sources: SourceNames) -> bool:
    """ "Editor of The Sun" names the house of the writer; "Author of The Long Road" a book."""
    return not part.startswith("The ") or bool(exact(part, sources)) or has_masthead_word(part)


def _are_names(parts: list[str]) -> bool:
    return all(_NAME.fullmatch(part) for part in parts)


def _is_surely_house(part: str, text: str, byline: tuple[int, int], named: bool) -> bool:
    """Whether its form says so, or after the names of people its words or the rest of the text."""
    if rules_house_out(part):
        return False
    return is_house(part) or (named and (is_masthead(part) or _recurs_as_house(part, text, byline)))


def _recurs_as_house(part: str, text: str, byline: tuple[int, int]) -> bool:
    """Whether the text names it as a house elsewhere: "told the Skerry Signal", "(Roe/Signal)"."""
    if not part[:1].isupper() or is_known(part):
        return False
    cue = re.compile(rf"{_HOUSE_CUES}{re.escape(part)}\b(?! [A-Z])")
    return bool(cue.search(text, 0, byline[0]) or cue.search(text, byline[1]))


def _after_dash(text: str, byline: tuple[int, int], others: list[str]) -> Credit | None:
    """One word with a capital inside: "By Jane Roe - GhanaWeb"."""
    if not others or " - " not in text[byline[0] : byline[1]]:
        return None
    house = others[0]
    if len(house.split()) == 1 and any(c.isupper() for c in house[1:]) and len(house) > 3:
        return credit_at(text, byline[0], house, house)
    return None


def _likely_house(text: str, byline: tuple[int, int], others: list[str]) -> Credit | None:
    """The one segment after the names that may be a house; of several none can be told."""
    left = [
        part
        for part in others
        if part[:1].isupper() and not (rules_house_out(part) or is_known(part))
    ]
    if len(left) != 1 or not may_be_house(left[0]):
        return None
    return replace(credit_at(text, byline[0], left[0], left[0]), sure=False)


def _closing_words(part: str, sources: SourceNames) -> str | None:
    """The listed house in a post: "Repórter da Agência Brasil", "Associated Press Writer"."""
    words = part.split()
    if len(words) == 2 and not (words[0].lower() in _ROLES or words[1].isupper()):
        return None  # "Adam Cox" does not write for Cox
    for count in (4, 3, 2, 1):
        tail = " ".join(words[-count:])
        if count < len(words) and tail in sources.bare:
            return sources.bare[tail]
    head = " ".join(words[:2])
    return sources.bare.get(head) if len(words) > 2 else None
