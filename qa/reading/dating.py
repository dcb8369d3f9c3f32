"""The day of publication: every piece of evidence, ordered by how sure it is.

Header and metadata, then a "Published" line, then a dateline with its year, then a plain date line,
an agency's closing line, an "Updated" line, an embargo, a copyright line. A dateline without a year
takes it from such a neighbour within the article, never from today.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from qa.dates import valid_day
from qa.reading.credits import copyright_year
from qa.reading.dateline import Dateline
from qa.reading.fields import Fields
from qa.reading.head import Head
from qa.reading.published import dated_phrase, doubts, find_footer, parse_published
from qa.reading.stamps import DateStamp
from qa.reading.words import word_set
from qa.types import Finding, Published

_STAMP_RANK = {"published": 1, "plain": 3, "updated": 5, "embargo": 6}
_FOREIGN = word_set("foreign")


@dataclass(frozen=True, slots=True)
class _Dated:
    """One piece of evidence for the publication date; a lower rank is surer."""

    rank: float
    published: Published
    words: str
    start: int | None = None
    end: int | None = None
    warnings: tuple[str, ...] = ()


def weigh_dates(
    fields: Fields, text: str, dateline: Dateline | None, head: Head, now: date | None
) -> tuple[Published, tuple[Finding, ...], tuple[str, ...]]:
    """The date of publication, all evidence for it, and what is doubtful about it."""
    evidence, notes = _stated_date(fields, text)
    evidence += [found for stamp in head.stamps if (found := _stamped(stamp, text))]
    evidence += _footer_date(text)
    evidence.sort(key=lambda found: found.rank)
    if dateline is not None and (found := _dateline_date(dateline, text, evidence)):
        evidence.append(found)
        evidence.sort(key=lambda found: found.rank)
    best = evidence[0] if evidence else _copyright_date(text)
    evidence = evidence or ([best] if best else [])
    if best is None:
        return Published(), (), notes
    findings = tuple(
        Finding(
            "published",
            written(found.published),
            found.published.method,
            found.words,
            found.start,
            found.end,
            found is best,
        )
        for found in evidence
    )
    disagreements = _disagreements(best, dateline)
    value = best.published.value
    doubtful = doubts(value, now) if value is not None else ()
    return best.published, findings, (*notes, *best.warnings, *doubtful, *disagreements)


def written(published: Published) -> str:
    """The date as it is shown: "2020-05", "2020-05-05", "2020-05-05T10:00+02:00"; "" if undated."""
    value = published.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds" if published.precision == "second" else "minutes")
    length = {"year": 4, "month": 7}.get(published.precision, 10)
    return value.isoformat()[:length]


def _stated_date(fields: Fields, text: str) -> tuple[list[_Dated], tuple[str, ...]]:
    if not fields.published:
        return [], ()
    stamp = parse_published(fields.published, fields.method("published"))
    if stamp.published.value is None:
        return [], stamp.warnings
    weak = fields.method("published") in ("url", "filename", "given")
    kept = tuple(note for note in stamp.warnings if not note.startswith("dated "))
    return [_Dated(4 if weak else 0, stamp.published, fields.published, warnings=kept)], ()


def _stamped(stamp: DateStamp, text: str) -> _Dated | None:
    phrase = stamp.phrase
    if phrase.ambiguous and (stamp.day_first or _writes_day_first(text)):
        words = text[stamp.start : stamp.end]
        day, month = (int(figures) for figures in re.findall(r"\d+", words)[:2])
        first = valid_day(phrase.year or 0, month, day)
        published = Published(first, "day", "header") if first else Published()
    else:
        parsed = dated_phrase(phrase, stamp.tokens, stamp.first)
        if parsed is None or parsed[0] is None:
            return None
        published = Published(parsed[0], parsed[1], "header")
    rank = _STAMP_RANK[stamp.label] + (0.5 if phrase.day is None else 0)
    return _Dated(rank, published, text[stamp.start : stamp.end], stamp.start, stamp.end)


def _writes_day_first(text: str) -> bool:
    """Whether the text is in a language that writes 03/04 for the third of April."""
    words = text[:1500].lower().split()
    foreign = sum(word in _FOREIGN for word in words)
    english = sum(word in ("the", "of", "and", "to", "said", "was") for word in words)
    return foreign > 4 and foreign > 2 * english


def _footer_date(text: str) -> list[_Dated]:
    where = find_footer(text)
    if where is None:
        return []
    words = text[where[0] : where[1]].strip()
    stamp = parse_published(words, "dateline")
    if stamp.published.value is None:
        return []
    return [_Dated(3.5, stamp.published, words, where[0], where[1], stamp.warnings)]


def _copyright_date(text: str) -> _Dated | None:
    """The year of a copyright line, where nothing else dates the article at all."""
    found = copyright_year(text)
    first = valid_day(found[0], 1, 1) if found else None
    if found is None or first is None or len(text[: found[1]].split()) > 2:
        return None
    return _Dated(8, Published(first, "year", "header"), str(found[0]), found[1], found[2])


def _dateline_date(dateline: Dateline, text: str, evidence: list[_Dated]) -> _Dated | None:
    """The dateline's day, its year from itself or from a neighbour that has one."""
    words = text[dateline.start : dateline.end]
    warnings: tuple[str, ...] = ()
    if dateline.short_year:
        warnings = (f"two-digit year read as {dateline.year}",)
    if dateline.month is None:
        return None
    if dateline.year is not None:
        first = valid_day(dateline.year, dateline.month, dateline.day or 1)
        precision = "day" if dateline.day else "month"
        rank = 2.0
    else:
        first = _with_neighbours_year(dateline, text, evidence)
        precision = "day"
        # a year from elsewhere makes the day sure only where nothing states the whole date
        states_year_only = bool(evidence) and evidence[0].published.precision in ("year", "month")
        rank = -1.0 if states_year_only else 7.0
    if first is None:
        return None
    published = Published(first, "day" if precision == "day" else "month", "dateline")
    return _Dated(rank, published, words, dateline.start, dateline.end, warnings)


def _with_neighbours_year(dateline: Dateline, text: str, evidence: list[_Dated]) -> date | None:
    """Month and day of the dateline in the year that brings it nearest to the other evidence."""
    if dateline.day is None or dateline.month is None:
        return None
    if not evidence:
        year = copyright_year(text)
        return valid_day(year[0], dateline.month, dateline.day) if year else None
    other = evidence[0].published
    around = other.day
    if around is None:
        return None
    if other.precision == "year":
        return valid_day(around.year, dateline.month, dateline.day)
    if other.precision == "month" and around.month != dateline.month:
        return None
    years = (around.year, around.year - 1, around.year + 1)
    days = [valid_day(year, dateline.month, dateline.day) for year in years]
    near = [day for day in days if day is not None]
    return min(near, key=lambda day: abs((day - around).days)) if near else None


def _disagreements(best: _Dated, dateline: Dateline | None) -> tuple[str, ...]:
    """A warning where the dateline names another day than the evidence that won."""
    day = best.published.day
    if dateline is None or day is None or dateline.month is None or dateline.day is None:
        return ()
    if best.published.precision in ("year", "month") or best.published.method == "dateline":
        return ()
    if (dateline.month, dateline.day) == (day.month, day.day):
        return ()
    shown = f"{dateline.month:02}-{dateline.day:02}"
    return (f"disagreement: published is {day.isoformat()} by {best.published.method}, "
            f"{shown} by dateline",)  # fmt: skip
