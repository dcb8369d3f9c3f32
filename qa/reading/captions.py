"""Captions of pictures: lines that hold a picture's credit. A caption is never a title.

"A boat leaves Horta on Friday. Photo: Jane Roe/AP", "The mosaic (Image credit: Jane Roe)", "Photo
courtesy of the museum". "Photos: the parade" and "Handout of 300 euros planned" are titles.
"""

from __future__ import annotations

import re

from qa.reading.grammar import is_picture_credit
from qa.reading.words import word_set

# What a picture is called; behind the first ones a whole caption may follow, not only a name.
_PHOTO = r"(?:[Pp]hoto|PHOTO|[Pp]icture|PICTURE|[Ff]oto|FOTO|[Pp]hotograph)"
_PICTURE = (
    rf"(?:{_PHOTO}|[Pp]hotography|[Ii]mage|IMAGE|[Bb]ild|[Ii]llustration|[Gg]raphic|[Hh]andout"
    r"|HANDOUT|[Cc]redit|CREDIT|[Cc]rédit|[Cc]rédito)"
)
_ROLE = r"(?:[ -](?:caption|credit|source))?"
_BY = r"\s+(?:by|courtesy|provided|supplied|via|von|par|por|de)\s(?=(?:of|by|the|from)\b|[A-ZÀ-Þ])"
_LABEL = re.compile(
    rf"\b(?:[Ff]ile |FILE |[Hh]andout |[Aa]erial )?{_PICTURE}{_ROLE}(?:\s*[:©/]\s*|{_BY})"
)
_OPENING = re.compile(
    rf"(?:[Ff]ile |FILE )?{_PHOTO}{_ROLE}\s*:|(?:[Ff]ile|FILE) {_PHOTO}\b"
    r"|[Ii]mage (?:caption|source),"
)
# "Jane Roe/Getty Images"
_AGENCY = re.compile(r"[^\W\d_]/(?:\w+ ){0,2}(?:Images|Photos?|Pictures|Pool|POOL)$")
_SLASHED = re.compile(r"[.!?”\"]\s*\([^()/]*[^\W\d_] ?/ ?[A-ZÀ-Þ][^()/]*\)$")
_ENDS = (*'.!?)]|/-–—”"’»([',)
_SMALL = word_set("particles-of-names") | frozenset(
    ("of", "the", "for", "by", "and", "via", "from", "at", "courtesy", "handout", "through", "und")
)
_LONGEST = 400  # characters of a caption
_MOST_WORDS = 12  # of a credit that closes a caption


def is_caption(line: str) -> bool:
    """Whether a line is a picture's caption, or its credit alone."""
    bare = line.strip()
    if len(bare) > _LONGEST:
        return False
    if _OPENING.match(bare) or _SLASHED.search(bare):
        return True
    if bare.endswith((")", "]")):
        inner = bare[max(bare.rfind("("), bare.rfind("[")) + 1 : -1]
        if is_picture_credit(inner) or _LABEL.match(inner):
            return True
    if _AGENCY.search(bare) and _names_someone(bare):
        return True
    return any(_is_credit(bare, found) for found in _LABEL.finditer(bare))


def _is_credit(bare: str, found: re.Match[str]) -> bool:
    """Whether a label and a name are the whole line, or follow a closed sentence at its end."""
    before = bare[: found.start()].rstrip()
    return (not before or before.endswith(_ENDS)) and _names_someone(bare[found.end() :])


def _names_someone(credit: str) -> bool:
    words = re.findall(r"(?<!/)\b[^\W_][^\s/]*", credit)  # what follows a slash may be "dpa"
    if not 0 < len(words) <= _MOST_WORDS:
        return False
    return all(not word[0].islower() or word.strip(".,") in _SMALL for word in words)
