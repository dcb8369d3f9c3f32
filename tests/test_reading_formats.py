"""Files and folders: what is recognised, what is refused by name, and that the rest goes on."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import UnreadableInput
from qa.reading.compressed import Expanding
from qa.reading.formats import ReadOptions, Size, read_bytes, read_path, read_paths, size
from qa.reading.recognition import Head, recognise, root_element
from qa.types import Reading, Refusal

OPTIONS = ReadOptions(sandbox=False)
ROW = json.dumps({"id": "hp-1", "title": "Quay", "text": "The quay will be rebuilt."}).encode()


def kind(data: bytes, name: str = "") -> str:
    return recognise(Head.of(data, name)).name


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"PAR1....", "a.txt", "parquet"),
        (b"%PDF-1.7", "a.txt", "pdf"),
        (b"\n\n%PDF-1.7", "", "pdf"),
        (b"WARC/1.0\r\n", "", "warc"),
        (b"<nitf>", "a.html", "nitf"),
        (b'<?xml version="1.0"?><!-- c --><!DOCTYPE nitf SYSTEM "x">\n<nitf>', "", "nitf"),
        (b"<NewsML>", "", "newsml-g1"),
        (b'<n:newsItem xmlns:n="x">', "", "newsml-g2"),
        (b"<rss>", "a.html", "feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', "", "feed"),
        (b"<!doctype HTML><title>x", "", "html"),
        (b"  <HTML>", "a.txt", "html"),
        (b"<div>piece</div>", "", "html"),
        (b"words <b>and</b> tags", "a.htm", "html"),
        ("<html>".encode("utf-16"), "", "html"),
        ("<rss>".encode("utf-16-be"), "", "feed"),
        (b'{"text": "x"}', "a.txt", "json"),
        (b'[{"text": "x"}]', "", "json"),
        (b"no json", "a.jsonl", "json"),
        (b"[UPDATE 2] Quay to be rebuilt", "", "plain"),
        (b"{Reuters} Quay", "a.txt", "plain"),
        (b"From a@x Fri Mar  5 09:15:00 2021\n", "", "mail"),
        (b"Received: x\nSubject: y\n\nbody", "", "mail"),
        (b"date: 2021-03-05\nsource: HP\n\nbody", "", "plain"),
        (b"From the start it was so in 2021\n", "", "plain"),
        (b"\x16\x16\x01a0001\x1f\r\n\x02text\x03", "a.txt", "anpa"),
        (b"---\ntitle: x\n---\n", "a.txt", "markdown"),
        (b"text", "a.md", "markdown"),
        (b"[[Quay]] is a link", "a.md", "markdown"),
        (b"[[Quay]] is a link", "a.txt", "plain"),
        (b"---\n\nA rule above", "", "plain"),
        (b"a,b", "a.CSV", "csv"),
        (b"anything", "a.unknown", "plain"),
    ],
)
def test_content_tells_the_format_and_names_only_where_content_is_silent(
    data: bytes, name: str, expected: str
) -> None:
    assert kind(data, name) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04rest", "zip archive; unpack it"),
        (b"7z\xbc\xaf\x27\x1c", "7z archive"),
        (b"Rar!\x1a\x07", "rar archive"),
        (b"BZh9", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"\xd0\xcf\x11\xe0", "save it as DOCX"),
        (b"{\\rtf1", "RTF"),
        (b"\x89PNG", "picture"),
        (b"\x7fELF", "program"),
        (b'<?xml version="1.0"?><svg>', "<svg>"),
    ],
)
def test_what_is_not_read_is_refused_with_a_remedy(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableInput) as refusal:
        kind(data)
    assert reason in str(refusal.value)


def test_archives_with_slipping_paths_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    with zipfile.ZipFile(inside / "a.zip", "w") as packed:
        packed.writestr("../slipped.txt", "x")
    with tarfile.open(inside / "b.tar", "w") as tar:
        entry = tarfile.TarInfo("../slipped.txt")
        tar.addfile(entry)
    with tarfile.open(inside / "c.tar.gz", "w:gz") as tar:
        tar.addfile(entry)
    items = list(read_path(inside, OPTIONS))
    assert [type(item) for item in items] == [Refusal] * 3
    assert {i.reason.split(";")[0] for i in items if isinstance(i, Refusal)} == {
        "it is a zip archive",
        "it is a tar archive",
    }
    assert not (tmp_path / "slipped.txt").exists()


@pytest.mark.parametrize("text", ["<!--" * 5000, "<?" * 5000, "<!DOCTYPE" * 5000, "<" * 65536])
def test_finding_the_root_of_hostile_text_takes_no_time(text: str) -> None:
    root_element(text)


# --- folders ----------------------------------------------------------------------------------


def test_a_folder_is_read_in_the_order_of_its_names_and_ids_name_the_path(tmp_path: Path) -> None:
    for name in ("b.txt", "a/2.txt", "a/1.txt", ".hidden.txt", ".git/c.txt", "c.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"The text of {name}.\n")
    items = list(read_path(tmp_path, OPTIONS))
    found = [item.article.id for item in items if isinstance(item, Reading)]
    assert found == [f"unknown/{name}#0" for name in ("a/1.txt", "a/2.txt", "b.txt", "c.md")]


def test_links_out_of_the_folder_are_refused_by_name(tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("Secret.")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("The quay.")
    (folder / "same.txt").symlink_to("a.txt")
    (folder / "out.txt").symlink_to(outside)
    (folder / "up.txt").symlink_to("../secret.txt")
    (folder / "dangling.txt").symlink_to("nowhere.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "self").symlink_to("self")
    os.mkfifo(folder / "pipe")
    items = list(read_path(folder, OPTIONS))
    refused = {Path(i.name).name for i in items if isinstance(i, Refusal)}
    assert refused == {"out.txt", "up.txt", "dangling.txt", "loop", "self", "pipe"}
    assert [i.article.text for i in items if isinstance(i, Reading)] == ["The quay.", "The quay."]


def test_names_that_are_no_utf_8_can_be_printed_and_stored(tmp_path: Path) -> None:
    for name in (b"gr\xf6\xdfe.txt", b"gr\xf6\xdfe.zip"):
        (tmp_path / os.fsdecode(name)).write_bytes(
            b"PK\x03\x04" if b"zip" in name else b"The quay."
        )
    reading, refusal = read_path(tmp_path, OPTIONS)
    assert isinstance(reading, Reading)
    assert reading.article.id == "unknown/gr\\xf6\\xdfe.txt#0"
    assert isinstance(refusal, Refusal)
    assert refusal.name.encode().endswith(rb"gr\xf6\xdfe.zip")


def test_what_is_not_there_is_refused_and_the_next_path_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The quay.")
    first, second = read_paths([tmp_path / "gone.txt", tmp_path / "a.txt"], OPTIONS)
    assert first == Refusal(str(tmp_path / "gone.txt"), "there is no such file")
    assert isinstance(second, Reading)


def test_one_bad_file_among_good_ones_is_named_and_the_rest_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "b.txt").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.4 broken")
    (tmp_path / "d.txt").write_text("Two.")
    (tmp_path / "e.txt").write_text("")
    items = list(read_path(tmp_path, OPTIONS))
    assert [type(i) for i in items] == [Reading, Refusal, Refusal, Reading, Refusal]
    assert [Path(i.name).name for i in items if isinstance(i, Refusal)] == [
        "b.txt",
        "c.pdf",
        "e.txt",
    ]


def test_progress_counts_every_byte_and_size_tells_them_before(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress((ROW + b"\n") * 50))
    (tmp_path / "b.txt").write_text("The quay.")
    counted: list[int] = []
    options = ReadOptions(sandbox=False, progress=counted.append)
    assert len(list(read_path(tmp_path, options))) == 51
    total = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert size([tmp_path]) == Size(2, total)
    assert sum(counted) == total


# --- gzip -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (ROW, "a.json.gz"),
        (b"text,id\nThe quay will be rebuilt.,hp-1\n", "a.csv.gz"),
        (b"id: hp-1\ntitle: Quay\n\nThe quay will be rebuilt.", "a.txt.gz"),
        (b"---\nid: hp-1\n---\nThe quay will be rebuilt.", "a.md.gz"),
        (b"Message-ID: hp-1\nSubject: x\n\nThe quay will be rebuilt.", "a.eml.gz"),
    ],
)
def test_each_format_is_read_inside_gzip(data: bytes, name: str) -> None:
    half = len(data) // 2
    packed = gzip.compress(data[:half]) + gzip.compress(data[half:])  # two members
    (item,) = read_bytes(packed, name, OPTIONS)
    assert isinstance(item, Reading), item
    assert (item.article.id, item.article.text.strip()) == ("hp-1", "The quay will be rebuilt.")


def test_a_gzip_bomb_stops_at_the_cap() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    stream = io.BufferedReader(Expanding(io.BytesIO(bomb), always=1_000_000, ratio=100))
    read = 0
    with pytest.raises(UnreadableInput, match="expands to more than"):
        while chunk := stream.read(65536):
            read += len(chunk)
    assert read < max(1_000_000, 100 * len(bomb)) + 65536


def test_a_bomb_as_a_file_is_refused_within_the_document_limit() -> None:
    bomb = gzip.compress(gzip.compress(b"x" * 10_000_000))
    (item,) = read_bytes(bomb, "a.txt.gz", OPTIONS)
    assert isinstance(item, Refusal)
    assert "twice" in item.reason
    options = ReadOptions(sandbox=False, max_bytes=1_000_000)
    (item,) = read_bytes(gzip.compress(b"x" * 10_000_000), "a.txt.gz", options)
    assert isinstance(item, Refusal)


def test_a_cut_gzip_gives_what_came_before_and_says_so() -> None:
    lines = b"".join(ROW.replace(b"hp-1", b"hp-%d" % n) + b"\n" for n in range(4_000))
    packed = gzip.compress(lines)
    items = list(read_bytes(packed[: len(packed) // 2], "a.jsonl.gz", OPTIONS))
    assert isinstance(items[0], Reading)
    assert isinstance(items[-1], Refusal)
    assert "cut short" in items[-1].reason


def test_damaged_gzip_is_refused() -> None:
    packed = bytearray(gzip.compress(ROW * 100))
    packed[20] ^= 0xFF
    items = list(read_bytes(bytes(packed), "a.json.gz", OPTIONS))
    assert isinstance(items[-1], Refusal)


def test_a_document_beyond_the_limit_is_refused() -> None:
    options = ReadOptions(sandbox=False, max_bytes=1000)
    (item,) = read_bytes(b"The quay. " * 200, "a.txt", options)
    assert isinstance(item, Refusal)
    assert "1,000 bytes" in item.reason


# --- any bytes --------------------------------------------------------------------------------

_NAMES = st.sampled_from(
    ["a", "a.txt", "a.json", "a.csv", "a.md", "a.html", "a.eml", "a.xml", "a.gz"]
)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), _NAMES)
def test_any_bytes_under_any_name_are_read_or_refused(data: bytes, name: str) -> None:
    for item in read_bytes(data, name, OPTIONS):
        assert isinstance(item, Reading | Refusal)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), _NAMES)
def test_any_text_under_any_name_is_read_or_refused(text: str, name: str) -> None:
    for item in read_bytes(text.encode("utf-8", "surrogatepass"), name, OPTIONS):
        assert isinstance(item, Reading | Refusal)
