"""WARC files: the pages of a crawl, one after another, each parsed in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from qa.errors import UnreadableInput
from qa.reading.article import Fields
from qa.reading.encoding import decode
from qa.reading.extract import Extract, web_address
from qa.reading.sandbox import Parser
from qa.types import Refusal

# What of a crawl can be an article; pictures, scripts and the rest are passed over silently.
_READERS = {
    "text/html": "qa.reading.html:parse_html",
    "application/xhtml+xml": "qa.reading.html:parse_html",
    "application/rss+xml": "qa.reading.feeds:parse_feed",
    "application/atom+xml": "qa.reading.feeds:parse_feed",
    "application/pdf": "qa.reading.documents:parse_pdf",
}


class _Records(ArchiveIterator):  # type: ignore[misc]
    """Records; a misplaced line between them is passed over without a word on standard error."""

    INC_RECORD = ""


def read_warc(
    stream: BinaryIO, name: str, parser: Parser, most: int
) -> Iterator[Extract | Refusal]:
    """The articles of all pages that were fetched well, and of text records (WET files).

    The day of the crawl is never taken for the day of publication. A page that cannot be read is
    refused as `name:address`; a damaged file is refused where it breaks.
    """
    try:
        for record in _Records(stream):
            yield from _record(record, name, parser, most)
    except (ArchiveLoadFailed, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        raise UnreadableInput(f"the WARC file is damaged: {str(error)[:200]}") from None


def _record(record: Any, name: str, parser: Parser, most: int) -> Iterator[Extract | Refusal]:
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    shown = f"{name}:{address[:300]}"
    kind, charset = _content_type(record)
    plain = kind == "text/plain" and record.rec_type == "conversion"
    fetched = record.rec_type == "resource" or (
        record.rec_type == "response" and _succeeded(record)
    )
    if not plain and not (fetched and kind in _READERS):
        return
    try:
        data = record.content_stream().read(most + 1)
        if len(data) > most:
            raise UnreadableInput(f"the page is longer than {most:,} bytes")
        if plain:
            yield Extract(Fields(url=web_address(address)), decode(data, charset).text)
            return
        reader = _READERS[kind]
        page = {"url": address, "charset": charset} if reader.endswith(":parse_html") else {}
        yield from parser.parse(reader, data, shown, page)
    except UnreadableInput as error:
        yield Refusal(shown, str(error))


def _succeeded(record: Any) -> bool:
    return bool(record.http_headers) and record.http_headers.get_statuscode() == "200"


def _content_type(record: Any) -> tuple[str, str]:
    """Media type and charset as the web server, or else the crawler, states them."""
    headers = record.http_headers or record.rec_headers
    kind, _, parameters = (headers.get_header("Content-Type") or "").partition(";")
    charset = ""
    for parameter in parameters.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            charset = value.strip().strip("\"'")
    return kind.strip().lower(), charset
