"""Bytes to text: marks, declarations, UTF-8, detection; never a replaced character."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import UnreadableInput
from qa.reading.encoding import decode, decoded_lines

GERMAN = "Zürich, 5. März (HP) – Die Größe der Brücke überrascht, sagte Frau Wäger."
RUSSIAN = "ПОРТВАЛЕ, 5 марта. Совет решил восстановить северную набережную до зимы."
CHINESE = "港口新闻社波特维尔3月5日电 市议会星期五表示，北码头将在冬季之前重建。"
POLISH = "Rada miejska ogłosiła, że nabrzeże zostanie odbudowane; źródło: urząd, gęś, łódź."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, CHINESE])
def test_unicode_with_its_mark_needs_no_guess(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.warnings == ()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (CHINESE, "gb18030"),
        (POLISH, "cp1250"),
        ("Café", "cp1252"),
    ],
)
def test_an_undeclared_encoding_is_found_by_its_letters_and_said(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert len(decoded.warnings) == 1


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_seen_by_its_zero_bytes(encoding: str) -> None:
    assert decode(GERMAN.encode(encoding)).text == GERMAN


def test_a_declared_encoding_goes_before_detection() -> None:
    data = "Łódź".encode("iso8859_2")
    assert decode(data, "ISO-8859-2").text == "Łódź"
    assert decode(data, "ISO-8859-2").warnings == ()


def test_latin_1_means_windows_1252_as_on_the_web() -> None:
    assert decode(b"\x93Yes\x94", "iso-8859-1").text == "“Yes”"


@pytest.mark.parametrize("lie", ["utf-8", "hex", "rot13", "zip", "no-such", "utf-7\0", "idna", ""])
def test_a_declaration_that_does_not_fit_is_passed_over(lie: str) -> None:
    assert decode(GERMAN.encode("cp1252"), lie).text == GERMAN


def test_a_page_that_says_utf_16_in_readable_ascii_is_not_utf_16() -> None:
    assert decode(b"<meta charset=utf-16> plain", "utf-16").text == "<meta charset=utf-16> plain"


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"\x00\x01\x02\x03" * 100])
def test_binary_data_are_refused_by_reason(data: bytes) -> None:
    with pytest.raises(UnreadableInput, match=r"binary|encoding"):
        decode(data)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=300))
def test_utf_8_comes_back_exactly(text: str) -> None:
    decoded = decode(text.encode())
    assert decoded.text == text.removeprefix("\ufeff")


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data)
    except UnreadableInput:
        return
    assert "\ufffd" not in decoded.text or "\ufffd".encode() in data or decoded.encoding != "utf-8"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_lines_of_a_stream_keep_their_ends(encoding: str) -> None:
    lines = ["ä\n", "\n", f"{CHINESE}\r\n", "end"]
    stream = io.BytesIO("".join(lines).encode(encoding))
    assert list(decoded_lines(stream, 1000)) == lines


def test_lines_turn_to_the_detected_encoding_where_utf_8_ends() -> None:
    stream = io.BytesIO(b"plain\n" + (GERMAN + "\n").encode("cp1252") + b"caf\xe9\n")
    assert list(decoded_lines(stream, 1000)) == ["plain\n", GERMAN + "\n", "café\n"]


def test_a_line_beyond_the_limit_is_refused_before_it_is_held() -> None:
    with pytest.raises(UnreadableInput, match="longer than 100 bytes"):
        list(decoded_lines(io.BytesIO(b"x" * 10_000_000), 100))
