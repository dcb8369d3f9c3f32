"""The kind of answer that a question wants, by closed lists of English nouns and turns of phrase.

"How much" may want money, a share or a weight, and "which" a person, a firm or a ship: the noun
that follows the question word decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from qa.reader.words import Token, lemma

Kind = Literal[
    "date", "count", "money", "percent", "measure", "person", "organisation", "place", "name",
    "thing", "reason", "yes-no",
]  # fmt: skip
QUANTITIES: frozenset[Kind] = frozenset({"count", "money", "percent", "measure"})
NAMES: frozenset[Kind] = frozenset({"person", "organisation", "place", "name"})

_NOUNS: dict[Kind, str] = {
    "date": "date day month year week weekday time deadline",
    "percent": "share proportion percentage percent pct slice fraction portion",
    "money": """price prices cost costs sum amount fine salary pay profit loss revenue bid ransom
        value worth earnings fee bonus budget surplus deficit debt dividend compensation bail bill
        turnover damages investment sales payment income fare rent wage money cash""",
    "measure": """rate level length size height depth weight distance magnitude output quota
        capacity temperature speed age growth increase raise decrease rise fall drop lead margin
        majority odds yield index fix record measure term sentence duration score volume
        production rating ratio inflation unemployment support range""",
    "count": "number toll count total tally figure population turnout",
    "person": """person man woman people candidate minister president senator congressman
        congresswoman governor mayor director chairman chairwoman executive economist analyst
        lawyer attorney judge official officer general leader head boss chief player author writer
        actor actress singer scientist researcher spokesman spokeswoman politician ambassador
        secretary captain pilot driver winner founder owner successor manager coach editor
        journalist king queen prince princess pope doctor professor activist suspect director""",
    "organisation": """company firm bank airline brokerage agency group organisation organization
        party union newspaper retailer carmaker maker network team club university court regulator
        ministry department institute corporation insurer manufacturer publisher broadcaster
        operator consortium fund body watchdog league association bidder supplier developer
        committee council brokers builder miner producer lender consultancy carrier consultant
        employer partner authority charity church federation""",
    "place": """country countries nation nations city cities town state states province region
        village island river continent port capital airport district neighbours neighbors county
        location venue site base prefecture neighbour neighbor""",
    "name": """ship vessel name names title phrase nickname brand book film drug product division
        engine programme program car model jet jets aircraft plane planes language song album award
        prize satellite rocket operation code disease virus chemical pesticide weedkiller poll
        magazine website app vaccine strain storm hurricane cyclone typhoon slogan currency""",
}
KIND_OF_NOUN: dict[str, Kind] = {
    noun: kind for kind, nouns in _NOUNS.items() for noun in nouns.split()
}
_MONEY_HINT = re.compile(
    r"\b(?:cost|pay(?:s|ing)?|paid|sell(?:s|ing)?|sold|fetch(?:ed)?|price[sd]?|spend(?:s|ing)?|spent|worth|money|offer(?:ed|ing)?|earn(?:ed|s)?|charge[sd]?|"
    r"invest(?:ed)?|ransom|fine[sd]?|award(?:ed)?|profit|raise[sd]?|tax|sum|salary|bid)\b",
    re.I,
)
_PAYING = re.compile(r"\b(?:cost|pay|paid|paying|charge|charging|fetch|earn|bid)\b", re.I)
_MEASURING = re.compile(r"\b(?:measure[sd]?|weigh(?:s|ed)?)\b", re.I)
_CALLED = re.compile(r"\b(?:called|named|christened|dubbed|nicknamed|titled)\W*$", re.I)
_WORTH = re.compile(r"\bworth\W*$", re.I)
_QUOTED_AT = re.compile(
    r"\b(?:close|finish|open|end)\b|"
    r"\b(?:index|rate|yield|price|average|currency|stocks?|shares?)\b.*\bstand\b",
    re.I,
)
_UNITS = re.compile(
    r"\bhow (big|large|high|low|far|long|old|tall|deep|fast|heavy|wide|strong|sharply|steeply|"
    r"close|hot|cold|young|late|often)\b",
    re.I,
)
_UNIT_WORDS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (
        re.compile(
            r"\bhow long\b(?! (?:is|was|are|were) the\b)|\b(?:jail|prison) term\b|"
            r"\b(?:sentence|warning|notice|duration)\b",
            re.I,
        ),
        frozenset({"time"}),
    ),
    (
        re.compile(
            r"\bhow (?:tall|deep|wide|long)\b|\bwhat (?:is|was|are|were) the "
            r"(?:height|depth|width|length)\b",
            re.I,
        ),
        frozenset({"length"}),
    ),
    (
        re.compile(r"\bhow heavy\b|\bwhat (?:is|was|are|were) the weight\b", re.I),
        frozenset({"measure"}),
    ),
    (re.compile(r"\bhow (?:old|young)\b|\bage\b", re.I), frozenset({"time", "count"})),
    (
        re.compile(
            r"\b(?:rate|growth|rating|ratio|odds|yield|unemployment|inflation)\b|"
            r"\bhow (?:sharply|steeply)\b|\bby how much\b|\b(?:raise|pay (?:rise|increase))\b",
            re.I,
        ),
        frozenset({"percent", "money", "count"}),
    ),
    (
        re.compile(r"\bhow (?:much|big|large|high|low|small)\b", re.I),
        frozenset({"money", "percent", "measure", "count"}),
    ),
    (
        re.compile(r"\b(?:index|where did|score|magnitude|richter)\b", re.I),
        frozenset({"count", "money", "percent"}),
    ),
)
_REASON = re.compile(
    r"^why\b|\bwhat (?:caused|led|prompted|made|triggered|sparked|started|drove|forced)\b|"
    r"\bwhat (?:was|is|were|are) the (?:reason|cause|grounds|motive)\b|\bon what grounds\b|"
    r"\b(?:for what reason|how come)\b",
    re.I,
)


def kind_of(bare: str, word: str, focus: Sequence[Token], when: bool, yes_no: bool) -> Kind:
    """The finest kind that the words give, surest first."""
    if word == "when" or (when and not word.startswith(("how", "who"))):
        return "date"
    if _REASON.search(bare):
        return "reason"
    if yes_no and not word:
        return "yes-no"
    if word == "how":
        return _kind_of_how(bare, focus)
    if word in {"who", "whom"}:
        return "person"
    if word == "what" and _CALLED.search(bare):
        return "name"
    if _WORTH.search(bare):
        return "money"
    noun = _kind_of_nouns(focus)
    if word == "where":
        return "measure" if _QUOTED_AT.search(bare) else "place"
    if word == "whose":
        return "person"
    if noun is not None:
        return noun
    if word in {"what", ""}:
        return _kind_of_verb(bare)
    return "name"


def _kind_of_verb(bare: str) -> Kind:
    """What a bare "what did X ...?" asks for, by its verb."""
    if _PAYING.search(bare):
        return "money"
    return "measure" if _MEASURING.search(bare) else "thing"


def _kind_of_how(bare: str, focus: Sequence[Token]) -> Kind:
    low = bare.lower()
    if "how many" in low:
        return "count"
    if "how much" in low:
        if re.search(r"how much of\b", low):
            return "percent"
        noun = _kind_of_nouns(focus)
        if noun is not None or focus:
            return noun if noun in QUANTITIES else "measure"
        return "money" if _MONEY_HINT.search(low) else "measure"
    return "measure" if _UNITS.search(low) else "thing"


def _kind_of_nouns(focus: Sequence[Token]) -> Kind | None:
    """The kind of the last noun of the group that the lists know."""
    for token in reversed(focus):
        kind = KIND_OF_NOUN.get(singular(token)) or KIND_OF_NOUN.get(lemma(token.text))
        if kind is not None:
            return kind
    return None


def units_of(bare: str, kind: Kind) -> frozenset[str]:
    """Which units a figure must have to answer, where the words narrow them."""
    if kind == "measure":
        return next((units for pattern, units in _UNIT_WORDS if pattern.search(bare)), frozenset())
    return frozenset({kind}) if kind in QUANTITIES else frozenset()


def singular(token: Token) -> str:
    """Lower case without a possessive ending: "country's" names a country."""
    return token.text.lower().replace("’", "'").removesuffix("'s")
