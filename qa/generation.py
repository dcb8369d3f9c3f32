"""Derived indexes on disk: immutable generations, each with a manifest that proves it whole.

A generation is written beside the others, flushed to the disk, and only then named by `CURRENT`.
Nothing in it is ever changed again, and nothing in it is needed: all of it can be made again from
the database.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa import database as db
from qa import lexical
from qa.columns import Columns
from qa.dense import DenseIndex, write_index, write_vectors
from qa.disk import flush, replace_file
from qa.lexical import LexicalDocument

MANIFEST = "manifest.json"
CURRENT = "CURRENT"
LEXICAL = "tantivy"
FORMAT = 1

Progress = Callable[[int, int], None]

# Left by whoever opens the index; empty, and no part of it.
_NOT_COVERED = {".tantivy-meta.lock", ".tantivy-writer.lock"}


class UnfitError(Exception):
    """A generation cannot be used; the message says why. Rebuild it from the database."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which archive this is and whose vectors it holds."""

    archive: str
    fingerprint: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Covered:
    """What a generation was made from, and the model whose vectors it holds.

    `change` and `digest` name the state of the archive, `article_row` is the last row covered.
    """

    archive: str
    fingerprint: str
    dimension: int
    change: int
    digest: str
    article_row: int
    articles: int
    passages: int


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation, verified and mapped into memory."""

    folder: Path
    covered: Covered
    columns: Columns
    dense: DenseIndex

    @property
    def words(self) -> Path:
        """The folder of the lexical index."""
        return self.folder / LEXICAL


def build(
    connection: sqlite3.Connection,
    folder: Path,
    identity: Identity,
    progress: Progress | None = None,
) -> None:
    """Write and seal, in an empty folder, all that the connection's transaction sees."""
    (folder / LEXICAL).mkdir()
    columns = db.columns_after(connection, 0)
    columns.save(folder)
    count = len(columns.passage_rows)
    vectors = db.vectors_after(connection, 0, identity.dimension)
    write_vectors(folder, vectors, count, identity.dimension)
    write_index(folder)
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


def seal(folder: Path, covered: Covered) -> None:
    """Flush every file and then the manifest that lists them with length and SHA-256."""
    for path in _files(folder):
        flush(path)
    for path in (folder / LEXICAL, folder):
        flush(path)
    manifest = {"format": FORMAT, **asdict(covered), "files": _measured(folder)}
    manifest["sha256"] = _own_sum(manifest)
    replace_file(folder / MANIFEST, json.dumps(manifest, indent=1).encode("ascii"))


def load(folder: Path) -> Generation:
    """Verify every file against the manifest, then map them; raises UnfitError."""
    manifest = _manifest(folder)
    try:
        found = _measured(folder)
        for name in sorted(manifest["files"].keys() | found.keys()):
            if manifest["files"].get(name) != found.get(name):
                raise UnfitError(f"{folder.name}/{name} is not the file that the manifest lists")
        covered = Covered(**{name: manifest[name] for name in Covered.__dataclass_fields__})
        generation = Generation(folder, covered, Columns.load(folder), DenseIndex.load(folder))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnfitError(f"{folder.name} cannot be read: {error}") from error
    sizes = len(generation.columns.article_rows), len(generation.dense)
    if sizes != (covered.articles, covered.passages):
        raise UnfitError(f"{folder.name} holds other numbers of rows than its manifest says")
    return generation


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise UnfitError(f"{folder.name}/{MANIFEST} cannot be read: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UnfitError(f"{folder.name}/{MANIFEST} is not of format {FORMAT}")
    if not isinstance(manifest.get("files"), dict):
        raise UnfitError(f"{folder.name}/{MANIFEST} lists no files")
    if manifest.pop("sha256", None) != _own_sum(manifest):
        raise UnfitError(f"{folder.name}/{MANIFEST} was changed after it was written")
    return manifest


def _own_sum(manifest: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode("ascii")).hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name not in _NOT_COVERED and path != folder / MANIFEST
    )


def _measured(folder: Path) -> dict[str, list[object]]:
    """Length and SHA-256 of each file by its path inside `folder`."""
    paths = _files(folder)
    with ThreadPoolExecutor(2) as pool:  # hashing lets other threads run
        sums = list(pool.map(_sum, paths))
    return {
        path.relative_to(folder).as_posix(): [path.stat().st_size, total]
        for path, total in zip(paths, sums, strict=True)
    }


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Generations:
    """The folder of generations of one archive: 000001, 000002, ..., and `CURRENT`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def current(self) -> Path | None:
        """The generation that `CURRENT` names."""
        try:
            name = (self._folder / CURRENT).read_text("ascii").strip()
        except (OSError, ValueError):
            return None
        return self._folder / name if name.isdigit() else None

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever another generation becomes the current one."""
        try:
            found = (self._folder / CURRENT).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def new(self) -> Path:
        """An empty folder with the next number; only the one writer may ask for it."""
        self._folder.mkdir(exist_ok=True)
        folder = self._folder / f"{max(self._numbers(), default=0) + 1:06d}"
        folder.mkdir()
        return folder

    def publish(self, folder: Path) -> None:
        """Make a sealed generation the current one; drop all but it and the one before."""
        before = self.current()
        flush(self._folder)
        replace_file(self._folder / CURRENT, f"{folder.name}\n".encode("ascii"))
        for number in self._numbers():
            old = self._folder / f"{number:06d}"
            if old not in (before, folder):
                shutil.rmtree(old, ignore_errors=True)

    def _numbers(self) -> list[int]:
        with suppress(FileNotFoundError):
            return [int(path.name) for path in self._folder.iterdir() if path.name.isdigit()]
        return []
