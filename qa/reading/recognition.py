"""Which format bytes are in: by their content first, by the file's name where content is silent."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from qa.errors import UnreadableInput

# How much of a file is looked at to recognise it.
HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Head:
    """The start of a file: its bytes, its name's last suffix and its text as far as it is one."""

    data: bytes
    suffix: str
    text: str
    root: str | None

    @classmethod
    def of(cls, data: bytes, name: str) -> Head:
        """Look at the first bytes of a file named `name`; a suffix `.gz` must be gone by then."""
        text = _text(data[:HEAD])
        return cls(data, PurePosixPath(name).suffix.lower(), text, root_element(text))


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read: its name here and in docs/formats.md, and how it is recognised."""

    name: str
    title: str
    recognises: Callable[[Head], bool]


def recognise(head: Head) -> Format:
    """The format of a file. Raises UnreadableInput with reason and remedy where it is none."""
    for known in FORMATS:
        if known.recognises(head):
            return known
    for magic, kind, remedy in _REFUSED:
        if head.data.startswith(magic):
            raise UnreadableInput(f"it is {kind}; {remedy}")
    if head.data[257:262] == b"ustar":
        raise UnreadableInput(f"it is a tar archive; {_UNPACK}")
    if head.root is not None and (head.suffix == ".xml" or head.text.startswith("<?xml")):
        raise UnreadableInput(f"it is XML with the root element <{head.root[:60]}>, no news format")
    return PLAIN


def root_element(text: str) -> str | None:
    """The local name of an XML or HTML document's first element; None where there is none."""
    position = 0
    while match := _PROLOGUE.match(text, position):
        position = match.end()
    tag = _TAG.match(text, position)
    return tag[1].rpartition(":")[2] if tag else None


_PROLOGUE = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.I | re.S)
_TAG = re.compile(r"<([A-Za-z_][\w.:-]*)")
# What a piece of a web page begins with when the page around it is missing.
_HTML_PARTS = frozenset(
    {
        *("html", "head", "body", "article", "section", "main", "div", "p", "span", "h1", "h2"),
        *("h3", "meta", "title", "script", "style", "table", "ul", "ol", "header", "nav", "link"),
    }
)
_JSON = re.compile(r"\s*(?:\{\s*(?:\"|\}\s*\Z)|\[\s*\{)")
_MARKDOWN = frozenset({".md", ".markdown"})
_MBOX = re.compile(rb"From \S+ .{0,60}\d\d:\d\d")
_MAIL_HEADER = re.compile(
    r"(?mi)^(?:Message-ID|MIME-Version|Received|Return-Path|Delivered-To|X-Mailer):"
)
_HEADERS = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t]+[^\n]*\n)*){2,}(?=\r?\n|\Z)")
_FRONT_MATTER = re.compile(r"(?:---[ \t]*\r?\n\s*[\w-]+:|\+\+\+[ \t]*\r?\n\s*[\w-]+ ?=)")
# Start of header and text of ANPA 1312, after the idle characters of the line.
_ANPA = re.compile(rb"[\x00\x16\r\n ]*\x01[^\x01-\x03]{0,200}\x02", re.S)

PLAIN = Format("plain", "Plain text", lambda head: head.suffix in {".txt", ".text"})


def _xml(*roots: str) -> Callable[[Head], bool]:
    return lambda head: head.root in roots


def _is_html(head: Head) -> bool:
    root = (head.root or "").lower()
    if root == "html" or re.match(r"\s*<!doctype\s+html", head.text, re.IGNORECASE):
        return True
    known_by_name = head.suffix in {".html", ".htm", ".xhtml", ".shtml"}
    return root in _HTML_PARTS or (known_by_name and "<" in head.text)


def _is_json(head: Head) -> bool:
    if head.suffix in _MARKDOWN:
        return False  # which may begin with a link in double brackets
    return head.suffix in {".json", ".jsonl", ".ndjson"} or bool(_JSON.match(head.text))


def _is_mail(head: Head) -> bool:
    if head.suffix in {".eml", ".mbox"} or _MBOX.match(head.data):
        return True
    headers = _HEADERS.match(head.text)
    return bool(headers and _MAIL_HEADER.search(headers[0]))


def _is_docx(head: Head) -> bool:
    packed = head.data.startswith(b"PK\x03\x04")
    return packed and (b"word/" in head.data or head.suffix == ".docx")


# Order matters: bytes that can mean one thing only come first, names last.
FORMATS: tuple[Format, ...] = (
    Format("parquet", "Parquet", lambda head: head.data.startswith(b"PAR1")),
    Format("pdf", "PDF", lambda head: b"%PDF-" in head.data[:1024]),
    Format("docx", "DOCX", _is_docx),
    Format("warc", "WARC", lambda head: head.data.startswith(b"WARC/")),
    Format("nitf", "NITF", _xml("nitf")),
    Format("newsml-g1", "NewsML-G1", _xml("NewsML")),
    Format("newsml-g2", "NewsML-G2", _xml("newsMessage", "newsItem", "packageItem")),
    Format("feed", "RSS and Atom", _xml("rss", "feed", "RDF", "channel")),
    Format("html", "HTML", _is_html),
    Format("anpa", "ANPA 1312", lambda head: bool(_ANPA.match(head.data))),
    Format("json", "JSON and JSON Lines", _is_json),
    Format("mail", "Mail (eml, mbox)", _is_mail),
    Format(
        "markdown",
        "Markdown",
        lambda head: head.suffix in _MARKDOWN or bool(_FRONT_MATTER.match(head.text)),
    ),
    Format("csv", "CSV and TSV", lambda head: head.suffix in {".csv", ".tsv"}),
    PLAIN,
)
_UNPACK = "unpack it into a folder and give that"
_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a zip archive", _UNPACK),
    (b"PK\x05\x06", "an empty zip archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!", "a rar archive", _UNPACK),
    (b"BZh", "compressed with bzip2", "expand it, or compress it with gzip"),
    (b"\xfd7zXZ\x00", "compressed with xz", "expand it, or compress it with gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "expand it, or compress it with gzip"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "save it as DOCX"),
    (b"{\\rtf", "an RTF document", "save it as DOCX or as plain text"),
    (b"\x89PNG", "a picture", "only its caption's text could be read"),
    (b"\xff\xd8\xff", "a picture", "only its caption's text could be read"),
    (b"GIF8", "a picture", "only its caption's text could be read"),
    (b"SQLite format 3", "a database", "export its articles as JSON Lines or CSV"),
    (b"\x7fELF", "a program", "give news articles"),
)


def _text(data: bytes) -> str:
    """The start of a file as text, to look at only: what does not decode is replaced."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return data.decode("utf-32", "replace")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if data[1:2] == b"\x00" and data[3:4] == b"\x00":
        return data.decode("utf-16-le", "replace")
    if data[:1] == b"\x00" and data[2:3] == b"\x00":
        return data.decode("utf-16-be", "replace")
    return data.decode("utf-8-sig", "replace")
