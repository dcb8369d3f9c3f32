"""One question with its hits, made ready to be read: terms, weights, sentences, times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from qa.reader.asides import asides
from qa.reader.asked import Asked, read_asked
from qa.reader.evidence import REACH, Report, Sentence, Timing, read_report, weights
from qa.types import Article, DateWindow, EventDate, Hit, StoredPassage, Understood
from qa.when import agreement, find_event_dates

# Times by which a sentence says of when it tells; a year or a decade says too little.
_DATING = frozenset({"day", "week", "month", "range", "quarter", "season"})
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
        self.period = agreement.asked_time(understood)
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

    def timing(self, report: Report) -> Timing:
        """How well a report agrees with the time that the question names."""
        published, period = self.articles[report.rank].published, self.period
        window, day = self.understood.window, published.day
        if window is None or period is None or published.days is None or day is None:
            return Timing()
        told, other = told_by(report, self.stored[report.rank].article_dates, period)
        return Timing(
            float(window.overlaps(*published.days)),
            agreement.near(day, period),
            told,
            other,
        )


def told_by(
    report: Report, events: Sequence[EventDate], period: DateWindow
) -> tuple[list[float], list[float]]:
    """By sentence, how well the times that it tells agree with the period, and whether none does.

    A time in the period counts half, the rest by how much of both is shared.
    """
    told, other = [0.0] * len(report.sentences), [0.0] * len(report.sentences)
    starts = [sentence.start for sentence in report.sentences]
    for event in events:
        place = bisect_right(starts, event.start) - 1
        if event.precision not in _DATING or place < 0:
            continue
        sentence = report.sentences[place]
        if event.end > sentence.end or not sentence.tells(event.start):
            continue
        meets = period.meets(event.first, event.last)
        told[place] = max(told[place], (meets + agreement.told([event], period)) / 2)
        other[place] = float(not told[place])
    return told, other


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
