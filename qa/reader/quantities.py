"""Figures in prose: numbers with their magnitude and unit, and what they measure.

A figure is the shortest run that can stand as an answer ("40 pct", "1.26 billion H.K. dlrs",
"24,000 tonnes", "seven"); hedges before it ("about", "up to") are found apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Unit = Literal["money", "percent", "measure", "time", "count", "year"]

_MAGNITUDE = r"(?:thousand|million|billion|trillion|mln|bln|trln|tln|mn|bn|dozen|hundred)"
_WORDS = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    r"half)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?"
)
_CARDINAL = rf"(?:\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?(?:-\d+/\d+)?|\d+/\d+|{_WORDS})"
_NUMBER = rf"(?<![\w.,]){_CARDINAL}(?:[\s-]{_MAGNITUDE})?"
_CURRENCY_SIGN = r"(?:(?:US|C|A|NZ|HK|S)?\$|£|€|¥|Rs\.?\s?|USD\s|EUR\s|GBP\s)"
_MONEY = (
    r"(?:(?:u\.?s\.?|canadian|australian|new zealand|hong kong|h\.k\.|n\.z\.|singapore|taiwan|"
    r"egyptian|swiss|french|belgian|irish|mexican|dutch)[\s-])?"
    r"(?:dollars?|dlrs?|pounds?|stg|sterling|marks?|francs?|yen|euros?|pence|cents?|pesos?|"
    r"cruzados?|roubles?|rubles?|rupees?|lire|lira|crowns?|guilders?|rand|yuan|won|ringgit|baht|"
    r"riyals?|dirhams?|reais|real|krona|kronor|kroner|shekels?|naira|shillings?|rupiah|australs?|"
    r"punts?|p\b(?!\.))"
)
_PERCENT = r"(?:pct|per\s?cent|percent|%|percentage\s+points?|basis\s+points?|points?)"
_TIME = r"(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?)"
_MEASURE = (
    r"(?:(?:metric\s+|short\s+|long\s+|square\s+|cubic\s+)?(?:tonnes?|tons?|barrels?|bushels?|"
    r"bags|acres?|hectares?|miles?|kilometers?|kilometres?|km|meters?|metres?|feet|foot|inches|"
    r"kilos?|kilograms?|kg|grams?|pounds?|ounces?|litres?|liters?|gallons?|bpd|mph|kph|megawatts?|"
    r"mw|gigawatts?|degrees|bales|carats)(?:\s+per\s+day)?)"
)
_FIGURE = re.compile(
    rf"(?P<sign>{_CURRENCY_SIGN})?(?P<number>{_NUMBER})"
    rf"(?:[\s-]{{0,2}}(?P<percent>{_PERCENT})(?!\w)"
    rf"|[\s-](?:(?P<money>{_MONEY})|(?P<measure>{_MEASURE})|(?P<time>{_TIME}))\b)?",
    re.I,
)
_SIGNED = re.compile(rf"{_CURRENCY_SIGN}$", re.I)
_HEDGE = re.compile(
    r"(?:\b(?:about|around|approximately|roughly|nearly|almost|over|up to|at least|at most|some|"
    r"more than|less than|fewer than|as many as|as much as|an estimated|estimated|close to|"
    r"just under|just over|between|a record)\s)$",
    re.I,
)
_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|"
    r"july|august|september|october|november|december)\.?\s$",
    re.I,
)
_MONTH_AFTER = re.compile(
    r"^(?:st|nd|rd|th)?\s(?:of\s)?(?:january|february|march|april|may|june|july|august|september|"
    r"october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b",
    re.I,
)
_PLAIN_YEAR = re.compile(r"^(?:1[5-9]|20)\d\d$")
_RANGE = re.compile(r"^\s*(?:-|to|and)\s*$|^-$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at `[start, end)`, its number at `[start, number_end)`, and what unit it carries.

    `hedge` is where a hedge before it starts (`start` where there is none); `unit_words` are the
    words of the unit as written.
    """

    start: int
    end: int
    number_end: int
    hedge: int
    unit: Unit
    unit_words: str


def figures(text: str, start: int = 0, end: int | None = None) -> list[Figure]:
    """The figures of `text[start:end]`, in order, without parts of calendar dates."""
    found: list[Figure] = []
    for match in _FIGURE.finditer(text, start, len(text) if end is None else end):
        before = text[max(0, match.start() - 24) : match.start()]
        if match["number"].isdigit() and (
            _MONTH.search(before)
            or _MONTH_AFTER.match(text[match.end("number") : match.end() + 14])
        ):
            continue
        if (
            match["number"].lower() == "one"
            and match.lastgroup == "number"
            and _pronoun(text, match)
        ):
            continue
        found.append(_figure(match, before))
    return _joined(found, text)


def _pronoun(text: str, match: re.Match[str]) -> bool:
    """Whether a bare "one" stands for a person or a thing rather than for a number."""
    after = text[match.end() : match.end() + 12].lower()
    return after.startswith(
        (" of ", "'s", "-", " another", " who", " that", " day ", ",", ".", " is")
    )


def _figure(match: re.Match[str], before: str) -> Figure:
    if match["percent"]:
        unit: Unit = "percent"
        words = match["percent"]
    elif match["sign"] or match["money"]:
        unit, words = "money", match["money"] or match["sign"]
    elif match["measure"]:
        unit, words = "measure", match["measure"]
    elif match["time"]:
        unit, words = "time", match["time"]
    elif _PLAIN_YEAR.match(match["number"]):
        unit, words = "year", ""
    else:
        unit, words = "count", ""
    hedge = _HEDGE.search(before)
    return Figure(
        start=match.start(),
        end=match.end(),
        number_end=match.end("number"),
        hedge=match.start() - (len(before) - hedge.start()) if hedge else match.start(),
        unit=unit,
        unit_words=words.lower(),
    )


def _joined(found: list[Figure], text: str) -> list[Figure]:
    """Ranges ("between 150,000 and 200,000 tonnes", "14,000 dlr to 18,000 dlr") as one figure."""
    joined: list[Figure] = []
    for figure in found:
        last = joined[-1] if joined else None
        if last is not None and _is_range(last, figure, text):
            joined[-1] = Figure(
                last.start, figure.end, figure.number_end, last.hedge, figure.unit,
                figure.unit_words,
            )  # fmt: skip
        else:
            joined.append(figure)
    return joined


def _is_range(first: Figure, second: Figure, text: str) -> bool:
    gap = text[first.end : second.start].strip().lower()
    if first.unit not in {"count", second.unit} or "year" in {first.unit, second.unit}:
        return False
    if gap in {"-", "to"}:
        return not text[max(0, first.start - 6) : first.start].lower().endswith("from ")
    return gap == "and" and text[first.hedge : first.start].lower().startswith("between")
