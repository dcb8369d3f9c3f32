"""Untrusted documents: limits of time, memory and power; hostile pages (BAD_INPUTS 41 to 45)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa.errors import UnreadableInput
from qa.reading.article import Fields
from qa.reading.extract import Extract
from qa.reading.formats import ReadOptions, read_bytes
from qa.reading.sandbox import Limits, Sandbox
from qa.types import Reading, Refusal

SECONDS = 5.0


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as shared:
        yield shared


@pytest.fixture(scope="module")
def hasty() -> Iterator[Sandbox]:
    """A sandbox of little patience, for readers that never end."""
    with Sandbox(limits=Limits(seconds=0.5, memory=400 * 1024 * 1024)) as shared:
        yield shared


def run(sandbox: Sandbox, reader: str, data: bytes = b"x") -> list[Extract | Refusal]:
    return list(sandbox.parse(f"sandbox_readers:{reader}", data, "a", {}))


@pytest.mark.parametrize(
    "text", ["plain", "Größe 港口 😀", "\ud800 lone", "\x00\x1b", "x" * 3_000_000]
)
def test_text_and_fields_come_back_exactly(sandbox: Sandbox, text: str) -> None:
    (item,) = run(sandbox, "echo", text.encode("utf-8", "surrogatepass"))
    assert isinstance(item, Extract)
    assert item.text == text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
    assert item.fields == Fields(title="T", place=("Portvale",), methods={"title": "feed"})
    assert item.warnings == ("w",)


def test_articles_before_a_refusal_are_kept(sandbox: Sandbox) -> None:
    items = sandbox.parse("sandbox_readers:refuse", b"", "a", {})
    assert isinstance(next(items), Extract)
    with pytest.raises(UnreadableInput, match="the rest is broken"):
        next(items)


@pytest.mark.parametrize(
    ("reader", "reason"),
    [
        ("fail", "ZeroDivisionError"),
        ("recurse", "nested too deep"),
        ("loop", "took too long"),
        ("spin", "took too long"),
        ("gorge", "memory"),
        ("die", "broke down"),
    ],
)
def test_whatever_a_reader_does_is_a_refusal_and_the_next_is_read(
    hasty: Sandbox, reader: str, reason: str
) -> None:
    start = time.monotonic()
    with pytest.raises(UnreadableInput, match=reason):
        run(hasty, reader)
    (item,) = run(hasty, "echo", b"alive")
    assert isinstance(item, Extract)
    assert item.text == "alive"
    assert time.monotonic() - start < SECONDS


def test_a_reader_can_open_run_and_reach_nothing(sandbox: Sandbox) -> None:
    (item,) = run(sandbox, "powers")
    assert isinstance(item, Extract)
    done, environment = item.text.split(";")
    assert done == ""
    assert environment == "['LC_ALL', 'PYTHONPATH']"
    assert not Path("/tmp/dateline-sandbox").exists()


def test_an_abandoned_document_does_not_leak_into_the_next(sandbox: Sandbox) -> None:
    items = sandbox.parse("sandbox_readers:refuse", b"", "a", {})
    next(items)
    items.close()  # type: ignore[attr-defined]
    (item,) = run(sandbox, "echo", b"mine")
    assert isinstance(item, Extract)
    assert item.text == "mine"


def test_a_slow_taker_does_not_use_up_the_documents_time(hasty: Sandbox) -> None:
    items = hasty.parse("sandbox_readers:several", b"x", "a", {})
    taken = 0
    for item in items:
        assert isinstance(item, Extract)
        taken += 1
        time.sleep(0.3)
    assert taken == 4


def test_threads_share_a_sandbox_each_with_its_own_answer() -> None:
    with Sandbox(size=2) as shared, ThreadPoolExecutor(8) as threads:
        texts = [f"text {n}".encode() for n in range(40)]
        answers = list(threads.map(lambda data: run(shared, "echo", data), texts))
    assert [a[0].text.encode() for a in answers if isinstance(a[0], Extract)] == texts


HOSTILE = {
    "110,000 paragraphs": b"<article>" + b"<p>Some words of text.</p>" * 110_000,
    "100,000 divs": b"<div>" * 100_000 + b"<p>deep</p>",
    "colspan 2^53": b"<p>Text.</p><table><tr><td colspan=9007199254740992>x</td></tr></table>",
    "200,000 attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">x</p>",
    "two million angles": b"<" * 2_000_000,
    "open comments": b"<p>x</p>" + b"<!--" * 500_000,
    "20,000 tables": b"<table><tr><td>" * 20_000,
    "deep JSON-LD": b"<script type='application/ld+json'>" + b"[" * 100_000 + b"</script><p>x</p>",
    "question marks": b"<time datetime='" + b"?" * 20_000 + b"'></time><p>Text.</p>",
}


@pytest.mark.slow
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_are_read_or_refused_in_time(sandbox: Sandbox, body: bytes) -> None:
    data = b"<html><head></head><body>" + body + b"</body></html>"
    start = time.monotonic()
    (item,) = read_bytes(data, "a.html", ReadOptions(parser=sandbox))
    assert isinstance(item, Reading | Refusal)
    assert time.monotonic() - start < SECONDS + 2.0  # two seconds for starting a fresh child


def test_a_page_of_110_000_paragraphs_is_read_whole(sandbox: Sandbox) -> None:
    data = b"<html><body>" + HOSTILE["110,000 paragraphs"] + b"</body></html>"
    (item,) = read_bytes(data, "a.html", ReadOptions(parser=sandbox))
    assert isinstance(item, Reading), item
    assert item.article.text.count("Some words of text.") == 110_000


@pytest.mark.slow
def test_ten_hostile_pages_at_once_leave_the_process_free() -> None:
    page = b"<html><body>" + HOSTILE["200,000 attributes"] + b"</body></html>"
    limits = Limits(seconds=0.5)
    with Sandbox(size=2, limits=limits) as shared, ThreadPoolExecutor(10) as threads:
        options = ReadOptions(parser=shared)
        jobs = [
            threads.submit(lambda: list(read_bytes(page, "a.html", options))) for _ in range(10)
        ]
        late = 0.0
        while not all(job.done() for job in jobs):
            start = time.monotonic()
            time.sleep(0.01)
            late = max(late, time.monotonic() - start)
    assert all(isinstance(job.result()[0], Refusal) for job in jobs)
    assert late < 1.0


def test_a_date_of_20_000_question_marks_is_no_date() -> None:
    row = b'{"text": "The quay.", "published": "' + b"?" * 20_000 + b'"}'
    start = time.monotonic()
    (item,) = read_bytes(row, "a.json", ReadOptions(sandbox=False))
    assert time.monotonic() - start < 0.5
    assert isinstance(item, Reading)
    assert item.article.published.value is None
    assert item.warnings


@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.html", "a.md", "a.eml"])
def test_a_megabyte_without_a_full_stop_is_read(sandbox: Sandbox, name: str) -> None:
    prose = "word " * 200_000
    wrapped = {"a.json": f'{{"text": "{prose}"}}', "a.eml": f"Subject: Quay\n\n{prose}"}
    data = wrapped.get(name, f"<p>{prose}</p>" if name == "a.html" else prose).encode()
    start = time.monotonic()
    (item,) = read_bytes(data, name, ReadOptions(parser=sandbox))
    assert isinstance(item, Reading), item
    assert item.article.text.count("word") == 200_000
    assert time.monotonic() - start < SECONDS
