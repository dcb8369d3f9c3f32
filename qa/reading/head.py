"""What stands around an article's body: title, byline, credits, date lines, sign-off.

Lines are told apart by their form and their place: a title comes before the byline, a credit stands
alone on a line near one of them, a sign-off closes the text. Offsets are code points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.reading.dateline import Dateline, head_lines
from qa.reading.sources import SourceNames
from qa.reading.stamps import DateStamp, find_first_published, find_stamps
from qa.types import Method

_PROSE_LINE = 200  # characters of a line that is certainly body text
_LONGEST_TITLE = 200
_HEAD_LINES = 24
_LABELLED_LINES = 40

_BYLINE = re.compile(
    r"\s*(?:By|by|BY|Von|VON|Par|PAR|Por|POR|Di|De|Door|Av|Af|Text|Autor|Author|Автор|From|Reporting by)"
    r"\s*:?\s+(?=[^\W\d_])"
)
_ONE_NAME = r"(?:[A-ZÀ-ÖØ-ÞŁŚŻČŠŽ][\w'’.\-]+|[A-Z]\.)"
_NAME_LINE = re.compile(rf"{_ONE_NAME}(?: (?:de |van |von |da |al-)?{_ONE_NAME}){{1,3}}")
_NAMES_LINE = re.compile(
    rf"\s*{_NAME_LINE.pattern}(?:(?:,| and| und| et| y|, and) {_NAME_LINE.pattern}){{0,4}}\s*$"
)
_SPECIAL = re.compile(r"\s*(?:Special to|Exclusive to|Courtesy of|For)\s+(?=[A-Z])")
_COPYRIGHT = re.compile(
    r"(?:©|\([cC]\)|[Cc]opyright|COPYRIGHT)\s*(?:©|\([cC]\))?\s*(\d{4})?(?:[-–]\d{2,4})?,?\s*(?:by\s+)?"
    r"(?:The\s+)?([A-Z][\w'’. &-]{1,40})"
)
_CLOSING_CREDIT = re.compile(r"[(/]([^()/\n]{2,24})[)/]\s*\.?\s*$")
_IPTC_SLUG = re.compile(r"\s*[a-z]{3}\d{4}\s+\d\s+\w+\s+\d+\s+(\w+)\s+\d{4}\s*$")
_AP_SLUG = re.compile(r"\s*(?:BC-|AP-[A-Z]{2}-|Associated Press=|By .{3,60}=$)")
_PAPER_WORDS = frozenset(
    "journal sentinel times post news tribune herald gazette dispatch press star republic observer "
    "chronicle register enquirer record democrat courier mail globe sun bee union ledger examiner "
    "inquirer banner telegraph monitor independent guardian advertiser citizen tennessean american "
    "statesman commercial appeal clarion-ledger courier-journal zeitung tageblatt nachrichten anzeiger "
    "rundschau kurier presse diario periódico noticias jornal gazzetta giornale".split()
)


@dataclass(frozen=True, slots=True)
class Credit:
    """A house named outside the dateline: its canonical name, how surely, on which words."""

    name: str
    raw: str
    start: int
    end: int
    method: Method = "header"


@dataclass(frozen=True, slots=True)
class Head:
    """What the lines around the body say; None where they do not."""

    title: tuple[int, int] | None = None
    byline: tuple[int, int] | None = None
    credit: Credit | None = None
    stamps: tuple[DateStamp, ...] = ()


def read_head(text: str, dateline: Dateline | None, sources: SourceNames) -> Head:
    """The lines before the dateline, or before the body where there is none."""
    lines = _lines_before_body(text, dateline)
    stamps: list[DateStamp] = []
    byline: tuple[int, int] | None = None
    title: tuple[int, int] | None = None
    credit: Credit | None = None
    for number, (start, end) in enumerate(lines):
        line = text[start:end]
        found = find_stamps(text, start, end)
        stamps.extend(found)
        named = _credit_line(text, start, end, sources)
        beside = number <= 2 or _after_byline(text, lines[:number], byline)
        if credit is None and named and beside:
            credit = named
        elif byline is None and _is_byline(line, text, lines[number + 1 :], sources):
            byline = _stripped(text, start, end)
        elif title is None and not found and not stamps and byline is None and not named:
            title = _stripped(text, start, end) if _is_title(line) else None
    if byline is None and dateline is not None:
        byline = _inline_byline(text, dateline.start)
    if dateline is None and title is not None and not _has_more(text, title[1]):
        title = None
    credit = credit or _byline_credit(text, byline, sources)
    return Head(title, byline, credit, (*stamps, *_later_stamps(text, lines)))


def _lines_before_body(text: str, dateline: Dateline | None) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    found = list(head_lines(text))[:_HEAD_LINES]
    for number, (start, end) in enumerate(found):
        if dateline is not None and end > dateline.start:
            break
        if dateline is None and _is_prose(text, start, end, found, number):
            break
        lines.append((start, end))
    return lines


def _is_prose(text: str, start: int, end: int, found: list[tuple[int, int]], number: int) -> bool:
    """Whether the line is body text: long, or one of several that run on into the next."""
    if end - start > _PROSE_LINE:
        return True
    if end - start < 45 or number + 1 >= len(found):
        return False
    following = text[found[number + 1][0] :].lstrip()[:1]
    return following.islower() and text[end - 1] not in ".:!?" and found[number + 1][0] == end + 1


def _later_stamps(text: str, lines: list[tuple[int, int]]) -> list[DateStamp]:
    """Labelled dates of single lines below the first paragraphs, and of closing sentences."""
    later = [*find_first_published(text)]
    if later or (lines and len(lines) >= _LABELLED_LINES):
        return later
    begin = lines[-1][1] if lines else 0
    lowered = text[begin : begin + 8000]
    if "ubli" not in lowered and "osted" not in lowered and "PUBLI" not in lowered:
        return later
    for start, end in list(head_lines(text))[len(lines) : _LABELLED_LINES]:
        if start >= begin and end - start < 120:
            later.extend(s for s in find_stamps(text, start, end) if s.label == "published")
    return later


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_byline(
    line: str, text: str, following: list[tuple[int, int]], sources: SourceNames
) -> bool:
    stripped = line.strip()
    if _BYLINE.match(line):
        rest = stripped.split(None, 1)[1]
        return (
            len(stripped) <= 120 and len(stripped.split()) <= 14 and not rest.endswith((".", ":"))
        )
    if not _NAMES_LINE.match(line) or len(stripped) > 80 or sources.known(stripped):
        return False
    if _is_paper(stripped):
        return False
    return any(_credit_line(text, s, e, sources) for s, e in following[:1])


def _inline_byline(text: str, dateline_start: int) -> tuple[int, int] | None:
    """ "By Jane Roe" on the dateline's own line, in front of it."""
    line_start = text.rfind("\n", 0, dateline_start) + 1
    before = text[line_start:dateline_start]
    at = max(before.rfind("By "), before.rfind("by "))
    if at < 0 or not 4 < len(before) - at < 120 or (at and before[at - 1].isalnum()):
        return None
    return _stripped(text, line_start + at, dateline_start)


def _is_title(line: str) -> bool:
    stripped = line.strip()
    if not 3 < len(stripped) <= _LONGEST_TITLE or stripped[0] in "(*©[【":
        return False
    if _AP_SLUG.match(line) or _IPTC_SLUG.match(line):
        return False
    return stripped[-1] not in ".:" and any(c.isalpha() for c in stripped)


def _has_more(text: str, at: int) -> bool:
    return len(text) - at > 40 or bool(text[at:].strip())


def _after_byline(text: str, before: list[tuple[int, int]], byline: tuple[int, int] | None) -> bool:
    if not before or byline is None:
        return False
    start, end = before[-1]
    return start <= byline[0] < end


def _credit_line(text: str, start: int, end: int, sources: SourceNames) -> Credit | None:
    """A house that has the line to itself: "Associated Press", "AP -", "Name | Section"."""
    first, last = _stripped(text, start, end)
    line = text[first:last]
    if not line or len(line) > 60:
        return None
    if found := _IPTC_SLUG.match(line):
        name = sources.known(found[1])
        return (
            Credit(name, found[1], first + found.start(1), first + found.end(1)) if name else None
        )
    special = _SPECIAL.match(line)
    raw = line[special.end() :] if special else line
    raw = raw.partition("|")[0].strip(" -–—=:*_/().")
    name = sources.known(raw)
    if name is None and (special or _is_paper(raw)):
        name = raw
    if name is None or (raw.islower() and len(raw) > 4):
        return None
    at = text.index(raw, first)
    return Credit(name, raw, at, at + len(raw))


def _is_paper(name: str) -> bool:
    """Whether two to five words in title case end like a newspaper's name."""
    words = name.split()
    if not 2 <= len(words) <= 5 or not all(word[:1].isupper() for word in words):
        return False
    return words[-1].lower() in _PAPER_WORDS and not name.isupper()


def _byline_credit(
    text: str, byline: tuple[int, int] | None, sources: SourceNames
) -> Credit | None:
    """The house that a byline names after a comma, slash or bar: "By Jane Roe, Associated Press"."""
    if byline is None:
        return None
    line = text[byline[0] : byline[1]]
    for mark in (",", "|", "/", " - ", "("):
        tail = line.rpartition(mark)[2].strip(" ()=")
        name = sources.known(tail) if tail != line else None
        if name:
            at = byline[0] + line.rindex(tail)
            return Credit(name, tail, at, at + len(tail))
    return None


def find_sign_off(text: str, sources: SourceNames) -> Credit | None:
    """The house that closes the text: " Reuter", "--IANS", "(ANSA).", a copyright line."""
    end = len(text.rstrip())
    for _ in range(3):
        start = text.rfind("\n", 0, end) + 1
        if start == 0:
            break
        first, last = _stripped(text, start, end)
        raw = text[first:last].strip(" -–—_/().=*#")
        name = sources.known(raw) if 1 < len(raw) <= 24 else None
        if name and name not in sources.papers:
            at = text.index(raw, first)
            return Credit(name, raw, at, at + len(raw), "dateline")
        end = len(text[:start].rstrip())
    return _closing_credit(text, sources) or _copyright(text, sources)


def _closing_credit(text: str, sources: SourceNames) -> Credit | None:
    """ "(ANSA)." at the end of a paragraph, which is no picture's caption."""
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        tail = text[max(at, end - 28) : end]
        found = _CLOSING_CREDIT.search(tail) if tail.rstrip(" .")[-1:] in (")", "/") else None
        if found and end - at > 30:
            name = sources.known(found[1])
            shift = max(at, end - 28)
            if (
                name
                and tail.rstrip().endswith(".")
                or (name and end >= len(text.rstrip()) and at > 0)
            ):
                return Credit(
                    name, found[1], shift + found.start(1), shift + found.end(1), "dateline"
                )
        at = end + 1
    return None


def _copyright(text: str, sources: SourceNames) -> Credit | None:
    if "©" not in text and "opyright" not in text and "(c)" not in text and "OPYRIGHT" not in text:
        return None
    for found in _COPYRIGHT.finditer(text):
        if not found[1] and "rights reserved" not in text[found.end() : found.end() + 40]:
            continue
        raw = found[2].partition(".")[0].strip()
        name = sources.known(raw) or sources.known(f"The {raw}") or sources.credit(raw)
        if name:
            return Credit(name, raw, found.start(2), found.start(2) + len(raw), "dateline")
    return None


def copyright_year(text: str) -> tuple[int, int, int] | None:
    """The year of a copyright line, with where it stands."""
    if "©" not in text and "opyright" not in text and "(c)" not in text:
        return None
    for found in _COPYRIGHT.finditer(text):
        if found[1]:
            return int(found[1]), found.start(1), found.end(1)
    return None
