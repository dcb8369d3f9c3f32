"""From the database to what is searched: a sound generation, and what was committed after it."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qa import database as db
from qa import lexical
from qa.columns import Columns
from qa.database import Database
from qa.dense import DenseIndex
from qa.disk import writing_to
from qa.errors import ArchiveBusy, ArchiveError, StorageFull
from qa.generation import (
    LEXICAL,
    Generation,
    Generations,
    Identity,
    Progress,
    UnfitError,
    build,
    load,
)
from qa.lexical import LexicalIndex
from qa.lock import FileLock
from qa.scratch import Scratch, link_files
from qa.snapshot import ArchiveSnapshot, Part
from qa.types import Rows

LOCK = "writer.lock"
GENERATIONS = "generations"

# A new generation is worth its cost when this many passages, and this share, are newer than it.
_FEWEST_NEW = 256
_NEW_SHARE = 1 / 16

log = logging.getLogger(__name__)


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
        self._scratch = Scratch(folder)
        stamp = self._generations.stamp()
        self._follow(self._sound(renewing=True))
        self._stamp = stamp

    def snapshot(self) -> ArchiveSnapshot:
        """The newest committed state; microseconds when nothing changed."""
        stamp = self._generations.stamp()
        # Reading what is new takes a while: meanwhile others go on with the state before. Only
        # where this process writes they wait, so that whoever wrote sees what was written.
        if not self._guard.acquire(blocking=self._lock is not None):
            return self._latest
        try:
            if stamp != self._stamp:
                self._follow(self._sound())
                self._stamp = stamp
            elif self._database.version() != self._version:
                self._advance()
        except StorageFull as error:
            log.error("%s; searching what was there before", error)
        finally:
            self._guard.release()
        return self._latest

    def publish(self, progress: Progress | None = None) -> None:
        """Make a generation of everything, when enough is newer than the one there is."""
        with self._guard:
            generation = self._state.generation
            if self._behind(generation, _FEWEST_NEW if generation else 1):
                self._follow(self._published(progress))
                self._stamp = self._generations.stamp()

    def close(self) -> None:
        self._scratch.close()

    # --- generations ---------------------------------------------------------------------------

    def _sound(self, renewing: bool = False) -> _State:
        """The current generation if whole (`renewing`: and not far behind), else a new one."""
        current = self._generations.current()
        if current is None:
            return self._renewed() if self._behind(None) else self._empty()
        try:
            state = self._verified(current)
        except UnfitError as unfit:
            if self._generations.current() != current:  # it was dropped for a newer one
                return self._sound(renewing)
            log.warning("%s; making it again from the database", unfit)
            return self._renewed()
        if renewing and self._behind(state.generation):
            with suppress(ArchiveBusy, StorageFull):  # it works without, only slower to open
                return self._shared()
        return state

    def _behind(self, generation: Generation | None, fewest: int = _FEWEST_NEW) -> bool:
        """Whether enough was added or taken out since that generation to make another."""
        row, change, held = 0, 0, 0
        if generation is not None:
            covered = generation.covered
            row, change, held = covered.article_row, covered.change, covered.passages
        with self._database.reading() as connection:
            newer = db.passages_after(connection, row) + db.passages_gone(connection, row, change)
        return newer >= max(fewest, held * _NEW_SHARE)

    def _renewed(self) -> _State:
        """A new generation: published, or private where this process may not publish."""
        try:
            return self._shared()
        except (ArchiveBusy, StorageFull) as error:
            log.warning("%s; searching with an index of this process only", error)
            return self._scratch.make(self._built)

    def _shared(self) -> _State:
        """A new generation for all, by a process that may be a reader."""
        with nullcontext() if self._lock else FileLock(self._folder / LOCK).acquire():
            return self._published()

    def _published(self, progress: Progress | None = None) -> _State:
        """A new generation for all processes; the writer's lock is held."""
        with writing_to(self._folder):
            folder = self._generations.new()
            try:
                state = self._built(folder, progress)
                self._generations.publish(folder)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        log.info("generation %s was made from the database", folder.name)
        return state

    def _built(self, folder: Path, progress: Progress | None = None) -> _State:
        with self._database.reading() as connection:
            build(connection, folder, self._identity, progress)
        return self._verified(folder)

    def _verified(self, folder: Path) -> _State:
        """The state that a generation holds, every byte of it checked; raises UnfitError."""
        generation = load(folder)
        covered = generation.covered
        made_for = Identity(covered.archive, covered.fingerprint, covered.dimension)
        if made_for != self._identity:
            raise UnfitError(f"{folder.name} belongs to another archive or model")
        with self._database.reading() as connection:
            if db.digest_of(connection, covered.change) != bytes.fromhex(covered.digest):
                raise UnfitError(f"{folder.name} was made from another state of the archive")
        words, index = self._opened(generation)
        return replace(
            self._empty(),
            generation=generation,
            change=covered.change,
            article_row=covered.article_row,
            base=Part(generation.columns, generation.dense),
            words=words,
            lexical=index,
            own=words != generation.words,
        )

    def _opened(self, generation: Generation) -> tuple[Path, LexicalIndex]:
        """The lexical index; over links where its folder refuses the lock file of tantivy."""
        try:
            return generation.words, LexicalIndex.open(generation.words)
        except ValueError:
            pass

        def linked(folder: Path) -> tuple[Path, LexicalIndex]:
            link_files(generation.words, folder)
            return folder, LexicalIndex.open(folder)

        try:
            return self._scratch.make(linked)
        except ValueError as error:
            raise UnfitError(f"{generation.folder.name}/{LEXICAL}: {error}") from error

    def _empty(self) -> _State:
        nothing = np.empty((0, self._identity.dimension), np.float32)
        part = Part(Columns.empty(), DenseIndex(nothing))
        return _State(None, 0, 0, part, part, {})

    # --- what is newer -------------------------------------------------------------------------

    def _follow(self, state: _State) -> None:
        """Go on from a generation to the newest state."""
        self._begun = self._state = state
        self._advance()

    def _advance(self) -> None:
        """Read what was committed since; the words come last, as they alone cannot be undone."""
        # Asked before the data is read: a commit in between is then noticed the next time.
        version = self._database.version()
        try:
            self._state = self._advanced(self._state)
        except BaseException:
            self._state = self._begun  # the words may have been added and the rest not
            raise
        self._version = version
        self._latest = self._snapshot()

    def _advanced(self, state: _State) -> _State:
        with self._database.reading() as connection:
            self._check_same(connection)
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
                words, lexical_index = self._extended(connection, state, gone)
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

    def _check_same(self, connection: sqlite3.Connection) -> None:
        """Refuse to mix two archives: a restored or re-embedded one carries a new id."""
        there = connection.execute("SELECT value FROM meta WHERE key = 'archive'").fetchone()
        if there is None or there[0] != self._identity.archive:
            raise ArchiveError(
                "the archive was restored or re-embedded while it was open; open it again"
            )

    def _extended(
        self, connection: sqlite3.Connection, state: _State, gone: Rows
    ) -> tuple[Path, LexicalIndex]:
        """The words with what is newer, in an index of this process that begins as links."""

        def extended(folder: Path) -> tuple[Path, LexicalIndex]:
            if folder == state.words:
                pass
            elif state.words is None:
                lexical.create(folder, ())
            else:
                link_files(state.words, folder)
            lexical.extend(folder, db.documents_after(connection, state.article_row), gone)
            return folder, LexicalIndex.open(folder)

        if state.own and state.words is not None:
            return extended(state.words)
        return self._scratch.make(extended)

    def _snapshot(self) -> ArchiveSnapshot:
        s = self._state
        return ArchiveSnapshot(s.change, (s.base, s.delta), s.lexical, s.names, self._database)
