"""Wire copy as tokens: words, numbers, dashes and single marks, each with its place in the text.

The dateline and date grammars walk over these instead of searching the text with patterns, so the
time they take grows with the number of tokens and with nothing else.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Kind = Literal["word", "number", "dash", "mark", "end"]
Case = Literal["caps", "title", "lower", "none"]

# A letter of any script, with the combining marks that Indic, Thai, Arabic and Hebrew need.
_LETTER = (
    r"(?:[^\W\d_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0d7f\u0e31-\u0e4e\u200c\u200d])"
)
_TOKEN = re.compile(
    rf"(?P<word>{_LETTER}+(?:['’`.\-‐‑]{_LETTER}+)*)"
    r"|(?P<number>\d+)"
    r"|(?P<dash>--+|[-–—―‒_]+)"
    r"|(?P<mark>\S)"
)


# The comma, colon and full stop of other scripts, as the grammar names them.
_PLAIN_MARKS = {"،": ",", "，": ",", "：": ":", "．": ".", "／": "/", "＝": "="}


class Token(NamedTuple):
    """One token at `[start, end)`; `gap` is the white space before it."""

    kind: Kind
    text: str
    start: int
    end: int
    gap: str = ""

    @property
    def case(self) -> Case:
        """caps: no lower-case letter and at least one capital; none: a script without case."""
        if self.text.isupper():
            return "caps"
        if self.text[:1].isupper():
            return "title"
        return "lower" if self.text.islower() or self.text[:1].islower() else "none"

    @property
    def folded(self) -> str:
        """The text in lower case."""
        return self.text.lower()


END = Token("end", "", -1, -1, "\n")


class Tokens:
    """The tokens of `text[start:stop]`; an index past the last one gives `END`."""

    __slots__ = ("_tokens", "text")

    def __init__(self, text: str, start: int = 0, stop: int | None = None) -> None:
        self.text = text
        self._tokens: list[Token] = []
        last = start
        for match in _TOKEN.finditer(text, start, len(text) if stop is None else stop):
            kind: Kind = match.lastgroup  # type: ignore[assignment]
            begin, end = match.span()
            written = match[0]
            written = _PLAIN_MARKS.get(written, written)
            self._tokens.append(Token(kind, written, begin, end, text[last:begin]))
            last = end

    def __getitem__(self, index: int) -> Token:
        if index < 0:
            return END
        try:
            return self._tokens[index]
        except IndexError:
            return END

    def __len__(self) -> int:
        return len(self._tokens)

    def is_mark(self, index: int, marks: str) -> bool:
        """Whether the token at `index` is one of the single characters `marks`."""
        token = self[index]
        return token.kind == "mark" and token.text in marks

    def span(self, first: int, end: int) -> tuple[int, int]:
        """Where the tokens `[first, end)` lie in the text."""
        return self[first].start, self[end - 1].end

    def words(self, first: int, end: int) -> str:
        """The text of the tokens `[first, end)` as written."""
        if first >= end:
            return ""
        return self.text[self[first].start : self[end - 1].end]
