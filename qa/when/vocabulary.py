"""The English words of the time grammar, and the pieces of patterns that they make.

Patterns are matched at a known position, every repetition is bounded, and no piece can match in
two ways: the grammar is linear in the length of the text, whatever the text.
"""

from __future__ import annotations

import re
from itertools import chain

from qa.dates import MONTHS, WEEKDAYS


def word_list(words: str) -> list[str]:
    """Words as one writes them down; "_" stands for a space inside a term."""
    return [word.replace("_", " ") for word in words.split()]


_MONTH_NAMES = word_list(
    "January February March April May June July August September October November December"
)
_MONTH_SHORT = word_list("Jan Feb Febr Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec")
_WEEKDAY_NAMES = word_list("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_WEEKDAY_SHORT = word_list("Mon Tues Tue Weds Wed Thurs Thur Thu Fri Sat Sun")

MONTH_NUMBER = {name.lower(): MONTHS[name.lower()] for name in _MONTH_NAMES + _MONTH_SHORT}
WEEKDAY_NUMBER = {
    name.lower(): WEEKDAYS["wed" if name == "Weds" else name.lower()]
    for name in _WEEKDAY_NAMES + _WEEKDAY_SHORT
}
SHORT_MONTHS = frozenset(name.lower() for name in _MONTH_SHORT)
SHORT_WEEKDAYS = frozenset(name.lower() for name in _WEEKDAY_SHORT)

ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "final": -1, "last": -1, "opening": 1, "closing": -1,
}  # fmt: skip
CARDINALS = {
    word: number
    for number, words in enumerate(
        word_list(
            "a|an|one two|couple three four five six seven eight nine ten eleven twelve thirteen "
            "fourteen fifteen sixteen seventeen eighteen nineteen twenty"
        ),
        start=1,
    )
    for word in words.split("|")
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100}
DECADE_WORDS = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60,
    "seventies": 70, "eighties": 80, "nineties": 90,
}  # fmt: skip


def one_of(words: list[str] | dict[str, int] | frozenset[str]) -> str:
    """An alternation, longest first, so that no word hides a longer one."""
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


def previous_word(text: str, at: int) -> str:
    """The word, lower case, that ends before `at`; it costs less to look at than a pattern."""
    words = text[max(0, at - 24) : at].replace("-", " ").split()
    return words[-1].lower() if words else ""


def any_of(words: str) -> str:
    """A group of the words or terms of `word_list`, in which an s may be optional ("tonnes?")."""
    terms = sorted(word_list(words), key=len, reverse=True)
    return "(?:" + "|".join(term.replace(" ", r"\s{1,3}") for term in terms) + ")"


def month(name: str = "month") -> str:
    """A month, in full or as the wires shorten it; the short form with its full stop."""
    full, short = one_of(_MONTH_NAMES), one_of(_MONTH_SHORT)
    return rf"(?P<{name}>{full}|{short})\b(?:(?<!{')(?<!'.join(_MONTH_NAMES)})\.)?"


def weekday(name: str = "weekday") -> str:
    """A weekday, in full or shortened; the short form with its full stop."""
    full, short = one_of(_WEEKDAY_NAMES), one_of(_WEEKDAY_SHORT)
    return rf"(?P<{name}>{full}|{short})\b(?:(?<!day)\.)?"


def day(name: str = "day") -> str:
    """A day of the month; not the head of a longer or decimal number, nor of a clock time."""
    return rf"(?P<{name}>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:%]|[.,]\d|[A-Za-z])"


def year(name: str = "year") -> str:
    return rf"(?P<{name}>1[0-9]\d\d|20\d\d|21\d\d)(?![\d%]|[.,]\d)"


def number(name: str = "number") -> str:
    return rf"(?P<{name}>\d{{1,3}}|{one_of(CARDINALS)})"


GAP = r"\s{1,3}"
DASH = r"\s?[-\u2010-\u2015]\s?"
TO = rf"(?:{DASH}|{GAP}(?:to|through|thru|until|till){GAP})"
UNIT = r"(?P<unit>day|week|fortnight|month|quarter|year|decade)s?\b"
SEASON = r"(?P<season>spring|summer|autumn|fall|winter)\b"
DAYPART = rf"(?:{GAP}(?:morning|afternoon|evening|night)\b)?"

APOSTROPHES = "'\u2018\u2019"


def spellings(words: list[str] | dict[str, int]) -> list[str]:
    """Each word as it may be printed: lower case, Title, UPPER."""
    return list(chain.from_iterable((w.lower(), w.capitalize(), w.upper()) for w in words))
