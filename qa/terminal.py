"""Answers, reports and progress as lines of text for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from textwrap import fill
from types import TracebackType
from typing import TYPE_CHECKING

from tqdm import tqdm

from qa.types import Answer, Citation, EventDate, Published

if TYPE_CHECKING:
    from qa.archive import Status
    from qa.ingest import IngestReport

WIDTH = 96
SHOWN = 20  # refusals and warnings listed one by one; --json has them all


def escaped(text: str) -> str:
    """Text without line breaks and control characters, so that it cannot forge lines or colours."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def answer_lines(answer: Answer) -> Iterator[str]:
    """The answer, how the question was understood, then the citations."""
    if answer.answerable and answer.text:
        where = f"[{(answer.cited or 0) + 1}]"
        yield f"{escaped(answer.text)}   {where} (confidence {answer.confidence:.2f})"
    elif answer.abstention:
        yield f"Not in the archive: {escaped(answer.abstention.detail)}"
    period = answer.understood.period
    if period:
        yield f'  understood: "{period.basis}" = {period.start} up to {period.end}'
    if answer.excluded_undated:
        yield f"  {answer.excluded_undated} articles without a date are left out by the dates"
    for figure in answer.conflict:
        cited = answer.citations[figure.citation]
        yield f"  {published_text(cited.published)}  {cited.source or '?'}: {escaped(figure.text)}"
    for number, citation in enumerate(answer.citations, start=1):
        yield from citation_lines(number, citation)


def citation_lines(number: int, citation: Citation) -> Iterator[str]:
    """Where it comes from, the quote, and what its times mean."""
    where = [citation.source or "source unknown", published_text(citation.published)]
    where += [", ".join(citation.place)] if citation.place else []
    title = f"  {escaped(citation.title)}" if citation.title else ""
    yield f"\n[{number}] {' · '.join(map(escaped, where))}{title}"
    indent = "    "
    yield fill(
        f"“{escaped(citation.quote)}”", WIDTH, initial_indent=indent, subsequent_indent=indent
    )
    for event in citation.event_dates:
        yield f"{indent}{escaped(event.text)} → {_span(event)}"
    if citation.also:
        yield f"{indent}also: " + ", ".join(escaped(copy.source or "?") for copy in citation.also)
    yield f"{indent}{escaped(citation.id)}"


def published_text(published: Published) -> str:
    """The date at its precision, with how it is known."""
    day = published.day
    if day is None:
        return "undated"
    length = {"year": 4, "month": 7}.get(published.precision, 10)
    return f"{day.isoformat()[:length]} ({published.method})"


def _span(event: EventDate) -> str:
    return f"{event.first}" if event.first == event.last else f"{event.first} to {event.last}"


def report_lines(report: IngestReport) -> Iterator[str]:
    """What became of the articles; the first refusals by name."""
    yield (
        f"{report.read} articles read: {report.new} new, {report.changed} changed, "
        f"{report.same} already there; {report.passages} passages embedded"
    )
    if report.undated:
        yield f"  {report.undated} without a date: a date filter leaves them out"
    if report.unsourced:
        yield f"  {report.unsourced} without a source: --source NAME gives one"
    if report.disagreements:
        yield f"  {report.disagreements} whose evidence for date or source disagrees; the surer won"
    if report.empty:
        yield f"  {report.empty} without any text: not stored"
    if report.refused:
        yield f"  {len(report.refused)} refused:"
    for refusal in report.refused[:SHOWN]:
        yield f"    {escaped(refusal.name)}: {escaped(refusal.reason)}"


def status_lines(status: Status) -> Iterator[str]:
    """What the archive holds."""
    days = (
        f"{status.coverage[0]} to {status.coverage[1]}" if status.coverage else "no dated article"
    )
    yield f"{status.folder}  snapshot {status.snapshot}  {status.bytes / 1e6:.1f} MB"
    yield f"  {status.articles} articles, {status.passages} passages, {days}"
    yield f"  {status.undated} without a date, {status.unsourced} without a source"
    yield "  " + ", ".join(f"{escaped(name)} {n}" for name, n in [*status.sources.items()][:SHOWN])
    yield f"  model {status.model}"


class Bar:
    """A progress bar on standard error: bytes read of all, and the articles stored so far."""

    def __init__(self, total: int) -> None:
        hidden = None if total else True  # None: hidden where standard error is no terminal
        self._bar = tqdm(
            total=total, unit="B", unit_scale=True, desc="Reading", disable=hidden, file=sys.stderr
        )
        self._stored = 0

    def bytes(self, count: int) -> None:
        """So many more bytes were read."""
        self._bar.update(count)

    def articles(self, count: int) -> None:
        """So many more articles are stored."""
        self._stored += count
        self._bar.set_postfix(articles=self._stored)

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()
