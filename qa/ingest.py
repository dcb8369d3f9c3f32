"""The ingest path: read -> already there? -> passages -> times -> embed -> one transaction.

A batch is acknowledged (counted in the report) after its transaction committed, never before, so
a run that dies loses nothing that it said it had. Running it again takes up where it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from qa.passages import split
from qa.store import ArchiveStore, Prepared
from qa.types import Article, Embedder, EventDate, Reading, Refusal
from qa.when import find_event_dates

# Articles a transaction: some 2 s of embedding, so that little is repeated after a crash while
# passages of like length still find each other in a batch.
BATCH = 128

Progress = Callable[[int], None]  # articles done since the last call


@dataclass(slots=True)
class IngestReport:
    """What became of every article that was read; counts are articles unless named otherwise."""

    new: int = 0
    changed: int = 0
    same: int = 0
    passages: int = 0
    undated: int = 0
    unsourced: int = 0
    disagreements: int = 0
    empty: int = 0
    snapshot: str = ""
    warnings: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Articles that were read, whatever became of them."""
        return self.new + self.changed + self.same + self.empty


def ingest(
    readings: Iterable[Reading | Refusal],
    store: ArchiveStore,
    embedder: Embedder,
    progress: Progress = lambda _: None,
) -> IngestReport:
    """Bring every article into the store; refusals and empty articles are reported, not raised.

    Raises ArchiveBusy, StorageFull or ModelError; what was acknowledged before stays.
    """
    report = IngestReport()
    for batch in _batches(_articles(readings, report)):
        standing = store.standing(batch)
        fresh = [article for article, state in zip(batch, standing, strict=True) if state != "same"]
        store.write(_prepared(fresh, embedder, report))
        report.new += standing.count("new")
        report.changed += standing.count("changed")
        report.same += standing.count("same")
        progress(len(batch))
    report.snapshot = store.publish()
    return report


def _articles(readings: Iterable[Reading | Refusal], report: IngestReport) -> Iterator[Article]:
    for item in readings:
        if isinstance(item, Refusal):
            report.refused.append(item)
            continue
        _note(item, report)
        if item.article.text.strip():
            yield item.article
        else:
            report.empty += 1


def _note(reading: Reading, report: IngestReport) -> None:
    article = reading.article
    report.undated += article.published.value is None
    report.unsourced += article.source.name is None
    report.disagreements += any(w.startswith("disagreement") for w in reading.warnings)
    report.warnings.extend(f"{article.id}: {warning}" for warning in reading.warnings)


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Batches in which no id comes twice: the second is a new version of what the first stored."""
    batch: dict[str, Article] = {}
    for article in articles:
        if len(batch) == BATCH or article.id in batch:
            yield list(batch.values())
            batch = {}
        batch[article.id] = article
    if batch:
        yield list(batch.values())


def _prepared(articles: list[Article], embedder: Embedder, report: IngestReport) -> list[Prepared]:
    """Passages, times and vectors of a batch; all its passages are embedded together."""
    passages = [tuple(split(article, embedder.fits)) for article in articles]
    texts = [
        article.text[passage.start : passage.end]
        for article, own in zip(articles, passages, strict=True)
        for passage in own
    ]
    vectors = embedder.embed_passages(texts)
    ends = np.cumsum([len(own) for own in passages])
    report.passages += len(texts)
    return [
        Prepared(article, own, vectors[end - len(own) : end], _event_dates(article))
        for article, own, end in zip(articles, passages, ends, strict=True)
    ]


def _event_dates(article: Article) -> tuple[EventDate, ...]:
    return tuple(find_event_dates(article.text, article.published.day))
