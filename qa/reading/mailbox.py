"""mbox files cut into messages as they are read; each message is parsed in the sandbox."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from qa.errors import UnreadableInput
from qa.reading.extract import Extract
from qa.reading.sandbox import Parser
from qa.types import Refusal

_READER = "qa.reading.mail:parse_mail"
# The separator of RFC 4155: an address and a time; "From the start" begins no message.
_SEPARATOR = re.compile(rb"From \S+ .{0,60}\d\d:\d\d")
# Lines of a body that would look like one are kept apart by ">" (mboxrd).
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_mail(
    stream: BinaryIO, name: str, parser: Parser, most: int
) -> Iterator[Extract | Refusal]:
    """The articles of one message, or of all messages of an mbox.

    A message that cannot be read, or is longer than `most` bytes, is refused as `name:number`.
    """
    first = stream.readline(most)
    if not _SEPARATOR.match(first):
        message = first + stream.read(most + 1 - len(first))
        if len(message) > most:
            raise UnreadableInput(f"the message is longer than {most:,} bytes")
        yield from parser.parse(_READER, message, name, {})
        return
    for number, message in enumerate(_messages(chain([first], _lines(stream, most)), most), 1):
        try:
            if len(message) > most:
                raise UnreadableInput(f"the message is longer than {most:,} bytes")
            yield from parser.parse(_READER, message, f"{name}:{number}", {})
        except UnreadableInput as error:
            yield Refusal(f"{name}:{number}", str(error))


def _lines(stream: BinaryIO, most: int) -> Iterator[bytes]:
    while line := stream.readline(most):
        yield line


def _messages(lines: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Messages without separators; of one that is too long, only what shows that."""
    message = io.BytesIO()
    blank = True
    for line in lines:
        if blank and _SEPARATOR.match(line):
            if message.tell():
                yield _QUOTED.sub(rb"\1", message.getvalue())
            message = io.BytesIO()
        elif message.tell() <= most:
            message.write(line)
        blank = not line.strip()
    if message.tell():
        yield _QUOTED.sub(rb"\1", message.getvalue())
