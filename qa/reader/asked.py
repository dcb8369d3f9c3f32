"""What exactly a question asks for: the kind of answer, its noun, and the terms to be found.

`Understood.asked` says when, number, who, ...; the reader needs it finer (qa/reader/kinds.py), and
needs apart what the question is about (its names and its time) and what it asks about it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.reader.kinds import KIND_OF_NOUN, Kind, kind_of, singular, units_of
from qa.reader.names import GENERIC_STEMS
from qa.reader.words import STOP, Token, closed_class, lemma, tokens

CORE_DECAY = 0.6  # each further word of the core counts so much of the one before it
# Nouns that only say what kind of thing is asked for: the answer stands in their place.
_GENERIC = closed_class(
    """price cost sum amount value worth number total count figure level rate share proportion
    percentage percent slice fraction portion size name title phrase country nation city town state
    place region firm company group organisation organization person man woman people thing kind
    part type date day month year week time money happen happened brand extra candidate neighbour
    neighbours neighbors congressman lot"""
)
_OPENING = re.compile(
    r"^(?:\W*(?:hi|hello|hey|please|well|so|ok(?:ay)?|(?:can|could|would) you (?:please )?"
    r"(?:tell|show) (?:me|us)|tell (?:me|us)|do you know|i(?:'d| would) like to know|name)\b"
    r"[\s,:]*)+",
    re.I,
)
_LEADING_PHRASE = re.compile(
    r"(?:^|[,:;]\s+|\band\s+)(?:[a-z]+\s+){0,2}?"
    r"(who(?:m|se)?|what|which|when|where|why|how)\b",
    re.I,
)
_AFTER_WHEN = re.compile(
    r"(?:when|after|before|if|while|as|in|on|at|by|for)\b[^?]*?,\s+(?:[a-z]+\s+){0,2}?"
    r"(who(?:m|se)?|what|which|where|why|how)\b",
    re.I,
)
_AUXILIARIES = closed_class(
    """did do does is are was were has have had can could will would shall should may might must"""
)
_COPULAS = frozenset({"is", "was", "are", "were", "'s", "became"})
_SKIPPED = frozenset({"the", "a", "an", "of", "s", "more", "extra"})
_NOUN_END = _AUXILIARIES | closed_class(
    """that to of from in for on at by with who whom which and or into as under over than when
    after before between during it he they she we you said told be 's per each every"""
)


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a question that a report has to share, in the question's order.

    `name` marks a word written as a name, `number` a figure or a year.
    """

    stem: str
    text: str
    name: bool
    number: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the reader sees it; `focus` holds the stems of the noun that is asked for."""

    kind: Kind
    focus: tuple[str, ...]
    terms: tuple[Term, ...]
    names: tuple[tuple[str, ...], ...]  # stems of each named entity, one tuple a name
    particular: tuple[tuple[str, ...], ...]  # the names without "Bank", "Ministry" and the like
    times: tuple[str, ...]  # stems of the words that name a time; they are no terms
    units: frozenset[str]  # units of figures that answer; empty where any may
    core: tuple[tuple[str, float], ...]  # what is asked about the names: (stem, weight)
    outcome: bool  # asks for something that has happened, not for a plan or a forecast
    plural: bool  # more than one thing is asked for


def read_asked(
    question: str, when: bool = False, yes_no: bool = False, time_words: str = ""
) -> Asked:
    """Kind of answer, focus noun, terms and names; `when` and `yes_no` as understood.

    `time_words` are the words of the question that name a time ("in March 1987").
    """
    bare = _OPENING.sub("", question).strip()
    words = tokens(bare)
    start, word = _question_word(bare, words)
    focus = _focus(words, start)
    kind = kind_of(bare, word, focus, when, yes_no)
    times = _times(bare, words, time_words)
    matter = [token for token in words if token not in times]
    lower_case = not any(token.capital for token in words[1:])
    named = _names(words, times)
    return Asked(
        kind=kind,
        focus=tuple(lemma(token.text) for token in focus),
        terms=_terms(words, matter, lower_case),
        names=named,
        particular=_particular(named),
        times=tuple(token.stem for token in words if token in times and is_content(token)),
        units=units_of(bare, kind),
        core=_core(words, start, times, lower_case),
        outcome=_asks_for_outcome(bare),
        plural=_plural(words, start, focus),
    )


def _times(bare: str, words: list[Token], time_words: str) -> set[Token]:
    """The tokens of the words that name a time."""
    at = bare.lower().find(time_words.lower()) if time_words else -1
    if at < 0:
        return set()
    return {token for token in words if at <= token.start < at + len(time_words)}


def _question_word(bare: str, words: list[Token]) -> tuple[int, str]:
    """Index of the token after the question word, and the word; (0, "") where there is none."""
    match = (
        _main_clause(bare)
        or _LEADING_PHRASE.search(bare)
        or re.search(r"\b(who(?:m|se)?|what|which|when|where|why|how)\b", bare, re.I)
    )
    if match is None:
        return 0, ""
    after = next((i for i, token in enumerate(words) if token.start >= match.end(1)), len(words))
    return after, match.group(1).lower()


def _focus(words: list[Token], start: int) -> list[Token]:
    """The noun group that the question word governs: "(how many) rescued miners"."""
    at = start
    if at < len(words) and words[at].text.lower() in {"many", "much"}:
        at += 1
    elif at < len(words) and words[at].text.lower() in _COPULAS:
        at += 1  # "what was the toll": the noun follows; "what did X pay" has none
        at = _after_owner(words, at)
    group: list[Token] = []
    known = False
    for token in words[at : at + 8]:
        low = singular(token)
        if low in _SKIPPED and not group:
            continue
        if low in _NOUN_END or (known and low not in KIND_OF_NOUN):
            break
        group.append(token)
        known = known or low in KIND_OF_NOUN
        if token.text.endswith(("'s", "’s")):
            break  # "which country's regulator": the country is asked for
    return group


def _after_owner(words: list[Token], at: int) -> int:
    """Index of the word after an owner: "what was (the Bank of X's) rate"; `at` without one."""
    for place, token in enumerate(words[at : at + 8], at):
        if token.text.endswith(("'s", "’s")):
            return place + 1
        if token.text.lower() in _NOUN_END - {"of", "and"}:
            break
    return at


def _main_clause(bare: str) -> re.Match[str] | None:
    """The question word after the comma where the first clause only sets the time."""
    return _AFTER_WHEN.match(bare)


def is_content(token: Token) -> bool:
    """Whether a word carries matter: no stop word, unless written in capitals (US, WHO)."""
    if token.text.lower() not in STOP:
        return token.text not in "$£€¥%"
    return len(token.text) > 1 and token.text.isupper()


def _terms(words: list[Token], matter: list[Token], lower_case: bool) -> tuple[Term, ...]:
    seen: set[str] = set()
    terms = []
    for token in matter:
        if not is_content(token) or token.stem in seen:
            continue
        seen.add(token.stem)
        name = token.capital and token is not words[0] and not lower_case
        terms.append(Term(token.stem, token.text, name, token.stem[:1].isdigit()))
    return tuple(terms)


def _core(
    words: list[Token], start: int, times: set[Token], lower_case: bool
) -> tuple[tuple[str, float], ...]:
    """The words after the question word that are no names or figures, the first ones weightiest.

    "Who was the captain of the Herald": the captain. They say what is asked about the names.
    """
    core: dict[str, float] = {}
    for place, token in enumerate(words[start:], start):
        named = token.capital and place > 0 and not lower_case
        aside = named or token in times or token.stem[:1].isdigit()
        bland = singular(token) in _GENERIC or token.text.endswith("ly")
        if is_content(token) and not aside and not bland:
            core.setdefault(token.stem, CORE_DECAY ** len(core))
    return tuple(core.items())


def _names(words: list[Token], times: set[Token]) -> tuple[tuple[str, ...], ...]:
    """Runs of capitalised words after the first word of the question."""
    names: list[tuple[str, ...]] = []
    run: list[str] = []
    for place, token in enumerate(words):
        joined = place > 0 and token.start - words[place - 1].end <= 2
        named = token.capital and is_content(token) and token not in times
        if named and (place > 0 or not _opens(token)):
            if run and not joined:
                names.append(tuple(run))
                run = []
            run.append(token.stem)
        elif run:
            names.append(tuple(run))
            run = []
    if run:
        names.append(tuple(run))
    return tuple(names)


def _particular(names: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The names without words like "Bank" or "Ministry"; a name of such words alone is left out."""
    kept = (tuple(part for part in name if part not in GENERIC_STEMS) for name in names)
    return tuple(name for name in kept if name)


def _opens(token: Token) -> bool:
    """Whether a first word is capitalised only because it comes first: taken as so if common."""
    return token.text.lower() in KIND_OF_NOUN or not token.text[-1:].isupper()


_PLAN = re.compile(
    r"\b(?:will|would|plan(?:s|ned)?|expect(?:s|ed)?|forecast|due|set to|going to|target|planned|"
    r"projected|predict(?:s|ed)?|offer(?:s|ed|ing)?|propose[sd]?|seek(?:s|ing)?|demand(?:s|ed)?|"
    r"could|might|may (?!\d)|supposed|if|want(?:s|ed)?|intend(?:s|ed)?|latest|float(?:ed)?)\b",
    re.I,
)
_DONE = re.compile(
    r"\b(?:did|was|were|had|has|have)\b|\b(?:who|which|what)\s(?:\w+\s)?\w+ed\b", re.I
)


def _asks_for_outcome(bare: str) -> bool:
    """Whether the question speaks of a thing done ("did X win"), not of a plan."""
    return _DONE.search(bare) is not None and _PLAN.search(bare) is None


def _plural(words: list[Token], start: int, focus: list[Token]) -> bool:
    """Whether several things are asked for: "which two countries", "which neighbours"."""
    asked = {token.text.lower() for token in words[start : start + 3]}
    if asked & {"two", "three", "four", "five"}:
        return True
    return bool(focus) and focus[-1].text.lower() in {"countries", "states", "cities", "neighbours"}
