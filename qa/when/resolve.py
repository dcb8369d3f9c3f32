"""From what a time expression says to the days that it means, given the day it was written on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from qa.dates import (
    add_months,
    month_span,
    quarter_span,
    season_span,
    valid_day,
    week_span,
    year_span,
)
from qa.types import EventPrecision
from qa.when.tense import Tense, tense

# A time without its year is more often behind than ahead: where the sentence has no tense, a day
# ahead counts as this many times as far as one behind.
_AHEAD_COSTS = 2.5
# A time on the wrong side of the tense loses to the next or last year's, but for a day close by:
# there the reading of the tense is likelier to be wrong than the year.
_AGAINST_TENSE, _AGAINST_TENSE_NEAR = 400, 60  # days
# A quarter that is over is still reported on ("will report its second quarter").
_NEAR_DAYS: dict[EventPrecision, int] = {"day": 10, "quarter": 75}
# Plans are told with their year when they are further off than this.
_FORESEEN = 270


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both inside, and how exactly they were named."""

    first: date
    last: date
    precision: EventPrecision


@dataclass(frozen=True, slots=True)
class Reference:
    """The text around an expression and the day that relative words count from, if known.

    `default` is the tense of sentences without a cue, `fixed` one that needs no reading, and
    "nearest" one that says that no tense is to be read.
    """

    text: str
    day: date | None
    default: Tense | None = None
    fixed: Tense | Literal["nearest"] | None = None

    def tense(self, start: int, end: int) -> Tense | None:
        if self.fixed:
            return None if self.fixed == "nearest" else self.fixed
        return tense(self.text, start, end) or self.default


def one_day(day: date) -> Span:
    return Span(day, day, "day")


def whole_month(year: int, month: int) -> Span:
    return Span(*month_span(year, month), "month")


def whole_year(year: int, last: int | None = None) -> Span:
    return Span(*year_span(year, last), "year" if last in (None, year) else "range")


def whole_quarter(year: int, quarter: int) -> Span:
    return Span(*quarter_span(year, quarter), "quarter")


def half_year(year: int, half: int) -> Span:
    first, last = quarter_span(year, 2 * half - 1)[0], quarter_span(year, 2 * half)[1]
    return Span(first, last, "range")


def whole_season(year: int, season: str) -> Span:
    return Span(*season_span(year, season), "season")


def whole_week(day: date) -> Span:
    return Span(*week_span(day), "week")


def weekend_of(day: date) -> Span:
    """Saturday and Sunday of the week that holds `day`."""
    _, sunday = week_span(day)
    return Span(sunday - timedelta(days=1), sunday, "range")


def decade(year: int, part: str = "") -> Span:
    """Ten years from `year`; "early" is the first four of them, "mid" three, "late" three."""
    first, last = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get(part, (0, 9))
    return Span(date(year + first, 1, 1), date(year + last, 12, 31), "decade")


def between(first: Span, last: Span) -> Span | None:
    """From the start of one to the end of the other; None when they run backwards."""
    return Span(first.first, last.last, "range") if first.first <= last.last else None


def nearest(
    of_year: Callable[[int], Span | None], reference: date, looking: Tense | None
) -> Span | None:
    """The occurrence of a yearly time that the writer means.

    `of_year` gives the occurrence in a year. Past and future tense choose the last one begun and
    the next one not yet over; without a tense the nearest wins, days ahead counting for more.
    """
    spans = _occurrences(of_year, reference.year, 1) or _occurrences(of_year, reference.year, 4)
    return min(spans, key=lambda span: _distance(span, reference, looking), default=None)


def _occurrences(of_year: Callable[[int], Span | None], year: int, reach: int) -> list[Span]:
    """This year's first: it wins a tie. A leap day may need up to four years."""
    years = sorted(
        range(max(2, year - reach), min(9998, year + reach) + 1), key=lambda y: abs(y - year)
    )
    return [span for near in years if (span := of_year(near))]


def _distance(span: Span, reference: date, looking: Tense | None) -> float:
    ahead = (span.first - reference).days
    behind = (reference - span.last).days
    gap = max(ahead, behind, 0)
    if gap == 0:
        return 0
    if looking is None:
        return gap * _AHEAD_COSTS if ahead > 0 else gap
    if (looking == "past") == (behind > 0):
        return gap if looking == "past" or gap <= _FORESEEN else gap + _AGAINST_TENSE
    near = gap <= _NEAR_DAYS.get(span.precision, 0)
    return gap + (_AGAINST_TENSE_NEAR if near else _AGAINST_TENSE)


def month_day(month: int, day: int) -> Callable[[int], Span | None]:
    def of_year(year: int) -> Span | None:
        found = valid_day(year, month, day)
        return one_day(found) if found else None

    return of_year


def weekday_near(number: int, reference: date, looking: Tense | None) -> Span:
    """The weekday on or before `reference`, or on or after it when the sentence looks ahead."""
    back = (reference.isoweekday() - number) % 7
    if looking == "future":
        return shifted(reference, (-back) % 7)
    return shifted(reference, -back)


def shifted(day: date, days: int) -> Span:
    return one_day(day + timedelta(days=days))


def unit_span(day: date, unit: str) -> Span | None:
    """The calendar unit that holds `day`: its week from Monday, its month, quarter or year."""
    if unit == "day":
        return one_day(day)
    if unit in ("week", "fortnight"):
        return whole_week(day)
    if unit == "month":
        return whole_month(day.year, day.month)
    if unit == "quarter":
        return whole_quarter(day.year, (day.month + 2) // 3)
    if unit == "year":
        return whole_year(day.year)
    if unit == "decade":
        return decade(max(day.year // 10 * 10, 1))
    return None


_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}


def moved(day: date, unit: str, count: int) -> date | None:
    """`day` moved by whole units; None outside the calendar."""
    try:
        if unit in _DAYS:
            return day + timedelta(days=_DAYS[unit] * count)
        return add_months(day, _MONTHS[unit] * count)
    except (OverflowError, ValueError):
        return None
