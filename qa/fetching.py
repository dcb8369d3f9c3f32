"""Feeds over HTTP: off unless asked for, public hosts only, polite, and bounded in every way."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from qa.errors import InvalidRequest, QAError, UnreadableInput
from qa.public_address import AddressBlocked, Resolve, Target, public_addresses, resolve, target_of
from qa.reading.formats import ReadOptions, read_bytes, shared_parser
from qa.types import Reading, Refusal

# Address and port and time-out in seconds to a connected socket.
Connect = Callable[[str, int, float], socket.socket]
# Waits so many seconds; True where it was woken to stop (`threading.Event.wait` does this).
Wait = Callable[[float], bool]

_AGENT = "Dateline/0.1 (feed reader)"
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml, */*;q=.5"
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 64 * 1024
# No feed is asked more often than this, whatever the caller says.
SHORTEST_INTERVAL = 60.0
_LONGEST_INTERVAL = 86_400.0


class TooLarge(UnreadableInput):
    """A document is, or expands to, more bytes than are read from the network."""

    status = 413
    title = "Too large"


class FetchFailed(UnreadableInput):
    """A server could not be reached or answered with an error; a later try may succeed."""

    status = 502
    title = "Fetch failed"
    retryable = True

    def __init__(self, message: str, http_status: int = 0, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.http_status = http_status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """`max_bytes` counts twice: as they come, and expanded. `seconds` is for one whole fetch."""

    max_bytes: int = 16 * 1024 * 1024
    seconds: float = 20.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a feed between two fetches: its address and the server's validators."""

    url: str
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: the document's bytes, or none where it has not changed since `known`."""

    data: bytes | None
    content_type: str
    known: Known


def connect(address: str, port: int, timeout: float) -> socket.socket:
    """A TCP connection to an IP address; no name is looked up."""
    return socket.create_connection((address, port), timeout)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches documents, if `allowed` (QA_FEEDS). Resolver and connection can be replaced."""

    allowed: bool
    limits: FetchLimits = FetchLimits()
    resolve: Resolve = resolve
    connect: Connect = connect
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def fetch(self, known: Known) -> Fetched:
        """The document at `known.url`, if it changed since; every redirect is checked anew.

        Raises InvalidRequest where fetching is off, AddressBlocked for an address that is not a
        public web server's, TooLarge beyond the limit, FetchFailed for anything else.
        """
        if not self.allowed:
            raise InvalidRequest("fetching is off; set QA_FEEDS=1 to allow it", "feed")
        target, permanent = target_of(known.url), True
        for _ in range(self.limits.redirects + 1):
            answer = self._ask(target, known)
            if answer.status not in _REDIRECTS:
                url = target.url if permanent else known.url
                return self._answered(answer, replace(known, url=url))
            location = answer.headers.get("location", "")
            permanent = permanent and answer.status in {301, 308}
            target = _redirected(target, location)
        raise FetchFailed(f"more than {self.limits.redirects} redirects")

    def _ask(self, target: Target, known: Known) -> _Answer:
        addresses = public_addresses(target, self.resolve)
        try:
            raw = self.connect(addresses[0], target.port, self.limits.seconds)
        except OSError as error:
            raise FetchFailed(f"{target.host} cannot be reached: {error}") from None
        stream = _secured(raw, target) if target.scheme == "https" else raw
        # A server that sends a byte now and then never times out by itself.
        ending = threading.Timer(self.limits.seconds, _cut, (stream,))
        ending.daemon = True
        ending.start()
        try:
            return _exchange(stream, target, known, self.limits.max_bytes)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchFailed(
                f"{target.host} broke off, or took over {self.limits.seconds:g} s: "
                f"{type(error).__name__}"
            ) from None
        finally:
            ending.cancel()
            stream.close()

    def _answered(self, answer: _Answer, known: Known) -> Fetched:
        kind = answer.headers.get("content-type", "")
        if answer.status == 304:
            return Fetched(None, kind, known)
        if answer.status != 200:
            raise FetchFailed(
                f"the server answered {answer.status}",
                answer.status,
                _retry_after(answer.headers.get("retry-after", ""), self.now()),
            )
        known = replace(
            known,
            etag=_one_line(answer.headers.get("etag", "")),
            modified=_one_line(answer.headers.get("last-modified", "")),
        )
        encoding = answer.headers.get("content-encoding", "")
        return Fetched(_expanded(answer.body, encoding, self.limits.max_bytes), kind, known)


def follow_feed(
    url: str, fetcher: Fetcher, wait: Wait, interval: float = 900.0
) -> Iterator[Fetched | QAError]:
    """The feed each time that it changed, until `wait` says stop or the feed is gone (410).

    A failure is given, not raised, and makes the next pause twice as long; Retry-After is kept.
    Raises what `Fetcher.fetch` raises for an address that must not be fetched.
    """
    known, pause = Known(url), max(interval, SHORTEST_INTERVAL)
    failures = 0
    while True:
        least = 0.0
        try:
            fetched = fetcher.fetch(known)
            known, failures = fetched.known, 0
            if fetched.data is not None:
                yield fetched
        except (AddressBlocked, InvalidRequest):
            raise
        except UnreadableInput as error:
            failures += 1
            yield error
            if isinstance(error, FetchFailed):
                if error.http_status == http.client.GONE:
                    return
                least = error.retry_after
        if wait(min(max(pause * 2 ** min(failures, 10), least), _LONGEST_INTERVAL)):
            return


def poll(
    url: str, fetcher: Fetcher, options: ReadOptions, wait: Wait, interval: float = 900.0
) -> Iterator[list[Reading | Refusal]]:
    """The feed's articles each time that it changed; a failed fetch is a refusal of the URL."""
    with shared_parser(options) as shared:
        for fetched in follow_feed(url, fetcher, wait, interval):
            if isinstance(fetched, QAError):
                yield [Refusal(url, str(fetched))]
            elif fetched.data is not None:
                yield list(read_bytes(fetched.data, url, shared))


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def _secured(raw: socket.socket, target: Target) -> ssl.SSLSocket:
    """The connection under TLS, its certificate to be checked against the name, not the address."""
    context = ssl.create_default_context()
    name = target.host.strip("[]")
    return context.wrap_socket(raw, server_hostname=name, do_handshake_on_connect=False)


def _exchange(stream: socket.socket, target: Target, known: Known, most: int) -> _Answer:
    """One request on a connected socket, and the whole answer, still compressed."""
    if isinstance(stream, ssl.SSLSocket):
        stream.do_handshake()
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = stream
    try:
        connection.request("GET", target.path, headers=_request_headers(target, known))
        with connection.getresponse() as response:
            headers = {key.lower(): value for key, value in response.getheaders()}
            wanted = response.status == http.client.OK
            return _Answer(response.status, headers, _body(response, most) if wanted else b"")
    finally:
        connection.close()


def _request_headers(target: Target, known: Known) -> dict[str, str]:
    default = {"http": 80, "https": 443}[target.scheme]
    headers = {
        "Host": target.host if target.port == default else f"{target.host}:{target.port}",
        "User-Agent": _AGENT,
        "Accept": _ACCEPT,
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.modified:
        headers["If-Modified-Since"] = known.modified
    return headers


def _body(response: http.client.HTTPResponse, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := response.read(_CHUNK):
        size += len(chunk)
        if size > most:
            raise TooLarge(f"the answer is longer than {most:,} bytes")
        parts.append(chunk)
    return b"".join(parts)


def _expanded(body: bytes, encoding: str, most: int) -> bytes:
    """The body without its compression. Only gzip is asked for, so only gzip is expanded."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return body
    if encoding not in {"gzip", "x-gzip"}:
        raise FetchFailed(f"the server compressed its answer with {encoding[:20]!r}, not gzip")
    expander = zlib.decompressobj(wbits=31)
    try:
        data = expander.decompress(body, most + 1)
    except zlib.error:
        raise FetchFailed("the server's gzip data are damaged") from None
    if len(data) > most:
        raise TooLarge(f"the answer expands to more than {most:,} bytes")
    if not expander.eof:
        raise FetchFailed("the server's gzip data are cut short")
    return data


def _redirected(target: Target, location: str) -> Target:
    if not location:
        raise FetchFailed("the server redirects to nowhere")
    new = target_of(urljoin(target.url, location))
    if target.scheme == "https" and new.scheme != "https":
        raise AddressBlocked("the server redirects from https to http")
    return new


def _retry_after(value: str, now: datetime) -> float:
    """Seconds that the server asks to wait, given as a number or as a date."""
    if value.strip().isdigit():
        return float(value.strip()[:6])
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def _one_line(value: str) -> str:
    """A validator fit to be sent back in a header."""
    return value if value.isprintable() and len(value) <= 500 else ""


def _cut(stream: socket.socket) -> None:
    try:
        stream.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # closed already
