"""Full dates and times as headers, metadata and page heads write them, in many forms.

"2020-05-05T10:00:00+02:00", "Thu Jan 18, 2007 5:16am EST", "Tue, 05 May 2020 08:00:00 GMT",
"Publié le jeudi 24 Décembre 2020 à 07h47", "AP-WF-08-29-16 1203GMT", "212101 GMT Nov 18". An offset
that is written is kept; nothing is taken from the clock. What cannot be is refused with a warning:
no 29 February 2023, no year 0; a day before 1600 or in the future is kept with a warning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from qa.dates import valid_day
from qa.reading.datewords import DatePhrase, date_phrases, full_year, month_number
from qa.reading.tokens import Tokens
from qa.types import Method, Precision, Published

LONGEST = 200  # characters; no written date is longer
OLDEST_YEAR = 1600  # newspapers begin with 1605

_ISO = re.compile(
    r"\s*(\d{4})(?:-?(\d{2})(?:-?(\d{2})(?:[T ]\s*(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?)?)?\s*$"
)
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
# "AP-WF-08-29-16 1203GMT": the agency, perhaps its service, month-day-year, the time. Other houses
# that took the form over have a line of their own for it, with the time.
_AP_FOOTER = re.compile(
    r"(?:\bAP-[A-Z]{2}-|^[ \t]*[A-Z]{2,6}-(?:[A-Z]{2}-)?(?=\d\d-\d\d-\d\d \d{4} ?[A-Z]{3}\s*$))"
    r"(\d{2})-(\d{2})-(\d{2})(?:\s+(\d{2})(\d{2})\s?([A-Z]{3}))?",
    re.M,
)
_DPA_FOOTER = re.compile(
    r"^\s*(\d{2})(\d{2})(\d{2})\s+([A-Z]{3,4})\s+([A-Za-z]{3})\s+(\d{2})\s*$", re.M
)

FARTHEST_ZONE = 14  # hours: Kiribati's Line Islands
_HOURS = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2,
    "eet": 2, "sast": 2, "cat": 2, "wat": 1, "msk": 3, "eat": 3, "eest": 3, "gst": 4, "pkt": 5,
    "wib": 7, "ict": 7, "hkt": 8, "sgt": 8, "awst": 8, "kst": 9, "jst": 9, "aest": 10, "aedt": 11,
    "nzst": 12, "nzdt": 13, "brt": -3, "art": -3, "adt": -3, "ast": -4, "edt": -4, "est": -5,
    "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "hst": -10,
}  # fmt: skip
_ZONES = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver",
    "pt": "America/Los_Angeles", "ist": "Asia/Kolkata",
}  # fmt: skip
_HALF_DAYS = {"am": 0, "a.m": 0, "pm": 12, "p.m": 12}


@dataclass(frozen=True, slots=True)
class Stamp:
    """A publication date as understood, and what a person should know about it."""

    published: Published
    warnings: tuple[str, ...] = ()


def parse_published(raw: str, method: Method = "metadata", now: date | None = None) -> Stamp:
    """The date that `raw` writes; undated with a warning where it writes none.

    Precision is as written. 03/04/2012, of which only the year is sure, has year precision.
    """
    if len(raw) > LONGEST:
        return Stamp(Published(), (f"no date in {len(raw)} characters: write one like 2020-05-05",))
    value, precision, notes = _epoch(raw) or _iso(raw) or _worded(raw) or (None, "none", ())
    if value is None:
        shown = " ".join(raw.split())[:40]
        note = f"not a date: {shown!r}" if shown else "empty date"
        return Stamp(Published(), notes or (note,))
    return Stamp(Published(value, precision, method), (*notes, *doubts(value, now)))


def doubts(value: date | datetime, now: date | None) -> tuple[str, ...]:
    """Warnings for a date before newspapers existed or, where `now` is given, after it."""
    day = value.date() if isinstance(value, datetime) else value
    if day.year < OLDEST_YEAR:
        return (f"dated before {OLDEST_YEAR}: {day.isoformat()}",)
    if now is not None and day > now + timedelta(days=1):
        return (f"dated in the future: {day.isoformat()}",)
    return ()


_Parsed = tuple[date | datetime | None, Precision, tuple[str, ...]]


def _epoch(raw: str) -> _Parsed | None:
    """Seconds or milliseconds since 1970, as ten or thirteen figures."""
    digits = raw.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) in (10, 13)):
        return None
    return datetime.fromtimestamp(int(digits[:10]), UTC), "second", ()


def _iso(raw: str) -> _Parsed | None:
    found = _ISO.match(raw)
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    if month is not None and day is None and "-" not in raw:
        return None  # six figures are no year and month
    first = valid_day(int(year), int(month or 1), int(day or 1))
    if first is None:
        return None, "none", (f"no such day: {raw.strip()}",)
    if hour is None:
        return first, "day" if day else "month" if month else "year", ()
    try:
        clock = time(int(hour), int(minute), int(second or 0), tzinfo=_offset(zone))
    except ValueError:
        return first, "day", (f"no such time: {raw.strip()}",)
    return datetime.combine(first, clock), "second" if second else "minute", ()


def _offset(zone: str | None) -> tzinfo | None:
    if not zone:
        return None
    if zone in ("Z", "UTC", "GMT"):
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    if not (digits.isascii() and digits.isdigit()):
        return None
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > FARTHEST_ZONE or minutes > 59:
        return None
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if zone[0] == "-" else delta)


def _worded(raw: str) -> _Parsed | None:
    if found := _EAST_ASIAN.search(raw):
        tokens = Tokens(raw, found.end())
        return _dated(int(found[1]), int(found[2]), int(found[3]), tokens, 0)
    if found := _AP_FOOTER.search(raw) or _DPA_FOOTER.search(raw):
        return _footer(found)
    tokens = Tokens(raw)
    best: DatePhrase | None = None
    at = 0
    for at in range(len(tokens)):
        phrase = next((p for p in date_phrases(tokens, at) if p.year is not None), None)
        phrase = phrase or next(_year_last(tokens, at), None)
        if phrase and not (at and tokens[at - 1].kind == "number" and not tokens[at].gap):
            best = phrase
            break
    if best is None:
        return None
    return dated_phrase(best, tokens, at)


def _year_last(tokens: Tokens, at: int):  # type: ignore[no-untyped-def]
    """ "Thu Jan 18 05:16:00 EST 2007", the form of Unix clocks."""
    for phrase in date_phrases(tokens, at):
        if phrase.day is None or phrase.month is None:
            continue
        for later in range(phrase.end + 3, phrase.end + 8):
            token = tokens[later]
            if token.kind == "number" and len(token.text) == 4 and token.text[:2] in ("19", "20"):
                yield DatePhrase(phrase.end, int(token.text), phrase.month, phrase.day)


def dated_phrase(phrase: DatePhrase, tokens: Tokens, start: int) -> _Parsed | None:
    """The value of a written date with a year, with the time that stands after or before it."""
    if phrase.year is None:
        return None
    notes = (f"two-digit year read as {phrase.year}",) if phrase.short_year else ()
    if phrase.month is None:
        first = valid_day(phrase.year, 1, 1)
        return (first, "year", notes) if first else None
    if phrase.day is None:
        first = valid_day(phrase.year, phrase.month, 1)
        return (first, "month", notes) if first else None
    value, precision, more = _dated(
        phrase.year, phrase.month, phrase.day, tokens, phrase.end, start
    )
    return value, precision, (*notes, *more)


def _dated(
    year: int, month: int, day: int, tokens: Tokens, after: int, before: int | None = None
) -> _Parsed:
    first = valid_day(year, month, day)
    if first is None:
        return None, "none", (f"no such day: {year}-{month:02}-{day:02}",)
    for at in range(after, after + 5):
        if clock := _clock(tokens, at, first):
            return datetime.combine(first, clock[0]), clock[1], ()
        if tokens[at].kind == "number" and at > after:
            break
    for at in range(max(0, (before or 0) - 8), before or 0):
        if clock := _clock(tokens, at, first):
            return datetime.combine(first, clock[0]), clock[1], ()
    return first, "day", ()


def _clock(tokens: Tokens, at: int, day: date) -> tuple[time, Precision] | None:
    """ "5:16am EST", "14:03 Uhr", "07h47", "5 p.m. ET" at `at`."""
    hour_token = tokens[at]
    if hour_token.kind != "number" or len(hour_token.text) > 2:
        return None
    hour, minute, second = int(hour_token.text), 0, None
    mark, minutes = tokens[at + 1], tokens[at + 2]
    divided = mark.text in (":", "h", "H", "時", "시") and not mark.gap
    if divided and minutes.kind == "number" and len(minutes.text) == 2:
        minute, at = int(minutes.text), at + 3
        if tokens.is_mark(at, ":") and tokens[at + 1].kind == "number":
            second, at = int(tokens[at + 1].text[:2]), at + 2
    elif mark.folded in _HALF_DAYS:
        at += 1
    else:
        return None
    if tokens.is_mark(at, ".") and tokens[at + 1].kind == "number" and second is not None:
        at += 2
    half = _HALF_DAYS.get(tokens[at].folded)
    if half is not None:
        hour = hour % 12 + half
        at += 2 if tokens.is_mark(at + 1, ".") else 1
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return None
    clock = time(hour, minute, second or 0)
    return clock.replace(
        tzinfo=_zone(tokens, at, day, clock)
    ), "second" if second is not None else "minute"


def _zone(tokens: Tokens, at: int, day: date, clock: time) -> tzinfo | None:
    if tokens.is_mark(at, "(,"):
        at += 1
    token = tokens[at]
    if token.text in ("+", "-") and tokens[at + 1].kind == "number":
        digits = tokens[at + 1].text
        if tokens.is_mark(at + 2, ":"):
            digits += tokens[at + 3].text
        return _offset(token.text + digits) if len(digits) in (2, 4) else None
    if not token.text.isupper():
        return None
    if token.folded in _ZONES:
        delta = ZoneInfo(_ZONES[token.folded]).utcoffset(datetime.combine(day, clock))
        return timezone(delta) if delta is not None else None
    hours = _HOURS.get(token.folded)
    return None if hours is None else timezone(timedelta(hours=hours))


def find_footer(text: str) -> tuple[int, int] | None:
    """Where an agency's closing time line stands in `text`, if it has one."""
    if "AP-" in text and (found := _AP_FOOTER.search(text)):
        return found.span()
    shift = max(0, len(text) - 400)
    ending = text[shift:]
    found = _AP_FOOTER.search(ending) or _DPA_FOOTER.search(ending)
    return (found.start() + shift, found.end() + shift) if found else None


def _footer(found: re.Match[str]) -> _Parsed:
    if found.re is _AP_FOOTER:
        month, day, year, hour, minute, zone = found.groups()
        number = int(month)
    else:
        day, hour, minute, zone, word, year = found.groups()
        number = month_number(word) or 0
    full = full_year(int(year))
    first = valid_day(full, number, int(day))
    notes = (f"two-digit year read as {full}",)
    if first is None:
        return None, "none", (f"no such day: {found.group().strip()}",)
    if hour is None or int(hour) > 23 or int(minute) > 59:
        return first, "day", notes
    hours = _HOURS.get((zone or "").lower())
    offset = None if hours is None else timezone(timedelta(hours=hours))
    clock = time(int(hour), int(minute), tzinfo=offset)
    return datetime.combine(first, clock), "minute", notes
