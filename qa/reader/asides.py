"""Words of an article that are not its story: datelines, bylines, credits, footers, share codes.

They may be quoted, and they help to recognise an article, but they answer nothing: an agency in a
dateline is not who was elected. Where the reading of the article found its date, source or byline
is kept with the article; credits and share codes are told by their form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.reader.words import Token
from qa.types import Article

Stretch = tuple[int, int]
_HEAD_FIELDS = frozenset({"dateline", "byline", "published", "source", "title"})
_FORMS = re.compile(
    # the credit of a picture, in brackets or as a line of its own
    r"[(\[][^()\[\]]{0,80}\b(?:photo|photograph|picture|image)s?\b[^()\[\]]{0,80}[)\]]"
    r"|^[ \t]*(?:photo|photograph|picture|image)s?(?: (?:by|from|courtesy of)\b|:).{0,120}$"
    # who wrote and who edited
    r"|[(\[](?:additional |further )?(?:reporting|writing|editing|compiled|translated)\b"
    r"[^()\[\]]{0,400}[)\]]"
    # share codes: (WWW.N), <BA>, UAUA.O
    r"|(?-i:[(<\[]\s?[A-Za-z0-9]{1,6}\.[A-Z]{1,2}\s?[)>\]]|<[A-Z]{1,5}>"
    r"|\b[A-Z0-9]{2,6}\.[A-Z]{1,2}\b|\([A-Za-z]{2,6}\s?:\s?[A-Z.]{1,6}\))",
    re.I | re.M,
)


def asides(article: Article) -> list[Stretch]:
    """The stretches of `article.text` that are not its story, in order; they may overlap."""
    found = [match.span() for match in _FORMS.finditer(article.text)]
    for finding in article.findings:
        if finding.field in _HEAD_FIELDS and finding.start is not None and finding.end is not None:
            found.append((finding.start, finding.end))
    return sorted(found)


def outside(words: Sequence[Token], stretches: Sequence[Stretch]) -> tuple[Token, ...]:
    """The words that stand in none of the stretches."""
    if not stretches or not words:
        return tuple(words)
    first, last = words[0].start, words[-1].end
    near = [(start, end) for start, end in stretches if start < last and first < end]
    return tuple(w for w in words if not any(start <= w.start < end for start, end in near))
