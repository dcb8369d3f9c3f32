"""Feeds over the network: off unless asked, public hosts only, bounded, polite (BAD_INPUTS 31-37).

No test leaves this machine: names resolve to made-up public addresses, and the connection to
such an address is led to a server of the test's own.
"""

from __future__ import annotations

import gzip
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import InvalidRequest, QAError
from qa.fetching import (
    Fetched,
    Fetcher,
    FetchFailed,
    FetchLimits,
    Known,
    TooLarge,
    follow_feed,
    poll,
)
from qa.public_address import AddressBlocked, is_public, public_addresses, target_of
from qa.reading.formats import ReadOptions
from qa.types import Reading, Refusal

PUBLIC = "93.184.215.14"
NOW = datetime(2021, 3, 5, 9, 0, tzinfo=UTC)
RSS = (
    b"<rss><channel><title>P</title><item><title>Quay</title><link>https://x.example/1</link>"
    b"<description>The quay.</description></item></channel></rss>"
)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers from a table of path to (status, headers, body); keeps what it was asked."""

    answers: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {}
    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        status, headers, body = self.answers.get(self.path, (404, {}, b""))
        if headers.get("ETag") and headers["ETag"] == self.headers.get("If-None-Match"):
            status, body = 304, b""
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server() -> Iterator[Callable[[str, int, float], socket.socket]]:
    """A connection function that leads every address to a local server."""
    Handler.answers, Handler.asked = {}, []  # type: ignore[misc]
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()

    def connect(address: str, port: int, timeout: float) -> socket.socket:
        assert address == PUBLIC, "connected to an address that was not checked"
        return socket.create_connection(served.server_address[:2], timeout)

    yield connect
    served.shutdown()
    served.server_close()
    thread.join()


def fetcher(connect: Any, **options: Any) -> Fetcher:
    resolve = options.pop("resolve", lambda host, port: [PUBLIC])
    return Fetcher(True, resolve=resolve, connect=connect, now=lambda: NOW, **options)


def never(*_: Any) -> Any:
    raise AssertionError("the network was used")


# --- addresses --------------------------------------------------------------------------------


def test_fetching_is_off_unless_it_was_asked_for() -> None:
    with pytest.raises(InvalidRequest, match="QA_FEEDS=1"):
        Fetcher(False, resolve=never, connect=never).fetch(Known("https://x.example/"))


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "gopher://x.example/", "data:text/html,x", "ftp://x.example/"),
        *("javascript:alert(1)", "//x.example/", "x.example", "", "http:", "http://", "http:///x"),
        *("http://localhost/", "http://LOCALHOST:80/", "http://a.localhost/", "http://intranet/"),
        *("http://printer.local/", "http://db.internal/", "http://[::1]/", "http://[::]/"),
        *("http://127.0.0.1/", "http://127.0.0.1:8000/", "http://169.254.169.254/latest/"),
        *("http://10.0.0.1/", "http://172.16.3.4/", "http://192.168.1.1/", "http://0.0.0.0/"),
        *(
            "http://100.64.0.1/",
            "http://198.18.0.1/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
        ),
        *("http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/"),
        *("http://0x7f.0.0.1/", "http://127.0.0.1./", "http://0127.0.0.1/", "http://1.2.3.256/"),
        *("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[fe80::1]/"),
        *("http://[fc00::1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/"),
        *("http://[2001:0:7f00:1::80ff:fffe]/", "http://[::127.0.0.1]/", "http://[ff02::1]/"),
        *("http://[fe80::1%25eth0]/", "http://[v1.x]/", "http://[::1/", "http://::1/"),
    ],
)
def test_private_addresses_and_other_schemes_are_blocked_in_every_notation(url: str) -> None:
    with pytest.raises(AddressBlocked) as blocked:
        public_addresses(target_of(url), lambda host, port: ["127.0.0.1"])
    assert blocked.value.status == 422
    assert blocked.value.field == "url"


@pytest.mark.parametrize(
    "url",
    [
        *("http://x.example@127.0.0.1/", "http://user:pass@x.example/", "http://x.example\\@y/"),
        *("http://x.example\t/", "http://x.exa\nmple/", " http://x.example/", "http://x.example /"),
        *(
            "http://x.example%2f@y/",
            "http://x%2eexample/",
            "http://x.example:80:81/",
            "http://é.example/",
        ),
        *(
            "http://x.example:/",
            "http://x.example:0/",
            "http://x.example:22/",
            "http://x.example:99999/",
        ),
        *(
            "http://x..example/",
            "http://.example/",
            "http://-/",
            "http://x.example/\\..\\",
            "http:/x.example/",
        ),
        *(
            "http://１２７.0.0.1/",
            "http://x.example/\x00",
            "http://" + "a" * 3000,
            "http://a_b.example/",
        ),
    ],
)
def test_urls_that_two_parsers_read_differently_are_blocked(url: str) -> None:
    with pytest.raises(AddressBlocked):
        target_of(url)


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://x.example", "x.example", 80, "/"),
        ("HTTPS://X.Example/a?b=c#d", "x.example", 443, "/a?b=c"),
        ("https://x.example:8443/feed.xml", "x.example", 8443, "/feed.xml"),
        ("https://xn--caf-dma.example/%C3%A9", "xn--caf-dma.example", 443, "/%C3%A9"),
        (f"http://{PUBLIC}/", PUBLIC, 80, "/"),
        ("http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", None, 80, "/"),
    ],
)
def test_ordinary_addresses_pass(url: str, host: str | None, port: int, path: str) -> None:
    target = target_of(url)
    assert (target.port, target.path) == (port, path)
    assert host is None or target.host == host


def test_one_private_address_among_public_ones_blocks_the_host() -> None:
    with pytest.raises(AddressBlocked):
        public_addresses(target_of("http://x.example/"), lambda *_: [PUBLIC, "10.0.0.1"])


@given(st.ip_addresses())
def test_an_address_is_public_only_if_the_registry_says_so(address: Any) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert not address.is_private and not address.is_loopback and not address.is_link_local


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_blocked(text: str) -> None:
    for url in (text, "http://" + text, "https://x.example/" + text):
        try:
            target = target_of(url)
        except AddressBlocked:
            continue
        assert target_of(target.url) == target


# --- fetching ---------------------------------------------------------------------------------


def test_the_name_is_looked_up_once_and_the_checked_address_connected_to(server: Any) -> None:
    lookups: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        lookups.append(host)
        return [PUBLIC] if len(lookups) == 1 else ["127.0.0.1"]

    Handler.answers["/feed"] = (200, {"Content-Type": "text/xml"}, RSS)
    fetched = fetcher(server, resolve=rebinding).fetch(Known("http://x.example/feed"))
    assert fetched.data == RSS
    assert lookups == ["x.example"]
    assert Handler.asked[0][1]["host"] == "x.example"


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "file:///etc/passwd",
        "//169.254.169.254/",
        "http://10.1/",
    ],
)
def test_a_redirect_to_a_private_address_is_blocked(server: Any, location: str) -> None:
    Handler.answers["/feed"] = (302, {"Location": location}, b"")
    with pytest.raises(AddressBlocked):
        fetcher(server).fetch(Known("http://x.example/feed"))
    assert [path for path, _ in Handler.asked] == ["/feed"]


def test_a_redirect_to_a_name_that_became_private_is_blocked(server: Any) -> None:
    Handler.answers["/feed"] = (302, {"Location": "http://evil.example/"}, b"")
    names = {"x.example": [PUBLIC], "evil.example": ["192.168.0.1"]}
    with pytest.raises(AddressBlocked):
        fetcher(server, resolve=lambda host, _: names[host]).fetch(Known("http://x.example/feed"))


def test_redirects_are_followed_a_few_times_and_permanent_ones_remembered(server: Any) -> None:
    Handler.answers["/a"] = (301, {"Location": "/b"}, b"")
    Handler.answers["/b"] = (308, {"Location": "http://y.example/c"}, b"")
    Handler.answers["/c"] = (200, {}, RSS)
    Handler.answers["/loop"] = (302, {"Location": "/loop"}, b"")
    assert fetcher(server).fetch(Known("http://x.example/a")).known.url == "http://y.example/c"
    Handler.answers["/a"] = (302, {"Location": "/c"}, b"")
    assert fetcher(server).fetch(Known("http://x.example/a")).known.url == "http://x.example/a"
    with pytest.raises(FetchFailed, match="redirects"):
        fetcher(server).fetch(Known("http://x.example/loop"))


def test_bombs_and_long_answers_stop_at_the_cap_with_413(server: Any) -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)
    assert len(bomb) < 100_000
    Handler.answers["/bomb"] = (200, {"Content-Encoding": "gzip"}, bomb)
    Handler.answers["/long"] = (200, {}, b"x" * 300_000)
    small = fetcher(server, limits=FetchLimits(max_bytes=100_000))
    for path in ("/bomb", "/long"):
        with pytest.raises(TooLarge) as refused:
            small.fetch(Known(f"http://x.example{path}"))
        assert refused.value.status == 413


@pytest.mark.parametrize("encoding", ["br", "deflate, gzip", "zstd", "x" * 500])
def test_a_compression_that_was_not_asked_for_is_never_expanded(server: Any, encoding: str) -> None:
    Handler.answers["/feed"] = (200, {"Content-Encoding": encoding}, b"\x00\x01\x02")
    with pytest.raises(FetchFailed, match="not gzip"):
        fetcher(server).fetch(Known("http://x.example/feed"))
    assert Handler.asked[0][1]["accept-encoding"] == "gzip"


@pytest.mark.parametrize("body", [b"no gzip", gzip.compress(RSS)[:-9], b""])
def test_damaged_compression_is_a_failure(server: Any, body: bytes) -> None:
    Handler.answers["/feed"] = (200, {"Content-Encoding": "gzip"}, body)
    with pytest.raises(FetchFailed):
        fetcher(server).fetch(Known("http://x.example/feed"))


def test_validators_are_sent_back_and_an_unchanged_feed_is_no_news(server: Any) -> None:
    headers = {"ETag": '"v1"', "Last-Modified": "Fri, 05 Mar 2021 08:00:00 GMT"}
    Handler.answers["/feed"] = (200, headers, RSS)
    first = fetcher(server).fetch(Known("http://x.example/feed"))
    second = fetcher(server).fetch(first.known)
    assert (first.data, second.data) == (RSS, None)
    asked = Handler.asked[1][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == tuple(headers.values())


def test_a_server_that_drips_is_cut_off() -> None:
    ours, theirs = socket.socketpair()

    def drip() -> None:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000:
                theirs.send(bytes([byte]))
                time.sleep(0.05)
        except OSError:
            return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    start = time.monotonic()
    slow = fetcher(lambda *_: ours, limits=FetchLimits(seconds=0.5))
    with pytest.raises(FetchFailed):
        slow.fetch(Known("http://x.example/feed"))
    assert time.monotonic() - start < 3
    theirs.close()
    thread.join()


def test_a_certificate_that_does_not_fit_the_name_is_refused(server: Any) -> None:
    with pytest.raises(FetchFailed):
        fetcher(server).fetch(Known("https://x.example/feed"))


@pytest.mark.parametrize("answer", [b"", b"no http\r\n\r\n", b"HTTP/1.1 2xx\r\n\r\n", b"\xff" * 99])
def test_what_is_no_http_is_a_failure(answer: bytes) -> None:
    ours, theirs = socket.socketpair()
    theirs.sendall(answer)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(FetchFailed):
        fetcher(lambda *_: ours).fetch(Known("http://x.example/feed"))
    theirs.close()


# --- polling ----------------------------------------------------------------------------------


class Pauses:
    """Waits no time, keeps the seconds asked for, and stops after `most` of them."""

    def __init__(self, most: int) -> None:
        self.seconds: list[float] = []
        self._most = most

    def __call__(self, seconds: float) -> bool:
        self.seconds.append(seconds)
        return len(self.seconds) >= self._most


def test_a_feed_is_read_when_it_changed_and_never_asked_more_than_once_a_minute(
    server: Any,
) -> None:
    Handler.answers["/feed"] = (200, {"ETag": '"1"', "Content-Type": "text/xml"}, RSS)
    pauses = Pauses(3)
    options = ReadOptions(sandbox=False)
    batches = list(poll("http://x.example/feed", fetcher(server), options, pauses, interval=1))
    assert len(batches) == 1
    assert isinstance(batches[0][0], Reading)
    assert batches[0][0].article.url == "https://x.example/1"
    assert pauses.seconds == [60, 60, 60]


def test_failures_are_told_and_make_the_pauses_longer(server: Any) -> None:
    Handler.answers["/feed"] = (503, {}, b"")
    pauses = Pauses(4)
    options = ReadOptions(sandbox=False)
    batches = list(poll("http://x.example/feed", fetcher(server), options, pauses, interval=100))
    assert batches[0] == [Refusal("http://x.example/feed", "the server answered 503")]
    assert pauses.seconds == [200, 400, 800, 1600]


@pytest.mark.parametrize(
    ("value", "pause"),
    [("3600", 3600), ("Fri, 05 Mar 2021 10:00:00 GMT", 3600), ("soon", 200), ("9" * 30, 86_400)],
)
def test_retry_after_is_kept(server: Any, value: str, pause: float) -> None:
    Handler.answers["/feed"] = (429, {"Retry-After": value}, b"")
    pauses = Pauses(1)
    list(follow_feed("http://x.example/feed", fetcher(server), pauses, interval=100))
    assert pauses.seconds == [pause]


def test_a_feed_that_is_gone_is_not_asked_again(server: Any) -> None:
    Handler.answers["/feed"] = (410, {}, b"")
    pauses = Pauses(5)
    told: list[Fetched | QAError] = list(
        follow_feed("http://x.example/feed", fetcher(server), pauses)
    )
    assert len(told) == 1
    assert pauses.seconds == []
