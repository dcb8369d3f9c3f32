"""Bytes to text: byte order mark, declared encoding, UTF-8, then detection; else refused."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from charset_normalizer import from_bytes

from qa.errors import UnreadableInput

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What publishers mean by these names is Windows-1252 (WHATWG Encoding Standard, section 4.2).
_MEANT = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252"}
_MEANT |= {"us-ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
# Detection reads this much from the start, cut at a line's end; more does not make it surer.
_SAMPLE = 32 * 1024
# Codecs in which newspapers were ever kept; others are mostly wrong guesses on short texts.
_LIKELY = [
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("koi8_r", "koi8_u", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_9", "iso8859_15"),
    *("cp437", "cp850", "cp866", "mac_roman", "mac_cyrillic"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp949", "cp932"),
]
# Western texts are mostly ASCII; their few other letters fit many code pages equally well.
_WESTERN_SHARE = 0.25
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
# More control characters than this share mean a program, a picture or a damaged file.
_CONTROL_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding that gave it, and whether that had to be guessed from the letters."""

    text: str
    encoding: str
    detected: bool = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """A sentence for the report where the encoding was only detected."""
        if not self.detected:
            return ()
        return (f"no encoding is declared; read as {self.encoding} by its letters",)


def decode(data: bytes, declared: str | None = None, *, controls: bool = False) -> Decoded:
    """The text of `data`, whole and exact: no character is ever replaced or dropped.

    Tried in order: a byte order mark, `declared`, UTF-16 without a mark, UTF-8, detection by
    letters. `controls` accepts control characters (ANPA wire copy frames its parts with them).
    Raises UnreadableInput where none fits, or the result is no text.
    """
    decoded = (
        _marked(data)
        or _declared(data, declared)
        or _wide(data)
        or _in(data, "utf-8")
        or _detected(data)
    )
    if decoded is None:
        raise UnreadableInput(
            "its encoding is neither declared nor recognisable; save it as UTF-8 and try again"
        )
    if not controls and _is_binary(decoded.text):
        raise UnreadableInput("it holds binary data, not text")
    return decoded


def decoded_lines(stream: BinaryIO, longest: int) -> Iterator[str]:
    """The lines of a stream, each with its line end, decoded as it arrives.

    UTF-8 is expected, as JSON Lines and CSV mostly are; from the first line on that is not, the
    detected encoding is kept. Raises UnreadableInput for a line of more than `longest` bytes.
    """
    first = stream.readline(longest + 1)
    for mark, encoding in _MARKS:
        if first.startswith(mark) and encoding != "utf-8-sig":
            yield from _wide_lines(first, stream, encoding, longest)
            return
    line, encoding = first.removeprefix(codecs.BOM_UTF8), "utf-8"
    while line:
        if len(line) > longest:
            raise UnreadableInput(f"one line is longer than {longest:,} bytes")
        try:
            yield line.decode(encoding)
        except UnicodeDecodeError:
            decoded = decode(line)
            encoding = decoded.encoding
            yield decoded.text
        line = stream.readline(longest + 1)


def _wide_lines(first: bytes, rest: BinaryIO, encoding: str, longest: int) -> Iterator[str]:
    """Lines of UTF-16 or UTF-32, where a line feed is more than one byte."""
    decoder = codecs.getincrementaldecoder(encoding)()
    pending, chunk = "", first
    while chunk:
        try:
            pending += decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise UnreadableInput(f"it is not valid {encoding.upper()}: {error.reason}") from None
        *complete, pending = pending.split("\n")
        yield from (line + "\n" for line in complete)
        if len(pending) > longest:
            raise UnreadableInput(f"one line is longer than {longest:,} bytes")
        chunk = rest.read(64 * 1024)
    if pending:
        yield pending


def _marked(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _in(data, encoding)
    return None


def _declared(data: bytes, declared: str | None) -> Decoded | None:
    if not declared:
        return None
    name = declared.strip().strip("\"'").lower()
    try:
        codec = codecs.lookup(_MEANT.get(name, name))
    except (LookupError, ValueError):
        return None
    # `hex`, `rot13` and their like are in the same registry; they are no character encodings.
    # A document whose declaration could be read byte by byte is in no wide encoding either.
    if not getattr(codec, "_is_text_encoding", True) or codec.name.startswith(("utf-16", "utf-32")):
        return None
    if codec.name in {"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined"}:
        return None
    return _in(data, codec.name)


def _in(data: bytes, encoding: str, *, detected: bool = False) -> Decoded | None:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        return None
    return Decoded(text.removeprefix("\ufeff"), encoding, detected)


def _detected(data: bytes) -> Decoded | None:
    sample = data[:_SAMPLE]
    if len(data) > _SAMPLE:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    high = sum(byte > 0x7F for byte in sample)
    if high and high < len(sample) * _WESTERN_SHARE and _western(sample):
        return _in(data, "cp1252", detected=True)
    for match in from_bytes(sample, cp_isolation=_LIKELY):
        if decoded := _in(data, match.encoding, detected=True):
            return decoded
    return None


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: in Latin script every second byte is zero."""
    sample = data[:_SAMPLE]
    if len(sample) < 4 or len(data) % 2 or 0 not in sample:
        return None
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.6 and even < half * 0.05:
        return _in(data, "utf-16-le", detected=True)
    if even > half * 0.6 and odd < half * 0.05:
        return _in(data, "utf-16-be", detected=True)
    return None


_WESTERN_LETTERS = frozenset(
    "äöüßÄÖÜéèêëàâîïôûùçœæÉÈÀÇáíóúñÁÍÓÚÑãõåøÅØìòÌÒ¿¡«»€£§°–—‘’“”„…•·ªº´®©½¼"
)


def _western(sample: bytes) -> bool:
    """Whether all letters beyond ASCII are those of western European languages."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    beyond = [letter for letter in text if letter > "\x7f" and letter != "\xa0"]
    return sum(letter in _WESTERN_LETTERS for letter in beyond) >= 0.95 * len(beyond)


def _is_binary(text: str) -> bool:
    sample = text[: 2 * _SAMPLE]
    return len(_CONTROLS.findall(sample)) > max(8, len(sample) * _CONTROL_SHARE)
