"""The MCP door, opened when the first request for it comes.

The `mcp` package takes as long to import as everything else together, so a server that no chatbot
asks is ready twice as fast without it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from qa.api.gate import MAX_MCP_BODY
from qa.api.service import Service

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

log = logging.getLogger(__name__)


class LateMcp:
    """An ASGI application, served while `run` is entered.

    Where the door cannot be opened, every request for it raises the reason, and leaving `run` too.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._wanted = asyncio.Event()
        self._opened: asyncio.Future[ASGIApp] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._opened is None:
            raise RuntimeError("the lifespan of the application has not begun")
        self._wanted.set()
        door = await asyncio.shield(self._opened)
        await door(scope, receive, send)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Be ready to open the door; close it on leaving."""
        self._opened = asyncio.get_running_loop().create_future()
        closing = asyncio.Event()
        serving = asyncio.create_task(self._serve(self._opened, closing))
        try:
            yield
        finally:
            closing.set()
            self._wanted.set()
            await serving

    async def _serve(self, opened: asyncio.Future[ASGIApp], closing: asyncio.Event) -> None:
        await self._wanted.wait()
        if closing.is_set():
            return
        try:
            door, sessions = await asyncio.to_thread(self._made)
        except Exception as error:
            log.exception("the MCP door cannot be opened")
            opened.set_exception(error)
            raise
        async with sessions.run():
            opened.set_result(door)
            await closing.wait()

    def _made(self) -> tuple[ASGIApp, StreamableHTTPSessionManager]:
        from qa import mcp

        service = self._service
        server = mcp.create_server(service, service.clock, service.settings.public_url)
        route, sessions = mcp.http_transport(server, MAX_MCP_BODY)
        return route.app, sessions
