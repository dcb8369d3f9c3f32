"""Text cut into pieces to mark: each piece is plain text for the template to escape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa.dates import written_days
from qa.types import Citation
from qa.web.words import event_words

# A paragraph ends at a blank line, or where the next line is indented as wire copy is.
_WRAPPED = re.compile(r"\n[ \t]*\n\s*|\n(?=[ \t]{2,}\S)")
_UNWRAPPED = re.compile(r"\n+")
CONTEXT = 220  # characters of the passage shown on each side of a quote


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text.

    `kind` is "" or "answer", "time" (whose meaning is `note`), "quote" or "more" of a quote.
    """

    text: str
    kind: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """`[start, end)` of some text, to be shown as `kind`."""

    start: int
    end: int
    kind: str
    note: str = ""


def pieces(text: str, spans: Iterable[Span], rest: str = "") -> Iterator[Piece]:
    """`text` in order, cut at the spans; of spans that overlap, the first in the list is kept."""
    kept: list[Span] = []
    for span in spans:
        if span.start < span.end and not any(
            span.start < other.end and other.start < span.end for other in kept
        ):
            kept.append(span)
    at = 0
    for span in sorted(kept, key=lambda span: span.start):
        if at < span.start:
            yield Piece(text[at : span.start], rest)
        yield Piece(text[span.start : span.end], span.kind, span.note)
        at = span.end
    if at < len(text):
        yield Piece(text[at:], rest)


def quote_pieces(citation: Citation, answer: str | None) -> list[Piece]:
    """The quote with answer and resolved times told apart; the texts join to the quote."""
    spans = []
    at = citation.quote.find(answer) if answer else -1
    if answer and at >= 0 and len(answer) < len(citation.quote):
        spans.append(Span(at, at + len(answer), "answer"))
    for event in citation.event_dates:
        # "Thursday" is the answer where the answer is the day that it means.
        kind = "answer" if answer == written_days(event.first, event.last) else "time"
        spans.append(Span(event.start, event.end, kind, event_words(event)))
    return list(pieces(citation.quote, spans))


def around(citation: Citation) -> tuple[str, str]:
    """What the passage says before and after the quote, cut at a word where it is long."""
    passage, base = citation.passage_text, citation.passage.start
    before = passage[: citation.start - base]
    after = passage[citation.end - base :]
    if len(before) > CONTEXT:
        before = "… " + before[-CONTEXT:].partition(" ")[2]
    if len(after) > CONTEXT:
        after = after[:CONTEXT].rpartition(" ")[0] + " …"
    return before, after


def paragraphs(text: str, quote: tuple[int, int] | None) -> list[list[Piece]]:
    """An article's text by paragraphs, the quote marked in each that it touches."""
    breaks = _WRAPPED if _WRAPPED.search(text) else _UNWRAPPED
    found, at, anchored = [], 0, False
    for stop, after in [*((m.start(), m.end()) for m in breaks.finditer(text)), (len(text),) * 2]:
        spans = []
        if quote is not None:
            start, end = max(quote[0], at) - at, min(quote[1], stop) - at
            spans = [Span(start, end, "more" if anchored else "quote")]
            anchored = anchored or start < end
        own = list(pieces(text[at:stop], spans))
        if own:
            found.append(own)
        at = after
    return found
