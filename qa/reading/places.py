"""The place of a dateline, read from tokens: "NEW YORK", "CHARLOTTE, N.C./WASHINGTON, D.C.".

A place is read by its form (capitals, regions after commas, slashes, "and"); the names in
`places.tsv` decide only where the form alone would not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from qa.reading.datewords import WEEKDAYS, month_number
from qa.reading.tokens import Case, Tokens
from qa.reading.words import word_set

MOST_WORDS = 6  # "SAN CRISTOBAL DE LAS CASAS" has five
MOST_CITIES = 5

CONNECTORS = word_set("connectors")
_CASELESS_PREPOSITIONS = frozenset(("في", "من"))
_AND = word_set("and")
_PREFIXES = word_set("prefixes")
_NO_PLACE_START = word_set("no-place-start")
_ARTICLE = frozenset(("the", "a", "board"))
_COMMON_NOUNS = word_set("common-nouns")
_VESSELS = word_set("vessels")
_STREET_ABBREVIATIONS = word_set("street-abbreviations")
_ELIDED = frozenset(("dell", "sant", "all", "nell"))


@dataclass(frozen=True, slots=True)
class PlacePhrase:
    """The cities named over the tokens `[start, end)`; `case` is that of the first name.

    `names` are in title case without their region; `known` says that a name, or a region after
    one, is in the list of places.
    """

    start: int
    end: int
    names: tuple[str, ...]
    case: Case
    known: bool
    region: bool = False
    words: int = 1


def _table() -> tuple[frozenset[str], ...]:
    found: dict[str, set[str]] = {"region": set(), "city": set(), "label": set()}
    text = resources.files("qa.reading").joinpath("places.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            kind, names = line.split("\t")
            found[kind].update(fold_place(name) for name in names.split("|"))
    return tuple(frozenset(found[kind]) for kind in ("region", "city", "label"))


def fold_place(name: str) -> str:
    """A name without case, full stops and doubled spaces, to be looked up."""
    return " ".join(name.replace(".", "").replace("’", "'").lower().split())


REGIONS, CITIES, LABELS = _table()


def is_region(name: str) -> bool:
    """Whether `name` is a state, province or country that may follow a city."""
    return fold_place(name) in REGIONS


def is_label(name: str) -> bool:
    """Whether `name` heads texts of many kinds ("UPDATE", "EXCLUSIVE") and is no place."""
    return fold_place(name) in LABELS


def is_city(name: str) -> bool:
    """Whether `name` is a listed city, and not only a country or a state."""
    return fold_place(name) in CITIES


def is_known(name: str) -> bool:
    """Whether `name` is a listed city, or a country or state that may stand for one."""
    folded = fold_place(name)
    return folded in CITIES or (folded in REGIONS and len(folded) > 3)


def place_phrases(tokens: Tokens, start: int) -> Iterator[PlacePhrase]:
    """Every reading of the tokens at `start` as a place, the longest first."""
    begin = _after_prefix(tokens, start)
    ends = list(_name_ends(tokens, begin))
    for end in reversed(ends):
        yield from _with_rest(tokens, start, begin, end)


def _after_prefix(tokens: Tokens, start: int) -> int:
    at = start
    if tokens[at].folded in _PREFIXES and tokens[at].case in ("caps", "title"):
        at += 1
        while tokens[at].folded in _ARTICLE:
            at += 1
    return at


def _name_ends(tokens: Tokens, begin: int) -> Iterator[int]:
    """Indexes after each word at which a name that starts at `begin` could end."""
    at, count = begin, 0
    while count < MOST_WORDS:
        token = tokens[at]
        if token.kind != "word" or (count and (not token.gap or token.gap.count("\n") > 1)):
            return
        if count and "\n" in token.gap:
            return
        if token.case == "lower":
            if count and token.folded in CONNECTORS:
                at += 1
                if "." in token.text:  # "Frankfurt a.M."
                    at += 1 if tokens.is_mark(at, ".") else 0
                    yield at
                continue
            if month_number(token.text) or not (count or is_known_start(tokens, at)):
                return
            if count and not is_known(tokens.words(begin, at + 1)):
                return
        weekday = token.folded in WEEKDAYS and len(token.text) > 3  # but SUN VALLEY, Idaho
        if weekday and tokens[at - 1].kind != "word":
            return
        if _is_date_word(tokens, at) and not is_known(tokens.words(begin, at + 1)):
            return  # but "RIO DE JANEIRO (" names no month
        if token.text in _CASELESS_PREPOSITIONS:
            return
        count += 1
        at += 1
        if tokens.is_mark(at, ".") and not tokens[at].gap and _abbreviated(tokens, at - 1):
            at += 1
        if count == 1 or token.folded not in CONNECTORS:
            yield at


def is_known_start(tokens: Tokens, at: int) -> bool:
    """Whether one to three lower-case words at `at` are a listed city ("sioux city")."""
    return any(fold_place(tokens.words(at, end)) in CITIES for end in range(at + 1, at + 4))


def _is_date_word(tokens: Tokens, at: int) -> bool:
    if not month_number(tokens[at].text):
        return False
    after = at + 2 if tokens.is_mark(at + 1, ".") else at + 1
    return tokens[after].kind == "number" or tokens.is_mark(after, "(")


def _abbreviated(tokens: Tokens, word: int) -> bool:
    """Whether the full stop after this word belongs to it ("ST.", "D.C.", "a.M.")."""
    text = tokens[word].text
    if text.lower().rpartition("-")[2] in _STREET_ABBREVIATIONS:
        return True
    return text.lower() in _STREET_ABBREVIATIONS or len(text) == 1 or text[-2:-1] == "."


def _with_rest(tokens: Tokens, start: int, begin: int, end: int) -> Iterator[PlacePhrase]:
    """The name over `[begin, end)` with the regions and further cities after it."""
    first = tokens.words(begin, end)
    case = _case(tokens, begin, end)
    the = tokens[begin].text == "THE" and end - begin > 1  # "THE WOODLANDS, Texas"
    if tokens[begin].folded in _NO_PLACE_START and not the and not is_known(first):
        return
    if tokens[start].text in _VESSELS:
        case = "caps"
    names, at, region, known = [first], end, False, is_known(first)
    yielded = [
        PlacePhrase(start, at, _shown(tokens, start, names), case, known, False, end - begin)
    ]
    while len(names) <= MOST_CITIES:
        for after in list(_regions(tokens, at)):
            at, region, known = after, True, known or _ends_in_region(tokens, at, after)
            yielded.append(
                PlacePhrase(
                    start, at, _shown(tokens, start, names), case, known, region, end - begin
                )
            )
        further = _next_city(tokens, at, case)
        if not further:
            break
        city, stop = further
        names.append(tokens.words(city, stop))
        at, known = stop, known or is_known(names[-1])
        yielded.append(
            PlacePhrase(start, at, _shown(tokens, start, names), case, known, region, end - begin)
        )
    yield from reversed(yielded)


def _case(tokens: Tokens, begin: int, end: int) -> Case:
    cases = [
        tokens[i].case
        for i in range(begin, end)
        if tokens[i].kind == "word" and tokens[i].folded not in CONNECTORS
    ]
    if cases and all(case == "caps" for case in cases):
        return "caps"
    return "title" if "caps" in cases else (cases[0] if cases else "none")


def _regions(tokens: Tokens, at: int) -> Iterator[int]:
    """The index after each of one to three regions: ", N.C.", ", Ontario, Canada", " [India]"."""
    for _ in range(3):
        after = _bracketed(tokens, at) or _comma_region(tokens, at)
        if after is None:
            return
        at = after
        yield at


def _bracketed(tokens: Tokens, at: int) -> int | None:
    closing = {"[": "]", "(": ")"}.get(tokens[at].text)
    if not closing:
        return None
    for end in range(at + 2, at + 6):
        if tokens[end].text == closing:
            listed = is_region(tokens.words(at + 1, end))
            return end + 1 if listed or closing == "]" or tokens[end + 1].text == "[" else None
    return None


def _comma_region(tokens: Tokens, at: int) -> int | None:
    if not tokens.is_mark(at, ","):
        return None
    begin = at + 1
    if "\n\n" in tokens[begin].gap:
        return None
    best = None
    for end in range(begin + 1, begin + 6):  # "Democratic Republic of the Congo" has five words
        token = tokens[end - 1]
        if token.kind != "word" or (end > begin + 1 and not token.gap):
            break
        small = token.case == "lower" and token.folded not in CONNECTORS
        if small and not is_region(tokens.words(begin, end)):
            break
        if month_number(token.text) or token.folded in WEEKDAYS:
            break
        after = end + 1 if tokens.is_mark(end, ".") and not tokens[end].gap else end
        if after > end and len(token.text) == 1 and is_region(tokens.words(begin, after + 1)):
            after += 2 if tokens.is_mark(after + 1, ".") else 1  # "W. Va."
        if is_region(tokens.words(begin, end)) or _ends_name(tokens, after):
            best = after
        if after > end and not _ends_name(tokens, after):
            end_of_abbreviation = tokens[after].kind == "word" and tokens[after].text.isupper()
            if not end_of_abbreviation:
                break
    return best


def _ends_name(tokens: Tokens, at: int) -> bool:
    token = tokens[at]
    return token.kind == "dash" or (token.kind == "mark" and token.text in ",(/[")


def _ends_in_region(tokens: Tokens, at: int, after: int) -> bool:
    return is_region(tokens.words(at + 1, after).strip("[]() "))


def _next_city(tokens: Tokens, at: int, case: Case) -> tuple[int, int] | None:
    """Start and end of the next city after "/", "and", or a comma in a list of capitals."""
    begin = at
    if tokens.is_mark(begin, ",") and tokens[begin + 1].folded in _AND:
        begin += 1
    joined = tokens.is_mark(begin, "/&") or (
        tokens[begin].folded in _AND and bool(tokens[begin].gap)
    )
    listed = tokens.is_mark(begin, ",") and case == "caps" and _closes_with_and(tokens, begin)
    if not joined and not listed:
        return None
    begin += 1
    spaced = tokens.is_mark(begin - 1, "/") and bool(tokens[begin].gap)
    end = None
    for candidate in _name_ends(tokens, begin):
        if case == "caps" and _case(tokens, begin, candidate) not in ("caps", "title"):
            break
        if spaced and tokens.is_mark(candidate, "/"):
            return None  # "/ ACCESSWIRE /": an agency between slashes
        end = candidate
    return (begin, end) if end and not month_number(tokens[begin].text) else None


def _closes_with_and(tokens: Tokens, at: int) -> bool:
    """Whether names in capitals follow, divided by commas, up to "and" and one name more."""
    for index in range(at, at + 3 * MOST_CITIES):
        token = tokens[index]
        if token.folded in _AND:
            return tokens[index + 1].case == "caps"
        if not tokens.is_mark(index, ",") and token.case != "caps":
            return False
    return False


def _shown(tokens: Tokens, start: int, names: list[str]) -> tuple[str, ...]:
    if len(names) == 2 and names[-1].upper().endswith(" AIRPORT"):
        names = ["/".join(names)]
    border = tokens[start].folded in _PREFIXES and tokens[start + 1].folded in _ARTICLE
    return tuple(title_case(name, nouns_small=border) for name in names)


def title_case(name: str, *, nouns_small: bool = False) -> str:
    """A name in capitals as a sentence would write it: "RIO DE JANEIRO" -> "Rio de Janeiro"."""
    words = name.split()
    if len(words) > 1 and words[0] in _VESSELS:
        return f"{words[0]} {title_case(' '.join(words[1:]))}"
    shown = []
    for index, word in enumerate(words):
        if (index and word.lower() in CONNECTORS) or (
            nouns_small and word.lower() in _COMMON_NOUNS
        ):
            shown.append(word.lower() if word.isupper() else word)
        else:
            shown.append("/".join(_title_word(part) for part in word.split("/")))
    return " ".join(shown)


def _title_word(word: str) -> str:
    if word.islower() and word.isascii():
        return word[:1].upper() + word[1:]
    if (
        not word.isupper()
        or (word.count(".") > 1 and len(word) <= 6)
        or word in ("U.S", "US", "UK")
    ):
        return word
    out, fresh, part_start = [], True, 0
    parts = word.replace("‐", "-").split("-")
    for index, part in enumerate(parts):
        out.append(_title_part(part, inner=bool(index) and index < len(parts) - 1))
    return "-".join(out) if fresh and not part_start else word


def _title_part(part: str, *, inner: bool) -> str:
    if inner and part.lower() in CONNECTORS | {"au", "sur", "prince's"}:
        return part.lower()
    if part in ("US", "UK", "UN", "EU"):
        return part
    for mark in ("'", "’", "`"):
        head, found, tail = part.partition(mark)
        if found and len(tail) > 1 and (len(head) == 1 or head.lower() in _ELIDED):
            return f"{_first_up(head)}{mark}{_first_up(tail)}"  # N'Djamena, Sant'Anna
        if found:
            return f"{_first_up(head)}{mark}{tail.lower()}"  # Nuku'alofa, St. John's
    return _first_up(part)


def _first_up(part: str) -> str:
    return part[:1] + part[1:].lower()
