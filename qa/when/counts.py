"""Four figures that count, cost or number something, and those that are a year."""

from __future__ import annotations

import re
from datetime import date

from qa.when import vocabulary as v
from qa.when.nondates import in_title

_BEFORE_REACH, _AFTER_REACH = 24, 40  # characters; every pattern below fits in them
_FIRST_PLAIN_YEAR = 1900  # older numbers are counts as often as years
_LAST_PLAIN_YEAR = 30  # and so are those further ahead than this
_FAR_FUTURE = 90

_NUMBERED = frozenset(
    v.word_list(
        "no nr nos room flight route highway interstate boeing airbus model page section article "
        "rule resolution channel apt suite box unit building windows area class series us usd rs "
        "dow nasdaq nikkei russell s&p some nearly almost about roughly approximately exactly "
        "least another killed at"
    )
)
_TIMED = frozenset(
    v.word_list(
        "in since of from until till by circa before after around year early mid late between and "
        "to during back the than over through"
    )
)
_ATTACHED_BEFORE = re.compile(
    r"(?:[$\u20ac\u00a3\u00a5#+=*<>]\s?|[\d.,:/]|\d[-\u2010-\u2015]|\b[A-Z]-)$"
)
_UNITS = frozenset(
    v.word_list(
        "pct per percent mln million bln billion thousand hundred point points people person "
        "persons tonne tonnes ton tons dlrs dollars euro euros pound pounds cents cts barrels "
        "shares yen basis gmt est edt pst pdt bst cet utc hour hours hrs a.m p.m mile miles metre "
        "metres meter meters feet foot ft km kilometers kilometres kg kilo kilos kilograms mm cm "
        "square sq acres hectares degrees calories watts mw megawatts kilowatts jobs employees "
        "workers troops soldiers police men women children students homes houses units vehicles "
        "cars trucks copies votes seats cases deaths dead residents patients pages words rpm mph "
        "kph bushels lots ounces oz francs marks crowns rupees yuan lire times inches gallons "
        "litres liters bpd cc volts lb lbs"
    )
)
_NEXT_WORD = re.compile(r"[\s-]{1,3}([A-Za-z.]{1,20})")
_STREET = v.any_of(
    "Street St Avenue Ave Road Rd Drive Dr Boulevard Blvd Lane Ln Way Court Place Square Parkway "
    "Highway"
)
_ADDRESS_AFTER = re.compile(
    rf"\s{{1,3}}(?:[NSEW]\.?\s)?(?:[A-Z][A-Za-z.]{{0,20}}\s{{1,3}}){{1,3}}{_STREET}\b"
)
_PLURAL_AFTER = re.compile(r"\s{1,3}[a-z]{1,20}s\b")
_STOCK_CODE_AFTER = re.compile(r"\.[A-Z]")


def is_year(text: str, start: int, end: int, year: int, reference: date | None) -> bool:
    """Whether a four-figure number is a year: not money, a count, a clock time or an address."""
    before, after = text[max(0, start - _BEFORE_REACH) : start], text[end : end + _AFTER_REACH]
    if before[-1:].isalnum() or before[-1:] in ("_", "@"):
        return False
    if after[:1] in ("%", "\u00b0", "\u00ba", "$") or after[:1].isalpha():
        return False
    previous = v.previous_word(text, start).rstrip(".")
    if previous in _NUMBERED or _ATTACHED_BEFORE.search(before) or _STOCK_CODE_AFTER.match(after):
        return False
    following = _NEXT_WORD.match(after)
    if (following and following[1].rstrip(".").lower() in _UNITS) or _ADDRESS_AFTER.match(after):
        return False
    if in_title(text, start, end):
        return False
    present = reference.year if reference else 2030
    if year > present + _FAR_FUTURE:
        return False
    if _FIRST_PLAIN_YEAR <= year <= present + _LAST_PLAIN_YEAR:
        return True
    timed = previous in _TIMED or before.endswith(("(", "\u2013", "\u2014"))
    return timed and not _PLURAL_AFTER.match(after)


_SHORT_DECADE_BEFORE = re.compile(r"\bthe\s{1,3}(?:(?:early|mid|late)[- ])?$", re.I)
_AGE_OR_WEATHER = re.compile(
    r"\b"
    + v.any_of(
        "temperatures? degrees highs? lows? Fahrenheit Celsius weather aged? ages his her their "
        "heat scores? shot shooting round"
    )
    + r"\b",
    re.I,
)


def is_short_decade(text: str, start: int, end: int) -> bool:
    """ "the '60s" and "the 60s", but not an age, a temperature or a score."""
    if re.search(r"(?<!\w)['\u2018\u2019]$", text[max(0, start - 2) : start]):
        return True
    before = text[max(0, start - 16) : start]
    return bool(_SHORT_DECADE_BEFORE.search(before)) and not about_age_or_weather(text, start, end)


def about_age_or_weather(text: str, start: int, end: int) -> bool:
    """Whether the words around speak of ages, temperatures or scores ("in the eighties")."""
    return bool(_AGE_OR_WEATHER.search(text[max(0, start - 80) : end + 40]))
