"""Untrusted documents are parsed in child processes that have little time, memory and power.

A child is started once and parses one document after another; one that exceeds a limit is killed
and replaced. Parent and child exchange frames: four bytes of length, then JSON. The child is
given bytes, never paths; an audit hook keeps its Python code from the network, from starting
programs and from opening files other than the installed packages.
"""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import Any, Protocol

from qa.errors import UnreadableInput
from qa.reading.extract import MEBIBYTE, Extract, guarded, reader_named
from qa.reading.frames import from_frame
from qa.types import Refusal

_LENGTH = struct.Struct(">I")
# No frame of an honest child is longer: a document's text, escaped as JSON.
_LONGEST_FRAME = 512 * MEBIBYTE
# Starting Python and importing a reader's libraries, which is not the document's fault.
_START_SECONDS = 60.0
# A child is replaced after so many documents, so that what its libraries leak stays small.
_DOCUMENTS = 2000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost. Time is wall-clock seconds for each article that it gives, and
    for all of it that much and `seconds_per_mebibyte`; memory is a child's address space."""

    seconds: float = 4.5
    seconds_per_mebibyte: float = 1.0
    memory: int = 1000 * MEBIBYTE


class Parser(Protocol):
    """Runs a reader, named `module:function`, over a document's bytes."""

    def parse(
        self, reader: str, data: bytes, name: str, options: Mapping[str, str]
    ) -> Iterator[Extract | Refusal]: ...

    def close(self) -> None: ...


class Sandbox:
    """At most `size` children at work; others wait. Safe to share between threads."""

    def __init__(self, size: int = 1, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._turn = BoundedSemaphore(size)
        self._lock = Lock()
        self._idle: list[_Child] = []
        self._closed = False

    def parse(
        self, reader: str, data: bytes, name: str, options: Mapping[str, str]
    ) -> Iterator[Extract | Refusal]:
        """What `reader` makes of `data`, in order, as it comes.

        Raises UnreadableInput where the reader refuses the whole, fails, or exceeds a limit.
        """
        with self._turn:
            child = self._take()
            try:
                yield from child.parse(reader, data, name, options, self._limits)
            finally:
                self._give(child)

    def close(self) -> None:
        """End all children; what is being parsed meanwhile is finished first."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.kill()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take(self) -> _Child:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Child(self._limits.memory)

    def _give(self, child: _Child) -> None:
        with self._lock:
            if child.usable and not self._closed:
                self._idle.append(child)
                return
        child.kill()


class _Child:
    """One child process; `usable` until it died, was killed, or has served long enough."""

    def __init__(self, memory: int) -> None:
        # The child inherits no variable that could hold a key, only where the packages are.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "qa.reading.sandboxed", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "LC_ALL": "C.UTF-8"},
            start_new_session=True,
        )
        self._documents = 0
        self._between = True

    @property
    def usable(self) -> bool:
        return self._between and self._documents < _DOCUMENTS and self._process.poll() is None

    def parse(
        self, reader: str, data: bytes, name: str, options: Mapping[str, str], limits: Limits
    ) -> Iterator[Extract | Refusal]:
        self._documents += 1
        self._between = False
        total = limits.seconds + limits.seconds_per_mebibyte * len(data) / MEBIBYTE
        task = {"reader": reader, "name": name, "options": dict(options), "seconds": total}
        self._send(task, data)
        self._receive(_START_SECONDS)
        # Only the time that is spent waiting counts: whoever takes the articles may be slow.
        waited = 0.0
        while True:
            start = time.monotonic()
            frame = self._receive(min(limits.seconds, total - waited))
            waited += time.monotonic() - start
            if "end" in frame:
                break
            yield from_frame(frame)
        self._between = True
        if frame["end"]:
            raise UnreadableInput(str(frame["end"]))

    def kill(self) -> None:
        """End the process and release its pipes."""
        self._between = False
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # what was still to be sent has no reader any more
        self._process.wait()

    def _send(self, task: dict[str, Any], data: bytes) -> None:
        assert self._process.stdin is not None
        try:
            for part in (json.dumps(task).encode(), data):
                self._process.stdin.write(_LENGTH.pack(len(part)))
                self._process.stdin.write(part)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise UnreadableInput(self._death()) from None

    def _receive(self, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
        if length > _LONGEST_FRAME:
            raise UnreadableInput("its reader gave more text than a document can hold")
        frame = json.loads(self._read(length, deadline))
        assert isinstance(frame, dict)
        return frame

    def _read(self, size: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        parts: list[bytes] = []
        while size:
            ready = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]
            if not ready:
                raise UnreadableInput("reading it took too long; split it, or save it as text")
            part = os.read(descriptor, min(size, MEBIBYTE))
            if not part:
                raise UnreadableInput(self._death())
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _death(self) -> str:
        """Why the child is gone, as a person would want to hear it."""
        status = self._process.wait()
        if status == -signal.SIGXCPU:
            return "reading it took too much processor time"
        if status == -signal.SIGKILL:
            return "reading it took more memory than there is"
        return f"its reader broke down (status {status})"


class InProcess:
    """The same readers without a child: for tests, and for documents that are the user's own."""

    def parse(
        self, reader: str, data: bytes, name: str, options: Mapping[str, str]
    ) -> Iterator[Extract | Refusal]:
        """As `Sandbox.parse`, without its limits."""
        yield from guarded(reader_named(reader)(data, name, **options))

    def close(self) -> None:
        """There is nothing to end."""
