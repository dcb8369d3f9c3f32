"""What stands around an article's body: title, byline, credits, date lines, sign-off.

Lines are told apart by their form and their place: a title comes before the byline, a credit stands
alone on a line near one of them, a sign-off closes the text. Offsets are code points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from qa.reading.bylines import BylineParts, read_byline
from qa.reading.captions import is_caption
from qa.reading.credits import (
    Credit,
    credit_at,
    credit_in_date_line,
    credit_line,
    stated_source,
    stripped,
)
from qa.reading.dateline import Dateline, head_lines
from qa.reading.houses import has_masthead_word, is_given_name, is_house
from qa.reading.places import is_known
from qa.reading.sources import SourceNames
from qa.reading.stamps import DateStamp, find_first_published, find_stamps

_PROSE_LINE = 200  # characters of a line that is certainly body text
_LONGEST_TITLE = 200
_HEAD_LINES = 24
_LABELLED_LINES = 40

_BYLINE = re.compile(
    r"\s*(?:By|by|BY|Von|VON|Par|PAR|Por|POR|Di|De|Door|Av|Af|Text|Autor|Author|Автор|From"
    r"|Reporting by|Written by|Reported by|Story by|Escrito por|Redactado por|Rédigé par|Publié par"
    r"|Geschrieben von|Scritto da|Skrevet av|Tekst|di|von|av|por|par(?=\s+[A-ZÀ-Þ]))"
    r"\s*:?\s+(?=[^\W\d_])"
)
_ONE_NAME = r"(?:[A-ZÀ-ÖØ-ÞŁŚŻČŠŽ][\w'’.\-]+|[A-Z]\.)"
_NAME_LINE = re.compile(rf"{_ONE_NAME}(?: (?:de |van |von |da |al-)?{_ONE_NAME}){{1,3}}")
_NAMES_LINE = re.compile(
    rf"\s*{_NAME_LINE.pattern}(?:(?:,| and| und| et| y|, and) {_NAME_LINE.pattern}){{0,4}}\s*$"
)
_NAMES_HOUSE = re.compile(
    rf"\s*{_NAME_LINE.pattern}(?:\s+[-–—/|]\s+|, (?=The ))[^\W\d_][\w.]*(?: [\w.]+){{0,2}}\s*$"
)
_BYLINE_IN_BODY = re.compile(
    rf"\s*(?:By|BY|Von|Par|Por)\s+(?!The\b|A\b)(?=([^\W\d_]+)){_NAME_LINE.pattern}(?=\s*(?:[,|–—-]|$|and\b))"
)
_BYLINE_REACH = 8  # lines below the dateline, or the top, that a byline may follow
_IPTC_SLUG = re.compile(r"\s*[a-z]{3}\d{4}\s+\d\s+\w+\s+\d+\s+(\w+)\s+\d{4}\s*$")
_AP_SLUG = re.compile(r"\s*(?:BC-|AP-[A-Z]{2}-|Associated Press=|By .{3,60}=$)")


@dataclass(frozen=True, slots=True)
class Head:
    """What the lines around the body say; None where they do not."""

    title: tuple[int, int] | None = None
    byline: tuple[int, int] | None = None
    credit: Credit | None = None
    place: tuple[int, int] | None = None  # named in the byline
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
        below_byline = _after_byline(text, lines[:number], byline)
        named, writer = _named(text, start, end, bool(found), sources)
        if byline and below_byline and not named and has_masthead_word(line.strip()):
            named = credit_at(text, start, line.strip(), line.strip())
        beside = number <= 2 or bool(found) or below_byline
        if named and beside and (credit is None or _outranks(named, credit, sources)):
            credit = named
            if writer and byline is None and _NAMES_LINE.match(text, *writer):
                byline = writer
        elif byline is None and (
            _is_byline(line, text, lines[number + 1 :], sources)
            or _stands_for_names(text, lines, number, dateline)
        ):
            byline = stripped(text, start, end)
        elif title is None and not found and len(stamps) <= (number == 1) and byline is None:
            title = stripped(text, start, end) if not named and _is_title(line) else None
    if credit is None:
        stated = (stated_source(text, start, end, sources) for start, end in lines)
        credit = next((found for found in stated if found), None)
    byline = byline or _byline_below(text, lines, dateline, sources)
    if dateline is None and title is not None and not _has_more(text, title[1]):
        title = None
    parts = read_byline(text, byline, sources) if byline else BylineParts()
    if parts.credit and (parts.credit.sure or credit is None):
        credit = parts.credit
    return Head(title, byline, credit, parts.place, (*stamps, *_later_stamps(text, lines)))


def _named(
    text: str, start: int, end: int, dated: bool, sources: SourceNames
) -> tuple[Credit | None, tuple[int, int] | None]:
    """The house that a line credits and, of a date line, the writer beside it."""
    named = credit_line(text, start, end, sources)
    if named is None and dated:
        return credit_in_date_line(text, start, end, sources)
    return named, None


def _outranks(named: Credit, credit: Credit, sources: SourceNames) -> bool:
    """Whether an agency is named beside the paper that carries its copy."""
    return credit.name in sources.papers and named.name in sources.agencies


def _stands_for_names(
    text: str, lines: list[tuple[int, int]], number: int, dateline: Dateline | None
) -> bool:
    """Whether a line of names is a byline: a dateline, a date line or a house comes next."""
    start, end = lines[number]
    line = text[start:end].rstrip()
    if line.endswith(".") or line.isupper():
        return False
    if not _NAMES_LINE.match(text, start, end) or end - start > 80:
        return False
    if number + 1 == len(lines):
        return dateline is not None
    return bool(find_stamps(text, *lines[number + 1]))


def _lines_before_body(text: str, dateline: Dateline | None) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    found = list(head_lines(text))[:_HEAD_LINES]
    for number, (start, end) in enumerate(found):
        if dateline is not None and end > dateline.start:
            break
        if is_caption(text[start:end]):
            continue
        if dateline is None and _is_prose(text, start, end, found, number):
            break
        lines.append((start, end))
    return lines


def _is_prose(text: str, start: int, end: int, found: list[tuple[int, int]], number: int) -> bool:
    """Whether the line is body text: long, or one of several that run on into the next."""
    if end - start > _PROSE_LINE:
        return True
    if end - start < 45 or number + 1 >= len(found) or text[end - 1] in "\"”»'’":
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


def _is_byline(
    line: str, text: str, following: list[tuple[int, int]], sources: SourceNames
) -> bool:
    bare = line.strip()
    if bare.isupper() and not _BYLINE.match(line):
        return False  # a title in capitals
    if _BYLINE.match(line):
        rest = bare.split(None, 1)[1]
        return len(bare) <= 120 and len(bare.split()) <= 14 and not rest.endswith((".", ":"))
    if _NAMES_HOUSE.match(line):
        return not is_known(bare.rpartition(" ")[2]) and not is_known(bare.rpartition(" - ")[2])
    if not _NAMES_LINE.match(line) or bare.endswith(".") or len(bare) > 80 or sources.known(bare):
        return False
    if is_house(bare):
        return False
    return any(credit_line(text, s, e, sources) for s, e in following[:1])


def _inline_byline(text: str, dateline_start: int) -> tuple[int, int] | None:
    """ "By Jane Roe" on the dateline's own line, in front of it."""
    line_start = text.rfind("\n", 0, dateline_start) + 1
    before = text[line_start:dateline_start]
    at = max(before.rfind("By "), before.rfind("by "))
    if at < 0 or not 4 < len(before) - at < 120 or (at and before[at - 1].isalnum()):
        return None
    return stripped(text, line_start + at, dateline_start)


def _byline_below(
    text: str, lines: list[tuple[int, int]], dateline: Dateline | None, sources: SourceNames
) -> tuple[int, int] | None:
    """A byline that no line of the head is: in front of the dateline, or below it."""
    if dateline is None:
        return _byline_in_body(text, lines[-1][1] if lines else 0, sources)
    inline = _inline_byline(text, dateline.start)
    return inline or _byline_in_body(text, dateline.start, sources)


def _byline_in_body(text: str, after: int, sources: SourceNames) -> tuple[int, int] | None:
    """A byline that stands between the first paragraphs, on a line of its own.

    "By The Numbers" heads a section there: a given name must follow, or a house after the name.
    """
    below = (span for span in head_lines(text) if span[0] > after)
    for start, end in islice(below, _BYLINE_REACH):
        found = _BYLINE_IN_BODY.match(text, start, end)
        if not found or end - start > 100 or text[start:end].rstrip().endswith((".", ":", "?")):
            continue
        byline = stripped(text, start, end)
        if is_given_name(found[1]) or read_byline(text, byline, sources).credit:
            return byline
    return None


def _is_title(line: str) -> bool:
    bare = line.strip()
    if not 3 < len(bare) <= _LONGEST_TITLE or bare[0] in "(*©[【":
        return False
    if sum(bare.count(mark) for mark in "|•›»·") > 1:
        return False  # a page's menu
    if _AP_SLUG.match(line) or _IPTC_SLUG.match(line):
        return False
    if is_caption(bare):
        return False
    return bare[-1] not in ".:" and any(c.isalpha() for c in bare)


def _has_more(text: str, at: int) -> bool:
    return len(text) - at > 40 or bool(text[at:].strip())


def _after_byline(text: str, before: list[tuple[int, int]], byline: tuple[int, int] | None) -> bool:
    if not before:
        return False
    start, end = before[-1]
    if text[start:end].strip().lower() in ("by", "por", "par", "von", "di", "door", "de"):
        return True
    return byline is not None and start <= byline[0] < end
