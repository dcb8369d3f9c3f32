"""Date lines of a page's head: "Published July 21, 2023 Updated July 22, 2023, 1:05 a.m. ET".

A stamp is a line that is about a date: a written day with its year, and few other words than
labels, times and names. Prose that mentions a day is none. Labels tell the day of publication from
the day of an update and from an embargo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from qa.reading.datewords import WEEKDAYS, DatePhrase, date_phrases
from qa.reading.tokens import Token, Tokens
from qa.reading.words import word_set

Label = Literal["published", "plain", "embargo", "updated"]

LONGEST_STAMP = 160  # characters
_MOST_OTHER_WORDS = 6
_YEAR = re.compile(r"\b[12]\d{3}\b|/\d\d\b|[年년]")
_SENTENCES = re.compile(
    r"\b(?:first|originally) (?:published|appeared|posted)\b[^.\n]{0,60}", re.IGNORECASE
)

_LABELS: dict[str, Label] = {
    **dict.fromkeys(word_set("label-published"), "published"),
    **dict.fromkeys(word_set("label-updated"), "updated"),
    **dict.fromkeys(word_set("label-embargo"), "embargo"),
}
_PHRASES: dict[tuple[str, ...], Label] = {
    ("mis", "à", "jour"): "updated",
    ("not", "for", "release"): "embargo",
    ("hold", "for", "release"): "embargo",
    ("última", "modificación"): "updated",
    ("ultima", "modifica"): "updated",
    ("last", "modified"): "updated",
}
_QUIET = word_set("quiet")
_ENGLISH = word_set("label-english")
_CREDITS = word_set("credits")


@dataclass(frozen=True, slots=True)
class DateStamp:
    """A written date with its label, over `text[start:end]`; `tokens[first]` begins it."""

    label: Label
    phrase: DatePhrase
    start: int
    end: int
    tokens: Tokens
    first: int
    day_first: bool = False  # the line is in a language, or has a date, that puts the day first


def find_stamps(text: str, start: int, end: int) -> list[DateStamp]:
    """The dates of the line `text[start:end]` where it is a date line; else none."""
    if end - start > LONGEST_STAMP:
        return []
    line = text[start:end]
    if not _YEAR.search(line) or line.rstrip().endswith(":"):
        return []
    tokens = Tokens(text, start, end)
    found, others, at = [], 0, 0
    label: Label = "plain"
    while at < len(tokens):
        token = tokens[at]
        phrase = _phrase(tokens, at)
        if phrase is not None:
            stop = tokens[phrase.end - 1].end
            found.append(DateStamp(label, phrase, token.start, stop, tokens, at))
            at = phrase.end
            continue
        named, step = _label(tokens, at)
        label = named or label
        others += 0 if named or _quiet(token) else 1
        if token.folded in _CREDITS:
            return []
        at += step
    if not found or others > _MOST_OTHER_WORDS or _is_sentence(line, found, others):
        return []
    if any(stamp.phrase.ambiguous for stamp in found) and _day_first(tokens, found):
        return [replace(stamp, day_first=True) for stamp in found]
    return found


def _day_first(tokens: Tokens, found: list[DateStamp]) -> bool:
    """Whether the line has a label that is not English, or a date like 25/03/2020."""
    words = {tokens[at].folded for at in range(len(tokens))}
    if words & (_LABELS.keys() - _ENGLISH):
        return True
    return any(
        stamp.phrase.full and tokens[stamp.first].text == str(stamp.phrase.day)
        and tokens[stamp.first + 1].text == "/"
        for stamp in found
    )  # fmt: skip


def find_first_published(text: str) -> Iterator[DateStamp]:
    """Dates of sentences such as "This report was first published Nov. 10, 2022."."""
    lowered = text[-600:].lower()
    if "first " not in lowered and "originally " not in lowered:
        return
    for sentence in _SENTENCES.finditer(text, max(0, len(text) - 600)):
        tokens = Tokens(text, sentence.start(), min(len(text), sentence.end() + 20))
        for at in range(2, len(tokens)):
            phrase = _phrase(tokens, at)
            if phrase is not None and phrase.full:
                yield DateStamp(
                    "published",
                    phrase,
                    tokens[at].start,
                    tokens[phrase.end - 1].end,
                    tokens,
                    at,
                )
                break


def _phrase(tokens: Tokens, at: int) -> DatePhrase | None:
    """The date at `at` that has a year, and a month unless only the year is sure."""
    token = tokens[at]
    if token.kind not in ("number", "word") or (at and not token.gap and _glued(tokens[at - 1])):
        return None
    if token.kind == "number" and (found := _east_asian(tokens, at)):
        return found
    for phrase in date_phrases(tokens, at):
        if phrase.year is not None and (phrase.month is not None or phrase.ambiguous):
            return phrase
    return None


def _east_asian(tokens: Tokens, at: int) -> DatePhrase | None:
    parts = [tokens[i] for i in range(at, at + 6)]
    if (
        parts[1].text in ("年", "년")
        and parts[3].text in ("月", "월")
        and parts[2].kind == "number"
    ):
        year, month = int(parts[0].text), int(parts[2].text)
        if parts[4].kind == "number" and 1 <= month <= 12 and parts[5].text[:1] in ("日", "일"):
            return DatePhrase(at + 6, year, month, int(parts[4].text))
    return None


def _glued(before: Token) -> bool:
    return before.kind == "number" or before.text in ("/", "#")


def _label(tokens: Tokens, at: int) -> tuple[Label | None, int]:
    """The label that stands at `at`, if any, and how many tokens to step."""
    for words, label in _PHRASES.items():
        if (
            tokens[at].folded == words[0]
            and tuple(tokens[at + i].folded for i in range(len(words))) == words
        ):
            return label, len(words)
    return _LABELS.get(tokens[at].folded), 1


def _quiet(token: Token) -> bool:
    if token.kind != "word":
        return True
    return token.folded in _QUIET or token.folded in WEEKDAYS


def _is_sentence(line: str, found: list[DateStamp], others: int) -> bool:
    """Whether the line reads as prose: it ends with a full stop and names more than the date."""
    month_only = any(stamp.phrase.day is None and not stamp.phrase.ambiguous for stamp in found)
    labelled = any(stamp.label != "plain" for stamp in found)
    stopped = line.rstrip()[-1:] in ".!?" and not line.rstrip().lower().endswith(
        (".m.", "."[:0] + "m.")
    )
    if month_only and not labelled:
        return "(" not in line and others > 0 and found[0].first > 0
    if stopped and others > (2 if labelled else 0):
        return True
    return others > 3 and not labelled and line[:1].islower()
