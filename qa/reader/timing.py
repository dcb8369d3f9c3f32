"""How well a report agrees with the time that the question names: by its day, and by its words.

Reports of a series ("the February load factor", "the March 16 week") share all their words and
differ in nothing else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from qa.reader.evidence import Columns, Report
from qa.types import Article, DateWindow, EventDate, Understood
from qa.when import agreement

# Times by which a sentence says of when it tells; a year or a decade says too little.
DATING = frozenset({"day", "week", "month", "range", "quarter", "season"})


def time_columns(
    report: Report, article: Article, events: Sequence[EventDate], understood: Understood
) -> Columns:
    """The features of its sentences that compare times, each in [0, 1]; `events` are its article's.

    `window`: its day is among the days of publication that are expected, 1/2 where none are;
    `on_day`: it is a named day, or right after one; `told`, by sentence: how well the times that it
    tells agree with the named time; `told_other`: it tells times, and none of them agrees.
    """
    days, asked = article.published.days, agreement.asked_time(understood)
    window = understood.window
    told, other = ([0.0], [0.0]) if asked is None else times_by_sentence(report, events, asked)
    dated = None if understood.outcome else asked  # else the time is of the matter, not the report
    return {
        "window": 0.5 if window is None or days is None else float(window.overlaps(*days)),
        "on_day": 0.0 if dated is None else agreement.near(article.published, dated),
        "told": told,
        "told_other": other,
        "report_told": max(told, default=0.0),
    }


def times_by_sentence(
    report: Report, events: Sequence[EventDate], period: DateWindow
) -> tuple[list[float], list[float]]:
    """By sentence, how well its times agree with the period, and 1 where it has some but none does.

    A time that meets the period counts half, the rest by how much of both is shared.
    """
    told, other = [0.0] * len(report.sentences), [0.0] * len(report.sentences)
    starts = [sentence.start for sentence in report.sentences]
    for event in events:
        place = bisect_right(starts, event.start) - 1
        if event.precision not in DATING or place < 0:
            continue
        sentence = report.sentences[place]
        if event.end > sentence.end or not sentence.tells(event.start):
            continue
        meets = period.meets(event.first, event.last)
        told[place] = max(told[place], (meets + agreement.overlap([event], period)) / 2)
        other[place] = float(not told[place])
    return told, other
