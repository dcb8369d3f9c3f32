"""Datelines of Chinese, Japanese and Korean copy, which has no spaces to walk along.

Three forms: a bracket that holds house, reporter, place and day in any order ("【北京共同】",
"（中央社記者林小明台北3日電）", "(부산=연합뉴스) 김철수 기자 ="), a house in front of
place, day and 电 ("新华社北京11月17日电"), and the same without a house that is listed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.reading.sources import SourceNames
from qa.reading.words import word_set

_OPEN = {"（": "）", "(": ")", "【": "】", "［": "］", "[": "]", "〔": "〕"}
_DAY = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日|(?:(\d{1,2})월\s*)?(\d{1,2})일")
_WIRED = re.compile(r"(?:\d{1,2}日|\d{1,2}日[^\s，。]{0,6})(?:电|電|讯|訊)")
_TAILS = ("綜合報導", "综合报道", "報導", "报道", "電", "电", "訊", "讯")
_REPORTERS = ("記者", "记者", "特派員", "特派员", "特约记者")
_REPORTER_AFTER = re.compile(r"\s*[^\s=]{2,5}(?:\s*[·,]\s*[^\s=]{2,5})*\s*(?:기자|특파원)\s*=")
_CITIES = word_set("east-asian-cities")
_HOUSE_ENDS = "社网網报報台"
_LONGEST = 48
_LONGEST_PLACE = 16  # "サンフランシスコ" has eight
_NO_NAME = frozenset('()（）[]【】〔〕©—:：。,"“”?？!！0123456789')


@dataclass(frozen=True, slots=True)
class EastAsian:
    """A dateline at `[start, end)` of the text: its parts as written, and the canonical house."""

    start: int
    end: int
    places: tuple[str, ...] = ()
    year: int | None = None
    month: int | None = None
    day: int | None = None
    agency: str | None = None
    source: str | None = None


def is_east_asian(text: str) -> bool:
    """Whether `text` has kana, Hangul or Chinese characters."""
    return any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in text)


def east_asian_dateline(
    text: str, start: int, line_end: int, sources: SourceNames
) -> EastAsian | None:
    """The dateline at `start`, or None."""
    if text[start : start + 1] in _OPEN:
        return _bracketed(text, start, line_end, sources)
    return _wired(text, start, line_end, sources)


def _bracketed(text: str, start: int, line_end: int, sources: SourceNames) -> EastAsian | None:
    close = text.find(_OPEN[text[start]], start, min(line_end, start + _LONGEST))
    if close < 0:
        return None
    inside = text[start + 1 : close]
    korean = any("\uac00" <= c <= "\ud7af" for c in inside)
    place, equals, rest = inside.replace("＝", "=").partition("=")
    body, agency, source = _take_house(rest if equals else inside, sources)
    if equals and (source or not korean):  # "【パリ＝山田太郎】" names its reporter
        return _parts(start, _after_bracket(text, close, line_end), place, agency, source)
    wired = any(body.endswith(tail) for tail in _TAILS)
    reported = any(word in body for word in _REPORTERS)
    dated = wired and any(city in body for city in _CITIES) and bool(_DAY.search(body))
    if source is None and not (wired and reported) and not dated and not (korean and "=" in inside):
        return None
    if equals and source is None:
        body, agency = place, rest
    return _parts(start, _after_bracket(text, close, line_end), body, agency, source)


def _after_bracket(text: str, close: int, line_end: int) -> int:
    """Past the reporter's name or the dash that may follow the closing bracket."""
    end = close + 1
    if after := _REPORTER_AFTER.match(text, end, line_end):
        return after.end()
    dash = text[end : end + 3].strip()[:1]
    if dash and dash in "-―—–＝":
        return text.index(dash, end) + 1
    return end


def _wired(text: str, start: int, line_end: int, sources: SourceNames) -> EastAsian | None:
    found = _WIRED.search(text, start, min(line_end, start + _LONGEST))
    if not found:
        return None
    body = text[start : found.end()]
    if any(mark in body for mark in "，。、：；,;「“"):
        return None
    rest, agency, source = _take_house(body, sources)
    if source is None:
        cut = max((rest[:8].find(mark) for mark in _HOUSE_ENDS), default=-1)
        if cut < 1:
            return None
        agency, rest = rest[: cut + 1], rest[cut + 1 :]
        source = None if agency in ("本报", "本報", "本网", "本網", "本台", "本社") else agency
        agency = agency if source else None
    return _parts(start, found.end(), rest, agency, source)


def _take_house(body: str, sources: SourceNames) -> tuple[str, str | None, str | None]:
    """`body` without the longest listed house in it, that house as written, its name."""
    words = [body[i:j] for i in range(len(body)) for j in range(len(body), i + 1, -1)]
    known = [word for word in words if sources.known(word)]
    if not known:
        return body, None, None
    house = max(known, key=len)
    return body.replace(house, "", 1), house.strip(), sources.known(house)


def _parts(
    start: int, end: int, body: str, agency: str | None, source: str | None
) -> EastAsian | None:
    year = month = day = None
    if date := _DAY.search(body):
        year, month = (int(date[i]) if date[i] else None for i in (1, 2))
        day = int(date[3] or date[5])
        month = month or (int(date[4]) if date[4] else None)
        body = body[: date.start()] + " " + body[date.end() :]
    for tail in _TAILS:
        body = body.strip().removesuffix(tail)
    body = _without_reporter(body.strip())
    place = body.strip(" ／/=＝・,，、-　")
    places = tuple(part.strip() for part in re.split(r"[・、/／]", place) if part.strip())
    if any(len(name) > _LONGEST_PLACE or set(name) & _NO_NAME for name in places):
        return None
    return EastAsian(start, end, places, year, month, day, agency or source, source or agency)


def _without_reporter(body: str) -> str:
    for word in _REPORTERS:
        before, found, after = body.partition(word)
        if not found:
            continue
        for slash in ("／", "/"):
            if slash in after:
                return before + after.rpartition(slash)[2]
        for city in _CITIES:
            if after.endswith(city):
                return before + city
        return before + after[3:]  # most names have three characters
    return body
