"""From the database to what is searched: build a generation, load it, follow what comes after."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qa import database as db
from qa import lexical
from qa.columns import Columns
from qa.database import Database, storage
from qa.dense import DenseIndex, write_lists, write_vectors
from qa.errors import ArchiveBusy, StorageFull
from qa.generation import LEXICAL, Covered, Generation, Generations, UnfitError, load, seal
from qa.lexical import LexicalDocument, LexicalIndex
from qa.lock import FileLock
from qa.scratch import Scratch, link_files
from qa.snapshot import ArchiveSnapshot, Part

Progress = Callable[[int, int], None]

LOCK = "writer.lock"
GENERATIONS = "generations"

# A new generation is worth its cost when this many passages, and this share, are newer than it.
_FEWEST_NEW = 256
_NEW_SHARE = 1 / 16

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Identity:
    """Which archive this is and whose vectors it holds."""

    archive: str
    fingerprint: str
    dimension: int


def build(
    connection: sqlite3.Connection,
    folder: Path,
    identity: Identity,
    progress: Progress | None = None,
) -> None:
    """Write and seal a generation of all that the connection's transaction sees."""
    columns = db.columns_after(connection, 0)
    columns.save(folder)
    count = len(columns.passage_rows)
    vectors = db.vectors_after(connection, 0, identity.dimension)
    write_vectors(folder, vectors, count, identity.dimension)
    write_lists(folder)
    lexical.create(folder / LEXICAL, _counted(db.documents_after(connection, 0), count, progress))
    change, digest = db.last_change(connection)
    last = int(columns.article_rows[-1]) if len(columns.article_rows) else 0
    covered = Covered(
        archive=identity.archive,
        fingerprint=identity.fingerprint,
        dimension=identity.dimension,
        change=change,
        digest=digest.hex(),
        article_row=last,
        articles=len(columns.article_rows),
        passages=count,
    )
    seal(folder, covered)


def _counted(
    documents: Iterator[LexicalDocument], total: int, progress: Progress | None
) -> Iterator[LexicalDocument]:
    for done, document in enumerate(documents, start=1):
        yield document
        if progress is not None and (done % 512 == 0 or done == total):
            progress(done, total)


@dataclass(frozen=True, slots=True)
class _State:
    """What was caught up with: the last change and article row, and what is searched for it."""

    generation: Generation | None
    change: int
    article_row: int
    base: Part
    delta: Part
    names: Mapping[int, str]
    words: Path | None = None  # where `lexical` lies
    lexical: LexicalIndex | None = None
    own: bool = False  # whether `words` is this process's own, to be extended


class CatchUp:
    """Follows the database and the generations; `snapshot` gives the newest committed state.

    `lock` is the writer's lock where this process holds it.
    """

    def __init__(
        self, folder: Path, database: Database, identity: Identity, lock: FileLock | None = None
    ) -> None:
        self._folder = folder
        self._database = database
        self._identity = identity
        self._lock = lock
        self._generations = Generations(folder / GENERATIONS)
        self._guard = threading.Lock()
        self._scratch: Scratch | None = None
        self._watch = database.connect()
        self._stamp = self._generations.stamp()
        self._follow(self._first())

    def snapshot(self) -> ArchiveSnapshot:
        """The newest committed state; microseconds when nothing changed."""
        fresh = self._swapped()
        with self._guard:
            if fresh is not None:
                self._follow(fresh)
            elif self._data_version() != self._version:
                self._advance()
            return self._latest

    def publish(self, progress: Progress | None = None) -> None:
        """Make a generation of everything, when enough is newer than the one there is."""
        if self._worth_deriving(self._state.generation):
            fresh = self._derive(progress)
            with self._guard:
                self._stamp = self._generations.stamp()
                self._follow(fresh)

    def close(self) -> None:
        self._watch.close()
        if self._scratch is not None:
            self._scratch.close()

    # --- generations ---------------------------------------------------------------------------

    def _first(self) -> Generation | None:
        """The current generation when it is sound and not far behind, else a new one."""
        current = self._generations.current()
        try:
            generation = None if current is None else self._verified(current)
        except UnfitError as unfit:
            log.warning("%s; making it again from the database", unfit)
            return self._derive()
        return self._derive() if self._worth_deriving(generation) else generation

    def _worth_deriving(self, generation: Generation | None) -> bool:
        """Whether enough was added or taken out since that generation to make another."""
        row, change, held = 0, 0, 0
        if generation is not None:
            covered = generation.covered
            row, change, held = covered.article_row, covered.change, covered.passages
        with self._database.reading() as connection:
            newer = db.passages_after(connection, row) + db.passages_gone(connection, row, change)
        return newer >= max(_FEWEST_NEW, held * _NEW_SHARE)

    def _swapped(self) -> Generation | None:
        """A generation that was published since; verifying it keeps nobody else waiting."""
        stamp = self._generations.stamp()
        with self._guard:
            if stamp == self._stamp:
                return None
            self._stamp = stamp
        current = self._generations.current()
        try:
            return None if current is None else self._verified(current)
        except UnfitError as unfit:
            log.error("%s; going on with the generation before it", unfit)
            return None

    def _verified(self, folder: Path) -> Generation:
        generation = load(folder)
        covered = generation.covered
        if (covered.archive, covered.fingerprint, covered.dimension) != (
            self._identity.archive,
            self._identity.fingerprint,
            self._identity.dimension,
        ):
            raise UnfitError(f"{folder.name} belongs to another archive or model")
        with self._database.reading() as connection:
            if db.digest_of(connection, covered.change) != bytes.fromhex(covered.digest):
                raise UnfitError(f"{folder.name} was made from another state of the archive")
        return generation

    def _derive(self, progress: Progress | None = None) -> Generation:
        """A new generation: published, or private where this process may not publish."""
        try:
            with storage(self._folder), self._publishing():
                folder = self._generations.new()
                generation = self._built(folder, progress)
                self._generations.publish(folder)
        except (ArchiveBusy, StorageFull) as error:
            if self._lock is not None:
                raise
            log.warning("%s; searching with an index of this process only", error)
            folder = self._private_folder()
            (folder / LEXICAL).mkdir()
            return self._built(folder, progress)
        log.info("generation %s holds %d passages", folder.name, generation.covered.passages)
        return generation

    def _publishing(self) -> AbstractContextManager[object]:
        if self._lock is not None:
            return nullcontext()
        return FileLock(self._folder / LOCK).acquire()

    def _built(self, folder: Path, progress: Progress | None) -> Generation:
        with self._database.reading() as connection:
            build(connection, folder, self._identity, progress)
        return self._verified(folder)

    # --- what is newer -------------------------------------------------------------------------

    def _follow(self, generation: Generation | None) -> None:
        """Go on from this generation to the newest state."""
        self._state = self._started(generation)
        self._advance()

    def _started(self, generation: Generation | None) -> _State:
        nothing = np.empty((0, self._identity.dimension), np.float32)
        delta = Part(Columns.empty(), DenseIndex(nothing))
        if generation is None:
            return _State(None, 0, 0, delta, delta, {})
        return _State(
            generation,
            change=generation.covered.change,
            article_row=generation.covered.article_row,
            base=Part(generation.columns, generation.dense),
            delta=delta,
            names={},
            words=generation.words,
            lexical=LexicalIndex.open(generation.words),
        )

    def _advance(self) -> None:
        """Read what was committed since; the words come last, as they alone cannot be undone."""
        # Asked before the data is read: a commit in between is then noticed the next time.
        version = self._data_version()
        self._state = self._advanced(self._state)
        self._version = version
        self._latest = self._snapshot()

    def _advanced(self, state: _State) -> _State:
        with self._database.reading() as connection:
            change, _ = db.last_change(connection)
            names = db.sources(connection)
            if change == state.change:
                return replace(state, names=names)
            added = db.columns_after(connection, state.article_row)
            gone = db.ended_since(connection, state.change)
            chunks = list(db.vectors_after(connection, state.article_row, self._identity.dimension))
            vectors = np.concatenate([state.delta.dense.everything, *chunks])
            delta = Part(state.delta.columns.extended(added).without(gone), DenseIndex(vectors))
            base = replace(state.base, columns=state.base.columns.without(gone))
            words, lexical_index = state.words, state.lexical
            if len(added.article_rows) or len(gone):
                words = self._own_words(state)
                lexical.extend(words, db.documents_after(connection, state.article_row), gone)
                lexical_index = LexicalIndex.open(words)
            last = db.last_article(connection)
        return _State(
            state.generation,
            change,
            last,
            base,
            delta,
            names,
            words,
            lexical_index,
            state.own or words is not state.words,
        )

    def _own_words(self, state: _State) -> Path:
        """A lexical index that this process may extend: the generation's files, linked."""
        if state.own and state.words is not None:
            return state.words
        folder = self._private_folder()
        if state.words is None:
            lexical.create(folder, ())
        else:
            link_files(state.words, folder)
        return folder

    def _private_folder(self) -> Path:
        if self._scratch is None:
            self._scratch = Scratch(self._folder)
        return self._scratch.new()

    def _snapshot(self) -> ArchiveSnapshot:
        s = self._state
        return ArchiveSnapshot(s.change, (s.base, s.delta), s.lexical, s.names, self._database)

    def _data_version(self) -> int:
        version: int = self._watch.execute("PRAGMA data_version").fetchone()[0]
        return version
