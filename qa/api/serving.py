"""`qa serve`: the port is bound first, the archive opened behind it, and Ctrl-C ends it cleanly."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn

from qa.api.app import assemble
from qa.api.envelope import escaped
from qa.api.service import Service
from qa.archive import Archive
from qa.embedder import open_embedder
from qa.errors import QAError, SettingsError
from qa.settings import Settings

log = logging.getLogger(__name__)

GRACE = 5  # seconds that requests in flight get when the server is told to stop


def serve(settings: Settings, say: Callable[[str], None] = print) -> None:
    """Serve the archive in `settings.index` until interrupted; `say` tells the address.

    Raises SettingsError where the address cannot be listened on, and what `Archive.open` raises.
    """
    _log_to_stderr()
    listener = _listening(settings)
    settings = settings.with_(port=listener.getsockname()[1])
    service = Service(settings)
    config = uvicorn.Config(
        assemble(service),
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=32 * 1024,
        ws="none",
    )
    server = _Server(config, service)
    loading = _Loading(service, server, say)
    loading.start()
    try:
        server.run(sockets=[listener])
    finally:
        service.close()
        loading.join()
        if loading.archive is not None:
            loading.archive.close()
    if loading.error is not None:
        raise loading.error


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(
            f"{settings.host}:{settings.port} cannot be listened on ({error.strerror}); "
            "choose another address with QA_HOST or QA_PORT."
        ) from None
    # asyncio sets this only on sockets made with an explicit protocol; without it, head and body
    # of an answer on a kept connection are 40 ms apart (Nagle against delayed acknowledgement).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class _Server(uvicorn.Server):
    """uvicorn's server, not ready from the moment that it is told to stop.

    It does not raise the signal again afterwards, so that `serve` returns and closes the archive.
    """

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._service.draining = True
        self.force_exit = self.should_exit and sig == signal.SIGINT  # the second Ctrl-C
        self.should_exit = True


class _Loading(threading.Thread):
    """Opens the archive beside the server, so that `/livez` answers from the first moment."""

    def __init__(self, service: Service, server: _Server, say: Callable[[str], None]) -> None:
        super().__init__(name="loading", daemon=True)
        self._service, self._server, self._say = service, server, say
        self.archive: Archive | None = None
        self.error: QAError | None = None

    def run(self) -> None:
        settings = self._service.settings
        try:
            embedder = open_embedder(settings.model, cache=settings.cache, threads=settings.threads)
            self.archive = Archive.open(settings.index, settings=settings, embedder=embedder)
        except QAError as error:
            self.error = error
            self._server.should_exit = True
            return
        self._service.loaded(
            self.archive,
            lambda: Archive.open(
                settings.index, settings=settings, embedder=embedder, writing=True
            ),
        )
        articles = self.archive.snapshot().article_count
        self._say(
            f"Dateline answers from {articles:,} articles at {address(settings)}  (Ctrl-C stops it)"
        )


def address(settings: Settings) -> str:
    """Where a browser on this machine finds the server."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


class _OneLine(logging.Formatter):
    """Log lines in which nothing that a caller sent can break the line or colour a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(escaped(line) for line in super().format(record).split("\n"))


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for noisy in ("uvicorn.error", "mcp", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
