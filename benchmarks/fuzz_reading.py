"""Fuzz every reader: `python benchmarks/fuzz_reading.py [--inputs N] [--seed S] [READER ...]`.

A seeded mutator (flips, cuts, repeats, splices, words of the format) makes N inputs for each
reader. Each must give articles and refusals, within five seconds; any exception that is no
QAError, and any death of the process, is a find: its input is kept in tests/reading_finds/, where
the tests read it again. Readers run without their sandbox, so that nothing hides a fault, each in
a process of its own. Failures of the libraries inside, which a sandbox turns into refusals, are
counted by kind.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import logging
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO, cast

from fuzz_seeds import seeds

from qa.errors import QAError
from qa.reading import formats, tables
from qa.reading.article import assemble
from qa.reading.encoding import decode
from qa.reading.extract import Extract, guarded, reader_named
from qa.reading.html import html_text
from qa.reading.mailbox import read_mail
from qa.reading.plain import read_plain
from qa.reading.sandbox import InProcess
from qa.reading.warc import read_warc
from qa.types import Reading, Refusal

FINDS = Path(__file__).resolve().parent.parent / "tests" / "reading_finds"
SECONDS = 5.0
MEMORY = 2 * 1024**3
MOST = 1024 * 1024
# Bytes that mean something to one reader or another.
WORDS = [
    *(b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!DOCTYPE x [", b"<!ENTITY", b"&#0;", b"&nbsp;"),
    *(b"\x00", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"\x01", b"\x02"),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"\\ud800",
        b"\\u0000",
        b"1e999",
        b"NaN",
        b"null",
        b"-0",
        b"\x03",
    ),
    *(b"\r", b"\n\n", b"\t", b";", b"'", b"|", b"---\n", b"+++\n", b"%", b"%PDF-", b"obj", b","),
    *(b"endobj", b"<<", b">>", b"/Kids", b"/Length 99999999999", b"0 R", b"PAR1", b"PK\x03\x04"),
    *(b"WARC/1.0\r\n", b"Content-Length: -1\r\n", b"From ", b"=?utf-8?b?", b"?=", b"boundary="),
    *(b"2021-02-30", b"99999-99-99", b"0000", b"March 5", b"(AP) --", b"UPDATE 1-", b"/TASS/."),
    *("\u202e".encode(), "\U000e0041".encode(), "港口".encode(), b"\xdf", b"A" * 5000, b"stream"),
]
PARSED = [
    *("markdown", "html", "feed", "nitf", "newsml-g1", "newsml-g2", "anpa", "parquet"),
    *("pdf", "docx"),
]
JSON = ["json", "json-feed", "ninjs"]
READERS = [*PARSED, *JSON, "plain", "csv", "mail", "mbox", "warc", "gzip"]

Items = Iterator[Any]


def reader(name: str) -> Callable[[bytes], Items]:
    """The reader under its own format, past recognition."""
    parser = InProcess()
    if name == "plain":
        return _plain
    if name == "gzip":
        return lambda data: formats.read_bytes(data, "a.gz", formats.ReadOptions(sandbox=False))
    if name in PARSED:
        parse = reader_named(formats.PARSED[name])
        return lambda data: guarded(parse(data, "a"))
    if name in JSON:
        return lambda data: guarded(tables.read_json(_stream(data), "a", {}, html_text))
    if name == "csv":
        return lambda data: guarded(tables.read_csv(_stream(data), "a", {}, html_text))
    if name == "warc":
        return lambda data: guarded(read_warc(_stream(data), "a", parser, MOST))
    return lambda data: guarded(read_mail(_stream(data), "a", parser, MOST))


def mutated(chance: random.Random, originals: list[bytes]) -> bytes:
    """One input: a document with up to a dozen changes."""
    data = bytearray(chance.choice(originals))
    for _ in range(chance.choice((1, 1, 2, 3, 5, 12))):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((1, 2, 8, 40, 400)))
        kind = chance.randrange(7)
        if kind == 0 and data:
            data[at % len(data)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[at:end]
        elif kind == 2:
            data[at:at] = data[at:end] * chance.choice((1, 3, 50))
        elif kind == 3:
            data[at:at] = chance.choice(WORDS)
        elif kind == 4:
            data[at:end] = chance.choice(WORDS)
        elif kind == 5:
            other = chance.choice(originals)
            start = chance.randrange(len(other))
            data[at:end] = other[start : start + 200]
        else:
            data[at:end] = chance.randbytes(end - at)
        del data[100_000:]
    return bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.03 else data)


def consume(items: Items, failures: Counter[str]) -> None:
    """Read on as `formats` would: articles are assembled, refusals counted."""
    try:
        for position, item in enumerate(items):
            if isinstance(item, Extract):
                item = assemble(item.fields, item.text, name="a", position=position)
            assert isinstance(item, Reading | Refusal), item
            if isinstance(item, Refusal) and "reader failed" in item.reason:
                failures[item.reason] += 1
    except QAError as error:
        if "reader failed" in str(error):
            cause = error.__cause__
            trace = cause.__traceback__ if cause else None
            while trace and trace.tb_next:
                trace = trace.tb_next
            where = Path(trace.tb_frame.f_code.co_filename).name if trace else ""
            failures[f"{error} ({where})"] += 1


def fuzz_one(name: str, inputs: int, seed: int, last: Path) -> int:
    """Fuzz a reader in this process; print what came of it, return how many finds."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")

    def late(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"over {SECONDS} s")

    signal.signal(signal.SIGALRM, late)
    read, originals, chance = reader(name), seeds(name), random.Random(f"{name}-{seed}")
    failures: Counter[str] = Counter()
    finds, slowest, begun = 0, 0.0, time.perf_counter()
    with last.open("wb") as slot:
        for _ in range(inputs):
            data = mutated(chance, originals)
            slot.seek(0)
            slot.truncate()
            slot.write(data)
            slot.flush()
            start = time.perf_counter()
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
            try:
                consume(read(data), failures)
            except Exception as error:  # every exception that comes through is a find
                finds += 1
                print(f"  FIND {keep(name, data)}: {type(error).__name__}: {error}", flush=True)
            signal.setitimer(signal.ITIMER_REAL, 0)
            slowest = max(slowest, time.perf_counter() - start)
    print(
        json.dumps(
            {
                "reader": name,
                "inputs": inputs,
                "finds": finds,
                "slowest_ms": round(slowest * 1000),
                "seconds": round(time.perf_counter() - begun),
                "library_failures": dict(failures.most_common(6)),
            }
        ),
        flush=True,
    )
    return finds


def keep(name: str, data: bytes) -> str:
    """Save a find; the same input has the same name."""
    FINDS.mkdir(exist_ok=True)
    path = FINDS / f"{name}-{hashlib.sha256(data).hexdigest()[:10]}.bin"
    path.write_bytes(data)
    return path.name


def main() -> int:
    """Each reader in a process of its own, as a find may end it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=10_600, help="inputs for each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--in-process", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("readers", nargs="*", choices=[[], *READERS], default=[])
    options = parser.parse_args()
    last = Path(tempfile.gettempdir()) / f"fuzz-reading-{os.getpid()}"
    if options.in_process:
        return min(100, fuzz_one(options.readers[0], options.inputs, options.seed, last))
    finds = 0
    for name in options.readers or READERS:
        arguments = ["--in-process", "--inputs", str(options.inputs), "--seed", str(options.seed)]
        child = subprocess.Popen([sys.executable, __file__, *arguments, name])
        status = child.wait()
        slot = last.with_name(f"fuzz-reading-{child.pid}")
        if status < 0 and slot.exists():
            print(f"  FIND {keep(name, slot.read_bytes())}: died of signal {-status}", flush=True)
        slot.unlink(missing_ok=True)
        finds += abs(status)
    return min(finds, 1)


def _plain(data: bytes) -> Items:
    yield from read_plain(decode(data).text, name="a.txt")


def _stream(data: bytes) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(io.BytesIO(data)))


if __name__ == "__main__":
    sys.exit(main())
