"""How well an article's day, and the times that words tell, fit the time that a question names.

The period is what the question names; where it names none these are not asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta

from qa.types import DateWindow, EventDate, Published, Understood

# News of a period keeps appearing for weeks: after LAG days the agreement is down to 1/e.
LAG = 20
# Up to so many named days are met within days; a longer period bounds articles less sharply.
FEW_DAYS = 3
_DAY = timedelta(days=1)


def asked_time(understood: Understood) -> DateWindow | None:
    """The named period; where only the publication days are known (an event's), those."""
    return (understood.period or understood.window) if understood.window else None


def days_of(period: DateWindow) -> int:
    """Length in days."""
    return (period.end - period.start).days


def after(published: Published, period: DateWindow) -> float:
    """1 in the period, falling with the days after it, 0 before it (a day early is allowed).

    0 where the article is undated; of a month or a year that it may be of, its nearest day counts.
    """
    days = published.days
    if days is None or (period.start - days[1]).days >= 1:
        return 0.0
    return math.exp(-max(0, (days[0] - period.end).days + 1) / LAG)


def near(published: Published, period: DateWindow) -> float:
    """1 on the named day (or up to three), falling by 1/e in little more than two days.

    0 where the day of publication is not known.
    """
    days = published.days
    if days is None or (days[1] - days[0]).days > 1 or days_of(period) > FEW_DAYS:
        return 0.0
    gap = max(0, (period.start - days[0]).days, (days[0] - period.end).days + 1)
    return math.exp(-gap / (2 + days_of(period) / 5))


def overlap(events: Iterable[EventDate], period: DateWindow) -> float:
    """The best overlap of some times with the period: shared days over days of either."""
    best = 0.0
    for event in events:
        end = event.last + _DAY if event.last < date.max else event.last
        shared = (min(period.end, end) - max(period.start, event.first)).days
        if shared > 0:
            best = max(best, shared / (max(period.end, end) - min(period.start, event.first)).days)
    return best
