"""Gzip streams, expanded as they are read, and stopped where they grow beyond all measure."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import BinaryIO

from qa.errors import UnreadableInput
from qa.reading.extract import MEBIBYTE

MAGIC = b"\x1f\x8b"
# News text shrinks to a quarter or so, very repetitive JSON to a fiftieth; a bomb to a thousandth.
_RATIO = 100
# Below this the ratio is not looked at: so much may always be expanded.
_ALWAYS = 64 * MEBIBYTE


class Expanding(io.RawIOBase):
    """The expanded bytes of a gzip stream of one or several members.

    Reading raises UnreadableInput where the stream is cut short or damaged, and where it expands
    to more than `always` bytes at more than `ratio` bytes for each compressed one.
    """

    def __init__(self, packed: BinaryIO, *, always: int = _ALWAYS, ratio: int = _RATIO) -> None:
        super().__init__()
        self._counted = _Counted(packed)
        self._gzip = gzip.GzipFile(fileobj=self._counted, mode="rb")
        self._always, self._ratio = always, ratio
        self._expanded = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            chunk = self._gzip.read1(len(buffer))
        except EOFError:
            raise UnreadableInput("the gzip file is cut short; what came before was read") from None
        except (OSError, zlib.error) as error:
            raise UnreadableInput(f"the gzip file is damaged: {error}") from None
        self._expanded += len(chunk)
        if self._expanded > max(self._always, self._ratio * self._counted.bytes):
            raise UnreadableInput(
                f"the gzip file expands to more than {self._always:,} bytes, over "
                f"{self._ratio} times its size; expand it yourself if you trust it"
            )
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Counted(io.RawIOBase):
    """A stream that knows how many bytes were read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self.bytes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self.bytes += len(chunk)
        return chunk
