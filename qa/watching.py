"""A folder that is watched: new and changed files, once they are written to their end.

By polling: it works on every file system, network shares included, where notifications do not,
and a look at 10,000 files takes a few hundredths of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from qa.reading.folder import Found, files
from qa.reading.formats import ReadOptions, read_files, shared_parser
from qa.types import Reading, Refusal

# Waits so many seconds; True where it was woken to stop (`threading.Event.wait` does this).
Wait = Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class _Trace:
    """What tells one state of a file from another. Times are nanoseconds since 1970."""

    size: int
    modified: int
    changed: int
    inode: int


@dataclass(slots=True)
class FolderWatch:
    """Files as last seen. One counts once two looks in a row show it unchanged.

    `read_before`, in seconds since 1970, is when everything that was there has been read.
    """

    paths: Sequence[Path]
    read_before: float = 0.0
    _seen: dict[Path, _Trace] = field(default_factory=dict)
    _given: dict[Path, _Trace] = field(default_factory=dict)
    _refused: set[Refusal] = field(default_factory=set)

    def look(self) -> list[Found | Refusal]:
        """Files that are new or changed since they were last given, and complete.

        A file that is still growing is given by a later look; a refusal is given once.
        """
        ready: list[Found | Refusal] = []
        traces: dict[Path, _Trace] = {}
        for found in (entry for path in self.paths for entry in files(path)):
            if isinstance(found, Refusal):
                if found not in self._refused:
                    self._refused.add(found)
                    ready.append(found)
            elif trace := _trace(found.path):
                traces[found.path] = trace
                if self._is_ready(found.path, trace):
                    self._given[found.path] = trace
                    ready.append(found)
        self._seen = traces
        self._given = {path: trace for path, trace in self._given.items() if path in traces}
        return ready

    def _is_ready(self, path: Path, trace: _Trace) -> bool:
        old = max(trace.modified, trace.changed) < self.read_before * 1e9
        stable = self._seen.get(path) == trace
        return stable and not old and self._given.get(path) != trace


def watch(
    paths: Sequence[Path],
    options: ReadOptions,
    *,
    read_before: float = 0.0,
    interval: float = 1.0,
    wait: Wait | None = None,
) -> Iterator[Iterator[Reading | Refusal]]:
    """The articles of new and changed files, batch after batch, until `wait` says stop.

    Looks every `interval` seconds, so that a file is read within two intervals of its last
    change. The first batch is all that is there, but for files unchanged since `read_before`
    (seconds since 1970). A folder that is gone for a while is looked for again.
    """
    wait = wait or Event().wait
    folder = FolderWatch(paths, read_before)
    with shared_parser(options) as shared:
        while True:
            if ready := folder.look():
                yield read_files(ready, shared)
            if wait(interval):
                return


def _trace(path: Path) -> _Trace | None:
    """None where the file is gone again since the folder was listed."""
    try:
        status = path.stat()
    except OSError:
        return None
    return _Trace(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
