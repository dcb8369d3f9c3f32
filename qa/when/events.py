"""Every time in a passage, resolved against the day on which its article was published."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from qa.types import EventDate
from qa.when import days, quarters, seasons, stretches, units, weekdays, years
from qa.when import vocabulary as v
from qa.when.grammar import Found, Rule
from qa.when.holidays import HOLIDAYS
from qa.when.resolve import Reference, between

_WORD = re.compile(r"[A-Za-z]+|\d+")
_JOINED = re.compile(rf"^(?:{v.TO}|{v.GAP}and{v.GAP})$", re.I)
_FROM = re.compile(r"\b(?P<how>from|between)(?:\s{1,3}the)?\s{1,3}$", re.I)


def _dispatch() -> dict[str, tuple[Rule, ...]]:
    """For each spelling of a word that can begin or carry a time, the rules to try, in order."""
    rules: dict[str, list[Rule]] = {}

    def on(words: list[str] | dict[str, int], *these: Rule) -> None:
        for word in v.spellings(words):
            rules.setdefault(word, []).extend(
                rule for rule in these if rule not in rules.get(word, ())
            )

    holiday_words = sorted(
        {re.split(r"[ '.]", name)[0] for name in HOLIDAYS} - {"all", "new", "st"}
    )
    on([*holiday_words, "all", "new", "st"], seasons.holidays)
    on(["september", "sept"], days.nine_eleven)
    on(list(v.MONTH_NUMBER), days.days_with_month, days.month_which, days.months)
    on(list(v.WEEKDAY_NUMBER), weekdays.weekdays)
    on(["today", "tonight", "tomorrow", "yesterday"], weekdays.near_days)
    on(["morning", "afternoon", "evening", "night"], weekdays.dayparts)
    on(["weekend"], weekdays.weekends)
    singular = v.word_list("day week fortnight month quarter year decade")
    on([word + end for word in singular for end in ("", "s")], units.units)
    rules["year"].insert(0, quarters.year_ago)
    on([word for word in v.ORDINALS if word.isalpha()], quarters.quarters, stretches.stretches)
    on(["fiscal", "financial", "fy"], years.fiscal_years)
    on(["spring", "summer", "autumn", "fall", "winter"], seasons.seasons)
    on(v.DECADE_WORDS, years.decade_words)
    return {word: tuple(found) for word, found in rules.items() if found}


_RULES = _dispatch()
_LETTER_RULES: dict[str, tuple[Rule, ...]] = {
    "Q": (quarters.short_quarters,),
    "H": (quarters.short_quarters,),
    "FY": (years.fiscal_years,),
}
_SHORT_NUMBER: tuple[Rule, ...] = (
    days.days_before_month,
    days.nine_eleven,
    days.numeric_date,
    years.decades,
    years.centuries,
    quarters.number_quarters,
    quarters.quarters,
)
_LONG_NUMBER: tuple[Rule, ...] = (
    days.numeric_date,
    years.decades,
    quarters.year_quarters,
    years.years,
)


def find_times(ref: Reference, start: int = 0, end: int | None = None) -> list[Found]:
    """Every time expression in `ref.text[start:end]`, in order, not overlapping."""
    text, stop = ref.text, len(ref.text) if end is None else end
    rules, found = _RULES, list[Found]()
    done = start
    for word in _WORD.finditer(text, start, stop):
        token = word[0]
        candidates = rules.get(token)
        if candidates is None:
            if not token[0].isdigit():
                candidates = _LETTER_RULES.get(token)
                if candidates is None:
                    continue
            else:
                length = len(token)
                if length > 4:
                    continue
                candidates = _LONG_NUMBER if length == 4 else _SHORT_NUMBER
        at = word.start()
        if at < done:
            continue
        for rule in candidates:
            time = rule(ref, at)
            if time and time.start >= done and time.end <= stop:
                found.append(time)
                done = time.end
                break
    return _joined(text, found) if len(found) > 1 else found


def _joined(text: str, found: list[Found]) -> list[Found]:
    """ "from 1997 to 2015" and "between March and May" as one stretch of days."""
    result = [found[0]]
    for time in found[1:]:
        last = result[-1]
        joined = _join(text, last, time)
        if joined:
            result[-1] = joined
        else:
            result.append(time)
    return result


def _join(text: str, first: Found, last: Found) -> Found | None:
    link = text[first.end : last.start]
    if first.kind != last.kind or len(link) > 12 or not _JOINED.match(link):
        return None
    low = max(0, first.start - 16)
    before = _FROM.search(text[low : first.start])
    if before is None or (before["how"].lower() == "between") != ("and" in link):
        return None
    span = between(first.span, last.span)
    if span is None:
        return None
    return Found(low + before.start(), last.end, span, first.kind, last.anchoring)


def find_event_dates(
    text: str, published: date | None, *, start: int = 0, end: int | None = None
) -> list[EventDate]:
    """The times that `text[start:end]` tells, resolved against the day of publication.

    Offsets count from the start of `text`, end exclusive; expressions do not overlap. Words
    outside the stretch are read as context. Relative times need `published` and are left out
    without it. Time is linear in the length of the stretch; no text raises.
    """
    found = find_times(Reference(text, published), start, end)
    return [_event_date(text, part) for time in found for part in _parts(text, time)]


def _parts(text: str, time: Found) -> tuple[Found, ...]:
    """ "The week ended April 8" tells two times: the week, and the day that ends it."""
    if time.closing is None:
        return (time,)
    end = time.start + len(text[time.start : time.closing.start].rstrip())
    return replace(time, end=end), time.closing


def _event_date(text: str, time: Found) -> EventDate:
    return EventDate(
        text[time.start : time.end],
        time.start,
        time.end,
        time.span.first,
        time.span.last,
        time.span.precision,
    )
