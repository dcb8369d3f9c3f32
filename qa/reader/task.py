"""One question with its hits, made ready to be read: terms, weights, sentences, times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.reader.asides import asides
from qa.reader.asked import Asked, read_asked
from qa.reader.evidence import REACH, Report, Sentence, read_report, weights
from qa.types import Article, EventDate, Hit, StoredPassage, Understood
from qa.when import find_event_dates

READ_HITS = 3  # hits whose sentences compete for the answer; the others are only quoted


class Task:
    """What every step of reading looks at; made once a question, never changed."""

    def __init__(
        self,
        question: str,
        understood: Understood,
        hits: Sequence[Hit],
        stored: Sequence[StoredPassage],
        articles: Sequence[Article],
    ) -> None:
        self.question = question
        self.understood = understood
        self.stored = stored
        self.articles = articles
        self.asked: Asked = read_asked(
            question,
            understood.asked == "when",
            understood.asked == "yes-no",
            _time_words(understood),
        )
        self.weight: Mapping[str, float] = weights(self.asked)
        self.reports: tuple[Report, ...] = tuple(
            _report(hit, one, article, n)
            for n, (hit, one, article) in enumerate(zip(hits, stored, articles, strict=True))
        )
        self._events: dict[tuple[int, int], list[EventDate]] = {}

    def text(self, sentence: Sentence) -> str:
        """The text of the article that a sentence stands in."""
        return self.articles[sentence.hit].text

    def quote(self, sentence: Sentence) -> str:
        """The words of a sentence."""
        return self.text(sentence)[sentence.start : sentence.end]

    def events(self, sentence: Sentence) -> list[EventDate]:
        """The times that a sentence tells, where the question asks for a time; else none."""
        return self.told_times(sentence) if self.asked.kind == "date" else []

    def told_times(self, sentence: Sentence) -> list[EventDate]:
        """The times that a sentence tells, resolved against its article's date."""
        key = sentence.hit, sentence.start
        if key not in self._events:
            article = self.articles[sentence.hit]
            found = find_event_dates(
                article.text, article.published.day, start=sentence.start, end=sentence.end
            )
            self._events[key] = [event for event in found if sentence.tells(event.start)]
        return self._events[key]

    def near(self, sentence: Sentence) -> frozenset[str]:
        """Stems of the sentences just before and after."""
        beside = self.reports[sentence.hit].sentences
        at = sentence.ordinal - beside[0].ordinal
        around = (*beside[max(0, at - 1) : at], *beside[at + 1 : at + 2])
        return frozenset().union(*(other.stems for other in around))


def _time_words(understood: Understood) -> str:
    """The words that name a time or a dated event: a report need not say them."""
    if understood.period:
        return understood.period.basis
    anchor = understood.anchor
    return anchor.basis if anchor and anchor.found else ""


def _report(hit: Hit, stored: StoredPassage, article: Article, rank: int) -> Report:
    passage = stored.passage
    answers = rank < READ_HITS  # the others are only quoted
    return read_report(
        article.text,
        article.title,
        passage.start,
        passage.end,
        rank,
        hit.score,
        reach=REACH if answers else 0,
        aside=asides(article) if answers else (),
    )
