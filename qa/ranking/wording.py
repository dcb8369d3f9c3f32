"""How far an article says what the question says: in its title, and by the names in it.

A title is short, so a word of the question in it weighs as much as the word is rare among the
candidates' titles. Names part the reports of one series from each other ("GM", "Ford"), whichever
passage of the article they stand in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.lexical import Terms
from qa.types import Article

ENDING = 3  # letters at most that a name may change: China, Chinese
LEAST = 4  # letters of a name that stay
READ = 1500  # code points of an article in which its names are looked for: its news

_TERMS = Terms()
_CAPITALISED = re.compile(r"\b[^\W\d_][\w&.-]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """Agreement with each article, float64[articles]: of its title's words, and of its names.

    `names` is the share of the question's names that the article holds, 0 where it has none.
    """

    title: NDArray[np.float64]
    names: NDArray[np.float64]


def compared(question: str, articles: Sequence[Article], set_aside: str = "") -> Wording:
    """Compare a question with articles.

    Words in `set_aside` do not count: those that name a time, which other signals weigh better.
    """
    aside = set(_TERMS.of_text(set_aside))
    terms = [term for term in _TERMS.of_question(question) if term not in aside]
    titles = [set(_TERMS.of_text(article.title or "")) for article in articles]
    return Wording(_shared(terms, titles), _held(_names(question, aside), articles))


def _shared(terms: Sequence[str], titles: Sequence[set[str]]) -> NDArray[np.float64]:
    """Summed rarity of the terms that each title holds.

    Rarity is inverse document frequency among the titles, damped: a term of one title weighs
    about twice one that half of them hold.
    """
    held = Counter(term for title in titles for term in title)
    total = len(titles)
    rarity = {term: np.log(1 + (total + 0.5) / (held[term] + total / 4)) for term in terms}
    return np.array([sum(rarity[term] for term in terms if term in title) for title in titles])


def _names(question: str, aside: set[str]) -> list[str]:
    """Capitalised words in lower case; the first word of a question is capitalised anyway."""
    opening = len(question) - len(question.lstrip())
    words = (
        match.group().rstrip(".-").lower()
        for match in _CAPITALISED.finditer(question)
        if match.start() > opening and match.group()[0].isupper()
    )
    return [word for word in dict.fromkeys(words) if set(_TERMS.telling(word)) - aside]


def _held(names: Sequence[str], articles: Sequence[Article]) -> NDArray[np.float64]:
    """Share of the names whose beginning begins a word: Japan and Japanese meet each other."""
    if not names:
        return np.zeros(len(articles))
    beginnings = [name[: max(LEAST, len(name) - ENDING)] for name in names]
    texts = [f"{article.title or ''}\n{article.text[:READ]}".lower() for article in articles]
    counts = [sum(_begins_a_word(some, text) for some in beginnings) for text in texts]
    return np.array(counts) / len(names)


def _begins_a_word(beginning: str, text: str) -> bool:
    at = text.find(beginning)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(beginning, at + 1)
    return at >= 0
