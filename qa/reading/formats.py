"""Files and bytes in any known format to articles: recognise, read, assemble; refuse by name."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from qa.errors import InvalidRequest, QAError, UnreadableInput
from qa.reading import compressed, tables
from qa.reading.addressdate import dated
from qa.reading.article import assemble
from qa.reading.columns import FIELDS
from qa.reading.encoding import decode
from qa.reading.extract import MAX_DOCUMENT, Extract, guarded
from qa.reading.folder import Found, files, shown
from qa.reading.mailbox import read_mail
from qa.reading.plain import read_plain
from qa.reading.recognition import FORMATS, HEAD, Format, Head, recognise
from qa.reading.sandbox import InProcess, Parser, Sandbox
from qa.reading.sources import BUILT_IN, SourceNames
from qa.reading.warc import read_warc
from qa.types import Reading, Refusal

__all__ = [
    "FORMATS",
    "ReadOptions",
    "Size",
    "read_bytes",
    "read_files",
    "read_path",
    "read_paths",
    "shared_parser",
    "size",
]

_LOG = logging.getLogger(__name__)
Items = Iterator[Extract | Refusal]
# Formats whose documents are held whole and parsed in a child: the reader that does it.
PARSED: Mapping[str, str] = {
    "parquet": "qa.reading.parquet:parse_parquet",
    "pdf": "qa.reading.documents:parse_pdf",
    "docx": "qa.reading.documents:parse_docx",
    "nitf": "qa.reading.nitf:parse_nitf",
    "newsml-g1": "qa.reading.newsml:parse_newsml_g1",
    "newsml-g2": "qa.reading.newsml:parse_newsml_g2",
    "feed": "qa.reading.feeds:parse_feed",
    "html": "qa.reading.html:parse_html",
    "anpa": "qa.reading.anpa:parse_anpa",
    "markdown": "qa.reading.markdown:parse_markdown",
}


# Files of one article, whose name may tell its day; that of a table tells the day of the export.
_ONE_ARTICLE = frozenset({"pdf", "docx", "nitf", "html", "markdown"})


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read. `given_source` counts where an article names none itself.

    mapping    field of an article -> column of a table (`--map text=body`)
    sources    canonical names of publishers
    now        today; it only serves to warn about dates in the future
    max_bytes  the largest document that is held whole (an article, a page, a feed)
    sandbox    whether untrusted formats are parsed in a child process; False only in tests
    parser     a sandbox that outlives one call; without it each call starts and ends its own
    progress   told how many more bytes of the input were read, compressed as they lie on disk
    """

    given_source: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    sources: SourceNames = BUILT_IN
    now: date | None = None
    max_bytes: int = MAX_DOCUMENT
    sandbox: bool = True
    parser: Parser | None = None
    progress: Callable[[int], None] | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to read."""

    files: int
    bytes: int


def read_path(path: Path, options: ReadOptions = ReadOptions()) -> Iterator[Reading | Refusal]:
    """The articles of a file, or of all files under a folder, in the order of their names.

    What cannot be read is given as a Refusal with name and reason, and the rest goes on. Raises
    InvalidRequest for a mapping of fields that articles do not have.
    """
    yield from read_paths([path], options)


def read_paths(
    paths: Iterable[Path],
    options: ReadOptions = ReadOptions(),
) -> Iterator[Reading | Refusal]:
    """As `read_path`, for several; one child process serves them all."""
    yield from read_files((found for path in paths for found in files(path)), options)


def read_files(
    found: Iterable[Found | Refusal], options: ReadOptions
) -> Iterator[Reading | Refusal]:
    """The articles of files that were found already; refusals among them are passed on."""
    _check(options)
    with shared_parser(options) as shared:
        for file in found:
            if isinstance(file, Refusal):
                yield file
            else:
                yield from _read_file(file, shared)


def read_bytes(
    data: bytes,
    name: str,
    options: ReadOptions = ReadOptions(),
) -> Iterator[Reading | Refusal]:
    """The articles of a file's content; `name` is its name, which only helps to recognise it."""
    _check(options)
    with shared_parser(options) as shared:
        yield from _read_stream(cast(BinaryIO, io.BytesIO(data)), name, name, shared)


def size(paths: Iterable[Path]) -> Size:
    """How many files there are under `paths` and how long they are, for a progress bar."""
    found = [entry for path in paths for entry in files(path) if isinstance(entry, Found)]
    return Size(len(found), sum(entry.path.stat().st_size for entry in found))


def _check(options: ReadOptions) -> None:
    if unknown := sorted(set(options.mapping) - set(FIELDS)):
        raise InvalidRequest(
            f"articles have no field {unknown[0]!r}; map one of {', '.join(FIELDS)}", "map"
        )


@contextmanager
def shared_parser(options: ReadOptions) -> Iterator[ReadOptions]:
    """The options with a sandbox that serves many calls and ends with the block."""
    if options.parser is not None:
        yield options
        return
    parser: Parser = Sandbox() if options.sandbox else InProcess()
    try:
        yield replace(options, parser=parser)
    finally:
        parser.close()


def _read_file(found: Found, options: ReadOptions) -> Iterator[Reading | Refusal]:
    try:
        with found.path.open("rb", buffering=0) as file:
            stream = cast(BinaryIO, _Watched(cast(BinaryIO, file), options.progress))
            yield from _read_stream(stream, found.name, shown(found.path), options)
    except OSError as error:
        yield Refusal(shown(found.path), f"it cannot be read: {error.strerror or error}")


def _read_stream(
    stream: BinaryIO, name: str, label: str, options: ReadOptions
) -> Iterator[Reading | Refusal]:
    """`name` goes into the articles' ids; `label` is what a refusal calls the file."""
    buffered = cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, stream), HEAD))
    try:
        yield from _dispatch(buffered, name, label, options)
    except UnreadableInput as error:
        yield Refusal(label, str(error))
    except Exception as error:
        # A fault of ours in one file among thousands must not end them all.
        _LOG.exception("%r could not be read", label)
        yield Refusal(label, f"it broke the reader: {type(error).__name__}")


def _dispatch(
    stream: BinaryIO, name: str, label: str, options: ReadOptions
) -> Iterator[Reading | Refusal]:
    head = _peek(stream)
    if head.startswith(compressed.MAGIC):
        expanded = compressed.Expanding(stream)
        stream = cast(BinaryIO, io.BufferedReader(expanded, HEAD))
        head = _peek(stream)
        if head.startswith(compressed.MAGIC):
            raise UnreadableInput("it is compressed twice; expand it once")
    kind = recognise(Head.of(head, _unpacked(name)))
    if kind.name == "plain":
        yield from _plain(_whole(stream, options.max_bytes), name, label, options)
        return
    items = _items(kind, stream, label, options)
    for position, item in enumerate(guarded(items)):
        if isinstance(item, Extract):
            fields = dated(item.fields, name if kind.name in _ONE_ARTICLE else "")
            item = replace(item, fields=fields)
        yield _assembled(item, name, position, label, options)


def _items(kind: Format, stream: BinaryIO, name: str, options: ReadOptions) -> Items:
    parser = options.parser
    assert parser is not None, "shared_parser gave the options one"

    def html_to_text(html: str) -> str:
        data = html.encode("utf-8", "replace")  # JSON may hold lone surrogates
        fragment = parser.parse("qa.reading.html:parse_fragment", data, name, {})
        return "\n\n".join(item.text for item in fragment if isinstance(item, Extract))

    if kind.name == "json":
        return tables.read_json(stream, name, options.mapping, html_to_text)
    if kind.name == "csv":
        return tables.read_csv(stream, name, options.mapping, html_to_text)
    if kind.name == "mail":
        return read_mail(stream, name, parser, options.max_bytes)
    if kind.name == "warc":
        return read_warc(stream, name, parser, options.max_bytes)
    mapping = options.mapping if kind.name == "parquet" else {}
    return parser.parse(PARSED[kind.name], _whole(stream, options.max_bytes), name, mapping)


def _plain(data: bytes, name: str, label: str, options: ReadOptions) -> Iterator[Reading | Refusal]:
    decoded = decode(data)
    if not decoded.text.strip():
        raise UnreadableInput("it is empty")
    readings = read_plain(
        decoded.text,
        name=name,
        given_source=options.given_source,
        sources=options.sources,
        now=options.now,
    )
    for reading in readings:
        yield _warned(reading, decoded.warnings)


def _assembled(
    item: Extract | Refusal, name: str, position: int, label: str, options: ReadOptions
) -> Reading | Refusal:
    if isinstance(item, Refusal):
        return item
    try:
        reading = assemble(
            item.fields,
            item.text,
            name=name,
            position=position,
            given_source=options.given_source,
            sources=options.sources,
            now=options.now,
        )
    except QAError as error:
        return Refusal(f"{label}:{position + 1}", str(error))
    except Exception as error:
        # A fault of ours in one article among thousands must not end them all.
        _LOG.exception("article %d of %r could not be understood", position + 1, label)
        return Refusal(f"{label}:{position + 1}", f"it broke the reader: {type(error).__name__}")
    return _warned(reading, item.warnings)


def _warned(reading: Reading, warnings: tuple[str, ...]) -> Reading:
    return Reading(reading.article, reading.warnings + warnings) if warnings else reading


def _whole(stream: BinaryIO, most: int) -> bytes:
    data = stream.read(most + 1)
    if len(data) > most:
        raise UnreadableInput(f"it is longer than {most:,} bytes; split it")
    return data


def _peek(stream: BinaryIO) -> bytes:
    """The first bytes, without taking them from the stream."""
    assert isinstance(stream, io.BufferedReader)
    return stream.peek(HEAD)


def _unpacked(name: str) -> str:
    """The name without the suffix of its compression."""
    path = PurePosixPath(name)
    return str(path.with_suffix("")) if path.suffix.lower() in {".gz", ".gzip"} else name


class _Watched(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, file: BinaryIO, progress: Callable[[int], None] | None) -> None:
        super().__init__()
        self._file, self._progress = file, progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        chunk = self._file.read(len(buffer)) or b""
        buffer[: len(chunk)] = chunk
        if self._progress and chunk:
            self._progress(len(chunk))
        return len(chunk)
