"""Calendar words shared by reading and asking: months, weekdays, seasons, and the days they span.

Spans here are inclusive pairs (first day, last day). Years run from 1 to 9999.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

# Month names and their printed abbreviations, lower case, without the full stop; one row a month.
_MONTH_ROWS = """
january jan janvier janv januar enero ene gennaio gen janeiro januari января янв январь
february feb febr février fevrier févr fevr februar febrero febbraio fevereiro fev februari февраля фев февраль
march mar mars märz maerz marzo março marco maart mrt marts марта мар март
april apr avril avr abril abr aprile апреля апр апрель
may mai mayo maggio mag maio mei maj мая май
june jun juin juni junio giugno giu junho июня июн июнь
july jul juillet juil juli julio luglio lug julho июля июл июль
august aug août aout agosto ago augustus augusti августа авг август
september sept sep septembre septiembre settembre set setembro сентября сен сентябрь
october oct octobre oktober okt octubre ottobre ott outubro out oktober октября окт октябрь
november nov novembre noviembre novembro ноября ноя ноябрь
december dec décembre decembre déc dezember dez diciembre dic dicembre dezembro december декабря дек декабрь
"""
MONTHS: dict[str, int] = {
    word: number
    for number, row in enumerate(_MONTH_ROWS.split("\n")[1:-1], start=1)
    for word in row.split()
}

# Monday is 1, as in `date.isoweekday`.
_WEEKDAY_ROWS = """
monday mon lundi montag lunes lunedì lunedi segunda-feira maandag mandag måndag понедельник понедельника
tuesday tue tues mardi dienstag martes martedì martedi terça-feira dinsdag tirsdag tisdag вторник вторника
wednesday wed mercredi mittwoch miércoles miercoles mercoledì mercoledi quarta-feira woensdag onsdag среда среду среды
thursday thu thur thurs jeudi donnerstag jueves giovedì giovedi quinta-feira donderdag torsdag четверг четверга
friday fri vendredi freitag viernes venerdì venerdi sexta-feira vrijdag fredag пятница пятницу пятницы
saturday sat samedi samstag sonnabend sábado sabado sabato zaterdag lørdag lördag суббота субботу субботы
sunday sun dimanche sonntag domingo domenica zondag søndag söndag воскресенье воскресенья
"""
WEEKDAYS: dict[str, int] = {
    word: number
    for number, row in enumerate(_WEEKDAY_ROWS.split("\n")[1:-1], start=1)
    for word in row.split()
}

# Northern meteorological seasons: first month of three. Winter begins in the year before its label.
SEASONS: dict[str, int] = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}

_DAY = r"[0-9]{4}(?:-[0-9]{2}){0,2}"
_WRITTEN_DAYS = re.compile(rf"(?P<first>{_DAY})(?: to (?P<last>{_DAY}))?")


def month_span(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def year_span(first: int, last: int | None = None) -> tuple[date, date]:
    """First day of `first` and last day of `last` (default: the same year)."""
    return date(first, 1, 1), date(first if last is None else last, 12, 31)


def quarter_span(year: int, quarter: int) -> tuple[date, date]:
    """First and last day of a calendar quarter, 1 to 4."""
    month = 3 * quarter - 2
    return date(year, month, 1), month_span(year, month + 2)[1]


def season_span(year: int, season: str) -> tuple[date, date]:
    """First and last day of a season; the winter of 2019 runs from December 2019 to February 2020."""
    month = SEASONS[season]
    end_year, end_month = (year + 1, 2) if month == 12 else (year, month + 2)
    return date(year, month, 1), month_span(end_year, end_month)[1]


def week_span(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week that holds `day`."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def add_months(day: date, months: int) -> date:
    """`day` moved by whole months; the last day of a shorter month where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def valid_day(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none such (29 February 2023, year 0)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def written_days(first: date, last: date) -> str:
    """Inclusive days as calendar dates, no more exact than they are.

    YYYY-MM-DD for a day, YYYY-MM for a month, YYYY for a year; anything else is two of them, the
    first and the last: 2031-06 to 2031-08.
    """
    if first == last:
        return first.isoformat()
    begins, ends = first.day == 1, last.day == monthrange(last.year, last.month)[1]
    if begins and ends and first.month == 1 and last.month == 12:
        return _joined(f"{first.year:04}", f"{last.year:04}")
    if begins and ends:
        return _joined(first.isoformat()[:7], last.isoformat()[:7])
    return _joined(first.isoformat(), last.isoformat())


def _joined(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def read_days(text: str) -> tuple[date, date] | None:
    """The first and the last of the days that `written_days` wrote; None for any other text."""
    match = _WRITTEN_DAYS.fullmatch(text)
    if match is None:
        return None
    first, last = _span(match["first"]), _span(match["last"] or match["first"])
    return (first[0], last[1]) if first and last and first[0] <= last[1] else None


def _span(written: str) -> tuple[date, date] | None:
    year, *rest = map(int, written.split("-"))
    if not year >= 1 or (rest and not 1 <= rest[0] <= 12):
        return None
    if len(rest) == 2:
        day = valid_day(year, *rest)
        return (day, day) if day else None
    return month_span(year, rest[0]) if rest else year_span(year)
