"""Four figures that count, cost or number something, and those that are a year."""

from __future__ import annotations

import re
from datetime import date

from qa.when import vocabulary as v

_BEFORE_REACH, _AFTER_REACH = 24, 40  # characters; every pattern below fits in them
_FIRST_PLAIN_YEAR = 1900  # older numbers are counts as often as years
_LAST_PLAIN_YEAR = 30  # and so are those further ahead than this
_FAR_FUTURE = 90

_NUMBERED = v.any_of(
    "No Nr Nos Room Flight Route Highway Interstate Boeing Airbus Model Page Section Article Rule "
    "Resolution Channel Apt Suite Box Unit Building Windows Area Class Series US USD Rs Dow Nasdaq "
    "Nikkei Russell S&P some nearly almost about roughly approximately exactly least another "
    "killed at"
)
_NO_YEAR_BEFORE = re.compile(
    rf"(?:[$\u20ac\u00a3\u00a5#+=*<>]\s?|[\d.,:/]|\d[-\u2010-\u2015]|\b(?-i:[A-Z])-"
    rf"|\b{_NUMBERED}\.?\s{{1,3}})$",
    re.I,
)
_YEAR_BEFORE = re.compile(
    r"(?:\b"
    + v.any_of(
        "in since of from until till by circa before after around year early mid late between and "
        "to during back the than over through"
    )
    + r"(?:\s{1,3}|[-\u2010-\u2013])|[(\u2010-\u2015]\s?)$",
    re.I,
)
_UNIT_AFTER = re.compile(
    r"[\s-]{1,3}"
    + v.any_of(
        "pct per_?cent percent mln million bln billion thousand hundred points? people persons "
        "tonnes? tons? dlrs dollars euros? pounds? cents cts barrels shares yen basis GMT EST EDT "
        "PST PDT BST CET UTC hours? hrs a\\.m p\\.m miles? metres? meters feet foot ft km "
        "kilometers kilometres kg kilos? kilograms mm cm square sq acres hectares degrees calories "
        "watts mw megawatts kilowatts jobs employees workers troops soldiers police men women "
        "children students homes houses units vehicles cars trucks copies votes seats cases deaths "
        "dead residents patients pages words rpm mph kph years_ago years_old bushels lots ounces "
        "oz francs marks crowns rupees yuan lire times inches gallons litres liters bpd cc volts "
        "lbs?"
    )
    + r"\b",
    re.I,
)
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
    if _NO_YEAR_BEFORE.search(before) or _STOCK_CODE_AFTER.match(after):
        return False
    if _UNIT_AFTER.match(after) or _ADDRESS_AFTER.match(after):
        return False
    present = reference.year if reference else 2030
    if year > present + _FAR_FUTURE:
        return False
    if _FIRST_PLAIN_YEAR <= year <= present + _LAST_PLAIN_YEAR:
        return True
    return bool(_YEAR_BEFORE.search(before)) and not _PLURAL_AFTER.match(after)


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
