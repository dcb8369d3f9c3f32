"""PDF, DOCX and WARC, made here and read back."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from docx import Document
from pypdf import PdfWriter

from qa.reading.formats import ReadOptions, read_bytes
from qa.types import Article, Reading, Refusal

OPTIONS = ReadOptions(sandbox=False)


def articles(data: bytes, name: str) -> list[Article]:
    items = list(read_bytes(data, name, OPTIONS))
    assert all(isinstance(item, Reading) for item in items), items
    return [item.article for item in items if isinstance(item, Reading)]


def reason(data: bytes, name: str) -> str:
    (item,) = read_bytes(data, name, OPTIONS)
    assert isinstance(item, Refusal), item
    return item.reason


# --- PDF --------------------------------------------------------------------------------------


def pdf(pages: list[list[str]], **metadata: str) -> bytes:
    """A PDF with these lines on its pages, written out by hand."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects.append(font)
    kids = []
    for lines in pages:
        drawn = "".join(f"({line}) Tj 0 -14 Td\n" for line in lines)
        stream = f"BT /F1 11 Tf 72 720 Td\n{drawn}ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    info = " ".join(f"/{key} ({value})" for key, value in metadata.items())
    objects.append(f"<< {info} >>".encode())
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    root = b"<< /Size %d /Root 1 0 R /Info %d 0 R >>" % (len(objects) + 1, len(objects))
    out.write(b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (root, start))
    return out.getvalue()


def test_printed_lines_become_paragraphs_and_divided_words_whole() -> None:
    lines = [
        "The northern quay will be rebuilt before winter, the council of Port-",
        "vale said on Friday after engineers had looked at it for a week or so",
        "and found cracks.",
        "Work begins in June and is to cost four million crowns, a spokeswoman",
        "told reporters.",
    ]
    (article,) = articles(pdf([lines]), "a.pdf")
    assert article.text == (
        "The northern quay will be rebuilt before winter, the council of Portvale said on Friday "
        "after engineers had looked at it for a week or so and found cracks.\n\n"
        "Work begins in June and is to cost four million crowns, a spokeswoman told reporters."
    )


def test_heads_and_page_numbers_that_repeat_are_left_out() -> None:
    pages = [["Harbour Post, 5 March 2021", f"Body of page {n}.", str(n)] for n in "abcd"]
    pages = [[*page[:2], str(number)] for number, page in enumerate(pages, start=1)]
    (article,) = articles(pdf(pages), "a.pdf")
    assert "Harbour Post" not in article.text
    assert "Body of page c." in article.text
    assert "4" not in article.text


def test_properties_give_title_and_author_but_never_the_day() -> None:
    data = pdf([["Text."]], Title="Quay", Author="Ida", CreationDate="D:20210305091500Z")
    (article,) = articles(data, "a.pdf")
    assert (article.title, article.byline, article.published.value) == ("Quay", "Ida", None)


def test_a_title_that_a_word_processor_left_is_none() -> None:
    assert articles(pdf([["Text."]], Title="Microsoft Word - a.docx"), "a.pdf")[0].title is None


def test_pdfs_that_cannot_be_read_say_why() -> None:
    assert "no text" in reason(pdf([[]]), "a.pdf")
    assert "damaged" in reason(b"%PDF-1.4\nnothing of the kind", "a.pdf")
    writer = PdfWriter(io.BytesIO(pdf([["Secret."]])))
    writer.encrypt("password", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert "encrypted" in reason(out.getvalue(), "a.pdf")


# --- DOCX -------------------------------------------------------------------------------------


def docx(**properties: str) -> bytes:
    document = Document()
    document.add_paragraph("Quay to be rebuilt", style="Title")
    document.add_paragraph("The quay will be rebuilt.")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Cost", "4 million"
    document.add_paragraph("Work begins in June.")
    for key, value in properties.items():
        setattr(document.core_properties, key, value)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_paragraphs_and_tables_come_in_their_order() -> None:
    (article,) = articles(docx(author="Ida Quay"), "a.docx")
    assert (article.title, article.byline) == ("Quay to be rebuilt", "Ida Quay")
    assert article.text == "The quay will be rebuilt.\n\nCost | 4 million\n\nWork begins in June."
    assert article.published.value is None


def test_a_docx_is_known_by_its_content_and_other_zips_are_refused() -> None:
    assert articles(docx(), "no-suffix")[0].title == "Quay to be rebuilt"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("../../etc/slip.txt", "The quay.")
    assert "zip archive" in reason(out.getvalue(), "a.zip")


def test_a_docx_that_unpacks_beyond_measure_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"<w>" + b" " * 200_000_000)
    assert len(out.getvalue()) < 1_000_000
    assert "unpacks to more than" in reason(out.getvalue(), "a.docx")


def test_a_damaged_docx_is_refused() -> None:
    assert "damaged" in reason(docx()[:3000], "a.docx")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", "<not/>")
    assert "damaged" in reason(out.getvalue(), "a.docx")


# --- WARC -------------------------------------------------------------------------------------

PAGE = (
    "<html><head><title>Quay</title></head><body><article><p>The northern quay will be rebuilt "
    "before winter, the council said.</p></article></body></html>"
)


def warc(*records: tuple[str, str, str, bytes], packed: bool = False) -> bytes:
    """Records of (kind, address, HTTP status and content type, payload)."""
    out = b""
    for number, (kind, address, http, payload) in enumerate(records):
        status, _, content = http.partition(" ")
        if kind == "response":
            head = f"HTTP/1.0 {status} OK\r\nContent-Type: {content}\r\n\r\n"
            payload, content = head.encode() + payload, "application/http; msgtype=response"
        record = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
            f"WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: {address}\r\n"
            f"Content-Type: {content}\r\nContent-Length: {len(payload)}\r\n\r\n"
        ).encode()
        record += payload + b"\r\n\r\n"
        out += gzip.compress(record) if packed else record
    return out


@pytest.mark.parametrize("packed", [False, True])
def test_pages_of_a_crawl_are_articles_and_the_rest_is_passed_over(packed: bool) -> None:
    data = warc(
        ("response", "https://x.example/1", "200 text/html; charset=utf-8", PAGE.encode()),
        ("response", "https://x.example/2", "404 text/html", PAGE.encode()),
        ("response", "https://x.example/3.png", "200 image/png", b"\x89PNG"),
        ("resource", "https://x.example/4", "200 text/html", PAGE.replace("Quay", "Pier").encode()),
        packed=packed,
    )
    found = articles(data, "a.warc.gz" if packed else "a.warc")
    assert [(a.url, a.title) for a in found] == [
        ("https://x.example/1", "Quay"),
        ("https://x.example/4", "Pier"),
    ]
    assert [a.published.value for a in found] == [None, None]


def test_the_servers_charset_is_used() -> None:
    page = PAGE.replace("Quay", "Brücke Łódź").encode("iso8859_2")
    data = warc(("response", "https://x.example/1", "200 text/html; charset=iso-8859-2", page))
    assert articles(data, "a.warc")[0].title == "Brücke Łódź"


def test_text_records_are_articles() -> None:
    data = warc(("conversion", "https://x.example/2021/03/05/a", "200 text/plain", b"The quay."))
    (article,) = articles(data, "a.warc.wet.gz")
    assert article.text == "The quay."
    assert str(article.published.value) == "2021-03-05"


def test_a_bad_page_is_refused_by_its_address_and_the_rest_goes_on() -> None:
    data = warc(
        ("response", "https://x.example/1", "200 text/html", b"<html></html>"),
        ("response", "https://x.example/2", "200 text/html", PAGE.encode()),
    )
    first, second = read_bytes(data, "a.warc", OPTIONS)
    assert isinstance(first, Refusal)
    assert first.name == "a.warc:https://x.example/1"
    assert isinstance(second, Reading)


def test_a_damaged_crawl_is_refused_where_it_breaks() -> None:
    data = gzip.compress(warc(("response", "https://x.example/1", "200 text/html", PAGE.encode())))
    items = list(read_bytes(data[:-20], "a.warc.gz", OPTIONS))
    assert isinstance(items[-1], Refusal)
