"""An article to its passages: sentence-aligned, about 100 words, a little overlap, exact offsets.

Sentences come from sentencex, which keeps offsets and reads paragraphs. Two corrections fit it to
news: a stop without a space after it ("MER.N", "3.5") ends nothing, and sentences inside a long
quotation, which it keeps whole, are parted again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import sentencex

from qa.types import Article, Passage

TARGET_WORDS = 100  # near the 110 that ranked best on the development questions
OVERLAP_WORDS = 30  # a longer last sentence is not repeated: it would make up a third of the next
LONGEST_SENTENCE = 1200  # code points; beyond it a "sentence" is a table or has lost its stops

Span = tuple[int, int]

# A lower-case word or a month before the stop, a capital after it: a boundary even inside quotes.
# Titles and company forms (Mr., Corp.) begin with a capital, so they are left to sentencex.
_INNER_BOUNDARY = re.compile(
    r"(?:\b[a-z]{3,}|\bMay|\bMarch|\bApril|\bJune|\bJuly|\b(?:19|20)\d\d|%)[.!?][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z])"
)
# What every such boundary holds, told at a glance: most sentences have none inside.
_STOP_INSIDE = re.compile(r"[.!?][\"'”’)]*\s+[\"'“‘(]?[A-Z]")
_LOWER_ABBREVIATIONS = frozenset({"etc", "approx", "dept", "est", "incl", "excl", "resp", "ext"})
_WORD = re.compile(r"\S+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # one character, about one word
_LANGUAGES = frozenset(
    {
        "en",
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "nl",
        "da",
        "sv",
        "fi",
        "ru",
        "zh",
        "ja",
        "ko",
        "pl",
        "cs",
        "ar",
        "tr",
    }
)


def sentences(text: str, language: str = "en") -> list[Span]:
    """Spans of the sentences, in order, without the white space around them.

    Together they hold every code point of `text` that is not white space. None is longer than
    `LONGEST_SENTENCE`; a longer one is split at white space, or anywhere where there is none.
    """
    spans: list[Span] = []
    for start, end in _merged(_boundaries(text, language), text):
        for inner_start, inner_end in _parted(text, start, end):
            spans.extend(_bounded(text, inner_start, inner_end, LONGEST_SENTENCE))
    return spans


def split(article: Article, fits: Callable[[str], bool] = lambda _: True) -> list[Passage]:
    """Passages of an article, in order, numbered from 0; empty for an empty text.

    `fits` tells whether the model reads a text whole; a passage that does not fit is split until
    it does (default: no model, so words alone decide).
    """
    text = article.text
    language = article.language or "en"
    spans = [
        part
        for span in _packed(text, sentences(text, language))
        for part in _readable(text, span, fits)
    ]
    return [
        Passage(f"{article.id}@{article.version}#{n}", article.id, n, start, end)
        for n, (start, end) in enumerate(spans)
    ]


def word_count(text: str) -> int:
    """White-space separated words; in scripts written without spaces, two characters a word."""
    wide = len(_WIDE.findall(text))
    return len(_WORD.findall(text)) + wide // 2


def _boundaries(text: str, language: str) -> Iterator[Span]:
    code = language[:2].lower()
    for found in sentencex.get_sentence_boundaries(code if code in _LANGUAGES else "en", text):
        yield found["start_index"], found["end_index"]


def _merged(spans: Iterator[Span], text: str) -> Iterator[Span]:
    """Trimmed spans; one that begins in the middle of a word belongs to the one before it."""
    held: Span | None = None
    for start, end in spans:
        glued = held is not None and start > 0 and _is_glued(text, start)
        if held is not None and glued:
            held = (held[0], end)
            continue
        if held is not None:
            yield from _trimmed(text, *held)
        held = (start, end)
    if held is not None:
        yield from _trimmed(text, *held)


def _is_glued(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    return not before.isspace() and not after.isspace() and before.isascii() and after.isalnum()


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _parted(text: str, start: int, end: int) -> Iterator[Span]:
    """The trimmed span, cut at the sentence ends that stand inside it."""
    if not _STOP_INSIDE.search(text, start, end):
        yield start, end
        return
    begin = start
    for match in _INNER_BOUNDARY.finditer(text, start, end):
        word = match.group().split(".")[0].strip("\"'”’)!? \n")
        if word in _LOWER_ABBREVIATIONS:
            continue
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, end)


def _bounded(text: str, start: int, end: int, longest: int) -> Iterator[Span]:
    """Pieces of at most `longest` code points, cut at the last white space where there is one."""
    while end - start > longest:
        limit = start + longest
        cut = max(text.rfind(" ", start, limit), text.rfind("\n", start, limit))
        if cut <= start + longest // 2:
            cut = limit
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _packed(text: str, spans: list[Span]) -> Iterator[Span]:
    """Consecutive sentences up to the target; the next passage repeats a short last sentence."""
    words = [word_count(text[start:end]) for start, end in spans]
    first = 0
    while first < len(spans):
        last, total = first, words[first]
        while last + 1 < len(spans) and total + words[last + 1] // 2 <= TARGET_WORDS:
            last += 1
            total += words[last]
        yield spans[first][0], spans[last][1]
        if last + 1 == len(spans):
            return
        repeats = last > first and words[last] <= OVERLAP_WORDS
        first = last if repeats else last + 1


def _readable(text: str, span: Span, fits: Callable[[str], bool]) -> Iterator[Span]:
    """The span, halved until the model reads each part whole."""
    start, end = span
    if end - start < 2 or fits(text[start:end]):
        yield span
        return
    for half_start, half_end in _bounded(text, start, end, (end - start + 1) // 2):
        yield from _readable(text, (half_start, half_end), fits)
