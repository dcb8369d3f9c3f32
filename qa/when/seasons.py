"""Seasons and holidays: "last fall", "the summer of 2010", "Christmas Eve", "Thanksgiving 2008"."""

from __future__ import annotations

import re

from qa.when import nondates
from qa.when import vocabulary as v
from qa.when.grammar import YEAR_TAIL, Found, yearly
from qa.when.holidays import HOLIDAYS
from qa.when.resolve import (
    Reference,
    one_day,
    whole_season,
)

_SEASON = re.compile(rf"{v.SEASON}{YEAR_TAIL}", re.I)
_HOLIDAY_NAMES = v.one_of(list(HOLIDAYS)).replace("'", f"[{v.APOSTROPHES}]")
_HOLIDAY = re.compile(rf"(?P<holiday>{_HOLIDAY_NAMES})(?![A-Za-z]){YEAR_TAIL}", re.I)


def seasons(ref: Reference, at: int) -> Found | None:
    """ "summer 2010", "the summer of 2010", "this summer", "in the spring"."""
    match = _SEASON.match(ref.text, at)
    if match is None:
        return None
    season = match["season"].lower()
    allowed = nondates.is_season(ref.text, match.start(), match.end("season"))
    return yearly(match, ref, lambda year: whole_season(year, season), "season", allowed)


def holidays(ref: Reference, at: int) -> Found | None:
    """ "Christmas Eve", "Thanksgiving 2008", "last Easter"."""
    match = _HOLIDAY.match(ref.text, at)
    if match is None or not match["holiday"][0].isupper():
        return None
    if nondates.is_other_holiday(ref.text, match.start(), match.end("holiday")):
        return None
    of_day = HOLIDAYS[re.sub(f"[{v.APOSTROPHES}]", "'", match["holiday"].lower())]
    return yearly(match, ref, lambda year: one_day(of_day(year)), "holiday", True)
