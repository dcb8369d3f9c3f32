"""PDF and DOCX: paragraphs of running text, title and author from the document's properties.

The dates in their properties tell when the file was made or scanned, not when the article
appeared, so they are never taken for the day of publication.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from docx import Document
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from qa.errors import UnreadableInput
from qa.reading.article import Fields
from qa.reading.extract import MEBIBYTE, Extract, present

# A newspaper's whole issue has fewer pages.
_MOST_PAGES = 500
# All parts of a DOCX together; a document of 1,000 pages without pictures has some 5 MiB.
_MOST_UNPACKED = 128 * MEBIBYTE
# What both libraries raise besides their own errors where a file is not built as they expect.
_BROKEN = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError)
# Titles that word processors put in themselves.
_NO_TITLE = re.compile(
    r"(?:microsoft word - |untitled|unbenannt|document\d*$|.*\.(?:docx?|indd|pdf|qxd)$)", re.I
)
# A line this much shorter than usual that ends a sentence ends its paragraph.
_SHORT = 0.75
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)]*$")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])-$")


def parse_pdf(data: bytes, name: str) -> Iterator[Extract]:
    """The text of all pages as one article.

    Raises UnreadableInput where the PDF is damaged, encrypted, or holds pictures of text only.
    """
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableInput("the PDF is encrypted; save it without its password")
        if len(reader.pages) > _MOST_PAGES:
            raise UnreadableInput(f"the PDF has more than {_MOST_PAGES} pages; split it")
        pages = [page.extract_text().splitlines() for page in reader.pages]
        metadata = reader.metadata
        title, author = (metadata.title, metadata.author) if metadata else (None, None)
    except (PyPdfError, *_BROKEN) as error:
        raise UnreadableInput(f"the PDF is damaged: {str(error)[:200]}") from None
    text = "\n\n".join(_reflowed(_without_furniture(pages)))
    if not text:
        raise UnreadableInput("the PDF holds no text, only pictures; recognise its text first")
    yield Extract(_fields(title, author), text)


def parse_docx(data: bytes, name: str) -> Iterator[Extract]:
    """The paragraphs and tables of a Word document, in its order."""
    _check_unpacked_size(data)
    try:
        document = Document(io.BytesIO(data))
        blocks = list(document.iter_inner_content())
        properties = document.core_properties
        title, author = properties.title, properties.author
    except (OpcError, zipfile.BadZipFile, zlib.error, SyntaxError, *_BROKEN) as error:
        raise UnreadableInput(f"the DOCX is damaged: {str(error)[:200]}") from None
    headed = next((b for b in blocks if isinstance(b, Paragraph) and _is_title(b)), None)
    if headed is not None:
        title = headed.text
        blocks.remove(headed)
    text = "\n\n".join(line for block in blocks for line in _lines(block))
    if not text:
        raise UnreadableInput("the document holds no text")
    yield Extract(_fields(title, author), text)


def _fields(title: str | None, author: str | None) -> Fields:
    title, author = present(title), present(author)
    if title and _NO_TITLE.match(title):
        title = None
    return Fields(title=title, byline=None if author == "python-docx" else author)


# --- PDF --------------------------------------------------------------------------------------


def _without_furniture(pages: Sequence[list[str]]) -> list[str]:
    """All lines but page numbers and the heads and feet that pages repeat."""
    edges = Counter(_shape(line) for page in pages for line in {*page[:2], *page[-2:]})
    repeated = {shape for shape, count in edges.items() if count >= 3 and count > len(pages) / 2}
    lines: list[str] = []
    for page in pages:
        for number, line in enumerate(page):
            edge = number < 2 or number >= len(page) - 2
            if not (edge and (_shape(line) in repeated or line.strip().isdigit())):
                lines.append(line)
    return lines


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", line.strip())


def _reflowed(lines: list[str]) -> list[str]:
    """Printed lines joined to paragraphs; words that a line's end divided are joined again."""
    widths = [len(line.rstrip()) for line in lines if len(line.strip()) > 20]
    usual = median(widths) if widths else 0
    paragraphs: list[str] = []
    current = ""
    for line in lines:
        words = " ".join(line.split())
        indented = bool(current) and line.startswith(("\t", "   ")) and bool(words)
        if (not words or indented) and current:
            paragraphs.append(current)
            current = ""
        if not words:
            continue
        current = _joined(current, words)
        if len(line.rstrip()) < _SHORT * usual and _SENTENCE_END.search(words):
            paragraphs.append(current)
            current = ""
    return [*paragraphs, current] if current else paragraphs


def _joined(text: str, words: str) -> str:
    if _HYPHENATED.search(text) and words[:1].islower():
        return text[:-1] + words
    return f"{text} {words}" if text else words


# --- DOCX -------------------------------------------------------------------------------------


def _check_unpacked_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableInput(f"the DOCX is damaged: {str(error)[:200]}") from None
    if unpacked > _MOST_UNPACKED:
        raise UnreadableInput(f"the DOCX unpacks to more than {_MOST_UNPACKED:,} bytes")


def _is_title(paragraph: Paragraph) -> bool:
    style = paragraph.style
    return bool(style and style.name == "Title" and paragraph.text.strip())


def _lines(block: Paragraph | Table) -> Iterator[str]:
    if isinstance(block, Paragraph):
        if block.text.strip():
            yield block.text.strip()
        return
    for row in block.rows:
        if line := " | ".join(cell.text.strip() for cell in row.cells if cell.text.strip()):
            yield line
