"""The times of questions and sentences as plain values, for `qa when`. Days are inclusive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from qa.errors import InvalidRequest
from qa.types import DateWindow, EventDate
from qa.when.events import find_event_dates
from qa.when.question import read_question


def sentence_rows(lines: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """For each `{"id", "sentence", "published"}`, `{"id", "times": [{text, start, end, from, to,
    precision}]}`. `published` is `YYYY-MM-DD`, with or without a time, or null.

    Raises InvalidRequest, naming the field, for a row without a sentence or with no such date.
    """
    for line in lines:
        sentence = line.get("sentence")
        if not isinstance(sentence, str):
            raise InvalidRequest('each line needs a "sentence" of text', "sentence")
        times = find_event_dates(sentence, _day(line.get("published")))
        yield {"id": line.get("id"), "times": [time_row(time) for time in times]}


def time_row(time: EventDate) -> dict[str, Any]:
    """One time expression as the wire shows it."""
    return {
        "text": time.text,
        "start": time.start,
        "end": time.end,
        "from": time.first.isoformat(),
        "to": time.last.isoformat(),
        "precision": time.precision,
    }


def question_rows(
    question: str, now: date, *, coverage: tuple[date, date] | None = None
) -> dict[str, Any]:
    """What a question says about time, with the words that say so; absent things are null."""
    times = read_question(question, now, coverage=coverage)
    anchor = times.anchor
    return {
        "question": question,
        "now": now.isoformat(),
        "period": _window_row(times.period),
        "window": _window_row(times.window),
        "bounded": times.bounded,
        "about": times.about,
        "order": {"order": times.order, "basis": times.order_basis} if times.order else None,
        "anchor": {"relation": anchor.relation, "event": anchor.event, "basis": anchor.basis}
        if anchor
        else None,
    }


def _window_row(window: DateWindow | None) -> dict[str, str] | None:
    if window is None:
        return None
    last = max(window.end - timedelta(days=1), window.start)
    return {"from": window.start.isoformat(), "to": last.isoformat(), "basis": window.basis}


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise InvalidRequest(
            '"published" must be a day as YYYY-MM-DD, or null', "published"
        ) from None
