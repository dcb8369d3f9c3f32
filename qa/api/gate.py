"""Everything that is decided before a body is read: host, origin, key, length, type.

One pure ASGI middleware in front of every door. What it refuses is answered at once and the
connection is closed, so that 200 MB that no one asked for are neither kept nor parsed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import unquote_to_bytes, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.keys import Keys
from qa.api.problems import Problem, Refused, request_id_of
from qa.api.strict import check_query
from qa.settings import LOOPBACK, Settings

MAX_QUESTION_BODY = 64 * 1024  # bytes; a question with a hundred source names has 40 KB
MAX_MCP_BODY = 1024 * 1024
MAX_QUERY = 16 * 1024  # bytes of a query string
LINGER = 1.0  # seconds in which what a refused client still sends is thrown away
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?")
_BODY_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Gate:
    """Refuses a request by its head, then counts the bytes of its body as they come."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._keys = Keys(settings)
        self._max_body = settings.max_body
        self._hosts = _own_hosts(settings) if settings.local_only else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self._limit(scope["path"])
        problem = (
            self._wrong_address(scope, headers)
            or self._not_allowed(scope, headers)
            or _wrong_body(scope, headers, limit)
        )
        if problem is not None:
            await _refuse(problem, scope, receive, send, headers)
            return
        await self.app(scope, _counted(receive, limit), send)

    def _wrong_address(self, scope: Scope, headers: Headers) -> Problem | None:
        host = _HOST.fullmatch(headers.get("host", ""))
        if host is None:
            return _bad_request("The Host header is missing or malformed.")
        # A page elsewhere may point its own name at 127.0.0.1 and read what lies there.
        if self._hosts is not None and host["name"].lower() not in self._hosts:
            return Problem(
                421, "Misdirected request", "This server listens on this machine only, by its name."
            )
        if len(scope["query_string"]) > MAX_QUERY:
            return Problem(414, "URI too long", f"A query string has at most {MAX_QUERY:,} bytes.")
        try:
            unquote_to_bytes(scope.get("raw_path", b"")).decode("utf-8")
            check_query(scope["query_string"])
        except UnicodeDecodeError:
            return _bad_request("The path is not valid UTF-8.")
        except Refused as refused:
            return refused.problem
        return None

    def _not_allowed(self, scope: Scope, headers: Headers) -> Problem | None:
        if scope["path"] == "/mcp" and self._foreign_origin(headers):
            return Problem(403, "Forbidden", "Another site's page may not speak MCP here.")
        if not _writes(scope):
            return None
        if _cross_site(headers):
            return Problem(403, "Forbidden", "Another site's page may not write here.")
        return self._keys.refusal(
            value for name, value in scope["headers"] if name == b"authorization"
        )

    def _foreign_origin(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return False
        try:
            where = urlsplit(origin)
        except ValueError:
            return True
        own = self._hosts is not None and where.hostname in self._hosts
        return not own and where.netloc != headers.get("host")

    def _limit(self, path: str) -> int:
        if path.startswith("/v1/articles"):
            return self._max_body
        return min(self._max_body, MAX_MCP_BODY if path == "/mcp" else MAX_QUESTION_BODY)


def _own_hosts(settings: Settings) -> frozenset[str]:
    public = urlsplit(settings.public_url).hostname
    return LOOPBACK | {"[::1]"} | ({public} if public else frozenset())


def _writes(scope: Scope) -> bool:
    path: str = scope["path"]
    return scope["method"] in _BODY_METHODS and (
        path == "/v1/articles" or path.startswith("/v1/articles/")
    )


def _cross_site(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that another site's page made this request."""
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return True
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


def _wrong_body(scope: Scope, headers: Headers, limit: int) -> Problem | None:
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit():
        return _bad_request("The Content-Length header is malformed.")
    if len(length) > 15 or int(length) > limit:
        return _too_large(limit)
    if scope["method"] == "POST" and scope["path"].startswith(("/v1/", "/mcp")):
        if headers.get("content-encoding", "identity").lower() != "identity":
            return _unsupported("Send the body without a Content-Encoding.")
        kind, _, charset = headers.get("content-type", "").lower().partition(";")
        if kind.strip() != "application/json":
            return _unsupported("Send the body as application/json.")
        if charset.strip().replace('"', "") not in ("", "charset=utf-8", "charset=us-ascii"):
            return _unsupported("JSON must be UTF-8.")
    return None


def _counted(receive: Receive, limit: int) -> Receive:
    """`receive` that raises Refused (413) as soon as more than `limit` bytes have come."""
    count = 0

    async def counting() -> Message:
        nonlocal count
        message = await receive()
        if message["type"] == "http.request":
            count += len(message.get("body", b""))
            if count > limit:
                raise Refused(_too_large(limit))
        return message

    return counting


async def _refuse(
    problem: Problem, scope: Scope, receive: Receive, send: Send, headers: Headers
) -> None:
    """Answer first, then read and drop for a moment: a client that is still sending would
    otherwise meet a reset connection and never see the answer."""
    response = problem.response(request_id_of(scope))
    has_body = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
    if has_body:
        response.headers["Connection"] = "close"
    head = {
        "type": "http.response.start",
        "status": problem.status,
        "headers": response.raw_headers,
    }
    await send(head)
    await send({"type": "http.response.body", "body": response.body, "more_body": has_body})
    if has_body:
        if "expect" not in headers:  # such a client waits to be told to send
            with suppress(TimeoutError):
                await asyncio.wait_for(_drained(receive), LINGER)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _drained(receive: Receive) -> None:
    while (message := await receive())["type"] == "http.request" and message.get("more_body"):
        pass


def _bad_request(detail: str) -> Problem:
    return Problem(400, "Bad request", detail)


def _unsupported(detail: str) -> Problem:
    return Problem(415, "Unsupported media type", detail)


def _too_large(limit: int) -> Problem:
    return Problem(
        413,
        "Content too large",
        f"The body is over the limit of {limit:,} bytes.",
        headers={"Connection": "close"},
    )
