"""`serve` as a process: it tells its address, answers, and stops at once when it is told to."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from qa.api.serving import address, serve
from qa.errors import SettingsError
from qa.settings import Settings

# The real server over a fake archive: what is told here is how the process behaves.
PROGRAM = """


from fake_archive import FakeArchive
from qa.api import serving
from qa.settings import Settings
class Archive(FakeArchive):
    @classmethod
    def open(cls, *_, **__):
        return cls()
    def close(self):
        print("closed", flush=True)
serving.Archive = Archive
serving.open_embedder = lambda *_, **__: None
serving.serve(Settings(port=0), lambda line: print(line, flush=True))
"""


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=Path(__file__).parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield started
    started.kill()
    started.communicate()


def test_it_tells_its_address_and_answers_there(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    said = process.stdout.readline()
    assert "4 articles" in said
    url = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert url is not None
    assert httpx.get(f"{url[0]}/readyz").json() == {"status": "ready"}
    answer = httpx.get(f"{url[0]}/v1/ask", params={"q": "ferry passengers ashore"})
    assert answer.json()["answer"]["text"] == "214"


def test_a_kept_connection_does_not_wait_for_acknowledgements(
    process: subprocess.Popen[str],
) -> None:
    assert process.stdout is not None
    times = []
    with httpx.Client(base_url=process.stdout.readline().split()[-4]) as client:
        for _ in range(20):
            started = time.perf_counter()
            client.get("/livez")
            times.append(time.perf_counter() - started)
    assert sorted(times)[10] < 0.03  # 40 ms each where small packets are held back


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_within_two_seconds_and_closes_its_archive(
    process: subprocess.Popen[str], told: signal.Signals
) -> None:
    assert process.stdout is not None
    url = process.stdout.readline().split()[-4]
    with httpx.Client(base_url=url) as client:  # an idle connection does not hold it up
        client.get("/livez")
        started = time.monotonic()
        process.send_signal(told)
        out, err = process.communicate(timeout=10)
        assert time.monotonic() - started < 2
    assert process.returncode == 0
    assert out == "closed\n"
    assert "Traceback" not in err


def test_a_taken_address_is_an_error_that_names_it_and_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"127\.0\.0\.1:{port} .*QA_PORT"):
            serve(Settings(port=port))


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("news.example", "http://news.example:8000"),
    ],
)
def test_the_address_is_one_that_a_browser_here_can_open(host: str, shown: str) -> None:
    assert address(Settings(host=host)) == shown
