"""One writer at a time, in whatever process: an advisory lock on a file that is never removed."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from qa.disk import writing_to
from qa.errors import ArchiveBusy


class FileLock:
    """Held from `acquire` to `release`; the system lets go of it when the process dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> FileLock:
        """Take the lock or raise at once: ArchiveBusy when held, StorageFull when unwritable."""
        with writing_to(self._path.parent):
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise ArchiveBusy(
                f"another process{f' ({holder})' if holder else ''} is writing to "
                f"{self._path.parent}; try again when it is done"
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"pid {os.getpid()}\n".encode("ascii"), 0)
        self._descriptor = descriptor
        return self

    def release(self) -> None:
        """Let go; harmless when not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> FileLock:
        return self if self._descriptor is not None else self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
