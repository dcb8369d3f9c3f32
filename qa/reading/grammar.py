"""The dateline grammar: the shapes of `grammar.tsv` matched against tokens.

A shape is a row of elements; each element reads the tokens at one place in every way that it can,
and the first way through the whole row that is plausible wins. Elements look at a bounded number of
tokens, so a match costs a bounded time whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from qa.reading.datewords import WEEKDAYS, DatePhrase, date_phrases
from qa.reading.places import PlacePhrase, is_label, is_region, place_phrases
from qa.reading.plausibility import plausible
from qa.reading.shapes import Match, shapes
from qa.reading.sources import LONGEST_NAME_WORDS, SourceNames
from qa.reading.tokens import Tokens

_BRACKETS = {"(": ")", "[": "]", "（": "）", "【": "】", "［": "］", "/": "/"}
_LONGEST_CREDIT = 14  # tokens
_LONGEST_BYLINE = 120  # characters
_BYLINE = re.compile(r"\s*(?:By|BY|Von|Par|Por)\s+[^\W\d_a-z]")
_NAME_WITH_FIGURE = re.compile(
    r"[^\W\d_]{3,}\.? ?\d{1,2}(?:st|TV)?|\d{1,2} [^\W\d_]{4,}|\d{3,4} [A-Z]{3,}"
    r"|[A-Z]{3,}[ -]?(?:TV )?\d{1,2}"
    r"|(?=[^/]*[^\W\d_]{2})[\w ]{2,16}(?:/(?=[^/]*[^\W\d_]{2})[\w ]{2,16}){1,2}"
)  # "News 1st", "3TV/CBS 5"


def match_dateline(tokens: Tokens, start: int, sources: SourceNames) -> Match | None:
    """The first shape that reads the tokens at `start` plausibly, or None."""
    return _Matcher(tokens, start, sources).first()


class _Matcher:
    """The shapes tried at one place; what the elements read there is kept between shapes."""

    def __init__(self, tokens: Tokens, start: int, sources: SourceNames) -> None:
        self.tokens = tokens
        self.start = start
        self.sources = sources
        self._places: dict[int, list[PlacePhrase]] = {}
        self._dates: dict[int, list[DatePhrase]] = {}
        self._agencies: dict[int, list[tuple[int, str, str]]] = {}
        self._cues = self._find_cues()

    def first(self) -> Match | None:
        for shape in shapes():
            if not shape.needs <= self._cues:
                continue
            for match in self._read(shape.elements, Match(shape.name, self.start)):
                if plausible(shape, match, self.tokens, self.start, self.sources):
                    return match
        return None

    def _find_cues(self) -> set[str]:
        cues = set()
        for index in range(self.start, min(self.start + 40, len(self.tokens))):
            token = self.tokens[index]
            if token.kind == "dash":
                cues.add("-")
            elif token.kind == "number" or token.kind == "word":
                if self._bare(index):
                    cues.add("AGENCY")
            elif token.text in "([（【［":
                cues.add("(")
            else:
                cues.add(token.text)
        return cues

    def _read(self, elements: tuple[str, ...], match: Match) -> Iterator[Match]:
        if not elements:
            yield match
            return
        element, rest = elements[0], elements[1:]
        optional = element.endswith("?") and len(element) > 1
        for step in self._element(element.removesuffix("?") if optional else element, match):
            yield from self._read(rest, step)
        if optional:
            yield from self._read(rest, match)

    def _element(self, element: str, match: Match) -> Iterator[Match]:
        at = match.end
        if element.startswith("PLACE"):
            yield from self._place(element, match)
        elif element.startswith("DATE"):
            yield from self._date(element, match)
        elif element in ("(AGENCY)", "(AGENCY!)", "(STATION)", "/AGENCY/"):
            yield from self._bracketed(element, match)
        elif element == "AGENCY":
            for end, raw, name in self._bare(at):
                yield replace(match, end=end, agency=raw, source=name)
        elif element == "EOL":
            if "\n" in self.tokens[at].gap:
                yield match
        elif element == "PARA":
            if self.tokens[at].gap.count("\n") > 1:
                yield match
        elif element == "TOP":
            if not self.tokens.text[: self.tokens[at].start].strip():
                yield match
        elif element == "BYLINE":
            if _stands_below_byline(self.tokens.text, self.tokens[at].start):
                yield match
        elif element == "STOP" and _closed_by_region(match, self.tokens):
            yield match
        else:
            after = self._separator(element, at)
            if after is not None:
                yield replace(match, end=after)

    def _place(self, element: str, match: Match) -> Iterator[Match]:
        at = match.end
        if at not in self._places:
            self._places[at] = list(place_phrases(self.tokens, at))
        for place in self._places[at]:
            if element == "PLACE+" and not (place.case == "caps" or place.known):
                continue
            if element == "PLACE!" and not place.known:
                continue
            if element == "PLACE~" and place.case != "none":
                continue
            yield replace(match, end=place.end, place=place)

    def _date(self, element: str, match: Match) -> Iterator[Match]:
        at = match.end
        if at not in self._dates:
            self._dates[at] = list(self._date_readings(at))
        for date in self._dates[at]:
            if date.day is None and element != "DATE1":
                continue
            if date.month is None and element != "DATE1" and not date.ambiguous:
                continue
            if match.date is None or date.full:
                yield replace(match, end=date.end, date=date)

    def _date_readings(self, at: int) -> Iterator[DatePhrase]:
        if self.tokens[at].folded == "juche" and self.tokens[at + 1].kind == "number":
            yield from self._after_juche(at)
        found = list(date_phrases(self.tokens, at, typos=at > self.start))
        for date in found:
            if date.day is None and date.weekday and self.tokens.is_mark(date.end, "("):
                for inner in date_phrases(self.tokens, date.end + 1):
                    if self.tokens.is_mark(inner.end, ")"):
                        yield replace(inner, end=inner.end + 1, weekday=date.weekday)
            if self.tokens[date.end].folded == "juche" or (
                self.tokens.is_mark(date.end, ",") and self.tokens[date.end + 1].folded == "juche"
            ):
                yield self._juche(date)
            if clock := self._clock(date.end):
                yield replace(date, end=clock)
            comma = self.tokens.is_mark(date.end, ",")
            if comma and self.tokens[date.end + 1].folded in WEEKDAYS:  # ", kedd"
                yield replace(date, end=date.end + 2)
            yield date
        token = self.tokens[at]
        if not found and token.kind == "number" and 1 <= len(token.text) <= 2:
            follows = self.tokens[at + 1]
            if 1 <= int(token.text) <= 31 and follows.text in ("(", ".", ","):
                yield DatePhrase(at + 1, day=int(token.text))

    def _after_juche(self, at: int) -> Iterator[DatePhrase]:
        """ "Juche 105 (2016), June 2"."""
        year = self._juche(DatePhrase(at))
        end = year.end + 1 if self.tokens.is_mark(year.end, ",") else year.end
        for date in date_phrases(self.tokens, end):
            yield replace(date, year=date.year or year.year)

    def _clock(self, at: int) -> int | None:
        """The index after a time of day that follows a date: "/ 04:22 pm", ", 10:30"."""
        at += 1 if self.tokens.is_mark(at, "/,") else 0
        if self.tokens[at].kind != "number" or not self.tokens.is_mark(at + 1, ":"):
            return None
        end = at + 3
        return end + 1 if self.tokens[end].folded in ("am", "pm", "gmt", "utc") else end

    def _juche(self, date: DatePhrase) -> DatePhrase:
        """A North Korean date with its year of the Juche calendar, which begins with 1912."""
        at = date.end + (1 if self.tokens.is_mark(date.end, ",") else 0) + 1
        number = self.tokens[at]
        if number.kind != "number" or len(number.text) > 3:
            return date
        year = 1911 + int(number.text)
        end = at + 1
        if self.tokens.is_mark(end, "(") and self.tokens[end + 1].text == str(year):
            end += 3
        return replace(date, end=end, year=date.year or year)

    def _bare(self, at: int) -> list[tuple[int, str, str]]:
        """Listed agencies written at `at`, the longest name first."""
        if at in self._agencies:
            return self._agencies[at]
        found: list[tuple[int, str, str]] = []
        token = self.tokens[at]
        if "." in token.text and (name := self.sources.known(token.text)):
            found.append((at + 1, token.text, name))
        elif token.text in self.sources.openers:
            last = at + 1
            while last < min(at + LONGEST_NAME_WORDS + 1, len(self.tokens)):
                if "\n" in self.tokens[last].gap:
                    break
                last += 1
            for end in range(last, at, -1):
                raw = self.tokens.words(at, end)
                if name := self.sources.bare.get(raw):
                    found.append((end, raw, name))
        self._agencies[at] = found
        return found

    def _bracketed(self, element: str, match: Match) -> Iterator[Match]:
        at = match.end
        closing = _BRACKETS.get(self.tokens[at].text)
        if closing is None or (element == "/AGENCY/") != (closing == "/"):
            return
        for end in range(at + 2, at + _LONGEST_CREDIT):
            if self.tokens[end].kind == "end" or self.tokens[end].gap.count("\n") > 1:
                return
            if self.tokens[end].text == closing:
                raw = self.tokens.words(at + 1, end).strip(" ,.-–—")
                found = self._credit(element, raw)
                if found is not None:
                    yield replace(match, end=end + 1, agency=raw, source=found or None)
                if closing != "/":
                    return

    def _credit(self, element: str, raw: str) -> str | None:
        """Canonical name, "" for a plausible unknown one, None for what is no agency."""
        exact = self.sources.known(raw)
        if exact:
            return exact
        if not raw or (any(c.isdigit() for c in raw) and not _NAME_WITH_FIGURE.fullmatch(raw)):
            return None
        known = self.sources.credit(raw)
        if known and is_picture_credit(raw):
            return None
        if known:
            return known
        if element == "(AGENCY!)" or is_region(raw) or is_label(raw):
            return None
        words = raw.split()
        if len(words) > LONGEST_NAME_WORDS or not raw[0].isalnum():
            return None
        if element == "(STATION)":
            return "" if len(words) == 1 and raw.isupper() and 3 <= len(raw) <= 10 else None
        if raw.islower() and (len(words) > 1 or len(raw) > 8):
            return None
        return ""

    def _separator(self, element: str, at: int) -> int | None:
        tokens = self.tokens
        if element in ("DASH", "LONGDASH", "SEP", "SEPSTOP"):
            begin = at + 1 if tokens.is_mark(at, ".,") and tokens[at + 1].kind == "dash" else at
            token = tokens[begin]
            if token.kind == "dash" and ("\n" not in token.gap or tokens[begin - 1].text == ")"):
                if element == "LONGDASH" and token.text in ("-", "_", "‒"):
                    return None
                glued = not token.gap and not tokens[begin + 1].gap
                if token.text == "-" and glued and tokens[begin - 1].kind == "word":
                    return None
                return begin + 1
            if element in ("SEP", "SEPSTOP") and tokens.is_mark(at, ":=："):
                return at + 1
        if element in ("STOP", "SEPSTOP"):
            if tokens.is_mark(at, ".") and not tokens[at].gap:
                return at + 1
            # "14 марта.": the date took the full stop for that of an abbreviation
            month_closed = tokens.is_mark(at - 1, ".") and tokens[at - 3].kind == "number"
            return at if element == "STOP" and month_closed and tokens[at].gap else None
        return at + 1 if tokens[at].text == element else None


def _stands_below_byline(text: str, start: int) -> bool:
    """Whether the last line in front of `start` opens like a byline and is as short as one."""
    reach = max(0, start - _LONGEST_BYLINE)
    _, newline, line = text[reach:start].rstrip().rpartition("\n")
    return (bool(newline) or reach == 0) and bool(_BYLINE.match(line))


def _closed_by_region(match: Match, tokens: Tokens) -> bool:
    """Whether the full stop went to the region, as if that were short: "GRAZ, Austria. Three"."""
    place, at = match.place, match.end
    closed = place is not None and place.region and place.known and place.end == at
    return closed and tokens.is_mark(at - 1, ".") and bool(tokens[at].gap)


def is_picture_credit(raw: str) -> bool:
    """Whether a credit in brackets is a photographer's ("AP Photo/Jane Roe")."""
    words = raw.lower().replace("/", " ").split()
    return any(
        word.startswith(("photo", "foto", "pool", "image", "video", "file")) for word in words
    )
