"""Where fuzzing begins: one or two small invented documents for each reader."""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from docx import Document

_PAGE = Path(__file__).resolve().parent.parent / "docs" / "formats.md"
_EXAMPLE = re.compile(r"^`(?P<name>[^`\n]+)`\n\n```\w+\n(?P<text>.*?)\n```", re.M | re.S)
_SYMBOLS = {0x2400 + code: chr(code) for code in (1, 2, 3, 4, 9, 0x16, 0x1F)}
# The document of docs/formats.md that each reader begins with.
_NAMES = {
    "plain": "quay.txt",
    "markdown": "2021-03-05-quay.md",
    "html": "quay.html",
    "feed": "feed.xml",
    "json-feed": "feed.json",
    "nitf": "quay.xml",
    "newsml-g1": "quay-g1.xml",
    "newsml-g2": "quay-g2.xml",
    "ninjs": "quay.json",
    "anpa": "wire.anpa",
    "json": "articles.jsonl",
    "csv": "articles.csv",
    "mail": "quay.eml",
}
_PDF_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>>>",
    b"<</Length 84>>stream\nBT /F 11 Tf 72 720 Td (The quay will be re-) Tj "
    b"0 -14 Td (built before winter.) Tj ET\nendstream",
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    b"<</Title(Quay)/Author(Ida)/CreationDate(D:20210305)>>",
)
_MBOX = b"""From a@x.example Fri Mar  5 09:15:00 2021
Subject: One

Body one.

From b@x.example Fri Mar  5 09:16:00 2021
Subject: =?utf-8?b?R3LDtsOfZQ==?=
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<p>Gr=F6=DFe</p>
--b--
"""


def seeds(reader: str) -> list[bytes]:
    """The documents that `reader` begins with."""
    if reader in _NAMES:
        examples = {m["name"]: m["text"] for m in _EXAMPLE.finditer(_PAGE.read_text("utf-8"))}
        return [examples[_NAMES[reader]].translate(_SYMBOLS).encode()]
    if reader == "gzip":
        return [gzip.compress(seeds("json")[0]), gzip.compress(seeds("plain")[0])]
    return {
        "pdf": [_pdf()],
        "mbox": [_MBOX],
        "parquet": [_parquet()],
        "docx": [_docx()],
        "warc": [_warc(seeds("html")[0])],
    }[reader]


def _pdf() -> bytes:
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(_PDF_OBJECTS, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(_PDF_OBJECTS) + 1
    tail = b"trailer<</Size %d/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail


def _parquet() -> bytes:
    table = pa.table({"title": ["Quay", None], "text": ["The quay.", "Pier."], "date": [1, 2]})
    out = io.BytesIO()
    pq.write_table(table, out, compression="none")
    return out.getvalue()


def _docx() -> bytes:
    document = Document()
    document.add_paragraph("Quay", style="Title")
    document.add_paragraph("The quay will be rebuilt.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _warc(page: bytes) -> bytes:
    http = b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.example/1\r\n"
        "WARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        f"Content-Type: application/http\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return (head.encode() + http + b"\r\n\r\n") * 2
