"""ANPA 1312, the agencies' wire transmission: stories framed by control characters.

A story is SOH, a header, STX, the text, ETX, a trailer with the time of transmission, EOT. In
the text "^" begins a centred line (headline, byline) that "<" or "=" ends, "<" ends any line,
and a paragraph begins with a tab or with two or more spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from qa.errors import UnreadableInput
from qa.reading.article import Fields
from qa.reading.encoding import decode
from qa.reading.extract import Extract, present
from qa.types import Refusal

_STORY = re.compile(
    r"\x01(?P<header>[^\x01\x02]*)\x02(?P<text>[^\x03\x01]*)(?:\x03(?P<trailer>[^\x01\x04]*))?"
)
_NUMBER = re.compile(r"\s*([a-z]\d{4})", re.IGNORECASE)
# Transmission time: month-day-year, hours and minutes (or day and time as "051435"), zone.
_SENT = re.compile(r"(\d\d)-(\d\d)-(\d\d)[ ,]+(?:\d\d)?(\d\d)(\d\d)\s*(GMT|UTC|Z)", re.IGNORECASE)
_SENT_DAY = re.compile(r"(\d\d)-(\d\d)-(\d\d)\b")
# "AP-WF-05-05-20": the service's own initials stand before the wire's.
_SERVICE = re.compile(r"\b([A-Z]{2,5})-[A-Z]{2}-\d\d-\d\d-\d\d")
_BYLINE = re.compile(r"(?:by|von|par|por)\s+(.+)", re.IGNORECASE)
# Wire computers' two-digit years: 69 and later are of the last century (POSIX).
_PIVOT = 69
# The keyword line repeats the header: "BC-Quay Repairs,0523".
_SLUG = re.compile(r"(?:[A-Z]{2}-\S.*|.*,\s*\d{2,4})")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The lines of a story by what they are."""

    centred: tuple[str, ...]
    paragraphs: tuple[str, ...]


def parse_anpa(data: bytes, name: str) -> Iterator[Extract | Refusal]:
    """The stories of a transmission; one without text is refused as `name:number`."""
    decoded = decode(data, controls=True)
    stories = list(_STORY.finditer(decoded.text))
    if not stories:
        raise UnreadableInput("its ANPA frame is broken: no story between STX and ETX")
    for number, story in enumerate(stories, start=1):
        parts = _parts(story["text"])
        if parts.paragraphs:
            yield Extract(_fields(story, parts), "\n\n".join(parts.paragraphs), decoded.warnings)
        else:
            yield Refusal(f"{name}:{number}", "its ANPA story holds no text")


def _fields(story: re.Match[str], parts: _Parts) -> Fields:
    trailer = story["trailer"] or story["text"][-200:]
    bylines = [match for line in parts.centred if (match := _BYLINE.fullmatch(line))]
    titles = [
        line for line in parts.centred if not _BYLINE.fullmatch(line) and not _SLUG.fullmatch(line)
    ]
    service = _SERVICE.search(trailer)
    sent = _sent(trailer)
    number = _NUMBER.match(_CONTROLS.sub(" ", story["header"]))
    day = sent[:10] if sent else None
    return Fields(
        # Story numbers start again every day, so without the day they name nothing.
        id=f"anpa:{service[1]}:{day}:{number[1]}" if service and day and number else None,
        title=titles[0] if titles else None,
        byline=present(bylines[0][1]) if bylines else None,
        source=service[1] if service else None,
        published=sent,
        methods={"published": "header", "source": "header", "title": "header", "byline": "header"},
    )


def _sent(trailer: str) -> str | None:
    """The time of transmission in ISO 8601; only its day where the zone is not GMT."""
    match = _SENT.search(trailer) or _SENT_DAY.search(trailer)
    if match is None:
        return None
    month, day, short = (int(part) for part in match.groups()[:3])
    year = short + (1900 if short >= _PIVOT else 2000)
    try:
        if match.re is _SENT_DAY:
            return datetime(year, month, day, tzinfo=UTC).date().isoformat()
        return datetime(year, month, day, int(match[4]), int(match[5]), tzinfo=UTC).isoformat()
    except ValueError:
        return None


def _parts(text: str) -> _Parts:
    centred: list[str] = []
    done: list[list[str]] = []
    for raw in re.split(r"\r\n|\n|\r", text):
        line = _CONTROLS.sub("", raw.replace("``", "“").replace("''", "”")).rstrip("<= \t")
        words = " ".join(line.lstrip("^ \t").split())
        if not words:
            done.append([])
        elif line.startswith("^"):
            centred.append(words)
        elif line.startswith(("\t", "  ")) or not done:
            done.append([words])
        else:
            done[-1].append(words)
    paragraphs = [" ".join(lines) for lines in done if lines]
    while paragraphs and _SLUG.fullmatch(paragraphs[0]) and len(paragraphs[0]) < 80:
        centred.append(paragraphs.pop(0))
    return _Parts(tuple(centred), tuple(p for p in paragraphs if not _SERVICE.match(p)))
