"""Words as the reader compares them: tokens with offsets, stems, and families of kindred words.

Wire copy abbreviates (pct, mln, dlrs), questions spell out; the regular forms of a word, a country
and its adjective, and a figure in words or digits all have to meet. Stems are for comparing only:
they need not be words, and nothing of them is ever shown.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*(?:-\d+/\d+|/\d+)?"  # 1,375  9-1/4  3/4
    r"|(?:[A-Z]\.){2,}[A-Z]?"  # U.S.  E.F.
    r"|[^\W\d_]+(?:['’&][^\W\d_]+)*"
    r"|[$£€¥%]"
)


def closed_class(words: str) -> frozenset[str]:
    """A set of words written as running text."""
    return frozenset(words.split())


# How wire copy and typography abbreviate what questions spell out; after lower-casing.
_WRITTEN = MappingProxyType(
    {
        "pct": "percent", "%": "percent", "pc": "percent", "percentage": "percent",
        "mln": "million", "bln": "billion", "trln": "trillion", "tln": "trillion",
        "dlr": "dollar", "dlrs": "dollar", "$": "dollar", "£": "pound", "stg": "pound",
        "sterling": "pound", "€": "euro", "¥": "yen", "bpd": "barrel", "govt": "government",
        "rep": "representative", "sen": "senator", "gen": "general", "dr": "doctor",
        "corp": "corporation", "co": "company", "inc": "incorporated", "ltd": "limited",
        "intl": "international", "dept": "department", "tories": "conservative",
        "tory": "conservative",
    }
)  # fmt: skip

_UNITS_AND_TEENS = """zero one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS = MappingProxyType(
    {word: str(value) for value, word in enumerate(_UNITS_AND_TEENS.split())}
    | {word: str(10 * n) for n, word in enumerate(_TENS.split(), start=2)}
)

# Words that carry no matter of their own: a question shares them with every sentence.
STOP = closed_class(
    """a an the this that these those there here it its he him his she her hers they them their
    theirs we us our you your i me my who whom whose which what when where why how much many and
    or but nor not no if then than as of in on at by to from for with without into onto over
    under about after before between during since until till up down out off through across
    against is are was were be been being am do does did done doing has have had having can
    could will would shall should may might must 's s t d ll re ve m so such very more most less
    least own same other another any some all both each every few also only just even still yet
    too again ever never once while because per via can't don't didn't isn't wasn't hi hello
    please tell according called said say says mr mrs ms get got make made go went come came now"""
)

_SUFFIXES = frozenset({
    "ization", "isation", "ational", "fulness", "ousness", "iveness", "ements", "ations", "ically",
    "ation", "ement", "ments", "ition", "ities", "ances", "ences", "ising", "izing", "ingly",
    "edly", "ment", "ness", "ance", "ence", "able", "ible", "ions", "ings", "ists", "isms", "ised",
    "ized", "ship", "ally", "ers", "ors", "ing", "ion", "ist", "ism", "ive", "ous", "ity", "ise",
    "ize", "ies", "ied", "est", "ful", "ic", "al", "ed", "er", "or", "ly", "es", "s",
})  # fmt: skip
_LONGEST_SUFFIX = max(map(len, _SUFFIXES))
_LEAST_STEM = 3


class Token(NamedTuple):
    """A word at `[start, end)` of the text it came from, with its stem."""

    text: str
    start: int
    end: int
    stem: str

    @property
    def capital(self) -> bool:
        """Whether it is written as a name: a capital first."""
        return self.text[0].isupper()

    @property
    def digits(self) -> bool:
        """Whether it is written in digits."""
        return self.text[0].isdigit()


def tokens(text: str, offset: int = 0) -> list[Token]:
    """The words, numbers and currency signs of `text`, in order; offsets count from `offset`."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        found.append(Token(word, match.start() + offset, match.end() + offset, stem(word)))
    return found


def stems_in(text: str) -> list[str]:
    """The stems of `tokens(text)`, in order: where words are only compared."""
    return [stem(word) for word in _TOKEN.findall(text)]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The comparable form of one token: lower case, abbreviations written out, suffixes gone."""
    low = word.lower().replace("’", "'").replace(".", "" if word[0].isalpha() else ".")
    low = low.removesuffix("'s").removesuffix("s'")
    if low[:1].isdigit():
        return _number(low)
    low = _WRITTEN.get(low, low)
    if low in NUMBER_WORDS:
        return NUMBER_WORDS[low]
    if low in _INFLECTED:
        return _INFLECTED[low]
    return _strip(low)


def lemma(word: str) -> str:
    """Lower case without a plural or possessive ending: a villager is no village."""
    low = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    if len(low) > 4 and low.endswith(("sses", "ches", "shes", "xes")):
        return low[:-2]
    return low[:-1] if len(low) > 3 and low.endswith("s") and not low.endswith("ss") else low


def _number(digits: str) -> str:
    """1,375 and 1375 are one number, 63.40 and 63.4 too."""
    plain = (
        digits.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits) else digits
    )
    return plain.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d+", plain) else plain


def _strip(word: str) -> str:
    """Suffixes off, longest first, as long as three letters and a vowel remain."""
    if len(word) <= _LEAST_STEM or not word.isalpha():
        return word
    if word.endswith("ss"):
        return word
    bare = word
    if bare.endswith("s") and not bare.endswith(("us", "is")):
        bare = bare[:-3] + "y" if bare.endswith("ies") and len(bare) > 4 else bare[:-1]
    for length in range(min(_LONGEST_SUFFIX, len(bare)), 0, -1):
        if bare[-length:] in _SUFFIXES and _has_vowel(bare[:-length]):
            bare = bare[:-length]
            break
    if len(bare) > _LEAST_STEM and bare[-1] == bare[-2] and bare[-1] not in "ls":
        bare = bare[:-1]
    if len(bare) > _LEAST_STEM and bare[-1] in "eiy":
        bare = bare[:-1]
    return bare


def _has_vowel(rest: str) -> bool:
    return len(rest) >= _LEAST_STEM and any(letter in "aeiouy" for letter in rest)


def _blocks() -> list[list[tuple[str, list[str]]]]:
    """The blocks of kindred.tsv, each a list of (head, other forms)."""
    text = files("qa.reader").joinpath("kindred.tsv").read_text(encoding="utf-8")
    blocks: list[list[tuple[str, list[str]]]] = []
    for line in text.splitlines():
        if line.startswith("# ---"):
            blocks.append([])
        elif line and not line.startswith("#"):
            head, forms = line.split("\t")
            blocks[-1].append((head, forms.split()))
    return blocks


def _inflected() -> dict[str, str]:
    """Irregular form or adjective of a country -> the stem of its head."""
    inflections, _, countries = _blocks()
    return {
        form: _strip(head) for head, forms in [*inflections, *countries] for form in [*forms, head]
    }


_INFLECTED: dict[str, str] = _inflected()
COUNTRIES: frozenset[str] = frozenset(_strip(head) for head, _ in _blocks()[2])


def _families() -> dict[str, frozenset[str]]:
    """Stem -> the stems of its near-synonyms; a word may belong to several families."""
    members: dict[str, set[str]] = {}
    for head, forms in _blocks()[1]:
        family = {stem(word) for word in [head, *forms]}
        for word in family:
            members.setdefault(word, set()).update(family)
    return {word: frozenset(kin) for word, kin in members.items()}


_KIN = MappingProxyType(_families())
_NO_KIN: frozenset[str] = frozenset()


def kin(word_stem: str) -> frozenset[str]:
    """Stems of near-synonyms of a stem, itself among them; empty where none are known."""
    return _KIN.get(word_stem, _NO_KIN)
