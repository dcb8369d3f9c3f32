"""Holidays that news copy dates things by: their names, and the day on which each falls."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    The anonymous algorithm of Meeus, *Astronomical Algorithms* (1991), chapter 8.
    """
    century, rest = divmod(year, 100)
    golden = year % 19
    leap_centuries, shift = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon + 15) % 30
    leaps, spare = divmod(rest, 4)
    sunday = (32 + 2 * shift + 2 * leaps - epact - spare) % 7
    correction = (golden + 11 * epact + 22 * sunday) // 451
    month, day = divmod(epact + sunday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (1) to Sunday (7) of a month; nth = -1 is the last."""
    if nth < 0:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.isoweekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _floating(month: int, weekday: int, nth: int, plus: int = 0) -> Callable[[int], date]:
    return lambda year: nth_weekday(year, month, weekday, nth) + timedelta(days=plus)


def _from_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


# Names in lower case with plain apostrophes. United States days unless the name is another's.
HOLIDAYS: dict[str, Callable[[int], date]] = {
    "new year's day": _fixed(1, 1),
    "new years day": _fixed(1, 1),
    "new year's": _fixed(1, 1),
    "new year's eve": _fixed(12, 31),
    "new years eve": _fixed(12, 31),
    "martin luther king day": _floating(1, 1, 3),
    "martin luther king jr. day": _floating(1, 1, 3),
    "mlk day": _floating(1, 1, 3),
    "groundhog day": _fixed(2, 2),
    "valentine's day": _fixed(2, 14),
    "presidents day": _floating(2, 1, 3),
    "presidents' day": _floating(2, 1, 3),
    "president's day": _floating(2, 1, 3),
    "international women's day": _fixed(3, 8),
    "st. patrick's day": _fixed(3, 17),
    "st patrick's day": _fixed(3, 17),
    "april fools' day": _fixed(4, 1),
    "april fool's day": _fixed(4, 1),
    "earth day": _fixed(4, 22),
    "anzac day": _fixed(4, 25),
    "may day": _fixed(5, 1),
    "cinco de mayo": _fixed(5, 5),
    "mother's day": _floating(5, 7, 2),
    "memorial day": _floating(5, 1, -1),
    "juneteenth": _fixed(6, 19),
    "father's day": _floating(6, 7, 3),
    "canada day": _fixed(7, 1),
    "independence day": _fixed(7, 4),
    "fourth of july": _fixed(7, 4),
    "july fourth": _fixed(7, 4),
    "bastille day": _fixed(7, 14),
    "labor day": _floating(9, 1, 1),
    "columbus day": _floating(10, 1, 2),
    "indigenous peoples' day": _floating(10, 1, 2),
    "halloween": _fixed(10, 31),
    "all saints' day": _fixed(11, 1),
    "all saints day": _fixed(11, 1),
    "guy fawkes night": _fixed(11, 5),
    "veterans day": _fixed(11, 11),
    "armistice day": _fixed(11, 11),
    "thanksgiving day": _floating(11, 4, 4),
    "thanksgiving eve": _floating(11, 4, 4, -1),
    "thanksgiving": _floating(11, 4, 4),
    "black friday": _floating(11, 4, 4, 1),
    "cyber monday": _floating(11, 4, 4, 4),
    "giving tuesday": _floating(11, 4, 4, 5),
    "christmas eve": _fixed(12, 24),
    "christmas day": _fixed(12, 25),
    "christmas": _fixed(12, 25),
    "boxing day": _fixed(12, 26),
    "fat tuesday": _from_easter(-47),
    "mardi gras": _from_easter(-47),
    "shrove tuesday": _from_easter(-47),
    "ash wednesday": _from_easter(-46),
    "palm sunday": _from_easter(-7),
    "maundy thursday": _from_easter(-3),
    "holy thursday": _from_easter(-3),
    "good friday": _from_easter(-2),
    "holy saturday": _from_easter(-1),
    "easter sunday": _from_easter(0),
    "easter monday": _from_easter(1),
    "easter": _from_easter(0),
    "whit monday": _from_easter(50),
}
