"""Whether a name that no table knows is a publisher's, judged by its words alone.

A masthead has words that papers are called by ("Sentinel", "Kurier", "Voz"), an article before it,
an ampersand or a host name. People begin with a given name; posts, degrees, places, departments and
the sections of a paper have words of their own. A name of none of these kinds is left open.
"""

from __future__ import annotations

import re

from qa.reading.datewords import WEEKDAYS, month_number
from qa.reading.places import is_known, is_region
from qa.reading.words import word_set

_PAPER_WORDS = word_set("paper-words")
_MASTHEAD_WORDS = _PAPER_WORDS | word_set("masthead-words")
_MASTHEAD_FIRST = word_set("masthead-first")
_MASTHEAD_ENDINGS = tuple(word_set("masthead-endings"))
_HOUSE_FIRST = word_set("house-first")
_HOUSE_LAST = (" news agency", " news service", " press agency", " newswire", " wire service")
_EDITIONS = frozenset(("online", "digital", "europe", "international"))  # "Savannah Ledger Online"
_POSTS = word_set("posts")
_INSTITUTIONS = word_set("institutions")
_SECTIONS = word_set("sections")
_ARTICLES = word_set("articles-of-names")
_PARTICLES = word_set("particles-of-names")
_GIVEN_NAMES = word_set("given-names")
_SURNAMES = word_set("surnames")
_SURNAME_ENDINGS = tuple(word_set("surname-endings"))
_SMALL = _PARTICLES | word_set("connectors") | frozenset(("for", "and"))
_COMPASS = frozenset(
    ("north", "south", "east", "west", "northern", "southern", "eastern", "western", "central")
)
_MOST_WORDS = 6
_OF_THE_TOWN = re.compile(r"(?:del?|della|des|du|do|da|di|d['’]\w+)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9][a-z0-9-]+(?:\.[a-z]{2,6}){1,2}")
_CAMEL = re.compile(r"(?!Ma?c[A-Z]|[A-Z][a-z]?[A-Z])[A-Z][a-z]+[A-Z][A-Za-z]+")  # "NewsHub"
_AGENT = re.compile(r"[a-z]{2,}(?:ers?|ors?|ists?|ians?|ants?|ents?|m[ae]n|wom[ae]n|naut|ee)")
_PERSONAL = re.compile(r"[A-Z]\.?|(?:[A-Z]\.)+|(?:Ma?c|O['’])[A-Z]\w+|[A-Z]\w+-[a-z]\w*")


def is_house(name: str) -> bool:
    """Whether a name on a line of its own has the form of a newspaper's or an agency's."""
    words = name.split()
    if any(mark in name for mark in ("/", ",", " - ", " – ", " — ")) or not name[:1].isupper():
        return False
    if not 2 <= len(words) <= 5 or not all(word[:1].isupper() for word in words if len(word) > 3):
        return False
    if words[0].lower() in _HOUSE_FIRST or name.lower().endswith(_HOUSE_LAST):
        return True
    return words[-1].lower() in _PAPER_WORDS and not name.isupper() and not _is_person(words)


def has_masthead_word(name: str) -> bool:
    """Whether a name begins or ends with a word that papers have: "Skerry Signal", "Elbzeitung".

    More words count here than in `is_house`, as a title does not stand where this is asked.
    """
    words = name.split()
    if not words or not _is_written_as_name(words) or _is_other(words):
        return False
    if len(words) == 1:
        return _is_compound(name)
    return _of_a_masthead(words) and not _is_person(words)


def is_masthead(name: str) -> bool:
    """Whether a name that stands where a publisher may stand is surely one.

    By a word that papers have, by an article ("La Voz del Páramo"), an ampersand ("Crumb & Crust")
    or as a host ("thecoast.example"). Not "Grace Star", "Arts & Culture", "The Open University".
    """
    words = name.split()
    if _HOST.fullmatch(name) or has_masthead_word(name):
        return True
    if len(words) < 2 or not _is_written_as_name(words) or _is_other(words):
        return False
    if "&" in words and not _has_word_of(words, _INSTITUTIONS):
        return True
    if _names_an_institution(words) or _is_place(name):
        return False
    return words[0] == "The" or _has_article_and_town(words)


def may_be_house(name: str) -> bool:
    """Whether nothing in a name speaks against a publisher: no person, post, place or institution.

    "Morava Dnes" and "Corner Flag" pass; so does a second author whose given name is not listed.
    """
    words = name.split()
    if len(words) == 1:
        return bool(_CAMEL.fullmatch(name))
    if not 1 < len(words) < _MOST_WORDS or not _is_written_as_name(words) or _is_other(words):
        return False
    if _names_an_institution(words) or words[0].lower() in _COMPASS or _is_place(name):
        return False
    if words[0].lower() in _ARTICLES:
        return len(words) == 2  # "El Faro", but "Le Thi Mai" and "El Hadji Diouf" are people
    return not ("and" in words or _looks_personal(words))


def is_given_name(word: str) -> bool:
    """Whether a word is a listed given name, or a surname that comes first ("Kim", "Nguyen")."""
    return word.lower() in _GIVEN_NAMES


def rules_house_out(name: str) -> bool:
    """Whether a name tells a post, a degree, a date or a section: "Health Editor", "MD, PhD"."""
    return _is_other(name.split())


def is_institution(name: str) -> bool:
    """Whether a name is that of a university, a ministry, a company or the like."""
    words = name.split()
    return _names_an_institution(words) and not _of_a_masthead(words)


def _is_written_as_name(words: list[str]) -> bool:
    """Whether all words but small ones have a capital, and not all letters are."""
    if len(words) > _MOST_WORDS or not words[0][0].isupper() or " ".join(words).isupper():
        return False
    if any(word.endswith(",") for word in words):
        return False
    return all(
        not word[0].islower() or word in _SMALL or _OF_THE_TOWN.fullmatch(word) for word in words
    )


def _of_a_masthead(words: list[str]) -> bool:
    """Whether the last word, or the last before "Online", is one that papers have, or the first.

    Fewer words open a name than close it: "Diario del Valle", but "Sun Guizhi" is a person.
    """
    rest = words[:-1] if words[-1].lower() in _EDITIONS else words
    return rest[0].lower() in _MASTHEAD_FIRST or _is_masthead_word(rest[-1])


def _is_masthead_word(word: str) -> bool:
    last = word.rpartition("-")[2]
    return (last[:1].isupper() and last.lower() in _MASTHEAD_WORDS) or _is_compound(word)


def _is_compound(word: str) -> bool:
    """ "Fjordavisa", "Elbzeitung", "Elbmarsch-Bote"."""
    return len(word) > 7 and word[0].isupper() and word.lower().endswith(_MASTHEAD_ENDINGS)


def _has_article_and_town(words: list[str]) -> bool:
    """ "El Faro del Sur", "Le Phare d'Armor": an article in front, a particle inside."""
    if len(words) < 3 or words[0].lower() not in _ARTICLES:
        return False
    return any(word[:1].islower() and _OF_THE_TOWN.fullmatch(word) for word in words[2:])


def _is_other(words: list[str]) -> bool:
    """Whether a word tells a post, a degree or a date, or all are sections of a paper."""
    bare = [word.lower().strip(".,") for word in words]
    if any(word.replace(".", "") in _POSTS for word in bare) or any(map(_has_figure, bare)):
        return True
    if all(word in WEEKDAYS or month_number(word) for word in bare):
        return True
    return all(word in _SECTIONS or word in ("&", "and") for word in bare)


def _has_figure(word: str) -> bool:
    return any(c.isdigit() for c in word)


def _names_an_institution(words: list[str]) -> bool:
    last = words[-1].lower()
    agent = bool(_AGENT.fullmatch(last)) and not _is_masthead_word(last)
    return agent or _has_word_of(words, _INSTITUTIONS)


def _has_word_of(words: list[str], kind: frozenset[str]) -> bool:
    return any(word.lower().strip(".,") in kind for word in words)


def _is_person(words: list[str]) -> bool:
    """Whether two words are a name like "Heath Ledger", and not "Charlotte Observer"."""
    return len(words) == 2 and words[0].lower() in _GIVEN_NAMES and not is_known(words[0])


def _looks_personal(words: list[str]) -> bool:
    """Whether a given name opens, a surname closes, or an initial or a particle stands inside."""
    last = words[-1].lower()
    if is_given_name(words[0]) or last in _SURNAMES or last.endswith(_SURNAME_ENDINGS):
        return True
    if any(word.lower() in _PARTICLES for word in words[1:]):
        return True
    return any(_PERSONAL.fullmatch(word) for word in words)


def _is_place(name: str) -> bool:
    return is_known(name) or is_region(name)
