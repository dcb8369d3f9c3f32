"""Readers that misbehave, to see that the sandbox holds. Named as `sandbox_readers:FUNCTION`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from qa.errors import UnreadableInput
from qa.reading.article import Fields
from qa.reading.extract import Extract


def _text(text: str) -> Extract:
    return Extract(Fields(title="T", place=("Portvale",), methods={"title": "feed"}), text, ("w",))


def echo(data: bytes, name: str) -> Iterator[Extract]:
    """The bytes as text."""
    print("noise on standard output")
    yield _text(data.decode("utf-8", "surrogateescape"))


def refuse(data: bytes, name: str) -> Iterator[Extract]:
    """One article, then a refusal."""
    yield _text("first")
    raise UnreadableInput("the rest is broken")


def fail(data: bytes, name: str) -> Iterator[Extract]:
    """A library's bug."""
    yield _text(str(1 // len(data[:0])))


def loop(data: bytes, name: str) -> Iterator[Extract]:
    """Never ends."""
    while True:
        time.sleep(0.01)
    yield


def spin(data: bytes, name: str) -> Iterator[Extract]:
    """Gives articles for ever."""
    while True:
        time.sleep(0.05)
        yield _text("again")


def several(data: bytes, name: str) -> Iterator[Extract]:
    """Four articles, each in little time."""
    yield from (_text(str(number)) for number in range(4))


def gorge(data: bytes, name: str) -> Iterator[Extract]:
    """Takes all the memory there is."""
    yield _text(str(len(bytes(64 * 1024**3))))


def recurse(data: bytes, name: str) -> Iterator[Extract]:
    """Recurses without end."""

    def deeper() -> int:
        return deeper() + 1

    yield _text(str(deeper()))


def die(data: bytes, name: str) -> Iterator[Extract]:
    """A crash of a C library."""
    os.kill(os.getpid(), 11)
    yield


def powers(data: bytes, name: str) -> Iterator[Extract]:
    """What it could do, one line each."""
    attempts = {
        "read": lambda: open("/etc/passwd").read(1),  # noqa: PTH123, SIM115
        "write": lambda: open("/tmp/dateline-sandbox", "w"),  # noqa: PTH123, SIM115
        "descriptor": lambda: os.open("/tmp/dateline-sandbox", os.O_CREAT | os.O_WRONLY),
        "connect": lambda: socket.create_connection(("127.0.0.1", 9), 0.1),
        "lookup": lambda: socket.getaddrinfo("localhost", 80),
        "run": lambda: subprocess.run([sys.executable, "-c", ""], check=False),
        "shell": lambda: os.system("true"),
        "fork": os.fork,
    }
    done = []
    for power, attempt in attempts.items():
        try:
            attempt()  # type: ignore[no-untyped-call]
            done.append(power)
        except PermissionError:
            continue
    yield _text(",".join(done) + f";{sorted(os.environ)}")
