"""Copies of a story: reprints, re-runs and corrections among the articles of one answer.

Two texts are compared by their resemblance, the shared part of their word shingles (Broder 1997,
"On the resemblance and containment of documents"). A question meets a few dozen articles, so the
sets are compared exactly; estimating with MinHash pays from thousands on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from qa.types import Article

SHINGLE = 4  # words
READ = 200  # words of each text that are compared: its news; what follows is background
SAME = 0.6  # resemblance from which a text is a copy where its figures agree
FIGURES = 0.7  # share of common figures below which a like text reports something else
CORRECTED = 0.35  # resemblance that is enough where the later text says that it corrects
NEWS_CYCLE = timedelta(days=4)  # re-runs and corrections follow within days

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_CORRECTION = re.compile(
    r"\b(?:correct(?:s|ed|ing|ion)|refil(?:es|ed|ing)|clarif(?:ies|ied|ication))\b", re.I
)
_OPENING = 200  # code points in which a correction says that it is one

Shingles = frozenset[tuple[str, ...]]
Order = Literal["latest", "first"]


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that tell the same in the same words, as indexes into the list that was given.

    `head` speaks for the story; `copies` are the others, oldest first; `rank` is the place of the
    best of them in the list. `corrected` says that the head corrects an earlier one.
    """

    rank: int
    head: int
    copies: tuple[int, ...] = ()
    corrected: bool = False


@dataclass(frozen=True)
class _Print:
    """What is compared of an article, made when it is first compared: most have no neighbour."""

    article: Article

    @property
    def day(self) -> date | None:
        return self.article.published.day

    @cached_property
    def words(self) -> list[str]:
        return _WORD.findall(self.article.text[: READ * 8].lower())[:READ]

    @cached_property
    def shingles(self) -> Shingles:
        grams = frozenset(zip(*(self.words[at:] for at in range(SHINGLE)), strict=False))
        return grams or frozenset([tuple(self.words)])

    @cached_property
    def figures(self) -> frozenset[str]:
        return frozenset(word for word in self.words if word[0].isdigit())


def joined(ranked: Sequence[Article], k: int, *, prefer: Order | None = None) -> list[Story]:
    """The first k distinct stories of a ranked list, with all their copies in that list.

    The head is the best ranked article, but a correction stands before what it corrects; where the
    latest or the first telling is preferred, the newest or the oldest copy is the head.
    """
    groups: list[list[int]] = []
    heads: list[_Print] = []
    for index, article in enumerate(ranked):
        day = article.published.day
        close = [n for n, head in enumerate(heads) if _within_days(head.day, day)]
        if not close and len(groups) >= k:
            continue
        fresh = _Print(article)
        home = next((n for n in close if _same_story(heads[n], fresh)), None)
        if home is not None:
            groups[home].append(index)
        elif len(groups) < k:
            groups.append([index])
            heads.append(fresh)
    return [_story(members, ranked, prefer) for members in groups]


def outlets(articles: Sequence[Article]) -> int:
    """How many publishers tell a matter in their own words; reprints and unknown ones count once.

    Articles that are copies of one another are one telling, whoever carries them.
    """
    stories = joined(articles, len(articles))
    names = {articles[story.head].source.name for story in stories}
    return len(names)


def resemblance(one: Article, other: Article) -> float:
    """Shared shingles over all shingles of both texts, 0 to 1."""
    return _resemblance(_Print(one).shingles, _Print(other).shingles)


def _resemblance(one: Shingles, other: Shingles) -> float:
    # Sets of very different size cannot resemble each other: spares most comparisons.
    small, large = sorted((len(one), len(other)))
    if small < CORRECTED * large:
        return 0.0
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def _same_story(one: _Print, other: _Print) -> bool:
    alike = _resemblance(one.shingles, other.shingles)
    if alike < CORRECTED:
        return False
    if alike >= SAME and _figures_agree(one, other):
        return True
    return _corrects(one.article, other.article) or _corrects(other.article, one.article)


def _figures_agree(one: _Print, other: _Print) -> bool:
    """Weekly reports share their words and differ in their figures: those are other stories.

    What one of the two adds does not part them, so the shorter list of figures decides.
    """
    fewer = min(len(one.figures), len(other.figures))
    return not fewer or len(one.figures & other.figures) / fewer >= FIGURES


def _within_days(first: date | None, second: date | None) -> bool:
    return first is None or second is None or abs(first - second) <= NEWS_CYCLE


def _corrects(later: Article, earlier: Article) -> bool:
    """Whether an article says that it corrects, and is not the older of the two."""
    if not _CORRECTION.search(f"{later.title or ''} {later.text[:_OPENING]}"):
        return False
    days = later.published.day, earlier.published.day
    return None in days or days[0] >= days[1]  # type: ignore[operator]


def _story(members: Sequence[int], ranked: Sequence[Article], prefer: Order | None) -> Story:
    dated = sorted(members, key=lambda n: str(ranked[n].published.value or "9999"))
    known = [n for n in dated if ranked[n].published.value] or dated
    head = {"first": known[0], "latest": known[-1]}.get(prefer or "", members[0])
    corrections = [
        n for n in known if any(_corrects(ranked[n], ranked[m]) for m in known if m != n)
    ]
    corrected = bool(corrections) and prefer != "first"
    if corrected:
        head = corrections[-1]
    return Story(members[0], head, tuple(n for n in dated if n != head), corrected)
