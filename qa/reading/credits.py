"""Houses credited outside the dateline: a line, a date line, a sign-off, a copyright line.

"told Reuters" and "Reuters reported" credit nobody, nor does a picture's credit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.reading.houses import is_house, is_masthead
from qa.reading.places import is_region
from qa.reading.sources import SourceNames
from qa.reading.words import word_set
from qa.types import Method

_LONGEST = 60  # characters of a line that names a house
_SPECIAL = re.compile(r"(?:Special to|Exclusive to|Special for)\s+(?=[A-Z])")
_COPYRIGHT = re.compile(
    r"(?:©|\([cC]\)|[Cc]opyright|COPYRIGHT)\s*(?:©|\([cC]\))?\s*(\d{4})?(?:[-–]\d{2,4})?,?\s*(?:by\s+)?"
    r"(?:[Tt]he\s+)?([^\W\d_][^\n.,|©]{1,40})?"
)
_BY = re.compile(r"^\s*(?:By|by|BY|From|Von|Par|Por)\s+")
_STATED = re.compile(
    r"(?:来源|來源|出处|출처|Source|Quelle|Fuente|Fonte|Źródło|Источник|Kaynak|Zdroj|Forrás|Kilde|Källa)"
    r"\s*[:：]\s*([^\s|/,;][^|/,;\n]{0,30})"
)
_CLOSING_CREDIT = re.compile(r"[(/]([^()/\n]{2,24})[)/]\s*\.?\s*$")
_IPTC_SLUG = re.compile(r"[a-z]{3}\d{4}\s+\d\s+\w+\s+\d+\s+(\w+)\s+\d{4}\s*$")
_REPORT_BY = re.compile(
    r"\b[Tt]his (?:report|story|article) (?:by|from) ([A-Z][\w .'’&-]{1,40}?) (?:was|first)"
)
_SEGMENTS = re.compile(r"\s*[·•●|()]\s*|\s+[-–—/]\s+|,\s+|\s*:\s+")
_WITH = re.compile(
    r"(?P<other>.{2,40}?)\s+(?:with|avec|mit|con|com|met|med)\s+(?P<agency>\S.{1,30})$"
)
_VIA = re.compile(r"(?P<agency>[^\s,][^,]{1,40}?)\s+via\s+(?P<other>[A-Z].{1,40})$")
_AFTER_WITH = re.compile(r"(?:with|avec|mit|con|com|met|med)\s+(\S.{1,30})$")
_STATION = re.compile(r"([KW][A-Z]{2,3})(?:[ -](?:TV|FM|AM|News|\d{1,2}))*")
_YEAR_LAST = re.compile(r"\s+[12]\d{3}$")
_ROLES = word_set("role-words")
_REPORTS = (" reports", " informs", " learned")


@dataclass(frozen=True, slots=True)
class Credit:
    """A house named outside the dateline: its canonical name, how found, on which words.

    `sure` is false where it only may be a house: any other evidence comes before it.
    """

    name: str
    raw: str
    start: int
    end: int
    method: Method = "header"
    sure: bool = True


def stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """`[start, end)` without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def credit_line(text: str, start: int, end: int, sources: SourceNames) -> Credit | None:
    """A house that has the line to itself: "Associated Press", "AP -", "Name | Section"."""
    first, last = stripped(text, start, end)
    line = text[first:last]
    if not line or len(line) > _LONGEST:
        return None
    if found := _IPTC_SLUG.match(line):
        name = sources.known(found[1])
        return credit_at(text, first, name, found[1]) if name else None
    special = _SPECIAL.match(line)
    raw = line[special.end() :] if special else _BY.sub("", line.lstrip("| "), count=1)
    raw = raw.partition("|")[0].strip(" -–—=:*_/().")
    if not raw:
        return None
    if joint := _VIA.match(raw) or _WITH.match(raw):
        house = _of_two_houses(joint, sources)
        if house or joint.re is _VIA:
            return credit_at(text, first, *house) if house else None
    name = exact(raw, sources) or _with_role(raw, sources) or _host(raw, sources)
    if name is None and (special or is_house(raw)):
        name = sources.canonical(raw)
    return credit_at(text, first, name, raw) if name else None


def _of_two_houses(joint: re.Match[str], sources: SourceNames) -> tuple[str, str] | None:
    """Name and words of the agency in "AP via The Herald" and "The Herald with AP".

    Where no table knows it both must look like houses: "Rome via Milan" is a title. Of a writer
    "via The Herald", the Herald.
    """
    agency, other = joint["agency"], joint["other"].rstrip(",")
    if name := exact(agency, sources):
        return name, agency
    looks = [is_house(each) or is_masthead(each) for each in (agency, other)]
    if all(looks):
        return agency, agency
    carrier = exact(other, sources) or (other if looks[1] else None)
    return (carrier, other) if carrier and joint.re is _VIA else None


def _with_role(raw: str, sources: SourceNames) -> str | None:
    """The listed house of "News24 Correspondent", "India Today Web Desk", "BBC News, Leeds"."""
    house, comma, place = raw.partition(", ")
    if comma and len(place.split()) <= 3 and place[:1].isupper():
        return exact(house, sources)
    words = raw.split()
    while len(words) > 1 and (words[-1].lower() in _ROLES or is_region(words[-1])):
        words.pop()
        if name := exact(" ".join(words), sources):
            return name
    return None


def _host(raw: str, sources: SourceNames) -> str | None:
    """The listed house whose host name the line is: "ndr.de"."""
    return sources.of_url(f"//{raw}") if "." in raw and " " not in raw else None


def credit_in_date_line(
    text: str, start: int, end: int, sources: SourceNames
) -> tuple[Credit | None, tuple[int, int] | None]:
    """House and writer of a date line: "Jane Roe · CBC News · Posted: Nov 06, 2018".

    The writer is the part in front of the house, where it is not a date or a label itself.
    """
    first, last = stripped(text, start, end)
    at = first
    front: tuple[int, int] | None = None
    for gap in [*_SEGMENTS.finditer(text, first, last), None]:
        stop = gap.start() if gap else last
        part = text[at:stop]
        name = exact(part, sources) if 1 < len(part) <= _LONGEST else None
        if name:
            return Credit(name, part, at, stop), front
        if house := _after_with(text, at, stop, front, sources):
            return house, None
        front, at = (at, stop), (gap.end() if gap else last)
    return None, None


def _after_with(
    text: str, start: int, end: int, front: tuple[int, int] | None, sources: SourceNames
) -> Credit | None:
    """The agency of "The Herald, with AP" in a date line; unlisted, both must look like houses."""
    found = _AFTER_WITH.match(text, start, end)
    if not found or front is None:
        return None
    name = exact(found[1], sources)
    both = (text[slice(*front)], found[1])
    if name is None and not all(is_house(each) or is_masthead(each) for each in both):
        return None
    return Credit(name or found[1], found[1], found.start(1), found.end(1))


def stated_source(text: str, start: int, end: int, sources: SourceNames) -> Credit | None:
    """A listed house after a label in the head: "来源：新华网", "Quelle: dpa"."""
    found = _STATED.search(text, start, end)
    if not found:
        return None
    raw = found[1].strip()
    for words in (raw, raw.split()[0]):
        if name := sources.known(words):
            return credit_at(text, found.start(1), name, words)
    return None


def credit_at(text: str, begin: int, name: str, raw: str, method: Method = "header") -> Credit:
    start = text.index(raw, begin)
    return Credit(name, raw, start, start + len(raw), method)


def exact(raw: str, sources: SourceNames) -> str | None:
    """The listed house `raw`; short names count only in the case that the table writes."""
    if raw in sources.bare:
        return sources.bare[raw]
    name = sources.known(raw)
    if raw.isupper() and (len(raw) > 3 or (len(raw) == 3 and name in sources.agencies)):
        return name
    if name == raw and (len(raw) > 3 or raw.isupper()):
        return name
    return sources.known(raw) if len(raw) > 5 and not raw.islower() else None


def find_sign_off(text: str, sources: SourceNames) -> Credit | None:
    """The house that closes the text: " Reuter", "--IANS", "(ANSA).", a copyright line."""
    end = len(text.rstrip())
    for _ in range(3):
        start = text.rfind("\n", 0, end) + 1
        if start == 0:
            break
        first, last = stripped(text, start, end)
        raw = text[first:last].strip(" -–—_/().=*#")
        name = exact(raw, sources) or (sources.known(raw) if raw.islower() else None)
        dashed = text[first] in "-–—"
        if name and (dashed or name not in sources.papers):
            return credit_at(text, first, name, raw, "dateline")
        end = len(text[:start].rstrip())
    return (
        _last_word(text, sources)
        or _closing_credit(text, sources)
        or _report_by(text, sources)
        or _copyright(text, sources)
    )


def _last_word(text: str, sources: SourceNames) -> Credit | None:
    """ "REUTER" after the last figures of a table; a word of a sentence is none."""
    words = text[-60:].split()
    if len(words) < 2 or words[-2][-1:].islower():
        return None
    name = exact(words[-1], sources)
    if name is None or name in sources.papers:
        return None
    return credit_at(text, text.rindex(words[-1]), name, words[-1], "dateline")


def _closing_credit(text: str, sources: SourceNames) -> Credit | None:
    """ "(ANSA)." at the end of a paragraph, which is no picture's caption."""
    at = 0
    whole = len(text.rstrip())
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        begin = max(at, end - 28)
        tail = text[begin:end].rstrip()
        found = _CLOSING_CREDIT.search(tail) if tail.rstrip(".")[-1:] in (")", "/") else None
        if found:
            after_stop = tail[: found.start()].rstrip()[-1:] in tuple('.!?”"»')
            name = sources.known(found[1])
            closes = end >= whole and (at > 0 or after_stop)
            if name and (closes or (tail.endswith(".") and (after_stop or end - at > 30))):
                return credit_at(text, begin, name, found[1], "dateline")
        at = end + 1
    return None


def _report_by(text: str, sources: SourceNames) -> Credit | None:
    """ "This report by The Canadian Press was first published ..."."""
    found = _REPORT_BY.search(text, max(0, len(text) - 600))
    if not found:
        return None
    return credit_at(text, found.start(1), sources.canonical(found[1]), found[1], "dateline")


def _copyright(text: str, sources: SourceNames) -> Credit | None:
    for found in _copyright_lines(text):
        raw = (found[2] or "").strip()
        reserved = "rights reserved" in raw.lower() or (
            "rights reserved" in text[found.end() : found.end() + 40].lower()
        )
        raw = raw.partition(" All ")[0].partition(" - ")[0].strip(" -–—")
        year_last = _YEAR_LAST.search(raw)
        raw = raw[: year_last.start()] if year_last else raw
        if not raw or not (found[1] or reserved or year_last):
            continue
        name = sources.known(raw) or sources.known(f"The {raw}") or sources.credit(raw)
        if name is None and (station := _STATION.fullmatch(raw)):
            name = station[1]
        if name is None and (is_house(raw) or (reserved and found[1] and raw.istitle())):
            name = raw
        if name:
            return credit_at(text, found.start(2), name, raw, "dateline")
    return None


def _copyright_lines(text: str) -> list[re.Match[str]]:
    if "©" not in text and "opyright" not in text and "(c)" not in text and "OPYRIGHT" not in text:
        return []
    return list(_COPYRIGHT.finditer(text))


def copyright_year(text: str) -> tuple[int, int, int] | None:
    """The year of a copyright line, with where it stands."""
    for found in _copyright_lines(text):
        if found[1]:
            return int(found[1]), found.start(1), found.end(1)
    return None


def reports_style(text: str, after: int, sources: SourceNames) -> Credit | None:
    """A house that names itself in its first sentence, where that is its style: "Trend reports"."""
    first = text[after : after + 400].partition("\n\n")[0]
    if not any(verb in first for verb in _REPORTS):
        return None
    for alias, name in sources.bare.items():
        if "reports" not in sources.shapes.get(name, ()):
            continue
        for verb in _REPORTS:
            at = first.find(alias + verb)
            if at >= 0:
                return Credit(name, alias, after + at, after + at + len(alias), "dateline")
    return None
