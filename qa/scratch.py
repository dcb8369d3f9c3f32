"""Folders of one process, gone with the process even when it is killed.

They lie beside the archive, or where temporary files do when there is no room. Each has a lock file
that its process holds; whoever gets that lock may clear the folder away.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from qa.disk import writing_to
from qa.errors import ArchiveBusy, StorageFull
from qa.lock import FileLock

Made = TypeVar("Made")

_PREFIX = "dateline-"
_COPIED = {"meta.json", ".managed.json"}  # what tantivy replaces; segment files never change


class Scratch:
    """Folders in which this process may write what nobody else reads."""

    def __init__(self, archive: Path) -> None:
        self._places = _places(archive)
        self._mine: dict[Path, Path] = {}
        self._locks: list[tuple[Path, FileLock]] = []
        self._cleared = weakref.finalize(self, _clear_all, self._locks)
        self._count = 0

    def make(self, fill: Callable[[Path], Made]) -> Made:
        """What `fill` makes of a fresh, empty folder; raises StorageFull when there is no room."""
        *preferred, last = self._places
        for place in preferred:
            with suppress(StorageFull):
                return self._filled(place, fill)
        return self._filled(last, fill)

    def close(self) -> None:
        """Remove the folders and all in them."""
        self._cleared()

    def _filled(self, place: Path, fill: Callable[[Path], Made]) -> Made:
        with writing_to(place):
            if place not in self._mine:
                place.mkdir(exist_ok=True)
                self._locks.append(_claimed(place))
                self._mine[place] = self._locks[-1][0]
            self._count += 1
            folder = self._mine[place] / f"{self._count:06d}"
            folder.mkdir()
            try:
                return fill(folder)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise


def sweep(archive: Path) -> None:
    """Clear away what killed processes left."""
    for place in _places(archive):
        for path in place.glob(f"{_PREFIX}*.lock"):
            lock = FileLock(path)
            with suppress(ArchiveBusy, StorageFull):
                lock.acquire()
                _clear(path.with_suffix(""), lock)


def link_files(source: Path, target: Path) -> None:
    """Make `target` an index of its own over the unchanging files of `source`, by links."""
    for path in source.iterdir():
        if path.suffix == ".lock":
            continue
        if path.name in _COPIED:
            shutil.copyfile(path, target / path.name)
            continue
        try:
            os.link(path, target / path.name)
        except OSError:  # another file system, or one without hard links
            (target / path.name).symlink_to(path.resolve())


def _places(archive: Path) -> tuple[Path, ...]:
    return archive / "live", Path(tempfile.gettempdir())


def _claimed(place: Path) -> tuple[Path, FileLock]:
    while True:
        folder = place / f"{_PREFIX}{uuid.uuid4().hex}"
        lock_file = folder.with_suffix(".lock")
        with suppress(ArchiveBusy):  # swept between its creation and our lock
            lock = FileLock(lock_file).acquire()
            if lock_file.exists():
                folder.mkdir(mode=0o700)
                return folder, lock
            lock.release()


def _clear_all(claims: list[tuple[Path, FileLock]]) -> None:
    for folder, lock in claims:
        _clear(folder, lock)


def _clear(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.with_suffix(".lock").unlink()
    lock.release()
