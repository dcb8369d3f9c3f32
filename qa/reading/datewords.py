"""Dates as copy prints them, read from tokens: "Oct. 9", "21 jan 2019", "Tuesday, Nov. 2, 1915".

Only what is written is understood; nothing is filled in here. A part that is not there is None.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from qa.dates import MONTHS as CALENDAR_MONTHS
from qa.dates import WEEKDAYS as CALENDAR_WEEKDAYS
from qa.reading.tokens import Tokens
from qa.reading.words import word_set

_ORDINALS = word_set("ordinals")
_ARTICLES = word_set("articles")
_OF = word_set("of")
_YEAR_WORDS = word_set("year-words")
_HIJRI_MONTHS = word_set("hijri-months")
_HIJRI = frozenset(("هـ", "ه", "AH", "H"))
# Monday is 1; with the languages that `qa.dates` does not need for questions.
WEEKDAYS = CALENDAR_WEEKDAYS | {
    word: number for number in range(1, 8) for word in word_set(f"weekday-{number}")
}
_EQUALS_WORDS = frozenset(("الموافق", "corresponding"))
# Month words that are everyday words too: a date only as a number's neighbour.
_TYPO_LENGTH = 4
_LONGEST_ABBREVIATION = 5  # "févr.", "sept."


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A written date over the tokens up to `end`; None where a part is not written."""

    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    short_year: bool = False
    ambiguous: bool = False  # 03/04/2012: only the year is sure

    @property
    def full(self) -> bool:
        """Whether year, month and day are all written."""
        return None not in (self.year, self.month, self.day)


def _months() -> dict[str, int]:
    months = dict(CALENDAR_MONTHS)
    table = resources.files("qa.reading").joinpath("calendar.tsv").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        number, words = line.split("\t")
        for word in words.split("|"):
            months.setdefault(word, int(number))
    return months


MONTHS = _months()
_LATIN_MONTHS = word_set("latin-months")


def month_number(word: str, *, typos: bool = False) -> int | None:
    """1 to 12 for a month word of any known language; with `typos` also for a near miss.

    A near miss has four letters or more and one letter dropped, changed or swapped ("Narch").
    """
    folded = word.lower().rstrip(".")
    number = MONTHS.get(folded)
    if number is None and typos and len(folded) >= _TYPO_LENGTH and folded.isascii():
        number = next((MONTHS[m] for m in _LATIN_MONTHS if _one_slip(folded, m)), None)
    return number


def _one_slip(word: str, right: str) -> bool:
    if abs(len(word) - len(right)) > 1:
        return False
    same = 0
    while same < min(len(word), len(right)) and word[same] == right[same]:
        same += 1
    rest, due = word[same:], right[same:]
    swapped = rest[:2] == due[1::-1] and rest[2:] == due[2:]
    return rest[1:] == due[1:] or rest == due[1:] or rest[1:] == due or swapped


def date_phrases(tokens: Tokens, start: int, *, typos: bool = False) -> Iterator[DatePhrase]:
    """Every reading of the tokens at `start` as a date, the longest first."""
    index, weekday = _weekday(tokens, start)
    if tokens[index].folded in _ARTICLES and tokens[index + 1].kind == "number":
        index += 1
    found = [
        *_numeric(tokens, index),
        *_month_day(tokens, index, typos),
        *_day_month(tokens, index, typos),
        *_year_first(tokens, index),
        *_hijri_first(tokens, index),
    ]
    found.sort(key=lambda phrase: -phrase.end)
    for phrase in found:
        yield DatePhrase(
            phrase.end, phrase.year, phrase.month, phrase.day, weekday,
            phrase.short_year, phrase.ambiguous,
        )  # fmt: skip
    if weekday is not None:
        yield DatePhrase(start + 1, weekday=weekday)


def _weekday(tokens: Tokens, index: int) -> tuple[int, int | None]:
    token = tokens[index]
    weekday = WEEKDAYS.get(token.folded) if token.kind == "word" else None
    if weekday is None:
        return index, None
    index += 1
    if tokens.is_mark(index, "."):
        index += 1
    if tokens.is_mark(index, ","):
        index += 1
    return index, weekday


def _number(tokens: Tokens, index: int, low: int, high: int) -> int | None:
    token = tokens[index]
    if token.kind != "number" or len(token.text) > 4:
        return None
    value = int(token.text)
    return value if low <= value <= high else None


def _day(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """Day of the month and the index after it, with its ordinal ending."""
    value = _number(tokens, index, 1, 31)
    if value is None or len(tokens[index].text) > 2:
        if tokens[index].text == "l" and tokens[index].gap:  # typewriters' figure one
            return 1, index + 1
        return None
    index += 1
    if not tokens[index].gap and tokens[index].folded in _ORDINALS:
        index += 1
    return value, index


def _month(tokens: Tokens, index: int, typos: bool) -> tuple[int, int] | None:
    token = tokens[index]
    if token.kind != "word":
        return None
    after = index + 1
    number = month_number(token.text, typos=typos)
    if number is None and tokens[after].kind == "word":
        number = MONTHS.get(f"{token.folded} {tokens[after].folded}")
        after += 1
    if number is None:
        return None
    abbreviated = len(token.text) <= _LONGEST_ABBREVIATION
    if abbreviated and tokens.is_mark(after, ".") and not tokens[after].gap:
        after += 1
    return number, after


def _year(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """A year of four figures and the index after it; a comma or "de" may stand before it."""
    at = index
    if tokens.is_mark(at, ",") or tokens[at].folded in _OF:
        at += 1
    value = _number(tokens, at, 1000, 2999)
    token = tokens[at]
    if value is None or len(token.text) != 4 or "\n" in token.gap or tokens.is_mark(at + 1, ":"):
        return None
    at += 1
    if tokens[at].folded in _YEAR_WORDS and not tokens[at].text[0].isupper():
        at += 1
    return value, at


def _with_year(tokens: Tokens, month: int, day: int | None, end: int) -> Iterator[DatePhrase]:
    year = _year(tokens, end)
    if year or (tokens.is_mark(end, "./") and (year := _year(tokens, end + 1))):
        yield DatePhrase(year[1], year[0], month, day)
    yield DatePhrase(end, None, month, day)


def _month_day(tokens: Tokens, index: int, typos: bool) -> Iterator[DatePhrase]:
    """ "Oct. 9", "March 02, 2019", "May", "May 2016"."""
    found = _month(tokens, index, typos)
    if not found:
        return
    month, after = found
    at = after + 1 if tokens.is_mark(after, ",") else after
    day = _day(tokens, at)
    if day and "\n" not in tokens[at].gap:
        yield from _with_year(tokens, month, day[0], day[1])
    if tokens[index].text[:1].isupper() or tokens[index].case == "none":
        yield from _with_year(tokens, month, None, after)


def _day_month(tokens: Tokens, index: int, typos: bool) -> Iterator[DatePhrase]:
    """ "3. března", "21 jan 2019", "12 de enero de 2019", "14 safar 1441 AH = 13 October 2019"."""
    day = _day(tokens, index)
    if not day:
        return
    value, at = day
    if tokens.is_mark(at, ".") or tokens[at].folded in _OF:
        at += 1
    if tokens[at].folded in _OF:
        at += 1
    if tokens[at].kind == "dash" and not tokens[at].gap:
        at += 1
    month = _month(tokens, at, typos)
    if month:
        if tokens[month[1]].kind == "dash" and (year := _year(tokens, month[1] + 1)):
            yield DatePhrase(year[1], year[0], month[0], value)
        yield from _with_year(tokens, month[0], value, month[1])
    else:
        yield from _hijri(tokens, at)


def _hijri(tokens: Tokens, at: int) -> Iterator[DatePhrase]:
    """The Gregorian date that stands beside a date of the Islamic calendar."""
    for step in range(at, at + 3):
        year = _number(tokens, step, 1300, 1500)
        if year is not None and tokens[step + 1].text in _HIJRI:
            after = step + 2
            if tokens[after].text in _EQUALS_WORDS:
                after += 1
            yield from _day_month(tokens, after, False)


def _hijri_first(tokens: Tokens, index: int) -> Iterator[DatePhrase]:
    """The Gregorian date after one that begins with an Islamic month: "Muharram 12, 1440, ..."."""
    if tokens[index].folded.partition("-")[0] not in _HIJRI_MONTHS:
        return
    for step in range(index + 1, index + 6):
        if _number(tokens, step, 1300, 1500) is None:
            continue
        after = step + 1
        while tokens[after].text in _HIJRI or tokens[after].text in ",.=":
            after += 1
        if tokens[after].text in _EQUALS_WORDS:
            after += 1
        yield from _month_day(tokens, after, False)
        yield from _day_month(tokens, after, False)
        return


def _year_first(tokens: Tokens, index: int) -> Iterator[DatePhrase]:
    """ "2016. május 3.", "2019 m. kovo 3 d."."""
    year = _number(tokens, index, 1000, 2999)
    if year is None or len(tokens[index].text) != 4:
        return
    at = index + 1
    if tokens[at].folded in _YEAR_WORDS:
        at += 1
    if tokens.is_mark(at, ".,"):
        at += 1
    month = _month(tokens, at, False)
    day = _day(tokens, month[1]) if month else None
    if month and day:
        end = day[1] + 1 if tokens.is_mark(day[1], ".") else day[1]
        yield DatePhrase(end, year, month[0], day[0])


def _numeric(tokens: Tokens, index: int) -> Iterator[DatePhrase]:
    """ "2019-03-05", "03.02.2022", "12/30/2019", "27/02", "12/16/04"."""
    first = tokens[index]
    if first.kind != "number" or len(first.text) > 4:
        return
    mark = tokens[index + 1].text
    if mark not in ("/", ".", "-", "‐", "–") or tokens[index + 1].gap:
        return
    second = tokens[index + 2]
    if second.kind != "number" or len(second.text) > 2 or (second.gap and mark != "."):
        return
    third = tokens[index + 4]
    has_third = (
        tokens[index + 3].text == mark and third.kind == "number" and len(third.text) in (2, 4)
    )
    a, b = int(first.text), int(second.text)
    if len(first.text) == 4:
        third_is_day = tokens[index + 3].text == mark and third.kind == "number"
        if third_is_day and len(third.text) <= 2 and 1 <= b <= 12 and 1 <= int(third.text) <= 31:
            yield DatePhrase(index + 5, a, b, int(third.text))
    elif has_third:
        yield from _three_parts(a, b, third.text, mark, index + 5)
    elif len(first.text) <= 2 and mark == "/":
        yield from _two_parts(a, b, index + 3)
    elif mark == "." and tokens[index + 3].text == "." and 1 <= a <= 31 and 1 <= b <= 12:
        yield DatePhrase(index + 4, None, b, a)


def _three_parts(a: int, b: int, year_text: str, mark: str, end: int) -> Iterator[DatePhrase]:
    short = len(year_text) == 2
    year = full_year(int(year_text)) if short else int(year_text)
    day_first = 1 <= a <= 31 and 1 <= b <= 12
    month_first = 1 <= a <= 12 and 1 <= b <= 31
    if day_first and (mark == "." or a > 12 or a == b):
        yield DatePhrase(end, year, b, a, short_year=short)
    elif month_first and b > 12:
        yield DatePhrase(end, year, a, b, short_year=short)
    elif day_first and month_first:
        yield DatePhrase(end, year, short_year=short, ambiguous=True)


def _two_parts(a: int, b: int, end: int) -> Iterator[DatePhrase]:
    if 1 <= a <= 31 and 1 <= b <= 12 and (a > 12 or a == b):
        yield DatePhrase(end, None, b, a)
    elif 1 <= a <= 12 and 12 < b <= 31:
        yield DatePhrase(end, None, a, b)
    elif 1 <= a <= 12 and 1 <= b <= 12:
        yield DatePhrase(end, ambiguous=True)


def full_year(two: int) -> int:
    """The year that two figures mean, as POSIX has it: 69 to 99 in 1969 to 1999, the rest later."""
    return two + (1900 if two >= 69 else 2000)
