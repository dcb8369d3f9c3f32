"""The child's side of the sandbox: `python -m qa.reading.sandboxed BYTES_OF_MEMORY`."""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from qa.errors import QAError
from qa.reading.extract import MEBIBYTE, guarded, reader_named
from qa.reading.frames import to_frame

_LENGTH = struct.Struct(">I")
# Python calls these before the act; the child never needs any of them.
_FORBIDDEN = (
    *("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"),
    *("socket.gethostbyname", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"),
    *("os.fork", "os.forkpty", "os.remove", "os.rename", "os.mkdir", "os.chmod", "os.symlink"),
    *("shutil.rmtree",),
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main(memory: int) -> None:
    """Serve documents from standard input until it ends."""
    requests = sys.stdin.buffer
    # A library that prints must not break the frames: they get a descriptor of their own.
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    _limit_powers(memory)
    while task := _read(requests):
        serve(json.loads(task), _read(requests), answers)


def serve(task: dict[str, Any], data: bytes, answers: BinaryIO) -> None:
    """Parse one document and send what comes of it; the last frame says how it ended."""
    end = ""
    try:
        reader = reader_named(task["reader"])
        _send(answers, {"ready": True})
        _limit_processor(task["seconds"])
        for item in guarded(reader(data, task["name"], **task["options"])):
            _send(answers, to_frame(item))
    except QAError as error:
        end = str(error) or type(error).__name__
    _send(answers, {"end": end})


def _limit_powers(memory: int) -> None:
    for limited, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        # macOS knows the limit of address space and refuses to set it; time still ends a child.
        with suppress(ValueError, OSError):
            resource.setrlimit(limited, (most, most))
    sys.setrecursionlimit(2000)
    readable = _readable_folders()

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _check_open(arguments, readable)
        elif event in _FORBIDDEN:
            raise PermissionError(f"{event} is not for readers of untrusted documents")

    sys.addaudithook(watch)


def _readable_folders() -> tuple[str, ...]:
    folders = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path, "/usr/share/zoneinfo"}
    return tuple(str(Path(folder).resolve()) + os.sep for folder in folders if folder)


def _check_open(arguments: tuple[Any, ...], readable: tuple[str, ...]) -> None:
    path, _, flags = arguments
    if isinstance(path, int):
        return
    resolved = os.path.realpath(path)
    if (flags or 0) & _WRITING or not os.fsdecode(resolved).startswith(readable):
        raise PermissionError("readers of untrusted documents open no files")


def _limit_processor(seconds: float) -> None:
    """A backstop for a parent that died: some seconds beyond what the parent waits for."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 3
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _read(requests: BinaryIO) -> bytes:
    header = requests.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        return b""
    return requests.read(_LENGTH.unpack(header)[0])


def _send(answers: BinaryIO, frame: dict[str, Any]) -> None:
    data = json.dumps(frame).encode()
    answers.write(_LENGTH.pack(len(data)))
    answers.write(data)
    answers.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000 * MEBIBYTE)
