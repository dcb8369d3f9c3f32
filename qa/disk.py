"""Writing so that a file is either the old or the new one, and saying so when the disk refuses."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import StorageFull

# Without a number: numpy's report of a write that was cut short.
_REFUSALS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, None}


@contextmanager
def writing_to(place: Path) -> Iterator[None]:
    """Turn a full or read-only disk into StorageFull that names the place and the remedy."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REFUSALS:
            raise
        raise storage_full(place, error.strerror or str(error)) from error


def storage_full(place: Path, reason: str) -> StorageFull:
    """The error for a place that cannot be written."""
    return StorageFull(
        f"cannot write to {place}: {reason}; free some space or make it writable; "
        "nothing that was acknowledged is lost"
    )


def replace_file(path: Path, content: bytes) -> None:
    """Write beside, flush, rename over `path`, flush the folder: old or new, never between."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    flush(path.parent)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
