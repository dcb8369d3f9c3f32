"""The facade: one object that opens an archive, asks it, and takes articles in.

from qa.archive import Archive

with Archive.open("index") as archive:
    answer = archive.ask("How many people were on the ferry?")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType

from qa import ask as asking
from qa import ingest as ingesting
from qa.ask import Found
from qa.embedder import open_embedder
from qa.errors import InvalidRequest, NotFound
from qa.ingest import IngestReport, Progress
from qa.reader import SpanReader, shipped_network
from qa.settings import Settings
from qa.store import ArchiveStore
from qa.types import (
    Answer,
    Article,
    DateWindow,
    Embedder,
    Filters,
    Query,
    Reading,
    Refusal,
    Snapshot,
)

MOST_STORIES = 50


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a quote still stands: at the offsets given, elsewhere (`moved_to`), or not at all."""

    stands: bool
    moved_to: tuple[int, int] | None
    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class Status:
    """What the archive holds; sizes are bytes on disk."""

    folder: str
    snapshot: str
    articles: int
    passages: int
    undated: int
    unsourced: int
    sources: Mapping[str, int]
    coverage: tuple[date, date] | None
    model: str
    bytes: int


class Archive:
    """An opened archive. Safe to share between threads; close it when done."""

    def __init__(
        self, folder: Path, store: ArchiveStore, embedder: Embedder, reader: SpanReader
    ) -> None:
        self._folder = folder
        self._store = store
        self._embedder = embedder
        self._reader = reader

    @classmethod
    def open(
        cls,
        folder: str | Path = "index",
        *,
        settings: Settings | None = None,
        embedder: Embedder | None = None,
        writing: bool = False,
    ) -> Archive:
        """Open the archive in `folder`; with `writing`, make it if it is not there.

        Raises ArchiveNotFound, ArchiveBusy (another writer), ModelMismatch or ModelError.
        """
        settings = settings or Settings.from_env()
        embedder = embedder or open_embedder(
            settings.model, cache=settings.cache, threads=settings.threads
        )
        reader = SpanReader(shipped_network(settings.threads))
        path = Path(folder)
        store = ArchiveStore.open(
            path,
            fingerprint=embedder.fingerprint,
            dimension=embedder.dimension,
            writing=writing,
        )
        return cls(path, store, embedder, reader)

    def ask(self, question: str | Query, *, now: date | None = None) -> Answer:
        """Answer a question; `now` is what "last week" counts from (default: today)."""
        query = _checked(question)
        return asking.ask(query, self.snapshot(), self._embedder, self._reader, _day(now))

    def search(self, question: str | Query, *, now: date | None = None) -> Found:
        """The best passages for a question, without an answer drawn from them."""
        query = _checked(question)
        return asking.search(query, self.snapshot(), self._embedder, self._reader, _day(now))

    def ingest(
        self, readings: Iterable[Reading | Refusal], progress: Progress = lambda _: None
    ) -> IngestReport:
        """Take in what was read; needs an archive opened for writing.

        The confidence below which nothing is answered is recorded with the archive, so that a
        later version can tell what its answers were measured with.
        """
        report = ingesting.ingest(readings, self._store, self._embedder, progress)
        self._store.record("answer_threshold", str(self._reader.model.threshold))
        return report

    def add(self, articles: Sequence[Article]) -> IngestReport:
        """Take in articles that are already made."""
        return self.ingest(Reading(article) for article in articles)

    def delete(self, article_id: str) -> bool:
        """Remove an article with all its versions from search; False when there is none."""
        return self._store.delete(article_id)

    def article(self, article_id: str, version: int | None = None) -> Article:
        """An article as stored: the newest version, or the one asked for. Raises NotFound."""
        article = self.snapshot().article(article_id, version)
        if article is None:
            which = "" if version is None else f" in version {version}"
            raise NotFound(f"There is no such article{which}; ids come with every citation.")
        return article

    def verify(
        self, article_id: str, quote: str, start: int, end: int, version: int | None = None
    ) -> Verification:
        """Whether `quote` still stands in the article at `[start, end)`. Raises NotFound."""
        article = self.article(article_id, version)
        if article.text[start:end] == quote:
            return Verification(True, None, article.version, "The quote stands at its place.")
        found = article.text.find(quote) if quote else -1
        if found >= 0:
            moved = (found, found + len(quote))
            return Verification(False, moved, article.version, "The quote stands elsewhere.")
        return Verification(False, None, article.version, "The article does not say this.")

    def sources(self) -> Mapping[str, int]:
        """Canonical names of the sources and how many articles each has."""
        return self.snapshot().sources

    def snapshot(self) -> Snapshot:
        """The newest committed state; what is asked of it never changes."""
        return self._store.snapshot()

    def status(self) -> Status:
        """Counts, coverage and size."""
        snapshot = self.snapshot()
        files = (path for path in self._folder.rglob("*") if path.is_file())
        return Status(
            folder=str(self._folder),
            snapshot=snapshot.name,
            articles=snapshot.article_count,
            passages=snapshot.passage_count,
            undated=snapshot.undated(Filters(DateWindow(date.min, date.max))),
            unsourced=snapshot.article_count - sum(snapshot.sources.values()),
            sources=snapshot.sources,
            coverage=snapshot.coverage,
            model=self._embedder.fingerprint,
            bytes=sum(path.stat().st_size for path in files),
        )

    def close(self) -> None:
        """Let go of files and locks."""
        self._store.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _checked(question: str | Query) -> Query:
    query = Query(question) if isinstance(question, str) else question
    if not query.text.strip():
        raise InvalidRequest("The question is blank; ask something.", "question")
    if not 1 <= query.k <= MOST_STORIES:
        raise InvalidRequest(f"k is the number of stories, 1 to {MOST_STORIES}.", "k")
    return query


def _day(now: date | None) -> date:
    """The facade is the outermost place below the doors, so the clock may be read here."""
    return now or datetime.now().astimezone().date()
