"""Folders of one process beside the archive, gone with the process even when it is killed.

Each has a lock file that its process holds; whoever gets that lock may clear the folder away.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import weakref
from contextlib import suppress
from pathlib import Path

from qa.errors import ArchiveBusy, StorageFull
from qa.lock import FileLock

_COPIED = {"meta.json", ".managed.json"}  # what tantivy replaces; segment files never change


class Scratch:
    """A folder in which this process may write what nobody else reads."""

    def __init__(self, archive: Path) -> None:
        self._folder, self._lock = _made(archive / "live")
        self._cleared = weakref.finalize(self, _clear, self._folder, self._lock)
        self._count = 0

    def new(self) -> Path:
        """A fresh, empty folder."""
        self._count += 1
        folder = self._folder / f"{self._count:06d}"
        folder.mkdir()
        return folder

    def close(self) -> None:
        """Remove the folder and all in it."""
        self._cleared()


def sweep(archive: Path) -> None:
    """Clear away what killed processes left."""
    for path in (archive / "live").glob("*.lock"):
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


def _made(place: Path) -> tuple[Path, FileLock]:
    try:
        place.mkdir(exist_ok=True)
        return _claimed(place)
    except (OSError, StorageFull):
        pass
    try:
        return _claimed(Path(tempfile.mkdtemp(prefix="dateline-")))
    except (OSError, StorageFull) as error:
        raise StorageFull(
            f"neither {place} nor {tempfile.gettempdir()} can be written; "
            "make one of them writable (TMPDIR names another)"
        ) from error


def _claimed(place: Path) -> tuple[Path, FileLock]:
    while True:
        folder = place / uuid.uuid4().hex
        lock_file = folder.with_suffix(".lock")
        with suppress(ArchiveBusy):  # swept between its creation and our lock
            lock = FileLock(lock_file).acquire()
            if lock_file.exists():
                folder.mkdir()
                return folder, lock
            lock.release()


def _clear(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.with_suffix(".lock").unlink()
    lock.release()
    if folder.parent.name.startswith("dateline-"):
        with suppress(OSError):
            folder.parent.rmdir()
