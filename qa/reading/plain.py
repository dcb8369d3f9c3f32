"""Plain text and raw wire copy: one article a file or several, with or without headers.

Headers known: ` date 2020-05-05 ` in front of the body on its line, and a block of `key: value`
lines closed by an empty line. Articles follow one another after a form feed, a line of dashes,
equals signs or asterisks, an NNNN line, or simply with their own header. Header lines are taken out
of the text; datelines, captions and notes stay, as quotes must be exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from qa.reading.article import Fields, assemble
from qa.reading.sources import BUILT_IN, SourceNames
from qa.types import Reading

_DATE_HEADER = re.compile(
    r"[ \t\ufeff]*date[ \t]+(\d{4}(?:-\d{2}){0,2}(?:T[\d:.]{4,12}(?:Z|[+-]\d{2}:?\d{2})?)?)"
    r"(?:[ \t]+|(?=\n)|$)"
)
_KEY = re.compile(r"[ \t\ufeff]*([A-Za-z][A-Za-z _-]{1,20}?)[ \t]*:[ \t]*(\S[^\n]*)?$")
_DIVIDER = re.compile(r"^(?:[ \t]*(?:-{3,}|={3,}|\*{3,}|#{3,}|NNNN|ZCZC.*)[ \t]*|\f.*)$")
_KEYS = {
    **dict.fromkeys(("date", "published", "publication date", "pubdate", "date published",
                     "published at", "posted", "datum", "fecha", "data", "дата"), "published"),
    **dict.fromkeys(("source", "agency", "publisher", "publication", "quelle", "fuente", "fonte",
                     "provider", "site", "источник"), "source"),
    **dict.fromkeys(("title", "headline", "subject", "titel", "título", "titolo", "titre",
                     "заголовок"), "title"),
    **dict.fromkeys(("byline", "author", "authors", "by", "autor", "auteur", "autore"), "byline"),
    **dict.fromkeys(("url", "link", "canonical", "permalink"), "url"),
    **dict.fromkeys(("id", "guid", "article id", "doc id", "docid", "message-id"), "id"),
    **dict.fromkeys(("place", "location", "city", "ort", "lieu", "lugar"), "place"),
    **dict.fromkeys(("language", "lang", "sprache"), "language"),
    **dict.fromkeys(("keywords", "section", "category", "tags", "slug", "copyright", "priority",
                     "updated", "modified", "wordcount", "words", "topic", "subjects"), "other"),
}  # fmt: skip


def read_plain(
    text: str,
    *,
    name: str,
    given_source: str | None = None,
    sources: SourceNames = BUILT_IN,
    now: date | None = None,
) -> Iterator[Reading]:
    """The articles of a plain-text file, in order; empty ones are left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    position = 0
    for part in split_articles(text):
        fields, body = take_header(part)
        if not body.strip() and not fields.title:
            continue
        yield assemble(
            fields,
            body,
            name=name,
            position=position,
            given_source=given_source,
            sources=sources,
            now=now,
        )
        position += 1


def split_articles(text: str) -> Iterator[str]:
    """The parts of `text` that are articles of their own."""
    starts = _starts(text)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        if starts != [0]:
            lines = part.split("\n")
            while lines and (_DIVIDER.match(lines[0]) or not lines[0].strip()):
                lines.pop(0)
            while lines and (_DIVIDER.match(lines[-1]) or not lines[-1].strip()):
                lines.pop()
            part = "\n".join(lines)
        if part.strip():
            yield part


def _starts(text: str) -> list[int]:
    """Offsets at which an article begins."""
    starts = [0]
    if "\n" not in text:
        return starts
    headed = bool(_DATE_HEADER.match(text)) or _header_end(text, 0) is not None
    blank = True  # whether the line before is empty, or a divider
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        mark = text[at]
        divides = mark in " \t-=*#NZ\f" and end - at < 80 and bool(_DIVIDER.match(text[at:end]))
        if divides:
            begins = mark in "NZ\f" or _begins_article(text, end + 1)
        elif headed and mark in " \td" and _DATE_HEADER.match(text, at):
            begins = True
        else:
            begins = headed and blank and mark.isalpha() and _header_end(text, at) is not None
            begins = begins and not _only_dividers(text, starts[-1], at)
        if at and begins:
            starts.append(at)
        blank = end == at or divides or text[at:end].isspace()
        at = end + 1
    return starts


def _only_dividers(text: str, start: int, at: int) -> bool:
    return all(not line.strip() or _DIVIDER.match(line) for line in text[start:at].split("\n"))


def _begins_article(text: str, at: int) -> bool:
    while at < len(text) and text[at] in "\n \t":
        if text[at] == " " and _DATE_HEADER.match(text, at):
            return True
        at += 1
    return _header_end(text, at) is not None or bool(_DATE_HEADER.match(text, at))


def take_header(text: str) -> tuple[Fields, str]:
    """What the header of one article states, and the text after it."""
    found = _DATE_HEADER.match(text)
    if found:
        fields = {"published": found[1]}
        return Fields(**fields, methods={"published": "header"}), text[found.end() :]  # type: ignore[arg-type]
    end = _header_end(text, 0)
    if end is None:
        return Fields(), text
    values: dict[str, str] = {}
    for line in text[:end].split("\n"):
        key = _KEY.match(line)
        if key and key[2]:
            values.setdefault(_KEYS.get(key[1].strip().lower(), "other"), key[2].strip())
    values.pop("other", None)
    place = tuple(part.strip() for part in values.pop("place", "").split(";") if part.strip())
    methods = dict.fromkeys((*values, "place"), "header")
    return Fields(**values, place=place, methods=methods), text[end:].lstrip("\n")  # type: ignore[arg-type]


def _header_end(text: str, at: int) -> int | None:
    """The end of the block of `key: value` lines at `at`; None where there is none.

    Two lines with known keys make a block, or one that tells the date, id or URL.
    """
    known: set[str] = set()
    start = at
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        key = _KEY.match(line) if end - at < 400 else None
        name = _KEYS.get(key[1].strip().lower()) if key else None
        if name is None:
            if line.strip() and not (key and known):
                break
            if not line.strip() and at > start:
                break
        else:
            known.add(name)
        at = end + 1
    telling = known & {"published", "id", "url"} and known != {"id"}
    return min(at, len(text)) if len(known - {"other"}) >= 2 or telling else None
