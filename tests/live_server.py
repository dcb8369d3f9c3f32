"""A real server on a free port, and requests that no HTTP client would send."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn


@contextmanager
def serving(app: Any) -> Iterator[tuple[str, int]]:
    """Host and port of `app`, served by uvicorn on a thread for as long as the block lasts."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, timeout_graceful_shutdown=1, ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
        assert not thread.is_alive()


def exchange(address: tuple[str, int], raw: bytes, timeout: float = 5) -> bytes:
    """Everything that the server answers to these bytes until it closes or goes quiet."""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(raw)
        return received(connection)


def received(connection: socket.socket) -> bytes:
    """Everything that comes until the other side closes or goes quiet for a moment."""
    answer = b""
    connection.settimeout(1.5)
    try:
        while chunk := connection.recv(65536):
            answer += chunk
    except (TimeoutError, ConnectionResetError):
        pass
    return answer


def status_of(answer: bytes) -> int:
    """The status of a raw answer; 0 where there is none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0
