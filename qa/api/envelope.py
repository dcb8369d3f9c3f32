"""What every response carries, whichever door it comes from: an id, safe headers, one log line."""

from __future__ import annotations

import logging
import time
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.metrics import Metrics
from qa.api.problems import INTERNAL, new_request_id

log = logging.getLogger(__name__)

# The pages have one stylesheet of their own, no script, and are shown in no one's frame.
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_PROBES = frozenset({"/livez", "/readyz", "/metrics"})  # asked every few seconds
_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Envelope:
    """The outermost middleware: also the last place where an error can become an answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; nothing is raised but a cancellation."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = new_request_id()
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def sealed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _seal(MutableHeaders(scope=message), request_id)
            await send(message)

        try:
            await self.app(scope, receive, sealed)
        except Exception:
            log.exception("request %s failed", request_id)
            if not status:
                await INTERNAL.response(request_id)(scope, receive, sealed)
        finally:
            seconds = time.perf_counter() - started
            self._metrics.request(_method(scope), _route(scope), status, seconds)
            log.log(
                logging.DEBUG if scope["path"] in _PROBES else logging.INFO,
                "%s %s %s %.0f ms %s",
                _method(scope),
                escaped(scope["path"]),
                status,
                seconds * 1000,
                request_id,
            )


def escaped(text: str) -> str:
    """`text` on one line, with nothing in it that a terminal obeys."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _seal(headers: MutableHeaders, request_id: str) -> None:
    headers["X-Request-ID"] = request_id
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-cache")


def _method(scope: Scope) -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return scope["method"] if scope["method"] in known else "OTHER"


def _route(scope: Scope) -> str:
    """The template that matched, so that no caller can make up labels."""
    route: Any = scope.get("route")
    return getattr(route, "path", None) or ("/mcp" if scope["path"] == "/mcp" else "none")
